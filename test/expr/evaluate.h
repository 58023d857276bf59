/* Evaluating a text for a test: names bound in a small list. */
#ifndef TP_TEST_EVALUATE_H
#define TP_TEST_EVALUATE_H

#include "check.h"
#include "expr/expr.h"

typedef struct binding {
    tp_str   name;
    tp_value value;
} binding;

typedef struct scene {
    binding bound[32];
    int     n;
    bool    degrees;
} scene;

static inline void scene_bind(scene *s, const char *name, tp_value v)
{
    s->bound[s->n++] = (binding){tp_str_of(name), v};
}

/* The value of a text; a text that does not compile is a none with the
   message. */
static inline tp_value evaluate(const scene *s, tp_str text, tp_arena *mem)
{
    static const double result[] = {7, 123};
    const tp_expr      *e = NULL;
    const tp_slot      *slot = NULL;
    tp_err              err = {0};
    tp_scope            in = {.dialect = TP_SIMETRIX, .degrees = s->degrees};
    tp_env              env = {s->degrees, TP_COUNT(result), result};
    if (tp_expr_compile(&e, text, &in, mem, &err))
        return tp_none(mem, "%s", err.msg);
    int       n = tp_expr_slots(e, &slot);
    tp_value *bound = TP_NEW(mem, tp_value, n + 1);
    for (int i = 0; i < n; i++) {
        bound[i] = tp_none(mem, "no vector '%.*s'", TP_F(slot[i].name));
        for (int k = 0; k < s->n; k++)
            if (tp_str_same(slot[i].name, s->bound[k].name))
                bound[i] = s->bound[k].value;
    }
    return tp_expr_eval(e, bound, &env, mem);
}

static inline tp_str shown(const scene *s, const char *text)
{
    tp_value v = evaluate(s, tp_str_of(text), check_mem());
    return tp_value_show(&v, 6, check_mem());
}
#endif
