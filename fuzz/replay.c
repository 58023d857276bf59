/* Runs a fuzz target on every file of a folder: a crash is a failed test. */
#include "fuzz.h"

#include "base/base.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool replay(const char *folder, const char *name, tp_arena mem)
{
    tp_err err = {0};
    tp_str bytes, path;
    path = tp_str_fmt(&mem, "%s/%s", folder, name);
    if (tp_file_read(&bytes, path.at, 1 << 24, &mem, &err)) {
        printf("%s\n", err.msg);
        return false;
    }
    /* A copy of exactly its size: the sanitizer sees a read behind it. */
    uint8_t *copy = malloc(bytes.len > 0 ? (size_t)bytes.len : 1);
    if (!copy) return false;
    memcpy(copy, bytes.at, (size_t)bytes.len);
    int result = LLVMFuzzerTestOneInput(copy, (size_t)bytes.len);
    free(copy);
    return result == 0;
}

int main(int argc, char **argv)
{
    int      passed = 0, failed = 0;
    tp_arena mem = tp_arena_open((ptrdiff_t)1 << 26);
    DIR     *folder = argc > 1 ? opendir(argv[1]) : NULL;
    if (!folder) {
        printf("usage: %s FOLDER\n0 passed, 1 failed\n", argv[0]);
        return 1;
    }
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (struct dirent *e; (e = readdir(folder));) {
        if (e->d_name[0] == '.') continue;
        printf("%s\n", e->d_name);
        fflush(stdout);
        bool ok = replay(argv[1], e->d_name, mem);
        passed += ok;
        failed += !ok;
    }
    closedir(folder);
    tp_arena_close(&mem);
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
