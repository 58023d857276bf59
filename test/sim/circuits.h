/* Circuits for the tests of simulators, made by hand. */
#ifndef TP_TEST_CIRCUITS_H
#define TP_TEST_CIRCUITS_H

#include "sim/sim.h"

#include <stdio.h>
#include <string.h>

/* The differential amplifier with seven transistors and four resistors to
   tune. */
static const char amp_text[] =
    "* differential amplifier\n"
    ".param rcurr=1000\n.param rtail=1000\n"
    ".param rcoll=10000\n.param routput=10000\n"
    "v1 v1_p 0 0 ac 1 0 sin(0 500m 500k 0 0)\n"
    "v2 0 r11_n 15\n"
    "r1 r1_p 0 1k\n"
    "v3 v3_p 0 15\n"
    "r2 r8_n r11_n 5k\n"
    "r3 q2_e r3_n {rtail}\n"
    "r4 v3_p r4_n {rcoll}\n"
    "r5 v3_p r5_n {rcoll}\n"
    "r6 q3_e r3_n {rtail}\n"
    "r7 q1_e r11_n {rcurr}\n"
    "r8 0 r8_n 50k\n"
    "r9 r9_p v1_p 1k\n"
    "r10 vout 0 10k\n"
    "r11 q7_e r11_n 100\n"
    "r12 v3_p r12_n {routput}\n"
    "r13 v3_p r13_n {routput}\n"
    "r14 q4_e r11_n 100\n"
    "q1 r3_n r8_n q1_e 0 n1\n"
    "q2 r4_n r1_p q2_e 0 n1\n"
    "q3 r5_n r9_p q3_e 0 n1\n"
    "q4 vout q5_c q4_e 0 n1\n"
    "q5 q5_c r5_n r12_n 0 p1\n"
    "q6 vout r4_n r13_n 0 p1\n"
    "q7 q5_c q5_c q7_e 0 n1\n"
    ".model n1 npn is=3.8e-16 bf=220 br=0.7\n"
    "+ ise=1.8e-16 ikf=1.7e-2 nk=0.75 ikr=3e-2 ne=1.4 vaf=60\n"
    "+ var=7 rc=63.4 rb=300 re=19.7 xtb=1.17 xti=5.4\n"
    "+ tf=1.5e-10 tr=6e-9 xtf=0.3 vtf=6 itf=5e-5 cje=0.21e-12\n"
    "+ mje=0.33 vje=0.7 isc=5e-12 kf=2e-13 af=1.4\n"
    ".model p1 pnp is=1e-15 bf=100 cje=0.175e-12 xti=5.4\n"
    "+ mje=0.38 vje=0.6\n"
    ".end\n";
static const double amp_start[] = {1000, 1000, 10000, 10000};

/* A divider 1 V - r - out - 1k - 0 with a capacitor at out, and a diode. */
static const char   rc_text[] = "* divider\n"
                                ".param r=1k\n.param c=1u\n.param k={r*2}\n"
                                "v1 in 0 dc 1 ac 1 pulse(0 1 0 1p 1p 1 2)\n"
                                "r1 in out {r}\n"
                                "r2 out 0 1k\n"
                                "c1 out 0 {c}\n"
                                "r3 in 1 {k}\n"
                                "r4 1 0 1k\n"
                                "d1 1 0 dm\n"
                                ".model dm d(is=1e-14)\n"
                                "e1 e 0 in 0 2\n"
                                "re e 0 1k\n"
                                "x1 in x s\n"
                                ".subckt s a b\n"
                                "r1 a b 1k\n"
                                "r2 b 0 1k\n"
                                ".ends\n"
                                ".end\n";
static const double rc_start[] = {1000, 1e-6};

/* `command`s end with NULL; kinds are their first words. */
static inline tp_circuit *circuit_of(const char *text, const char *params,
                                     const char *const *command, tp_arena *mem)
{
    tp_circuit  *c = TP_NEW(mem, tp_circuit, 1);
    tp_str      *name = TP_NEW(mem, tp_str, 8), rest = tp_str_of(params), w;
    tp_analysis *a = TP_NEW(mem, tp_analysis, 8);
    c->text = tp_str_of(text);
    while ((w = tp_str_word(&rest, " ")).len > 0) name[c->n_param++] = w;
    for (int i = 0; command[i]; i++) {
        tp_str words = tp_str_of(command[i]);
        a[i].command = words;
        a[i].kind = tp_str_word(&words, " ");
        a[i].id = tp_str_fmt(mem, "id%d", i);
        a[i].ordinal = tp_str_fmt(mem, "%.*s%d", TP_F(a[i].kind), i + 1);
        c->n_analysis++;
    }
    c->param = name;
    c->analysis = a;
    return c;
}

static inline tp_analysis *analysis_of(const tp_circuit *c, int i)
{
    return (tp_analysis *)(uintptr_t)&c->analysis[i];
}

static inline bool same_bits(const double *a, const double *b, int n)
{
    if (!a || !b) return a == b;
    return memcmp(a, b, sizeof *a * (size_t)n) == 0;
}

static inline bool same_plot(const tp_plot *p, const tp_plot *q)
{
    if (p->n_wave != q->n_wave || p->op != q->op) return false;
    for (int k = 0; k < p->n_wave; k++) {
        const tp_wave *v = &p->wave[k], *w = tp_plot_find(q, v->name);
        if (!w || v->n != w->n || !tp_str_eq(v->unit, w->unit) ||
            !tp_str_eq(v->x_unit, w->x_unit) ||
            !same_bits(v->re, w->re, v->n) || !same_bits(v->im, w->im, v->n) ||
            !same_bits(v->x, w->x, v->n)) {
            printf("'%.*s' of %.*s differs\n", TP_F(v->name), TP_F(p->id));
            return false;
        }
    }
    return true;
}

/* The first plot in which they differ by a bit; -1: in none. */
static inline int first_difference(const tp_waves *a, const tp_waves *b)
{
    for (int i = 0; i < a->n && i < b->n; i++)
        if (!same_plot(&a->plot[i], &b->plot[i])) return i;
    return a->n > 0 && a->n == b->n ? -1 : 0;
}
#endif
