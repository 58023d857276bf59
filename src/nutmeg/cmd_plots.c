/* Plots as a whole, and the cursor. */
#include "nutmeg/inside.h"

static void list_plots(tp_nutmeg *m)
{
    tp_nm_print(m, TP_S("List of plots available:\n\n"));
    for (int i = m->n_plot - 1; i >= 0; i--) {
        const tp_nm_plot *p = &m->plot[i];
        tp_nutmeg_print(m, "%s%.*s\t%.*s (%s)\n",
                        i == m->current ? "Current " : "\t", TP_F(p->name),
                        TP_F(p->title), tp_nm_plot_words(p));
    }
}

static tp_status no_plot(tp_nutmeg *m, const char *command, tp_str name,
                         tp_err *err)
{
    tp_str *all = TP_NEW(&m->scratch, tp_str, m->n_plot);
    for (int i = 0; i < m->n_plot; i++) all[i] = m->plot[i].name;
    tp_str mean = tp_did_you_mean(&m->scratch, name, all, m->n_plot);
    return tp_fail(err, TP_BAD_INPUT, "%s: no such plot '%.*s'%.*s", command,
                   TP_F(name), TP_F(mean));
}

/* previous is the one made before, next the one made after. */
static tp_status setplot(tp_nutmeg *m, void *owner, tp_str rest,
                         const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)rest;
    if (n == 0) {
        list_plots(m);
        return TP_OK;
    }
    bool next = tp_str_eq(arg[0], TP_S("next"));
    if (next || tp_str_eq(arg[0], TP_S("previous"))) {
        int to = m->current + (next ? 1 : -1);
        if (to < 0 || to >= m->n_plot)
            return tp_fail(err, TP_BAD_INPUT, "setplot: there is no %.*s plot",
                           TP_F(arg[0]));
        m->current = to;
        return TP_OK;
    }
    if (tp_str_eq(arg[0], TP_S("new"))) {
        if (!tp_nm_plot_new(m, TP_S("unknown")))
            return tp_fail(err, TP_LIMIT, "setplot: over %d plots",
                           TP_NM_PLOTS_MAX);
        return TP_OK;
    }
    tp_nm_plot *p = tp_nm_plot_named(m, arg[0]);
    if (!p) return no_plot(m, "setplot", arg[0], err);
    m->current = (int)(p - m->plot);
    return TP_OK;
}

static tp_status destroy(tp_nutmeg *m, void *owner, tp_str rest,
                         const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)rest;
    tp_str current = tp_nm_current(m)->name;
    for (int i = 0; i < (n > 0 ? n : 1); i++) {
        tp_str name = n > 0 ? arg[i] : current;
        if (tp_str_eq(name, TP_S("all"))) {
            while (m->n_plot > 1) tp_nm_plot_drop(m, m->n_plot - 1);
            continue;
        }
        tp_nm_plot *p = tp_nm_plot_named(m, name);
        if (!p) return no_plot(m, "destroy", name, err);
        if (p == m->plot)
            return tp_fail(err, TP_BAD_INPUT,
                           "destroy: the plot 'const' can't be destroyed");
        tp_nm_plot_drop(m, (int)(p - m->plot));
    }
    return TP_OK;
}

static bool is_plot_name(tp_str s)
{
    if (s.len == 0 || s.len > 200 || !tp_is_alpha(s.at[0])) return false;
    for (ptrdiff_t i = 0; i < s.len; i++)
        if (!tp_is_alpha(s.at[i]) && !tp_is_digit(s.at[i]) && s.at[i] != '_')
            return false;
    return true;
}

static tp_status nameplot(tp_nutmeg *m, void *owner, tp_str rest,
                          const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)rest;
    tp_nm_plot *p = n > 1 ? tp_nm_plot_named(m, arg[0]) : tp_nm_current(m);
    tp_str      name = tp_str_lower(&m->scratch, arg[n - 1]);
    if (!p) return no_plot(m, "nameplot", arg[0], err);
    if (p == m->plot)
        return tp_fail(err, TP_BAD_INPUT,
                       "nameplot: the plot 'const' keeps its name");
    tp_nm_plot *other = tp_nm_plot_named(m, name);
    if (!is_plot_name(name) || (other && other != p))
        return tp_fail(err, TP_BAD_INPUT, "nameplot: '%.*s' %s", TP_F(name),
                       other ? "is the name of another plot"
                             : "is no name for a plot (letters, digits, '_')");
    tp_nm_give(&m->heap, p->name.at);
    p->name = tp_nm_keep(&m->heap, name);
    return TP_OK;
}

/* ---- cursor ------------------------------------------------------------- */

/* The fractional index of the next crossing beyond `c`; NAN none. */
static double crossing_after(const tp_wave *w, double level, double c,
                             bool right)
{
    double edge = 1e-9 * (1 + fabs(c));
    int    k = right ? (int)floor(c) : (int)ceil(c) - 1;
    for (; k >= 0 && k + 1 < w->n; k += right ? 1 : -1) {
        double a = w->re[k] - level, b = w->re[k + 1] - level, at;
        if (a == b || (a < 0 && b < 0) || (a > 0 && b > 0)) continue;
        at = k + a / (a - b);
        if (right ? at > c + edge : at < c - edge) return at;
    }
    return NAN;
}

static tp_status cursor(tp_nutmeg *m, void *owner, tp_str rest,
                        const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)arg, (void)n;
    tp_str  name = tp_nm_word(&rest), way = tp_nm_word(&rest), plain;
    tp_str  part[4] = {{0}};
    tp_wave w, at;
    double  level = 0, count = 1, c = 0;
    bool    right = tp_str_eq(way, TP_S("right")), prefixed;
    int     parts = 0;
    while (parts < 4 && (part[parts] = tp_nm_word(&rest)).len > 0) parts++;
    if (parts < 2 || parts > 3 || (!right && !tp_str_eq(way, TP_S("left"))))
        return tp_fail(err, TP_BAD_INPUT,
                       "cursor: wanted NAME right|left VECTOR LEVEL [COUNT]");
    TP_TRY(tp_nm_vector_of(m, part[0], &w, err));
    TP_TRY(tp_nm_number_of(m, part[1], &level, err));
    if (parts > 2) TP_TRY(tp_nm_number_of(m, part[2], &count, err));
    if (w.im || !(count >= 1 && count < 1e9))
        return tp_fail(err, TP_BAD_INPUT,
                       w.im ? "cursor: the vector is complex; take mag() or "
                              "another real part of it"
                            : "cursor: the count has to be 1 or more");
    plain = name;
    tp_nm_plot   *p = tp_nm_split(m, &plain, &prefixed);
    tp_nm_vector *v = tp_nm_vector_find(m, p, plain);
    if (!v && !prefixed && !tp_nm_is_constant(m, plain))
        v = tp_nm_vector_find(m, m->plot, plain);
    if (v && p != m->plot && tp_nm_vector_find(m, p, plain) != v) p = m->plot;
    if (v && v->n > 0 && !(p == m->plot && tp_nm_is_constant(m, plain)))
        c = v->re[0];
    for (int i = 0; i < (int)count; i++) {
        double to = crossing_after(&w, level, c, right);
        if (isnan(to))
            return tp_fail(err, TP_BAD_INPUT,
                           "cursor: '%.*s' does not cross %g %.*s of index %g"
                           " (crossing %d of %d)",
                           TP_F(part[0]), level, TP_F(way), c, i + 1,
                           (int)count);
        c = to;
    }
    at = (tp_wave){.name = plain, .n = 1, .re = &c};
    return tp_nm_vector_put(m, p, &at, err);
}

const tp_nutmeg_command tp_nm_plot_commands[] = {
    {"setplot", "[NAME|new|previous|next]", 0, 1, false,
     "Shows the plots, or makes one the current one.", setplot},
    {"destroy", "[all|NAME...]", 0, -1, false,
     "Takes plots away: the current one, those named, or all.", destroy},
    {"nameplot", "[PLOT] NAME", 1, 2, false, "Gives a plot another name.",
     nameplot},
    {"cursor", "NAME right|left VECTOR LEVEL [COUNT]", 1, -1, true,
     "Moves a cursor, a vector that holds an index with its fraction, to the "
     "next place where the vector crosses the level.",
     cursor},
    {0},
};
