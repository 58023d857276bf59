/* Numbers beside their limits, verdicts, and small aligned tables. */
#include "report/format.h"

#include <math.h>

tp_str tp_engineered(double v, tp_str unit, tp_arena *mem)
{
    char text[TP_NUMBER_MAX];
    return tp_str_copy(mem, tp_str_of(tp_engineering(v, unit, text)));
}

tp_str tp_exactly(double v, tp_arena *mem)
{
    char text[TP_NUMBER_MAX];
    return tp_str_copy(mem, tp_str_of(tp_exact(v, text)));
}

tp_str tp_beside(double v, double limit, tp_str unit, tp_arena *mem)
{
    char a[TP_NUMBER_MAX], b[TP_NUMBER_MAX];
    for (int digits = 4; digits <= 15; digits++) {
        tp_engineering_digits(v, unit, digits, a);
        tp_engineering_digits(limit, unit, digits, b);
        if (v == limit || !tp_str_eq(tp_str_of(a), tp_str_of(b)))
            return tp_str_copy(mem, tp_str_of(a));
    }
    return tp_str_fmt(mem, "just %s %s", v > limit ? "above" : "below", b);
}

tp_str tp_unit_of(const tp_measure *m, const tp_reading *r)
{
    return r && r->ok && r->unit.len ? r->unit : m->unit;
}

bool tp_is_constraint(const tp_measure *m)
{
    return m->goal == TP_AT_MOST || m->goal == TP_AT_LEAST;
}

double tp_margin(const tp_measure *m, double value)
{
    double d = m->goal == TP_AT_LEAST ? value - m->target : m->target - value;
    return d / m->scale;
}

const char *tp_verdict(const tp_measure *m, const tp_reading *r, double ctol)
{
    if (!r || !r->ok) return "no value";
    if (!tp_is_constraint(m)) return "";
    double margin = tp_margin(m, r->value);
    return margin >= 0       ? "met"
           : margin >= -ctol ? "met within ctol"
                             : "NOT MET";
}

bool tp_is_active(const tp_measure *m, const tp_reading *r)
{
    return tp_is_constraint(m) && r && r->ok &&
           fabs(tp_margin(m, r->value)) <= 0.01;
}

/* A word for a shell: quoted where it needs it. */
static void shell_word(tp_buf *b, tp_str w)
{
    bool plain = w.len > 0;
    for (ptrdiff_t i = 0; i < w.len; i++) {
        char c = w.at[i];
        plain = plain && (tp_is_alpha(c) || tp_is_digit(c) || c == '.' ||
                          c == '/' || c == '_' || c == '-');
    }
    if (plain) {
        tp_buf_add(b, w);
        return;
    }
    tp_buf_char(b, '\'');
    for (ptrdiff_t i = 0; i < w.len; i++) {
        if (w.at[i] == '\'')
            tp_buf_add(b, TP_S("'\\''"));
        else
            tp_buf_char(b, w.at[i]);
    }
    tp_buf_char(b, '\'');
}

tp_str tp_reproduce(const tp_problem *p, const tp_trial *t, tp_arena *mem)
{
    char   v[TP_NUMBER_MAX];
    tp_buf b = {.mem = mem};
    bool   script = p->n_measure && p->measure[0].dialect == TP_NUTMEG;
    tp_buf_add(&b, script ? TP_S("trimpot run ") : TP_S("trimpot measure "));
    shell_word(&b, p->path);
    if (script) return tp_buf_str(&b);
    for (int i = 0; i < p->space.n; i++)
        tp_buf_fmt(&b, " --set %.*s=%s", TP_F(p->space.var[i].name),
                   tp_exact(t->x[i], v));
    if (t->phase > 0) tp_buf_fmt(&b, " --phase %d", t->phase + 1);
    return tp_buf_str(&b);
}

tp_str *tp_table_row(tp_table *t)
{
    tp_str(*cells)[TP_TABLE_COLUMNS] = TP_PUSH(t->mem, t->row, t->n, t->cap);
    for (int i = 0; i < TP_TABLE_COLUMNS; i++) (*cells)[i] = (tp_str){"", 0};
    return *cells;
}

/* Characters, not bytes of UTF-8. */
static ptrdiff_t columns(tp_str s)
{
    ptrdiff_t n = 0;
    for (ptrdiff_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.at[i] & 0xc0) != 0x80;
    return n;
}

static void pad(tp_buf *b, ptrdiff_t n)
{
    while (n-- > 0) tp_buf_char(b, ' ');
}

static void measure(const tp_table *t, ptrdiff_t width[TP_TABLE_COLUMNS])
{
    for (int c = 0; c < t->n_col; c++)
        for (int r = 0; r < t->n; r++) {
            ptrdiff_t n = columns(t->row[r][c]);
            width[c] = n > width[c] ? n : width[c];
        }
}

/* One row; blanks are owed until something follows them. */
static void print_row(tp_buf *b, const tp_table *t, int r,
                      const ptrdiff_t *width)
{
    ptrdiff_t owed = 0;
    for (int c = 0; c < t->n_col; c++) {
        tp_str    cell = tp_report_plain(t->row[r][c], b->mem);
        ptrdiff_t room = width[c] - columns(cell);
        bool      right = t->right >> c & 1;
        if (!cell.len) {
            owed += width[c] + 2;
            continue;
        }
        pad(b, owed + (right ? room : 0));
        tp_buf_add(b, cell);
        owed = (right ? 0 : room) + 2;
    }
    tp_buf_char(b, '\n');
}

void tp_table_print(tp_buf *b, const tp_table *t, const char *indent)
{
    ptrdiff_t width[TP_TABLE_COLUMNS] = {0};
    measure(t, width);
    for (int r = 0; r < t->n; r++) {
        tp_buf_add(b, tp_str_of(indent));
        print_row(b, t, r, width);
    }
}
