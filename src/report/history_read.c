/* Reads a history file back as rows for the store. Untrusted input: every
   member is checked, and named by its path where it is wrong. */
#include "report/base64.h"
#include "report/history.h"

#include <math.h>
#include <string.h>

/* A place in the file while it is read. */
typedef struct at {
    json_t     *in;
    const char *list; /* "trials", or NULL */
    int         index;
    tp_arena   *mem;
    tp_err     *err;
} at;

static tp_status bad(const at *k, const char *key, const char *what)
{
    if (k->list)
        return tp_fail(k->err, TP_BAD_INPUT, "%s.%s[%d].%s: %s",
                       tp_history_mark, k->list, k->index, key, what);
    return tp_fail(k->err, TP_BAD_INPUT, "%s.run.%s: %s", tp_history_mark, key,
                   what);
}

static tp_status get_text(const at *k, const char *key, tp_str *out)
{
    const json_t *v = json_object_get(k->in, key);
    if (!json_is_string(v)) return bad(k, key, "a text is missing");
    tp_str s = {json_string_value(v), (ptrdiff_t)json_string_length(v)};
    *out = tp_str_copy(k->mem, s);
    return TP_OK;
}

static tp_status get_bytes(const at *k, const char *key, tp_str *out)
{
    tp_str text;
    TP_TRY(get_text(k, key, &text));
    if (!tp_base64_read(out, text, k->mem))
        return bad(k, key, "it is not base64");
    return TP_OK;
}

static tp_status get_int(const at *k, const char *key, int *out)
{
    const json_t *v = json_object_get(k->in, key);
    json_int_t    i = json_integer_value(v);
    if (!json_is_integer(v) || i < 0 || i > 2147483647)
        return bad(k, key, "a whole number from 0 is missing");
    *out = (int)i;
    return TP_OK;
}

static tp_status get_number(const at *k, const char *key, double *out)
{
    const json_t *v = json_object_get(k->in, key);
    if (!json_is_number(v)) return bad(k, key, "a number is missing");
    *out = json_number_value(v);
    return TP_OK;
}

static tp_status read_run(const at *k, tp_run_row *run)
{
    const struct {
        const char *key;
        tp_str     *to;
    } text[] = {
        {"name", &run->name},
        {"path", &run->path},
        {"created", &run->created},
        {"method", &run->method},
        {"settings", &run->settings},
        {"method_settings", &run->method_settings},
        {"status", &run->status},
        {"reason", &run->reason},
    };
    for (int i = 0; i < TP_COUNT(text); i++)
        TP_TRY(get_text(k, text[i].key, text[i].to));
    TP_TRY(get_int(k, "failed", &run->n_failed));
    TP_TRY(get_int(k, "best", &run->best));
    TP_TRY(get_bytes(k, "proof", &run->proof));
    TP_TRY(get_number(k, "seconds", &run->seconds));
    tp_proof proof;
    if (tp_proof_unpack(&proof, run->proof, NULL))
        return bad(k, "proof", "it is damaged");
    return TP_OK;
}

static bool is_readings(tp_str bytes, tp_arena mem)
{
    const tp_reading *r;
    int               n;
    tp_unpack         u = {.rest = bytes};
    return !tp_readings_unpack(&r, &n, &u, &mem, NULL);
}

static tp_status read_trial(const at *k, void *to)
{
    tp_trial_row *t = to;
    TP_TRY(get_int(k, "number", &t->number));
    if (t->number != k->index + 1)
        return bad(k, "number", "trials are not numbered 1, 2, ... in order");
    TP_TRY(get_text(k, "outcome", &t->outcome));
    TP_TRY(get_text(k, "why", &t->why));
    TP_TRY(get_int(k, "attempts", &t->attempts));
    TP_TRY(get_int(k, "iterations", &t->iterations));
    TP_TRY(get_number(k, "sim_seconds", &t->sim_seconds));
    TP_TRY(get_number(k, "seconds", &t->seconds));
    TP_TRY(get_bytes(k, "x", &t->x));
    TP_TRY(get_bytes(k, "readings", &t->readings));
    if (!is_readings(t->readings, *k->mem))
        return bad(k, "readings", "they are damaged");
    return TP_OK;
}

static tp_status read_event(const at *k, void *to)
{
    tp_event_row *e = to;
    TP_TRY(get_int(k, "number", &e->number));
    TP_TRY(get_text(k, "kind", &e->kind));
    return get_bytes(k, "data", &e->data);
}

static tp_status read_file(const at *k, void *to)
{
    tp_source *f = to;
    tp_str     encoding = {"", 0};
    TP_TRY(get_text(k, "name", &f->name));
    TP_TRY(get_text(k, "encoding", &encoding));
    return tp_str_eq(encoding, TP_S("base64")) ? get_bytes(k, "text", &f->text)
                                               : get_text(k, "text", &f->text);
}

/* A list of ours as an array of `size` each. */
typedef tp_status read_one(const at *k, void *to);
static tp_status  read_list(void **out, int *n, const at *k, read_one *one,
                            ptrdiff_t size)
{
    json_t *list = json_object_get(k->in, k->list);
    if (!json_is_array(list))
        return tp_fail(k->err, TP_BAD_INPUT, "%s.%s: a list is missing",
                       tp_history_mark, k->list);
    *n = (int)json_array_size(list);
    char *all =
        tp_alloc(k->mem, size, (ptrdiff_t) _Alignof(max_align_t), *n ? *n : 1);
    *out = all;
    for (int i = 0; i < *n; i++) {
        at part = {json_array_get(list, (size_t)i), k->list, i, k->mem, k->err};
        TP_TRY(one(&part, all + i * size));
    }
    return TP_OK;
}

static tp_status read_ours(tp_sxopt *out, json_t *ours, tp_arena *mem,
                           tp_err *err)
{
    at    run = {json_object_get(ours, "run"), NULL, 0, mem, err};
    void *trial, *event, *file;
    int   n_file;
    TP_TRY(read_run(&run, &out->run));
    at trials = {ours, "trials", 0, mem, err};
    TP_TRY(read_list(&trial, &out->n_trial, &trials, read_trial,
                     sizeof(tp_trial_row)));
    at events = {ours, "events", 0, mem, err};
    TP_TRY(read_list(&event, &out->n_event, &events, read_event,
                     sizeof(tp_event_row)));
    at files = {ours, "files", 0, mem, err};
    TP_TRY(read_list(&file, &n_file, &files, read_file, sizeof(tp_source)));
    if (!n_file)
        return tp_fail(err, TP_BAD_INPUT, "%s.files: the problem is missing",
                       tp_history_mark);
    out->run.n_trial = out->n_trial;
    out->trial = trial;
    out->event = event;
    tp_files all = {.n = n_file, .file = file};
    tp_buf   b = {.mem = mem};
    tp_files_pack(&b, &all);
    out->run.bundle = tp_buf_str(&b);
    return TP_OK;
}

tp_status tp_history_read(tp_sxopt *out, tp_str bytes, tp_arena *mem,
                          tp_err *err)
{
    json_error_t where;
    json_t      *all = json_loadb(bytes.at, (size_t)bytes.len,
                                  JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &where);
    *out = (tp_sxopt){0};
    if (!all) {
        tp_status st = tp_fail(err, TP_BAD_INPUT, "%s", where.text);
        if (err) err->line = where.line;
        if (err) err->col = where.column;
        return st;
    }
    json_t   *ours = json_object_get(all, tp_history_mark);
    tp_status st =
        json_is_object(ours)
            ? read_ours(out, ours, mem, err)
            : tp_fail(err, TP_BAD_INPUT,
                      "not a history of trimpot: it has no member \"%s\" to "
                      "go on from",
                      tp_history_mark);
    json_decref(all);
    return st;
}
