/* The table of NLopt's derivative-free methods: names, sources, abilities and
   settings. AGS is not here: it is not compiled into the library. */
#include "opt/adapter.h"

static const char *const locals[] = {
    [TP_LOCAL_COBYLA] = "COBYLA",
    [TP_LOCAL_NELDER_MEAD] = "NELDER_MEAD",
    [TP_LOCAL_BOBYQA] = "BOBYQA",
    [TP_LOCAL_SUBPLEX] = "SUBPLEX",
    [TP_LOCAL_PRAXIS] = "PRAXIS",
    [TP_LOCAL_NEWUOA_BOUND] = "NEWUOA_BOUND",
    [TP_LOCAL_NEWUOA_BOUND + 1] = NULL,
};

#define AT(field) offsetof(tp_nlopt_set, field)
#define STEP(most)                                                           \
    {                                                                        \
        .name = "step", .type = TP_REAL, .at = AT(step), .def = 0, .min = 0, \
        .max = (most),                                                       \
        .text = "First step as a part of the range (of the start value "     \
                "when a bound is missing); 0: NLopt's choice.",              \
    }
#define POPULATION(words)                                                     \
    {                                                                         \
        .name = "population", .type = TP_INT, .at = AT(population), .def = 0, \
        .min = 0, .max = 100000, .text = words,                               \
    }
#define LOCAL(which)                                                         \
    {                                                                        \
        .name = "local", .type = TP_CHOICE, .at = AT(local), .def = (which), \
        .choices = locals, .text = "The local method.",                      \
    }
#define LOCAL_RELTOL                                                     \
    {                                                                    \
        .name = "local_reltol", .type = TP_REAL, .at = AT(local_reltol), \
        .def = 0, .min = 0, .max = 1,                                    \
        .text = "Relative tolerance of a local search; 0: the run's "    \
                "reltol, or 1e-4 when that is off.",                     \
    }
#define CTOL                                                           \
    {                                                                  \
        .name = "ctol", .type = TP_REAL, .at = AT(ctol), .def = 1e-4,  \
        .min = 0, .max = 1,                                            \
        .text = "What a constraint may miss, as a part of its limit, " \
                "for a point to count as feasible.",                   \
    }

static const tp_param of_local[] = {STEP(1), {0}};
static const tp_param of_quadratic[] = {STEP(0.5), {0}};
static const tp_param of_auglag[] = {
    STEP(0.5), LOCAL(TP_LOCAL_COBYLA), LOCAL_RELTOL, CTOL, {0},
};
static const tp_param of_nelder_mead_al[] = {STEP(1), LOCAL_RELTOL, CTOL, {0}};
static const tp_param of_auglag_eq[] = {STEP(1), LOCAL_RELTOL, {0}};
static const tp_param of_mlsl[] = {
    STEP(0.5),    LOCAL(TP_LOCAL_BOBYQA),
    LOCAL_RELTOL, POPULATION("Random points per round; 0: 4."),
    {0},
};
static const tp_param of_crs[] = {
    POPULATION("Points kept; 0: 10 (n + 1) for n variables."),
    {0},
};
static const tp_param of_isres[] = {
    POPULATION("Points per generation; 0: 20 (n + 1) for n variables."),
    {0},
};
static const tp_param of_esch[] = {
    POPULATION("Parents per generation; 0: 40."),
    {0},
};

enum {
    CON = TP_OPT_CONSTRAINTS,
    BOX = TP_OPT_NEEDS_BOUNDS,
    ALL = TP_OPT_GLOBAL,
    RND = TP_OPT_RANDOM,
    TWO = TP_OPT_TWO,
    END = TP_OPT_ENDLESS
};

#define POWELL_BOBYQA "Powell, The BOBYQA algorithm, DAMTP 2009/NA06"
#define JONES "Jones, Perttunen, Stuckman, JOTA 79 (1993) 157"
#define GABLONSKY "Gablonsky, Kelley, J. Global Optimization 21 (2001) 27"
#define CONN                                                           \
    "Conn, Gould, Toint, SIAM J. Numer. Anal. 28 (1991) 545; Birgin, " \
    "Martinez, Optim. Methods Softw. 23 (2008) 177"
#define KAN "Rinnooy Kan, Timmer, Math. Programming 39 (1987) 27"
#define NEWUOA_SOURCE                                              \
    "Powell, The NEWUOA software for unconstrained optimization, " \
    "DAMTP 2004/NA08"

/* name, aliases, summary, source, can, NLopt's method, local, settings */
#define METHODS(X)                                                             \
    X(NELDER_MEAD, "NELDERMEAD LN_NELDERMEAD SIMPLEX",                         \
      "downhill simplex; takes noise and jumps well",                          \
      "Nelder, Mead, Computer J. 7 (1965) 308; Box, Computer J. 8 (1965) 42",  \
      0, NLOPT_LN_NELDERMEAD, TP_LOCAL_NONE, of_local)                         \
    X(COBYLA, "LN_COBYLA", "linear models in a trust region; constraints",     \
      "Powell, in Advances in Optimization and Numerical Analysis (1994) 51",  \
      CON, NLOPT_LN_COBYLA, TP_LOCAL_NONE, of_local)                           \
    X(NELDER_MEAD_AL, "NELDERMEAD_AL AUGLAG_NELDER_MEAD",                      \
      "NELDER_MEAD inside an augmented Lagrangian", CONN, CON, NLOPT_AUGLAG,   \
      TP_LOCAL_NELDER_MEAD, of_nelder_mead_al)                                 \
    X(BOBYQA, "LN_BOBYQA", "quadratic models in a trust region",               \
      POWELL_BOBYQA, 0, NLOPT_LN_BOBYQA, TP_LOCAL_NONE, of_quadratic)          \
    X(SUBPLEX, "SBPLX LN_SBPLX", "simplex steps in a sequence of subspaces",   \
      "Rowan, Functional Stability Analysis of Numerical Algorithms, 1990", 0, \
      NLOPT_LN_SBPLX, TP_LOCAL_NONE, of_local)                                 \
    X(PRAXIS, "LN_PRAXIS", "principal axes, line searches along them",         \
      "Brent, Algorithms for Minimization without Derivatives, 1972",          \
      RND | TWO, NLOPT_LN_PRAXIS, TP_LOCAL_NONE, of_local)                     \
    X(NEWUOA, "LN_NEWUOA",                                                     \
      "quadratic models; bounds are kept by moving points onto them",          \
      NEWUOA_SOURCE, TWO, NLOPT_LN_NEWUOA, TP_LOCAL_NONE, of_local)            \
    X(NEWUOA_BOUND, "LN_NEWUOA_BOUND", "quadratic models within bounds",       \
      NEWUOA_SOURCE, TWO, NLOPT_LN_NEWUOA_BOUND, TP_LOCAL_NONE, of_quadratic)  \
    X(AUGLAG, "LN_AUGLAG", "augmented Lagrangian around a local method", CONN, \
      CON, NLOPT_AUGLAG, TP_LOCAL_CHOSEN, of_auglag)                           \
    X(AUGLAG_EQ, "LN_AUGLAG_EQ",                                               \
      "augmented Lagrangian for equalities only, around COBYLA", CONN, CON,    \
      NLOPT_AUGLAG_EQ, TP_LOCAL_COBYLA, of_auglag_eq)                          \
    X(DIRECT, "GN_DIRECT", "division into rectangles", JONES, ALL | BOX,       \
      NLOPT_GN_DIRECT, TP_LOCAL_NONE, NULL)                                    \
    X(DIRECT_L, "GN_DIRECT_L", "division into rectangles, locally biased",     \
      GABLONSKY, ALL | BOX, NLOPT_GN_DIRECT_L, TP_LOCAL_NONE, NULL)            \
    X(DIRECT_L_RAND, "GN_DIRECT_L_RAND",                                       \
      "DIRECT_L with a random choice among equal sides", GABLONSKY,            \
      ALL | BOX | RND, NLOPT_GN_DIRECT_L_RAND, TP_LOCAL_NONE, NULL)            \
    X(DIRECT_NOSCAL, "GN_DIRECT_NOSCAL",                                       \
      "DIRECT_L without its own scaling, as NLopt runs it", GABLONSKY,         \
      ALL | BOX, NLOPT_GN_DIRECT_NOSCAL, TP_LOCAL_NONE, NULL)                  \
    X(DIRECT_L_NOSCAL, "GN_DIRECT_L_NOSCAL",                                   \
      "DIRECT_L without its own scaling", GABLONSKY, ALL | BOX,                \
      NLOPT_GN_DIRECT_L_NOSCAL, TP_LOCAL_NONE, NULL)                           \
    X(DIRECT_L_RAND_NOSCAL, "GN_DIRECT_L_RAND_NOSCAL",                         \
      "DIRECT_L without its own scaling, as NLopt runs it", GABLONSKY,         \
      ALL | BOX, NLOPT_GN_DIRECT_L_RAND_NOSCAL, TP_LOCAL_NONE, NULL)           \
    X(ORIG_DIRECT, "GN_ORIG_DIRECT",                                           \
      "the original program; infeasible points count as holes", JONES,         \
      CON | ALL | BOX | END, NLOPT_GN_ORIG_DIRECT, TP_LOCAL_NONE, NULL)        \
    X(ORIG_DIRECT_L, "GN_ORIG_DIRECT_L",                                       \
      "the original program, locally biased", GABLONSKY,                       \
      CON | ALL | BOX | END, NLOPT_GN_ORIG_DIRECT_L, TP_LOCAL_NONE, NULL)      \
    X(CRS2_LM, "CRS CRS2 GN_CRS2_LM",                                          \
      "controlled random search with local mutation",                          \
      "Kaelo, Ali, JOTA 130 (2006) 253", ALL | BOX | RND, NLOPT_GN_CRS2_LM,    \
      TP_LOCAL_NONE, of_crs)                                                   \
    X(MLSL, "G_MLSL GN_MLSL", "local searches from random starts", KAN,        \
      ALL | BOX | RND | END, NLOPT_G_MLSL, TP_LOCAL_CHOSEN, of_mlsl)           \
    X(MLSL_LDS, "G_MLSL_LDS GN_MLSL_LDS",                                      \
      "local searches from low-discrepancy starts",                            \
      KAN "; Kucherenko, Sytsko, Comput. Optim. Appl. 30 (2005) 297",          \
      ALL | BOX | END, NLOPT_G_MLSL_LDS, TP_LOCAL_CHOSEN, of_mlsl)             \
    X(ISRES, "GN_ISRES", "evolution strategy with stochastic ranking",         \
      "Runarsson, Yao, IEEE Trans. SMC C 35 (2005) 233",                       \
      CON | ALL | BOX | RND | END, NLOPT_GN_ISRES, TP_LOCAL_NONE, of_isres)    \
    X(ESCH, "GN_ESCH", "evolution strategy with Cauchy mutation",              \
      "Beyer, Schwefel, Natural Computing 1 (2002) 3; C. H. da Silva "         \
      "Santos, 2010",                                                          \
      ALL | BOX | RND | END, NLOPT_GN_ESCH, TP_LOCAL_NONE, of_esch)

#define X(word, other, text, paper, can_do, algorithm, local_method, rows) \
    static tp_status init_##word(tp_opt *o, tp_err *err)                   \
    {                                                                      \
        static const tp_nlopt_row row = {                                  \
            .name = #word,                                                 \
            .how = algorithm,                                              \
            .local = local_method,                                         \
            .least_population = algorithm == NLOPT_GN_CRS2_LM,             \
            .two = ((can_do)&TWO) != 0,                                    \
            .sized = algorithm == NLOPT_GN_ORIG_DIRECT ||                  \
                     algorithm == NLOPT_GN_ORIG_DIRECT_L,                  \
        };                                                                 \
        return tp_nlopt_init(o, &row, err);                                \
    }                                                                      \
    static const tp_opt_ops ops_##word = {                                 \
        .name = #word,                                                     \
        .aliases = other,                                                  \
        .summary = text,                                                   \
        .source = paper,                                                   \
        .can = can_do,                                                     \
        .window = 1,                                                       \
        .settings_size = sizeof(tp_nlopt_set),                             \
        .params = rows,                                                    \
        .init = init_##word,                                               \
        .ask = tp_nlopt_ask,                                               \
        .tell = tp_nlopt_tell,                                             \
        .finished = tp_nlopt_finished,                                     \
        .close = tp_nlopt_close,                                           \
    };
METHODS(X)
#undef X

#define X(word, other, text, paper, can_do, algorithm, local_method, rows) \
    &ops_##word,
#define OWN(name) &tp_opt_##name,
const tp_opt_ops *const tp_opts_all[] = {
    METHODS(X) TP_OPT_OWN(OWN) NULL,
};
#undef X
