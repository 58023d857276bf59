/* What bo thinks for each proposal: CPU time of its ask and tell, mean over the
   last 50 trials of n, with 8 measures (an objective and 8 constraints).

       bo_overhead [LARGEST_N]

   The trials before these 50 come from outside, spread over the box and around
   the minimum as they would be in a run. Wanted: at 20 variables 100 ms at
   n = 200 and 600 ms at n = 500. */
#include "race.h"

enum { MEASURES = 8, TIMED = 50 };

static int variables;

static bool value(const double *x, double *f, double *g)
{
    *f = 1;
    for (int i = 0; i < variables; i++)
        *f += (x[i] - 0.4) * (x[i] - 0.4) * (1 + i % 5);
    for (int k = 0; k < MEASURES; k++) {
        double sum = 0;
        for (int i = 0; i < variables; i++)
            sum += sin(3 * x[i] + k + i) * ((i + k) % 3);
        g[k] = (sum - k) / variables - 0.2;
    }
    return true;
}

static void told_before(const tp_opt_ops *ops, tp_opt *o, int n)
{
    double x[64], f, g[MEASURES];
    tp_rng rng = tp_rng_at(3, 0);
    for (int k = 0; k < n; k++) {
        tp_sobol(x, variables, k, 1, 7);
        double part = k % 3 ? 0.3 : 1; /* two of three near the minimum */
        for (int i = 0; i < variables; i++)
            x[i] = 0.4 + part * (x[i] - 0.4) * tp_rng_uniform(&rng);
        value(x, &f, g);
        ops->tell(o, TP_OPT_FOREIGN_TAG, x,
                  &(tp_obs){.ok = true, .f = f, .n_g = MEASURES, .g = g});
    }
}

/* Milliseconds for a proposal. */
static double overhead(int n, int d)
{
    tp_err            err = {0};
    const tp_opt_ops *ops = tp_opt_find(TP_S("bo"));
    tp_var            var[64];
    tp_space          space = {d, var};
    tp_opt            o = {.space = &space,
                           .n_g = MEASURES,
                           .seed = 1,
                           .mem = tp_arena_open((ptrdiff_t)1 << 34)};
    variables = d;
    for (int i = 0; i < d; i++)
        var[i] = (tp_var){.name = TP_S("x"), .lo = 0, .hi = 1, .start = 0.5};
    if (tp_opt_settings(&o.settings, ops, TP_S(""), &o.mem, &err) ||
        ops->init(&o, &err))
        race_die("bo", &err);
    told_before(ops, &o, n - TIMED);
    double spent = 0;
    for (int k = 0; k < TIMED; k++) {
        double x[64], f, g[MEASURES], began = tp_cpu_now();
        int    tag;
        if (ops->ask(&o, x, &tag) != TP_ASK_POINT) break;
        spent += tp_cpu_now() - began;
        value(x, &f, g);
        began = tp_cpu_now();
        ops->tell(&o, tag, x,
                  &(tp_obs){.ok = true, .f = f, .n_g = MEASURES, .g = g});
        spent += tp_cpu_now() - began;
    }
    ops->close(&o);
    tp_arena_close(&o.mem);
    return 1e3 * spent / TIMED;
}

int main(int argc, char **argv)
{
    static const int n[] = {60, 100, 200, 500, 1000, 1900};
    static const int d[] = {5, 10, 20, 40};
    int              most = argc > 1 ? atoi(argv[1]) : 500;
    bool             good = true;
    printf("CPU ms for a proposal, objective and %d constraints, mean over the "
           "last %d of n trials\n%8s",
           MEASURES, TIMED, "n");
    for (int k = 0; k < TP_COUNT(d); k++) printf("   d = %-3d", d[k]);
    printf("\n");
    for (int i = 0; i < TP_COUNT(n) && n[i] <= most; i++) {
        printf("%8d", n[i]);
        for (int k = 0; k < TP_COUNT(d); k++) {
            double ms = overhead(n[i], d[k]);
            printf(" %9.1f", ms);
            fflush(stdout);
            if (d[k] == 20 && n[i] == 200) good = good && ms <= 100;
            if (d[k] == 20 && n[i] == 500) good = good && ms <= 600;
        }
        printf("\n");
    }
    printf("20 variables, 100 ms at 200 and 600 ms at 500: %s\n",
           good ? "reached" : "NOT REACHED");
    return !good;
}
