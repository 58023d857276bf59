/* Parameters, and sweeps that ngspice has no command for: one value after the
   other. */
#include "sim/ng.h"

#include <math.h>

/* ngspice keeps parameters in lower case and reads alterparam's as it is. */
bool tp_ng_param(tp_ng *s, tp_str name, const char *value)
{
    char low[TP_NG_COMMAND_MAX];
    int  n = 0;
    if (name.len >= TP_NG_COMMAND_MAX) {
        tp_words_add(&s->words, TP_S("Error: the name of a parameter is too "
                                     "long for ngspice"));
        return false;
    }
    for (; n < name.len; n++) low[n] = tp_lower(name.at[n]);
    low[n] = '\0';
    return tp_ng_send(s, "alterparam %s=%s", low, value);
}

bool tp_ng_param_to(tp_ng *s, tp_str name, double v)
{
    char text[TP_NUMBER_MAX];
    return tp_ng_param(s, name, tp_exact(v, text));
}

/* ---- sweeps ------------------------------------------------------ */

typedef bool set_one(tp_ng *s, const tp_sweep *w, double v, tp_arena mem);

static bool set_none(tp_ng *s, const tp_sweep *w, double v, tp_arena mem)
{
    (void)s, (void)w, (void)v, (void)mem;
    return true;
}

static bool set_device(tp_ng *s, const tp_sweep *w, double v, tp_arena mem)
{
    tp_str      dev = tp_ng_device(w->name, &mem);
    const char *par = tp_principal(dev);
    if (par) return tp_ng_send(s, "alter @%.*s[%s] = %.17g", TP_F(dev), par, v);
    return tp_ng_send(s, "alter %.*s = %.17g", TP_F(dev), v);
}

static bool set_temp(tp_ng *s, const tp_sweep *w, double v, tp_arena mem)
{
    (void)w, (void)mem;
    return tp_ng_send(s, "option temp=%.17g", v);
}

static bool set_param(tp_ng *s, const tp_sweep *w, double v, tp_arena mem)
{
    (void)mem;
    return tp_ng_param_to(s, w->name, v) && tp_ng_reset(s);
}

static bool set_model(tp_ng *s, const tp_sweep *w, double v, tp_arena mem)
{
    (void)mem;
    return tp_ng_send(s, "altermod %.*s %.*s = %.17g", TP_F(w->name),
                      TP_F(w->par), v);
}

static set_one *const set_row[] = {
    [TP_SWEEP_NONE] = set_none,   [TP_SWEEP_DEVICE] = set_device,
    [TP_SWEEP_TEMP] = set_temp,   [TP_SWEEP_PARAM] = set_param,
    [TP_SWEEP_MODEL] = set_model,
};

bool tp_ng_sweep_set(tp_ng *s, const tp_sweep *w, double v, tp_arena mem)
{
    tp_words_clear(&s->words);
    return set_row[w->kind](s, w, v, mem) && !s->words.error;
}

bool tp_ng_sweep_end(tp_ng *s, const tp_sweep *w, tp_arena mem)
{
    if (w->kind == TP_SWEEP_NONE) return true;
    s->dirty = true;
    if (w->kind != TP_SWEEP_PARAM) return true;
    for (int i = 0; i < s->c->n_param; i++)
        if (tp_str_same(s->c->param[i], w->name)) {
            s->current[i] = NAN;
            return true;
        }
    for (int i = 0; i < s->c->n_define; i++)
        if (tp_str_same(s->c->define[i].name, w->name))
            return tp_ng_param(
                s, w->name,
                tp_str_z(&mem, tp_str_fmt(&mem, "{%.*s}",
                                          TP_F(s->c->define[i].expr))));
    return true;
}
