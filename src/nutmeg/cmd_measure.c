/* meas: measures on the vectors of a plot, in full precision (ngspice manual,
   ".measure"). */
#include "nutmeg/inside.h"

typedef struct measure {
    tp_nutmeg *m;
    tp_str     rest;
    tp_err    *err;
} measure;

typedef struct window { /* of the scale */
    double from, to;
} window;
static const window everywhere = {-INFINITY, INFINITY};

static tp_status number(measure *s, tp_str text, double *out)
{
    return tp_nm_number_of(s->m, text, out, s->err);
}

/* "name=value", "name = value": cut off the front. */
static bool setting(tp_str *rest, tp_str *name, tp_str *value)
{
    tp_str    s = tp_str_trim(*rest);
    ptrdiff_t i = 0;
    while (i < s.len && (tp_is_alpha(s.at[i]) || s.at[i] == '_')) i++;
    tp_str left = tp_str_part(s, 0, i), after = tp_str_trim(tp_str_from(s, i));
    if (i == 0 || after.len == 0 || after.at[0] != '=') return false;
    *name = left;
    *rest = tp_str_from(after, 1);
    *value = tp_nm_word(rest);
    return true;
}

/* from=, to= and td=, behind which it begins, too. */
static tp_status limit(measure *s, window *w, tp_str name, tp_str value,
                       bool *known)
{
    double v = 0;
    bool   to = tp_str_same(name, TP_S("to"));
    *known =
        to || tp_str_same(name, TP_S("from")) || tp_str_same(name, TP_S("td"));
    if (!*known) return TP_OK;
    TP_TRY(number(s, value, &v));
    if (to)
        w->to = v;
    else
        w->from = fmax(w->from, v);
    return TP_OK;
}

static double value_at(const tp_wave *w, double x)
{
    for (int i = 0; i + 1 < w->n; i++) {
        double a = w->x[i], b = w->x[i + 1];
        if ((a <= x && x <= b) || (b <= x && x <= a))
            return a == b ? w->re[i]
                          : w->re[i] +
                                (w->re[i + 1] - w->re[i]) * (x - a) / (b - a);
    }
    return w->n == 1 && w->x[0] == x ? w->re[0] : NAN;
}

/* "par('v(1) - v(2)')": the expression in it. */
static tp_str without_par(const measure *s, tp_str text)
{
    if (!tp_str_starts(text, TP_S("par(")) || text.at[text.len - 1] != ')')
        return text;
    text = tp_str_trim(tp_str_part(text, 4, text.len - 5));
    return tp_nm_unquote(text, &s->m->scratch);
}

/* Of a complex vector the real part, as ngspice has it. */
static tp_status wave_of(measure *s, tp_str text, tp_wave *out)
{
    TP_TRY(tp_nm_vector_of(s->m, without_par(s, text), out, s->err));
    if (out->im)
        tp_nutmeg_warn(s->m,
                       "meas: '%.*s' is complex: its real part is measured, as "
                       "ngspice does; vm(), vdb() and vp() give others",
                       TP_F(text));
    out->im = NULL;
    if (out->x && out->n > 0) return TP_OK;
    return tp_fail(s->err, TP_BAD_INPUT, "meas: '%.*s' has no scale",
                   TP_F(text));
}

/* ---- over a range ------------------------------------------------------- */

typedef struct sums {
    double lo, hi, lo_x, hi_x; /* extremes and where */
    double area, square, span; /* trapezoids */
    double way;                /* 1, -1: the scale falls */
    int    n;
} sums;

static void add_part(sums *t, double x0, double y0, double x1, double y1)
{
    double dx = fabs(x1 - x0);
    t->area += (y0 + y1) / 2 * dx;
    t->square += (y0 * y0 + y0 * y1 + y1 * y1) / 3 * dx;
    t->span += dx;
}

static void add_point(sums *t, double x, double y)
{
    if (t->n == 0 || y < t->lo) t->lo = y, t->lo_x = x;
    if (t->n == 0 || y > t->hi) t->hi = y, t->hi_x = x;
    t->n++;
}

/* The ends of the range lie between points: straight lines there. */
static sums over_range(const tp_wave *w, double from, double to)
{
    sums t = {.way = w->n > 1 && w->x[1] < w->x[0] ? -1 : 1};
    for (int i = 0; i < w->n; i++)
        if (w->x[i] >= from && w->x[i] <= to) add_point(&t, w->x[i], w->re[i]);
    for (int i = 0; i + 1 < w->n; i++) {
        int    a = t.way < 0 ? i + 1 : i, b = t.way < 0 ? i : i + 1;
        double x0 = w->x[a], y0 = w->re[a], x1 = w->x[b], y1 = w->re[b],
               slope = (y1 - y0) / (x1 - x0);
        if (x1 <= x0 || x1 < from || x0 > to) continue;
        if (x0 < from) y0 += slope * (from - x0), x0 = from;
        if (x1 > to) y1 = y0 + slope * (to - x0), x1 = to;
        if (x0 == from) add_point(&t, x0, y0);
        if (x1 == to) add_point(&t, x1, y1);
        add_part(&t, x0, y0, x1, y1);
    }
    return t;
}

static double pick_max(const sums *t)
{
    return t->hi;
}
static double pick_min(const sums *t)
{
    return t->lo;
}
static double pick_pp(const sums *t)
{
    return t->hi - t->lo;
}
static double pick_max_at(const sums *t)
{
    return t->hi_x;
}
static double pick_min_at(const sums *t)
{
    return t->lo_x;
}
/* Along the sweep. */
static double pick_integ(const sums *t)
{
    return t->way * t->area;
}
static double pick_avg(const sums *t)
{
    return t->span > 0 ? t->area / t->span : t->lo;
}
static double pick_rms(const sums *t)
{
    return t->span > 0 ? sqrt(t->square / t->span) : fabs(t->lo);
}

static const struct range_measure {
    const char *name;
    double (*pick)(const sums *t);
} ranges[] = {
    {"max", pick_max},        {"min", pick_min},       {"pp", pick_pp},
    {"avg", pick_avg},        {"rms", pick_rms},       {"integ", pick_integ},
    {"integral", pick_integ}, {"max_at", pick_max_at}, {"min_at", pick_min_at},
};

static tp_status measure_range(measure *s, const struct range_measure *r,
                               double *out)
{
    tp_str  text = tp_nm_word(&s->rest), name, value;
    tp_wave w;
    window  in = everywhere;
    TP_TRY(wave_of(s, text, &w));
    while (setting(&s->rest, &name, &value)) {
        bool known = false;
        TP_TRY(limit(s, &in, name, value, &known));
        if (!known)
            return tp_fail(s->err, TP_BAD_INPUT,
                           "meas: %s takes from=, to= and td=, got '%.*s'",
                           r->name, TP_F(name));
    }
    sums t = over_range(&w, fmin(in.from, in.to), fmax(in.from, in.to));
    if (t.n == 0)
        return tp_fail(s->err, TP_BAD_INPUT,
                       "meas: '%.*s' has no value from %g to %g", TP_F(text),
                       in.from, in.to);
    *out = r->pick(&t);
    return TP_OK;
}

/* ---- crossings ---------------------------------------------------------- */

typedef struct crossing {
    double level;
    window in;
    int    count; /* -1 the last */
    char   kind;  /* 'c'ross 'r'ise 'f'all */
} crossing;

/* The n-th crossing's place on the scale, NAN none. A wave that touches its
   level crosses it twice, one that begins there is below it (what ngspice
   does); one that stays there crosses when it comes and when it goes. */
static double find_crossing(const tp_wave *w, const crossing *c)
{
    int    n = 0;
    bool   above = w->re[0] > c->level;
    double last = NAN;
    for (int i = 0; i + 1 < w->n; i++) {
        double a = w->re[i] - c->level, b = w->re[i + 1] - c->level;
        bool   rise = !above && b >= 0, fall = above && b <= 0;
        if (a == b || (!rise && !fall)) continue;
        above = rise;
        if (c->kind == (rise ? 'f' : 'r')) continue;
        double x = w->x[i] + (w->x[i + 1] - w->x[i]) * (a / (a - b));
        if (x < c->in.from || x > c->in.to) continue;
        last = x;
        if (++n == c->count) return x;
    }
    return c->count < 0 ? last : NAN;
}

/* "2", "last" */
static tp_status read_count(measure *s, tp_str name, tp_str value, int *out)
{
    double v = -1;
    bool   last = tp_str_same(value, TP_S("last"));
    if (!last) TP_TRY(number(s, value, &v));
    if (!last && !(v >= 1 && v < 1e9))
        return tp_fail(s->err, TP_BAD_INPUT,
                       "meas: %.*s=%.*s: wanted 1, 2, ... or last", TP_F(name),
                       TP_F(value));
    *out = (int)v;
    return TP_OK;
}

/* rise=, fall= and cross=. */
static tp_status which(measure *s, crossing *c, tp_str name, tp_str value,
                       bool *known)
{
    static const char *const kind[] = {"rise", "fall", "cross"};
    for (int i = 0; i < TP_COUNT(kind); i++) {
        if (!tp_str_same(name, tp_str_of(kind[i]))) continue;
        c->kind = kind[i][0];
        *known = true;
        return read_count(s, name, value, &c->count);
    }
    return TP_OK;
}

/* "rise=2 td=1u", "cross=last", "from=1u to=2u fall=1" */
static tp_status read_which(measure *s, crossing *c)
{
    tp_str name, value, look = s->rest;
    c->count = 1;
    c->kind = 'c';
    c->in = everywhere;
    while (setting(&look, &name, &value)) {
        bool known = false;
        TP_TRY(limit(s, &c->in, name, value, &known));
        TP_TRY(which(s, c, name, value, &known));
        if (!known) return TP_OK;
        s->rest = look;
    }
    return TP_OK;
}

/* What the wave has to cross: a number, or another wave, which is taken from
   it. */
static tp_status read_level(measure *s, tp_str text, tp_wave *w, double *level)
{
    tp_wave other;
    TP_TRY(tp_nm_vector_of(s->m, without_par(s, text), &other, s->err));
    *level = other.re[0];
    if (other.n == 1) return TP_OK;
    TP_TRY(wave_of(s, text, &other));
    if (other.n != w->n)
        return tp_fail(s->err, TP_BAD_INPUT,
                       "meas: '%.*s' has %d values, the other vector %d",
                       TP_F(text), other.n, w->n);
    double *re = TP_NEW(&s->m->scratch, double, w->n);
    for (int i = 0; i < w->n; i++) re[i] = w->re[i] - other.re[i];
    w->re = re;
    *level = 0;
    return TP_OK;
}

/* "v(1)=0.5 rise=2", "v(1)=v(2)": where it is. */
static tp_status when(measure *s, double *out)
{
    tp_str    text = tp_str_trim(s->rest), left, right;
    tp_wave   w;
    crossing  c;
    ptrdiff_t equal = 0;
    while (equal < text.len && text.at[equal] != '=')
        equal = text.at[equal] == '(' || text.at[equal] == '['
                    ? tp_nm_matching(text, equal)
                    : equal + 1;
    if (equal >= text.len)
        return tp_fail(s->err, TP_BAD_INPUT,
                       "meas: when wants VECTOR=LEVEL, got '%.*s'", TP_F(text));
    left = tp_str_trim(tp_str_part(text, 0, equal));
    s->rest = tp_str_from(text, equal + 1);
    right = tp_nm_word(&s->rest);
    TP_TRY(wave_of(s, left, &w));
    TP_TRY(read_level(s, right, &w, &c.level));
    TP_TRY(read_which(s, &c));
    *out = find_crossing(&w, &c);
    if (!isnan(*out)) return TP_OK;
    return tp_fail(s->err, TP_BAD_INPUT,
                   "meas: '%.*s' does not cross %.*s that often", TP_F(left),
                   TP_F(right));
}

/* The vector behind `what`, and the place that `at=` or `when` says. */
static tp_status read_spot(measure *s, const char *what, tp_wave *w, double *x)
{
    tp_str text = tp_nm_word(&s->rest), name, value, look = s->rest;
    TP_TRY(wave_of(s, text, w));
    if (tp_str_same(tp_nm_word(&look), TP_S("when"))) {
        s->rest = look;
        TP_TRY(when(s, x));
    } else if (setting(&s->rest, &name, &value) &&
               tp_str_same(name, TP_S("at"))) {
        TP_TRY(number(s, value, x));
    } else {
        return tp_fail(s->err, TP_BAD_INPUT,
                       "meas: %s wants VECTOR at=X or VECTOR when "
                       "VECTOR=LEVEL",
                       what);
    }
    if (!isnan(value_at(w, *x))) return TP_OK;
    return tp_fail(s->err, TP_BAD_INPUT,
                   "meas: %g is outside the scale of '%.*s'", *x, TP_F(text));
}

static tp_status find(measure *s, double *out)
{
    tp_wave w;
    double  x = 0;
    TP_TRY(read_spot(s, "find", &w, &x));
    *out = value_at(&w, x);
    return TP_OK;
}

/* The slope of the parabola through three samples. */
static double slope_at(const tp_wave *w, int i)
{
    double h = w->x[i] - w->x[i - 1], k = w->x[i + 1] - w->x[i];
    double a = (w->re[i] - w->re[i - 1]) / h, b = (w->re[i + 1] - w->re[i]) / k;
    return (a * k + b * h) / (h + k);
}

/* The same at the first sample and the last one, and of a parabola there. */
static double slope(const tp_wave *w, int i)
{
    int    k = i == 0 ? 0 : w->n - 2;
    double piece = (w->re[k + 1] - w->re[k]) / (w->x[k + 1] - w->x[k]);
    if (i > 0 && i + 1 < w->n) return slope_at(w, i);
    return w->n < 3 ? piece : 2 * piece - slope_at(w, i == 0 ? 1 : k);
}

/* Between samples the straight line between their slopes. */
static tp_status deriv(measure *s, double *out)
{
    tp_wave w;
    double  x = 0;
    int     i = 0;
    TP_TRY(read_spot(s, "deriv", &w, &x));
    if (w.n < 2)
        return tp_fail(s->err, TP_BAD_INPUT, "meas: one value has no slope");
    while (i + 2 < w.n && (w.x[i + 1] - x) * (w.x[i] - x) > 0) i++;
    double left = slope(&w, i), right = slope(&w, i + 1);
    *out = left + (right - left) * (x - w.x[i]) / (w.x[i + 1] - w.x[i]);
    if (isfinite(*out)) return TP_OK;
    return tp_fail(s->err, TP_BAD_INPUT, "meas: it has no slope at %g", x);
}

/* "v(1) val=0.5 rise=1" or "at=1u" */
static tp_status edge(measure *s, const char *which, double *out)
{
    tp_str   name, value, text;
    tp_wave  w;
    crossing c = {0};
    if (setting(&s->rest, &name, &value) && tp_str_same(name, TP_S("at")))
        return number(s, value, out);
    text = tp_nm_word(&s->rest);
    TP_TRY(wave_of(s, text, &w));
    if (!setting(&s->rest, &name, &value) || !tp_str_same(name, TP_S("val")))
        return tp_fail(s->err, TP_BAD_INPUT,
                       "meas: %s wants VECTOR val=LEVEL [rise=N|fall=N|"
                       "cross=N] or at=X",
                       which);
    TP_TRY(number(s, value, &c.level));
    TP_TRY(read_which(s, &c));
    *out = find_crossing(&w, &c);
    if (!isnan(*out)) return TP_OK;
    return tp_fail(s->err, TP_BAD_INPUT,
                   "meas: %s: '%.*s' does not cross %g that often", which,
                   TP_F(text), c.level);
}

static tp_status trig(measure *s, double *out)
{
    double a = 0, b = 0;
    TP_TRY(edge(s, "trig", &a));
    if (!tp_str_same(tp_nm_word(&s->rest), TP_S("targ")))
        return tp_fail(s->err, TP_BAD_INPUT, "meas: trig wants a targ");
    TP_TRY(edge(s, "targ", &b));
    *out = b - a;
    return TP_OK;
}

static tp_status param(measure *s, double *out)
{
    tp_str text = tp_str_trim(s->rest);
    if (text.len > 0 && text.at[0] == '=') text = tp_str_from(text, 1);
    text = tp_nm_unquote(tp_str_trim(text), &s->m->scratch);
    s->rest = (tp_str){0};
    return number(s, text, out);
}

static const struct {
    const char *name;
    tp_status (*run)(measure *s, double *out);
} others[] = {
    {"find", find}, {"deriv", deriv}, {"when", when},
    {"trig", trig}, {"param", param},
};

static tp_status evaluate(measure *s, tp_str kind, double *out)
{
    tp_str all[TP_COUNT(ranges) + TP_COUNT(others)];
    int    n = 0;
    for (int i = 0; i < TP_COUNT(ranges); i++) {
        all[n++] = tp_str_of(ranges[i].name);
        if (tp_str_same(kind, all[n - 1]))
            return measure_range(s, &ranges[i], out);
    }
    for (int i = 0; i < TP_COUNT(others); i++) {
        all[n++] = tp_str_of(others[i].name);
        if (tp_str_same(kind, all[n - 1])) return others[i].run(s, out);
    }
    tp_str mean = tp_did_you_mean(&s->m->scratch, kind, all, n);
    return tp_fail(s->err, TP_BAD_INPUT, "meas: unknown measure '%.*s'%.*s",
                   TP_F(kind), TP_F(mean));
}

/* The newest plot of that kind is measured, and is the current one then. */
static tp_status meas(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                      int n, tp_err *err)
{
    (void)owner, (void)arg, (void)n;
    measure s = {.m = m, .err = err};
    tp_str  kind = tp_nm_word(&rest), name = tp_nm_word(&rest);
    tp_str  what = tp_nm_word(&rest);
    int     at = m->n_plot - 1, was = m->current;
    double  v = 0;
    if (!tp_str_same(m->plot[was].kind, kind)) {
        while (at >= 0 && !tp_str_same(m->plot[at].kind, kind)) at--;
        if (at < 0)
            return tp_fail(err, TP_BAD_INPUT,
                           "meas: there is no plot of a "
                           "%.*s",
                           TP_F(kind));
        m->current = at;
    }
    ptrdiff_t equal = tp_str_find(what, '=', 0); /* param=... */
    if (equal > 0) {
        const char *end = rest.at + rest.len;
        rest = (tp_str){what.at + equal, end - what.at - equal};
        what = tp_str_part(what, 0, equal);
    }
    s.rest = rest;
    tp_status status = evaluate(&s, what, &v);
    m->current = was;
    if (status) return status;
    if (tp_str_trim(s.rest).len > 0)
        return tp_fail(err, TP_BAD_INPUT, "meas: '%.*s' is too much",
                       TP_F(tp_str_trim(s.rest)));
    tp_wave w = {.name = name, .n = 1, .re = &v};
    TP_TRY(tp_nm_vector_put(m, tp_nm_current(m), &w, err));
    tp_nm_value_found(m, name, w.unit, v);
    tp_str text = tp_nm_number(m, v, &m->scratch);
    tp_nutmeg_print(m, "%-20.*s=  %.*s\n", TP_F(name), TP_F(text));
    return TP_OK;
}

#define TAKES                                                              \
    "ac|dc|tran|... NAME max|min|pp|avg|rms|integ|max_at|min_at VECTOR "   \
    "[from=X to=X] | find|deriv VECTOR at=X | find|deriv VECTOR when "     \
    "VECTOR=LEVEL | when VECTOR=LEVEL|VECTOR [rise=N from=X to=X td=X] | " \
    "trig ... targ ... | param='EXPRESSION'"

const tp_nutmeg_command tp_nm_measure_commands[] = {
    {"meas", TAKES, 3, -1, true,
     "Measures a vector, prints the value and keeps it as a vector.", meas},
    {"measure", TAKES, 3, -1, true, "The same as meas.", meas},
    {0},
};
