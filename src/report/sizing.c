/* Short numbers and marks for the blocks of a sizing run. */
#include "report/sizing.h"

#include <math.h>
#include <string.h>

enum { RULE_COLUMNS = 55 };
static const double near_target = 0.25; /* a target missed by more is far */
static const double near_limit = 0.05;

/* `digits` of them, the blank before the unit gone. */
static tp_str engineering(double v, tp_str unit, int digits, tp_arena *mem)
{
    char text[TP_NUMBER_MAX];
    if (unit.len && tp_is_digit(unit.at[0])) unit.len = 0; /* "1/V" */
    tp_str as = unit.len ? unit : TP_S("V"); /* any unit that takes prefixes */
    tp_str all = tp_str_of(tp_engineering_digits(v, as, digits, text));
    tp_buf b = {.mem = mem};
    ptrdiff_t blank = tp_str_find(all, ' ', 0);
    tp_str    tail = tp_str_from(all, blank < 0 ? all.len : blank + 1);
    tp_buf_add(&b, tp_str_part(all, 0, blank < 0 ? all.len : blank));
    if (!unit.len) tail.len -= 1;
    if (tail.len > 0) tp_buf_add(&b, tail);
    return tp_str_copy(mem, tp_buf_str(&b));
}

tp_str tp_short(double v, tp_str unit, double beside, tp_arena *mem)
{
    tp_str text = engineering(v, unit, 3, mem);
    if (isnan(beside) || v == beside) return text;
    for (int digits = 3; digits <= 15; digits++) {
        text = engineering(v, unit, digits, mem);
        if (!tp_str_eq(text, engineering(beside, unit, digits, mem))) break;
    }
    return text;
}

const char *tp_mark_limit(const tp_spec *s, double v)
{
    bool met = !(v < s->min) && !(v > s->max);
    return met ? "\u2713" : "\u2717";
}

/* How far the target is missed on the side where less is worse. */
static double shortfall(const tp_spec *s, double v)
{
    double   d = (s->target - v) / s->target_scale;
    tp_sense side = s->sense;
    if (side == TP_BOTH && isnan(s->max) && !isnan(s->min)) side = TP_HIGHER;
    if (side == TP_BOTH && isnan(s->min) && !isnan(s->max)) side = TP_LOWER;
    return side == TP_HIGHER ? d : side == TP_LOWER ? -d : fabs(d);
}

const char *tp_mark_target(const tp_spec *s, double v)
{
    double d = shortfall(s, v);
    return d <= 0 ? "\u2713" : d <= near_target ? "\u25B3" : "\u2717";
}

double tp_near_limit(const tp_spec *s, double v)
{
    if (isnan(s->min)) return s->max;
    return fabs(s->max - v) < fabs(s->min - v) ? s->max : s->min;
}

bool tp_is_marginal(const tp_spec *s, double v)
{
    double low = (v - s->min) / s->min_scale,
           high = (s->max - v) / s->max_scale;
    if (v < s->min || v > s->max) return false;
    return (!isnan(s->min) && low < near_limit) ||
           (!isnan(s->max) && high < near_limit);
}

bool tp_corner_met(const tp_problem *p, const tp_reading *r, int corner)
{
    for (int i = 0; i < p->n_spec; i++) {
        const tp_reading *one = &r[corner * p->n_measure + p->spec[i].measure];
        if (!one->ok || one->value < p->spec[i].min ||
            one->value > p->spec[i].max)
            return false;
    }
    return true;
}

/* Whether an earlier corner of the phase has that first section. */
static bool named_before(const tp_problem *p, int phase, int corner)
{
    tp_str name = p->corner[corner].section[0];
    for (int c = 0; c < corner; c++)
        if (tp_problem_phase_has(p, phase, c) && p->corner[c].n_section &&
            tp_str_eq(p->corner[c].section[0], name))
            return true;
    return false;
}

tp_str tp_phase_corners(const tp_problem *p, int phase, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (int c = 0; c < p->n_corner; c++) {
        if (!tp_problem_phase_has(p, phase, c)) continue;
        bool sections = p->corner[c].n_section > 0;
        if (sections && named_before(p, phase, c)) continue;
        tp_buf_fmt(
            &b, "%s%.*s", b.len ? " " : "",
            TP_F(sections ? p->corner[c].section[0] : p->corner[c].name));
    }
    return tp_buf_str(&b);
}

static bool has_tag(tp_str name, tp_str tag)
{
    if (!tag.len) return true;
    ptrdiff_t at = tp_str_find(name, '_', 0);
    return at >= 0 && tp_str_same(tp_str_from(name, at + 1), tag);
}

void tp_put_variables(tp_buf *b, const tp_problem *p, const double *x,
                      tp_str tag)
{
    for (int i = 0; i < p->space.n; i++)
        if (has_tag(p->space.var[i].name, tag))
            tp_buf_fmt(b, " %.*s=%.*s", TP_F(p->space.var[i].name),
                       TP_F(tp_short(x[i], TP_S(""), NAN, b->mem)));
}

void tp_put_derived(tp_buf *b, const tp_problem *p, const tp_trial *t,
                    tp_str tag)
{
    for (int i = 0; t->derived && i < p->n_derived; i++) {
        const tp_derived *d = &p->derived[i];
        if (!has_tag(d->name, tag)) continue;
        tp_buf_fmt(b, " %.*s=", TP_F(d->name));
        if (isnan(t->derived[i]))
            tp_buf_add(b, TP_S("-"));
        else
            tp_buf_add(b, tp_short(t->derived[i], d->unit, NAN, b->mem));
    }
}

/* Characters, not bytes. */
static int columns(tp_str s)
{
    int n = 0;
    for (ptrdiff_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.at[i] & 0xc0) != 0x80;
    return n;
}

void tp_put_rule(tp_buf *b, const char *line, tp_str text)
{
    tp_buf_add(b, text);
    for (int n = columns(text); n < RULE_COLUMNS; n++)
        tp_buf_add(b, tp_str_of(line));
    tp_buf_char(b, '\n');
}
