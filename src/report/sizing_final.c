/* The final report of a sizing run: the best design device by device, every
   corner, and what is met. */
#include "report/sizing.h"

#include <math.h>
#include <string.h>

static const char line[] = "\u2550"; /* box drawing, double */

static const struct {
    const char *status, *words;
} words[] = {
    {"converged", "CONVERGED"}, {"limit", "STOPPED AT ITS LIMIT"},
    {"stopped", "STOPPED"},     {"interrupted", "INTERRUPTED"},
    {"failed", "FAILED"},
};

static const char *status_words(tp_str status)
{
    for (int i = 0; i < TP_COUNT(words); i++)
        if (tp_str_eq(status, tp_str_of(words[i].status)))
            return words[i].words;
    return "UNFINISHED";
}

/* "47 min", "1.2 h", "4.06 s" */
static tp_str duration(double seconds, tp_arena *mem)
{
    if (seconds < 90) return tp_str_fmt(mem, "%.3g s", seconds);
    if (seconds < 5400) return tp_str_fmt(mem, "%.3g min", seconds / 60);
    return tp_str_fmt(mem, "%.3g h", seconds / 3600);
}

static void put_head(tp_buf *b, const tp_account *a)
{
    double simulated = 0;
    tp_buf head = {.mem = b->mem};
    tp_buf_fmt(&head, "%s%s OPTIMIZATION COMPLETE ", line, line);
    tp_put_rule(b, line, tp_buf_str(&head));
    for (int i = 0; i < a->n_trial; i++) simulated += a->trial[i].sim_seconds;
    tp_buf_fmt(b, "Status: %s after %d iterations", status_words(a->run.status),
               a->n_trial);
    if (a->problem->n_phase && a->n_trial)
        tp_buf_fmt(b, " (Phase %d)", a->trial[a->n_trial - 1].phase + 1);
    tp_buf_fmt(b, ": %.*s, %.*s", TP_F(a->run.reason), TP_F(a->run.method));
    if (a->run.n_failed) tp_buf_fmt(b, ", %d failed", a->run.n_failed);
    tp_buf_fmt(b, "\nTotal simulation time: %.*s",
               TP_F(duration(simulated, b->mem)));
    tp_put_spared(b, a);
    tp_buf_char(b, '\n');
}

/* What follows the first _ of a name; "" none. */
static tp_str tag_of(tp_str name)
{
    ptrdiff_t at = tp_str_find(name, '_', 0);
    return at < 0 ? TP_S("") : tp_str_from(name, at + 1);
}

static tp_str tag_at(const tp_problem *p, int value)
{
    return tag_of(value < p->space.n ? p->space.var[value].name
                                     : p->derived[value - p->space.n].name);
}

/* The first value with its tag. */
static bool first_of_tag(const tp_problem *p, int value)
{
    tp_str tag = tag_at(p, value);
    for (int i = 0; i < value; i++)
        if (tp_str_same(tag_at(p, i), tag)) return false;
    return true;
}

/* A device a line: its variables, then what follows from them. */
static void put_design(tp_buf *b, const tp_problem *p, const tp_trial *t)
{
    int n = p->space.n + p->n_derived;
    tp_buf_fmt(b, "Best Design (iteration %d):\n", t->number);
    for (int i = 0; i < n; i++) {
        tp_str tag = tag_at(p, i);
        if (!tag.len || !first_of_tag(p, i)) continue;
        tp_buf_char(b, ' ');
        tp_put_variables(b, p, t->x, tag);
        if (i < p->space.n) tp_buf_add(b, TP_S(" \u2192"));
        tp_put_derived(b, p, t, tag);
        tp_buf_char(b, '\n');
    }
    bool any = false;
    for (int i = 0; i < n; i++) {
        if (tag_at(p, i).len) continue;
        bool   own = i < p->space.n;
        int    k = i - p->space.n;
        tp_str name = own ? p->space.var[i].name : p->derived[k].name;
        tp_str unit = own ? p->space.var[i].unit : p->derived[k].unit;
        double v = own ? t->x[i] : t->derived[k];
        tp_buf_fmt(b, "%s%.*s=%.*s", any ? " " : "  ", TP_F(name),
                   TP_F(tp_short(v, unit, NAN, b->mem)));
        any = true;
    }
    if (any) tp_buf_char(b, '\n');
}

static void put_cell(tp_buf *b, tp_str text, int width)
{
    tp_buf_fmt(b, " %*.*s", width, TP_F(text));
}

static int width_of(const tp_problem *p, const tp_spec *s)
{
    int n = (int)p->measure[s->measure].name.len;
    return n < 7 ? 7 : n;
}

static bool is_missed(const tp_spec *s, const tp_reading *r)
{
    return !r->ok || r->value < s->min || r->value > s->max;
}

static bool is_marginal(const tp_spec *s, const tp_reading *r)
{
    return r->ok && tp_is_marginal(s, r->value);
}

/* " (gain_db, gbw_hz missed" of the specs that are so; whether any was. */
static bool put_names(tp_buf *b, const tp_problem *p, const tp_reading *r,
                      bool (*is)(const tp_spec *s, const tp_reading *r),
                      const char *before, const char *word)
{
    bool any = false;
    for (int i = 0; i < p->n_spec; i++) {
        const tp_spec *s = &p->spec[i];
        if (!is(s, &r[s->measure])) continue;
        tp_buf_fmt(b, "%s%.*s", any ? ", " : before,
                   TP_F(p->measure[s->measure].name));
        any = true;
    }
    if (any) tp_buf_fmt(b, " %s", word);
    return any;
}

/* "  ff_27:  70.1  12.8M ... v (power marginal)" */
static void put_corner(tp_buf *b, const tp_problem *p, const tp_trial *t,
                       int corner)
{
    tp_str name = p->n_corner ? p->corner[corner].name : TP_S("nominal");
    tp_buf_fmt(b, "  %-10.*s", TP_F(tp_str_fmt(b->mem, "%.*s:", TP_F(name))));
    for (int i = 0; i < p->n_spec; i++) {
        const tp_spec    *s = &p->spec[i];
        const tp_reading *r = &t->reading[corner * p->n_measure + s->measure];
        double            limit = tp_near_limit(s, r->value);
        put_cell(b,
                 r->ok ? tp_short(r->value, TP_S(""), limit, b->mem)
                       : TP_S("none"),
                 width_of(p, s));
    }
    tp_buf_fmt(b, "  %s",
               tp_corner_met(p, t->reading, corner) ? "\u2713" : "\u2717");
    const tp_reading *own = t->reading + (ptrdiff_t)corner * p->n_measure;
    bool              missed = put_names(b, p, own, is_missed, " (", "missed");
    bool              near =
        put_names(b, p, own, is_marginal, missed ? "; " : " (", "marginal");
    tp_buf_add(b, missed || near ? TP_S(")\n") : TP_S("\n"));
}

static void put_corners(tp_buf *b, const tp_problem *p, const tp_trial *t)
{
    int met = 0, n = 0;
    tp_buf_fmt(b, "Corner Results:\n  %-10s", "");
    for (int i = 0; i < p->n_spec; i++)
        put_cell(b, p->measure[p->spec[i].measure].name,
                 width_of(p, &p->spec[i]));
    tp_buf_char(b, '\n');
    for (int c = 0; c < tp_problem_corners(p); c++) {
        if (!tp_problem_asked(p, t->reading, c)) continue;
        put_corner(b, p, t, c);
        n++;
        met += tp_corner_met(p, t->reading, c);
    }
    tp_buf_fmt(b, met == n ? "All specs met" : "NOT all specs met");
    if (p->n_phase) tp_buf_fmt(b, " across Phase %d corners", t->phase + 1);
    if (met < n && t->score.feasible)
        tp_buf_add(b, TP_S(" to the letter, though within ctol"));
    tp_buf_fmt(b, " (%d of %d corners).\n", met, n);
}

tp_str tp_report_sizing(const tp_account *a, tp_str history, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    put_head(&b, a);
    if (a->best) {
        const tp_trial *t = &a->trial[a->best - 1];
        put_design(&b, a->problem, t);
        put_corners(&b, a->problem, t);
        tp_put_proof(&b, a, false);
        tp_buf_fmt(&b, "again: %.*s\n", TP_F(tp_reproduce(a->problem, t, mem)));
    } else {
        tp_put_nothing(&b, a);
    }
    if (history.len) tp_buf_fmt(&b, "History: %.*s\n", TP_F(history));
    tp_put_rule(&b, line, TP_S(""));
    return tp_buf_str(&b);
}
