/* `analyses` and `measurements` of a problem file. */
#include "front/job.h"

#include "front/ocean.h"

#include <math.h>

/* ---- analyses ----------------------------------------------------------- */

static const char *const kinds[] = {"op", "ac", "tran", "dc", "noise", NULL};
enum { KIND_OP, KIND_AC, KIND_TRAN, KIND_DC, KIND_NOISE };

static const char *const analysis_keys[] = {
    [KIND_OP] = "type timeout",
    [KIND_AC] = "type timeout start stop dec oct lin",
    [KIND_TRAN] = "type timeout stop step start max_step uic",
    [KIND_DC] = "type timeout source start stop step",
    [KIND_NOISE] = "type timeout output source start stop dec oct lin",
};

/* Those of vcli's loop, when a problem file says nothing of them. */
static const struct {
    const char *name;
    int         kind;
} usual[] = {{"dcOp", KIND_OP}, {"ac", KIND_AC}, {"tran", KIND_TRAN}};
enum { USUAL = 3 };

static const double usual_timeout = 120; /* s */

static int kind_of_name(tp_str name)
{
    static const struct {
        const char *name;
        int         kind;
    } row[] = {{"dcOp", KIND_OP},    {"dcOpInfo", KIND_OP}, {"dc", KIND_OP},
               {"op", KIND_OP},      {"ac", KIND_AC},       {"tran", KIND_TRAN},
               {"noise", KIND_NOISE}};
    for (int i = 0; i < TP_COUNT(row); i++)
        if (tp_str_same(name, tp_str_of(row[i].name))) return row[i].kind;
    return -1;
}

/* A number that has to be above 0; `def` where it may be missing, else NAN. */
static tp_status above_zero(double *out, const tp_yaml *y, const char *key,
                            double def, tp_err *err)
{
    const tp_yaml *part;
    *out = def;
    if (isnan(def)) TP_TRY(tp_yaml_need(&part, y, key, err));
    TP_TRY(tp_yaml_number(out, y, key, err));
    if (*out > 0) return TP_OK;
    return tp_yaml_fail(tp_yaml_get(y, key), err,
                        "%g, where a number above 0 is expected", *out);
}

/* "dec 20 1 1e10" of a frequency sweep. */
static tp_status frequencies(tp_str *out, const tp_yaml *y, tp_arena *mem,
                             tp_err *err)
{
    static const char *const way[] = {"dec", "oct", "lin"};
    double                   n = 20, start, stop;
    int                      k = 0, given = 0;
    char                     a[TP_NUMBER_MAX], b[TP_NUMBER_MAX];
    for (int i = 0; i < 3; i++) {
        if (!tp_yaml_get(y, way[i])) continue;
        TP_TRY(above_zero(&n, y, way[i], NAN, err));
        k = i;
        given++;
    }
    if (given > 1)
        return tp_yaml_fail(y, err, "dec, oct and lin exclude each other");
    TP_TRY(above_zero(&start, y, "start", 1, err));
    TP_TRY(above_zero(&stop, y, "stop", 1e10, err));
    if (!(start < stop))
        return tp_yaml_fail(y, err, "it starts at %g, not below its stop %g",
                            start, stop);
    *out = tp_str_fmt(mem, "%s %d %s %s", way[k], (int)n, tp_exact(start, a),
                      tp_exact(stop, b));
    return TP_OK;
}

static tp_status op_command(tp_str *out, const tp_yaml *y, const tp_deck *deck,
                            tp_arena *mem, tp_err *err)
{
    (void)y, (void)deck, (void)mem, (void)err;
    *out = TP_S("op");
    return TP_OK;
}

static tp_status ac_command(tp_str *out, const tp_yaml *y, const tp_deck *deck,
                            tp_arena *mem, tp_err *err)
{
    (void)deck;
    tp_str f = {"", 0};
    TP_TRY(frequencies(&f, y, mem, err));
    *out = tp_str_fmt(mem, "ac %.*s", TP_F(f));
    return TP_OK;
}

static tp_status tran_command(tp_str *out, const tp_yaml *y,
                              const tp_deck *deck, tp_arena *mem, tp_err *err)
{
    (void)deck;
    double stop, step, start = 0, most;
    bool   uic = false;
    char a[TP_NUMBER_MAX], b[TP_NUMBER_MAX], c[TP_NUMBER_MAX], d[TP_NUMBER_MAX];
    TP_TRY(above_zero(&stop, y, "stop", 20e-6, err));
    TP_TRY(above_zero(&step, y, "step", stop / 1000, err));
    TP_TRY(above_zero(&most, y, "max_step", step, err));
    TP_TRY(tp_yaml_number(&start, y, "start", err));
    TP_TRY(tp_yaml_bool(&uic, y, "uic", err));
    if (!(start >= 0 && start < stop))
        return tp_yaml_fail(tp_yaml_get(y, "start"), err,
                            "%g is outside 0 to the stop time %g", start, stop);
    *out = tp_str_fmt(mem, "tran %s %s %s %s%s", tp_exact(step, a),
                      tp_exact(stop, b), tp_exact(start, c), tp_exact(most, d),
                      uic ? " uic" : "");
    return TP_OK;
}

/* The net or device that a key names, as the deck calls it; without a deck as
   it stands. ngspice measures the noise of nets that it does not know: 0. */
typedef struct key {
    const char *name;
    tp_status (*find)(tp_str *out, const tp_deck *deck, tp_str path,
                      tp_arena *mem, tp_err *err);
} key;

static tp_status named(tp_str *out, const tp_yaml *y, const key *k,
                       const tp_deck *deck, tp_arena *mem, tp_err *err)
{
    const tp_yaml *at;
    tp_err         own = {0};
    tp_str         path = {"", 0};
    TP_TRY(tp_yaml_need(&at, y, k->name, err));
    TP_TRY(tp_yaml_text(&path, y, k->name, err));
    *out = tp_str_starts(path, TP_S("/")) ? tp_str_from(path, 1) : path;
    if (deck && k->find(out, deck, path, mem, &own))
        return tp_yaml_fail(at, err, "%s", own.msg);
    return TP_OK;
}

static tp_status dc_command(tp_str *out, const tp_yaml *y, const tp_deck *deck,
                            tp_arena *mem, tp_err *err)
{
    const tp_yaml *part;
    tp_str         source = {"", 0};
    double         v[3] = {0};
    char           t[3][TP_NUMBER_MAX];
    const char    *of[] = {"start", "stop", "step"};
    TP_TRY(tp_yaml_text(&source, y, "source", err));
    if (!tp_str_same(source, TP_S("temp")))
        TP_TRY(named(&source, y, &(key){"source", tp_ocean_device}, deck, mem,
                     err));
    for (int i = 0; i < 3; i++) {
        TP_TRY(tp_yaml_need(&part, y, of[i], err));
        TP_TRY(tp_yaml_number(&v[i], y, of[i], err));
        tp_exact(v[i], t[i]);
    }
    if (v[2] == 0 || (v[1] - v[0]) / v[2] < 0)
        return tp_yaml_fail(part, err, "no step of %g goes from %g to %g", v[2],
                            v[0], v[1]);
    *out = tp_str_fmt(mem, "dc %.*s %s %s %s", TP_F(source), t[0], t[1], t[2]);
    return TP_OK;
}

static tp_status noise_command(tp_str *out, const tp_yaml *y,
                               const tp_deck *deck, tp_arena *mem, tp_err *err)
{
    tp_str f = {"", 0}, net = f, source = f;
    TP_TRY(named(&net, y, &(key){"output", tp_ocean_net}, deck, mem, err));
    TP_TRY(
        named(&source, y, &(key){"source", tp_ocean_device}, deck, mem, err));
    TP_TRY(frequencies(&f, y, mem, err));
    *out = tp_str_fmt(mem, "noise v(%.*s) %.*s %.*s", TP_F(net), TP_F(source),
                      TP_F(f));
    return TP_OK;
}

static tp_status (*const command[])(tp_str *out, const tp_yaml *y,
                                    const tp_deck *deck, tp_arena *mem,
                                    tp_err *err) = {
    [KIND_OP] = op_command,       [KIND_AC] = ac_command,
    [KIND_TRAN] = tran_command,   [KIND_DC] = dc_command,
    [KIND_NOISE] = noise_command,
};

/* One analysis of a bench; `y` NULL: all as usual. */
static tp_status add_analysis(tp_plan_reader *r, tp_plan_bench *b, tp_str name,
                              int kind, const tp_yaml *y, tp_err *err)
{
    double timeout;
    int    n = 1;
    if (kind == KIND_OP && tp_yaml_get(y, "source")) kind = KIND_DC;
    TP_TRY(tp_yaml_choice(&kind, y, "type", kinds, err));
    if (kind < 0)
        return tp_yaml_fail(y, err,
                            "its 'type' is missing: op, ac, tran, dc "
                            "or noise");
    TP_TRY(tp_yaml_known(y, analysis_keys[kind], err));
    TP_TRY(above_zero(&timeout, y, "timeout", usual_timeout, err));
    for (int i = 0; i < b->n_analysis; i++)
        n += tp_str_eq(b->analysis[i].kind, tp_str_of(kinds[kind]));
    tp_analysis a = {.id = name,
                     .runname = TP_S(""),
                     .kind = tp_str_of(kinds[kind]),
                     .ordinal = tp_str_fmt(r->mem, "%s%d", kinds[kind], n),
                     .card = -1};
    if (y) a.at = y->at;
    TP_TRY(
        command[kind](&a.command, y, b->deck ? b->deck[0] : NULL, r->mem, err));
    *TP_PUSH(r->mem, b->timeout, b->n_timeout, b->cap_timeout) = timeout;
    *TP_PUSH(r->mem, b->analysis, b->n_analysis, b->cap_analysis) = a;
    return TP_OK;
}

/* What stands beside the deck of a bench, or NULL. */
static const tp_yaml *own_analyses(const tp_plan_bench *b)
{
    bool map = tp_str_eq(b->at->key, TP_S("deck")) ||
               tp_str_eq(b->at->key, TP_S("netlist"));
    return map ? tp_yaml_get(b->at->up, "analyses") : NULL;
}

/* Whether the deck has the net and the device that an analysis names. */
static bool has_names(const tp_plan_bench *b, const tp_yaml *y, tp_arena *mem)
{
    static const key keys[] = {{"output", tp_ocean_net},
                               {"source", tp_ocean_device}};
    for (int i = 0; b->deck && i < TP_COUNT(keys); i++) {
        tp_str         out;
        const tp_yaml *at = tp_yaml_get(y, keys[i].name);
        if (at && at->kind == TP_YAML_TEXT &&
            !tp_str_same(at->text, TP_S("temp")) &&
            keys[i].find(&out, b->deck[0], at->text, mem, NULL))
            return false;
    }
    return true;
}

/* An analysis of all benches whose names only others of them have. */
static bool of_others(const tp_plan_reader *r, const tp_plan_bench *b,
                      const tp_yaml *y)
{
    if (has_names(b, y, r->mem)) return false;
    for (int i = 0; i < r->n_bench; i++)
        if (has_names(&r->bench[i], y, r->mem)) return true;
    return false;
}

/* Those of a map that `but` does not have. */
static tp_status add_analyses(tp_plan_reader *r, tp_plan_bench *b,
                              const tp_yaml *from, const tp_yaml *but,
                              tp_err *err)
{
    if (from && from->kind != TP_YAML_MAP)
        return tp_yaml_fail(from, err, "a map of analyses is expected");
    for (int i = 0; from && i < from->n; i++) {
        const tp_yaml *y = &from->part[i];
        if (tp_yaml_get(but, tp_str_z(r->mem, y->key))) continue;
        if (from->up == r->top && of_others(r, b, y)) continue;
        TP_TRY(add_analysis(r, b, y->key, kind_of_name(y->key), y, err));
    }
    return TP_OK;
}

/* Those of the bench, those of the problem, the usual ones. */
static tp_status list_analyses(tp_plan_reader *r, tp_plan_bench *b, tp_err *err)
{
    const tp_yaml *own = own_analyses(b);
    TP_TRY(add_analyses(r, b, own, NULL, err));
    TP_TRY(add_analyses(r, b, tp_yaml_get(r->top, "analyses"), own, err));
    for (int i = 0; i < USUAL; i++) {
        bool there = false;
        for (int k = 0; k < b->n_analysis; k++)
            there |= tp_str_same(b->analysis[k].kind,
                                 tp_str_of(kinds[usual[i].kind]));
        if (!there)
            TP_TRY(add_analysis(r, b, tp_str_of(usual[i].name), usual[i].kind,
                                NULL, err));
    }
    return TP_OK;
}

/* ---- measurements ------------------------------------------------------- */

static const char *const dialects[] = {"ocean", "simetrix", "nutmeg", NULL};
static const tp_dialect  dialect_of[] = {TP_OCEAN, TP_SIMETRIX, TP_NUTMEG};

static tp_status compile(tp_measure *m, tp_plan_reader *r, const tp_yaml *at,
                         tp_err *err)
{
    tp_err   own = {0};
    tp_scope scope = {.dialect = m->dialect};
    if (tp_expr_compile(&m->expr, m->text, &scope, r->mem, &own))
        return tp_yaml_fail(at, err, "column %d of the expression: %s", own.col,
                            own.msg);
    return TP_OK;
}

static tp_status find_bench(int *out, const tp_plan_reader *r, const tp_yaml *y,
                            tp_err *err)
{
    tp_str  name = {"", 0};
    tp_str *all = TP_NEW(r->mem, tp_str, r->n_bench);
    TP_TRY(tp_yaml_text(&name, y, "bench", err));
    *out = 0;
    if (!name.len && r->n_bench > 1)
        return tp_yaml_fail(y, err,
                            "its 'bench' is missing: there are several decks");
    for (int i = 0; name.len && i < r->n_bench; i++) {
        all[i] = r->bench[i].name;
        *out = i;
        if (tp_str_eq(all[i], name)) return TP_OK;
    }
    if (!name.len) return TP_OK;
    return tp_yaml_fail(tp_yaml_get(y, "bench"), err,
                        "there is no bench '%.*s'%.*s", TP_F(name),
                        TP_F(tp_did_you_mean(r->mem, name, all, r->n_bench)));
}

static tp_status read_measure(tp_plan_reader *r, const tp_yaml *y, tp_err *err)
{
    const tp_yaml *at;
    int            dialect = 0;
    bool           derived = false, over = false;
    tp_str         analysis = {"", 0};
    tp_measure     m = {.name = y->key, .unit = tp_plan_unit(y->key)};
    TP_TRY(tp_yaml_known(y,
                         "analysis expr unit bench dialect derived "
                         "over_corners description",
                         err));
    TP_TRY(tp_yaml_need(&at, y, "expr", err));
    TP_TRY(tp_yaml_text(&m.text, y, "expr", err));
    TP_TRY(tp_yaml_text(&m.unit, y, "unit", err));
    TP_TRY(tp_yaml_bool(&derived, y, "derived", err));
    TP_TRY(tp_yaml_bool(&over, y, "over_corners", err));
    TP_TRY(tp_yaml_text(&analysis, y, "analysis", err));
    TP_TRY(tp_yaml_choice(&dialect, r->top, "dialect", dialects, err));
    if (derived || over) dialect = 1; /* names are measures and values */
    TP_TRY(tp_yaml_choice(&dialect, y, "dialect", dialects, err));
    m.dialect = dialect_of[dialect];
    m.at = at->at;
    m.over = over;
    m.bench = TP_BENCH_NONE;
    TP_TRY(compile(&m, r, at, err));
    if (!derived && !over) {
        TP_TRY(find_bench(&m.bench, r, y, err));
        TP_TRY(tp_plan_bind(r, &m, analysis, at, err));
    }
    *TP_PUSH(r->mem, r->measure, r->p->n_measure, r->cap_measure) = m;
    r->p->measure = r->measure;
    return TP_OK;
}

/* Derived measures may name any other that stands before them. */
static tp_status bind_derived(tp_plan_reader *r, int k, const tp_yaml *at,
                              tp_err *err)
{
    const tp_slot *slot;
    tp_measure    *m = &r->measure[k];
    int            n = tp_expr_slots(m->expr, &slot);
    tp_bind       *bind = TP_NEW(r->mem, tp_bind, n);
    tp_str        *all = TP_NEW(r->mem, tp_str, k);
    for (int i = 0; i < k; i++) all[i] = r->measure[i].name;
    for (int i = 0; i < n; i++) {
        int of = -1, value = tp_plan_value(r, slot[i].name);
        for (int j = 0; j < k; j++)
            if (tp_str_same(all[j], slot[i].name)) of = j;
        if (of < 0 && value < 0)
            return tp_yaml_fail(
                at, err,
                "'%.*s' is no measurement before this one, no "
                "parameter and no derived value%.*s",
                TP_F(slot[i].name),
                TP_F(tp_did_you_mean(r->mem, slot[i].name, all, k)));
        if (of < 0 && m->over && value >= r->p->space.n + r->p->n_derived)
            return tp_yaml_fail(at, err, "'%.*s' differs from corner to corner",
                                TP_F(slot[i].name));
        bind[i] = (tp_bind){.kind = of >= 0 ? TP_BIND_MEASURE : TP_BIND_VAR,
                            .at = of >= 0 ? of : value};
    }
    m->n_bind = n;
    m->bind = bind;
    return TP_OK;
}

/* `instance` of a device: how far it is in saturation, as a measure that is
   only watched. */
static tp_status watch_device(tp_plan_reader *r, const tp_plan_device *d,
                              tp_err *err)
{
    const tp_yaml *at = tp_yaml_get(d->at, "instance");
    tp_str         instance = {"", 0};
    TP_TRY(tp_yaml_text(&instance, d->at, "instance", err));
    if (!instance.len) return TP_OK;
    tp_measure m = {.name = tp_str_fmt(r->mem, "sat_%.*s", TP_F(d->tag)),
                    .unit = TP_S("V"),
                    .dialect = TP_OCEAN,
                    .saturation = true,
                    .at = at->at};
    m.text = tp_str_fmt(r->mem,
                        "abs(OP(\"%.*s\" \"vds\")) - "
                        "abs(OP(\"%.*s\" \"vdsat\"))",
                        TP_F(instance), TP_F(instance));
    TP_TRY(compile(&m, r, at, err));
    TP_TRY(tp_plan_bind(r, &m, TP_S("dcOp"), at, err));
    *TP_PUSH(r->mem, r->measure, r->p->n_measure, r->cap_measure) = m;
    r->p->measure = r->measure;
    return TP_OK;
}

tp_status tp_plan_measures(tp_plan_reader *r, tp_err *err)
{
    const tp_yaml *y;
    TP_TRY(tp_yaml_need(&y, r->top, "measurements", err));
    if (y->kind != TP_YAML_MAP || !y->n)
        return tp_yaml_fail(y, err, "a map of measurements is expected");
    for (int i = 0; i < r->n_bench; i++)
        TP_TRY(list_analyses(r, &r->bench[i], err));
    for (int i = 0; i < y->n; i++) TP_TRY(read_measure(r, &y->part[i], err));
    for (int i = 0; i < y->n; i++)
        if (r->measure[i].bench == TP_BENCH_NONE)
            TP_TRY(bind_derived(r, i, tp_yaml_get(&y->part[i], "expr"), err));
    for (int i = 0; i < r->n_device; i++)
        TP_TRY(watch_device(r, &r->device[i], err));
    return TP_OK;
}
