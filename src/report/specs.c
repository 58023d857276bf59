/* Tables of a problem with specs and corners: limits beside the worst corner,
   what was derived, every corner's values. */
#include "report/format.h"

#include <math.h>

/* "min 70 dB, target 80 dB". */
static tp_str limits(const tp_spec *s, tp_str unit, tp_arena *mem)
{
    const struct {
        const char *word;
        double      v;
    } part[] = {{"min", s->min}, {"max", s->max}, {"target", s->target}};
    tp_buf b = {.mem = mem};
    for (int i = 0; i < TP_COUNT(part); i++)
        if (!isnan(part[i].v))
            tp_buf_fmt(&b, "%s%s %.*s", b.len ? ", " : "", part[i].word,
                       TP_F(tp_engineered(part[i].v, unit, mem)));
    return b.len ? tp_buf_str(&b) : TP_S("");
}

static const tp_spec *spec_of(const tp_problem *p, int measure)
{
    for (int i = 0; i < p->n_spec; i++)
        if (p->spec[i].measure == measure) return &p->spec[i];
    return NULL;
}

/* Signed distance to the nearest limit over its scale, > 0: met; infinite: no
   limit. */
static double spec_margin(const tp_spec *s, double v)
{
    double margin = INFINITY;
    if (!isnan(s->min)) margin = fmin(margin, (v - s->min) / s->min_scale);
    if (!isnan(s->max)) margin = fmin(margin, (s->max - v) / s->max_scale);
    return margin;
}

static tp_str value_cell(const tp_measure *m, const tp_spec *s,
                         const tp_reading *r, tp_arena *mem)
{
    if (!r->ok) return TP_S("none");
    tp_str unit = tp_unit_of(m, r);
    if (s && !isnan(s->min)) return tp_beside(r->value, s->min, unit, mem);
    if (s && !isnan(s->max)) return tp_beside(r->value, s->max, unit, mem);
    return tp_engineered(r->value, unit, mem);
}

static tp_str verdict(const tp_spec *s, const tp_reading *r, double ctol,
                      tp_arena *mem)
{
    if (!r->ok) return r->why;
    if (!s) return (tp_str){"", 0};
    double margin = spec_margin(s, r->value);
    if (isinf(margin)) return (tp_str){"", 0};
    return tp_str_fmt(mem, "%+.3g %% %s", 100 * margin,
                      margin >= 0       ? "met"
                      : margin >= -ctol ? "met within ctol"
                                        : "NOT MET");
}

void tp_specs_table(tp_buf *b, const tp_problem *p, const tp_trial *t,
                    double ctol)
{
    tp_table tab = {.mem = b->mem, .n_col = 5, .right = 0x4};
    tp_str  *c = tp_table_row(&tab);
    bool     corners = p->n_corner > 1;
    c[0] = TP_S("spec");
    c[1] = TP_S("limits");
    c[2] = corners ? TP_S("worst") : TP_S("value");
    if (corners) c[3] = TP_S("corner");
    c[4] = TP_S("margin");
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        const tp_spec    *s = spec_of(p, i);
        int               corner;
        const tp_reading *r = tp_problem_worst(p, t->reading, i, &corner);
        c = tp_table_row(&tab);
        c[0] = m->name;
        c[1] = s ? limits(s, tp_unit_of(m, r), b->mem) : TP_S("watch");
        c[2] = value_cell(m, s, r, b->mem);
        if (corners) c[3] = p->corner[corner].name;
        c[4] = verdict(s, r, ctol, b->mem);
    }
    tp_table_print(b, &tab, "  ");
}

void tp_derived_table(tp_buf *b, const tp_problem *p, const tp_trial *t)
{
    tp_table tab = {.mem = b->mem, .n_col = 3, .right = 0x2};
    for (int i = 0; t->derived && i < p->n_derived; i++) {
        tp_str *c = tp_table_row(&tab);
        c[0] = p->derived[i].name;
        c[1] = tp_engineered(t->derived[i], p->derived[i].unit, b->mem);
        c[2] = p->derived[i].text;
    }
    tp_table_print(b, &tab, "  ");
}

enum { WIDE = TP_TABLE_COLUMNS - 1 };

/* A row per corner, as many measures beside each other as fit. */
void tp_corners_table(tp_buf *b, const tp_problem *p, const tp_trial *t)
{
    for (int from = 0; from < p->n_measure; from += WIDE) {
        int      n = p->n_measure - from < WIDE ? p->n_measure - from : WIDE;
        tp_table tab = {.mem = b->mem, .n_col = n + 1, .right = 0xfe};
        tp_str  *c = tp_table_row(&tab);
        c[0] = TP_S("corner");
        for (int i = 0; i < n; i++) c[i + 1] = p->measure[from + i].name;
        for (int k = 0; k < p->n_corner; k++) {
            const tp_reading *r = t->reading + (ptrdiff_t)k * p->n_measure;
            if (!tp_problem_asked(p, t->reading, k)) continue;
            c = tp_table_row(&tab);
            c[0] = p->corner[k].name;
            for (int i = from; i < from + n; i++)
                c[i - from + 1] =
                    value_cell(&p->measure[i], spec_of(p, i), &r[i], b->mem);
        }
        tp_table_print(b, &tab, "  ");
    }
}

void tp_cost_line(tp_buf *b, const tp_problem *p, const tp_trial *t)
{
    tp_cost c = tp_problem_cost_worst(p, t->reading);
    tp_buf_fmt(b, "cost %.4g (%s)", c.cost,
               c.feasible ? "feasible" : "infeasible");
    if (p->n_phase) tp_buf_fmt(b, ", phase %d of %d", t->phase + 1, p->n_phase);
    tp_buf_char(b, '\n');
}
