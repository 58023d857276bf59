/* Which system calls a confined process may not make: seccomp filters in
   classic BPF, see Linux Documentation/userspace-api/seccomp_filter.rst. What
   is refused fails with EPERM, so that a simulator can go on. */
#include "exec/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
enum { ARCH_KNOWN = 1 };
static const unsigned arch = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
enum { ARCH_KNOWN = 1 };
static const unsigned arch = AUDIT_ARCH_AARCH64;
#else
enum { ARCH_KNOWN = 0 };
static const unsigned arch;
#endif

/* Other worlds: the network, other processes, the machine. */
static const int outside[] = {
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_tkill,
    SYS_rt_sigqueueinfo,
    SYS_rt_tgsigqueueinfo,
    SYS_pidfd_open,
    SYS_pidfd_send_signal,
    SYS_pidfd_getfd,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_io_uring_setup,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_setns,
    SYS_unshare,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_acct,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_open_by_handle_at,
    SYS_setpriority,
    SYS_sched_setaffinity,
    SYS_shmget,
    SYS_msgget,
    SYS_semget,
    SYS_mq_open,
    SYS_inotify_init1,
    SYS_fanotify_init,
    SYS_truncate, /* old Landlocks don't know it */
};
static const int programs[] = {SYS_execve, SYS_execveat, SYS_memfd_create};
static const int changes[] = {
    SYS_openat2,     SYS_unlinkat,     SYS_renameat,     SYS_renameat2,
    SYS_mkdirat,     SYS_linkat,       SYS_symlinkat,    SYS_mknodat,
    SYS_fchmod,      SYS_fchmodat,     SYS_fchown,       SYS_fchownat,
    SYS_utimensat,   SYS_setxattr,     SYS_lsetxattr,    SYS_fsetxattr,
    SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr,
#ifdef SYS_open /* calls that only old machines have */
    SYS_creat,       SYS_unlink,       SYS_rename,       SYS_mkdir,
    SYS_rmdir,       SYS_link,         SYS_symlink,      SYS_mknod,
    SYS_chmod,       SYS_chown,        SYS_lchown,       SYS_utime,
    SYS_utimes,      SYS_futimesat,
#endif
};
static const int copies[] = {
    SYS_clone,
#ifdef SYS_fork
    SYS_fork,
    SYS_vfork,
#endif
};

/* An argument of a call that must not have these bits. */
static const struct flags {
    int      call, argument;
    unsigned bits;
} writes[] = {
#ifdef SYS_open
    {SYS_open, 1, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC},
#endif
    {SYS_openat, 2, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC},
};

/* ---- a filter in the making -------------------------------------- */

enum {
    LINES = 400,
    ALLOW = SECCOMP_RET_ALLOW,
    REFUSE = SECCOMP_RET_ERRNO | EPERM,
    UNKNOWN = SECCOMP_RET_ERRNO | ENOSYS,
    OTHER_ABI = 0x40000000, /* x32: the same calls under other numbers */
};

typedef struct filter {
    int                n;
    struct sock_filter line[LINES];
} filter;

static void add(filter *f, int code, unsigned value, int yes, int no)
{
    f->line[f->n++] =
        (struct sock_filter){(uint16_t)code, (uint8_t)yes, (uint8_t)no, value};
}

static void load(filter *f, size_t at)
{
    add(f, BPF_LD | BPF_W | BPF_ABS, (unsigned)at, 0, 0);
}

static void give(filter *f, unsigned what)
{
    add(f, BPF_RET | BPF_K, what, 0, 0);
}

static void begin(filter *f)
{
    f->n = 0;
    load(f, offsetof(struct seccomp_data, arch));
    add(f, BPF_JMP | BPF_JEQ | BPF_K, arch, 1, 0);
    give(f, REFUSE);
    load(f, offsetof(struct seccomp_data, nr));
    add(f, BPF_JMP | BPF_JGE | BPF_K, OTHER_ABI, 0, 1);
    give(f, REFUSE);
}

static void refuse(filter *f, const int *call, int n)
{
    for (int i = 0; i < n; i++) {
        add(f, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call[i], 0, 1);
        give(f, REFUSE);
    }
}

static size_t argument(int i)
{
    return offsetof(struct seccomp_data, args) + sizeof(uint64_t) * (size_t)i;
}

/* Refuses the call unless none of these bits is set. */
static void refuse_bits(filter *f, const struct flags *w)
{
    add(f, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)w->call, 0, 4);
    load(f, argument(w->argument));
    add(f, BPF_JMP | BPF_JSET | BPF_K, w->bits, 0, 1);
    give(f, REFUSE);
    give(f, ALLOW);
}

/* Refuses the call unless it is for this process. */
static void refuse_others(filter *f, int call)
{
    add(f, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 4);
    load(f, argument(0));
    add(f, BPF_JMP | BPF_JEQ | BPF_K, (unsigned)getpid(), 1, 0);
    give(f, REFUSE);
    give(f, ALLOW);
}

static bool install(filter *f)
{
    give(f, ALLOW);
    struct sock_fprog p = {(unsigned short)f->n, f->line};
    return ARCH_KNOWN && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &p) == 0;
}

bool tp_filter_calls(bool may_write, bool may_run)
{
    filter f;
    begin(&f);
    refuse(&f, outside, TP_COUNT(outside));
    refuse_others(&f, SYS_kill);
    if (!may_run) refuse(&f, programs, TP_COUNT(programs));
    if (!may_write) refuse(&f, changes, TP_COUNT(changes));
    for (int i = 0; !may_write && i < TP_COUNT(writes); i++)
        refuse_bits(&f, &writes[i]);
    return install(&f);
}

bool tp_filter_worker(void)
{
    filter f;
    begin(&f);
    refuse(&f, copies, TP_COUNT(copies));
    add(&f, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1);
    give(&f, UNKNOWN);
    refuse_others(&f, SYS_tgkill);
    return install(&f);
}
