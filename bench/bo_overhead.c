/* What bo thinks for each proposal: CPU time of its ask and tell, mean over the
   last 50 trials of n, with 8 measures (an objective and 8 constraints).

       bo_overhead [LARGEST_N]

   The trials before these 50 come from outside, spread over the box and around
   the minimum as they would be in a run. Wanted: at 20 variables 100 ms at
   n = 200 and 600 ms at n = 500. A second table is of 20 variables and several
   corners; "ended": of three trials two lost in their first corner and have no
   values in the others. */
#include "race.h"

enum { MEASURES = 8, TIMED = 50, CORNERS = 5, PLACE = 3, MOST = 64 };

/* Two sets of library sections and the temperature. */
static const double place[CORNERS * PLACE] = {0, 0, 0.5, 1, 0, 0, 1, 0,
                                              1, 0, 1,   0, 0, 1, 1};

typedef struct load {
    int  n, d, corners;
    bool ended; /* two of three trials lose in their first corner */
} load;

/* f and each g in one corner. */
static void value(const double *x, int n, int corner, double *part)
{
    const double *at = place + (ptrdiff_t)corner * PLACE;
    double        shift = 0.05 * (at[0] - at[1] + at[2]);
    part[0] = 1;
    for (int i = 0; i < n; i++) {
        double away = x[i] - 0.4 - shift;
        part[0] += away * away * (1 + i % 5);
    }
    for (int k = 0; k < MEASURES; k++) {
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += sin(3 * x[i] + k + i) * ((i + k) % 3);
        part[1 + k] = (sum - k) / n - 0.2 + shift;
    }
}

/* Tells what the point gives; `number` counts trials. */
static void tell(const tp_opt_ops *ops, tp_opt *o, const load *l, int tag,
                 const double *x, int number)
{
    double part[CORNERS][1 + MEASURES], worst[1 + MEASURES];
    bool   ended = l->ended && number % 3 != 0;
    for (int c = 0; c < l->corners; c++) {
        value(x, l->d, c, part[c]);
        for (int m = 0; m <= MEASURES; m++) {
            worst[m] = c ? fmax(worst[m], part[c][m]) : part[c][m];
            if (ended && c != number % l->corners) part[c][m] = NAN;
        }
    }
    ops->tell(o, tag, x,
              &(tp_obs){.ok = !ended,
                        .early = ended,
                        .f = worst[0],
                        .n_g = MEASURES,
                        .g = worst + 1,
                        .part = o->n_corner ? part[0] : NULL});
}

static void told_before(const tp_opt_ops *ops, tp_opt *o, const load *l)
{
    double x[MOST];
    tp_rng rng = tp_rng_at(3, 0);
    for (int k = 0; k < l->n - TIMED; k++) {
        tp_sobol(x, l->d, k, 1, 7);
        double part = k % 3 ? 0.3 : 1; /* two of three near the minimum */
        for (int i = 0; i < l->d; i++)
            x[i] = 0.4 + part * (x[i] - 0.4) * tp_rng_uniform(&rng);
        tell(ops, o, l, TP_OPT_FOREIGN_TAG, x, k);
    }
}

static double timed(const tp_opt_ops *ops, tp_opt *o, const load *l)
{
    double x[MOST], began = tp_cpu_now();
    for (int k = 0; k < TIMED; k++) {
        int tag;
        if (ops->ask(o, x, &tag) != TP_ASK_POINT) break;
        tell(ops, o, l, tag, x, l->n - TIMED + k);
    }
    return tp_cpu_now() - began;
}

/* Milliseconds for a proposal. */
static double overhead(const load *l)
{
    tp_err            err = {0};
    const tp_opt_ops *ops = tp_opt_find(TP_S("bo"));
    bool              wanted[CORNERS] = {true, true, true, true, true};
    tp_var            var[MOST];
    tp_space          space = {l->d, var};
    tp_opt            o = {.space = &space,
                           .n_g = MEASURES,
                           .seed = 1,
                           .mem = tp_arena_open((ptrdiff_t)1 << 34)};
    if (l->corners > 1) {
        o.n_corner = l->corners;
        o.n_place = PLACE;
        o.place = place;
        o.wanted = wanted;
    }
    for (int i = 0; i < l->d; i++)
        var[i] = (tp_var){.name = TP_S("x"), .lo = 0, .hi = 1, .start = 0.5};
    if (tp_opt_settings(&o.settings, ops, TP_S(""), &o.mem, &err) ||
        ops->init(&o, &err))
        race_die("bo", &err);
    told_before(ops, &o, l);
    double spent = timed(ops, &o, l);
    ops->close(&o);
    tp_arena_close(&o.mem);
    return 1e3 * spent / TIMED;
}

static const int n_row[] = {60, 100, 200, 500, 1000, 1900};

/* Whether both limits are kept. */
static bool by_variables(int most)
{
    static const int d[] = {5, 10, 20, 40};
    bool             good = true;
    printf("| n |");
    for (int k = 0; k < TP_COUNT(d); k++) printf(" d = %d |", d[k]);
    printf("\n| --- | --- | --- | --- | --- |\n");
    for (int i = 0; i < TP_COUNT(n_row) && n_row[i] <= most; i++) {
        printf("| %d |", n_row[i]);
        for (int k = 0; k < TP_COUNT(d); k++) {
            double ms = overhead(&(load){n_row[i], d[k], 1, false});
            printf(" %.1f |", ms);
            fflush(stdout);
            if (d[k] == 20 && n_row[i] == 200) good = good && ms <= 100;
            if (d[k] == 20 && n_row[i] == 500) good = good && ms <= 600;
        }
        printf("\n");
    }
    printf("\n20 variables, 100 ms at 200 and 600 ms at 500: %s\n",
           good ? "reached" : "NOT REACHED");
    return good;
}

static void by_corners(int most)
{
    static const load kinds[] = {{0, 20, 1, false},
                                 {0, 20, 3, false},
                                 {0, 20, 3, true},
                                 {0, 20, 5, false},
                                 {0, 20, 5, true}};
    printf("\n| n, d = 20 | 1 corner | 3 corners | 3, ended | 5 corners | 5, "
           "ended |\n| --- | --- | --- | --- | --- | --- |\n");
    for (int i = 1; i < TP_COUNT(n_row) && n_row[i] <= most; i++) {
        printf("| %d |", n_row[i]);
        for (int k = 0; k < TP_COUNT(kinds); k++) {
            load l = kinds[k];
            l.n = n_row[i];
            printf(" %.1f |", overhead(&l));
            fflush(stdout);
        }
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    int most = argc > 1 ? atoi(argv[1]) : 500;
    printf("CPU ms for a proposal, objective and %d constraints, mean over the "
           "last %d of n trials\n\n",
           MEASURES, TIMED);
    bool good = by_variables(most);
    by_corners(most);
    return !good;
}
