/* The names of a measurement's expression: vectors of an analysis of its
   bench, or values. They are looked up in the deck of every corner, as each
   gets its own circuit. */
#include "front/job.h"

#include "front/ocean.h"

static const tp_str *value_names(const tp_plan_reader *r)
{
    const tp_problem *p = r->p;
    tp_str           *name = TP_NEW(r->mem, tp_str, tp_problem_values(p));
    int               n = 0;
    for (int i = 0; i < p->space.n; i++) name[n++] = p->space.var[i].name;
    for (int i = 0; i < p->n_derived; i++) name[n++] = p->derived[i].name;
    for (int i = 0; i < p->n_setting; i++) name[n++] = p->setting[i];
    return name;
}

/* ---- SIMetrix's and Nutmeg's names -------------------------------------- */

static int analysis_named(const tp_plan_bench *b, tp_str name)
{
    for (int i = 0; i < b->n_analysis; i++)
        if (tp_str_same(b->analysis[i].id, name) ||
            tp_str_same(b->analysis[i].ordinal, name))
            return i;
    return -1;
}

/* "ac:vout" and "ac1.v(out)": the analysis in front. */
static void cut_group(tp_str *name, char mark, const tp_plan_bench *b, int *at)
{
    ptrdiff_t k = tp_str_find(*name, mark, 0);
    int       named = k > 0 ? analysis_named(b, tp_str_part(*name, 0, k)) : -1;
    if (named < 0) return;
    *at = named;
    *name = tp_str_from(*name, k + 1);
}

/* v(out) -> out, i(v1) -> v1#branch. */
static tp_str plain_vector(tp_str name, tp_arena *mem)
{
    bool call =
        name.len > 3 && name.at[1] == '(' && name.at[name.len - 1] == ')';
    tp_str inside = tp_str_part(name, 2, name.len - 3);
    if (call && tp_lower(name.at[0]) == 'v') return inside;
    if (call && tp_lower(name.at[0]) == 'i')
        return tp_str_fmt(mem, "%.*s#branch", TP_F(inside));
    return name;
}

/* Where a measure's names are looked up. */
typedef struct place {
    tp_plan_reader *r;
    tp_plan_bench  *b;
    tp_deck        *deck;     /* of a corner; NULL: the simulator's own names */
    tp_str          analysis; /* of the measure */
} place;

static tp_status bind_plain(tp_bind *out, const place *in, const tp_slot *slot,
                            tp_err *err)
{
    tp_plan_bench *b = in->b;
    tp_str         name = slot->name;
    int            value = tp_plan_value(in->r, name);
    int            analysis = analysis_named(b, in->analysis);
    cut_group(&name, ':', b, &analysis);
    cut_group(&name, '.', b, &analysis);
    if (value >= 0) {
        *out = (tp_bind){.kind = TP_BIND_VAR, .at = value};
        return TP_OK;
    }
    if (analysis < 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "%.*s: of which analysis? The measurement has no "
                       "'analysis'",
                       TP_F(name));
    *out = (tp_bind){.kind = TP_BIND_SIGNAL, .analysis = analysis};
    return tp_deck_signal(in->deck, plain_vector(name, in->r->mem),
                          b->analysis[analysis].kind, &out->signal, err);
}

static tp_status bind_names(const tp_bind **out, int *n, const place *in,
                            const tp_measure *m, tp_err *err)
{
    tp_arena *mem = in->r->mem;
    if (m->dialect == TP_OCEAN) {
        tp_ocean_scope scope = {.deck = in->deck,
                                .n_analysis = in->b->n_analysis,
                                .analysis = in->b->analysis,
                                .measure_analysis = in->analysis,
                                .n_value = tp_problem_values(in->r->p),
                                .value = value_names(in->r)};
        return tp_ocean_bind(out, n, m->expr, &scope, mem, err);
    }
    if (!in->deck)
        return tp_fail(err, TP_BAD_INPUT,
                       "this simulator's results are named in OCEAN: "
                       "'dialect' has to be ocean");
    const tp_slot *slot;
    *n = tp_expr_slots(m->expr, &slot);
    tp_bind *bind = TP_NEW(mem, tp_bind, *n);
    for (int i = 0; i < *n; i++) {
        if (!bind_plain(&bind[i], in, &slot[i], err)) continue;
        if (err) err->col = (int)slot[i].at + 1;
        return TP_BAD_INPUT;
    }
    *out = bind;
    return TP_OK;
}

/* ---- all corners -------------------------------------------------------- */

static bool same(const tp_bind *a, const tp_bind *b, int n)
{
    for (int i = 0; i < n; i++)
        if (!tp_str_eq(a[i].signal.vector, b[i].signal.vector) ||
            a[i].signal.factor != b[i].signal.factor)
            return false;
    return true;
}

static tp_status check_analysis(const tp_plan_reader *r, const tp_measure *m,
                                tp_str analysis, const tp_yaml *at, tp_err *err)
{
    const tp_plan_bench     *b = &r->bench[m->bench];
    static const char *const words[] = {"ac", "tran",  "dc",      "dcOp",
                                        "op", "noise", "dcOpInfo"};
    if (!analysis.len || analysis_named(b, analysis) >= 0) return TP_OK;
    for (int i = 0; i < TP_COUNT(words) && m->dialect == TP_OCEAN; i++)
        if (tp_str_same(analysis, tp_str_of(words[i]))) return TP_OK;
    tp_str *all = TP_NEW(r->mem, tp_str, b->n_analysis);
    tp_buf  list = {.mem = r->mem};
    for (int i = 0; i < b->n_analysis; i++) {
        all[i] = b->analysis[i].id;
        tp_buf_fmt(&list, "%s%.*s", i ? ", " : "", TP_F(all[i]));
    }
    tp_str like = tp_did_you_mean(r->mem, analysis, all, b->n_analysis);
    return tp_yaml_fail(tp_yaml_get(at->up, "analysis"), err,
                        "there is no analysis '%.*s'%.*s%s%.*s", TP_F(analysis),
                        TP_F(like), like.len ? "" : "; there are ",
                        like.len ? 0 : (int)list.len, tp_buf_str(&list).at);
}

tp_status tp_plan_bind(tp_plan_reader *r, tp_measure *m, tp_str analysis,
                       const tp_yaml *at, tp_err *err)
{
    TP_TRY(check_analysis(r, m, analysis, at, err));
    for (int c = 0; c < tp_problem_corners(r->p); c++) {
        const tp_bind *bind;
        tp_err         own = {0};
        int            n;
        tp_plan_bench *b = &r->bench[m->bench];
        place          in = {r, b, b->deck ? b->deck[c] : NULL, analysis};
        if (bind_names(&bind, &n, &in, m, &own))
            return tp_yaml_fail(at, err, "column %d of the expression: %s",
                                own.col, own.msg);
        if (c > 0 && !same(bind, m->bind, n))
            return tp_yaml_fail(at, err,
                                "a name means something else in corner %.*s",
                                TP_F(r->p->corner[c].name));
        m->bind = bind;
        m->n_bind = n;
    }
    return TP_OK;
}

/* ---- what nobody reads is not run --------------------------------------- */

static void renumber(tp_plan_reader *r, int bench, const int *to)
{
    for (int i = 0; i < r->p->n_measure; i++) {
        tp_measure *m = &r->measure[i];
        if (m->bench != bench) continue;
        tp_bind *bind = TP_NEW(r->mem, tp_bind, m->n_bind);
        for (int k = 0; k < m->n_bind; k++) {
            bind[k] = m->bind[k];
            if (bind[k].kind == TP_BIND_SIGNAL)
                bind[k].analysis = to[bind[k].analysis];
        }
        m->bind = bind;
    }
}

void tp_plan_prune(tp_plan_reader *r, int bench)
{
    tp_plan_bench *b = &r->bench[bench];
    int           *to = TP_NEW(r->mem, int, b->n_analysis);
    int            n = 0;
    double         seconds = 0;
    for (int i = 0; i < r->p->n_measure; i++)
        for (int k = 0; k < r->measure[i].n_bind; k++) {
            const tp_bind *bind = &r->measure[i].bind[k];
            if (r->measure[i].bench == bench && bind->kind == TP_BIND_SIGNAL)
                to[bind->analysis] = 1;
        }
    for (int i = 0; i < b->n_analysis; i++) {
        if (!to[i]) continue;
        seconds += b->timeout[i];
        b->analysis[n] = b->analysis[i];
        to[i] = n++;
    }
    b->n_analysis = n;
    if (seconds > r->p->trial_seconds) r->p->trial_seconds = seconds;
    renumber(r, bench, to);
}
