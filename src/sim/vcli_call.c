/* Calls of vcli: one process each, JSON on its standard output, or one line of
   JSON on its error output. Status 0 is no success yet: `skill exec` ends with
   it, too, when SKILL failed. */
#include "sim/vcli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_MAX = 256 << 20, WHY_MAX = 400 };

extern char **environ;

bool tp_vcli_fail(tp_vcli *v, tp_outcome how, tp_str why)
{
    v->out->how = how;
    v->out->why = why;
    return false;
}

static char *path_in(const tp_vcli *v, const char *name)
{
    return tp_str_z(v->mem, tp_str_fmt(v->mem, "%s/%s", v->folder, name));
}

static tp_str text_of(const tp_vcli *v, const char *name)
{
    tp_str text;
    if (tp_file_read(&text, path_in(v, name), TEXT_MAX, v->mem, NULL))
        return TP_S("");
    return text;
}

/* The JSON object that begins at the first '{' of a text. */
static json_t *json_in(tp_str text)
{
    ptrdiff_t    at = tp_str_find(text, '{', 0);
    json_error_t bad;
    if (at < 0) return NULL;
    return json_loadb(text.at + at, (size_t)(text.len - at),
                      JSON_DISABLE_EOF_CHECK, &bad);
}

static tp_str string_of(const json_t *o, const char *key)
{
    const json_t *s = json_object_get(o, key);
    if (!json_is_string(s)) return TP_S("");
    return (tp_str){json_string_value(s), (ptrdiff_t)json_string_length(s)};
}

/* "message (suggestion)", or what was printed. */
static tp_str complaint(const tp_vcli *v, const json_t *bad, tp_str text)
{
    tp_str message = string_of(bad, "message");
    tp_str more = string_of(bad, "suggestion");
    if (message.len > 0 && more.len > 0)
        return tp_str_fmt(v->mem, "%.*s (%.*s)", TP_F(message), TP_F(more));
    if (message.len > 0) return tp_str_copy(v->mem, message);
    return tp_str_copy(v->mem, tp_str_part(tp_str_trim(text), 0, WHY_MAX));
}

/* ---- one attempt ------------------------------------------------------- */

/* The environment, with the capability where one is set. */
static char **environment(const tp_vcli *v)
{
    int    n = 0, k = 0;
    tp_str own = TP_S("VCLI_CAPABILITY=");
    if (v->set->capability.len == 0) return NULL;
    while (environ[n]) n++;
    char **env = TP_NEW(v->mem, char *, n + 2);
    for (int i = 0; i < n; i++)
        if (!tp_str_starts(tp_str_of(environ[i]), own)) env[k++] = environ[i];
    env[k] = tp_str_z(v->mem, tp_str_fmt(v->mem, "%.*s%.*s", TP_F(own),
                                         TP_F(v->set->capability)));
    return env;
}

static char **command_line(const tp_vcli *v, char *const *words, int n)
{
    char **argv = TP_NEW(v->mem, char *, n + 10);
    int    k = 0;
    argv[k++] = tp_str_z(v->mem, v->set->binary);
    argv[k++] = tp_str_z(v->mem, TP_S("--format"));
    argv[k++] = tp_str_z(v->mem, TP_S("json"));
    argv[k++] = tp_str_z(v->mem, TP_S("--quiet"));
    if (v->session.len > 0) {
        argv[k++] = tp_str_z(v->mem, TP_S("--session"));
        argv[k++] = tp_str_z(v->mem, v->session);
    }
    if (v->set->profile.len > 0) {
        argv[k++] = tp_str_z(v->mem, TP_S("--profile"));
        argv[k++] = tp_str_z(v->mem, v->set->profile);
    }
    for (int i = 0; i < n; i++) argv[k++] = words[i];
    return argv;
}

/* What a call that ended badly says; *again: it may be better later. */
static bool refused(tp_vcli *v, const tp_process *p, const tp_process_end *end,
                    const char *doing, bool *again)
{
    tp_str  text = text_of(v, "err.txt"), how;
    json_t *bad = json_in(text);
    tp_str  why = complaint(v, bad, text);
    *again = json_is_true(json_object_get(bad, "retryable"));
    json_decref(bad);
    how = tp_process_words(end, p, v->mem);
    if (end->error) return tp_vcli_fail(v, TP_DIED, how);
    if (!end->in_time)
        return tp_vcli_fail(v, TP_TIMED_OUT,
                            tp_str_fmt(v->mem, "%s: %.*s", doing, TP_F(how)));
    if (why.len == 0) why = how;
    return tp_vcli_fail(v, end->by_signal ? TP_DIED : TP_SIM_FAILED,
                        tp_str_fmt(v->mem, "%s: %.*s", doing, TP_F(why)));
}

/* "skill exec", "sim run". */
static const char *doing_of(const tp_vcli *v, char *const *words, int n)
{
    if (n < 2) return n > 0 ? words[0] : "vcli";
    return tp_str_z(v->mem, tp_str_fmt(v->mem, "%s %s", words[0], words[1]));
}

static json_t *attempt(tp_vcli *v, char *const *words, int n, bool *again)
{
    tp_process_end end;
    const char    *doing = doing_of(v, words, n);
    *again = false;
    unlink(path_in(v, "out.txt"));
    unlink(path_in(v, "err.txt"));
    tp_process p = {.name = v->set->binary,
                    .argv = command_line(v, words, n),
                    .env = environment(v),
                    .folder = v->folder,
                    .out = "out.txt",
                    .log = "err.txt",
                    .seconds = v->set->seconds,
                    .may_stop = true};
    tp_process_run(&end, &p, *v->mem);
    if (end.error || !end.in_time || end.by_signal || end.status != 0) {
        refused(v, &p, &end, doing, again);
        return NULL;
    }
    json_t *got = json_in(text_of(v, "out.txt"));
    if (!got)
        tp_vcli_fail(
            v, TP_SIM_FAILED,
            tp_str_fmt(v->mem, "%s: its answer is no JSON: %.*s", doing,
                       TP_F(tp_str_part(text_of(v, "out.txt"), 0, 80))));
    return got;
}

json_t *tp_vcli_call(tp_vcli *v, char *const *words, int n)
{
    bool   again = false;
    double pause = v->set->backoff;
    for (int i = 0;; i++, pause *= 2) {
        json_t *got = attempt(v, words, n, &again);
        if (got && i > 0) tp_vcli_fail(v, TP_RAN, TP_S("")); /* after all */
        if (got || !again || i == v->set->retries) return got;
        struct timespec t = {.tv_sec = (time_t)fmin(pause, 3600)};
        t.tv_nsec = (long)(1e9 * (fmin(pause, 3600) - floor(pause)));
        nanosleep(&t, NULL);
    }
}

/* ---- SKILL ------------------------------------------------------------- */

/* What SKILL complained of, where it did. */
static tp_str errors_of(const tp_vcli *v, const json_t *got)
{
    const json_t *list = json_object_get(got, "errors");
    tp_buf        b = {.mem = v->mem};
    for (size_t i = 0; i < json_array_size(list) && i < 3; i++) {
        const json_t *one = json_array_get(list, i);
        if (!json_is_string(one)) continue;
        tp_buf_fmt(&b, "%s%s", b.len > 0 ? "; " : "", json_string_value(one));
    }
    return b.len > 0 ? tp_buf_str(&b) : TP_S("SKILL gave an error");
}

/* A printed string without its quotes and escapes (\\n is a new line, as a new
   line itself is). */
static tp_str unquoted(tp_str s, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    s = tp_str_trim(s);
    if (s.len < 2 || s.at[0] != '"' || s.at[s.len - 1] != '"')
        return tp_str_copy(mem, s);
    for (ptrdiff_t i = 1; i < s.len - 1; i++) {
        bool escaped = s.at[i] == '\\' && i + 1 < s.len - 1;
        if (escaped) i++;
        tp_buf_char(&b, escaped && s.at[i] == 'n' ? '\n' : s.at[i]);
    }
    return tp_buf_str(&b);
}

bool tp_vcli_skill(tp_vcli *v, tp_str code, tp_str *out)
{
    char *words[] = {
        tp_str_z(v->mem, TP_S("skill")), tp_str_z(v->mem, TP_S("exec")),
        tp_str_z(v->mem, code), tp_str_z(v->mem, TP_S("--timeout")),
        tp_str_z(v->mem, tp_str_fmt(v->mem, "%.0f", ceil(v->set->seconds)))};
    json_t *got = tp_vcli_call(v, words, TP_COUNT(words));
    if (!got) return false;
    bool good = tp_str_eq(string_of(got, "status"), TP_S("success"));
    *out = unquoted(string_of(got, "output"), v->mem);
    if (!good)
        tp_vcli_fail(
            v, TP_SIM_FAILED,
            tp_str_fmt(v->mem, "skill exec: %.*s", TP_F(errors_of(v, got))));
    json_decref(got);
    return good;
}
