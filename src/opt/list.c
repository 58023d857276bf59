/* The list of methods: find one by its names, say why one can't take a
   problem, read its settings. */
#include "opt/adapter.h"

#include <math.h>

const tp_opt_ops *const *tp_opts(void)
{
    return tp_opts_all;
}

static bool skips(char c)
{
    return c == '-' || c == '_';
}

/* Equal when case, '-' and '_' are ignored. */
static bool same_word(tp_str a, tp_str b)
{
    ptrdiff_t i = 0, k = 0;
    for (;;) {
        while (i < a.len && skips(a.at[i])) i++;
        while (k < b.len && skips(b.at[k])) k++;
        if (i == a.len || k == b.len) return i == a.len && k == b.len;
        if (tp_lower(a.at[i++]) != tp_lower(b.at[k++])) return false;
    }
}

static bool has_name(const tp_opt_ops *ops, tp_str name)
{
    if (same_word(name, tp_str_of(ops->name))) return true;
    tp_str rest = tp_str_of(ops->aliases), word;
    while ((word = tp_str_word(&rest, " ")).len > 0)
        if (same_word(name, word)) return true;
    return false;
}

const tp_opt_ops *tp_opt_find(tp_str name)
{
    if (tp_str_starts(name, TP_S("NLOPT_"))) name = tp_str_from(name, 6);
    for (const tp_opt_ops *const *at = tp_opts(); *at; at++)
        if (has_name(*at, name)) return *at;
    return NULL;
}

const char *tp_opt_default(int n_constraints)
{
    return n_constraints > 0 ? "COBYLA" : "NELDER_MEAD";
}

static tp_status unknown(tp_str name, tp_arena *mem, tp_err *err)
{
    tp_str *word = NULL;
    int     n = 0, cap = 0;
    for (const tp_opt_ops *const *at = tp_opts(); *at; at++) {
        *TP_PUSH(mem, word, n, cap) = tp_str_of((*at)->name);
        tp_str rest = tp_str_of((*at)->aliases), other;
        while ((other = tp_str_word(&rest, " ")).len > 0)
            *TP_PUSH(mem, word, n, cap) = other;
    }
    tp_str hint = tp_did_you_mean(mem, name, word, n);
    return tp_fail(err, TP_BAD_INPUT, "unknown algorithm '%.*s'%.*s",
                   TP_F(name), TP_F(hint));
}

/* "COBYLA, ISRES": the methods that can all of `can`, in mem. */
static tp_str who_can(unsigned can, tp_arena *mem)
{
    tp_buf names = {.mem = mem};
    for (const tp_opt_ops *const *at = tp_opts(); *at; at++) {
        if (((*at)->can & can) != can) continue;
        tp_buf_fmt(&names, "%s%s", names.len ? ", " : "", (*at)->name);
    }
    return tp_buf_str(&names);
}

static const tp_var *without_bounds(const tp_space *space)
{
    for (int i = 0; i < space->n; i++)
        if (!(space->var[i].hi - space->var[i].lo < INFINITY))
            return &space->var[i];
    return NULL;
}

static int n_movable(const tp_space *space)
{
    int n = 0;
    for (int i = 0; i < space->n; i++)
        n += space->var[i].lo != space->var[i].hi;
    return n;
}

static tp_status fits(const tp_opt_ops *ops, const tp_space *space,
                      int n_constraints, tp_arena mem, tp_err *err)
{
    const tp_var *open = without_bounds(space);
    if (n_constraints > 0 && !(ops->can & TP_OPT_CONSTRAINTS)) {
        tp_str can = who_can(TP_OPT_CONSTRAINTS, &mem);
        return tp_fail(err, TP_BAD_INPUT,
                       "algorithm %s can't take constraints, here %s %d; "
                       "these can: %.*s",
                       ops->name, n_constraints == 1 ? "is" : "are",
                       n_constraints, TP_F(can));
    }
    if (open && ops->can & TP_OPT_NEEDS_BOUNDS)
        return tp_fail(err, TP_BAD_INPUT,
                       "algorithm %s needs a lower and an upper bound for "
                       "every variable; %.*s has no %s bound",
                       ops->name, TP_F(open->name),
                       open->lo == -INFINITY ? "lower" : "upper");
    if (ops->can & TP_OPT_TWO && n_movable(space) == 1)
        return tp_fail(err, TP_BAD_INPUT,
                       "algorithm %s needs two variables that can move, "
                       "here is 1; %s takes one",
                       ops->name, tp_opt_default(n_constraints));
    return TP_OK;
}

tp_status tp_opt_choose(const tp_opt_ops **out, tp_str name,
                        const tp_space *space, int n_constraints, tp_arena *mem,
                        tp_err *err)
{
    name = tp_str_trim(name);
    if (name.len == 0) name = tp_str_of(tp_opt_default(n_constraints));
    const tp_opt_ops *ops = tp_opt_find(name);
    if (!ops) return unknown(name, mem, err);
    TP_TRY(fits(ops, space, n_constraints, *mem, err));
    *out = ops;
    return TP_OK;
}

tp_status tp_opt_settings(void **settings, const tp_opt_ops *ops, tp_str list,
                          tp_arena *mem, tp_err *err)
{
    static const tp_param none[] = {{0}};
    const tp_param       *rows = ops->params ? ops->params : none;
    void                 *made =
        TP_NEW(mem, max_align_t,
               1 + (ptrdiff_t)(ops->settings_size / sizeof(max_align_t)));
    ptrdiff_t comma = tp_str_find(list, ',', 0);
    tp_str    name = tp_str_part(list, 0, comma < 0 ? list.len : comma);
    if (tp_str_find(name, '=', 0) < 0)
        list = tp_str_from(list, comma < 0 ? list.len : comma + 1);
    list = tp_str_trim(list);
    if (list.len > 0 && !rows->name)
        return tp_fail(err, TP_BAD_INPUT, "%s has no settings, got '%.*s'",
                       ops->name, TP_F(list));
    tp_params_default(rows, made);
    if (tp_params_set_list(rows, made, list, mem, err))
        return tp_while(err, "algorithm %s", ops->name);
    *settings = made;
    return TP_OK;
}

tp_str tp_opt_outfile(const tp_opt_ops *ops, const void *settings)
{
    const tp_param *row =
        ops->params ? tp_params_find(ops->params, TP_S("outfile")) : NULL;
    if (!row) return TP_S("");
    return *(const tp_str *)(const void *)((const char *)settings + row->at);
}
