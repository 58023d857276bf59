/* trimpot bandgap run and status: the sweep is a run like any other, judged by
   the figures of merit of bandgaps. */
#include "cli/bandgap.h"

#include <math.h>

const char *const bandgap_names[3] = {"Vbg", "PSRR", "TC"};

/* ---- judging ------------------------------------------------------------- */

double bandgap_value(const judged_sweep *s, const judged_job *j, int corner,
                     int k)
{
    const tp_problem *p = s->account->problem;
    if (!j->trial->reading || s->measure[k] < 0) return NAN;
    const tp_reading *r =
        &j->trial->reading[corner * p->n_measure + s->measure[k]];
    return r->ok ? r->value : NAN;
}

tp_str bandgap_corner(const tp_problem *p, int corner)
{
    return p->n_corner ? p->corner[corner].name : TP_S("nominal");
}

/* How much worse a value is than wanted, for the choice of the worst. */
static double badness(const judged_sweep *s, int k, double v)
{
    return k == 0 ? fabs(v - s->goal.vbg) : k == 1 ? -v : v;
}

/* What a corner of a job has: every value, not all (a method may end a job that
   can't change its mind), or not all because some failed. */
typedef enum corner_state { WHOLE, LEFT_OUT, FAILED } corner_state;

static corner_state state_of(const judged_sweep *s, const judged_job *j,
                             int corner)
{
    const tp_problem *p = s->account->problem;
    corner_state      state = WHOLE;
    if (!j->trial->reading) return FAILED;
    for (int k = 0; k < 3; k++) {
        if (s->measure[k] < 0) continue;
        const tp_reading *r =
            &j->trial->reading[corner * p->n_measure + s->measure[k]];
        if (!r->ok && !r->skipped) return FAILED;
        if (!r->ok) state = LEFT_OUT;
    }
    return state;
}

/* The values there, and what a corner with all of them costs. */
static void judge_corner(const judged_sweep *s, judged_job *j, int corner)
{
    corner_state state = state_of(s, j, corner);
    double       v[3];
    for (int k = 0; k < 3; k++) {
        v[k] = bandgap_value(s, j, corner, k);
        if (isnan(j->value[k]) ||
            badness(s, k, v[k]) > badness(s, k, j->value[k]))
            j->value[k] = v[k];
    }
    j->ok = j->ok && state != FAILED;
    if (state != WHOLE) return;
    j->corners++;
    double cost = tp_bandgap_repaired(&s->goal, v[0], v[1], v[2]);
    double literal = tp_bandgap_literal(&s->goal, v[0], v[1], v[2]);
    j->cost = fmax(j->cost, cost);
    j->literal = fmax(j->literal, literal);
}

static void judge_job(const judged_sweep *s, judged_job *j)
{
    j->ok = true;
    j->cost = j->literal = NAN;
    for (int k = 0; k < 3; k++) j->value[k] = NAN;
    for (int c = 0; c < tp_problem_corners(s->account->problem); c++)
        judge_corner(s, j, c);
    if (!j->ok) j->cost = j->literal = NAN;
}

/* The number behind "name=" in a list of settings. */
static double setting(tp_str list, const char *name, double otherwise)
{
    tp_str want = tp_str_of(name);
    for (tp_str w; (w = tp_str_word(&list, ",")).len;)
        if (tp_str_starts(w, want) && w.len > want.len && w.at[want.len] == '=')
            tp_number_all(tp_str_from(w, want.len + 1), &otherwise);
    return otherwise;
}

/* The first grid whose points along a variable have v: 1 is the coarsest. */
static int grid_of(const tp_var *v, double x, double points, double shrink)
{
    double step = (v->hi - v->lo) / fmax(1, points - 1);
    int    i = 1;
    for (; i < 50 && step > 0; i++, step *= shrink) {
        double k = (x - v->lo) / step;
        if (fabs(k - round(k)) < 1e-6) break;
    }
    return i;
}

static int iteration(const judged_sweep *s)
{
    const tp_account *a = s->account;
    tp_arena          mem = tp_arena_open(1 << 16);
    tp_str            list = a->run.method_settings;
    double            shrink = setting(list, "shrink", 0.5);
    int               most = s->n > 0;
    if (!s->grids) return s->n;
    for (int t = 0; t < s->n; t++)
        for (int i = 0; i < a->space->n; i++) {
            tp_arena scratch = mem;
            char *name = tp_str_z(&scratch, tp_str_fmt(&scratch, "npts%d", i));
            int   grid = grid_of(&a->space->var[i], s->job[t].trial->x[i],
                                 setting(list, name, 5), shrink);
            if (grid > most) most = grid;
        }
    tp_arena_close(&mem);
    return most;
}

tp_status bandgap_judge(judged_sweep *out, const tp_account *a, tp_arena *mem,
                        tp_err *err)
{
    *out = (judged_sweep){.account = a, .best = -1, .best_literal = -1};
    out->grids = tp_str_eq(a->run.method, TP_S("narrowing"));
    if (!tp_bandgap_goal_of(&out->goal, a->problem))
        return tp_fail(err, TP_BAD_INPUT, "%.*s is no bandgap sweep",
                       TP_F(a->run.id));
    tp_bandgap_measures(out->measure, a->problem);
    out->n = a->n_trial;
    out->job = TP_NEW(mem, judged_job, out->n);
    for (int i = 0; i < out->n; i++) {
        judged_job *j = &out->job[i];
        j->trial = &a->trial[i];
        judge_job(out, j);
        out->failed += !j->ok;
        if (!j->ok || j->corners < tp_problem_corners(a->problem)) continue;
        if (out->best < 0 || j->cost < out->job[out->best].cost) out->best = i;
        if (out->best_literal < 0 ||
            j->literal < out->job[out->best_literal].literal)
            out->best_literal = i;
    }
    out->iteration = iteration(out);
    return TP_OK;
}

const char *bandgap_status(const judged_sweep *s)
{
    static const char *const going[] = {"running", "interrupted"};
    for (int i = 0; i < TP_COUNT(going); i++)
        if (tp_str_eq(s->account->run.status, tp_str_of(going[i])))
            return going[i];
    if (s->failed == s->n) return "failed";
    return s->failed ? "partial" : "completed";
}

/* ---- JSON ---------------------------------------------------------------- */

static json_t *job_json(const judged_sweep *s, int i, tp_arena *mem)
{
    const tp_problem *p = s->account->problem;
    const judged_job *j = &s->job[i];
    json_t *o = json_object(), *params = json_object(), *all = json_object();
    for (int k = 0; k < p->space.n; k++)
        tp_report_set(params, p->space.var[k].name,
                      tp_report_number(j->trial->x[k]), mem);
    for (int c = 0; c < tp_problem_corners(p); c++) {
        json_t *one = json_object();
        for (int k = 0; k < 3; k++)
            if (s->measure[k] >= 0)
                json_object_set_new(
                    one, bandgap_names[k],
                    tp_report_number(bandgap_value(s, j, c, k)));
        tp_report_set(all, bandgap_corner(p, c), one, mem);
    }
    json_object_set_new(o, "job_idx", json_integer(j->trial->number - 1));
    json_object_set_new(o, "params", params);
    json_object_set_new(o, "status",
                        json_string(j->ok ? "completed" : "failed"));
    json_object_set_new(o, "results", all);
    json_object_set_new(o, "corners", json_integer(j->corners));
    json_object_set_new(o, "cost", tp_report_number(j->cost));
    json_object_set_new(o, "cost_literal", tp_report_number(j->literal));
    json_object_set_new(o, "error",
                        j->trial->why.len ? tp_report_text(j->trial->why, mem)
                                          : json_null());
    return o;
}

static json_t *sweep_json(const judged_sweep *s, tp_arena *mem)
{
    const tp_problem *p = s->account->problem;
    json_t           *o = json_object(), *jobs = json_array();
    json_t           *corners = json_array();
    for (int c = 0; c < tp_problem_corners(p); c++)
        json_array_append_new(corners,
                              tp_report_text(bandgap_corner(p, c), mem));
    for (int i = 0; i < s->n; i++)
        json_array_append_new(jobs, job_json(s, i, mem));
    json_object_set_new(o, "optim_id", tp_report_text(s->account->run.id, mem));
    json_object_set_new(o, "spec_file", tp_report_text(p->path, mem));
    json_object_set_new(o, "corner", corners);
    json_object_set_new(o, "status", json_string(bandgap_status(s)));
    json_object_set_new(o, "reason",
                        tp_report_text(s->account->run.reason, mem));
    json_object_set_new(o, "iteration", json_integer(s->iteration));
    json_object_set_new(o, "jobs", jobs);
    json_object_set_new(o, "best",
                        s->best < 0 ? json_null() : job_json(s, s->best, mem));
    json_object_set_new(
        o, "best_literal",
        s->best_literal < 0 ? json_null() : job_json(s, s->best_literal, mem));
    return o;
}

/* ---- text ---------------------------------------------------------------- */

static void print_job(const judged_sweep *s, const char *what, int i)
{
    static const char *const unit[] = {"V", "dB", "ppm/K"};
    const tp_problem        *p = s->account->problem;
    char                     v[TP_NUMBER_MAX];
    if (i < 0) return;
    const judged_job *j = &s->job[i];
    printf("  %s: job %d,", what, j->trial->number - 1);
    for (int k = 0; k < p->space.n; k++)
        printf(" %.*s=%s", TP_F(p->space.var[k].name),
               tp_engineering(j->trial->x[k], p->space.var[k].unit, v));
    puts("");
    for (int k = 0; k < 3; k++)
        if (s->measure[k] >= 0)
            printf(
                "    %-5s %s (worst corner)\n", bandgap_names[k],
                tp_engineering_digits(j->value[k], tp_str_of(unit[k]), 5, v));
    printf("    figure of merit %.6g, literal %.6g\n", j->cost, j->literal);
}

static void print_sweep(const judged_sweep *s)
{
    printf("%.*s: %s, %d jobs (%d failed)", TP_F(s->account->run.id),
           bandgap_status(s), s->n, s->failed);
    if (s->grids) printf(", grid %d", s->iteration);
    puts("");
    print_job(s, "best", s->best);
    if (s->best_literal != s->best)
        print_job(s, "best by the literal figure", s->best_literal);
}

static void show_sweep(session *s, const tp_account *a, tp_str history)
{
    (void)history;
    judged_sweep j;
    if (bandgap_judge(&j, a, &s->mem, NULL)) return;
    if (s->opt.json)
        print_json(sweep_json(&j, &s->mem));
    else
        print_sweep(&j);
}

/* ---- the commands -------------------------------------------------------- */

tp_status cmd_bandgap_run(session *s, int *exit_status, tp_err *err)
{
    tp_problem    *p = TP_NEW(&s->mem, tp_problem, 1);
    tp_bandgap_ask ask = {.path = tp_str_z(&s->mem, s->opt.arg[0]),
                          .netlist = s->opt.gmid.netlist,
                          .corner = s->opt.gmid.corner,
                          .disk = &s->reach};
    TP_TRY(tp_bandgap_read(p, &ask, &s->mem, err));
    s->opt.no_history = true; /* it has a report of its own */
    return run_problem(s, p, show_sweep, exit_status, err);
}

tp_status cmd_bandgap_status(session *s, int *exit_status, tp_err *err)
{
    stored_run   r;
    judged_sweep j;
    TP_TRY(session_run(s, &r, s->opt.arg[0], err));
    TP_TRY(session_account(s, &r, err));
    TP_TRY(bandgap_judge(&j, &r.account, &s->mem, err));
    show_sweep(s, &r.account, TP_S(""));
    *exit_status = verdict(&r.account, false);
    return TP_OK;
}
