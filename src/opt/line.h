/* line: search along a direction, shared by the methods that do nothing else:
   bracket the minimum, then narrow the bracket. Distances are the largest
   difference of a variable, as a part of its range. Private to opt. */
#ifndef TP_OPT_LINE_H
#define TP_OPT_LINE_H

#include "opt/walk.h"

enum { TP_MAP_NO, TP_MAP_SIN, TP_MAP_ARCCTG };
extern const char *const tp_map_names[], *const tp_line_names[];

/* Settings that SPICE OPUS gives its line-search methods. Defaults are ours
   (its manual names none): r the golden section's, so that a bracket is one.
   A method's own struct begins with this one. */
typedef struct tp_line_set {
    double r;
    int    method;  /* of tp_line_names */
    double epsilon; /* per cent of the range */
    int    number_of_iterations;
    int    transformation; /* of tp_map_names */
} tp_line_set;

#define TP_LINE_R                                                         \
    {                                                                     \
        .name = "r", .type = TP_REAL, .at = offsetof(tp_line_set, r),     \
        .def = 1.618, .min = 1.5, .max = 2,                               \
        .text = "Growth of the steps that bracket the minimum on a line " \
                "(range: SPICE OPUS manual).",                            \
    }
#define TP_LINE_METHOD                                                       \
    {                                                                        \
        .name = "method", .type = TP_CHOICE,                                 \
        .at = offsetof(tp_line_set, method), .choices = tp_line_names,       \
        .text = "How a bracket is narrowed: parabola through three points, " \
                "golden section or Fibonacci section (SPICE OPUS manual).",  \
    }
#define TP_LINE_EPSILON                                                       \
    {                                                                         \
        .name = "epsilon", .type = TP_REAL,                                   \
        .at = offsetof(tp_line_set, epsilon), .def = 0.1, .min = 1e-9,        \
        .max = 100, .unit = "%",                                              \
        .text = "A search along a line ends when two points are this close, " \
                "in per cent of the range; so does the method (SPICE OPUS "   \
                "manual).",                                                   \
    }
#define TP_LINE_ITERATIONS                                               \
    {                                                                    \
        .name = "number_of_iterations", .type = TP_INT,                  \
        .at = offsetof(tp_line_set, number_of_iterations), .def = 20,    \
        .min = 1, .max = 10000,                                          \
        .text = "Points at most to bracket a minimum on a line, and to " \
                "narrow the bracket (SPICE OPUS manual).",               \
    }
#define TP_LINE_TRANSFORMATION                                                \
    {                                                                         \
        .name = "transformation", .type = TP_CHOICE,                          \
        .at = offsetof(tp_line_set, transformation), .choices = tp_map_names, \
        .text = "Map of the bounded range to an unbounded one: none, sine "   \
                "squared, inverse cotangent (SPICE OPUS manual; Box 1966).",  \
    }
#define TP_LINE_ROWS \
    TP_LINE_R, TP_LINE_METHOD, TP_LINE_EPSILON, TP_LINE_ITERATIONS

/* ---- transformations: x in 0..1 <-> y, what the method moves in -------- */

double tp_map_x(int map, double y);
/* x at a bound is taken 1e-6 inside, where y would be flat or infinite. */
double tp_map_y(int map, double x);
/* dx/dy and its derivative, by x. */
double tp_map_slope(int map, double x);
double tp_map_bend(int map, double x);
/* With a transformation, moves what lies on a bound inward by 1e-3. */
void tp_map_start(int map, double *x, int n);

/* ---- search ------------------------------------------------------------ */

typedef struct tp_spot { /* a point of the line */
    double         t;
    tp_walk_point *at;
} tp_spot;

typedef struct tp_line {
    tp_walk           *w;
    const tp_line_set *set;
    double            *y, *d, *from, *to; /* the line; two x of it */
    double             end;               /* largest t that still moves */
    tp_walk_point     *pool;
    tp_spot            a, b, c; /* bracket, b the best */
} tp_line;

tp_line *tp_line_open(tp_walk *w, const tp_line_set *set);
/* Moves `p` (told, feasible) to the best point found on the line through it in
   direction d (of the y of the transformation; either way). `first` is the
   distance of the first step. False: stop. */
bool tp_line_search(tp_line *l, tp_walk_point *p, const double *d,
                    double first);

#endif
