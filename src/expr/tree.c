/* Building the syntax tree, for the parsers of the dialects. */
#include "expr/tree.h"

tp_node *tp_node_new(tp_node_kind kind, ptrdiff_t at, tp_arena *mem)
{
    tp_node *node = TP_NEW(mem, tp_node, 1);
    node->kind = kind;
    node->at = at;
    node->depth = 1;
    node->size = 1;
    return node;
}

tp_status tp_node_args(tp_node *node, const tp_node **arg, int n, tp_err *err)
{
    node->arg = arg;
    node->n = n;
    for (int i = 0; i < n; i++) {
        if (arg[i]->depth >= node->depth) node->depth = arg[i]->depth + 1;
        node->size += arg[i]->size;
        if (node->size > TP_SIZE_MAX)
            return tp_fail_col(err, TP_LIMIT, node->at,
                               "the expression is over %d operations long",
                               TP_SIZE_MAX);
    }
    if (node->depth > TP_DEPTH_MAX)
        return tp_fail_col(err, TP_LIMIT, node->at,
                           "the expression is over %d levels deep",
                           TP_DEPTH_MAX);
    return TP_OK;
}

tp_status tp_node_op(const tp_node **out, const tp_node *model,
                     const tp_node *const *arg, int n, tp_arena *mem,
                     tp_err *err)
{
    tp_node        *node = tp_node_new(TP_NODE_OP, model->at, mem);
    const tp_node **copy = TP_NEW(mem, const tp_node *, n);
    for (int i = 0; i < n; i++) copy[i] = arg[i];
    node->op = model->op;
    node->extend = model->extend;
    *out = node;
    return tp_node_args(node, copy, n, err);
}

tp_status tp_slot_of(int *slot, tp_slots *all, tp_str name, ptrdiff_t at,
                     tp_arena *mem, tp_err *err)
{
    for (*slot = 0; *slot < all->n; ++*slot)
        if (tp_str_eq(all->slot[*slot].name, name)) return TP_OK;
    if (all->n == TP_SLOT_MAX)
        return tp_fail_col(err, TP_LIMIT, at, "over %d names in one expression",
                           TP_SLOT_MAX);
    *TP_PUSH(mem, all->slot, all->n, all->cap) =
        (tp_slot){.name = tp_str_copy(mem, name), .at = at};
    return TP_OK;
}

tp_status tp_slot_node(const tp_node **out, tp_slots *all, tp_str name,
                       ptrdiff_t at, tp_arena *mem, tp_err *err)
{
    tp_node *node = tp_node_new(TP_NODE_NAME, at, mem);
    *out = node;
    return tp_slot_of(&node->slot, all, name, at, mem, err);
}

tp_status tp_unknown_function(tp_dialect dialect, tp_str name, ptrdiff_t at,
                              tp_arena mem, tp_err *err)
{
    tp_str *all = NULL;
    int     n = 0, cap = 0;
    for (const tp_fn_group *g = tp_functions_of(dialect); g->title; g++)
        for (const tp_fn *f = g->fn; f->name; f++)
            *TP_PUSH(&mem, all, n, cap) = tp_str_of(f->name);
    tp_str mean = tp_did_you_mean(&mem, name, all, n);
    return tp_fail_col(err, TP_BAD_INPUT, at, "unknown function '%.*s'%.*s",
                       TP_F(name), TP_F(mean));
}
