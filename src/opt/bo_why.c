/* A proposal in one line: what moves, what is predicted, why. */
#include "opt/bo.h"

#include <math.h>
#include <string.h>

enum { NAMED = 4 }; /* variables that are named, the largest moves first */

static const char *const reason[] = {
    [TP_BO_FOREIGN] = "told from outside",
    [TP_BO_DESIGN] = "fills the box before there is a model",
    [TP_BO_EXPLOIT] = "exploits",
    [TP_BO_EXPLORE] = "explores",
    [TP_BO_POLISH] = "polishes",
    [TP_BO_MEND] = "repairs",
    [TP_BO_EVOLVE] = "L-SHADE goes on with the best trials",
};

/* "W1 12u -> 14u, 2 more"; values as they are simulated. */
static void moves(const tp_bo *b, const tp_bo_ask *ask, tp_buf *out)
{
    tp_arena        mem = b->scratch;
    const tp_space *space = b->w.opt->space;
    const double   *c = b->trial[ask->centre].p.x;
    double         *less = TP_NEW(&mem, double, b->n);
    double         *u = TP_NEW(&mem, double, space->n);
    double         *from = TP_NEW(&mem, double, space->n);
    double         *to = TP_NEW(&mem, double, space->n);
    int            *order = TP_NEW(&mem, int, b->n), moved = 0;
    tp_walk_put(&b->w, c, u);
    tp_space_real(space, u, from);
    tp_walk_put(&b->w, ask->x, u);
    tp_space_real(space, u, to);
    for (int i = 0; i < b->n; i++) {
        less[i] = -fabs(ask->x[i] - c[i]);
        moved += less[i] < -5e-4;
    }
    tp_order(less, b->n, order, mem);
    for (int k = 0; k < moved && k < NAMED; k++) {
        int           i = b->w.free[order[k]];
        const tp_var *v = &space->var[i];
        char          a[TP_NUMBER_MAX], z[TP_NUMBER_MAX];
        tp_buf_fmt(out, "%s%.*s %s -> %s", k ? ", " : "", TP_F(v->name),
                   tp_engineering_digits(from[i], v->unit, 3, a),
                   tp_engineering_digits(to[i], v->unit, 3, z));
    }
    if (moved > NAMED) tp_buf_fmt(out, ", %d more", moved - NAMED);
    if (moved == 0) tp_buf_fmt(out, "hardly a move");
    int number = b->trial[ask->centre].number;
    if (number > 0) tp_buf_fmt(out, " (from trial %d)", number);
    if (number == 0) tp_buf_fmt(out, " (from an earlier run's point)");
}

static void prediction(const tp_bo *b, const tp_bo_ask *ask, tp_buf *out)
{
    char f[TP_NUMBER_MAX], s[TP_NUMBER_MAX];
    tp_buf_fmt(out, "; predicted %s +- %s",
               tp_engineering_digits(ask->f, TP_S(""), 4, f),
               tp_engineering_digits(ask->f_sigma, TP_S(""), 2, s));
    if (b->n_g > 0)
        tp_buf_fmt(out, ", feasible with probability %.2g", ask->feasible);
    if (b->has_fails)
        tp_buf_fmt(out, ", runs with probability %.2g", ask->runs);
}

void tp_bo_why(const tp_opt *o, int tag, tp_buf *out)
{
    const tp_bo *b = o->state;
    if (tag < 0 || tag >= b->n_ask) return;
    const tp_bo_ask *ask = &b->ask[tag];
    tp_buf_fmt(out, "%s", reason[ask->kind]);
    if (ask->kind == TP_BO_EXPLOIT)
        tp_buf_fmt(out, " a region of %.3g of the range", ask->length);
    if (ask->centre < 0) return;
    tp_buf_fmt(out, ": ");
    moves(b, ask, out);
    if (ask->seen) prediction(b, ask, out);
}
