/* The populations that a method wants kept (psade's sfreq): each is an event
   of the log, like all else that a run does. */
#include "run/inside.h"

/* told, then n rows of values, n costs and n misses. */
static tp_str pack(const tp_population *p, int n_var, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_pack_int(&b, p->told);
    tp_pack_doubles(&b, p->x, p->n * n_var);
    tp_pack_doubles(&b, p->f, p->n);
    tp_pack_doubles(&b, p->miss, p->n);
    return tp_buf_str(&b);
}

/* The method's population in the variables' own units. */
static tp_population real_ones(tp_run *r, const tp_people *p)
{
    int     n = r->space.n;
    double *x = TP_NEW(&r->mem, double, (ptrdiff_t)p->n *n);
    double *f = TP_NEW(&r->mem, double, p->n);
    double *miss = TP_NEW(&r->mem, double, p->n);
    for (int i = 0; i < p->n; i++) {
        tp_space_real(&r->space, p->x + (ptrdiff_t)i * n, x + (ptrdiff_t)i * n);
        f[i] = p->f[i];
        miss[i] = p->miss[i];
    }
    return (tp_population){p->told, p->n, x, f, miss};
}

tp_status tp_population_keep(tp_run *r, tp_err *err)
{
    if (!r->method->people) return TP_OK;
    tp_people p = r->method->people(&r->opt);
    int       n = r->n_population;
    if (!p.told || (n && r->population[n - 1].told == p.told)) return TP_OK;
    tp_population *kept =
        TP_PUSH(&r->mem, r->population, r->n_population, r->cap_population);
    *kept = real_ones(r, &p);
    tp_arena mem = r->scratch;
    return tp_record_event(r, TP_S("population"), pack(kept, r->space.n, &mem),
                           err);
}

int tp_run_populations(const tp_run *r, const tp_population **population)
{
    *population = r->population;
    return r->n_population;
}
