/* The TYPE section: what a value of each type looks like. */
#include <string.h>

#include "wave/psf.h"

enum { NEST_MAX = 8 };

static const struct {
    const char *word;
    tp_psf_kind kind;
} kinds[] = {
    {"FLOAT", TP_PSF_REAL},      {"DOUBLE", TP_PSF_REAL},
    {"SINGLE", TP_PSF_REAL},     {"INT", TP_PSF_REAL},
    {"BYTE", TP_PSF_REAL},       {"LONG", TP_PSF_REAL},
    {"COMPLEX", TP_PSF_COMPLEX}, {"STRING", TP_PSF_TEXT},
    {"ARRAY", TP_PSF_ARRAY},     {"STRUCT", TP_PSF_STRUCT},
};

/* As they are called elsewhere in this module. */
static const struct {
    const char *psf, *unit;
} units[] = {
    {"V/sqrt(Hz)", "V/rtHz"},
    {"A/sqrt(Hz)", "A/rtHz"},
    {"Coul", "C"},
    {"C", "degC"},
};

static tp_str unit_of(tp_str psf)
{
    for (int i = 0; i < TP_COUNT(units); i++)
        if (tp_str_eq(psf, tp_str_of(units[i].psf)))
            return tp_str_of(units[i].unit);
    return psf;
}

tp_status tp_psf_read_props(tp_psf_lexer *l, tp_str *unit)
{
    if (!tp_psf_at_key(l, "PROP")) return TP_OK;
    TP_TRY(tp_psf_next(l));
    TP_TRY(tp_psf_expect(l, TP_PSF_OPEN, "'('"));
    while (l->now != TP_PSF_CLOSE) {
        tp_str name = l->text;
        TP_TRY(tp_psf_expect(l, TP_PSF_STRING, "a property's name or ')'"));
        if (l->now != TP_PSF_STRING && l->now != TP_PSF_NUMBER)
            return tp_psf_unexpected(l, "a property's value");
        if (unit && tp_str_eq(name, TP_S("units"))) *unit = unit_of(l->text);
        TP_TRY(tp_psf_next(l));
    }
    return tp_psf_next(l);
}

static tp_status read_type(tp_psf_type *out, tp_psf_lexer *l, int depth);

/* "( type ... )" of a STRUCT. */
static tp_status read_fields(tp_psf_type *out, tp_psf_lexer *l, int depth)
{
    int cap = 0;
    TP_TRY(tp_psf_expect(l, TP_PSF_OPEN, "'(' behind STRUCT"));
    while (l->now != TP_PSF_CLOSE) {
        tp_psf_type field = {0};
        TP_TRY(read_type(&field, l, depth + 1));
        *TP_PUSH(l->mem, out->field, out->n, cap) = field;
    }
    return tp_psf_next(l);
}

/* "( * )" of an ARRAY. */
static tp_status read_bounds(tp_psf_lexer *l)
{
    if (l->now != TP_PSF_OPEN) return TP_OK;
    TP_TRY(tp_psf_next(l));
    while (l->now == TP_PSF_STAR || l->now == TP_PSF_NUMBER)
        TP_TRY(tp_psf_next(l));
    return tp_psf_expect(l, TP_PSF_CLOSE, "')' behind an array's bounds");
}

static int kind_at(const tp_psf_lexer *l)
{
    for (int i = 0; i < TP_COUNT(kinds); i++)
        if (tp_psf_at_key(l, kinds[i].word)) return i;
    return -1;
}

/* The words behind a type's name: the first that says a kind decides. */
static tp_status read_kinds(tp_psf_type *out, tp_psf_lexer *l, int depth)
{
    for (int i = 0; l->now == TP_PSF_STAR || (i = kind_at(l)) >= 0;) {
        bool star = l->now == TP_PSF_STAR;
        TP_TRY(tp_psf_next(l));
        if (star) continue;
        if (out->kind == TP_PSF_UNKNOWN) out->kind = kinds[i].kind;
        if (kinds[i].kind == TP_PSF_STRUCT) TP_TRY(read_fields(out, l, depth));
        if (kinds[i].kind == TP_PSF_ARRAY) TP_TRY(read_bounds(l));
    }
    return TP_OK;
}

static tp_status read_type(tp_psf_type *out, tp_psf_lexer *l, int depth)
{
    out->name = l->text;
    if (depth > NEST_MAX)
        return tp_psf_bad(l, TP_LIMIT, "over %d structures inside each other",
                          NEST_MAX);
    TP_TRY(tp_psf_expect(l, TP_PSF_STRING, "a type's name"));
    TP_TRY(read_kinds(out, l, depth));
    if (out->kind == TP_PSF_UNKNOWN)
        return tp_psf_unexpected(l, "a kind (FLOAT, COMPLEX, STRUCT ...)");
    return tp_psf_read_props(l, &out->unit);
}

tp_status tp_psf_read_types(tp_psf_types *out, tp_psf_lexer *l)
{
    while (l->now == TP_PSF_STRING) {
        tp_psf_type type = {0};
        TP_TRY(read_type(&type, l, 0));
        *TP_PUSH(l->mem, out->type, out->n, out->cap) = type;
    }
    return TP_OK;
}

const tp_psf_type *tp_psf_type_find(const tp_psf_types *t, tp_str name)
{
    for (int i = 0; i < t->n; i++)
        if (tp_str_eq(t->type[i].name, name)) return &t->type[i];
    return NULL;
}
