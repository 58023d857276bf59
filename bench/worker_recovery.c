/* What a lost worker costs: the time until the job after a kill is answered,
   over that of a job that finds its worker; beside it a start from nothing
   (the first job of an executor).

       worker_recovery TRIMPOT EXAMPLES [REPEATS]

   Medians; the worker is killed between jobs, so that the loss of its own
   work is no part of it. */
#include "eval/eval.h"
#include "front/front.h"
#include "worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY = 1, MAX_REPEATS = 1000 };

static tp_exec            x;
static const tp_exec_ops *ops;
static uint64_t           last_id;

static void die(const char *what, const tp_err *err)
{
    fprintf(stderr, "worker_recovery: %s: %s\n", what, err->msg);
    exit(3);
}

/* Seconds until the answer. */
static double job(tp_str ask, tp_arena mem)
{
    tp_err  err = {0};
    tp_done d = {0};
    tp_job  j = {.id = ++last_id, .key = KEY, .ask = ask};
    double  begun = tp_now();
    if (ops->submit(&x, &j, &err)) die("submit", &err);
    while (d.id == 0)
        if (ops->wait(&x, -1, &mem, &d, &err)) die("wait", &err);
    if (d.how != TP_END_DONE) die("the job was lost", &err);
    return tp_now() - begun;
}

static int by_size(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

static double median(double *v, int n)
{
    qsort(v, (size_t)n, sizeof *v, by_size);
    return v[n / 2];
}

static void open_executor(const char *program, tp_str load, tp_arena *mem)
{
    tp_err err = {0};
    ops = tp_exec_find(TP_S("local"));
    x = (tp_exec){.settings = tp_exec_settings(ops, mem)};
    if (tp_params_set(ops->params, x.settings, TP_S("program"),
                      tp_str_of(program), mem, &err) ||
        tp_params_set(ops->params, x.settings, TP_S("jobs"), TP_S("1"), mem,
                      &err) ||
        ops->open(&x, &err) || ops->put(&x, KEY, load, &err))
        die("open", &err);
}

static void measure(const char *deck, const char *program, int n)
{
    static double cold[MAX_REPEATS], warm[MAX_REPEATS], lost[MAX_REPEATS];
    tp_err        err = {0};
    tp_problem    p;
    tp_arena      mem = tp_arena_open((ptrdiff_t)1 << 32);
    if (tp_front_read(&p, deck, NULL, &mem, &err)) die(deck, &err);
    double *v = TP_NEW(&mem, double, p.space.n);
    for (int i = 0; i < p.space.n; i++) v[i] = p.space.var[i].start;
    tp_str load = tp_eval_load(&p, 0, NULL, TP_S("ngspice"), &mem);
    tp_str ask = tp_eval_ask(v, p.space.n, NULL, &mem);
    int    starts = n < 20 ? n : 20;
    for (int i = 0; i < starts; i++) {
        open_executor(program, load, &mem);
        cold[i] = job(ask, mem);
        if (i + 1 < starts) ops->close(&x);
    }
    for (int i = 0; i < n; i++) {
        warm[i] = job(ask, mem);
        kill(worker(), SIGKILL);
        lost[i] = job(ask, mem);
    }
    ops->close(&x);
    double usual = median(warm, n);
    printf("%-14s %10.3f %12.3f %12.3f\n", p.name.at, 1e3 * usual,
           1e3 * (median(lost, n) - usual),
           1e3 * (median(cold, starts) - usual));
    tp_arena_close(&mem);
}

int main(int argc, char **argv)
{
    static const char *const deck[] = {"diode.net", "amp-700.net"};
    int                      n = argc > 3 ? atoi(argv[3]) : 100;
    if (argc < 3 || n < 1 || n > MAX_REPEATS) {
        fprintf(stderr, "usage: worker_recovery TRIMPOT EXAMPLES [REPEATS]\n");
        return 2;
    }
    printf("%-14s %10s %12s %12s\n", "deck", "job ms", "+ killed ms",
           "+ cold ms");
    for (int i = 0; i < TP_COUNT(deck); i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", argv[2], deck[i]);
        measure(path, argv[1], n);
    }
    return 0;
}
