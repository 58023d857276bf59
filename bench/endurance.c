/* What 20,000 evaluations leave behind: resident memory of the worker by the
   evaluation, descriptors of both sides, files in the folder for temporary
   ones, processes after the end. Wanted: less than 0.01 kB an evaluation
   (BSIM3 excepted: its worker is replaced), nothing else.

       endurance TRIMPOT EXAMPLES [EVALUATIONS] */
#include "amps.h"
#include "worker.h"

#include <dirent.h>
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

static int count(const char *folder)
{
    int  n = 0;
    DIR *d = opendir(folder);
    while (d && readdir(d)) n++;
    if (d) closedir(d);
    return n;
}

static double resident_kb(int pid)
{
    char  path[80];
    long  pages = 0;
    FILE *f;
    snprintf(path, sizeof path, "/proc/%d/statm", pid);
    f = fopen(path, "r");
    if (f && fscanf(f, "%*d %ld", &pages) != 1) pages = 0;
    if (f) fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static int descriptors(int pid)
{
    char path[80];
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    return count(path);
}

static void endure(const amp *a, const char *name, const char *program, int n,
                   tp_arena mem)
{
    tp_exec     x;
    double      v[2], first = 0;
    int         warm = n / 10, pid = 0, fds = 0;
    tp_str      load = tp_eval_load(&a->p, 0, NULL, TP_S("ngspice"), &mem);
    const char *tmp = getenv("TMPDIR");
    int         files = count(tmp), own = descriptors((int)getpid());
    amp_open(&x, program, 1, load, &mem);
    for (int i = 0; i < n; i++) {
        tp_arena job = mem;
        amp_point((uint64_t)i, v);
        amp_submit(&x, (uint64_t)i + 1, v, 2, job);
        amp_wait(&x, &job);
        if (i != warm) continue;
        pid = worker();
        first = resident_kb(pid);
        fds = descriptors(pid);
    }
    double grown = (resident_kb(pid) - first) / (n - warm - 1);
    int    more = descriptors(pid) - fds;
    tp_exec_find(TP_S("local"))->close(&x);
    errno = 0;
    bool alone = waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD;
    printf("%-10s %8d %9.0f %12.5f %6d %6d %6d %s\n", name, n, first, grown,
           more, descriptors((int)getpid()) - own, count(tmp) - files,
           alone ? "none" : "LEFT");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int n = argc > 3 ? atoi(argv[3]) : 19900;
    if (argc < 3 || n < 100 || n > 19900) {
        fprintf(stderr, "usage: endurance TRIMPOT EXAMPLES [100 to 19900]\n");
        return 2;
    }
    char folder[] = "/tmp/endurance-XXXXXX"; /* nobody else's files */
    if (!mkdtemp(folder) || setenv("TMPDIR", folder, 1)) return 3;
    printf("%-10s %8s %9s %12s %6s %6s %6s %s\n", "circuit", "trials", "kB",
           "kB a trial", "fds", "ours", "files", "processes");
    for (int m = 0; m < TP_COUNT(amp_models); m++)
        for (int set = 1; set <= 2; set++) {
            tp_arena mem = tp_arena_open((ptrdiff_t)1 << 32);
            amp     *a = amp_make(m, set, &mem);
            endure(a, amp_models[m][0], argv[1], n, mem);
            tp_arena_close(&mem);
        }
    return rmdir(folder) ? 1 : 0; /* a file is left in it */
}
