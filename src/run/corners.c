/* Corners as a method sees them: places near to each other where they are alike
   (a coordinate for each set of library sections, one for the temperature, one
   for each supply or parameter that differs), which of them a phase wants, and
   what a trial gave in each. */
#include "run/inside.h"

#include <math.h>

/* ---- places -------------------------------------------------------------- */

static bool same_sections(const tp_corner *a, const tp_corner *b)
{
    if (a->n_section != b->n_section) return false;
    for (int i = 0; i < a->n_section; i++)
        if (!tp_str_eq(a->section[i], b->section[i])) return false;
    return tp_str_eq(a->model_file, b->model_file);
}

/* The first corner with the same sections. */
static int family(const tp_problem *p, int corner)
{
    int k = 0;
    while (!same_sections(&p->corner[k], &p->corner[corner])) k++;
    return k;
}

/* Fills coordinate *n of all corners from their values, scaled to 0..1; not
   where they are all equal. */
static void add_place(const tp_problem *p, const double *value, double *place,
                      int room, int *n)
{
    double lo = INFINITY, hi = -INFINITY;
    for (int c = 0; c < p->n_corner; c++) {
        lo = fmin(lo, value[c]);
        hi = fmax(hi, value[c]);
    }
    if (!(hi > lo)) return;
    for (int c = 0; c < p->n_corner; c++)
        place[(ptrdiff_t)c * room + *n] =
            isnan(value[c]) ? 0 : (value[c] - lo) / (hi - lo);
    (*n)++;
}

/* Rows of `room` coordinates; the result is how many are used. */
static int places(const tp_problem *p, double *place, int room, tp_arena mem)
{
    double *value = TP_NEW(&mem, double, p->n_corner);
    int     n = 0;
    for (int k = 0; k < p->n_corner; k++) {
        if (family(p, k) != k) continue;
        for (int c = 0; c < p->n_corner; c++) value[c] = family(p, c) == k;
        add_place(p, value, place, room, &n);
    }
    for (int c = 0; c < p->n_corner; c++)
        value[c] = isnan(p->corner[c].temp) ? 27 : p->corner[c].temp;
    add_place(p, value, place, room, &n);
    for (int i = 0; i < p->n_setting; i++) {
        for (int c = 0; c < p->n_corner; c++) value[c] = p->corner[c].value[i];
        add_place(p, value, place, room, &n);
    }
    return n;
}

void tp_corners_open(tp_run *r)
{
    const tp_problem *p = r->problem;
    int               corners = tp_problem_corners(p);
    if (corners > 1 && tp_problem_over_corners(p)) return;
    r->opt.n_corner = corners;
    r->opt.wanted = r->wanted = TP_NEW(&r->mem, bool, corners);
    tp_corners_want(r);
    if (corners < 2) return;
    int     room = corners + 1 + p->n_setting;
    double *all = TP_NEW(&r->mem, double, (ptrdiff_t)corners *room);
    int     n = places(p, all, room, r->scratch);
    for (int c = 1; c < corners; c++)
        for (int i = 0; i < n; i++)
            all[(ptrdiff_t)c * n + i] = all[(ptrdiff_t)c * room + i];
    r->opt.n_place = n;
    r->opt.place = all;
}

/* ---- phases -------------------------------------------------------------- */

void tp_corners_want(tp_run *r)
{
    for (int c = 0; c < r->opt.n_corner; c++)
        r->wanted[c] =
            r->every || tp_problem_phase_has(r->problem, r->phase, c);
}

bool tp_corners_kept(const tp_run *r)
{
    return r->method->raise && r->opt.n_corner > 1;
}

/* ---- what a trial gave --------------------------------------------------- */

const double *tp_corners_part(const tp_run *r, const tp_trial *t, tp_arena *mem)
{
    int     n = 1 + r->opt.n_g;
    double *part = TP_NEW(mem, double, (ptrdiff_t)r->opt.n_corner *n);
    if (!t->reading || r->opt.n_corner == 0) return NULL;
    for (int c = 0; c < r->opt.n_corner; c++)
        tp_problem_part(r->problem, t->reading, c, part + (ptrdiff_t)c * n);
    return part;
}
