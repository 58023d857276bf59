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
    binding    bound[32];
    int        n;
    bool       degrees, gaps;
    int        dialect; /* a tp_dialect */
    int        n_user;
    tp_user_fn user[32];
} scene;

static inline void scene_bind(scene *s, const char *name, tp_value v)
{
    s->bound[s->n++] = (binding){tp_str_of(name), v};
}

static inline tp_scope scene_scope(const scene *s)
{
    return (tp_scope){.dialect = (tp_dialect)s->dialect,
                      .degrees = s->degrees,
                      .n_user = s->n_user,
                      .user = s->user};
}

/* What is bound under the name, else a constant of Nutmeg. */
static inline tp_value scene_find(const scene *s, tp_str name, tp_arena *mem)
{
    tp_value v = tp_none(mem, "no vector '%.*s'", TP_F(name));
    if (s->dialect == TP_NUTMEG) tp_constant_of(TP_NUTMEG, name, &v);
    for (int k = 0; k < s->n; k++)
        if (tp_str_same(name, s->bound[k].name)) v = s->bound[k].value;
    return v;
}

/* The value of a text; a text that does not compile is a none with the
   message. Random numbers start from seed 1, the clock shows 1.7e9 + 5 s. */
static inline tp_value evaluate(const scene *s, tp_str text, tp_arena *mem)
{
    static const double result[] = {7, 123}, at[] = {0.5, 1.5, 3};
    const tp_expr      *e = NULL;
    const tp_slot      *slot = NULL;
    tp_err              err = {0};
    tp_rng              rng = tp_rng_at(1, 0);
    tp_wave             scale = {.n = TP_COUNT(at), .re = at};
    tp_scope            in = scene_scope(s);
    tp_env              env = {.degrees = s->degrees,
                               .n_result = TP_COUNT(result),
                               .result = result,
                               .rng = &rng,
                               .timed = true,
                               .gaps = s->gaps,
                               .clock = 1.7e9 + 5,
                               .timer = 2,
                               .scale = &scale};
    if (tp_expr_compile(&e, text, &in, mem, &err))
        return tp_none(mem, "%s", err.msg);
    int       n = tp_expr_slots(e, &slot);
    tp_value *bound = TP_NEW(mem, tp_value, n + 1);
    for (int i = 0; i < n; i++) bound[i] = scene_find(s, slot[i].name, mem);
    return tp_expr_eval(e, bound, &env, mem);
}

static inline tp_str shown(const scene *s, const char *text)
{
    tp_value v = evaluate(s, tp_str_of(text), check_mem());
    return tp_value_show(&v, 6, check_mem());
}

/* n times `open`, then `middle`, then n times `close`. */
static inline tp_str nested(int n, const char *open, const char *middle,
                            const char *close)
{
    tp_buf b = {.mem = check_mem()};
    for (int i = 0; i < n; i++) tp_buf_add(&b, tp_str_of(open));
    tp_buf_add(&b, tp_str_of(middle));
    for (int i = 0; i < n; i++) tp_buf_add(&b, tp_str_of(close));
    return tp_buf_str(&b);
}
#endif
