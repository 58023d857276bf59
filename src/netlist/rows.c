/* rows: the logical lines of a circuit's text (which is ngspice's own
   language by now: no comments, no files), and which sub-circuit each is in. */
#include "netlist/flat.h"
#include "netlist/text.h"

#include <string.h>

static const struct {
    tp_str      word;
    tp_row_kind kind;
} kinds[] = {
    {{".param", 6}, TP_ROW_PARAM},   {{".params", 7}, TP_ROW_PARAM},
    {{".func", 5}, TP_ROW_FUNC},     {{".model", 6}, TP_ROW_MODEL},
    {{".subckt", 7}, TP_ROW_SUBCKT}, {{".macro", 6}, TP_ROW_SUBCKT},
    {{".ends", 5}, TP_ROW_ENDS},     {{".eom", 4}, TP_ROW_ENDS},
    {{".option", 7}, TP_ROW_OPTION}, {{".options", 8}, TP_ROW_OPTION},
    {{".opt", 4}, TP_ROW_OPTION},    {{".opts", 5}, TP_ROW_OPTION},
};

static tp_row_kind kind_of(tp_str text)
{
    tp_str word =
        text.len > 0 && text.at[0] == '.' ? tp_first_word(text) : TP_S("");
    for (int i = 0; i < TP_COUNT(kinds); i++)
        if (tp_str_same(word, kinds[i].word)) return kinds[i].kind;
    bool other = text.len == 0 || !tp_is_alpha(text.at[0]);
    return other ? TP_ROW_OTHER : TP_ROW_DEVICE;
}

static void cut_lines(tp_rows *r, tp_str text, tp_arena *mem)
{
    int n = 1;
    for (ptrdiff_t i = 0; i < text.len; i++) n += text.at[i] == '\n';
    r->line = TP_NEW(mem, tp_str, n);
    while (text.len > 0) {
        ptrdiff_t end = tp_str_find(text, '\n', 0);
        if (end < 0) end = text.len;
        r->line[r->n_line++] = tp_str_part(text, 0, end);
        text = tp_str_from(text, end + 1);
    }
}

static bool goes_on(tp_str line)
{
    return line.len > 0 && line.at[0] == '+';
}

/* The n lines from `line` on, as one. */
static tp_str joined(const tp_rows *r, int line, int n, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    if (n == 1) return r->line[line];
    tp_buf_add(&b, r->line[line]);
    for (int i = 1; i < n; i++) {
        tp_buf_char(&b, ' ');
        tp_buf_add(&b, tp_str_from(r->line[line + i], 1));
    }
    return tp_buf_str(&b);
}

/* Which sub-circuit and which .if each row is in. */
static bool nest(tp_rows *r, int *bad)
{
    int open = -1, ifs = 0;
    for (int i = 0; i < r->n; i++) {
        tp_row *row = &r->row[i];
        tp_str  word = tp_first_word(row->text);
        if (tp_str_same(word, TP_S(".endif"))) ifs--;
        row->maybe = ifs > 0;
        if (tp_str_same(word, TP_S(".if"))) ifs++;
        row->in = open;
        if (row->kind == TP_ROW_ENDS) {
            *bad = i;
            if (open < 0) return false;
            open = r->row[open].in;
        }
        if (row->kind == TP_ROW_SUBCKT) open = i;
    }
    *bad = open;
    return open < 0;
}

static void link_scopes(tp_rows *r, tp_arena *mem)
{
    int *last = TP_NEW(mem, int, r->n + 1); /* 1 + the last row of scope - 1 */
    r->first = -1;
    for (int i = 0; i < r->n; i++) {
        int *before = &last[r->row[i].in + 1];
        r->row[i].next = -1;
        if (*before > 0)
            r->row[*before - 1].next = i;
        else if (r->row[i].in < 0)
            r->first = i;
        *before = i + 1;
    }
}

bool tp_rows_read(tp_rows *out, tp_str text, int *bad, tp_arena *mem)
{
    *out = (tp_rows){0};
    cut_lines(out, text, mem);
    out->row = TP_NEW(mem, tp_row, out->n_line);
    for (int i = 0; i < out->n_line;) {
        int n = 1;
        while (i + n < out->n_line && goes_on(out->line[i + n])) n++;
        tp_row *row = &out->row[out->n++];
        *row = (tp_row){.line = i, .n = n, .text = joined(out, i, n, mem)};
        row->kind = i == 0 ? TP_ROW_OTHER : kind_of(row->text);
        i += n;
    }
    if (!nest(out, bad)) return false;
    link_scopes(out, mem);
    return true;
}

int tp_rows_inside(const tp_rows *r, int subckt)
{
    int first = subckt + 1;
    return first < r->n && r->row[first].in == subckt ? first : -1;
}

static bool ends_word(char c)
{
    return tp_is_space(c) || (c != '\0' && strchr(",()={}'\"", c));
}

tp_str tp_plain_word(tp_str s, ptrdiff_t *at)
{
    ptrdiff_t i = *at;
    while (i < s.len && ends_word(s.at[i])) i++;
    ptrdiff_t from = i;
    while (i < s.len && !ends_word(s.at[i])) i++;
    *at = i;
    return tp_str_part(s, from, i - from);
}

tp_str tp_bin_base(tp_str model)
{
    ptrdiff_t end = model.len;
    while (end > 0 && tp_is_digit(model.at[end - 1])) end--;
    bool bin = end < model.len && end > 1 && model.at[end - 1] == '.';
    return bin ? tp_str_part(model, 0, end - 1) : model;
}

tp_str tp_row_name(const tp_row *r)
{
    ptrdiff_t at = 0;
    (void)tp_plain_word(r->text, &at);
    return tp_plain_word(r->text, &at);
}
