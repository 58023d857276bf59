/* Stop rules that only look at the best trial: a cost that is good enough, and
   parameters that no longer move. */
#include "run/inside.h"

#include <math.h>

/* Whether every variable with a tolerance moved by less than it. */
static bool moved_little(const tp_space *s, const double *from,
                         const double *to)
{
    bool any = false;
    for (int i = 0; i < s->n; i++) {
        const tp_var *v = &s->var[i];
        double        tol = v->abstol + v->reltol * fabs(to[i]);
        if (!(v->abstol > 0 || v->reltol > 0)) continue;
        any = true;
        if (!(fabs(to[i] - from[i]) < tol)) return false;
    }
    return any;
}

static bool good_enough(const tp_run *r, const tp_trial *best)
{
    int k = tp_problem_objective(r->problem);
    if (isinf(r->set.stop_cost) || k < 0 || !best->score.feasible) return false;
    double sign = r->problem->measure[k].goal == TP_MAXIMISE ? -1 : 1;
    return best->score.f <= sign * r->set.stop_cost;
}

const char *tp_settled(tp_run *r)
{
    const tp_trial *best = tp_run_best(r);
    if (r->centring) return NULL;
    if (!best || best->x == r->last_best) return NULL;
    bool little =
        r->last_best && moved_little(&r->space, r->last_best, best->x);
    r->last_best = best->x;
    r->little_moves = little ? r->little_moves + 1 : 0;
    if (good_enough(r, best)) return "stopvalreached";
    return r->little_moves > r->space.n ? "xtolreached" : NULL;
}
