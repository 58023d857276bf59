/* What a method leaves besides its trials: psade's populations as plots
   psade_popN, and the outfile of parameter_space. */
#include "report/report.h"
#include "script/session.h"

#include <math.h>

enum { PLOTS_MAX = 1000 };

static const double *counted(int n, tp_arena *mem)
{
    double *x = TP_NEW(mem, double, n);
    for (int i = 0; i < n; i++) x[i] = i + 1;
    return x;
}

/* Costs; a gap where the point has none or broke a condition. */
static const double *costs(const tp_population *p, tp_arena *mem)
{
    double *y = TP_NEW(mem, double, p->n);
    for (int i = 0; i < p->n; i++) y[i] = p->miss[i] > 0 ? NAN : p->f[i];
    return y;
}

static const double *column(const tp_population *p, int k, int n, tp_arena *mem)
{
    double *y = TP_NEW(mem, double, p->n);
    for (int i = 0; i < p->n; i++) y[i] = p->x[(ptrdiff_t)i * n + k];
    return y;
}

static void add_population(tp_session *s, const tp_population *p)
{
    const tp_optimize *o = &s->optimize;
    tp_arena           mem = s->mem;
    int                k = 0, n = o->n_par;
    tp_wave           *w = TP_NEW(&mem, tp_wave, 2 + 2 * n);
    const double      *number = counted(p->n, &mem);
    w[k++] = (tp_wave){.name = TP_S("individual"), .re = number};
    w[k++] = (tp_wave){.name = TP_S("cost"), .re = costs(p, &mem)};
    for (int i = 0; i < n; i++) {
        const double *y = column(p, i, n, &mem);
        tp_str number_name = tp_str_fmt(&mem, "parameter%d", o->par[i].number);
        w[k++] = (tp_wave){.name = o->par[i].name, .re = y};
        w[k++] = (tp_wave){.name = number_name, .re = y};
    }
    for (int i = 0; i < k; i++) {
        w[i].n = p->n;
        w[i].x = number;
    }
    tp_plot plot = {.kind = TP_S("psade_pop"),
                    .ordinal = TP_S("psade_pop1"),
                    .id = TP_S("psade_pop"),
                    .x_name = TP_S("individual"),
                    .n_wave = k,
                    .wave = w,
                    .op = -1};
    tp_nutmeg_add_plot(s->nutmeg, &plot, false);
}

void tp_optimize_populations(tp_session *s, const tp_run *r)
{
    const tp_population *p;
    int                  n = tp_run_populations(r, &p);
    int                  first = n > PLOTS_MAX ? n - PLOTS_MAX : 0;
    if (first && s->setup.warning) {
        tp_arena mem = s->mem;
        tp_str   text = tp_str_fmt(&mem,
                                   "sfreq: %d populations were kept; plots are "
                                     "made of the last %d, all are in the store",
                                   n, PLOTS_MAX);
        s->setup.warning(s->setup.with, text);
    }
    for (int i = first; i < n; i++) add_population(s, &p[i]);
}

void tp_optimize_drop_populations(tp_nutmeg *m)
{
    const tp_plot *plot;
    for (int i = tp_nutmeg_plots(m, &plot, NULL) - 1; i >= 0; i--)
        if (tp_str_eq(plot[i].kind, TP_S("psade_pop")))
            tp_nutmeg_destroy_plot(m, plot[i].ordinal);
}

/* ---- outfile ------------------------------------------------------------- */

tp_status tp_optimize_outfile(const tp_optimize *o, tp_str *out, tp_arena *mem,
                              tp_err *err)
{
    void *settings;
    TP_TRY(tp_opt_settings(&settings, o->method, o->method_list, mem, err));
    *out = tp_opt_outfile(o->method, settings);
    return TP_OK;
}

tp_status tp_optimize_write_points(tp_session *s, const tp_problem *p,
                                   const tp_run *r, tp_err *err)
{
    tp_str     name;
    tp_account a;
    tp_arena   mem = tp_arena_open((ptrdiff_t)1 << 34);
    tp_status  st = tp_optimize_outfile(&s->optimize, &name, &mem, err);
    if (!st && name.len) {
        tp_account_of of = {p, tp_run_space(r), s->store, tp_run_id(r), 0.5};
        st = tp_account_read(&a, &of, &mem, err);
        if (!st)
            st = tp_nutmeg_write(s->nutmeg, name, tp_report_points(&a, &mem),
                                 err);
    }
    tp_arena_close(&mem);
    return st;
}
