/* The list of executors. */
#include "exec/local.h"

static const tp_exec_ops *const execs[] = {
    &tp_exec_local,
    &tp_exec_inline,
    NULL,
};

const tp_exec_ops *const *tp_execs(void)
{
    return execs;
}

const tp_exec_ops *tp_exec_find(tp_str name)
{
    for (int i = 0; execs[i]; i++)
        if (tp_str_same(name, tp_str_of(execs[i]->name))) return execs[i];
    return NULL;
}

void *tp_exec_settings(const tp_exec_ops *ops, tp_arena *mem)
{
    char *settings = tp_alloc(mem, 1, (ptrdiff_t) _Alignof(max_align_t),
                              (ptrdiff_t)ops->settings_size + 1);
    tp_params_default(ops->params, settings);
    return settings;
}
