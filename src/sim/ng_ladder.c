/* What is tried where an analysis does not converge, one rung after the other,
   each with the circuit read afresh. ngspice's own steps (gmin, then the
   sources) have failed before; a rung takes more of them, begins with them, or
   asks for less. Values got on a rung are solutions of the circuit, but not
   what plain ngspice gives for the deck: it gives none. */
#include "sim/ng.h"

enum { POINT = 1, STEPS = 2 }; /* what failed: the operating point, a step */

/* Every option with the value that a rung goes to, never beyond. */
static const struct rung {
    tp_rung  rung;
    unsigned helps;
} rungs[] = {
    {{"a cold start", "", "the circuit is read afresh"}, POINT | STEPS},
    {{"more iterations", "itl1=500 itl2=200 itl4=50",
      "up to 500 iterations for an operating point, 50 for a step in time"},
     POINT | STEPS},
    {{"gmin stepping", "noopiter gminsteps=20 srcsteps=0 itl1=500 itl2=200",
      "20 steps of gmin from the start on"},
     POINT},
    {{"source stepping", "noopiter gminsteps=0 srcsteps=50 itl1=500 itl2=200",
      "the sources raised in 50 steps from the start on"},
     POINT},
    {{"Gear's method", "method=gear maxord=2 itl4=50",
      "integration of order 2 that damps what the trapezoidal rule rings at"},
     STEPS},
    {{"wider tolerances",
      "gmin=1e-10 abstol=1e-9 vntol=1e-5 reltol=5e-3 itl1=500 itl2=200 itl4=50",
      "reltol 5e-3, abstol 1 nA, vntol 10 uV, gmin 1e-10 at most"},
     POINT | STEPS},
};

_Static_assert(TP_COUNT(rungs) == TP_LADDER_MAX, "a setting's bound");

const tp_rung *tp_ladder(int i)
{
    return i >= 0 && i < TP_COUNT(rungs) ? &rungs[i].rung : NULL;
}

int tp_ladder_next(const tp_ng *s, int from, bool step_failed)
{
    unsigned what = step_failed ? STEPS : POINT;
    if (from == 0 && !s->warm) from = 1; /* it was read afresh already */
    while (from < s->ladder && tp_ladder(from) && !(rungs[from].helps & what))
        from++;
    return from < s->ladder && tp_ladder(from) ? from : -1;
}

bool tp_ladder_changes(int i)
{
    return i > 0;
}
