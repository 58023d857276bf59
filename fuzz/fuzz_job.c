/* Problem files: any bytes beside a deck that is there give a problem that
   can be scored, or a message with its place. */
#include "fuzz.h"

#include "front/front.h"

#include <stdlib.h>

static const char deck[] = "a filter\nV1 in 0 1 ac 1\n.param Ra=1k Ca=1n\n"
                           "R1 in out {Ra}\nC1 out 0 {Ca}\n.end\n";

/* At its start, with no value at all. */
static void use(const tp_problem *p, tp_arena *mem)
{
    double *x = TP_NEW(mem, double, p->space.n);
    double *v = TP_NEW(mem, double, tp_problem_values(p));
    tp_str  why;
    for (int i = 0; i < p->space.n; i++) x[i] = p->space.var[i].start;
    tp_problem_derive(p, x, v, &why, mem);
    tp_reading *r = TP_NEW(mem, tp_reading, tp_problem_readings(p));
    if (tp_problem_score(p, r, 0, mem).ok) abort();
    if (tp_problem_cost_worst(p, r).feasible) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_arena   mem = tp_arena_open((ptrdiff_t)1 << 31);
    tp_source  all[] = {{TP_S("p.yaml"), {(const char *)data, (ptrdiff_t)size}},
                        {TP_S("rc.cir"), tp_str_of(deck)}};
    tp_files   files = {.n = 2, .file = all};
    tp_problem p;
    tp_err     err = {0};
    if (tp_front_read(&p, "p.yaml", &files, &mem, &err) == TP_OK)
        use(&p, &mem);
    else if (!err.msg[0])
        abort();
    tp_arena_close(&mem);
    return 0;
}
