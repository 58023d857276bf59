/* What a trial costs over the bare analyses: wall time from handing the job
   over to its unpacked answer, against the wall time of ngspice's analysis
   commands in the same trials (the floor). New values in every trial. Wanted:
   1.05 of the floor with a transient, 1.4 for op and ac, 0.4 ms over it for
   op alone. On a busy machine most of the rest is waiting for a processor, so
   the tenth part of the trials with the least of it has columns of its own.
   What is printed is a table of Markdown.

       worker_overhead TRIMPOT EXAMPLES [TRIALS] */
#include "amps.h"
#include "front/front.h"

#include <math.h>

enum { TRIALS_MAX = 5000, WARM = 20 };

typedef struct row {
    double floor, rest, least; /* of one trial, in ms; medians, and the tenth
                                  part of the trials with the least rest */
} row;

static int by_size(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

static double part_of(double *v, int n, double part)
{
    qsort(v, (size_t)n, sizeof *v, by_size);
    return v[(int)(part * n)];
}

/* Trials at values within 10 % of the start. */
static row measure(const tp_problem *p, const double *start,
                   const char *program, int n, tp_arena mem)
{
    static double rest[TRIALS_MAX], floor_of[TRIALS_MAX];
    tp_exec       x;
    tp_str        load = tp_eval_load(p, 0, NULL, TP_S("ngspice"), &mem);
    double       *v = TP_NEW(&mem, double, p->space.n);
    amp_open(&x, program, 1, load, &mem);
    for (int i = -WARM; i < n; i++) {
        tp_rng   rng = tp_rng_at(1, (uint64_t)(i + WARM));
        tp_arena job = mem;
        for (int k = 0; k < p->space.n; k++)
            v[k] = start[k] * (0.9 + 0.2 * tp_rng_uniform(&rng));
        double begun = tp_now();
        amp_submit(&x, (uint64_t)(i + WARM + 1), v, p->space.n, job);
        tp_result r = amp_wait(&x, &job);
        if (i < 0) continue;
        floor_of[i] = 1e3 * r.sim_seconds;
        rest[i] = 1e3 * (tp_now() - begun) - floor_of[i];
    }
    tp_exec_find(TP_S("local"))->close(&x);
    return (row){.floor = part_of(floor_of, n, 0.5),
                 .rest = part_of(rest, n, 0.5),
                 .least = part_of(rest, n, 0.1)};
}

static void print(const char *name, const char *analyses, row r)
{
    printf("| %-7s | %-10s | %8.3f | %7.3f | %5.3f | %8.3f | %5.3f |\n", name,
           analyses, r.floor, r.rest, 1 + r.rest / r.floor, r.least,
           1 + r.least / r.floor);
    fflush(stdout);
}

static void measure_amp700(const char *examples, const char *program, int n)
{
    tp_err     err = {0};
    tp_problem p;
    char       path[1024];
    tp_arena   mem = tp_arena_open((ptrdiff_t)1 << 32);
    snprintf(path, sizeof path, "%s/amp-700.net", examples);
    if (tp_front_read(&p, path, NULL, &mem, &err)) amp_die(path, &err);
    double *start = TP_NEW(&mem, double, p.space.n);
    for (int i = 0; i < p.space.n; i++) start[i] = p.space.var[i].start;
    print("amp-700", "ac tran", measure(&p, start, program, n, mem));
    tp_arena_close(&mem);
}

int main(int argc, char **argv)
{
    static const char *const sets[] = {"op", "op ac", "op ac tran"};
    static const double      start[] = {20e-6, 60e-6};
    int                      n = argc > 3 ? atoi(argv[3]) : 300;
    if (argc < 3 || n < 1 || n > TRIALS_MAX) {
        fprintf(stderr, "usage: worker_overhead TRIMPOT EXAMPLES [TRIALS]\n");
        return 2;
    }
    printf("| circuit | analyses   | floor ms | rest ms | ratio | least ms | "
           "ratio |\n|---|---|---|---|---|---|---|\n");
    for (int set = 1; set <= TP_COUNT(sets); set++)
        for (int m = 0; m < TP_COUNT(amp_models); m++) {
            tp_arena mem = tp_arena_open((ptrdiff_t)1 << 32);
            amp     *a = amp_make(m, set, &mem);
            print(amp_models[m][0], sets[set - 1],
                  measure(&a->p, start, argv[1], n, mem));
            tp_arena_close(&mem);
        }
    measure_amp700(argv[2], argv[1], n);
    return 0;
}
