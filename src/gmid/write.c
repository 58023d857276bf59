/* Writing a lookup file: one line a row, the default's entries first. */
#include "gmid/inside.h"

#include <math.h>

static void add_number(tp_buf *b, double v)
{
    char text[TP_NUMBER_MAX];
    tp_buf_fmt(b, "%s", isfinite(v) ? tp_exact(v, text) : "null");
}

static void add_head_text(tp_buf *b, const char *key, tp_str value)
{
    if (value.len == 0) return;
    tp_buf_fmt(b, "  \"%s\": ", key);
    tp_buf_json(b, value);
    tp_buf_add(b, TP_S(",\n"));
}

static void add_head(tp_buf *b, const tp_gmid_table *t)
{
    tp_buf_add(b, TP_S("{\n"));
    add_head_text(b, "process", t->process);
    add_head_text(b, "device", t->device);
    add_head_text(b, "model", t->model);
    tp_buf_add(b, TP_S("  \"w_testbench\": "));
    add_number(b, t->w);
    tp_buf_add(b, TP_S(",\n"));
    add_head_text(b, "w_unit", TP_S("meters"));
    add_head_text(b, "id_unit",
                  TP_S("amperes (absolute current at w_testbench)"));
    add_head_text(b, "gain_unit", TP_S("V/V (gm/gds)"));
    add_head_text(b, "ft_unit", TP_S("Hz"));
    add_head_text(b, "sizing_formula",
                  TP_S("W_design = Id_needed / id * w_testbench"));
    add_head_text(b, "characterized", t->characterized);
    add_head_text(b, "corner", t->corner[t->def_corner]);
    for (int a = TP_GMID_VDS; a < TP_GMID_AXES; a++) {
        if (isnan(t->def[a])) continue;
        const char *key = tp_gmid_axis_row((tp_gmid_axis_kind)a)->key;
        tp_buf_fmt(b, "  \"%s\": ", key);
        add_number(b, t->def[a]);
        tp_buf_add(b, TP_S(",\n"));
    }
}

/* One column of a row; a gap is left out, but not an infinite gain. */
static void add_cell(tp_buf *b, tp_gmid_column k, double v)
{
    if (isnan(v)) return;
    tp_buf_fmt(b, "%s\"%s\": ", k == TP_GMID_VGS ? "" : ", ", tp_gmid_key(k));
    add_number(b, v);
}

static void add_rows(tp_buf *b, const tp_gmid_curve *c)
{
    tp_buf_add(b, TP_S("\"points\": ["));
    for (int i = 0; i < c->n; i++) {
        tp_buf_add(b, i ? TP_S(",\n      {") : TP_S("\n      {"));
        for (int k = 0; k < TP_GMID_COLUMNS; k++)
            if (c->v[k]) add_cell(b, (tp_gmid_column)k, c->v[k][i]);
        tp_buf_char(b, '}');
    }
    tp_buf_add(b, TP_S("\n    ]}"));
}

/* A curve's place, and how much of it is the default's. */
typedef struct spot {
    int corner, at[TP_GMID_AXES];
} spot;

static bool is_default(const tp_gmid_table *t, const spot *s, int a)
{
    return a == TP_GMID_AXES
               ? s->corner == t->def_corner
               : isnan(t->def[a]) || t->axis[a].at[s->at[a]] == t->def[a];
}

static void add_entry(tp_buf *b, const tp_gmid_table *t, const spot *s)
{
    tp_buf_add(b, TP_S("    {\"l\": "));
    add_number(b, t->axis[TP_GMID_L].at[s->at[TP_GMID_L]]);
    tp_buf_add(b, TP_S(", "));
    for (int a = TP_GMID_VDS; a < TP_GMID_AXES; a++) {
        if (is_default(t, s, a)) continue;
        tp_buf_fmt(b, "\"%s\": ", tp_gmid_axis_row((tp_gmid_axis_kind)a)->key);
        add_number(b, t->axis[a].at[s->at[a]]);
        tp_buf_add(b, TP_S(", "));
    }
    if (!is_default(t, s, TP_GMID_AXES)) {
        tp_buf_add(b, TP_S("\"corner\": "));
        tp_buf_json(b, t->corner[s->corner]);
        tp_buf_add(b, TP_S(", "));
    }
    add_rows(b, tp_gmid_curve_at(t, s->corner, s->at));
}

/* The next place, lengths fastest; false after the last. */
static bool next(const tp_gmid_table *t, spot *s)
{
    for (int a = 0; a < TP_GMID_AXES; a++) {
        if (++s->at[a] < t->axis[a].n) return true;
        s->at[a] = 0;
    }
    return ++s->corner < t->n_corner;
}

static bool all_default(const tp_gmid_table *t, const spot *s)
{
    bool all = true;
    for (int a = TP_GMID_VDS; a <= TP_GMID_AXES; a++)
        all = all && is_default(t, s, a);
    return all;
}

tp_str tp_gmid_write(const tp_gmid_table *t, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    int    n = 0;
    add_head(&b, t);
    tp_buf_add(&b, TP_S("  \"data\": [\n"));
    for (int others = 0; others < 2; others++) {
        spot s = {0};
        do {
            if (all_default(t, &s) == others) continue;
            if (tp_gmid_curve_at(t, s.corner, s.at)->n == 0) continue;
            if (n++) tp_buf_add(&b, TP_S(",\n"));
            add_entry(&b, t, &s);
        } while (next(t, &s));
    }
    tp_buf_add(&b, TP_S("\n  ]\n}\n"));
    return tp_buf_str(&b);
}
