/* The only file that reads a clock. */
#include "base/base.h"

#include <time.h>

static double seconds(clockid_t which)
{
    struct timespec t = {0};
    clock_gettime(which, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double tp_now(void)
{
    return seconds(CLOCK_MONOTONIC);
}

double tp_wall_now(void)
{
    return seconds(CLOCK_REALTIME);
}

/* The thread's clock, as there is only one: the process's moves in ticks while
   a CPU timer is armed, as it is in a worker. */
double tp_cpu_now(void)
{
    return seconds(CLOCK_THREAD_CPUTIME_ID);
}

tp_str tp_utc_text(tp_arena *mem)
{
    struct timespec now = {0};
    struct tm       t = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &t);
    return tp_str_fmt(mem, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.tm_year + 1900,
                      t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}
