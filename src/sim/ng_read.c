/* What ngspice has computed, copied out of it. */
#include "sim/ng.h"

#include <ngspice/sharedspice.h>

#include <stdio.h>
#include <string.h>

static const char *unit_of(int type)
{
    static const char *const units[] = {
        "",       "s",   "Hz",  "V",   "A",  "V/rtHz", "A/rtHz", "V^2/Hz",
        "A^2/Hz", "V^2", "A^2", "",    "",   "",       "degC",   "Ohm",
        "Ohm",    "S",   "W",   "deg", "dB", "F",      "C",
    };
    return type >= 0 && type < TP_COUNT(units) ? units[type] : "";
}

static void copy_vector(tp_wave *w, const vector_info *v, tp_arena *mem)
{
    w->n = v->v_length;
    w->unit = tp_str_of(unit_of(v->v_type));
    double *re = TP_NEW(mem, double, w->n);
    w->re = re;
    if (!v->v_compdata) {
        if (w->n > 0) memcpy(re, v->v_realdata, sizeof *re * (size_t)w->n);
        return;
    }
    double *im = TP_NEW(mem, double, w->n);
    w->im = im;
    for (int i = 0; i < w->n; i++) {
        re[i] = v->v_compdata[i].cx_real;
        im[i] = v->v_compdata[i].cx_imag;
    }
}

/* Whether the first vector of a plot is what the others are over. */
static bool is_scale(tp_str name)
{
    static const char *const sweep = "-sweep";
    ptrdiff_t                n = tp_str_of(sweep).len;
    return tp_str_same(name, TP_S("time")) ||
           tp_str_same(name, TP_S("frequency")) ||
           (name.len > n &&
            tp_str_same(tp_str_from(name, name.len - n), tp_str_of(sweep)));
}

static bool is_pointlike(tp_str kind)
{
    static const char *const kinds[] = {"op", "tf", "pz"};
    for (int i = 0; i < TP_COUNT(kinds); i++)
        if (tp_str_same(kind, tp_str_of(kinds[i]))) return true;
    return false;
}

/* "@m0[vth]" of a device that has no such quantity: a vector of nothing. Who
   reads it is told that it is not there; other measures keep their values. */
static bool is_unknown(const char *name, const vector_info *v)
{
    return name[0] == '@' && v->v_length == 0;
}

tp_str tp_ng_read_plot(tp_plot *out, tp_str name, tp_str kind, tp_arena *mem)
{
    char      full[700];
    char    **vec = ngSpice_AllVecs(tp_str_z(mem, name));
    ptrdiff_t room = (mem->end - mem->beg) / 2;
    int       n = 0, k = 0;
    while (vec && vec[n]) n++;
    tp_wave *w = TP_NEW(mem, tp_wave, n);
    *out = (tp_plot){.kind = kind, .wave = w, .op = -1};
    for (int i = 0; i < n; i++) {
        const char *own = vec[n - 1 - i]; /* ngspice lists the last first */
        snprintf(full, sizeof full, "%.*s.%s", TP_F(name), own);
        vector_info *v = ngGet_Vec_Info(full);
        if (!v) return tp_str_fmt(mem, "vector '%s' is not there", full);
        if (is_unknown(own, v)) continue;
        room -= (ptrdiff_t)(v->v_length + 1) * (ptrdiff_t)sizeof(ngcomplex_t);
        if (room < 0)
            return tp_str_fmt(mem,
                              "%d vectors of %d points need more memory "
                              "than a trial may have",
                              n, v->v_length);
        w[k].name = tp_str_copy(mem, tp_str_of(own));
        copy_vector(&w[k], v, mem);
        bool swept = !is_pointlike(kind) && is_scale(w[0].name);
        w[k].x = swept && w[k].n == w[0].n ? w[0].re : NULL;
        k++;
    }
    out->n_wave = k;
    return TP_S("");
}

int tp_ng_plots(const tp_str **name, tp_arena *mem)
{
    char **all = ngSpice_AllPlots();
    int    n = 0, k = 0;
    while (all && all[n]) n++;
    tp_str *out = TP_NEW(mem, tp_str, n);
    for (int i = n - 1; i >= 0; i--) /* ngspice lists the last first */
        if (strcmp(all[i], "const") != 0)
            out[k++] = tp_str_copy(mem, tp_str_of(all[i]));
    *name = out;
    return k;
}

bool tp_ng_read_vector(tp_wave *out, tp_str name, tp_arena *mem)
{
    tp_arena     scratch = *mem;
    vector_info *v = ngGet_Vec_Info(tp_str_z(&scratch, name));
    *out = (tp_wave){.name = name};
    if (!v) return false;
    copy_vector(out, v, mem);
    return true;
}
