/* The problem in closed form over two benches and three corners. */
#ifndef TP_TEST_RUN_PVT_H
#define TP_TEST_RUN_PVT_H

#include "run/setup.h"

/* out is b in bench "dc" (p0 x + p1 at x = 1 is a + b) and twice that in
   bench "dc2", whose measure has a factor; b is a corner's. */
typedef struct pvt {
    setup     *s;
    tp_corner  corner[3];
    tp_bench   bench[2];
    tp_circuit circuit[2][3];
    tp_spec    spec[2];
    tp_derived derived[1];
    tp_check   check[1];
    tp_str     setting[1], param[3];
    double     b[3];
    tp_phase   phase[3];
    int        member[3];
} pvt;

static inline bool twice(const void *with, const double *value, double *out,
                         tp_str *why, tp_arena *mem)
{
    (void)with, (void)mem;
    *out = 2 * value[0];
    *why = TP_S("a is just below five");
    return !(value[0] > 4.9 && value[0] < 5);
}

static inline void pvt_circuits(pvt *k)
{
    static const char *const name[] = {"tt_27", "ff_m40", "ss_125"};
    static const double      b[] = {3, 1, 7};
    k->param[0] = TP_S("a"); /* the fake's p0, p1, p2 */
    k->param[1] = TP_S("b");
    k->param[2] = TP_S("twice");
    k->setting[0] = TP_S("b");
    for (int c = 0; c < 3; c++) {
        k->b[c] = b[c];
        k->corner[c] = (tp_corner){
            .name = tp_str_of(name[c]), .temp = NAN, .value = &k->b[c]};
        for (int i = 0; i < 2; i++) {
            k->circuit[i][c] = k->s->circuit;
            k->circuit[i][c].n_param = 3;
            k->circuit[i][c].param = k->param;
            k->circuit[i][c].text =
                tp_str_fmt(check_mem(), "* bench %d in %s\n.end\n", i, name[c]);
        }
    }
    k->bench[0] = (tp_bench){.name = TP_S("dc"), .circuit = k->circuit[0]};
    k->bench[1] = (tp_bench){.name = TP_S("dc2"), .circuit = k->circuit[1]};
}

/* Variable a (0 to 10), specs: dc's `out` at most 12 with target 8, dc2's
   `twice` at least 4. */
static inline pvt *pvt_make(const char *method, const char *simulator)
{
    pvt        *k = TP_NEW(check_mem(), pvt, 1);
    setup      *s = k->s = setup_make(method, simulator);
    tp_problem *p = &s->p;
    pvt_circuits(k);
    p->space.n = 1;
    p->n_measure = 0;
    setup_measure(s, "out", TP_TO_SPEC, 0);
    setup_measure(s, "twice", TP_TO_SPEC, 0);
    s->measure[1].bench = 1;
    k->spec[0] = (tp_spec){.measure = 0,
                           .min = NAN,
                           .max = 12,
                           .target = 8,
                           .weight = 1,
                           .max_scale = 12,
                           .target_scale = 8};
    k->spec[1] = (tp_spec){
        .measure = 1, .min = 4, .max = NAN, .target = NAN, .min_scale = 4};
    k->derived[0] =
        (tp_derived){.name = TP_S("twice"), .unit = TP_S("V"), .rule = twice};
    k->check[0] =
        (tp_check){.value = 0, .lo = 1, .hi = 20, .what = "a's range"};
    p->bench = k->bench;
    p->n_bench = 2;
    p->n_corner = 3;
    p->corner = k->corner;
    p->n_setting = 1;
    p->setting = k->setting;
    p->n_spec = 2;
    p->spec = k->spec;
    p->n_derived = 1;
    p->derived = k->derived;
    p->n_check = 1;
    p->check = k->check;
    return k;
}

/* tt_27, then tt_27 and ff_m40, then all three. */
static inline void pvt_phases(pvt *k, int stall, double converge_cost)
{
    static const char *const name[] = {"phase1", "phase2", "phase3"};
    tp_problem              *p = &k->s->p;
    for (int i = 0; i < 3; i++) {
        k->member[i] = i;
        k->phase[i] = (tp_phase){tp_str_of(name[i]), i + 1, k->member};
    }
    p->n_phase = 3;
    p->phase = k->phase;
    p->rules = (tp_phase_rules){
        .stall = stall, .converge_cost = converge_cost, .all = true};
}
#endif
