/* A bandgap sweep's file, read into a problem: its YAML and its netlist become
   the text of a problem file and a deck with parameters, which are read as if
   they stood on disk, and are what the store keeps. */
#include "front/bandgap.h"
#include "front/job.h"

#include <math.h>

enum { FILE_MAX = 64 << 20, POINTS_MAX = 100000, CORNERS_MAX = 1000 };

static const char known[] =
    "ip_type target params corner corners evolution_strategy artifacts netlist "
    "output measurements analyses weights fom model_file dialect simulator "
    "sampling samples";

/* How the sweep goes on after the first grid (vcli's circuit-optimizer: its
   gates are on the change of the best cost from grid to grid); or what it does
   without one. */
static const struct {
    int         rounds, patience;
    double      shrink, gate; /* gate in per cent */
    double      near;         /* first grid: this part around `init`; 0: all */
    int         sample; /* by Latin hypercube, of the grid if any; 0: all */
    bool        known;  /* it begins at a known design */
    const char *method; /* another one than narrowing */
} strategy[] = {
    {8, 2, 0.5, 1, 0, 0, false, NULL},                         /* balanced */
    {0, 0, 1, 0, 0, 5, false, "bo,preset=innovate,gate=true"}, /* innovate */
    {8, 3, 0.2, 0.2, 0.1, 0, true, NULL},                      /* harden */
    {0, 0, 1, 0, 0, 0, true, "bo,preset=repair-only"},         /* repair-only */
};
static const char *const strategies[] = {"balanced", "innovate", "harden",
                                         "repair-only", NULL};
static const char *const samplings[] = {"grid", "lhs", NULL};
static const char *const foms[] = {"repaired", "literal", NULL};

/* ---- reading ------------------------------------------------------------- */

static tp_status above_zero(const tp_yaml *y, const char *key, double v,
                            tp_err *err)
{
    if (isnan(v) || v > 0) return TP_OK;
    const tp_yaml *part = tp_yaml_get(y, key);
    return tp_yaml_fail(part ? part : y, err,
                        "%g, where a number above 0 is expected", v);
}

static tp_status read_goal(tp_sweep_plan *s)
{
    tp_bandgap_goal *g = &s->goal;
    const tp_yaml   *t, *vbg, *w = tp_yaml_get(s->top, "weights");
    *g = (tp_bandgap_goal){.vbg = NAN, .vbg_tolerance = 0.01};
    g->psrr = g->tc = NAN;
    TP_TRY(tp_yaml_need(&t, s->top, "target", s->err));
    TP_TRY(
        tp_yaml_known(t, "Vbg PSRR TC Vbg_tolerance PSRR_min TC_max", s->err));
    TP_TRY(tp_yaml_need(&vbg, t, "Vbg", s->err));
    TP_TRY(tp_yaml_number(&g->vbg, t, "Vbg", s->err));
    TP_TRY(tp_yaml_number(&g->vbg_tolerance, t, "Vbg_tolerance", s->err));
    TP_TRY(tp_yaml_number(&g->psrr, t, "PSRR", s->err));
    TP_TRY(tp_yaml_number(&g->tc, t, "TC", s->err));
    g->psrr_min = g->psrr;
    g->tc_max = g->tc;
    TP_TRY(tp_yaml_number(&g->psrr_min, t, "PSRR_min", s->err));
    TP_TRY(tp_yaml_number(&g->tc_max, t, "TC_max", s->err));
    TP_TRY(above_zero(t, "Vbg", g->vbg, s->err));
    TP_TRY(above_zero(t, "Vbg_tolerance", g->vbg_tolerance, s->err));
    TP_TRY(above_zero(t, "PSRR", g->psrr, s->err));
    TP_TRY(above_zero(t, "PSRR_min", g->psrr_min, s->err));
    TP_TRY(above_zero(t, "TC", g->tc, s->err));
    TP_TRY(above_zero(t, "TC_max", g->tc_max, s->err));
    g->w_vbg = 1;
    g->w_psrr = 0.5;
    g->w_tc = 0.3;
    TP_TRY(tp_yaml_known(w, "Vbg PSRR TC", s->err));
    TP_TRY(tp_yaml_number(&g->w_vbg, w, "Vbg", s->err));
    TP_TRY(tp_yaml_number(&g->w_psrr, w, "PSRR", s->err));
    return tp_yaml_number(&g->w_tc, w, "TC", s->err);
}

/* The last point is the last one that is not above max. */
static tp_status read_param(tp_sweep_plan *s, const tp_yaml *y,
                            tp_sweep_param *p)
{
    double         hi;
    const tp_yaml *part;
    TP_TRY(tp_yaml_known(y, "min max step init unit", s->err));
    TP_TRY(tp_yaml_need(&part, y, "min", s->err));
    TP_TRY(tp_yaml_need(&part, y, "max", s->err));
    TP_TRY(tp_yaml_need(&part, y, "step", s->err));
    TP_TRY(tp_yaml_number(&p->lo, y, "min", s->err));
    TP_TRY(tp_yaml_number(&hi, y, "max", s->err));
    TP_TRY(tp_yaml_number(&p->step, y, "step", s->err));
    TP_TRY(above_zero(y, "step", p->step, s->err));
    if (!(hi >= p->lo))
        return tp_yaml_fail(tp_yaml_get(y, "max"), s->err,
                            "%g is below min, %g", hi, p->lo);
    double points = floor((hi - p->lo) / p->step + 1e-9) + 1;
    if (points > POINTS_MAX)
        return tp_yaml_fail(tp_yaml_get(y, "step"), s->err,
                            "%g points, more than %d", points, POINTS_MAX);
    p->at = y;
    p->points = (int)points;
    p->start = p->lo;
    int middle = p->points / 2;
    if (strategy[s->strategy].method) p->start += middle * p->step;
    return tp_yaml_number(&p->start, y, "init", s->err);
}

/* What the strategy wants of the start: that it is known, a finer grid around
   it. */
static tp_status near_start(tp_sweep_plan *s, tp_sweep_param *p)
{
    double near = strategy[s->strategy].near;
    double hi = p->lo + p->step * (p->points - 1);
    if (!strategy[s->strategy].known) return TP_OK;
    if (!tp_yaml_get(p->at, "init"))
        return tp_yaml_fail(p->at, s->err,
                            "%s starts from a known design: 'init' is missing",
                            strategies[s->strategy]);
    if (near == 0) return TP_OK;
    double from = fmax(p->lo, p->start - near * fabs(p->start));
    double to = fmin(hi, p->start + near * fabs(p->start));
    p->step *= strategy[s->strategy].shrink;
    double below = floor((p->start - from) / p->step + 1e-9);
    double above = floor((to - p->start) / p->step + 1e-9);
    p->lo = p->start - below * p->step;
    p->points = (int)(below + above) + 1;
    return TP_OK;
}

/* How many points at first: the whole grid, or a Latin hypercube's. */
static tp_status read_sampling(tp_sweep_plan *s, int params)
{
    const tp_yaml *how = tp_yaml_get(s->top, "sampling");
    const tp_yaml *many = tp_yaml_get(s->top, "samples");
    double         n = strategy[s->strategy].sample;
    int            lhs = n > 0;
    bool           grid = strategy[s->strategy].method == NULL;
    if (!grid && n == 0 && (how || many))
        return tp_yaml_fail(how ? how : many, s->err,
                            "%s has no grid to take points of",
                            strategies[s->strategy]);
    TP_TRY(tp_yaml_choice(&lhs, s->top, "sampling", samplings, s->err));
    if (!grid && n > 0 && !lhs)
        return tp_yaml_fail(how, s->err, "%s has no grid",
                            strategies[s->strategy]);
    if (many && !lhs)
        return tp_yaml_fail(many, s->err,
                            "a grid has all points; 'sampling: lhs' takes "
                            "so many of them");
    if (lhs && n == 0) n = 2 * params;
    TP_TRY(tp_yaml_number(&n, s->top, "samples", s->err));
    if (lhs && !(n >= 1 && n <= POINTS_MAX && n == floor(n)))
        return tp_yaml_fail(many, s->err,
                            "%g, where a whole number from 1 to "
                            "%d is expected",
                            n, POINTS_MAX);
    s->sample = lhs ? (int)n : 0;
    return TP_OK;
}

static tp_status read_params(tp_sweep_plan *s)
{
    const tp_yaml *y;
    double         all = 1;
    TP_TRY(tp_yaml_need(&y, s->top, "params", s->err));
    if (y->kind != TP_YAML_MAP || y->n < 1 || y->n > TP_SWEEP_PARAMS)
        return tp_yaml_fail(y, s->err,
                            "a map of 1 to %d parameters is expected: {L_M1: "
                            "{min: 1u, max: 2u, step: 0.2u}}",
                            TP_SWEEP_PARAMS);
    TP_TRY(read_sampling(s, y->n));
    for (int i = 0; i < y->n; i++) {
        tp_sweep_param *p = &s->param[s->n];
        TP_TRY(read_param(s, &y->part[i], p));
        double hi = p->lo + p->step * (p->points - 1);
        if (!(p->start >= p->lo && p->start <= hi * (1 + 1e-9)))
            return tp_yaml_fail(tp_yaml_get(&y->part[i], "init"), s->err,
                                "%g is outside %g to %g", p->start, p->lo, hi);
        TP_TRY(near_start(s, p));
        s->hole[s->n++] = (tp_hole){.name = y->part[i].key, .value = p->start};
        all *= p->points;
    }
    if (all <= POINTS_MAX || s->sample || strategy[s->strategy].method)
        return TP_OK;
    return tp_yaml_fail(y, s->err, "%g combinations, more than %d", all,
                        POINTS_MAX);
}

static tp_status read_rest(tp_sweep_plan *s)
{
    tp_str type = TP_S("bandgap"), folder;
    int    fom = 0;
    TP_TRY(tp_yaml_text(&type, s->top, "ip_type", s->err));
    if (!tp_str_same(type, TP_S("bandgap")))
        return tp_yaml_fail(tp_yaml_get(s->top, "ip_type"), s->err,
                            "'%.*s', where bandgap is expected", TP_F(type));
    TP_TRY(tp_yaml_choice(&s->strategy, s->top, "evolution_strategy",
                          strategies, s->err));
    TP_TRY(tp_yaml_choice(&fom, s->top, "fom", foms, s->err));
    s->literal = fom == 1;
    s->typical_first = strategy[s->strategy].sample > 0;
    folder = tp_path_folder(tp_str_of(s->ask->path));
    TP_TRY(tp_yaml_text(&s->netlist, s->top, "netlist", s->err));
    if (s->ask->netlist.len)
        s->netlist = tp_path_absolute(s->ask->netlist, s->mem);
    s->deck = tp_str_fmt(s->mem, "%.*s.deck", TP_F(s->netlist));
    s->netlist = tp_path_join(folder, s->netlist, s->mem);
    if (s->deck.len > 5) return TP_OK;
    return tp_yaml_fail(s->top, s->err,
                        "the netlist is missing: 'netlist', or --netlist FILE");
}

/* ---- its files ----------------------------------------------------------- */

/* The texts that the problem is read from, each once. */
typedef struct texts {
    int        n, cap;
    tp_source *file;
} texts;

static void keep(texts *t, tp_source file, tp_arena *mem)
{
    for (int i = 0; i < t->n; i++)
        if (tp_str_eq(t->file[i].name, file.name)) return;
    *TP_PUSH(mem, t->file, t->n, t->cap) = file;
}

/* The library sections of a corner of the sweep's file. */
static tp_status sections_of(tp_sweep_plan *s, const tp_yaml *corner,
                             tp_condition *in)
{
    TP_TRY(tp_yaml_texts(&in->section, &in->n_section, corner, "model", s->mem,
                         s->err));
    return tp_yaml_texts(&in->section, &in->n_section, corner, "sections",
                         s->mem, s->err);
}

/* The same of "tt+res_tt". */
static void sections_in(tp_sweep_plan *s, tp_str corner, tp_condition *in)
{
    tp_str *name = TP_NEW(s->mem, tp_str, corner.len + 1);
    in->section = name;
    for (tp_str w; (w = tp_str_word(&corner, "+")).len;)
        name[in->n_section++] = w;
}

/* Every corner's sections; the first is the deck as it is. */
static tp_status list_conditions(tp_sweep_plan *s, tp_condition *in, int *n)
{
    const tp_yaml *many = tp_yaml_get(s->top, "corners");
    const tp_str  *name = NULL;
    tp_str         list = s->ask->corner;
    int            n_name = 0;
    *n = 1;
    if (list.len)
        for (tp_str w; (w = tp_str_word(&list, ", ")).len && *n < CORNERS_MAX;)
            sections_in(s, w, &in[(*n)++]);
    if (s->ask->corner.len) return TP_OK;
    for (int i = 0; many && i < many->n && *n < CORNERS_MAX; i++)
        TP_TRY(sections_of(s, &many->part[i], &in[(*n)++]));
    TP_TRY(tp_yaml_texts(&name, &n_name, s->top, "corner", s->mem, s->err));
    for (int i = 0; i < n_name && *n < CORNERS_MAX; i++)
        sections_in(s, name[i], &in[(*n)++]);
    return TP_OK;
}

/* What the deck reads in any corner. */
static tp_status gather(tp_sweep_plan *s, texts *t, tp_source deck)
{
    tp_condition *in = TP_NEW(s->mem, tp_condition, CORNERS_MAX);
    tp_str        models = {"", 0};
    int           n;
    TP_TRY(tp_yaml_text(&models, s->top, "model_file", s->err));
    if (models.len)
        models = tp_path_join(tp_path_folder(tp_str_of(s->ask->path)), models,
                              s->mem);
    TP_TRY(list_conditions(s, in, &n));
    tp_reach reach =
        tp_reach_from(s->ask->disk, tp_path_folder(s->netlist), s->mem);
    if (models.len) tp_reach_allow(&reach, models, s->mem);
    tp_reach_home(&reach, tp_path_folder(models.len ? models : deck.name),
                  s->mem);
    for (int i = 0; i < n; i++) {
        tp_deck *d;
        in[i].temp = NAN;
        if (in[i].n_section) in[i].lib = models;
        TP_TRY(tp_deck_read_text(&d, deck, &in[i], &reach, s->mem, s->err));
        tp_files files = tp_deck_files(d);
        for (int k = 0; k < files.n; k++) keep(t, files.file[k], s->mem);
    }
    return TP_OK;
}

/* A parameter that the netlist has no place for. */
static tp_status check_uses(const tp_sweep_plan *s)
{
    for (int i = 0; i < s->n; i++)
        if (!s->hole[i].uses)
            return tp_yaml_fail(s->param[i].at, s->err, "%.*s has no ${%.*s}",
                                TP_F(s->netlist), TP_F(s->hole[i].name));
    return TP_OK;
}

tp_str tp_sweep_method(const tp_sweep_plan *s)
{
    tp_buf b = {.mem = s->mem};
    char   shrink[TP_NUMBER_MAX], gate[TP_NUMBER_MAX];
    if (strategy[s->strategy].method) {
        tp_buf_fmt(&b, "%s", strategy[s->strategy].method);
        if (s->sample) tp_buf_fmt(&b, ",init=%d", s->sample + 1);
        return tp_buf_str(&b);
    }
    tp_buf_fmt(&b, "narrowing,rounds=%d,patience=%d,shrink=%s,gate=%s",
               strategy[s->strategy].rounds, strategy[s->strategy].patience,
               tp_exact(strategy[s->strategy].shrink, shrink),
               tp_exact(strategy[s->strategy].gate, gate));
    if (s->sample) tp_buf_fmt(&b, ",sample=%d", s->sample);
    for (int i = 0; i < s->n; i++)
        tp_buf_fmt(&b, ",npts%d=%d", i, s->param[i].points);
    return tp_buf_str(&b);
}

/* What of the sweep's file a part of the text was made of; NULL: of all. */
static const tp_yaml *cause(const tp_sweep_plan *s, tp_str msg)
{
    static const struct {
        const char *path, *key;
    } row[] = {
        {"optimization.corners", "corners"},
        {"optimization.analyses", "analyses"},
        {"optimization.measurements", "measurements"},
        {"optimization.measurements", "output"},
        {"optimization.parameters", "params"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        const tp_yaml *y = tp_yaml_get(s->top, row[i].key);
        if (y && tp_str_starts(msg, tp_str_of(row[i].path))) return y;
    }
    return NULL;
}

/* What is wrong in the text made of the sweep's file is told of that file: the
   path in it is the same but for its first word. */
static tp_status blame(const tp_sweep_plan *s, tp_str made)
{
    tp_err   *err = s->err;
    tp_source src = {.name = tp_str_of(s->ask->path)};
    if (!err) return TP_BAD_INPUT;
    tp_status code = err->code;
    if (!tp_str_eq(tp_str_of(err->file), made)) return code;
    tp_err         was = *err;
    const tp_yaml *y = cause(s, tp_str_of(was.msg));
    *err = (tp_err){0};
    return tp_fail_at(err, code, y ? y->at : (tp_place){.in = &src}, "%s",
                      was.msg);
}

/* `artifacts: {keep: [...]}` is about files that are not made. */
static void note_artifacts(const tp_sweep_plan *s, tp_problem *p)
{
    const tp_yaml *y = tp_yaml_get(s->top, "artifacts");
    if (!y) return;
    tp_str *notice = TP_NEW(s->mem, tp_str, p->n_notice + 1);
    for (int i = 0; i < p->n_notice; i++) notice[i] = p->notice[i];
    notice[p->n_notice++] =
        tp_str_fmt(s->mem,
                   "%s:%d: artifacts: nothing to keep, a sweep leaves no files "
                   "but its store",
                   s->ask->path, y->at.line);
    p->notice = notice;
}

bool tp_sweep_knows(const tp_yaml *top)
{
    return !tp_yaml_get(top, "optimization") && tp_yaml_get(top, "params") &&
           tp_yaml_get(top, "target");
}

/* A netlist that the file names is told at its place. */
static tp_status no_netlist(const tp_sweep_plan *s)
{
    const tp_yaml *y = tp_yaml_get(s->top, "netlist");
    tp_err         was = *s->err;
    if (s->ask->netlist.len || !y) return was.code;
    return tp_yaml_fail(y, s->err, "%s", was.msg);
}

tp_status tp_bandgap_read(tp_problem *out, const tp_bandgap_ask *ask,
                          tp_arena *mem, tp_err *err)
{
    tp_err         own = {0};
    tp_sweep_plan *s = TP_NEW(mem, tp_sweep_plan, 1);
    tp_source *file = TP_NEW(mem, tp_source, 1), net, deck = {0}, problem = {0};
    texts      t = {0};
    *s = (tp_sweep_plan){.ask = ask, .mem = mem, .err = err ? err : &own};
    s->netlist = (tp_str){"", 0};
    file->name = tp_str_copy(mem, tp_str_of(ask->path));
    TP_TRY(tp_file_read(&file->text, ask->path, FILE_MAX, mem, err));
    TP_TRY(tp_yaml_read(&s->top, file, mem, err));
    TP_TRY(tp_yaml_known(s->top, known, err));
    TP_TRY(read_rest(s));
    TP_TRY(read_goal(s));
    TP_TRY(read_params(s));
    net.name = s->netlist;
    if (tp_file_read(&net.text, tp_str_z(mem, s->netlist), FILE_MAX, mem,
                     s->err))
        return no_netlist(s);
    deck.name = tp_path_join(tp_path_folder(file->name), s->deck, mem);
    TP_TRY(tp_template_fill(&deck.text, &net, s->hole, s->n, mem, err));
    TP_TRY(check_uses(s));
    problem.name = file->name;
    TP_TRY(tp_sweep_text(&problem.text, s));
    keep(&t, problem, mem);
    TP_TRY(gather(s, &t, deck));
    tp_files files = {.n = t.n, .file = t.file};
    if (tp_front_read(out, tp_str_z(mem, problem.name), &files, mem, s->err))
        return blame(s, problem.name);
    note_artifacts(s, out);
    return TP_OK;
}

/* ---- what the problem is, again ------------------------------------------ */

static const tp_spec *spec_of(const tp_problem *p, const char *name)
{
    for (int i = 0; i < p->n_spec; i++)
        if (tp_str_eq(p->measure[p->spec[i].measure].name, tp_str_of(name)))
            return &p->spec[i];
    return NULL;
}

bool tp_bandgap_goal_of(tp_bandgap_goal *out, const tp_problem *p)
{
    const tp_spec *v = spec_of(p, "Vbg"), *r = spec_of(p, "PSRR");
    const tp_spec *t = spec_of(p, "TC");
    if (!v || !tp_str_eq(p->name, TP_S("bg"))) return false;
    bool literal = v->min == v->max;
    *out = (tp_bandgap_goal){.vbg = v->target, .w_vbg = v->weight};
    out->vbg_tolerance = literal ? 0.01 : (v->max - v->target) / v->target;
    out->psrr = r ? r->target : NAN;
    out->psrr_min = r ? r->min : NAN;
    out->w_psrr = r ? r->weight / (literal ? 0.5 : 1) : 0;
    out->tc = t ? t->target : NAN;
    out->tc_max = t ? t->max : NAN;
    out->w_tc = t ? t->weight / (literal ? 0.3 : 1) : 0;
    return true;
}

void tp_bandgap_measures(int out[3], const tp_problem *p)
{
    static const char *const name[] = {"Vbg", "PSRR", "TC"};
    for (int k = 0; k < 3; k++) {
        const tp_spec *s = spec_of(p, name[k]);
        out[k] = s ? s->measure : -1;
    }
}
