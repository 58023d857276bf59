/* plot: curves as pictures, SVG and PNG, beside the script. */
#include "nutmeg/inside.h"
#include "plot/plot.h"

typedef struct picture {
    tp_nutmeg *m;
    tp_graph   graph;
    double     x_lim[2], y_lim[2]; /* lo > hi: none */
    tp_curve  *curve;
    int        n, cap;
    bool       x_log_given, y_log_given;
    tp_str     title, x_label, y_label;
    tp_err    *err;
} picture;

/* ---- options ------------------------------------------------------------ */

static tp_status limits(picture *p, tp_str *rest, double *lim)
{
    for (int i = 0; i < 2; i++)
        TP_TRY(tp_nm_number_of(p->m, tp_nm_word(rest), &lim[i], p->err));
    if (lim[0] < lim[1]) return TP_OK;
    return tp_fail(p->err, TP_BAD_INPUT,
                   "plot: the limits %g %g are not in order", lim[0], lim[1]);
}

static tp_status x_limit(picture *p, tp_str *rest)
{
    return limits(p, rest, p->x_lim);
}
static tp_status y_limit(picture *p, tp_str *rest)
{
    return limits(p, rest, p->y_lim);
}
static tp_str text(picture *p, tp_str *rest)
{
    return tp_nm_unquote(tp_nm_word(rest), &p->m->scratch);
}
static tp_status title(picture *p, tp_str *rest)
{
    p->graph.title = text(p, rest);
    return TP_OK;
}
static tp_status x_label(picture *p, tp_str *rest)
{
    p->x_label = text(p, rest);
    return TP_OK;
}
static tp_status y_label(picture *p, tp_str *rest)
{
    p->y_label = text(p, rest);
    return TP_OK;
}
static tp_status x_log(picture *p, tp_str *rest)
{
    (void)rest;
    p->graph.x_log = p->x_log_given = true;
    return TP_OK;
}
static tp_status y_log(picture *p, tp_str *rest)
{
    (void)rest;
    p->graph.y_log = p->y_log_given = true;
    return TP_OK;
}
static tp_status log_log(picture *p, tp_str *rest)
{
    TP_TRY(x_log(p, rest));
    return y_log(p, rest);
}
static tp_status linear(picture *p, tp_str *rest)
{
    (void)rest;
    p->graph.x_log = p->graph.y_log = false;
    p->x_log_given = p->y_log_given = true;
    return TP_OK;
}

static const struct option {
    const char *name;
    tp_status (*read)(picture *p, tp_str *rest);
} options[] = {
    {"xlimit", x_limit}, {"xl", x_limit},    {"ylimit", y_limit},
    {"yl", y_limit},     {"title", title},   {"xlabel", x_label},
    {"ylabel", y_label}, {"xlog", x_log},    {"ylog", y_log},
    {"loglog", log_log}, {"linear", linear},
};

static const struct option *option_of(tp_str word)
{
    for (int i = 0; i < TP_COUNT(options); i++)
        if (tp_str_same(word, tp_str_of(options[i].name))) return &options[i];
    return NULL;
}

/* Takes the options out; what is left are expressions. */
static tp_status take_options(picture *p, tp_str rest, tp_str *expressions)
{
    tp_buf b = {.mem = &p->m->scratch};
    tp_str word;
    while (tp_str_trim(rest).len > 0) {
        word = tp_nm_word(&rest);
        const struct option *o = option_of(word);
        if (!o) {
            tp_buf_add(&b, word);
            tp_buf_char(&b, ' ');
            continue;
        }
        TP_TRY(o->read(p, &rest));
    }
    *expressions = tp_buf_str(&b);
    return TP_OK;
}

/* ---- curves ------------------------------------------------------------- */

static tp_mark mark_of(const tp_nutmeg *m)
{
    tp_str type = tp_nutmeg_get(m, TP_S("plottype"));
    if (tp_str_same(type, TP_S("point"))) return TP_MARK_POINTS;
    return tp_str_same(type, TP_S("comb")) ? TP_MARK_STEP : TP_MARK_LINE;
}

static bool outside(double v, const double *lim)
{
    return lim[0] < lim[1] && (v < lim[0] || v > lim[1]);
}

static tp_status add_curve(picture *p, const tp_wave *y, const tp_wave *over)
{
    tp_arena *mem = &p->m->scratch;
    int       n = over->n < y->n ? over->n : y->n;
    double   *xs = TP_NEW(mem, double, n + 1), *ys = TP_NEW(mem, double, n + 1);
    if (over->n > 1 && y->n > 1 && over->n != y->n)
        return tp_fail(p->err, TP_BAD_INPUT,
                       "plot: '%.*s' has %d values, its scale '%.*s' %d",
                       TP_F(y->name), y->n, TP_F(over->name), over->n);
    for (int i = 0; i < n; i++) {
        xs[i] = over->re[i];
        ys[i] = y->re[i];
        if (outside(xs[i], p->x_lim) || outside(ys[i], p->y_lim)) ys[i] = NAN;
    }
    TP_PUSH(mem, p->curve, p->n, p->cap);
    p->curve[p->n - 1] = (tp_curve){.label = y->name,
                                    .n = n,
                                    .x = xs,
                                    .y = ys,
                                    .mark = mark_of(p->m),
                                    .colour = -1};
    if (p->n == 1) {
        p->graph.x_label = over->name;
        p->graph.x_unit = over->unit;
        p->graph.y_unit = y->unit;
    }
    if (!tp_str_eq(p->graph.y_unit, y->unit)) p->graph.y_unit = (tp_str){0};
    return TP_OK;
}

/* What a vector without `vs` is drawn over: its scale, or the index. */
static tp_wave own_scale(picture *p, const tp_wave *y)
{
    tp_plot view = tp_nm_view(p->m, tp_nm_current(p->m));
    tp_wave x = {.name = view.x_name, .unit = y->x_unit, .n = y->n, .re = y->x};
    if (y->x) return x;
    double *index = TP_NEW(&p->m->scratch, double, y->n + 1);
    for (int i = 0; i < y->n; i++) index[i] = i;
    return (tp_wave){.name = TP_S("index"), .n = y->n, .re = index};
}

/* The curves of a group over one scale, or over their own with NULL. Complex
   vectors are drawn as their real part, as Nutmeg does. */
static tp_status add_group(picture *p, const tp_str *part, int n,
                           const tp_wave *over)
{
    for (int i = 0; i < n; i++) {
        tp_wave y, own;
        TP_TRY(tp_nm_vector_of(p->m, part[i], &y, p->err));
        y.name = tp_nm_shown_name(y.name, &p->m->scratch);
        if (!over) own = own_scale(p, &y);
        TP_TRY(add_curve(p, &y, over ? over : &own));
    }
    return TP_OK;
}

/* `vs` and a scale end a group; the last one may go without. */
static tp_status add_curves(picture *p, tp_str expressions)
{
    const tp_str *part = NULL;
    tp_nutmeg    *m = p->m;
    int           n = tp_nm_expressions(expressions, &part, &m->scratch);
    for (int i = 0, first = 0; i < n; i++) {
        tp_wave over;
        bool    vs = i + 2 < n && tp_str_same(part[i + 1], TP_S("vs"));
        bool    group_ends = i + 1 == n || vs;
        if (!group_ends) continue;
        if (vs) TP_TRY(tp_nm_vector_of(m, part[i + 2], &over, p->err));
        TP_TRY(add_group(p, part + first, i + 1 - first, vs ? &over : NULL));
        if (vs) i += 2;
        first = i + 1;
    }
    return TP_OK;
}

/* ---- the files ---------------------------------------------------------- */

static tp_status write_picture(picture *p, tp_str name)
{
    tp_nutmeg  *m = p->m;
    const char *path = NULL;
    TP_TRY(tp_nm_path(m, name, &path, p->err));
    TP_TRY(tp_graph_write(&p->graph, path, p->err));
    if (m->setup.sink.file)
        m->setup.sink.file(m->setup.sink.with, tp_str_of(path));
    return TP_OK;
}

static tp_status draw(picture *p, tp_str rest)
{
    tp_str      expressions;
    tp_nm_plot *current = tp_nm_current(p->m);
    TP_TRY(take_options(p, rest, &expressions));
    TP_TRY(add_curves(p, expressions));
    if (p->n == 0)
        return tp_fail(p->err, TP_BAD_INPUT, "plot: nothing to plot");
    if (!p->x_log_given && !p->y_log_given &&
        tp_str_eq(p->graph.x_label, TP_S("frequency")))
        p->graph.x_log = true;
    if (p->x_label.len > 0) {
        p->graph.x_label = p->x_label;
        p->graph.x_unit = TP_S(""); /* the label says it, if it wants to */
    }
    if (p->y_label.len > 0) {
        p->graph.y_label = p->y_label;
        p->graph.y_unit = TP_S("");
    }
    if (p->graph.title.len == 0) p->graph.title = current->title;
    p->graph.n = p->n;
    p->graph.curve = p->curve;
    return TP_OK;
}

static tp_status plot(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                      int n, tp_err *err)
{
    (void)owner, (void)arg, (void)n;
    picture p = {.m = m, .err = err, .x_lim = {1, 0}, .y_lim = {1, 0}};
    tp_str  stem = m->setup.name.len > 0 ? m->setup.name : TP_S("nutmeg");
    TP_TRY(draw(&p, rest));
    m->pictures++;
    static const char *const endings[] = {"svg", "png"};
    for (int i = 0; i < TP_COUNT(endings); i++) {
        tp_str name = tp_str_fmt(&m->scratch, "%.*s-plot%d.%s", TP_F(stem),
                                 m->pictures, endings[i]);
        TP_TRY(write_picture(&p, name));
    }
    return TP_OK;
}

static tp_status hardcopy(tp_nutmeg *m, void *owner, tp_str rest,
                          const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)arg, (void)n;
    picture p = {.m = m, .err = err, .x_lim = {1, 0}, .y_lim = {1, 0}};
    tp_str  name = tp_nm_unquote(tp_nm_word(&rest), &m->scratch);
    TP_TRY(draw(&p, rest));
    return write_picture(&p, name);
}

#define TAKES_PLOT                                                            \
    "EXPRESSION... [vs SCALE] ... [xlimit LO HI] [ylimit LO HI] [title TEXT]" \
    " [xlabel TEXT] [ylabel TEXT] [xlog|ylog|loglog|linear]"

const tp_nutmeg_command tp_nm_graph_commands[] = {
    {"plot", TAKES_PLOT, 1, -1, true,
     "Draws curves into NAME-plotN.svg and .png; each group before a `vs` has "
     "its own scale.",
     plot},
    {"hardcopy", "FILE " TAKES_PLOT, 2, -1, true,
     "Draws curves into a file: .svg or .png.", hardcopy},
    {0},
};
