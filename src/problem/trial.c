/* Corners, decks and values: what a trial is made of; and readings as
   bytes. */
#include "problem/problem.h"

#include <math.h>

int tp_problem_corners(const tp_problem *p)
{
    return p->n_corner > 0 ? p->n_corner : 1;
}

int tp_problem_decks(const tp_problem *p)
{
    return p->n_bench * tp_problem_corners(p);
}

int tp_problem_deck(const tp_problem *p, int bench, int corner)
{
    return bench * tp_problem_corners(p) + corner;
}

int tp_problem_bench_of(const tp_problem *p, int deck)
{
    return deck / tp_problem_corners(p);
}

int tp_problem_corner_of(const tp_problem *p, int deck)
{
    return deck % tp_problem_corners(p);
}

const tp_circuit *tp_problem_circuit(const tp_problem *p, int deck)
{
    return &p->bench[tp_problem_bench_of(p, deck)]
                .circuit[tp_problem_corner_of(p, deck)];
}

tp_str tp_problem_deck_words(const tp_problem *p, int deck, tp_arena *mem)
{
    tp_str bench = {"", 0}, corner = {"", 0};
    if (p->n_bench > 1) bench = p->bench[tp_problem_bench_of(p, deck)].name;
    if (p->n_corner > 1) corner = p->corner[tp_problem_corner_of(p, deck)].name;
    if (!bench.len || !corner.len) return bench.len ? bench : corner;
    return tp_str_fmt(mem, "%.*s in %.*s", TP_F(bench), TP_F(corner));
}

int tp_problem_phases(const tp_problem *p)
{
    return p->n_phase > 0 ? p->n_phase : 1;
}

bool tp_problem_phase_has(const tp_problem *p, int phase, int corner)
{
    if (!p->n_phase) return true;
    for (int i = 0; i < p->phase[phase].n; i++)
        if (p->phase[phase].corner[i] == corner) return true;
    return false;
}

/* ---- values ------------------------------------------------------------- */

int tp_problem_values(const tp_problem *p)
{
    return p->space.n + p->n_derived + p->n_setting;
}

static tp_str value_name(const tp_problem *p, int i)
{
    return i < p->space.n ? p->space.var[i].name
                          : p->derived[i - p->space.n].name;
}

static bool holds(const tp_problem *p, const tp_check *c, double v, tp_str *why,
                  tp_arena *mem)
{
    char got[TP_NUMBER_MAX], limit[TP_NUMBER_MAX];
    bool low = c->open ? v <= c->lo : v < c->lo;
    if (!low && v <= c->hi) return true;
    *why = tp_str_fmt(mem, "%.*s is %s, %s %s (%s)",
                      TP_F(value_name(p, c->value)), tp_exact(v, got),
                      !low      ? "above"
                      : c->open ? "not above"
                                : "below",
                      tp_exact(low ? c->lo : c->hi, limit), c->what);
    return false;
}

bool tp_problem_derive(const tp_problem *p, const double *x, double *value,
                       tp_str *why, tp_arena *mem)
{
    int n = p->space.n, done = 0;
    for (int i = 0; i < n; i++) value[i] = x[i];
    for (int i = 0; i < p->n_derived; i++) value[n + i] = NAN;
    for (int i = 0; i < p->n_check; i++) /* the rules may rely on these */
        if (p->check[i].value < n &&
            !holds(p, &p->check[i], x[p->check[i].value], why, mem))
            return false;
    for (; done < p->n_derived; done++) {
        const tp_derived *d = &p->derived[done];
        tp_str            said = {"", 0};
        if (d->rule(d->with, value, &value[n + done], &said, mem)) continue;
        value[n + done] = NAN;
        *why = tp_str_fmt(mem, "%.*s: %.*s", TP_F(d->name), TP_F(said));
        return false;
    }
    for (int i = 0; i < p->n_check; i++)
        if (!holds(p, &p->check[i], value[p->check[i].value], why, mem))
            return false;
    return true;
}

void tp_problem_settings(const tp_problem *p, int corner, double *value)
{
    double *to = value + p->space.n + p->n_derived;
    for (int i = 0; i < p->n_setting; i++) to[i] = p->corner[corner].value[i];
}

int tp_problem_readings(const tp_problem *p)
{
    return p->n_measure * tp_problem_corners(p);
}

bool tp_problem_asked(const tp_problem *p, const tp_reading *r, int corner)
{
    for (int i = 0; i < p->n_measure; i++)
        if (!r[corner * p->n_measure + i].skipped) return true;
    return p->n_measure == 0;
}

/* ---- a trial's point as bytes ------------------------------------------- */

void tp_trial_point_pack(tp_buf *b, const tp_problem *p, const double *value,
                         int phase)
{
    tp_pack_doubles(b, value, p->space.n);
    if (!p->n_derived && !p->n_phase) return; /* as it always was */
    tp_pack_doubles(b, value + p->space.n, p->n_derived);
    tp_pack_int(b, phase);
}

bool tp_trial_point_unpack(tp_trial *out, const tp_problem *p, tp_str bytes,
                           tp_arena *mem)
{
    int       n, n_derived = 0;
    tp_unpack u = {.rest = bytes};
    out->x = tp_unpack_doubles(&u, &n, mem);
    out->derived = NULL;
    out->phase = 0;
    if (u.rest.len) {
        out->derived = tp_unpack_doubles(&u, &n_derived, mem);
        int64_t phase = tp_unpack_int(&u);
        u.bad |= phase < 0 || phase >= tp_problem_phases(p);
        out->phase = u.bad ? 0 : (int)phase;
    }
    return !u.bad && n == p->space.n && n_derived == p->n_derived;
}

/* ---- readings as bytes -------------------------------------------------- */

enum { SKIPPED = 2 }; /* beside 0 and 1: ok */

void tp_readings_pack(tp_buf *b, const tp_reading *r, int n)
{
    tp_pack_int(b, n);
    for (int i = 0; i < n; i++) {
        tp_pack_int(b, r[i].skipped ? SKIPPED : r[i].ok);
        tp_pack_double(b, r[i].value);
        tp_pack_str(b, r[i].unit);
        tp_pack_str(b, r[i].why);
    }
}

tp_status tp_readings_unpack(const tp_reading **out, int *n, tp_unpack *u,
                             tp_arena *mem, tp_err *err)
{
    enum { LEAST = 4 * 8 }; /* bytes of one reading */
    int         count = tp_unpack_count(u, LEAST);
    tp_reading *r = TP_NEW(mem, tp_reading, count);
    for (int i = 0; i < count; i++) {
        int64_t state = tp_unpack_int(u);
        r[i].ok = state == 1;
        r[i].skipped = state == SKIPPED;
        r[i].value = tp_unpack_double(u);
        r[i].unit = tp_str_copy(mem, tp_unpack_str(u));
        r[i].why = tp_str_copy(mem, tp_unpack_str(u));
    }
    if (u->bad)
        return tp_fail(err, TP_BAD_INPUT, "the measured values are damaged");
    *out = r;
    *n = count;
    return TP_OK;
}
