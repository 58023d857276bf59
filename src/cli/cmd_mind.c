/* trimpot status, history, trends, suggest, ask, eval, tell, limit, raise,
   note: one tool of an outside mind each, with its arguments from flags; and
   mcp, which offers the same tools to a program over standard input and output.
 */
#include "agent/agent.h"
#include "cli/cli.h"
#include "front/front.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- the runs, as the tools see them ------------------------------------- */

static tp_status look(void *with, tp_str which, tp_account *out, tp_arena *mem,
                      tp_err *err)
{
    session   *s = with;
    stored_run r;
    s->mem = *mem;
    tp_status st = session_run(s, &r, which, err);
    if (!st) st = session_account(s, &r, err);
    if (!st) {
        tp_problem *p = TP_NEW(&s->mem, tp_problem, 1);
        tp_space   *space = TP_NEW(&s->mem, tp_space, 1);
        *p = r.problem;
        *space = r.space;
        *out = r.account;
        out->problem = p;
        out->space = space;
    }
    *mem = s->mem;
    return st;
}

/* Whether the words name a file and not a run of the store. */
static bool is_file(tp_str which, tp_arena mem)
{
    return access(tp_str_z(&mem, which), R_OK) == 0;
}

/* A new run's method when nobody names one: one that can be told points. */
static tp_str method_for(const session *s, const tp_problem *p)
{
    if (s->opt.run.method.len || p->method.len) return s->opt.run.method;
    return tp_opt_find(TP_S("bo")) ? TP_S("bo") : s->opt.run.method;
}

static tp_status begin(session *s, tp_str path, tp_run **out, tp_err *err)
{
    tp_problem     *p = TP_NEW(&s->mem, tp_problem, 1);
    tp_run_settings set = s->opt.run;
    TP_TRY(tp_front_read_for(p, tp_str_z(&s->mem, path), &s->disk,
                             set.simulator, &s->mem, err));
    set.set = TP_S(""); /* --set is the point, not the start */
    set.method = method_for(s, p);
    TP_TRY(session_store(s, true, err));
    return tp_run_start(out, p, &set, s->store, err);
}

enum { LOOK_MS = 50 };

/* Takes the run when it is nobody's: at the latest --wait seconds from now. */
static tp_status take_turn(session *s, stored_run *r, tp_run **out, tp_err *err)
{
    const struct timespec look = {0, LOOK_MS * 1000000L};
    double                began = tp_now(), limit = s->opt.mind.wait;
    for (bool said = false;; said = true) {
        tp_status st = tp_run_resume(out, &r->problem, &s->opt.run, s->store,
                                     r->row.id, err);
        double    waited = tp_now() - began;
        if (st != TP_BUSY || waited >= limit)
            return st == TP_BUSY ? tp_while(err, "after %.3g s", waited) : st;
        if (!said) say("%s: waiting for it, %.6g s at most", err->msg, limit);
        if (*stop_flag())
            return tp_fail(err, TP_INTERRUPTED, "stopped while waiting");
        nanosleep(&look, NULL);
    }
}

static tp_status go_on(session *s, tp_str which, tp_run **out, tp_err *err)
{
    stored_run *r = TP_NEW(&s->mem, stored_run, 1);
    TP_TRY(session_go_on(s, r, which, err));
    TP_TRY(session_needs_deck(r, err));
    return take_turn(s, r, out, err);
}

static tp_status open_run(void *with, tp_str which, tp_run **out, tp_arena *mem,
                          tp_err *err)
{
    session *s = with;
    s->mem = *mem;
    tp_status st = is_file(which, s->mem) ? begin(s, which, out, err)
                                          : go_on(s, which, out, err);
    *mem = s->mem;
    return st;
}

static tp_status begin_only(session *s, tp_str path, tp_str *id, tp_err *err)
{
    tp_run *r;
    TP_TRY(begin(s, path, &r, err));
    *id = tp_str_copy(&s->mem, tp_run_id(r));
    tp_status st = tp_foreign_leave(r, err);
    tp_run_close(r);
    return st;
}

static tp_status stored_id(session *s, tp_str which, tp_str *id, tp_err *err)
{
    stored_run *r = TP_NEW(&s->mem, stored_run, 1);
    TP_TRY(session_go_on(s, r, which, err));
    *id = r->row.id;
    return TP_OK;
}

static tp_status find_run(void *with, tp_str which, tp_store **store,
                          tp_str *id, tp_arena *mem, tp_err *err)
{
    session *s = with;
    s->mem = *mem;
    tp_status st = is_file(which, s->mem) ? begin_only(s, which, id, err)
                                          : stored_id(s, which, id, err);
    *store = s->store;
    *mem = s->mem;
    return st;
}

static void leave(void *with)
{
    session *s = with;
    if (s->store) tp_store_close(s->store);
    s->store = NULL;
}

static const tp_mind_ops runs = {look, open_run, find_run, leave};

/* ---- arguments from flags ------------------------------------------------ */

static json_t *text_json(tp_str s, tp_arena *mem)
{
    return tp_report_text(s, mem);
}

/* "a=1,b=2" as an object of texts, also where it fails. */
static tp_status pairs(json_t **out, tp_str list, const char *name,
                       tp_arena *mem, tp_err *err)
{
    *out = json_object();
    while (list.len) {
        tp_str    item = tp_str_trim(tp_str_word(&list, ","));
        ptrdiff_t eq = tp_str_find(item, '=', 0);
        if (!item.len) continue;
        if (eq < 1)
            return tp_fail(err, TP_BAD_INPUT, "--%s: '%.*s' is not NAME=VALUE",
                           name, TP_F(item));
        tp_report_set(*out, tp_str_trim(tp_str_part(item, 0, eq)),
                      text_json(tp_str_trim(tp_str_from(item, eq + 1)), mem),
                      mem);
    }
    return TP_OK;
}

/* "gain=70" or "gain@ss_125=68": a number, or one per corner. */
static void spread_corners(json_t *measures, tp_arena *mem)
{
    json_t     *all = json_deep_copy(measures), *value;
    const char *name;
    json_object_clear(measures);
    json_object_foreach(all, name, value)
    {
        tp_str    word = tp_str_of(name);
        ptrdiff_t at = tp_str_find(word, '@', 0);
        char *measure = tp_str_z(mem, at < 0 ? word : tp_str_part(word, 0, at));
        if (at < 0) {
            json_object_set(measures, measure, value);
            continue;
        }
        json_t *in = json_object_get(measures, measure);
        if (!json_is_object(in)) {
            json_object_set_new(measures, measure, json_object());
            in = json_object_get(measures, measure);
        }
        tp_report_set(in, tp_str_from(word, at + 1), json_incref(value), mem);
    }
    json_decref(all);
}

/* "a=1:2", "a=3" (frozen), "a=free". */
static tp_status read_limit(json_t **out, tp_str value, tp_err *err)
{
    ptrdiff_t colon = tp_str_find(value, ':', 0);
    double    lo, hi;
    *out = NULL;
    if (tp_str_same(value, TP_S("free"))) *out = json_null();
    if (colon < 0 && tp_number_all(value, &lo)) *out = json_real(lo);
    if (colon >= 0 && tp_number_all(tp_str_part(value, 0, colon), &lo) &&
        tp_number_all(tp_str_from(value, colon + 1), &hi))
        *out = json_pack("{s:f, s:f}", "lo", lo, "hi", hi);
    if (*out) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "--limit: '%.*s' is neither LO:HI, a number to freeze at, "
                   "nor free",
                   TP_F(value));
}

static tp_status limits(json_t **out, tp_str list, tp_arena *mem, tp_err *err)
{
    json_t     *all, *value;
    const char *name;
    *out = json_object();
    tp_status st = pairs(&all, list, "limit", mem, err);
    json_object_foreach(all, name, value)
    {
        json_t *limit = NULL;
        if (!st)
            st = read_limit(&limit, tp_str_of(json_string_value(value)), err);
        if (limit) json_object_set_new(*out, name, limit);
    }
    json_decref(all);
    return st;
}

static tp_status variables(json_t **out, tp_str list, tp_arena *mem,
                           tp_err *err)
{
    return pairs(out, list, "set", mem, err);
}

static tp_status measures(json_t **out, tp_str list, tp_arena *mem, tp_err *err)
{
    tp_status st = pairs(out, list, "measure", mem, err);
    spread_corners(*out, mem);
    return st;
}

static void add_int(json_t *to, const char *name, int v)
{
    if (v) json_object_set_new(to, name, json_integer(v));
}

static void add_text(json_t *to, const char *name, tp_str text, tp_arena *mem)
{
    if (text.len) json_object_set_new(to, name, text_json(text, mem));
}

/* A flag's list as an object, which the reader makes also where it fails. */
typedef tp_status read_list(json_t **out, tp_str list, tp_arena *mem,
                            tp_err *err);
typedef struct list_flag {
    const char *argument;
    tp_str      list;
    read_list  *read;
} list_flag;

static tp_status arguments(json_t *to, session *s, tp_err *err)
{
    const mind_options *m = &s->opt.mind;
    const list_flag     list[] = {
            {"variables", s->opt.run.set, variables},
            {"measures", m->measure, measures},
            {"limits", m->limit, limits},
    };
    add_text(to, "run", s->opt.arg[0], &s->mem);
    add_text(to, "note", m->note, &s->mem);
    add_text(to, "failed", m->failed, &s->mem);
    add_int(to, "top", m->top);
    add_int(to, "last", m->last);
    add_int(to, "count", m->count);
    add_int(to, "ask", m->ask);
    for (int i = 0; i < TP_COUNT(list); i++) {
        json_t *part;
        if (!list[i].list.len) continue;
        tp_status st = list[i].read(&part, list[i].list, &s->mem, err);
        json_object_set_new(to, list[i].argument, part);
        if (st) return st;
    }
    return TP_OK;
}

/* ---- results for people -------------------------------------------------- */

static void print_value(const json_t *v, int depth);

/* As it was said where that is short, else in six digits. */
static void print_number(double v)
{
    char text[TP_NUMBER_MAX];
    snprintf(text, sizeof text, "%.10g", v);
    if (strtod(text, NULL) == v)
        fputs(text, stdout);
    else
        printf("%.6g", v);
}

static void print_scalar(const json_t *v)
{
    if (json_is_real(v)) {
        putchar(' ');
        print_number(json_real_value(v));
        putchar('\n');
    }
    if (json_is_integer(v)) printf(" %lld\n", (long long)json_integer_value(v));
    if (json_is_string(v)) printf(" %s\n", json_string_value(v));
    if (json_is_boolean(v)) printf(" %s\n", json_is_true(v) ? "yes" : "no");
    if (json_is_null(v)) printf(" -\n");
}

static bool all_scalars(const json_t *v)
{
    const char *name;
    json_t     *in, *o = (json_t *)v; /* jansson iterates without const */
    size_t      i;
    json_object_foreach(o, name, in) if (json_is_object(in) ||
                                         json_is_array(in)) return false;
    json_array_foreach(o, i, in) if (json_is_object(in) ||
                                     json_is_array(in)) return false;
    return true;
}

/* A small object on one line: "a=1 b=2". */
static void print_line(const json_t *v)
{
    const char *name;
    json_t     *in, *o = (json_t *)v;
    json_object_foreach(o, name, in)
    {
        if (json_is_number(in)) {
            printf(" %s=", name);
            print_number(json_number_value(in));
        }
        if (json_is_string(in)) printf(" %s=%s", name, json_string_value(in));
        if (json_is_null(in)) printf(" %s=-", name);
        if (json_is_boolean(in))
            printf(" %s=%s", name, json_is_true(in) ? "yes" : "no");
    }
    printf("\n");
}

static void print_members(const json_t *v, int depth)
{
    const char *name;
    json_t     *in, *o = (json_t *)v;
    json_object_foreach(o, name, in)
    {
        printf("%*s%s:", 2 * depth, "", name);
        print_value(in, depth + 1);
    }
}

static void print_items(const json_t *v, int depth)
{
    size_t  i;
    json_t *in;
    printf("\n");
    json_array_foreach((json_t *)v, i, in)
    {
        printf("%*s-", 2 * depth, "");
        print_value(in, depth + 1);
    }
}

static void print_value(const json_t *v, int depth)
{
    bool object = json_is_object(v), array = json_is_array(v);
    if (object && all_scalars(v) && depth > 0) {
        print_line(v);
    } else if (object) {
        if (depth > 0) printf("\n");
        print_members(v, depth);
    } else if (array) {
        print_items(v, depth);
    } else {
        print_scalar(v);
    }
}

/* ---- the commands -------------------------------------------------------- */

tp_status cmd_mind(session *s, int *exit_status, tp_err *err)
{
    const tp_tool *t = tp_mind_tool(s->command->name);
    session        call = *s;
    tp_mind        m = {&runs, &call, tp_arena_open((ptrdiff_t)1 << 34), NULL,
                        stop_flag()};
    json_t        *a = json_object(), *out = NULL;
    (void)exit_status;
    tp_status st = arguments(a, s, err);
    if (!st) st = tp_tool_check(t, a, &s->mem, err);
    if (!st) st = t->call(&m, a, &out, err);
    json_decref(a);
    if (!st && s->opt.json)
        print_json(json_incref(out));
    else if (!st)
        print_value(out, 0);
    json_decref(out);
    tp_arena_close(&m.mem);
    return st;
}

static void send_line(void *to, tp_str line)
{
    (void)to;
    print(line);
    print(TP_S("\n"));
    fflush(stdout);
}

static const char how_to[] =
    "trimpot tunes a circuit to its specification. `run` is a stored run or "
    "the path of a deck or problem file. Look with status, history and trends; "
    "take the engine's point with ask, or choose your own, and simulate it "
    "with eval; narrow the engine's search with limit. Everything lands in one "
    "history, which `trimpot resume` can go on from.";

enum { LINE_MAX_BYTES = 16 << 20 };

/* False at the end of the input. A line that is longer is cut, and then no
   JSON. */
static bool next_line(tp_str *out, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    int    c;
    while ((c = getchar()) != EOF && c != '\n')
        if (b.len < LINE_MAX_BYTES) tp_buf_char(&b, (char)c);
    *out = tp_str_trim(tp_buf_str(&b));
    return c != EOF || b.len > 0;
}

tp_status cmd_mcp(session *s, int *exit_status, tp_err *err)
{
    session call = *s;
    tp_mind m = {&runs, &call, tp_arena_open((ptrdiff_t)1 << 34), NULL,
                 stop_flag()};
    tp_mcp  server = {.name = "trimpot",
                      .version = TP_VERSION,
                      .instructions = how_to,
                      .tool = tp_mind_tools,
                      .with = &m,
                      .send = send_line};
    tp_str  line;
    (void)exit_status, (void)err;
    m.mcp = &server;
    for (tp_arena mem = s->mem; next_line(&line, &mem); mem = s->mem) {
        tp_str answer = line.len ? tp_mcp_answer(&server, line, &mem) : line;
        if (answer.len) send_line(NULL, answer);
    }
    tp_arena_close(&m.mem);
    return TP_OK;
}
