/* The command dc. What the simulator sweeps by itself is handed on; other
   quantities and spacings are operating points, one after the other. */
#include "nutmeg/inside.h"

enum { POINTS_MAX = 1000000 };

typedef struct sweep {
    tp_str        device;   /* the simulator's name; "temp" */
    tp_str        quantity; /* as looked up: "@r1", "@@m[is]"; "" for temp */
    tp_str        name;     /* as altered: "@r1[resistance]" */
    double        start, stop, step;
    char          kind; /* 0 step, 'l' 'd' 'o' */
    int           n;
    const double *value;
    double        before; /* what it was */
    bool          native;
} sweep;

/* ---- reading ------------------------------------------------------------ */

static tp_status wrong(const char *wanted, tp_str got, tp_err *err)
{
    return tp_fail(err, TP_BAD_INPUT, "dc: wanted %s, got '%.*s'", wanted,
                   TP_F(got));
}

static tp_status number(tp_str *rest, const char *wanted, double *out,
                        tp_err *err)
{
    tp_str word = tp_nm_word(rest);
    if (tp_number_all(word, out) && isfinite(*out)) return TP_OK;
    return wrong(wanted, word, err);
}

static tp_status read_sweep(tp_nutmeg *m, tp_str *rest, sweep *s, tp_err *err)
{
    static const tp_str kinds[] = {{"lin", 3}, {"dec", 3}, {"oct", 3}};
    tp_str              written = tp_nm_word(rest);
    TP_TRY(number(rest, "the first value", &s->start, err));
    TP_TRY(number(rest, "the last value", &s->stop, err));
    tp_str look = *rest, word = tp_nm_word(&look);
    for (int i = 0; i < TP_COUNT(kinds); i++)
        if (tp_str_same(word, kinds[i])) {
            s->kind = kinds[i].at[0];
            *rest = look;
        }
    TP_TRY(
        number(rest, s->kind ? "a number of points" : "a step", &s->step, err));
    s->native = s->kind != 'd' && s->kind != 'o';
    s->device = TP_S("temp");
    if (tp_str_same(written, s->device) ||
        tp_str_same(written, TP_S("@@@temp")))
        return TP_OK;
    s->quantity = written;
    s->device = tp_nm_device_name(written, &m->scratch);
    if (written.at[0] != '@')
        s->quantity = tp_str_fmt(&m->scratch, "@%.*s", TP_F(written));
    if (!strchr("vVrRiI", written.at[0])) s->native = false;
    return tp_nm_quantity_name(s->quantity, &s->name, &m->scratch, err);
}

/* Values from start to stop, all of them checked to be few enough. */
static tp_status points(tp_nutmeg *m, sweep *s, tp_err *err)
{
    double n, ratio = 0, span = s->stop - s->start;
    bool   log = s->kind == 'd' || s->kind == 'o';
    if (log && !(s->start * s->stop > 0))
        return tp_fail(err, TP_BAD_INPUT,
                       "dc: dec and oct need both ends on one side of 0, got "
                       "%g to %g",
                       s->start, s->stop);
    if (s->kind && !(s->step >= 1))
        return tp_fail(err, TP_BAD_INPUT,
                       "dc: the number of points has to be 1 or more, got %g",
                       s->step);
    if (!s->kind && !(s->step * span > 0) && span != 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "dc: a step of %g never gets from %g to %g", s->step,
                       s->start, s->stop);
    if (log) ratio = log2(s->stop / s->start) / (s->kind == 'd' ? log2(10) : 1);
    if (log)
        n = floor(fabs(ratio) * floor(s->step) * (1 + 1e-12)) + 1;
    else
        n = s->kind     ? floor(s->step)
            : span == 0 ? 1
                        : floor(span / s->step * (1 + 1e-12)) + 1;
    if (n > POINTS_MAX)
        return tp_fail(err, TP_LIMIT, "dc: %.0f points are over %d", n,
                       POINTS_MAX);
    double *v = TP_NEW(&m->scratch, double, (ptrdiff_t)n);
    s->n = (int)n;
    for (int i = 0; i < s->n; i++) {
        if (log)
            v[i] = s->start * pow(s->kind == 'd' ? 10 : 2,
                                  (ratio < 0 ? -i : i) / floor(s->step));
        else if (s->kind)
            v[i] = s->start + (s->n > 1 ? span * i / (s->n - 1) : 0);
        else
            v[i] = s->start + i * s->step;
    }
    s->value = v;
    return TP_OK;
}

/* ---- sweeping by operating points --------------------------------------- */

typedef struct columns {
    int      n_wave, n, total;
    tp_str  *name, *unit;
    double **re;
} columns;

static tp_status set_value(tp_nutmeg *m, const sweep *s, double v, tp_err *err)
{
    char     number_text[TP_NUMBER_MAX];
    tp_arena saved = m->scratch;
    bool     model = tp_str_starts(s->quantity, TP_S("@@"));
    tp_str   command =
        tp_str_fmt(&m->scratch, "%s %.*s = %s", model ? "altermod" : "alter",
                   TP_F(s->name), tp_exact(v, number_text));
    tp_status status = tp_nm_simulate(m, command, NULL, err);
    m->scratch = saved;
    return status;
}

static void prepare(columns *c, const tp_plot *p, int total, tp_arena *mem)
{
    c->n_wave = p->n_wave;
    c->total = total;
    c->name = TP_NEW(mem, tp_str, p->n_wave);
    c->unit = TP_NEW(mem, tp_str, p->n_wave);
    c->re = TP_NEW(mem, double *, p->n_wave);
    for (int i = 0; i < p->n_wave; i++) {
        c->name[i] = tp_str_copy(mem, p->wave[i].name);
        c->unit[i] = tp_str_copy(mem, p->wave[i].unit);
        c->re[i] = TP_NEW(mem, double, total);
    }
}

static tp_status one_point(tp_nutmeg *m, columns *c, tp_err *err)
{
    tp_waves w = {0};
    TP_TRY(tp_nm_simulate(m, TP_S("op"), &w, err));
    if (w.n < 1)
        return tp_fail(err, TP_BAD_INPUT, "dc: the operating point is empty");
    if (c->n == 0) {
        TP_TRY(tp_nm_room(m, (double)w.plot[0].n_wave * c->total, err));
        prepare(c, &w.plot[0], c->total, &m->scratch);
    }
    for (int i = 0; i < c->n_wave; i++) {
        const tp_wave *from = tp_plot_find(&w.plot[0], c->name[i]);
        c->re[i][c->n] = from && from->n > 0 ? from->re[0] : NAN;
    }
    c->n++;
    return TP_OK;
}

/* The operating point at one value of the sweep. */
static tp_status point_at(tp_nutmeg *m, const sweep *s, double v, columns *c,
                          tp_err *err)
{
    tp_arena saved = m->scratch;
    bool     first = c->n == 0;
    if (m->stop) return tp_fail(err, TP_INTERRUPTED, "stopped by the user");
    TP_TRY(set_value(m, s, v, err));
    if (one_point(m, c, err))
        return tp_while(err, "dc at %.*s = %g", TP_F(s->name), v);
    if (!first) m->scratch = saved; /* the columns are made at the first */
    return TP_OK;
}

/* The first sweep is the fastest. */
static tp_status all_points(tp_nutmeg *m, const sweep *s, int n, columns *c,
                            tp_err *err)
{
    int outer = n > 1 ? s[1].n : 1;
    for (int k = 0; k < outer; k++) {
        if (n > 1) TP_TRY(set_value(m, &s[1], s[1].value[k], err));
        for (int i = 0; i < s[0].n; i++)
            TP_TRY(point_at(m, &s[0], s[0].value[i], c, err));
    }
    return TP_OK;
}

/* As ngspice calls the scale of a sweep; others can't be swept there. */
static const char *scale_name(tp_str quantity)
{
    char c = tp_lower(quantity.at[1]);
    if (c == 'v') return "v-sweep";
    return c == 'i' ? "i-sweep" : "sweep";
}

static tp_status keep(tp_nutmeg *m, const sweep *s, const columns *c,
                      tp_err *err)
{
    tp_wave *wave = TP_NEW(&m->scratch, tp_wave, c->n_wave + 1);
    double  *x = TP_NEW(&m->scratch, double, c->n + 1);
    for (int i = 0; i < c->n; i++) x[i] = s[0].value[i % s[0].n];
    wave[0] = (tp_wave){
        .name = tp_str_of(scale_name(s[0].quantity)), .n = c->n, .re = x};
    for (int i = 0; i < c->n_wave; i++)
        wave[i + 1] = (tp_wave){.name = c->name[i],
                                .unit = c->unit[i],
                                .n = c->n,
                                .x = x,
                                .re = c->re[i]};
    tp_plot p = {.kind = TP_S("dc"),
                 .x_name = wave[0].name,
                 .n_wave = c->n_wave + 1,
                 .wave = wave,
                 .op = -1};
    return tp_nm_plot_copy(m, &p, true, NULL, err);
}

static tp_status bridged(tp_nutmeg *m, sweep *s, int n, tp_err *err)
{
    columns c = {.total = 1};
    for (int i = 0; i < n; i++) {
        tp_wave w;
        if (s[i].quantity.len == 0)
            return tp_fail(err, TP_BAD_INPUT,
                           "dc: temp can be swept with a step or lin, and "
                           "with sources and resistors only");
        TP_TRY(points(m, &s[i], err));
        if ((double)c.total * s[i].n > POINTS_MAX)
            return tp_fail(err, TP_LIMIT, "dc: over %d points", POINTS_MAX);
        c.total *= s[i].n;
        TP_TRY(tp_nm_lookup(m, s[i].quantity, &w, err));
        if (w.n < 1)
            return tp_fail(err, TP_BAD_INPUT, "dc: %.*s", TP_F(w.name));
        s[i].before = w.re[0];
    }
    tp_status status = all_points(m, s, n, &c, err);
    for (int i = n - 1; i >= 0; i--) {
        tp_err    other;
        tp_status back =
            set_value(m, &s[i], s[i].before, status ? &other : err);
        if (!status) status = back;
    }
    return status ? status : keep(m, s, &c, err);
}

tp_status tp_nm_dc(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                   int count, tp_err *err)
{
    (void)owner, (void)arg, (void)count;
    sweep  s[2] = {0};
    int    n = 0;
    bool   native = true;
    tp_buf b = {.mem = &m->scratch};
    for (; tp_str_trim(rest).len > 0; n++) {
        if (n == 2) return wrong("at most two sweeps", rest, err);
        TP_TRY(read_sweep(m, &rest, &s[n], err));
        native = native && s[n].native;
    }
    if (!native) return bridged(m, s, n, err);
    tp_buf_add(&b, TP_S("dc"));
    for (int i = 0; i < n; i++) {
        char from[TP_NUMBER_MAX], to[TP_NUMBER_MAX], by[TP_NUMBER_MAX];
        TP_TRY(points(m, &s[i], err));
        double step = s[i].step, span = s[i].stop - s[i].start;
        if (s[i].kind) step = s[i].n > 1 ? span / (s[i].n - 1) : 1;
        tp_buf_fmt(&b, " %.*s %s %s %s", TP_F(s[i].device),
                   tp_exact(s[i].start, from), tp_exact(s[i].stop, to),
                   tp_exact(step, by));
    }
    return tp_nm_simulate(m, tp_buf_str(&b), NULL, err);
}
