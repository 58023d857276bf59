/* Errors: what could not be done, where in the input, and the source line
   with a caret. All in the caller's tp_err; a text that is too long is cut
   and ends in "...". */
#include "base/base.h"

#undef tp_fail /* the analyzer's */
#undef tp_fail_at
#undef tp_while

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define X(name, exit, words) {exit, words},
static const struct {
    int         exit;
    const char *words;
} status[] = {TP_STATUS_LIST(X)};
#undef X

int tp_status_exit(tp_status s)
{
    assert((int)s < TP_COUNT(status));
    return status[s].exit;
}

const char *tp_status_words(tp_status s)
{
    assert((int)s < TP_COUNT(status));
    return status[s].words;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80; /* of a UTF-8 character */
}

/* Copies `s` and a zero into `out`, cut between characters when it is longer;
   control characters become blanks. */
static void put(char *out, int size, tp_str s)
{
    ptrdiff_t len = s.len;
    bool      cut = len > size - 1;
    if (cut) {
        len = size - 1 - 3;
        while (len > 0 && is_continuation(s.at[len])) len--;
    }
    for (ptrdiff_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        out[i] = c < ' ' || c == 0x7F ? ' ' : s.at[i];
    }
    out[len] = '\0';
    if (cut) memcpy(out + len, "...", 4);
}

/* Messages may have several lines (a simulator's own words): those stay. */
static void put_message(char *out, int size, const char *text)
{
    tp_str s = tp_str_of(text);
    put(out, size, s);
    for (int i = 0; i < s.len && out[i]; i++)
        if (text[i] == '\n') out[i] = '\n';
}

static void format(tp_err *err, const char *fmt, va_list ap)
{
    char text[2 * sizeof err->msg];
    if (vsnprintf(text, sizeof text, fmt, ap) < 0) text[0] = '\0';
    put_message(err->msg, (int)sizeof err->msg, text);
}

/* Line `line` of a text, without its end; empty when there is none. */
static tp_str line_of(tp_str text, int line)
{
    ptrdiff_t at = 0;
    for (int i = 1; i < line; i++) {
        ptrdiff_t end = tp_str_find(text, '\n', at);
        if (end < 0) return (tp_str){"", 0};
        at = end + 1;
    }
    ptrdiff_t end = tp_str_find(text, '\n', at);
    if (end < 0) end = text.len;
    if (end > at && text.at[end - 1] == '\r') end--;
    return tp_str_part(text, at, end - at);
}

/* Shows the part of the line around the column, and where the caret goes. */
static void show_line(tp_err *err, tp_str line)
{
    ptrdiff_t room = (ptrdiff_t)sizeof err->text - 1, from = 0;
    if (err->col > room - 20) from = err->col - room / 2;
    while (from > 0 && from < line.len && is_continuation(line.at[from]))
        from--;
    put(err->text, (int)sizeof err->text, tp_str_from(line, from));
    err->caret = err->col > 0 && err->text[0] ? err->col - (int)from : 0;
    int len = (int)strlen(err->text);
    if (err->caret > len + 1) err->caret = len + 1;
}

static void set_place(tp_err *err, tp_place at)
{
    err->line = at.line;
    err->col = at.col;
    err->file[0] = err->text[0] = '\0';
    err->caret = 0;
    if (!at.in) return;
    put(err->file, (int)sizeof err->file, at.in->name);
    if (at.line > 0) show_line(err, line_of(at.in->text, at.line));
}

tp_status tp_fail(tp_err *err, tp_status code, const char *fmt, ...)
{
    if (!err) return code;
    va_list ap;
    va_start(ap, fmt);
    format(err, fmt, ap);
    va_end(ap);
    err->code = code;
    set_place(err, (tp_place){0});
    return code;
}

tp_status tp_fail_at(tp_err *err, tp_status code, tp_place at, const char *fmt,
                     ...)
{
    if (!err) return code;
    va_list ap;
    va_start(ap, fmt);
    format(err, fmt, ap);
    va_end(ap);
    err->code = code;
    set_place(err, at);
    return code;
}

void tp_err_place(tp_err *err, tp_place at)
{
    if (!err || err->file[0]) return;
    if (err->line > 1) {
        at.line += err->line - 1;
        at.col = err->col;
    } else if (err->col > 0) {
        at.col += err->col - (at.col > 0);
    }
    set_place(err, at);
}

tp_status tp_while(tp_err *err, const char *doing, ...)
{
    if (!err) return TP_BAD_INPUT;
    assert(err->code != TP_OK);
    char    text[2 * sizeof err->msg];
    va_list ap;
    va_start(ap, doing);
    int len = vsnprintf(text, sizeof err->msg, doing, ap);
    va_end(ap);
    if (len < 0) len = 0;
    if (len >= (int)sizeof err->msg) len = (int)sizeof err->msg - 1;
    snprintf(text + len, sizeof text - (size_t)len, ": %s", err->msg);
    put_message(err->msg, (int)sizeof err->msg, text);
    return err->code;
}

tp_str tp_err_text(const tp_err *err, tp_arena *a)
{
    tp_buf b = {.mem = a};
    if (err->file[0]) tp_buf_fmt(&b, "%s:", err->file);
    if (err->line > 0) tp_buf_fmt(&b, "%d:", err->line);
    if (err->line > 0 && err->col > 0) tp_buf_fmt(&b, "%d:", err->col);
    tp_buf_fmt(&b, "%s%s\n", b.len > 0 ? " " : "", err->msg);
    if (!err->text[0]) return tp_buf_str(&b);
    tp_buf_fmt(&b, "  %s\n", err->text);
    if (err->caret <= 0) return tp_buf_str(&b);
    tp_buf_add(&b, TP_S("  "));
    for (int i = 0; i + 1 < err->caret && err->text[i]; i++)
        if (!is_continuation(err->text[i])) tp_buf_char(&b, ' ');
    tp_buf_add(&b, TP_S("^\n"));
    return tp_buf_str(&b);
}
