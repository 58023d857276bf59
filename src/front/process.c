/* The process of a problem file: the folder of its tables, and what its
   config.json says (least length, model library). */
#include "front/job.h"

#include <math.h>

/* config.json as `vcli` makes it; of it only what is named here is used. */
static tp_status read_config(tp_plan_reader *r, const tp_yaml *at, tp_err *err)
{
    tp_str path = tp_path_join(r->process, TP_S("config.json"), r->mem);
    const tp_source *file;
    const tp_yaml   *c;
    tp_str           models = {"", 0};
    if (!tp_plan_has_file(r, path)) return TP_OK;
    TP_TRY(tp_plan_file(&file, r, path, at, err));
    TP_TRY(tp_yaml_read(&c, file, r->mem, err));
    TP_TRY(tp_yaml_number(&r->l_min, c, "l_min", err));
    TP_TRY(tp_yaml_text(&models, c, "model_file", err));
    if (models.len && !r->model_file.len)
        r->model_file = tp_path_join(r->process, models, r->mem);
    return TP_OK;
}

static tp_status positive(const tp_yaml *top, const char *key, double v,
                          tp_err *err)
{
    if (isnan(v) || v > 0) return TP_OK;
    return tp_yaml_fail(tp_yaml_get(top, key), err,
                        "%g, where a length above 0 is expected", v);
}

tp_status tp_plan_process(tp_plan_reader *r, tp_err *err)
{
    tp_str root = TP_S("process_data"), models = {"", 0};
    r->l_min = r->w_min = r->w_max = NAN;
    r->pdk = r->model_file = (tp_str){"", 0};
    TP_TRY(tp_yaml_text(&root, r->top, "process_data", err));
    TP_TRY(tp_yaml_text(&r->pdk, r->top, "pdk", err));
    if (tp_str_find(r->pdk, '/', 0) >= 0 || tp_str_starts(r->pdk, TP_S(".")))
        return tp_yaml_fail(tp_yaml_get(r->top, "pdk"), err,
                            "'%.*s', where the name of a folder in "
                            "process_data is expected",
                            TP_F(r->pdk));
    TP_TRY(tp_yaml_text(&models, r->top, "model_file", err));
    if (models.len) r->model_file = tp_path_join(r->folder, models, r->mem);
    root = tp_path_join(r->folder, root, r->mem);
    r->process = tp_path_join(root, r->pdk, r->mem);
    r->p->pdk = r->pdk;
    r->p->process_data = root;
    if (r->pdk.len) TP_TRY(read_config(r, tp_yaml_get(r->top, "pdk"), err));
    tp_plan_named(r, r->model_file);
    TP_TRY(tp_yaml_number(&r->l_min, r->top, "Lmin", err));
    TP_TRY(tp_yaml_number(&r->w_min, r->top, "Wmin", err));
    TP_TRY(tp_yaml_number(&r->w_max, r->top, "Wmax", err));
    TP_TRY(positive(r->top, "Lmin", r->l_min, err));
    TP_TRY(positive(r->top, "Wmin", r->w_min, err));
    return positive(r->top, "Wmax", r->w_max, err);
}
