/* Files: read whole, written whole or not at all. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_TRIES = 100 };

/* "doing path: reason", the reason from errno. */
static tp_status fail_io(tp_err *err, const char *doing, const char *path)
{
    char        room[80];
    const char *reason = strerror_r(errno, room, sizeof room);
    return tp_fail(err, TP_IO, "%s %s: %s", doing, path, reason);
}

/* Reads to the end or to `max` + 1 bytes; the bytes read, -1: see errno. */
static ptrdiff_t read_all(int fd, char *at, ptrdiff_t max)
{
    ptrdiff_t len = 0;
    while (len <= max) {
        ssize_t n = read(fd, at + len, (size_t)(max + 1 - len));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) break;
        len += n;
    }
    return len;
}

static bool write_all(int fd, tp_str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.at, (size_t)bytes.len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        bytes = tp_str_from(bytes, n);
    }
    return true;
}

static tp_status read_open(tp_str *out, int fd, const char *path, ptrdiff_t max,
                           tp_arena *mem, tp_err *err)
{
    ptrdiff_t room = mem->end - mem->beg - 2;
    if (max > room) max = room;
    ptrdiff_t len = max < 0 ? 0 : read_all(fd, mem->beg, max);
    if (len < 0) return fail_io(err, "can't read", path);
    if (len > max)
        return tp_fail(err, TP_LIMIT, "%s: the file is larger than %td bytes",
                       path, max);
    out->at = mem->beg;
    out->len = len;
    mem->beg[len] = '\0';
    mem->beg += len + 1;
    return TP_OK;
}

tp_status tp_file_read(tp_str *out, const char *path, ptrdiff_t max,
                       tp_arena *mem, tp_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail_io(err, "can't open", path);
    tp_status s = read_open(out, fd, path, max, mem, err);
    close(fd);
    return s;
}

/* Where a file of this name would really be written: behind links. */
static tp_status resolve(const char *path, char real[PATH_MAX], bool *exists,
                         struct stat *st, tp_err *err)
{
    *exists = stat(path, st) == 0;
    if (*exists) {
        if (!realpath(path, real)) return fail_io(err, "can't write", path);
        return TP_OK;
    }
    struct stat link;
    if (errno != ENOENT) return fail_io(err, "can't write", path);
    if (lstat(path, &link) == 0)
        return tp_fail(err, TP_IO, "can't write %s: it is a link to nothing",
                       path);
    int n = snprintf(real, PATH_MAX, "%s", path);
    if (n >= PATH_MAX || n == 0 || path[n - 1] == '/')
        return tp_fail(err, TP_IO, "can't write %s: not a file name", path);
    return TP_OK;
}

/* A target that a rename would replace: neither a pipe nor a device. */
static bool is_replaceable(bool exists, const struct stat *st)
{
    return !exists || S_ISREG(st->st_mode);
}

static tp_status check_target(const char *path, char real[PATH_MAX],
                              bool *exists, struct stat *st, tp_err *err)
{
    TP_TRY(resolve(path, real, exists, st, err));
    if (*exists && S_ISDIR(st->st_mode))
        return tp_fail(err, TP_IO, "can't write %s: it is a folder", path);
    if (*exists && access(real, W_OK) != 0)
        return fail_io(err, "can't write", path);
    if (!is_replaceable(*exists, st)) return TP_OK;
    tp_str folder = tp_path_folder(tp_str_of(real));
    char   text[PATH_MAX];
    snprintf(text, sizeof text, "%.*s", TP_F(folder));
    if (access(text, W_OK | X_OK) != 0)
        return fail_io(err, "can't write into the folder of", path);
    return TP_OK;
}

tp_status tp_file_can_write(const char *path, tp_err *err)
{
    char        real[PATH_MAX];
    bool        exists;
    struct stat st;
    return check_target(path, real, &exists, &st, err);
}

/* Creates a new file beside `real`, its name in `temp`; -1: see errno. */
static int open_beside(const char *real, char temp[PATH_MAX])
{
    for (int i = 0; i < NAME_TRIES; i++) {
        int n =
            snprintf(temp, PATH_MAX, "%s.%ld-%d.tmp", real, (long)getpid(), i);
        if (n >= PATH_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST) return fd;
    }
    return -1;
}

/* A rename is on the disk when its folder is; a file system that can't say so
   is no failure. */
static void sync_folder(const char *real)
{
    char   text[PATH_MAX];
    tp_str folder = tp_path_folder(tp_str_of(real));
    snprintf(text, sizeof text, "%.*s", TP_F(folder));
    int fd = open(text, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    fsync(fd);
    close(fd);
}

static bool fill(int fd, tp_str bytes, const struct stat *like)
{
    if (like && fchmod(fd, like->st_mode & 07777) != 0) return false;
    return write_all(fd, bytes) && fsync(fd) == 0;
}

/* `like`: the file that is replaced, whose mode the new one gets. */
static tp_status replace(const char *real, tp_str bytes,
                         const struct stat *like, tp_err *err)
{
    char temp[PATH_MAX];
    int  fd = open_beside(real, temp);
    if (fd < 0) return fail_io(err, "can't write beside", real);
    bool done = fill(fd, bytes, like);
    int  why = errno;
    if (close(fd) != 0 && done) {
        done = false;
        why = errno;
    }
    if (done && rename(temp, real) == 0) {
        sync_folder(real);
        return TP_OK;
    }
    if (!done) errno = why;
    tp_status s = fail_io(err, "can't write", real);
    unlink(temp);
    return s;
}

static tp_status write_through(const char *path, tp_str bytes, tp_err *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return fail_io(err, "can't open", path);
    tp_status s = TP_OK;
    if (!write_all(fd, bytes)) s = fail_io(err, "can't write", path);
    close(fd);
    return s;
}

tp_status tp_file_write(const char *path, tp_str bytes, tp_err *err)
{
    char        real[PATH_MAX];
    bool        exists;
    struct stat st;
    TP_TRY(check_target(path, real, &exists, &st, err));
    if (!is_replaceable(exists, &st)) return write_through(path, bytes, err);
    return replace(real, bytes, exists ? &st : NULL, err);
}

tp_status tp_folder_make(const char *path, tp_err *err)
{
    char text[PATH_MAX];
    int  n = snprintf(text, sizeof text, "%s", path);
    if (n >= (int)sizeof text)
        return tp_fail(err, TP_IO, "can't make folder: the path is too long");
    for (int i = 1; i <= n; i++) {
        if (text[i] != '/' && text[i] != '\0') continue;
        char        end = text[i];
        struct stat st;
        text[i] = '\0';
        if (mkdir(text, 0777) != 0 && errno != EEXIST && errno != EISDIR)
            return fail_io(err, "can't make folder", text);
        if (stat(text, &st) != 0)
            return fail_io(err, "can't make folder", text);
        if (!S_ISDIR(st.st_mode))
            return tp_fail(err, TP_IO, "can't make folder %s: it is a file",
                           text);
        text[i] = end;
    }
    return TP_OK;
}

tp_str tp_path_absolute(tp_str path, tp_arena *mem)
{
    char  *folder = realpath(tp_str_z(mem, tp_path_folder(path)), NULL);
    tp_str whole = path, name = tp_path_name(path);
    if (!folder && !tp_str_starts(path, TP_S("/"))) {
        folder = realpath(".", NULL);
        name = path;
    }
    if (folder)
        whole = tp_path_join(tp_str_copy(mem, tp_str_of(folder)), name, mem);
    free(folder);
    return whole;
}

tp_str tp_path_from_here(tp_str path, tp_arena *mem)
{
    char     *z = realpath(".", NULL);
    tp_str    here = tp_str_copy(mem, tp_str_of(z));
    ptrdiff_t n = here.len > 1 ? here.len : 0; /* the root's has its slash */
    free(z);
    bool inside = here.len &&
                  tp_str_eq(tp_str_part(path, 0, n), tp_str_part(here, 0, n)) &&
                  path.len > n + 1 && path.at[n] == '/';
    return inside ? tp_str_from(path, n + 1) : path;
}

/* How many bytes of whole folders both paths begin with. */
static ptrdiff_t common_folders(tp_str a, tp_str b)
{
    ptrdiff_t same = 0;
    for (ptrdiff_t i = 0; i < a.len && i < b.len && a.at[i] == b.at[i]; i++)
        if (a.at[i] == '/') same = i + 1;
    return same;
}

tp_str tp_path_seen_from(tp_str folder, tp_str path, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_str whole = tp_path_absolute(path, mem);
    tp_str from = tp_path_absolute(tp_path_join(folder, TP_S("x"), mem), mem);
    ptrdiff_t same = common_folders(whole, from);
    if (tp_str_starts(path, TP_S("/"))) return path;
    for (ptrdiff_t i = same; i < from.len; i++)
        if (from.at[i] == '/') tp_buf_add(&b, TP_S("../"));
    tp_buf_add(&b, tp_str_from(whole, same));
    return tp_buf_str(&b);
}
