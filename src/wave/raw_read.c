/* Reads the raw files of SPICE3 and ngspice: for each plot a head of
   "Key: value" lines, the list of vectors, then "Values:" with text or
   "Binary:" with doubles, point by point (ngspice manual, "Raw file
   format"). Sizes in the file are checked against its length before anything
   is made. */
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "wave/raw.h"

enum { VALUES_MAX = 1 << 27, KINDS_MAX = 32 };

typedef struct reader {
    tp_str    rest, all;
    int       line;   /* of `rest`, while the file is all text */
    bool      binary; /* a binary part has gone by: lines mean nothing */
    bool      big;    /* of its doubles the largest byte comes first */
    ptrdiff_t values; /* made so far */
    struct {
        tp_str name;
        int    n;
    } kind[KINDS_MAX]; /* plots so far, for ordinals */
    int       n_kind;
    tp_arena *mem;
    tp_err   *err;
} reader;

typedef struct head {
    tp_str title;
    bool   complex, padded;
    double n_var, n_point; /* -1: not given */
    bool   has_flags;
} head;

typedef struct vector {
    tp_wave w;
    double *re, *im;
    int     n; /* its own length */
} vector;

/* An error here: "line 5: ..." or, after binary data, "byte 812: ...". */
static tp_status bad(reader *r, tp_status code, const char *fmt, ...)
    TP_PRINTF(3, 4);
static tp_status bad(reader *r, tp_status code, const char *fmt, ...)
{
    char    text[300];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (r->binary) {
        tp_fail(r->err, code, "raw file, byte %td: %s", r->rest.at - r->all.at,
                text);
        return code;
    }
    tp_fail(r->err, code, "raw file, line %d: %s", r->line, text);
    if (r->err) r->err->line = r->line;
    return code;
}

static tp_str next_line(reader *r)
{
    ptrdiff_t end = tp_str_find(r->rest, '\n', 0);
    if (end < 0) end = r->rest.len;
    tp_str line = tp_str_part(r->rest, 0, end);
    r->rest = tp_str_from(r->rest, end + 1);
    r->line++;
    return line;
}

static bool key_is(tp_str line, const char *key, tp_str *value)
{
    tp_str k = tp_str_of(key);
    if (!tp_str_starts(line, k)) return false;
    *value = tp_str_trim(tp_str_from(line, k.len));
    return true;
}

static tp_status read_count(reader *r, tp_str s, const char *what, double *out)
{
    if (tp_number_all(s, out) && *out >= 0 && *out == floor(*out)) {
        if (*out <= VALUES_MAX) return TP_OK;
        return bad(r, TP_LIMIT, "%s: %.0f is over %d", what, *out, VALUES_MAX);
    }
    return bad(r, TP_BAD_INPUT, "%s: wanted a count, got '%.*s'", what,
               TP_F(s));
}

static tp_status read_flags(reader *r, head *h, tp_str value)
{
    h->has_flags = true;
    for (tp_str w; (w = tp_str_word(&value, " \t\r")).len > 0;) {
        if (tp_str_same(w, TP_S("real")))
            h->complex = false;
        else if (tp_str_same(w, TP_S("complex")))
            h->complex = true;
        else if (tp_str_same(w, TP_S("padded")))
            h->padded = true;
        else if (tp_str_same(w, TP_S("unpadded")))
            h->padded = false;
        else
            return bad(r, TP_BAD_INPUT,
                       "Flags: wanted real, complex, padded or unpadded, got "
                       "'%.*s'",
                       TP_F(w));
    }
    return TP_OK;
}

/* The lines up to "Variables:", whose rest is left in *first. */
static tp_status read_head(reader *r, head *h, tp_str *first)
{
    tp_str value;
    *h = (head){.padded = true, .n_var = -1, .n_point = -1};
    while (r->rest.len > 0) {
        tp_str line = next_line(r);
        if (key_is(line, "Variables:", first)) {
            if (!h->has_flags || h->n_var < 0 || h->n_point < 0)
                return bad(r, TP_BAD_INPUT,
                           "'Variables:' before 'Flags:', 'No. Variables:' "
                           "and 'No. Points:'");
            return TP_OK;
        }
        if (key_is(line, "Plotname:", &value))
            h->title = value;
        else if (key_is(line, "Flags:", &value))
            TP_TRY(read_flags(r, h, value));
        else if (key_is(line, "No. Variables:", &value))
            TP_TRY(read_count(r, value, "No. Variables", &h->n_var));
        else if (key_is(line, "No. Points:", &value))
            TP_TRY(read_count(r, value, "No. Points", &h->n_point));
        else if (tp_str_trim(line).len > 0 && tp_str_find(line, ':', 0) < 0)
            return bad(r, TP_BAD_INPUT, "wanted 'Key: value', got '%.*s'",
                       TP_F(tp_str_part(line, 0, 40)));
    }
    return bad(r, TP_BAD_INPUT, "the file ends before 'Variables:'");
}

/* The product of "3,4" from "dims=3,4": the length of a vector. */
static tp_status read_dims(reader *r, tp_str dims, int points, int *out)
{
    double n = 1, one = 0;
    for (tp_str w; (w = tp_str_word(&dims, ",")).len > 0; n *= one) {
        TP_TRY(read_count(r, w, "dims", &one));
        if (n > VALUES_MAX) break;
    }
    if (n > points)
        return bad(r, TP_BAD_INPUT,
                   "dims: a vector of %.0f values in a plot of %d points", n,
                   points);
    *out = (int)n;
    return TP_OK;
}

/* "i(i-sweep)" is how ngspice writes the scale of a sweep of a current
   source: it is no current through anything. */
static bool is_scale(tp_str core)
{
    tp_str end = TP_S("-sweep");
    return core.len > end.len &&
           tp_str_same(tp_str_from(core, core.len - end.len), end);
}

static tp_str plain_name(reader *r, tp_str written)
{
    tp_vector_name name = tp_vector_name_of(written);
    tp_str         core = tp_str_lower(r->mem, name.core);
    if (!name.branch || is_scale(core)) return core;
    return tp_str_fmt(r->mem, "%.*s#branch", TP_F(core));
}

static tp_status read_variable(reader *r, tp_str line, int i, int points,
                               vector *v)
{
    tp_str whole = tp_str_trim(line);
    tp_str index = tp_str_word(&line, " \t\r");
    tp_str name = tp_str_word(&line, " \t\r");
    tp_str type = tp_str_word(&line, " \t\r");
    double number = -1;
    if (name.len == 0 || !tp_number_all(index, &number) || number != i)
        return bad(r, TP_BAD_INPUT,
                   "wanted vector %d: its number, name and type, got '%.*s'", i,
                   TP_F(tp_str_part(whole, 0, 40)));
    v->w.name = plain_name(r, name);
    v->w.unit = tp_raw_unit(type);
    v->n = points;
    for (tp_str w; (w = tp_str_word(&line, " \t\r")).len > 0;)
        if (tp_str_starts(w, TP_S("dims=")))
            TP_TRY(read_dims(r, tp_str_from(w, 5), points, &v->n));
    return TP_OK;
}

/* The list of vectors; *n stays 0 when a plot without points ends with its
   head, as after an analysis that failed. */
static tp_status read_variables(reader *r, const head *h, tp_str first,
                                vector **out, int *n)
{
    int  many = (int)h->n_var;
    bool ends = r->rest.len == 0 || tp_str_starts(r->rest, TP_S("Title:"));
    if (ends && first.len == 0 && h->n_point == 0) return TP_OK;
    if (h->n_var * 4 > (double)(r->rest.len + first.len))
        return bad(r, TP_BAD_INPUT, "%d vectors said, but the file ends", many);
    *out = TP_NEW(r->mem, vector, many);
    *n = many;
    for (int i = 0; i < many; i++) {
        tp_str line = i == 0 && first.len > 0 ? first : next_line(r);
        TP_TRY(read_variable(r, line, i, (int)h->n_point, &(*out)[i]));
    }
    return TP_OK;
}

/* Room for the values, once it is known that the file, which has room for
   `most` of them, can hold them. */
static tp_status make_room(reader *r, const head *h, vector *v, int n,
                           ptrdiff_t most)
{
    double each = h->complex ? 2 : 1, total = 0, stored = 0;
    int    longest = 0;
    for (int i = 0; i < n; i++) {
        total += each * (h->padded ? h->n_point : v[i].n);
        stored += each * v[i].n;
        if (v[i].n > longest) longest = v[i].n;
    }
    if ((double)r->values + total > VALUES_MAX || h->n_point * n > VALUES_MAX)
        return bad(r, TP_LIMIT, "over %d values", VALUES_MAX);
    if (total > (double)most)
        return bad(r, TP_BAD_INPUT,
                   "%d points of %d vectors said, but only %td bytes follow",
                   (int)h->n_point, n, r->rest.len);
    if (longest < (int)h->n_point)
        return bad(r, TP_BAD_INPUT,
                   "%d points said, but the longest vector has %d",
                   (int)h->n_point, longest);
    r->values += (ptrdiff_t)stored;
    for (int i = 0; i < n; i++) {
        v[i].re = TP_NEW(r->mem, double, v[i].n);
        v[i].im = h->complex ? TP_NEW(r->mem, double, v[i].n) : NULL;
    }
    return TP_OK;
}

static double next_double(reader *r)
{
    uint64_t word = 0;
    double   v;
    for (int i = 0; i < 8; i++)
        word |= (uint64_t)(unsigned char)r->rest.at[i]
                << (8 * (r->big ? 7 - i : i));
    r->rest = tp_str_from(r->rest, 8);
    memcpy(&v, &word, sizeof v);
    return v;
}

/* Point by point; what a shorter vector is padded with is dropped. */
static void read_binary(reader *r, const head *h, vector *v, int n)
{
    r->binary = true;
    for (int p = 0; p < (int)h->n_point; p++) {
        for (int i = 0; i < n; i++) {
            bool keep = p < v[i].n;
            if (!keep && !h->padded) continue;
            double re = next_double(r);
            double im = h->complex ? next_double(r) : 0;
            if (!keep) continue;
            v[i].re[p] = re;
            if (v[i].im) v[i].im[p] = im;
        }
    }
}

static void skip_blanks(reader *r)
{
    ptrdiff_t i = 0;
    for (; i < r->rest.len && tp_is_space(r->rest.at[i]); i++)
        r->line += r->rest.at[i] == '\n';
    r->rest = tp_str_from(r->rest, i);
}

/* A number as C prints it, infinities and nan among them. */
static tp_status text_number(reader *r, double *out)
{
    static const struct {
        const char *word;
        double      value;
    } odd[] = {
        {"-inf", -HUGE_VAL}, {"inf", HUGE_VAL}, {"-nan", NAN}, {"nan", NAN}};
    ptrdiff_t used = tp_number(r->rest, out);
    for (int i = 0; i < TP_COUNT(odd) && used == 0; i++) {
        tp_str word = tp_str_of(odd[i].word);
        if (!tp_str_starts(r->rest, word)) continue;
        used = word.len;
        *out = odd[i].value;
    }
    if (used == 0 && r->rest.len == 0)
        return bad(r, TP_BAD_INPUT, "the file ends where a number is wanted");
    if (used == 0) {
        tp_str rest = tp_str_part(r->rest, 0, 20);
        tp_str word = tp_str_word(&rest, " \t\r\n");
        return bad(r, TP_BAD_INPUT, "wanted a number, got '%.*s'", TP_F(word));
    }
    r->rest = tp_str_from(r->rest, used);
    return TP_OK;
}

static tp_status text_value(reader *r, bool complex, double out[2])
{
    skip_blanks(r);
    TP_TRY(text_number(r, &out[0]));
    if (!complex) return TP_OK;
    if (r->rest.len == 0 || r->rest.at[0] != ',')
        return bad(r, TP_BAD_INPUT, "wanted ',' and an imaginary part");
    r->rest = tp_str_from(r->rest, 1);
    return text_number(r, &out[1]);
}

static tp_status text_point(reader *r, const head *h, vector *v, int n, int p)
{
    double index[2] = {0}, value[2] = {0};
    TP_TRY(text_value(r, false, index));
    if (index[0] != p)
        return bad(r, TP_BAD_INPUT, "wanted point %d, got %g", p, index[0]);
    for (int i = 0; i < n; i++) {
        bool keep = p < v[i].n;
        if (!keep && !h->padded) continue;
        TP_TRY(text_value(r, h->complex, value));
        if (!keep) continue;
        v[i].re[p] = value[0];
        if (v[i].im) v[i].im[p] = value[1];
    }
    return TP_OK;
}

static tp_status read_text(reader *r, const head *h, vector *v, int n)
{
    r->line++; /* the one that is being read */
    for (int p = 0; p < (int)h->n_point; p++) TP_TRY(text_point(r, h, v, n, p));
    r->line--;
    tp_str after = tp_str_trim(next_line(r));
    if (after.len > 0)
        return bad(r, TP_BAD_INPUT, "wanted the end of the line, got '%.*s'",
                   TP_F(tp_str_part(after, 0, 20)));
    return TP_OK;
}

static tp_status read_values(reader *r, const head *h, vector *v, int n)
{
    tp_str rest, line = {0};
    while (r->rest.len > 0 && line.len == 0) line = tp_str_trim(next_line(r));
    if (key_is(line, "Binary:", &rest)) {
        TP_TRY(make_room(r, h, v, n, r->rest.len / 8));
        read_binary(r, h, v, n);
        return TP_OK;
    }
    if (!key_is(line, "Values:", &rest))
        return bad(r, TP_BAD_INPUT, "wanted 'Values:' or 'Binary:', got '%.*s'",
                   TP_F(tp_str_part(line, 0, 40)));
    TP_TRY(make_room(r, h, v, n, (r->rest.len + 1) / 2));
    return read_text(r, h, v, n);
}

/* "ac1", "ac2": counted per kind. */
static tp_str ordinal(reader *r, tp_str kind)
{
    int i = 0;
    while (i < r->n_kind && !tp_str_same(r->kind[i].name, kind)) i++;
    if (i == KINDS_MAX) i--;
    if (i == r->n_kind) {
        r->kind[i].name = kind;
        r->n_kind++;
    }
    return tp_str_fmt(r->mem, "%.*s%d", TP_F(kind), ++r->kind[i].n);
}

static bool all_zero(const double *v, int n)
{
    for (int i = 0; i < n; i++)
        if (v[i] != 0) return false;
    return true;
}

/* "ac" of Spectre's title "AC Analysis `ac': freq = (1 Hz -> 1 GHz)". */
static tp_str named_in(tp_str title)
{
    ptrdiff_t open = tp_str_find(title, '`', 0);
    ptrdiff_t close = tp_str_find(title, '\'', open + 1);
    if (open < 0 || close <= open) return (tp_str){0};
    return tp_str_part(title, open + 1, close - open - 1);
}

/* The plot from its parts: the sweep becomes every vector's x. */
static tp_plot make_plot(reader *r, const head *h, const vector *v, int n)
{
    const tp_plot_kind *row = tp_plot_kind_of_title(h->title, h->n_point > 1);
    bool                swept = n > 0 && (row ? row->swept : h->n_point > 1);
    tp_plot             out = {.op = -1, .n_wave = n};
    tp_wave            *w = TP_NEW(r->mem, tp_wave, n);
    out.kind = row ? tp_str_of(row->kind) : TP_S("unknown");
    out.ordinal = out.id = ordinal(r, out.kind);
    if (named_in(h->title).len > 0) out.id = named_in(h->title);
    out.x_name = swept ? v[0].w.name : TP_S("");
    for (int i = 0; i < n; i++) {
        w[i] = v[i].w;
        w[i].n = v[i].n;
        w[i].re = v[i].re;
        w[i].im = v[i].im;
        if (i == 0 && swept && w[0].im && all_zero(w[0].im, w[0].n))
            w[0].im = NULL;
        if (!swept || v[i].n != v[0].n) continue;
        w[i].x = w[0].re;
        w[i].x_unit = w[0].unit;
    }
    out.wave = w;
    return out;
}

static tp_status read_plot(reader *r, tp_plot *out)
{
    head    h;
    tp_str  first = {0};
    vector *v = NULL;
    int     n = 0;
    TP_TRY(read_head(r, &h, &first));
    TP_TRY(read_variables(r, &h, first, &v, &n));
    if (n > 0) TP_TRY(read_values(r, &h, v, n));
    *out = make_plot(r, &h, v, n);
    return TP_OK;
}

static tp_status read_all(tp_waves *out, tp_str bytes, bool big, tp_arena *mem,
                          tp_err *err)
{
    reader r = {
        .rest = bytes, .all = bytes, .big = big, .mem = mem, .err = err};
    tp_plot *plot = NULL;
    int      n = 0, cap = 0;
    skip_blanks(&r);
    if (r.rest.len == 0)
        return tp_fail(err, TP_BAD_INPUT, "the raw file is empty");
    for (; r.rest.len > 0; skip_blanks(&r)) {
        tp_plot one = {0};
        TP_TRY(read_plot(&r, &one));
        *TP_PUSH(mem, plot, n, cap) = one;
    }
    *out = (tp_waves){.n = n, .plot = plot};
    return TP_OK;
}

tp_status tp_raw_read(tp_waves *out, tp_str bytes, tp_arena *mem, tp_err *err)
{
    return read_all(out, bytes, false, mem, err);
}

tp_status tp_raw_read_big(tp_waves *out, tp_str bytes, tp_arena *mem,
                          tp_err *err)
{
    return read_all(out, bytes, true, mem, err);
}
