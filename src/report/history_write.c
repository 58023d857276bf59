/* Writes the history file of a sizing run, again after every iteration. What
   grows is kept as text, so that an iteration costs its own part only and the
   writing of the file. */
#include "report/base64.h"
#include "report/history.h"

#include <math.h>
#include <string.h>

const char *const tp_history_mark = "trimpot";

struct tp_history {
    tp_arena          mem, scratch;
    const tp_problem *problem;
    tp_str            path, text; /* text: of the problem, as JSON */
    tp_str            files;
    tp_buf            entry, trial, event; /* "a,\n b" without brackets */
    int               n_trial, n_event;
};

/* One object a line; the object is given up. */
static void add_line(tp_buf *b, json_t *j, tp_arena *mem)
{
    tp_buf_fmt(b, "%s  ", b->len ? ",\n" : "");
    tp_buf_add(b, tp_report_json_text(j, true, mem));
    json_decref(j);
}

static void set_text(json_t *o, const char *key, tp_str text, tp_arena *mem)
{
    json_object_set_new(o, key, tp_report_text(text, mem));
}

static void set_bytes(json_t *o, const char *key, tp_str bytes, tp_arena *mem)
{
    set_text(o, key, tp_base64(bytes, mem), mem);
}

/* Texts that JSON keeps are readable, others base64. */
static json_t *file_json(const tp_source *f, tp_arena *mem)
{
    bool    exact = tp_str_eq(f->text, tp_report_utf8(f->text, mem));
    json_t *o = json_object();
    for (ptrdiff_t i = 0; exact && i < f->text.len; i++)
        exact = f->text.at[i] != 0;
    set_text(o, "name", f->name, mem);
    json_object_set_new(o, "encoding", json_string(exact ? "text" : "base64"));
    if (exact)
        set_text(o, "text", f->text, mem);
    else
        set_bytes(o, "text", f->text, mem);
    return o;
}

tp_history *tp_history_open(const tp_problem *p, tp_str path, tp_str json)
{
    tp_arena    mem = tp_arena_open((ptrdiff_t)1 << 34);
    tp_history *h = TP_NEW(&mem, tp_history, 1);
    *h = (tp_history){.mem = mem, .problem = p};
    h->scratch = tp_arena_open((ptrdiff_t)1 << 34);
    h->path = tp_str_copy(&h->mem, path);
    h->text = tp_str_copy(&h->mem, json);
    h->entry.mem = h->trial.mem = h->event.mem = &h->mem;
    tp_buf   files = {.mem = &h->mem};
    tp_arena scratch = h->scratch;
    for (int i = 0; i < p->files.n; i++)
        add_line(&files, file_json(&p->files.file[i], &scratch), &scratch);
    h->files = tp_buf_str(&files);
    return h;
}

void tp_history_close(tp_history *h)
{
    if (!h) return;
    tp_arena scratch = h->scratch, mem = h->mem;
    tp_arena_close(&scratch);
    tp_arena_close(&mem);
}

/* ---- entries ------------------------------------------------------------- */

/* "nominal" where the problem has no corners. */
static json_t *results(const tp_problem *p, const tp_trial *t, tp_arena *mem)
{
    json_t *o = json_object();
    for (int c = 0; t->reading && c < tp_problem_corners(p); c++) {
        if (!tp_problem_asked(p, t->reading, c)) continue;
        json_t *in = json_object();
        for (int i = 0; i < p->n_measure; i++) {
            const tp_reading *r = &t->reading[c * p->n_measure + i];
            tp_report_set(in, p->measure[i].name,
                          tp_report_number(r->ok ? r->value : NAN), mem);
        }
        tp_report_set(o, p->n_corner ? p->corner[c].name : TP_S("nominal"), in,
                      mem);
    }
    return o;
}

/* "gain_db below min, power_w above max in ff_27": what is missed. */
static tp_str missed(const tp_problem *p, const tp_trial *t, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    if (!t->reading)
        return tp_str_fmt(mem, "%.*s: %.*s", TP_F(t->outcome), TP_F(t->why));
    for (int i = 0; i < p->n_spec; i++) {
        const tp_spec    *s = &p->spec[i];
        int               c = 0;
        const tp_reading *r = tp_problem_worst(p, t->reading, s->measure, &c);
        const char       *how = !r->ok              ? "has no value"
                                : r->value < s->min ? "below min"
                                : r->value > s->max ? "above max"
                                                    : NULL;
        if (!how) continue;
        tp_buf_fmt(&b, "%s%.*s %s", b.len ? ", " : "",
                   TP_F(p->measure[s->measure].name), how);
        if (p->n_corner > 1)
            tp_buf_fmt(&b, " in %.*s", TP_F(p->corner[c].name));
    }
    return tp_buf_str(&b);
}

static void add_cost(json_t *o, const tp_problem *p, const tp_trial *t)
{
    tp_cost c = {.cost = NAN};
    if (t->reading) c = tp_problem_cost_worst(p, t->reading);
    json_object_set_new(o, "cost", tp_report_number(c.cost));
    json_object_set_new(o, "feasible", json_boolean(c.feasible));
}

static json_t *derived(const tp_problem *p, const tp_trial *t, tp_arena *mem)
{
    json_t *o = json_object();
    for (int i = 0; t->derived && i < p->n_derived; i++)
        tp_report_set(o, p->derived[i].name, tp_report_number(t->derived[i]),
                      mem);
    return o;
}

/* What the log says of the trial from outside, then what it misses. */
static json_t *note(const tp_account *a, const tp_trial *t, tp_arena *mem)
{
    tp_remark said;
    tp_str    own = missed(a->problem, t, mem);
    for (int i = 0; i < a->n_event; i++)
        if (tp_remark_of(&said, &a->event[i]) && said.trial == t->number &&
            said.note.len)
            own = tp_str_fmt(mem, "%.*s%s%.*s", TP_F(said.note),
                             own.len ? "; " : "", TP_F(own));
    return tp_report_text(own, mem);
}

static json_t *entry_json(const tp_account *a, const tp_trial *t,
                          const char *number, tp_arena *mem)
{
    const tp_problem *p = a->problem;
    json_t           *o = json_object();
    json_object_set_new(o, number, json_integer(t->number - 1));
    json_object_set_new(o, "trial", json_integer(t->number));
    json_object_set_new(o, "phase", json_integer(t->phase + 1));
    json_object_set_new(o, "params", tp_report_variables_json(p, t->x, mem));
    json_object_set_new(o, "derived", derived(p, t, mem));
    json_object_set_new(o, "results", results(p, t, mem));
    add_cost(o, p, t);
    json_object_set_new(o, "note", note(a, t, mem));
    return o;
}

/* ---- the run as the store has it ----------------------------------------- */

static json_t *row_json(const tp_trial_row *t, tp_arena *mem)
{
    json_t *o = json_object();
    json_object_set_new(o, "number", json_integer(t->number));
    set_text(o, "outcome", t->outcome, mem);
    set_text(o, "why", t->why, mem);
    json_object_set_new(o, "attempts", json_integer(t->attempts));
    json_object_set_new(o, "iterations", json_integer(t->iterations));
    json_object_set_new(o, "sim_seconds", tp_report_number(t->sim_seconds));
    json_object_set_new(o, "seconds", tp_report_number(t->seconds));
    set_bytes(o, "x", t->x, mem);
    set_bytes(o, "readings", t->readings, mem);
    return o;
}

static json_t *event_json(const tp_event_row *e, tp_arena *mem)
{
    json_t *o = json_object();
    json_object_set_new(o, "number", json_integer(e->number));
    set_text(o, "kind", e->kind, mem);
    set_bytes(o, "data", e->data, mem);
    return o;
}

static json_t *run_json(const tp_account *a, tp_arena *mem)
{
    const tp_run_row *r = &a->run;
    json_t           *o = json_object();
    set_text(o, "id", r->id, mem);
    set_text(o, "name", r->name, mem);
    set_text(o, "path", r->path, mem);
    set_text(o, "created", r->created, mem);
    set_text(o, "method", r->method, mem);
    set_text(o, "method_settings", r->method_settings, mem);
    set_text(o, "settings", r->settings, mem);
    set_text(o, "status", r->status, mem);
    set_text(o, "reason", r->reason, mem);
    json_object_set_new(o, "failed", json_integer(r->n_failed));
    json_object_set_new(o, "best", json_integer(a->best));
    json_object_set_new(o, "seconds", tp_report_number(r->seconds));
    set_bytes(o, "proof", r->proof, mem);
    return o;
}

/* ---- the file ------------------------------------------------------------ */

/* A number among the run's settings ("seed=1,window=4,..."). */
static json_t *setting(const tp_run_row *run, tp_str name)
{
    tp_str rest = run->settings;
    double v;
    while (rest.len) {
        tp_str    item = tp_str_word(&rest, ",");
        ptrdiff_t eq = tp_str_find(item, '=', 0);
        if (eq > 0 && tp_str_eq(tp_str_part(item, 0, eq), name) &&
            tp_number_all(tp_str_from(item, eq + 1), &v))
            return json_integer((json_int_t)v);
    }
    return json_null();
}

static json_t *meta_json(const tp_account *a, tp_arena *mem)
{
    const tp_problem *p = a->problem;
    json_t           *o = json_object();
    double            simulated = 0;
    int               phase = a->n_trial ? a->trial[a->n_trial - 1].phase : 0;
    for (int i = 0; i < a->n_trial; i++) simulated += a->trial[i].sim_seconds;
    set_text(o, "cell", p->cell.len ? p->cell : p->name, mem);
    set_text(o, "pdk", p->pdk, mem);
    json_object_set_new(o, "phase", json_integer(phase + 1));
    json_object_set_new(o, "iteration", json_integer(a->n_trial - 1));
    set_text(o, "status", a->run.status, mem);
    set_text(o, "run", a->run.id, mem);
    set_text(o, "method", a->run.method, mem);
    json_object_set_new(o, "seed", setting(&a->run, TP_S("seed")));
    json_object_set_new(o, "window", setting(&a->run, TP_S("window")));
    json_object_set_new(o, "simulation_seconds", tp_report_number(simulated));
    return o;
}

static void put_member(tp_buf *b, const char *key, json_t *j)
{
    tp_buf_fmt(b, "\"%s\": ", key);
    tp_buf_add(b, tp_report_json_text(j, true, b->mem));
    tp_buf_add(b, TP_S(",\n"));
    json_decref(j);
}

static void put_list(tp_buf *b, const char *key, tp_str lines, const char *end)
{
    tp_buf_fmt(b, "\"%s\": [\n", key);
    tp_buf_add(b, lines);
    tp_buf_fmt(b, "\n]%s\n", end);
}

/* The log so far and the remarks that wait. */
static tp_str events(const tp_history *h, const tp_account *a, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_buf_add(&b, tp_buf_str(&h->event));
    for (int i = a->n_event - a->n_waiting; i < a->n_event; i++)
        add_line(&b, event_json(&a->event[i], mem), mem);
    return tp_buf_str(&b);
}

static tp_str whole(const tp_history *h, const tp_account *a, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_buf_add(&b, TP_S("{\n"));
    put_member(&b, "meta", meta_json(a, mem));
    tp_buf_add(&b, TP_S("\"problem\": "));
    tp_buf_add(&b, h->text);
    tp_buf_add(&b, TP_S(",\n"));
    put_member(&b, "best",
               a->best ? entry_json(a, &a->trial[a->best - 1], "iteration", mem)
                       : json_null());
    put_list(&b, "history", tp_buf_str(&h->entry), ",");
    tp_buf_fmt(&b, "\"%s\": {\n", tp_history_mark);
    put_member(&b, "run", run_json(a, mem));
    put_list(&b, "trials", tp_buf_str(&h->trial), ",");
    put_list(&b, "events", events(h, a, mem), ",");
    put_list(&b, "files", h->files, "");
    tp_buf_add(&b, TP_S("}\n}\n"));
    return tp_buf_str(&b);
}

static tp_status add_rows(tp_history *h, tp_store *store, tp_str run,
                          tp_arena *mem, tp_err *err)
{
    const tp_trial_row *row;
    int                 n;
    TP_TRY(tp_store_trials(store, run, &row, &n, mem, err));
    for (; h->n_trial < n; h->n_trial++)
        add_line(&h->trial, row_json(&row[h->n_trial], mem), mem);
    return TP_OK;
}

/* The file as it has to be now. */
static tp_status make(tp_str *out, tp_history *h, const tp_account_of *of,
                      tp_arena *mem, tp_err *err)
{
    tp_account a;
    int        from = h->n_trial;
    TP_TRY(tp_account_read(&a, of, mem, err));
    TP_TRY(add_rows(h, of->store, of->run, mem, err));
    for (int i = from; i < a.n_trial; i++)
        add_line(&h->entry, entry_json(&a, &a.trial[i], "iter", mem), mem);
    for (; h->n_event < a.n_event - a.n_waiting; h->n_event++)
        add_line(&h->event, event_json(&a.event[h->n_event], mem), mem);
    *out = whole(h, &a, mem);
    return TP_OK;
}

tp_status tp_history_write(tp_history *h, const tp_account_of *of, tp_err *err)
{
    tp_arena mem = h->scratch;
    tp_str   text;
    TP_TRY(make(&text, h, of, &mem, err));
    return tp_file_write(tp_str_z(&mem, h->path), text, err);
}

tp_status tp_history_text(tp_str *out, const tp_account_of *of, tp_str json,
                          tp_arena *mem, tp_err *err)
{
    tp_history *h = tp_history_open(of->problem, TP_S(""), json);
    tp_arena    scratch = h->scratch;
    tp_str      text = {"", 0};
    tp_status   st = make(&text, h, of, &scratch, err);
    if (!st) *out = tp_str_copy(mem, text);
    tp_history_close(h);
    return st;
}
