/* Tests of simulators that can be in a process once. */
#ifndef TP_TEST_APART_H
#define TP_TEST_APART_H

#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

/* The test in a process of its own, as every embedded simulator must have. */
static inline void apart(void (*test)(void))
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        check_failures = 0;
        test();
        fflush(stdout);
        _exit(check_failures > 0);
    }
    int status = 1;
    waitpid(pid, &status, 0);
    CHECK_INT(status, 0);
}
#endif
