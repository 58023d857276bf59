/* Reads PSF-ASCII: HEADER, TYPE, then SWEEP and TRACE where there is a sweep,
   and VALUE. Values of a swept file are told apart by their names: the sweep's
   begins a point, the others may come in any order or not at all. */
#include <math.h>
#include <string.h>

#include "wave/psf.h"

typedef struct column {
    tp_str  name, unit;
    double *re, *im; /* im NULL: no complex value so far */
    bool    early;   /* an outer sweep: the next point's value is there */
} column;

typedef struct trace {
    tp_str             name;
    const tp_psf_type *type;  /* NULL: unknown */
    int                group; /* > 0: so many traces behind it are its */
    int                column, n_column;
} trace;

typedef struct reader {
    tp_psf_lexer l;
    tp_psf      *out;
    tp_psf_types types;
    int          n_column, cap_column;
    column      *column;
    int          n_trace, cap_trace;
    trace       *trace;
    int          next;    /* the trace that a value is likely to be of */
    bool         swept;   /* trace 0 is the sweep */
    int          n_sweep; /* the others are its outer ones */
    int          n, cap;  /* points; the last one is being read */
    int          cap_text, cap_head;
    tp_psf_text *text, *head;
} reader;

static const tp_psf_type unknown = {{"", 0}, {"", 0}, TP_PSF_UNKNOWN, 0, NULL};

/* ---- columns ----------------------------------------------------------- */

static double *longer(const double *old, int n, int cap, tp_arena *mem)
{
    double *v = TP_NEW(mem, double, cap);
    if (n > 0) memcpy(v, old, (size_t)n * sizeof *v);
    return v;
}

/* Room for one point more in every column. */
static tp_status room_for_point(reader *r)
{
    if (r->n < r->cap) return TP_OK;
    int    cap = r->cap > 0 ? 2 * r->cap : 64;
    double bytes = 16.0 * cap * (r->n_column + 1);
    if (cap > 1 << 27 || bytes > 0.25 * (double)(r->l.mem->end - r->l.mem->beg))
        return tp_psf_bad(&r->l, TP_LIMIT,
                          "no room for over %d points of %d "
                          "vectors",
                          r->cap, r->n_column);
    for (int i = 0; i < r->n_column; i++) {
        column *c = &r->column[i];
        c->re = longer(c->re, r->n, cap, r->l.mem);
        if (c->im) c->im = longer(c->im, r->n, cap, r->l.mem);
    }
    r->cap = cap;
    return TP_OK;
}

static tp_status add_column(reader *r, tp_str name, tp_str unit)
{
    double bytes = 16.0 * (r->cap + 8) * (r->n_column + 1);
    if (bytes > 0.25 * (double)(r->l.mem->end - r->l.mem->beg))
        return tp_psf_bad(&r->l, TP_LIMIT, "no room for over %d vectors",
                          r->n_column);
    column *c = TP_PUSH(r->l.mem, r->column, r->n_column, r->cap_column);
    *c = (column){.name = name, .unit = unit};
    if (r->cap == 0) return TP_OK;
    c->re = TP_NEW(r->l.mem, double, r->cap);
    for (int p = 0; p < r->n; p++) c->re[p] = NAN;
    return TP_OK;
}

/* One for each number of the type: "M0:gm" of a structure. */
static tp_status add_columns(reader *r, tp_str name, const tp_psf_type *t)
{
    if (t->kind == TP_PSF_TEXT || t->kind == TP_PSF_ARRAY) return TP_OK;
    if (t->kind != TP_PSF_STRUCT) return add_column(r, name, t->unit);
    for (int i = 0; i < t->n; i++) {
        const tp_psf_type *f = &t->field[i];
        tp_str             full =
            tp_str_fmt(r->l.mem, "%.*s:%.*s", TP_F(name), TP_F(f->name));
        TP_TRY(add_columns(r, full, f));
    }
    return TP_OK;
}

static void put(reader *r, int at, double re, double im, bool complex)
{
    column *c = &r->column[at];
    if (complex && !c->im) c->im = TP_NEW(r->l.mem, double, r->cap);
    c->re[r->n - 1] = re;
    if (c->im) c->im[r->n - 1] = im;
}

/* ---- values ------------------------------------------------------------ */

static tp_status take(reader *r, tp_str name, const tp_psf_type *t, int *at);

static tp_status take_real(reader *r, int *at)
{
    double v = r->l.number;
    TP_TRY(tp_psf_expect(&r->l, TP_PSF_NUMBER, "a number"));
    put(r, (*at)++, v, 0, false);
    return TP_OK;
}

static tp_status take_complex(reader *r, int *at)
{
    if (r->l.now != TP_PSF_OPEN) return take_real(r, at);
    TP_TRY(tp_psf_next(&r->l));
    double re = r->l.number;
    TP_TRY(tp_psf_expect(&r->l, TP_PSF_NUMBER, "a real part"));
    double im = r->l.number;
    TP_TRY(tp_psf_expect(&r->l, TP_PSF_NUMBER, "an imaginary part"));
    TP_TRY(tp_psf_expect(&r->l, TP_PSF_CLOSE, "')' behind a complex number"));
    put(r, (*at)++, re, im, true);
    return TP_OK;
}

static tp_status take_text(reader *r, tp_str name)
{
    tp_psf_text one = {name, r->l.text};
    TP_TRY(tp_psf_expect(&r->l, TP_PSF_STRING, "a text"));
    if (r->swept) return TP_OK;
    *TP_PUSH(r->l.mem, r->text, r->out->n_text, r->cap_text) = one;
    return TP_OK;
}

/* "( item ... )": its first text is the value. */
static tp_status take_array(reader *r, tp_str name)
{
    bool first = true;
    TP_TRY(tp_psf_expect(&r->l, TP_PSF_OPEN, "'(' of an array"));
    while (r->l.now != TP_PSF_CLOSE) {
        bool text = r->l.now == TP_PSF_STRING;
        if (!text && r->l.now != TP_PSF_NUMBER)
            return tp_psf_unexpected(&r->l, "an element or ')'");
        if (text && first)
            TP_TRY(take_text(r, name));
        else
            TP_TRY(tp_psf_next(&r->l));
        first = false;
    }
    return tp_psf_next(&r->l);
}

static tp_status take_struct(reader *r, tp_str name, const tp_psf_type *t,
                             int *at)
{
    TP_TRY(tp_psf_expect(&r->l, TP_PSF_OPEN, "'(' of a structure"));
    for (int i = 0; i < t->n; i++) {
        const tp_psf_type *f = &t->field[i];
        tp_str             full = {0};
        if (!r->swept)
            full = tp_str_fmt(r->l.mem, "%.*s:%.*s", TP_F(name), TP_F(f->name));
        TP_TRY(take(r, full, f, at));
    }
    return tp_psf_expect(&r->l, TP_PSF_CLOSE,
                         "')' behind a structure's fields");
}

/* A value of that type into the columns from *at on, which moves. */
static tp_status take(reader *r, tp_str name, const tp_psf_type *t, int *at)
{
    tp_psf_kind kind = t->kind;
    if (kind == TP_PSF_UNKNOWN) kind = TP_PSF_COMPLEX;
    switch (kind) {
    case TP_PSF_UNKNOWN:
    case TP_PSF_COMPLEX: TP_TRY(take_complex(r, at)); break;
    case TP_PSF_REAL: TP_TRY(take_real(r, at)); break;
    case TP_PSF_TEXT: TP_TRY(take_text(r, name)); break;
    case TP_PSF_ARRAY: TP_TRY(take_array(r, name)); break;
    case TP_PSF_STRUCT: TP_TRY(take_struct(r, name, t, at)); break;
    }
    return tp_psf_read_props(&r->l, NULL);
}

/* The point that goes on keeps what it does not say. */
static tp_status begin_point(reader *r)
{
    TP_TRY(room_for_point(r));
    int p = r->n++;
    for (int i = 0; i < r->n_column; i++) {
        column *c = &r->column[i];
        bool    early = c->early;
        c->early = false;
        if (early) continue;
        c->re[p] = p > 0 ? c->re[p - 1] : NAN;
        if (c->im) c->im[p] = p > 0 ? c->im[p - 1] : 0;
    }
    return TP_OK;
}

/* ---- sections ---------------------------------------------------------- */

static tp_status read_head(reader *r)
{
    if (!tp_psf_at_key(&r->l, "HEADER"))
        return tp_psf_unexpected(&r->l, "HEADER");
    TP_TRY(tp_psf_next(&r->l));
    while (r->l.now == TP_PSF_STRING) {
        tp_psf_text one = {.name = r->l.text};
        TP_TRY(tp_psf_next(&r->l));
        one.text = r->l.text;
        if (r->l.now != TP_PSF_STRING && r->l.now != TP_PSF_NUMBER)
            return tp_psf_unexpected(&r->l, "a property's value");
        *TP_PUSH(r->l.mem, r->head, r->out->n_head, r->cap_head) = one;
        TP_TRY(tp_psf_next(&r->l));
    }
    r->out->head = r->head;
    if (tp_psf_at_key(&r->l, "PROPERTIES")) return tp_psf_next(&r->l);
    return TP_OK;
}

static tp_status add_trace(reader *r, const trace *t)
{
    trace one = *t;
    one.column = r->n_column;
    if (one.group == 0)
        TP_TRY(add_columns(r, one.name, one.type ? one.type : &unknown));
    one.n_column = r->n_column - one.column;
    *TP_PUSH(r->l.mem, r->trace, r->n_trace, r->cap_trace) = one;
    return TP_OK;
}

/* "name" "type" [PROP], or "name" GROUP n. */
static tp_status read_trace(reader *r)
{
    trace  t = {.name = r->l.text};
    tp_str unit = {0};
    TP_TRY(tp_psf_next(&r->l));
    if (tp_psf_at_key(&r->l, "GROUP")) {
        TP_TRY(tp_psf_next(&r->l));
        double n = r->l.number;
        TP_TRY(tp_psf_expect(&r->l, TP_PSF_NUMBER, "how many the group has"));
        if (!(n >= 1 && n <= 1e6) || n != floor(n))
            return tp_psf_bad(&r->l, TP_BAD_INPUT, "a group of %g traces", n);
        t.group = (int)n;
        return add_trace(r, &t);
    }
    if (r->l.now != TP_PSF_STRING && r->l.now != TP_PSF_NUMBER)
        return tp_psf_unexpected(&r->l, "a type's name or GROUP");
    t.type = tp_psf_type_find(&r->types, r->l.text);
    if (!t.type && r->l.now == TP_PSF_STRING) unit = r->l.text;
    TP_TRY(tp_psf_next(&r->l));
    TP_TRY(tp_psf_read_props(&r->l, &unit));
    TP_TRY(add_trace(r, &t));
    if (unit.len > 0 && r->trace[r->n_trace - 1].n_column == 1)
        r->column[r->n_column - 1].unit = unit;
    return TP_OK;
}

/* SWEEP and TRACE; the last sweep becomes trace 0. */
static tp_status read_traces(reader *r)
{
    bool sweep = tp_psf_at_key(&r->l, "SWEEP");
    if (!sweep) return TP_OK;
    TP_TRY(tp_psf_next(&r->l));
    while (r->l.now == TP_PSF_STRING) TP_TRY(read_trace(r));
    if (r->n_trace == 0) return tp_psf_unexpected(&r->l, "a sweep's name");
    r->swept = true;
    trace last = r->trace[r->n_trace - 1], first = r->trace[0];
    r->n_sweep = r->n_trace;
    if (last.name.len == 0)
        return tp_psf_bad(&r->l, TP_BAD_INPUT, "the sweep has no name");
    if (last.n_column != 1 || (last.type && last.type->kind == TP_PSF_STRUCT))
        return tp_psf_bad(&r->l, TP_BAD_INPUT, "the sweep '%.*s' is no number",
                          TP_F(last.name));
    r->trace[r->n_trace - 1] = first;
    r->trace[0] = last;
    if (!tp_psf_at_key(&r->l, "TRACE")) return TP_OK;
    TP_TRY(tp_psf_next(&r->l));
    while (r->l.now == TP_PSF_STRING) TP_TRY(read_trace(r));
    return TP_OK;
}

/* The trace of that name, or NULL. */
static trace *find_trace(reader *r, tp_str name)
{
    for (int k = 0; k < r->n_trace; k++) {
        int    i = (r->next + k) % r->n_trace;
        trace *t = &r->trace[i];
        if (!tp_str_eq(t->name, name)) continue;
        r->next = (i + 1 + t->group) % r->n_trace;
        return t;
    }
    return NULL;
}

static tp_status take_trace(reader *r, const trace *t)
{
    int                at = t->column;
    const tp_psf_type *type = t->type ? t->type : &unknown;
    if (r->l.now == TP_PSF_STRING && type->kind != TP_PSF_TEXT)
        TP_TRY(tp_psf_next(&r->l)); /* its type again */
    return take(r, t->name, type, &at);
}

static tp_status take_group(reader *r, int first)
{
    int n = r->trace[first].group;
    if (n >= r->n_trace - first)
        return tp_psf_bad(&r->l, TP_BAD_INPUT,
                          "the group '%.*s' has %d traces, but %d are named",
                          TP_F(r->trace[first].name), n,
                          r->n_trace - first - 1);
    for (int i = 1; i <= n; i++) TP_TRY(take_trace(r, &r->trace[first + i]));
    return TP_OK;
}

/* A value of the point that begins next, as an outer sweep's. */
static tp_status take_early(reader *r, const trace *t)
{
    TP_TRY(room_for_point(r));
    r->n++;
    tp_status s = take_trace(r, t);
    r->n--;
    for (int i = 0; i < t->n_column; i++) r->column[t->column + i].early = true;
    return s;
}

static tp_status read_swept_value(reader *r)
{
    tp_str name = r->l.text;
    TP_TRY(tp_psf_next(&r->l));
    trace *t = find_trace(r, name);
    if (!t)
        return tp_psf_bad(&r->l, TP_BAD_INPUT,
                          "a value of '%.*s', which TRACE does not name",
                          TP_F(name));
    if (t == &r->trace[0])
        TP_TRY(begin_point(r));
    else if (r->n == 0 || t - r->trace < r->n_sweep)
        return take_early(r, t);
    return t->group ? take_group(r, (int)(t - r->trace)) : take_trace(r, t);
}

/* "name" ["type"] value */
static tp_status read_plain_value(reader *r)
{
    trace t = {.name = r->l.text};
    TP_TRY(tp_psf_next(&r->l));
    tp_str said = r->l.text;
    bool   typed = r->l.now == TP_PSF_STRING;
    if (typed) {
        t.type = tp_psf_type_find(&r->types, said);
        TP_TRY(tp_psf_next(&r->l));
    }
    if (typed && !t.type)
        return tp_psf_bad(&r->l, TP_BAD_INPUT,
                          "'%.*s' is of the type '%.*s', which TYPE does not "
                          "have",
                          TP_F(t.name), TP_F(said));
    int at = r->n_column;
    TP_TRY(add_columns(r, t.name, t.type ? t.type : &unknown));
    return take(r, t.name, t.type ? t.type : &unknown, &at);
}

static tp_status read_values(reader *r)
{
    if (!tp_psf_at_key(&r->l, "VALUE")) return TP_OK;
    TP_TRY(tp_psf_next(&r->l));
    if (!r->swept) TP_TRY(begin_point(r));
    while (r->l.now == TP_PSF_STRING)
        TP_TRY(r->swept ? read_swept_value(r) : read_plain_value(r));
    return TP_OK;
}

/* ---- the result -------------------------------------------------------- */

tp_str tp_psf_head(const tp_psf *p, const char *name)
{
    for (int i = 0; i < p->n_head; i++)
        if (tp_str_eq(p->head[i].name, tp_str_of(name))) return p->head[i].text;
    return TP_S("");
}

tp_str tp_psf_value(const tp_psf *p, tp_str name)
{
    for (int i = 0; i < p->n_text; i++)
        if (tp_str_eq(p->text[i].name, name)) return p->text[i].text;
    return TP_S("");
}

static void make_plot(reader *r)
{
    tp_plot *out = &r->out->plot;
    tp_str   kind = tp_psf_head(r->out, "analysis type");
    bool     op = !r->swept && tp_str_eq(kind, TP_S("dc"));
    tp_wave *w = TP_NEW(r->l.mem, tp_wave, r->n_column);
    int      x = r->swept ? r->trace[0].column : -1;
    *out = (tp_plot){.op = -1, .wave = w};
    out->id = out->ordinal = tp_psf_head(r->out, "analysis name");
    out->kind = op ? TP_S("op") : kind;
    out->x_name = r->swept ? r->trace[0].name : TP_S("");
    out->n_wave = r->n_column;
    for (int i = 0; i < r->n_column; i++) { /* the sweep comes first */
        int           from = i == 0 && x > 0 ? x : i - (i <= x && i > 0);
        const column *c = &r->column[from];
        w[i] = (tp_wave){.name = c->name, .unit = c->unit, .n = r->n};
        w[i].re = c->re;
        w[i].im = c->im;
        if (!r->swept) continue;
        w[i].x = r->column[x].re;
        w[i].x_unit = r->column[x].unit;
    }
}

tp_status tp_psf_read(tp_psf *out, tp_str bytes, tp_arena *mem, tp_err *err)
{
    reader r = {.l = {.all = bytes, .line = 1, .mem = mem, .err = err}};
    r.out = out;
    *out = (tp_psf){0};
    TP_TRY(tp_psf_next(&r.l));
    TP_TRY(read_head(&r));
    if (tp_psf_at_key(&r.l, "TYPE")) {
        TP_TRY(tp_psf_next(&r.l));
        TP_TRY(tp_psf_read_types(&r.types, &r.l));
    }
    TP_TRY(read_traces(&r));
    TP_TRY(read_values(&r));
    if (!tp_psf_at_key(&r.l, "END"))
        return tp_psf_unexpected(&r.l, "a name, a section's word or END");
    out->text = r.text;
    make_plot(&r);
    return TP_OK;
}
