/* Settings: a table of rows says what a settings struct holds; defaults,
   checks, text in and text out all come from the row, by its type. */
#include "base/base.h"

#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ROWS_MAX = 200 };

/* What a setting's value is read with. */
typedef struct reading {
    const tp_param *row;
    tp_str          name; /* the row's, with the index */
    tp_str          text;
    tp_arena       *mem;
    tp_err         *err;
} reading;

typedef struct kind {
    size_t size; /* of the field */
    void (*reset)(const tp_param *row, void *at);
    tp_status (*read)(const reading *r, void *at);
    void (*write)(const tp_param *row, const void *at, tp_buf *out);
} kind;

static tp_status wrong(const reading *r, const char *wanted)
{
    return tp_fail(r->err, TP_BAD_INPUT, "%.*s: '%.*s' is not %s",
                   TP_F(r->name), TP_F(r->text), wanted);
}

static tp_status wrong_number(const reading *r)
{
    const char *unit = r->row->unit;
    char        wanted[80] = "a number";
    if (unit && strcmp(unit, "s") == 0)
        return wrong(r, "a time like 90, 90s, 500ms, 10min or 2h");
    if (unit) snprintf(wanted, sizeof wanted, "a number in %s", unit);
    return wrong(r, wanted);
}

/* A row whose min and max are equal has no range. */
static bool in_range(const tp_param *row, double v)
{
    return row->min >= row->max || (v >= row->min && v <= row->max);
}

static tp_status outside(const reading *r)
{
    char min[TP_NUMBER_MAX], max[TP_NUMBER_MAX];
    return tp_fail(r->err, TP_BAD_INPUT, "%.*s: %.*s is outside %s to %s",
                   TP_F(r->name), TP_F(r->text), tp_exact(r->row->min, min),
                   tp_exact(r->row->max, max));
}

static bool ends_with(tp_str text, tp_str end)
{
    return text.len > end.len &&
           tp_str_same(tp_str_from(text, text.len - end.len), end);
}

/* A number in another unit than the row's: 0 where it has no such. */
static double other_unit(tp_str text, tp_str unit, ptrdiff_t *len)
{
    static const struct {
        const char *unit, *name;
        double      factor;
    } others[] = {{"s", "min", 60},
                  {"s", "h", 3600},
                  {"MB", "M", 1},
                  {"MB", "GB", 1000},
                  {"MB", "G", 1000}};
    for (int i = 0; i < TP_COUNT(others); i++) {
        tp_str name = tp_str_of(others[i].name);
        if (!tp_str_eq(unit, tp_str_of(others[i].unit))) continue;
        if (!ends_with(text, name)) continue;
        *len = name.len;
        return others[i].factor;
    }
    return 0;
}

/* Behind a number: a suffix, the row's unit, or both, and nothing else, so
   that no letter is passed over. A time of "10m" is read in two ways. */
static bool read_real(tp_str text, const char *unit, double *v)
{
    bool      minus = tp_str_starts(text, TP_S("-"));
    tp_str    own = tp_str_of(unit ? unit : "");
    ptrdiff_t len = 0;
    if (tp_str_same(tp_str_from(text, minus), TP_S("inf"))) {
        *v = minus ? -INFINITY : INFINITY;
        return true;
    }
    double factor = other_unit(text, own, &len);
    if (factor > 0) {
        bool read = tp_number_bare(tp_str_part(text, 0, text.len - len), v);
        *v *= factor;
        return read;
    }
    if (own.len && ends_with(text, own) &&
        tp_number_bare(tp_str_part(text, 0, text.len - own.len), v))
        return true;
    if (tp_str_eq(own, TP_S("s")) && ends_with(text, TP_S("m"))) return false;
    return tp_number_bare(text, v);
}

static void real_reset(const tp_param *row, void *at)
{
    *(double *)at = row->def;
}

static tp_status real_read(const reading *r, void *at)
{
    double v;
    if (!read_real(r->text, r->row->unit, &v)) return wrong_number(r);
    if (!in_range(r->row, v)) return outside(r);
    *(double *)at = v;
    return TP_OK;
}

static void real_write(const tp_param *row, const void *at, tp_buf *out)
{
    char text[TP_NUMBER_MAX];
    (void)row;
    tp_buf_add(out, tp_str_of(tp_exact(*(const double *)at, text)));
}

static void int_reset(const tp_param *row, void *at)
{
    *(int *)at = (int)row->def;
}

static tp_status int_read(const reading *r, void *at)
{
    double v;
    if (!tp_number_bare(r->text, &v) || v != floor(v))
        return wrong(r, "a whole number");
    if (!in_range(r->row, v)) return outside(r);
    if (fabs(v) > INT_MAX) return wrong(r, "in the range of whole numbers");
    *(int *)at = (int)v;
    return TP_OK;
}

static void int_write(const tp_param *row, const void *at, tp_buf *out)
{
    (void)row;
    tp_buf_fmt(out, "%d", *(const int *)at);
}

static void bool_reset(const tp_param *row, void *at)
{
    *(bool *)at = row->def != 0;
}

static tp_status bool_read(const reading *r, void *at)
{
    static const char *const words[] = {"false", "true", "no", "yes",
                                        "off",   "on",   "0",  "1"};
    for (int i = 0; i < TP_COUNT(words); i++) {
        if (!tp_str_same(r->text, tp_str_of(words[i]))) continue;
        *(bool *)at = i % 2;
        return TP_OK;
    }
    return wrong(r, "true or false");
}

static void bool_write(const tp_param *row, const void *at, tp_buf *out)
{
    (void)row;
    tp_buf_fmt(out, "%s", *(const bool *)at ? "true" : "false");
}

static tp_status choice_read(const reading *r, void *at)
{
    tp_buf wanted = {.mem = r->mem};
    for (int i = 0; r->row->choices[i]; i++) {
        tp_str choice = tp_str_of(r->row->choices[i]);
        if (tp_str_same(r->text, choice)) {
            *(int *)at = i;
            return TP_OK;
        }
        tp_buf_fmt(&wanted, "%s%.*s", i > 0 ? ", " : "one of ", TP_F(choice));
    }
    tp_buf_char(&wanted, '\0');
    return wrong(r, wanted.at);
}

static void choice_write(const tp_param *row, const void *at, tp_buf *out)
{
    tp_buf_add(out, tp_str_of(row->choices[*(const int *)at]));
}

static void text_reset(const tp_param *row, void *at)
{
    *(tp_str *)at = tp_str_of(row->text_def);
}

static tp_status text_read(const reading *r, void *at)
{
    *(tp_str *)at = tp_str_copy(r->mem, r->text);
    return TP_OK;
}

/* In quotes, a quote inside doubled, where the list would not read back. */
static void text_write(const tp_param *row, const void *at, tp_buf *out)
{
    tp_str s = *(const tp_str *)at;
    bool   plain = tp_str_eq(s, tp_str_trim(s)) && tp_str_find(s, ',', 0) < 0 &&
                 tp_str_find(s, '"', 0) < 0;
    (void)row;
    if (plain) {
        tp_buf_add(out, s);
        return;
    }
    tp_buf_char(out, '"');
    for (ptrdiff_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"') tp_buf_char(out, '"');
        tp_buf_char(out, s.at[i]);
    }
    tp_buf_char(out, '"');
}

static const kind kinds[] = {
    [TP_REAL] = {sizeof(double), real_reset, real_read, real_write},
    [TP_INT] = {sizeof(int), int_reset, int_read, int_write},
    [TP_BOOL] = {sizeof(bool), bool_reset, bool_read, bool_write},
    [TP_CHOICE] = {sizeof(int), int_reset, choice_read, choice_write},
    [TP_TEXT] = {sizeof(tp_str), text_reset, text_read, text_write},
};

static int fields(const tp_param *row)
{
    return row->count > 0 ? row->count : 1;
}

static size_t offset(const tp_param *row, int i)
{
    return row->at + kinds[row->type].size * (size_t)i;
}

void tp_params_default(const tp_param *rows, void *settings)
{
    for (const tp_param *p = rows; p->name; p++)
        for (int i = 0; i < fields(p); i++)
            kinds[p->type].reset(p, (char *)settings + offset(p, i));
}

/* "7" -> 7; -1 when it is no index. */
static int index_of(tp_str digits)
{
    int at = 0;
    if (digits.len == 0 || (digits.len > 1 && digits.at[0] == '0')) return -1;
    for (ptrdiff_t i = 0; i < digits.len; i++) {
        if (!tp_is_digit(digits.at[i]) || at > INT_MAX / 10 - 1) return -1;
        at = 10 * at + (digits.at[i] - '0');
    }
    return at;
}

/* The row of a name; *index: its field, -1 for all of them. */
static const tp_param *find(const tp_param *rows, tp_str name, int *index)
{
    for (const tp_param *p = rows; p->name; p++) {
        tp_str own = tp_str_of(p->name);
        *index = -1;
        if (tp_str_same(name, own)) return p;
        if (p->count <= 0 || !tp_str_starts(name, own)) continue;
        *index = index_of(tp_str_from(name, own.len));
        if (*index >= 0) return p;
    }
    return NULL;
}

const tp_param *tp_params_find(const tp_param *rows, tp_str name)
{
    int             index;
    const tp_param *row = find(rows, name, &index);
    return row && index >= fields(row) ? NULL : row;
}

static tp_status unknown(const tp_param *rows, tp_str name, tp_arena scratch,
                         tp_err *err)
{
    tp_str names[ROWS_MAX];
    int    n = 0;
    for (; rows[n].name; n++) {
        assert(n < ROWS_MAX);
        names[n] = tp_str_of(rows[n].name);
    }
    tp_str near = tp_did_you_mean(&scratch, name, names, n);
    return tp_fail(err, TP_BAD_INPUT, "unknown setting '%.*s'%.*s", TP_F(name),
                   TP_F(near));
}

tp_status tp_params_set(const tp_param *rows, void *settings, tp_str name,
                        tp_str value, tp_arena *mem, tp_err *err)
{
    int             index, last;
    const tp_param *row = find(rows, name, &index);
    if (!row) return unknown(rows, name, *mem, err);
    if (index >= fields(row))
        return tp_fail(err, TP_BAD_INPUT, "%s%d: %s0 to %s%d are known",
                       row->name, index, row->name, row->name, row->count - 1);
    reading r = {.row = row,
                 .name = tp_str_of(row->name),
                 .text = row->type == TP_TEXT ? value : tp_str_trim(value),
                 .mem = mem,
                 .err = err};
    last = index < 0 ? fields(row) - 1 : index;
    if (index >= 0) r.name = tp_str_fmt(mem, "%s%d", row->name, index);
    for (int i = index < 0 ? 0 : index; i <= last; i++)
        TP_TRY(kinds[row->type].read(&r, (char *)settings + offset(row, i)));
    return TP_OK;
}

/* A value in quotes, cut off the front of `rest`, without its quotes. */
static tp_status quoted(tp_str *rest, tp_arena *mem, tp_str *out, tp_err *err)
{
    tp_buf    b = {.mem = mem};
    ptrdiff_t i = 1;
    for (; i < rest->len; i++) {
        bool twice = i + 1 < rest->len && rest->at[i + 1] == '"';
        if (rest->at[i] == '"' && !twice) break;
        i += rest->at[i] == '"';
        tp_buf_char(&b, rest->at[i]);
    }
    if (i >= rest->len)
        return tp_fail(err, TP_BAD_INPUT, "a quote is not closed: %.*s",
                       TP_F(*rest));
    *out = tp_buf_str(&b);
    *rest = tp_str_trim(tp_str_from(*rest, i + 1));
    if (rest->len > 0 && rest->at[0] != ',')
        return tp_fail(err, TP_BAD_INPUT, "expected ',' before '%.*s'",
                       TP_F(*rest));
    return TP_OK;
}

/* Cuts "name=value" and the comma behind it off the front of `rest`. */
static tp_status next_setting(tp_str *rest, tp_arena *mem, tp_str *name,
                              tp_str *value, tp_err *err)
{
    ptrdiff_t comma = tp_str_find(*rest, ',', 0);
    ptrdiff_t is = tp_str_find(*rest, '=', 0);
    if (comma < 0) comma = rest->len;
    if (is < 0 || is > comma)
        return tp_fail(err, TP_BAD_INPUT, "expected name=value, got '%.*s'",
                       TP_F(tp_str_part(*rest, 0, comma)));
    *name = tp_str_trim(tp_str_part(*rest, 0, is));
    tp_str after = tp_str_trim(tp_str_from(*rest, is + 1));
    if (tp_str_starts(after, TP_S("\""))) {
        TP_TRY(quoted(&after, mem, value, err));
        *rest = tp_str_from(after, 1);
        return TP_OK;
    }
    *value = tp_str_trim(tp_str_part(*rest, is + 1, comma - is - 1));
    *rest = tp_str_from(*rest, comma + 1);
    return TP_OK;
}

tp_status tp_params_set_list(const tp_param *rows, void *settings, tp_str list,
                             tp_arena *mem, tp_err *err)
{
    while (tp_str_trim(list).len > 0) {
        tp_str name = {0}, value = {0};
        TP_TRY(next_setting(&list, mem, &name, &value, err));
        TP_TRY(tp_params_set(rows, settings, name, value, mem, err));
    }
    return TP_OK;
}

static void write_one(const tp_param *row, int i, const void *settings,
                      tp_buf *out)
{
    tp_buf_fmt(out, "%s%s", out->len > 0 ? "," : "", row->name);
    if (row->count > 0) tp_buf_fmt(out, "%d", i);
    tp_buf_char(out, '=');
    kinds[row->type].write(row, (const char *)settings + offset(row, i), out);
}

static bool is_default(const tp_param *row, int i, const void *settings,
                       tp_arena scratch)
{
    tp_buf      is = {.mem = &scratch}, def = {.mem = &scratch};
    max_align_t field;
    kinds[row->type].reset(row, &field);
    kinds[row->type].write(row, &field, &def);
    kinds[row->type].write(row, (const char *)settings + offset(row, i), &is);
    return tp_str_eq(tp_buf_str(&is), tp_buf_str(&def));
}

tp_str tp_params_list(const tp_param *rows, const void *settings, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (const tp_param *p = rows; p->name; p++)
        for (int i = 0; i < fields(p); i++)
            if (p->count <= 0 || !is_default(p, i, settings, *mem))
                write_one(p, i, settings, &b);
    return tp_buf_str(&b);
}
