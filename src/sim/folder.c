/* Private folders that simulators run in. */
#include "sim/parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

tp_status tp_private_folder(char *path, size_t size, tp_err *err)
{
    const char *base = getenv("TMPDIR");
    if (!base || base[0] != '/') base = "/tmp";
    int n = snprintf(path, size, "%s/trimpot-XXXXXX", base);
    if (n < 0 || (size_t)n + 16 > size)
        return tp_fail(err, TP_IO, "TMPDIR is too long: %s", base);
    if (!mkdtemp(path))
        return tp_fail(err, TP_IO, "can't make a folder in %s: %s", base,
                       strerror(errno));
    char start[4096];
    snprintf(start, sizeof start, "%s/.spiceinit", path);
    FILE *f = fopen(start, "w");
    if (f && fclose(f) == 0) return TP_OK;
    tp_status s =
        tp_fail(err, TP_IO, "can't write %s: %s", start, strerror(errno));
    rmdir(path);
    return s;
}

/* Everything in an open folder; links are removed, not followed. */
static void empty_folder(int folder, int depth)
{
    DIR *d = fdopendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        bool dots = !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..");
        if (dots || unlinkat(dirfd(d), e->d_name, 0) == 0) continue;
        int in = openat(dirfd(d), e->d_name,
                        O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (in >= 0 && depth > 0)
            empty_folder(in, depth - 1);
        else if (in >= 0)
            close(in);
        unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
    }
    if (d)
        closedir(d);
    else
        close(folder);
}

void tp_private_remove(const char *path)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) empty_folder(folder, 10);
    rmdir(path);
}
