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
    if (!p->start_edit)
        return tp_fail(err, TP_BAD_INPUT,
                       "%.*s does not give every variable a start value that "
                       "could be replaced",
                       TP_F(p->path));
    for (int i = 0; i < p->space.n; i++) {
        edit[i] = p->start_edit[i];
        edit[i].with = tp_exactly(tp_account_final(a)->x[i], mem);
    }
    return tp_source_edit(out, &p->files.file[0], edit, p->space.n, mem, err);
}

tp_status tp_report_deck_ngspice(tp_str *out, const tp_account *a,
                                 tp_arena *mem, tp_err *err)
{
    const tp_problem *p = a->problem;
    double           *value = TP_NEW(mem, double, tp_problem_values(p));
    tp_str            why;
    if (!a->best)
        return tp_fail(err, TP_BAD_INPUT, "no trial gave a result to write");
    if (p->n_bench > 1)
        return tp_fail(err, TP_BAD_INPUT,
                       "the problem has %d decks: which one is not known",
                       p->n_bench);
    if (!tp_problem_derive(p, tp_account_final(a)->x, value, &why, mem))
        return tp_fail(err, TP_BAD_INPUT, "%.*s", TP_F(why));
    if (p->n_setting) tp_problem_settings(p, 0, value);
    return tp_circuit_reference(out, p->bench[0].circuit, value,
                                &(tp_reference_part){.which = -1}, mem, err);
}
