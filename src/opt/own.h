/* Our own methods: X(name) for each, whose row is tp_opt_<name> in its file.
   A new method is a line here and one in meson.build. Private to opt. */
#ifndef TP_OPT_OWN_H
#define TP_OPT_OWN_H

#include "opt/opt.h"

/* clang-format off */
#define TP_OPT_OWN(X) \
    X(random_search)  \
    X(steepest_descent) \
    X(newton) \
    X(davidon_fletcher_powell) \
    X(axis_search) \
    X(powell) \
    X(hooke_jeeves) \
    X(grid_search) \
    X(monte_carlo) \
    X(complex) \
    X(cost_profile) \
    X(genetic) \
    X(narrowing) \
    X(parameter_space) \
    X(psade) \
    X(simulated_annealing) \
    X(bo) \
    X(cmaes) \
    X(lshade) \
    /* end */
/* clang-format on */

#define X(name) extern const tp_opt_ops tp_opt_##name;
TP_OPT_OWN(X)
#undef X

#endif
