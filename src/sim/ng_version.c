/* Which ngspice this is, and what newer ones have: compiled Verilog-A models
   (OSDI), from version 40 on. Such a model is a program, so only those are
   loaded that the user names, never those that a deck names. */
#include "sim/ng.h"

#include <sys/stat.h>

enum { FIRST_WITH_OSDI = 40 };

int tp_ng_version(tp_str said)
{
    tp_str mark = TP_S("ngspice-");
    for (ptrdiff_t i = 0; i + mark.len < said.len; i++) {
        double v = 0;
        tp_str rest = tp_str_from(said, i);
        if (!tp_str_starts(rest, mark)) continue;
        rest = tp_str_from(rest, mark.len);
        if (tp_is_digit(rest.at[0]) && tp_number(rest, &v) && v < 1e6)
            return (int)v;
    }
    return 0;
}

/* What follows the mark in the text, up to the end of the line or word. */
static tp_str behind(tp_str said, tp_str mark, const char *ends)
{
    for (ptrdiff_t i = 0; i + mark.len < said.len; i++) {
        tp_str rest = tp_str_from(said, i + mark.len);
        if (!tp_str_starts(tp_str_from(said, i), mark)) continue;
        return tp_str_trim(tp_str_word(&rest, ends));
    }
    return TP_S("");
}

tp_str tp_ng_version_words(tp_str said, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_str built = behind(said, TP_S("Creation Date:"), "\n");
    if (tp_ng_version(said) == 0) return TP_S("");
    tp_buf_fmt(&b, "ngspice-%.*s",
               TP_F(behind(said, TP_S("ngspice-"), " :\n")));
    if (built.len > 0) tp_buf_fmt(&b, ", built");
    for (tp_str w; (w = tp_str_word(&built, " ")).len > 0;)
        tp_buf_fmt(&b, " %.*s", TP_F(w));
    return tp_buf_str(&b);
}

int tp_ng_ask_version(tp_ng *s)
{
    s->text_len = 0;
    s->listens = true;
    tp_ng_send(s, "version -s");
    s->listens = false;
    return tp_ng_version((tp_str){s->text, s->text_len});
}

/* Bytes that ngspice's command line leaves as they are. */
static bool is_plain(tp_str path)
{
    for (ptrdiff_t i = 0; i < path.len; i++) {
        char c = path.at[i];
        if (!tp_is_alpha(c) && !tp_is_digit(c) &&
            tp_str_find(TP_S("/._-+"), c, 0) < 0)
            return false;
    }
    return path.len > 0;
}

static tp_status check_path(tp_str path, tp_arena mem, tp_err *err)
{
    struct stat s;
    if (!is_plain(path))
        return tp_fail(err, TP_BAD_INPUT,
                       "osdi: '%.*s' has bytes that ngspice does not take in "
                       "a path (letters, digits, / . _ - +)",
                       TP_F(path));
    if (stat(tp_str_z(&mem, path), &s) == 0 && S_ISREG(s.st_mode)) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "osdi: there is no file '%.*s'",
                   TP_F(path));
}

tp_status tp_ng_osdi_paths(const char **out, int max, tp_str list,
                           tp_arena *mem, tp_err *err)
{
    int n = 0;
    for (tp_str word; (word = tp_str_word(&list, ":")).len > 0;) {
        tp_str path = tp_path_absolute(word, mem);
        TP_TRY(check_path(path, *mem, err));
        if (n == max)
            return tp_fail(err, TP_LIMIT, "osdi: more than %d files", max);
        out[n++] = tp_str_z(mem, path);
    }
    out[n] = NULL;
    return TP_OK;
}

tp_status tp_ng_load_osdi(tp_ng *s, const char *const *path, tp_err *err)
{
    if (path[0] && s->version < FIRST_WITH_OSDI)
        return tp_fail(err, TP_SIM,
                       "osdi: the library is ngspice %d; compiled models need "
                       "%d or newer",
                       s->version, FIRST_WITH_OSDI);
    for (int i = 0; path[i]; i++) {
        tp_words_clear(&s->words);
        bool sent = tp_ng_send(s, "osdi %s", path[i]);
        if (sent && !s->words.error && s->words.len == 0) continue;
        return tp_fail(err, TP_SIM, "osdi %s: %s", path[i], s->words.text);
    }
    return TP_OK;
}
