/* The tuned deck: the user's own text with new start values, and the same
   circuit for plain ngspice. */
#include "report/format.h"

tp_status tp_report_deck(tp_str *out, const tp_account *a, tp_arena *mem,
                         tp_err *err)
{
    const tp_problem *p = a->problem;
    tp_edit          *edit = TP_NEW(mem, tp_edit, p->space.n);
    if (!a->best)
        return tp_fail(err, TP_BAD_INPUT, "no trial gave a result to write");
    for (int i = 0; i < p->space.n; i++) {
        edit[i] = p->start_edit[i];
        edit[i].with = tp_exactly(a->trial[a->best - 1].x[i], mem);
    }
    return tp_deck_edit(out, p->bench[0].deck, edit, p->space.n, mem, err);
}

tp_status tp_report_deck_ngspice(tp_str *out, const tp_account *a,
                                 tp_arena *mem, tp_err *err)
{
    if (!a->best)
        return tp_fail(err, TP_BAD_INPUT, "no trial gave a result to write");
    return tp_circuit_reference(out, a->problem->bench[0].circuit,
                                a->trial[a->best - 1].x, -1, 0, mem, err);
}
