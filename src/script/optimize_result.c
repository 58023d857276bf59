/* What a run leaves: the console report in SPICE OPUS's form, the plot
   optimizeN, the new initial values, and what initial_guess learns from. */
#include "script/session.h"

#include <math.h>

/* "complex" -> "Complex", "hooke_jeeves" -> "Hooke jeeves". */
static tp_str title_of(const tp_optimize *o, tp_arena *mem)
{
    char *z = tp_str_z(mem, tp_str_of(o->method->name));
    for (char *c = z; *c; c++)
        if (*c == '_') *c = ' ';
    if (z[0] >= 'a' && z[0] <= 'z') z[0] = (char)(z[0] - 'a' + 'A');
    return tp_str_of(z);
}

static tp_str reason_of(tp_str reason)
{
    static const struct {
        const char *word, *text;
    } row[] = {
        {"maxitersreached", "number of iterations reached"},
        {"maxtimereached", "time limit reached"},
        {"stopvalreached", "cost low enough"},
        {"ftolreached", "cost settled"},
        {"xtolreached", "parameters settled"},
    };
    for (int i = 0; i < TP_COUNT(row); i++)
        if (tp_str_eq(reason, tp_str_of(row[i].word)))
            return tp_str_of(row[i].text);
    return reason;
}

void tp_optimize_report(tp_session *s, const tp_run *r)
{
    const tp_trial *trial, *best = tp_run_best(r);
    double          distance;
    const tp_trial *final = tp_run_final(r, &distance);
    tp_arena        mem = s->mem;
    tp_nutmeg      *m = s->nutmeg;
    int             n = tp_run_trials(r, &trial);
    tp_str          title = title_of(&s->optimize, &mem);
    tp_str          why = reason_of(tp_run_reason(r));
    tp_nutmeg_print(m, "%.*s: stopped, %.*s.\n", TP_F(title), TP_F(why));
    tp_nutmeg_print(m, "Time needed for optimisation: %.3f seconds\n",
                    tp_run_seconds(r));
    tp_nutmeg_print(m, "Number of iterations: %d\n", n);
    if (!best || !best->score.feasible) {
        tp_nutmeg_print(m, "No point met every implicit constraint.\n");
        return;
    }
    tp_nutmeg_print(m, "Lowest cost function value: %e\n", best->score.f);
    if (distance > 0)
        tp_nutmeg_print(m,
                        "Cost function value at the centre: %e\n"
                        "Distance to bounds and infeasible points: %e\n",
                        final->score.f, distance);
    tp_nutmeg_print(m, "Optimal values:\n");
    for (int i = 0; i < s->optimize.n_par; i++)
        tp_nutmeg_print(m, "%.*s = %e\n", TP_F(s->optimize.par[i].name),
                        final->x[i]);
}

/* ---- the plot ------------------------------------------------------------ */

static double *column(tp_arena *mem, int n)
{
    return TP_NEW(mem, double, n);
}

/* Final parameter values: one element a parameter. */
static tp_wave final_values(const tp_session *s, const tp_run *r, tp_arena *mem)
{
    const tp_optimize *o = &s->optimize;
    const tp_trial    *final = tp_run_final(r, NULL);
    bool               found = final && final->score.feasible;
    double            *x = column(mem, o->n_par);
    for (int i = 0; i < o->n_par; i++)
        x[i] = found ? final->x[i] : o->par[i].initial;
    return (tp_wave){.name = TP_S("parameter"), .n = o->n_par, .re = x};
}

/* A vector over the iterations; `k` -1: the cost, NAN where there is none. */
static tp_wave over_trials(tp_str name, const tp_run *r, int k,
                           const double *iteration, tp_arena *mem)
{
    const tp_trial *trial;
    int             n = tp_run_trials(r, &trial);
    double         *y = column(mem, n);
    for (int i = 0; i < n; i++) {
        const tp_score *c = &trial[i].score;
        y[i] = k >= 0 ? trial[i].x[k] : c->ok && c->feasible ? c->f : NAN;
    }
    return (tp_wave){.name = name, .n = n, .x = iteration, .re = y};
}

void tp_optimize_plot(tp_session *s, const tp_run *r)
{
    const tp_optimize *o = &s->optimize;
    const tp_trial    *trial;
    tp_arena           mem = s->mem;
    int                n = tp_run_trials(r, &trial), k = 0;
    double            *iteration = column(&mem, n);
    tp_wave           *w = TP_NEW(&mem, tp_wave, 3 + 2 * o->n_par);
    for (int i = 0; i < n; i++) iteration[i] = i + 1;
    w[k++] = (tp_wave){
        .name = TP_S("iteration"), .n = n, .x = iteration, .re = iteration};
    w[k++] = final_values(s, r, &mem);
    w[k++] = over_trials(TP_S("cost"), r, -1, iteration, &mem);
    for (int i = 0; i < o->n_par; i++) {
        tp_str number = tp_str_fmt(&mem, "parameter%d", o->par[i].number);
        w[k++] = over_trials(o->par[i].name, r, i, iteration, &mem);
        w[k++] = over_trials(number, r, i, iteration, &mem);
    }
    s->optimize.runs++;
    tp_plot plot = {.kind = TP_S("optimize"),
                    .ordinal = tp_str_fmt(&mem, "optimize%d", o->runs),
                    .id = TP_S("optimize"),
                    .x_name = TP_S("iteration"),
                    .n_wave = k,
                    .wave = w,
                    .op = -1};
    tp_nutmeg_add_plot(s->nutmeg, &plot, true);
}

/* ---- the next initial values --------------------------------------------- */

static void remember(tp_optimize *o, const tp_trial *t)
{
    tp_optseen *seen = TP_PUSH(&o->mem, o->seen, o->n_seen, o->cap_seen);
    *seen = (tp_optseen){.x = TP_NEW(&o->mem, double, o->n_par),
                         .cost = t->score.f,
                         .feasible = t->score.ok && t->score.feasible};
    for (int i = 0; i < o->n_par; i++) seen->x[i] = t->x[i];
}

enum { CANDIDATES = 2000 };

/* Weight of a point: 1 for the least cost, initial_guess for the greatest;
   one without a cost weighs like the greatest. */
static double weight(const tp_optimize *o, const tp_optseen *p, double lo,
                     double hi)
{
    if (!p->feasible) return o->option.initial_guess;
    if (!(hi > lo)) return 1;
    return 1 + (o->option.initial_guess - 1) * (p->cost - lo) / (hi - lo);
}

/* Where a value is between the bounds as they are now, on its scale. */
static double unit_of(const tp_optpar *p, double x)
{
    if (!(p->high > p->low)) return 0;
    if (p->log) return log(x / p->low) / log(p->high / p->low);
    return (x - p->low) / (p->high - p->low);
}

static double real_of(const tp_optpar *p, double u)
{
    double x = p->log ? p->low * pow(p->high / p->low, u)
                      : p->low + u * (p->high - p->low);
    return fmin(fmax(x, p->low), p->high);
}

/* The sum of weight / distance^2 over the points of `seen`, n rows. */
static double nearness(const tp_optimize *o, const double *seen,
                       const double *weights, const double *u)
{
    double sum = 0;
    for (int i = 0; i < o->n_seen; i++) {
        double d = 1e-12;
        for (int k = 0; k < o->n_par; k++) {
            double by = u[k] - seen[(ptrdiff_t)i * o->n_par + k];
            d += by * by;
        }
        sum += weights[i] / d;
    }
    return sum;
}

static const double *weights_of(const tp_optimize *o, tp_arena *mem)
{
    double  lo = INFINITY, hi = -INFINITY;
    double *w = TP_NEW(mem, double, o->n_seen);
    for (int i = 0; i < o->n_seen; i++) {
        if (!o->seen[i].feasible) continue;
        lo = fmin(lo, o->seen[i].cost);
        hi = fmax(hi, o->seen[i].cost);
    }
    for (int i = 0; i < o->n_seen; i++) w[i] = weight(o, &o->seen[i], lo, hi);
    return w;
}

/* The point with the greatest weighted distance from all that were seen. */
static void guess(const tp_optimize *o, double *x)
{
    double        least = INFINITY;
    int           n = o->n_par;
    tp_rng        rng = tp_rng_at(1, (uint64_t)o->n_seen);
    tp_arena      mem = o->mem;
    double       *u = TP_NEW(&mem, double, n);
    double       *seen = TP_NEW(&mem, double, (ptrdiff_t)o->n_seen *n);
    const double *weights = weights_of(o, &mem);
    for (int i = 0; i < o->n_seen * n; i++)
        seen[i] = unit_of(&o->par[i % n], o->seen[i / n].x[i % n]);
    for (int c = 0; c < CANDIDATES; c++) {
        for (int k = 0; k < n; k++) u[k] = tp_rng_uniform(&rng);
        double near = nearness(o, seen, weights, u);
        if (c > 0 && near >= least) continue;
        least = near;
        for (int k = 0; k < n; k++) x[k] = real_of(&o->par[k], u[k]);
    }
}

void tp_optimize_learn(tp_session *s, const tp_run *r)
{
    tp_optimize    *o = &s->optimize;
    const tp_trial *trial, *best = tp_run_final(r, NULL);
    int             n = tp_run_trials(r, &trial);
    for (int i = 0; i < n; i++) remember(o, &trial[i]);
    if (o->option.initial_guess >= 1) {
        tp_arena mem = s->mem;
        double  *x = TP_NEW(&mem, double, o->n_par);
        guess(o, x);
        for (int i = 0; i < o->n_par; i++) o->par[i].initial = x[i];
    } else if (best && best->score.feasible) {
        for (int i = 0; i < o->n_par; i++) o->par[i].initial = best->x[i];
    }
}

static tp_status set_one(const tp_optpar *p, double x, tp_arena mem,
                         tp_nutmeg *m, tp_err *err)
{
    char   v[TP_NUMBER_MAX];
    tp_str line =
        tp_str_fmt(&mem, "let %.*s = %s", TP_F(p->name), tp_exact(x, v));
    return tp_nutmeg_line(m, line, (tp_place){0}, NULL, err);
}

tp_status tp_optimize_apply(const tp_optimize *o, tp_nutmeg *m, tp_err *err)
{
    for (int i = 0; i < o->n_par; i++)
        if (!isnan(o->par[i].initial))
            TP_TRY(set_one(&o->par[i], o->par[i].initial, o->mem, m, err));
    return TP_OK;
}

tp_status tp_optimize_set(const tp_optimize *o, const double *x, tp_nutmeg *m,
                          tp_err *err)
{
    for (int i = 0; i < o->n_par; i++)
        TP_TRY(set_one(&o->par[i], x[i], o->mem, m, err));
    return TP_OK;
}
