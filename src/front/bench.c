/* `simulator` of a problem file: its decks, each read in every corner, and at
   the end what the simulator is given. */
#include "front/inside.h"
#include "front/job.h"

#include <math.h>

static const char *const simulators[] = {"ngspice", "spawn", "spectre", "vcli",
                                         NULL};

/* ---- decks -------------------------------------------------------------- */

static tp_files files_from(const tp_plan_reader *r, tp_str main)
{
    if (!r->files) return (tp_files){.disk = &r->reach, .cache = r->cache};
    tp_source *file = TP_NEW(r->mem, tp_source, r->files->n + 1);
    int        n = 1;
    for (int i = 0; i < r->files->n; i++)
        if (tp_str_eq(r->files->file[i].name, main))
            file[0] = r->files->file[i];
        else
            file[n++] = r->files->file[i];
    n = file[0].name.at ? n : 0;
    return (tp_files){.n = n, .file = file, .cache = r->cache};
}

/* The library of a corner's sections is there. */
static tp_status check_library(const tp_plan_reader *r, const tp_condition *in,
                               tp_err *err)
{
    const tp_yaml *top = tp_yaml_get(r->top, "model_file");
    tp_str         file = in->from.len ? in->from : in->lib;
    bool           own = in->from.len || top;
    if (!own || !in->n_section || r->files || tp_plan_has_file(r, file))
        return TP_OK;
    return tp_yaml_fail(in->from.len ? tp_yaml_get(r->top, "corners") : top,
                        err, "can't open the model file %.*s", TP_F(file));
}

/* The deck of a bench in a corner; its own analyses are not ours. */
static tp_status read_deck(tp_deck **out, tp_plan_reader *r,
                           const tp_plan_bench *b, int corner, tp_err *err)
{
    tp_condition       in = {.lib = r->model_file, .temp = NAN};
    tp_files           files = files_from(r, b->path);
    const tp_analysis *own;
    int                n;
    if (r->p->n_corner) {
        in.n_section = r->p->corner[corner].n_section;
        in.section = r->p->corner[corner].section;
        in.from = r->p->corner[corner].model_file;
        in.temp = r->p->corner[corner].temp;
    }
    TP_TRY(check_library(r, &in, err));
    tp_err    said = {0};
    tp_status st = tp_deck_read_in(out, tp_str_z(r->mem, b->path), &files, &in,
                                   r->mem, &said);
    if (!st) st = tp_deck_analyses(*out, &own, &n, &said);
    if (!st) tp_plan_keep_files(r, tp_deck_files(*out));
    if (!st) return TP_OK;
    if (said.file[0] == '\0') return tp_yaml_fail(b->at, err, "%s", said.msg);
    if (err) *err = said;
    if (r->p->n_corner)
        return tp_while(err, "corner %.*s", TP_F(r->p->corner[corner].name));
    return st;
}

/* Measurements stand in the problem file: told once a deck. */
static void note_meas(tp_plan_reader *r, const tp_deck *deck)
{
    const tp_card *card;
    int            n = tp_deck_cards(deck, &card);
    for (int i = 0; i < n; i++) {
        tp_place at = tp_card_place(&card[i], 0);
        if (!tp_front_is_meas(&card[i])) continue;
        tp_plan_notice(r, NULL,
                       tp_str_fmt(r->mem,
                                  "%.*s:%d: .meas is not evaluated in a "
                                  "problem file's deck: write it into "
                                  "'measurements'",
                                  TP_F(at.in->name), at.line));
        return;
    }
}

static tp_status read_bench(tp_plan_bench *b, tp_plan_reader *r, tp_err *err)
{
    int n = tp_problem_corners(r->p);
    if (tp_plan_outside(r)) return tp_plan_outside_read(r, b, err);
    b->deck = TP_NEW(r->mem, tp_deck *, n);
    for (int c = 0; c < n; c++) TP_TRY(read_deck(&b->deck[c], r, b, c, err));
    if (tp_deck_kind(b->deck[0]) != TP_DECK_SPICE)
        return tp_yaml_fail(b->at, err,
                            "%.*s is a SIMetrix deck with its own optimiser "
                            "statements: `trimpot run` takes it by itself",
                            TP_F(b->path));
    const tp_str *notice;
    int           n_notice = tp_deck_notices(b->deck[0], &notice);
    for (int i = 0; i < n_notice; i++) tp_plan_notice(r, NULL, notice[i]);
    note_meas(r, b->deck[0]);
    return TP_OK;
}

/* ---- the section -------------------------------------------------------- */

static tp_status name_bench(tp_plan_bench *b, tp_plan_reader *r,
                            const tp_yaml *y, tp_err *err)
{
    tp_str         path = {"", 0};
    const tp_yaml *at = y;
    const char    *key = tp_plan_outside(r) ? "netlist" : "deck";
    *b = (tp_plan_bench){.name = y->key, .at = y};
    if (y->kind == TP_YAML_MAP) {
        TP_TRY(tp_yaml_known(y, "deck netlist analyses", err));
        TP_TRY(tp_yaml_need(&at, y, key, err));
        TP_TRY(tp_yaml_text(&path, y, key, err));
    } else if (y->kind == TP_YAML_TEXT) {
        path = y->text;
    } else {
        return tp_yaml_fail(y, err, "the path of a deck is expected");
    }
    b->at = at;
    b->path = tp_path_join(r->folder, path, r->mem);
    return TP_OK;
}

/* The cell that Virtuoso simulates. */
static tp_status testbench(tp_plan_reader *r, tp_err *err)
{
    const tp_yaml *at, *part;
    TP_TRY(tp_yaml_need(&at, r->top, "testbench", err));
    TP_TRY(tp_yaml_need(&part, at, "lib", err));
    TP_TRY(tp_yaml_need(&part, at, "cell", err));
    r->n_bench = 1;
    r->bench = TP_NEW(r->mem, tp_plan_bench, 1);
    r->bench[0] = (tp_plan_bench){.name = r->p->cell, .at = at};
    return TP_OK;
}

static tp_status list_benches(tp_plan_reader *r, const tp_yaml *sim,
                              tp_err *err)
{
    const char    *key = tp_plan_outside(r) ? "netlist" : "deck";
    const tp_yaml *one = tp_yaml_get(sim, key);
    if (tp_plan_virtuoso(r)) return testbench(r, err);
    const tp_yaml *many = tp_yaml_get(sim, "benches");
    if (!one && !many)
        return tp_yaml_fail(sim, err,
                            "a %s is missing: '%s' is the path of one, "
                            "'benches' a map of several",
                            key, key);
    if (one && many)
        return tp_yaml_fail(sim, err,
                            "give one of '%s' and 'benches': '%s' is the path "
                            "of one deck, 'benches' a map of several",
                            key, key);
    if (many && (many->kind != TP_YAML_MAP || !many->n))
        return tp_yaml_fail(many, err, "a map of names and decks is expected");
    r->n_bench = many ? many->n : 1;
    r->bench = TP_NEW(r->mem, tp_plan_bench, r->n_bench);
    for (int i = 0; i < r->n_bench; i++)
        TP_TRY(name_bench(&r->bench[i], r, many ? &many->part[i] : one, err));
    return TP_OK;
}

tp_status tp_plan_benches(tp_plan_reader *r, tp_err *err)
{
    const tp_yaml *sim;
    int            name = 0;
    TP_TRY(tp_yaml_need(&sim, r->top, "simulator", err));
    TP_TRY(tp_yaml_known(
        sim, "name deck netlist benches variables measure_there", err));
    TP_TRY(tp_yaml_choice(&name, sim, "name", simulators, err));
    r->p->simulator = r->by.len > 0 ? r->by : tp_str_of(simulators[name]);
    TP_TRY(list_benches(r, sim, err));
    for (int i = 0; i < r->n_bench; i++)
        TP_TRY(read_bench(&r->bench[i], r, err));
    return TP_OK;
}

/* ---- circuits ----------------------------------------------------------- */

/* The parameters of every circuit at the start, in the order of the values;
   where a derived one can't be had yet any number will do. */
static tp_tunable *tunables(const tp_plan_reader *r, int corner)
{
    const tp_problem *p = r->p;
    int               n = tp_problem_values(p);
    tp_tunable       *t = TP_NEW(r->mem, tp_tunable, n);
    double           *v = TP_NEW(r->mem, double, n);
    double           *start = TP_NEW(r->mem, double, p->space.n);
    tp_str            why;
    for (int i = 0; i < p->space.n; i++) start[i] = p->space.var[i].start;
    tp_problem_derive(p, start, v, &why, r->mem);
    if (p->n_setting) tp_problem_settings(p, corner, v);
    for (int i = 0; i < n; i++) {
        int k = i - p->space.n;
        if (i < p->space.n)
            t[i].name = p->space.var[i].name;
        else if (k < p->n_derived)
            t[i].name = p->derived[k].name;
        else
            t[i].name = p->setting[k - p->n_derived];
        t[i].value = isfinite(v[i]) ? v[i] : 1e-6;
    }
    return t;
}

/* What a corner sets where the deck has its own: NAN when it is no number. */
static double deck_value(const tp_plan_reader *r, tp_str name)
{
    for (int i = 0; i < r->n_bench; i++) {
        tp_circuit c;
        double     v;
        tp_err     err = {0};
        tp_str     expr;
        if (tp_plan_outside(r) &&
            tp_plan_outside_param(&r->bench[i], name, &expr) &&
            tp_number_all(expr, &v))
            return v;
        if (tp_plan_outside(r)) continue;
        if (tp_deck_circuit(&c, r->bench[i].deck[0], NULL, 0, NULL, 0, &err))
            continue;
        for (int k = 0; k < c.n_define; k++)
            if (tp_str_same(c.define[k].name, name) &&
                tp_number_all(c.define[k].expr, &v))
                return v;
    }
    return NAN;
}

/* Where the first corner sets it. */
static const tp_yaml *place_of(const tp_plan_reader *r, tp_str setting)
{
    static const char *const key[] = {"supplies", "parameters"};
    const tp_yaml           *phases = tp_yaml_get(r->top, "corners");
    for (int i = 0; phases && i < phases->n; i++)
        for (int c = 0; c < 2 * phases->part[i].n; c++) {
            const tp_yaml *corner = &phases->part[i].part[c / 2];
            const tp_yaml *set = tp_yaml_get(corner, key[c % 2]);
            for (int k = 0; set && k < set->n; k++)
                if (tp_str_eq(set->part[k].key, setting)) return &set->part[k];
        }
    return phases;
}

/* A corner that does not set what another one does has the deck's value. */
static tp_status fill_settings(tp_plan_reader *r, tp_err *err)
{
    const tp_problem *p = r->p;
    for (int k = 0; k < p->n_setting; k++) {
        double own = deck_value(r, p->setting[k]);
        if (!tp_plan_used(r, p->setting[k]))
            return tp_yaml_fail(place_of(r, p->setting[k]), err,
                                "a corner sets '%.*s', which is no parameter "
                                "of a deck",
                                TP_F(p->setting[k]));
        for (int c = 0; c < p->n_corner; c++) {
            double *v = (double *)(uintptr_t)p->corner[c].value;
            if (!isnan(v[k])) continue;
            if (isnan(own))
                return tp_yaml_fail(place_of(r, p->setting[k]), err,
                                    "corner %.*s does not set '%.*s', and the "
                                    "deck has no number for it",
                                    TP_F(p->corner[c].name),
                                    TP_F(p->setting[k]));
            v[k] = own;
        }
    }
    return TP_OK;
}

static tp_status make_bench(tp_bench *out, tp_plan_reader *r, tp_plan_bench *b,
                            tp_err *err)
{
    int         n = tp_problem_corners(r->p);
    tp_circuit *c = TP_NEW(r->mem, tp_circuit, n);
    *out = (tp_bench){.name = b->name, .circuit = c};
    if (tp_plan_outside(r)) {
        const tp_tunable *t = tunables(r, 0);
        int               many = tp_problem_values(r->p);
        tp_str           *name = TP_NEW(r->mem, tp_str, many);
        for (int i = 0; i < many; i++) name[i] = t[i].name;
        return tp_plan_outside_circuits(c, r, (int)(b - r->bench), name, err);
    }
    out->deck = b->deck[0];
    for (int i = 0; i < n; i++) {
        TP_TRY(tp_deck_circuit(&c[i], b->deck[i], tunables(r, i),
                               tp_problem_values(r->p), b->analysis,
                               b->n_analysis, err));
        tp_plan_saves(&c[i], r, (int)(b - r->bench));
    }
    return TP_OK;
}

static bool measured(const tp_plan_reader *r, int value)
{
    for (int i = 0; i < r->p->n_measure; i++)
        for (int k = 0; k < r->measure[i].n_bind; k++) {
            const tp_bind *b = &r->measure[i].bind[k];
            if (b->kind == TP_BIND_VAR && b->at == value) return true;
        }
    return false;
}

/* By a deck, by a value that is derived or by a measure. */
static bool is_used(const tp_plan_reader *r, tp_str name)
{
    return tp_plan_used(r, name) || tp_plan_is_read(r, name) ||
           measured(r, tp_plan_value(r, name));
}

/* A variable that nothing reads would be searched in vain. */
static tp_status check_used(tp_plan_reader *r, tp_err *err)
{
    const tp_yaml *list = tp_yaml_get(r->top, "parameters");
    const tp_yaml *fixed = tp_yaml_get(r->top, "fixed");
    for (int i = 0; i < list->n; i++) {
        tp_str name = tp_yaml_get(&list->part[i], "name")->text;
        if (is_used(r, name)) continue;
        return tp_yaml_fail(&list->part[i], err,
                            "no deck has a parameter '%.*s', and nothing is "
                            "derived from it",
                            TP_F(name));
    }
    for (int i = 0; fixed && i < fixed->n; i++)
        if (!is_used(r, fixed->part[i].key))
            tp_plan_notice(r, &fixed->part[i],
                           TP_S("no deck has a parameter of that name and "
                                "nothing is derived from it: it does nothing"));
    return TP_OK;
}

tp_status tp_plan_circuits(tp_plan_reader *r, tp_err *err)
{
    tp_problem *p = r->p;
    tp_bench   *bench = TP_NEW(r->mem, tp_bench, r->n_bench);
    TP_TRY(fill_settings(r, err));
    TP_TRY(check_used(r, err));
    for (int i = 0; i < r->n_bench; i++) tp_plan_prune(r, i);
    for (int i = 0; i < p->n_measure && tp_plan_virtuoso(r); i++)
        if (r->measure[i].bench != TP_BENCH_NONE)
            TP_TRY(tp_plan_outside_ask(r, &r->measure[i], err));
    for (int i = 0; i < r->n_bench; i++)
        TP_TRY(make_bench(&bench[i], r, &r->bench[i], err));
    p->n_bench = r->n_bench;
    p->bench = bench;
    return TP_OK;
}
