/* Benches whose simulator is a program with netlists of its own: Spectre. The
   measures' names are the simulator's, nothing of the circuit is known here
   but its parameters. */
#include "front/job.h"

#include <math.h>

static const char *const outside[] = {"spectre"};

bool tp_plan_outside(const tp_plan_reader *r)
{
    for (int i = 0; i < TP_COUNT(outside); i++)
        if (tp_str_eq(r->p->simulator, tp_str_of(outside[i]))) return true;
    return false;
}

tp_status tp_plan_outside_read(tp_plan_reader *r, tp_plan_bench *b, tp_err *err)
{
    tp_err own = {0};
    if (tp_spectre_read(&b->spectre, tp_str_z(r->mem, b->path), r->files,
                        r->mem, &own))
        return tp_yaml_fail(b->at, err, "%s", own.msg);
    tp_plan_keep_files(r, tp_spectre_files(b->spectre));
    return TP_OK;
}

bool tp_plan_outside_param(const tp_plan_bench *b, tp_str name, tp_str *expr)
{
    return tp_spectre_param(b->spectre, name, expr);
}

/* What has to be saved by name: currents and quantities of devices that are
   read from a sweep ("V0:p"). */
void tp_plan_saves(tp_circuit *out, const tp_plan_reader *r, int bench)
{
    tp_str *save = NULL;
    int     cap = 0;
    for (int i = 0; i < r->p->n_measure; i++) {
        const tp_measure *m = &r->measure[i];
        for (int k = 0; k < m->n_bind && m->bench == bench; k++) {
            const tp_bind *b = &m->bind[k];
            bool           named =
                b->signal.save || tp_str_find(b->signal.vector, ':', 0) >= 0;
            bool known = b->kind != TP_BIND_SIGNAL || !named;
            for (int j = 0; j < out->n_save; j++)
                known |= tp_str_eq(save[j], b->signal.vector);
            if (!known)
                *TP_PUSH(r->mem, save, out->n_save, cap) = b->signal.vector;
        }
    }
    out->save = save;
}

static tp_condition condition_of(const tp_plan_reader *r, int corner)
{
    tp_condition in = {.lib = r->model_file, .temp = NAN};
    if (r->p->n_corner == 0) return in;
    in.n_section = r->p->corner[corner].n_section;
    in.section = r->p->corner[corner].section;
    in.temp = r->p->corner[corner].temp;
    return in;
}

tp_status tp_plan_outside_circuits(tp_circuit *out, tp_plan_reader *r,
                                   int bench, const tp_str *value, tp_err *err)
{
    tp_plan_bench *b = &r->bench[bench];
    for (int i = 0; i < tp_problem_corners(r->p); i++) {
        tp_condition in = condition_of(r, i);
        tp_err       own = {0};
        if (tp_spectre_circuit(&out[i], b->spectre, &in, value,
                               tp_problem_values(r->p), &own))
            return tp_yaml_fail(b->at, err, "%s", own.msg);
        out[i].analysis = b->analysis;
        out[i].n_analysis = b->n_analysis;
        tp_plan_saves(&out[i], r, bench);
    }
    return TP_OK;
}
