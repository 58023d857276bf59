/* A problem file: the object "optimization" with parameters, specs,
   measurements, corners and a budget, and what belongs to it (decks, tables,
   the process). Format: doc/problem.schema.json, manual "Problem files". */
#include "front/job.h"
#include "front/bandgap.h"

#include "front/inside.h"

#include <math.h>
#include <unistd.h>

enum { FILE_MAX = 64 << 20 };

static const char known[] =
    "testbench parameters specs measurements corners budget pdk process_data "
    "model_file analyses simulator devices fixed derived Lmin Wmin Wmax "
    "gmid_range dialect method name description";

bool tp_plan_knows(const char *path)
{
    static const char *const ends[] = {".json", ".yaml", ".yml"};
    tp_str                   p = tp_str_of(path);
    for (int i = 0; i < TP_COUNT(ends); i++) {
        tp_str e = tp_str_of(ends[i]);
        if (p.len > e.len && tp_str_same(tp_str_from(p, p.len - e.len), e))
            return true;
    }
    return false;
}

/* ---- files --------------------------------------------------------------- */

static const tp_source *given_file(const tp_files *f, tp_str path)
{
    for (int i = 0; f && i < f->n; i++)
        if (tp_str_eq(f->file[i].name, path)) return &f->file[i];
    return NULL;
}

bool tp_plan_has_file(const tp_plan_reader *r, tp_str path)
{
    tp_arena mem = *r->mem;
    if (r->files) return given_file(r->files, path) != NULL;
    return access(tp_str_z(&mem, path), R_OK) == 0;
}

static tp_source *keep(tp_plan_reader *r, tp_source file)
{
    for (int i = 0; i < r->p->files.n; i++)
        if (tp_str_eq(r->file_list[i].name, file.name)) return &r->file_list[i];
    tp_source *to = TP_PUSH(r->mem, r->file_list, r->p->files.n, r->cap_file);
    *to = file;
    r->p->files.file = r->file_list;
    return to;
}

void tp_plan_keep_files(tp_plan_reader *r, tp_files files)
{
    for (int i = 0; i < files.n; i++) keep(r, files.file[i]);
}

static tp_status load(tp_source *out, const tp_files *files, tp_str path,
                      tp_arena *mem, tp_err *err)
{
    const tp_source *given = given_file(files, path);
    *out = (tp_source){.name = path};
    if (given) out->text = given->text;
    if (given) return TP_OK;
    if (files)
        return tp_fail(err, TP_BAD_INPUT, "%.*s is not among the stored files",
                       TP_F(path));
    return tp_file_read(&out->text, tp_str_z(mem, path), FILE_MAX, mem, err);
}

tp_status tp_plan_file(const tp_source **out, tp_plan_reader *r, tp_str path,
                       const tp_yaml *at, tp_err *err)
{
    tp_err     own = {0};
    tp_source *file = TP_NEW(r->mem, tp_source, 1);
    if (load(file, r->files, path, r->mem, &own))
        return tp_yaml_fail(at, err, "%s", own.msg);
    keep(r, *file);
    *out = file; /* stays where it is, whatever the list does */
    return TP_OK;
}

void tp_plan_named(tp_plan_reader *r, tp_str path)
{
    if (r->files || !path.len) return;
    tp_reach_allow(&r->reach, path, r->mem);
    tp_reach_home(&r->reach, tp_path_folder(path), r->mem);
}

/* ---- what all parts ask for ---------------------------------------------- */

void tp_plan_notice(tp_plan_reader *r, const tp_yaml *at, tp_str text)
{
    if (at)
        text =
            tp_str_fmt(r->mem, "%.*s:%d: %.*s: %.*s", TP_F(at->at.in->name),
                       at->at.line, TP_F(tp_yaml_path(at, r->mem)), TP_F(text));
    for (int i = 0; i < r->p->n_notice; i++)
        if (tp_str_eq(r->notice[i], text)) return; /* of a deck read twice */
    *TP_PUSH(r->mem, r->notice, r->p->n_notice, r->cap_notice) = text;
    r->p->notice = r->notice;
}

int tp_plan_value(const tp_plan_reader *r, tp_str name)
{
    const tp_problem *p = r->p;
    int               i = tp_space_find(&p->space, name);
    if (i >= 0) return i;
    for (i = 0; i < p->n_derived; i++)
        if (tp_str_same(p->derived[i].name, name)) return p->space.n + i;
    for (i = 0; i < p->n_setting; i++)
        if (tp_str_same(p->setting[i], name))
            return p->space.n + p->n_derived + i;
    return -1;
}

tp_str tp_plan_values_like(const tp_plan_reader *r, tp_str name)
{
    const tp_problem *p = r->p;
    tp_str           *all = TP_NEW(r->mem, tp_str, tp_problem_values(p));
    int               n = 0;
    for (int i = 0; i < p->space.n; i++) all[n++] = p->space.var[i].name;
    for (int i = 0; i < p->n_derived; i++) all[n++] = p->derived[i].name;
    for (int i = 0; i < p->n_setting; i++) all[n++] = p->setting[i];
    return tp_did_you_mean(r->mem, name, all, n);
}

void tp_plan_note_read(tp_plan_reader *r, tp_str name)
{
    *TP_PUSH(r->mem, r->read, r->n_read, r->cap_read) = name;
}

bool tp_plan_is_read(const tp_plan_reader *r, tp_str name)
{
    for (int i = 0; i < r->n_read; i++)
        if (tp_str_same(r->read[i], name)) return true;
    return false;
}

bool tp_plan_used(const tp_plan_reader *r, tp_str name)
{
    for (int i = 0; i < r->n_bench; i++) {
        tp_str expr;
        if (!r->bench[i].deck) {
            if (tp_plan_outside_param(&r->bench[i], name, &expr)) return true;
        } else if (tp_deck_uses_param(r->bench[i].deck[0], name)) {
            return true;
        }
    }
    return false;
}

/* ---- the whole ----------------------------------------------------------- */

static tp_status budget(tp_plan_reader *r, tp_err *err)
{
    tp_problem    *p = r->p;
    const tp_yaml *b = tp_yaml_get(r->top, "budget");
    double         minutes = 0;
    tp_phase_rules rules = {
        .stall = 5, .improve = 0.01, .converge_cost = 0.05, .all = true};
    TP_TRY(tp_yaml_known(b,
                         "max_iterations max_sim_time_min stall "
                         "min_improvement converge_cost all_phases",
                         err));
    TP_TRY(tp_yaml_count(&p->iterlim, b, "max_iterations", err));
    TP_TRY(tp_yaml_number(&minutes, b, "max_sim_time_min", err));
    TP_TRY(tp_yaml_count(&rules.stall, b, "stall", err));
    TP_TRY(tp_yaml_number(&rules.improve, b, "min_improvement", err));
    TP_TRY(tp_yaml_number(&rules.converge_cost, b, "converge_cost", err));
    TP_TRY(tp_yaml_bool(&rules.all, b, "all_phases", err));
    if (minutes < 0)
        return tp_yaml_fail(tp_yaml_get(b, "max_sim_time_min"), err,
                            "%g minutes are less than none", minutes);
    p->sim_seconds = 60 * minutes;
    p->rules = rules;
    return TP_OK;
}

static tp_status words(tp_plan_reader *r, tp_err *err)
{
    tp_problem    *p = r->p;
    const tp_yaml *tb = tp_yaml_get(r->top, "testbench"), *m;
    tp_str         view = {"", 0}, about = {"", 0};
    TP_TRY(tp_yaml_known(tb, "lib cell view", err));
    TP_TRY(tp_yaml_text(&p->library, tb, "lib", err));
    TP_TRY(tp_yaml_text(&p->cell, tb, "cell", err));
    TP_TRY(tp_yaml_text(&view, tb, "view", err));
    TP_TRY(tp_yaml_text(&p->name, r->top, "name", err));
    TP_TRY(tp_yaml_text(&about, r->top, "description", err));
    TP_TRY(tp_yaml_text(&p->method, r->top, "method", err));
    m = tp_yaml_get(r->top, "method");
    if (m) p->method_at = m->at;
    return TP_OK;
}

static tp_status parts(tp_plan_reader *r, tp_err *err)
{
    static tp_status (*const part[])(tp_plan_reader * r, tp_err * err) = {
        words,
        budget,
        tp_plan_process,
        tp_plan_parameters,
        tp_plan_corners,
        tp_plan_benches,
        tp_plan_derived_early,
        tp_plan_devices,
        tp_plan_derived,
        tp_plan_measures,
        tp_plan_specs,
        tp_plan_circuits,
    };
    for (int i = 0; i < TP_COUNT(part); i++) TP_TRY(part[i](r, err));
    return TP_OK;
}

tp_status tp_plan_read(tp_problem *out, const char *path, const tp_files *files,
                       tp_str by, tp_arena *mem, tp_err *err)
{
    tp_str          name = tp_str_copy(mem, tp_str_of(path));
    tp_source      *main = TP_NEW(mem, tp_source, 1);
    tp_plan_reader  r = {.p = out, .mem = mem, .by = by};
    const tp_yaml  *file;
    const tp_reach *disk = files ? files->disk : NULL;
    r.cache = files ? files->cache : NULL;
    if (tp_files_given(files))
        r.files = files;
    else
        r.reach = tp_reach_from(disk, tp_path_folder(name), mem);
    TP_TRY(load(main, r.files, name, mem, err));
    out->files.n = 0;
    keep(&r, *main);
    TP_TRY(tp_yaml_read(&file, main, mem, err));
    if (!r.files && tp_sweep_knows(file)) {
        tp_bandgap_ask ask = {.path = path, .disk = disk};
        return tp_bandgap_read(out, &ask, mem, err);
    }
    TP_TRY(tp_yaml_known(file, "optimization", err));
    TP_TRY(tp_yaml_need(&r.top, file, "optimization", err));
    TP_TRY(tp_yaml_known(r.top, known, err));
    r.folder = tp_path_folder(name);
    TP_TRY(parts(&r, err));
    return tp_space_check(&out->space, err);
}
