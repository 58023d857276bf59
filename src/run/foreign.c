/* An outside mind in the method's place: what it did stands in the log between
   the method's own events, and a replay does it again. Kinds of events:
   "point" (a trial), "limit" (a variable's box), "open" and "close" (a
   proposal and the trial that tried it), "up" (to the next phase), "note". */
#include "run/foreign.h"

static bool is_kind(const tp_event_row *e, const char *kind)
{
    return tp_str_eq(e->kind, tp_str_of(kind));
}

static tp_status damaged(const tp_event_row *e, tp_err *err)
{
    return tp_fail(err, TP_BAD_INPUT, "event %d (%.*s) of the run is damaged",
                   e->number, TP_F(e->kind));
}

/* A space's worth of values. */
static bool read_x(const tp_run *r, tp_unpack *u, const double **x,
                   tp_arena *mem)
{
    int n;
    *x = tp_unpack_doubles(u, &n, mem);
    return !u->bad && n == r->space.n;
}

bool tp_foreign_takes(const tp_run *r)
{
    return (r->method->can & TP_OPT_FOREIGN) != 0;
}

tp_trial *tp_foreign_land(tp_run *r, const tp_pending *p)
{
    tp_trial *t = tp_trial_finish(r, p);
    if (tp_foreign_takes(r)) tp_trial_tell(r, p, t);
    return t;
}

/* ---- the box ------------------------------------------------------------ */

static void open_box(tp_run *r)
{
    if (r->opt.lo) return;
    r->box_lo = TP_NEW(&r->mem, double, r->space.n);
    r->box_hi = TP_NEW(&r->mem, double, r->space.n);
    tp_space_bounds(&r->space, r->box_lo, r->box_hi);
    r->real_lo = TP_NEW(&r->mem, double, r->space.n);
    r->real_hi = TP_NEW(&r->mem, double, r->space.n);
    r->least = TP_NEW(&r->mem, double, r->space.n);
    r->most = TP_NEW(&r->mem, double, r->space.n);
    for (int i = 0; i < r->space.n; i++) {
        r->least[i] = r->real_lo[i] = r->space.var[i].lo;
        r->most[i] = r->real_hi[i] = r->space.var[i].hi;
    }
    r->opt.lo = r->box_lo;
    r->opt.hi = r->box_hi;
}

/* What a method sees of one variable at `x`. */
static double unit_at(const tp_run *r, int variable, double x)
{
    tp_arena mem = r->scratch;
    double  *all = TP_NEW(&mem, double, r->space.n);
    double  *u = TP_NEW(&mem, double, r->space.n);
    for (int i = 0; i < r->space.n; i++) all[i] = r->space.var[i].start;
    all[variable] = x;
    tp_space_unit(&r->space, all, u);
    return u[variable];
}

static void set_box(tp_run *r, int variable, double lo, double hi)
{
    double range[2] = {lo, hi};
    open_box(r);
    if (!tp_var_within(&r->space.var[variable], range)) return;
    r->box_lo[variable] = unit_at(r, variable, range[0]);
    r->box_hi[variable] = unit_at(r, variable, range[1]);
    r->least[variable] = range[0];
    r->most[variable] = range[1];
    r->real_lo[variable] = lo;
    r->real_hi[variable] = hi;
}

void tp_foreign_box(const tp_run *r, double *lo, double *hi)
{
    for (int i = 0; i < r->space.n; i++) {
        lo[i] = r->opt.lo ? r->real_lo[i] : r->space.var[i].lo;
        hi[i] = r->opt.lo ? r->real_hi[i] : r->space.var[i].hi;
    }
}

tp_status tp_foreign_limit(tp_run *r, int variable, double lo, double hi,
                           tp_str note, tp_err *err)
{
    const tp_var *v = &r->space.var[variable];
    char          low[TP_NUMBER_MAX], high[TP_NUMBER_MAX];
    tp_buf        b = {.mem = &r->mem};
    double        range[2] = {lo, hi};
    if (!tp_foreign_takes(r)) return tp_foreign_refuse(r, err);
    if (!(lo >= v->lo && lo <= hi && hi <= v->hi))
        return tp_fail(err, TP_BAD_INPUT,
                       "%.*s: the limits have to rise and to be inside %s to "
                       "%s",
                       TP_F(v->name), tp_exact(v->lo, low),
                       tp_exact(v->hi, high));
    if (!tp_var_within(v, range))
        return tp_fail(err, TP_BAD_INPUT,
                       "%.*s: none of its values is inside %s to %s",
                       TP_F(v->name), tp_exact(lo, low), tp_exact(hi, high));
    tp_pack_int(&b, variable);
    tp_pack_double(&b, lo);
    tp_pack_double(&b, hi);
    tp_pack_str(&b, note);
    TP_TRY(tp_record_event(r, TP_S("limit"), tp_buf_str(&b), err));
    set_box(r, variable, lo, hi);
    return TP_OK;
}

/* ---- phases -------------------------------------------------------------- */

static tp_status go_up(tp_run *r, tp_err *err)
{
    const tp_trial *best = tp_run_best(r);
    r->phase++;
    r->stall = r->repeats_in_a_row = 0;
    r->reviewed = r->asked;
    return tp_method_raise(r, best ? best->x : NULL, err);
}

tp_status tp_foreign_raise(tp_run *r, tp_str note, tp_err *err)
{
    tp_buf b = {.mem = &r->mem};
    if (r->phase + 1 >= tp_problem_phases(r->problem))
        return tp_fail(err, TP_BAD_INPUT, "%.*s is in its last phase, %d",
                       TP_F(r->row.id), r->phase + 1);
    tp_pack_int(&b, r->phase + 1);
    tp_pack_str(&b, note);
    TP_TRY(tp_record_event(r, TP_S("up"), tp_buf_str(&b), err));
    return go_up(r, err);
}

/* ---- events met again --------------------------------------------------- */

/* The stored trial at `x`, landed as one that the method did not ask for. */
static tp_status meet_trial(tp_run *r, const double *x, bool *found,
                            tp_err *err)
{
    tp_pending p = {.tag = TP_OPT_FOREIGN_TAG, .trial = r->asked + 1};
    p.x = TP_NEW(&r->mem, double, r->space.n);
    for (int i = 0; i < r->space.n; i++) p.x[i] = x[i];
    tp_trial_new(r, &p);
    TP_TRY(tp_record_replay(r, &p, found, err));
    if (*found) tp_foreign_land(r, &p);
    return TP_OK;
}

static tp_status meet_point(tp_run *r, const tp_event_row *e, tp_err *err)
{
    bool          found = false;
    tp_unpack     u = {.rest = e->data};
    const double *x;
    if (tp_unpack_int(&u) != r->asked + 1) return damaged(e, err);
    tp_unpack_str(&u);
    tp_unpack_str(&u);
    if (!read_x(r, &u, &x, &r->mem)) return damaged(e, err);
    TP_TRY(meet_trial(r, x, &found, err));
    return found ? TP_OK : damaged(e, err);
}

static tp_status meet_limit(tp_run *r, const tp_event_row *e, tp_err *err)
{
    tp_unpack u = {.rest = e->data};
    int64_t   variable = tp_unpack_int(&u);
    double    lo = tp_unpack_double(&u), hi = tp_unpack_double(&u);
    if (u.bad || variable < 0 || variable >= r->space.n || !(lo <= hi))
        return damaged(e, err);
    set_box(r, (int)variable, lo, hi);
    return TP_OK;
}

static tp_status meet_up(tp_run *r, const tp_event_row *e, tp_err *err)
{
    tp_unpack u = {.rest = e->data};
    int64_t   phase = tp_unpack_int(&u);
    if (u.bad || phase != r->phase + 1 ||
        phase >= tp_problem_phases(r->problem))
        return damaged(e, err);
    return go_up(r, err);
}

typedef struct kind {
    const char *name;
    tp_status (*meet)(tp_run *r, const tp_event_row *e, tp_err *err);
} kind;

/* The row of an event's kind, or -1. */
static int kind_of(const tp_event_row *e, const kind *row)
{
    for (int k = 0; row[k].name; k++)
        if (is_kind(e, row[k].name)) return k;
    return -1;
}

static const kind foreign[] = {
    {"point", meet_point},        {"limit", meet_limit}, {"up", meet_up},
    {"earlier", tp_earlier_meet}, {NULL, NULL},
};

tp_status tp_foreign_meet(tp_run *r, tp_err *err)
{
    for (;;) {
        const tp_event_row *e = tp_record_next(r);
        int                 k = e ? kind_of(e, foreign) : -1;
        if (k < 0) return TP_OK;
        TP_TRY(foreign[k].meet(r, e, err));
        TP_TRY(tp_record_event(r, e->kind, e->data, err));
    }
}

/* ---- a stored run, read without asking its method ------------------------ */

static tp_status meet_ask(tp_run *r, const tp_event_row *e, tp_err *err)
{
    tp_unpack     u = {.rest = e->data};
    int64_t       trial = tp_unpack_int(&u), repeat = tp_unpack_int(&u);
    bool          found = false;
    const double *x;
    tp_unpack_int(&u);
    if (!read_x(r, &u, &x, &r->mem)) return damaged(e, err);
    if (repeat) return TP_OK;
    if (trial != r->asked + 1) return damaged(e, err);
    TP_TRY(meet_trial(r, x, &found, err));
    if (found) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "%.*s: trial %d was asked for and not finished; `trimpot "
                   "resume %.*s` does that",
                   TP_F(r->row.id), (int)trial, TP_F(r->row.id));
}

static tp_status meet_open(tp_run *r, const tp_event_row *e, tp_err *err)
{
    tp_unpack   u = {.rest = e->data};
    tp_proposal made = {.number = (int)tp_unpack_int(&u)};
    if (!read_x(r, &u, &made.x, &r->mem) || made.number != r->n_proposal + 1)
        return damaged(e, err);
    r->n_proposal++;
    *TP_PUSH(&r->mem, r->open, r->n_open, r->cap_open) = made;
    return TP_OK;
}

static tp_status meet_close(tp_run *r, const tp_event_row *e, tp_err *err)
{
    tp_unpack u = {.rest = e->data};
    int       number = (int)tp_unpack_int(&u);
    if (u.bad) return damaged(e, err);
    tp_proposal_drop(r, number);
    return TP_OK;
}

static tp_status meet_phase(tp_run *r, const tp_event_row *e, tp_err *err)
{
    const tp_trial *best = tp_run_best(r);
    tp_unpack       u = {.rest = e->data};
    int64_t         phase = tp_unpack_int(&u);
    if (u.bad || phase != r->phase + 1 ||
        phase >= tp_problem_phases(r->problem))
        return damaged(e, err);
    r->phase++;
    return tp_method_raise(r, best ? best->x : NULL, err);
}

static const kind kinds[] = {
    {"ask", meet_ask},   {"point", meet_point},        {"limit", meet_limit},
    {"open", meet_open}, {"close", meet_close},        {"phase", meet_phase},
    {"up", meet_up},     {"earlier", tp_earlier_meet}, {NULL, NULL},
};

tp_status tp_foreign_begin(tp_run *r, tp_err *err)
{
    for (int i = 0; i < r->n_stored_event; i++) {
        int k = kind_of(&r->stored_event[i], kinds);
        if (k >= 0) TP_TRY(kinds[k].meet(r, &r->stored_event[i], err));
    }
    r->stored_at = r->n_stored_event;
    r->n_event = tp_record_last(r);
    return TP_OK;
}

tp_status tp_foreign_leave(tp_run *r, tp_err *err)
{
    return tp_record_end(r, "stopped", TP_S("it waits for its next point"),
                         err);
}
