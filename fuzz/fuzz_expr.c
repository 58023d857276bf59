/* Expressions: what compiles prints as itself, and evaluates to a finite value
   or to a reason. The first byte chooses the dialect: an 'N' is Nutmeg, an 'O'
   OCEAN. In Nutmeg the lines before the last define user functions; in OCEAN
   each name can be taken apart. */
#include "fuzz.h"

#include "expr/expr.h"

#include <math.h>
#include <stdlib.h>

static const double x[] = {1, 2, 3, 4, 5, 6, 7, 8};
static const double re[] = {0, 1, 0, -1, 0, 2, 0.5, -3};
static const double im[] = {1, 0, -1, 2, 1e-9, 3, 0, 1e9};

/* What slot i is bound to: a wave, complex, without x, a number, a failure,
   divisions. */
static tp_value bound(int i)
{
    static const tp_value part[] = {
        {.kind = TP_NUMBER, .re = 2},
        {.kind = TP_NONE, .why = "no"},
        {.kind = TP_WAVE, .wave = {.n = 8, .x = x, .re = re}}};
    tp_wave w = {.n = 8, .x = x, .re = re};
    if (i % 6 == 1) w.im = im;
    if (i % 6 == 2) w.x = NULL;
    if (i % 6 == 3) return tp_value_number(0.5, TP_S("V"));
    if (i % 6 == 4)
        return (tp_value){.kind = TP_DIVISIONS, .n = 3, .part = part};
    if (i % 6 == 5) return (tp_value){0};
    return tp_value_wave(&w);
}

static void check_wave(const tp_wave *w)
{
    if (w->n < 1 || !w->re) abort();
    for (int i = 0; i < w->n; i++) {
        if (!isfinite(w->re[i])) abort();
        if (w->im && !isfinite(w->im[i])) abort();
        if (w->x && !isfinite(w->x[i])) abort();
    }
}

static void check_value(const tp_value *v)
{
    if (v->kind == TP_NONE && !v->why) abort();
    if (v->kind == TP_NUMBER && !isfinite(v->re)) abort();
    if (v->kind == TP_COMPLEX && !isfinite(v->re + v->im)) abort();
    if (v->kind == TP_WAVE) check_wave(&v->wave);
    if (v->kind != TP_DIVISIONS) return;
    for (int i = 0; i < v->n; i++) {
        if (v->part[i].kind == TP_DIVISIONS) abort();
        check_value(&v->part[i]);
    }
}

static void check_print(const tp_expr *e, const tp_scope *in, tp_arena mem)
{
    const tp_expr *again;
    tp_str         text = tp_expr_text(e, &mem);
    if (text.len > 1 << 16) return;
    if (tp_expr_compile(&again, text, in, &mem, NULL)) abort();
    if (!tp_str_eq(tp_expr_text(again, &mem), text)) abort();
}

enum { USER_MAX = 16 };

/* The user functions of all lines but the last, which `text` becomes. */
static int read_users(tp_user_fn *user, tp_str *text, tp_arena *mem)
{
    int n = 0;
    for (ptrdiff_t end; (end = tp_str_find(*text, '\n', 0)) >= 0;) {
        tp_err     err = {0};
        tp_user_fn f;
        tp_str     line = tp_str_part(*text, 0, end);
        *text = tp_str_from(*text, end + 1);
        if (!tp_user_fn_read(&f, line, mem, &err)) {
            if (f.body.len < 1 || f.name.len < 1) abort();
            if (n < USER_MAX) user[n++] = f;
        } else if (!err.msg[0] || err.col > line.len + 1) {
            abort();
        }
    }
    return n;
}

static void check_run(const tp_expr *e, const tp_scope *in, tp_arena *mem)
{
    const tp_slot *slot;
    int            n = tp_expr_slots(e, &slot);
    tp_value      *v = TP_NEW(mem, tp_value, n + 1);
    tp_rng         rng = tp_rng_at(1, 0);
    tp_wave        scale = {.n = 3, .re = x};
    tp_env         env = {.rng = &rng, .timed = true, .scale = &scale};
    for (int i = 0; i < n; i++) v[i] = bound(i);
    for (int i = 0; i < n && in->dialect == TP_OCEAN; i++) {
        tp_ocean_name name;
        if (tp_ocean_name_read(&name, slot[i].name, mem, NULL)) abort();
    }
    check_print(e, in, *mem);
    tp_value got =
        tp_expr_eval(e, v, in->dialect == TP_NUTMEG ? &env : NULL, mem);
    check_value(&got);
    tp_value_true(&got);
    tp_value_show(&got, 6, mem);
    tp_value_scalar(&got, mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_user_fn     user[USER_MAX];
    tp_scope       in = {.dialect = TP_SIMETRIX, .user = user};
    tp_err         err = {0};
    tp_arena       mem = tp_arena_open((ptrdiff_t)1 << 26);
    tp_str         text = {(const char *)data, (ptrdiff_t)size};
    const tp_expr *e;
    if (size > 0) {
        in.dialect = data[0] == 'N'   ? TP_NUTMEG
                     : data[0] == 'O' ? TP_OCEAN
                                      : TP_SIMETRIX;
        text = tp_str_from(text, 1);
    }
    if (in.dialect == TP_NUTMEG) in.n_user = read_users(user, &text, &mem);
    if (tp_expr_compile(&e, text, &in, &mem, &err)) {
        if (!err.msg[0] || err.col > text.len + 1) abort();
    } else {
        check_run(e, &in, &mem);
    }
    tp_arena_close(&mem);
    return 0;
}
