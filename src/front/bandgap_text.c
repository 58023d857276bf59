/* A bandgap sweep as the text of a problem file. */
#include "front/bandgap.h"

#include <math.h>

/* A part of the sweep's file as JSON. */
static void add_part(tp_buf *b, const tp_yaml *y, int depth)
{
    char v[TP_NUMBER_MAX];
    bool map = y->kind == TP_YAML_MAP, list = y->kind == TP_YAML_LIST;
    if (y->kind == TP_YAML_NULL) tp_buf_add(b, TP_S("null"));
    if (y->kind == TP_YAML_BOOL) tp_buf_fmt(b, y->truth ? "true" : "false");
    if (y->kind == TP_YAML_NUMBER) tp_buf_fmt(b, "%s", tp_exact(y->number, v));
    if (y->kind == TP_YAML_TEXT) tp_buf_json(b, y->text);
    if (!map && !list) return;
    tp_buf_char(b, map ? '{' : '[');
    for (int i = 0; i < y->n; i++) {
        if (i) tp_buf_add(b, TP_S(", "));
        if (map) tp_buf_json(b, y->part[i].key);
        if (map) tp_buf_add(b, TP_S(": "));
        add_part(b, &y->part[i], depth + 1); /* the reader limits the depth */
    }
    tp_buf_char(b, map ? '}' : ']');
}

static void add_key(tp_buf *b, const char *key)
{
    tp_buf_fmt(b, ",\n  \"%s\": ", key);
}

static void add_number(tp_buf *b, const char *key, double v)
{
    char text[TP_NUMBER_MAX];
    if (isnan(v)) return;
    bool first = b->len && b->at[b->len - 1] == '{';
    tp_buf_fmt(b, "%s\"%s\": %s", first ? "" : ", ", key, tp_exact(v, text));
}

static void add_params(tp_buf *b, const tp_sweep_plan *s)
{
    add_key(b, "parameters");
    tp_buf_char(b, '[');
    for (int i = 0; i < s->n; i++) {
        const tp_sweep_param *p = &s->param[i];
        char                  lo[TP_NUMBER_MAX], hi[TP_NUMBER_MAX];
        double                last = p->lo + p->step * (p->points - 1);
        tp_exact(p->lo, lo);
        tp_buf_fmt(b, "%s\n    {\"name\": ", i ? "," : "");
        tp_buf_json(b, s->hole[i].name);
        tp_buf_fmt(b,
                   ", \"type\": \"value\", \"scale\": \"lin\", \"range\": "
                   "[%s, %s]",
                   lo, tp_exact(last, hi));
        add_number(b, "init", p->start);
        if (tp_yaml_get(p->at, "unit")) {
            tp_buf_add(b, TP_S(", \"unit\": "));
            add_part(b, tp_yaml_get(p->at, "unit"), 0);
        }
        tp_buf_char(b, '}');
    }
    tp_buf_char(b, ']');
}

/* In the literal form any difference from Vbg is a miss, targets count from
   both sides, and the weights twice. */
static void add_specs(tp_buf *b, const tp_sweep_plan *s)
{
    const tp_bandgap_goal *g = &s->goal;
    double                 band = s->literal ? 0 : g->vbg_tolerance * g->vbg;
    add_key(b, "specs");
    tp_buf_add(b, TP_S("{\n    \"Vbg\": {"));
    add_number(b, "min", g->vbg - band);
    add_number(b, "max", g->vbg + band);
    add_number(b, "target", g->vbg);
    add_number(b, "weight", g->w_vbg);
    add_number(b, "scale", g->vbg);
    if (!isnan(g->psrr)) {
        tp_buf_add(b, TP_S("},\n    \"PSRR\": {\"unit\": \"dB\", "));
        tp_buf_fmt(b, "\"sense\": \"%s\"", s->literal ? "both" : "higher");
        add_number(b, "min", g->psrr_min);
        add_number(b, "target", g->psrr);
        add_number(b, "weight", g->w_psrr * (s->literal ? 0.5 : 1));
    }
    if (!isnan(g->tc)) {
        tp_buf_add(b, TP_S("},\n    \"TC\": {\"unit\": \"ppm/K\", "));
        tp_buf_fmt(b, "\"sense\": \"%s\"", s->literal ? "both" : "lower");
        add_number(b, "max", g->tc_max);
        add_number(b, "target", g->tc);
        add_number(b, "weight", g->w_tc * (s->literal ? 0.3 : 1));
    }
    tp_buf_add(b, TP_S("}}"));
}

static bool is_typical(tp_str section)
{
    return tp_str_same(tp_str_part(section, 0, 2), TP_S("tt"));
}

/* "tt+res_tt" as a corner. */
static void add_corner(tp_buf *b, tp_str sections)
{
    bool first = true;
    tp_buf_add(b, TP_S("{\"model\": ["));
    for (tp_str v; (v = tp_str_word(&sections, "+")).len; first = false) {
        if (!first) tp_buf_add(b, TP_S(", "));
        tp_buf_json(b, v);
    }
    tp_buf_add(b, TP_S("]}"));
}

/* "ff,tt+res_tt" as a phase. */
static void add_corner_list(tp_buf *b, const tp_sweep_plan *s, tp_str list)
{
    tp_str first = {"", 0}, rest = list, w;
    while (s->typical_first && !first.len && (w = tp_str_word(&rest, ", ")).len)
        if (is_typical(w)) first = w;
    tp_buf_add(b, TP_S("{\"phase1\": ["));
    if (first.len) add_corner(b, first);
    bool more = first.len > 0;
    while ((w = tp_str_word(&list, ", ")).len) {
        if (w.at == first.at) continue;
        if (more) tp_buf_add(b, TP_S(", "));
        add_corner(b, w);
        more = true;
    }
    tp_buf_add(b, TP_S("]}"));
}

/* The first corner of the list that is a typical one; else 0. */
static int typical_of(const tp_sweep_plan *s, const tp_yaml *many)
{
    for (int i = 0; s->typical_first && i < many->n; i++) {
        const tp_yaml *y = tp_yaml_get(&many->part[i], "model");
        if (!y) y = tp_yaml_get(&many->part[i], "sections");
        if (y && y->kind == TP_YAML_LIST && y->n) y = &y->part[0];
        if (y && y->kind == TP_YAML_TEXT && is_typical(y->text)) return i;
    }
    return 0;
}

static void add_corner_parts(tp_buf *b, const tp_sweep_plan *s,
                             const tp_yaml *many)
{
    int first = typical_of(s, many);
    tp_buf_add(b, TP_S("{\"phase1\": ["));
    for (int i = 0; i < many->n; i++) {
        int at = i == 0 ? first : i <= first ? i - 1 : i;
        if (i) tp_buf_add(b, TP_S(", "));
        add_part(b, &many->part[at], 0);
    }
    tp_buf_add(b, TP_S("]}"));
}

static tp_status add_corners(tp_buf *b, const tp_sweep_plan *s)
{
    const tp_yaml *one = tp_yaml_get(s->top, "corner");
    const tp_yaml *many = tp_yaml_get(s->top, "corners");
    const tp_str  *name;
    tp_buf         list = {.mem = s->mem};
    int            n = 0;
    if (one && many)
        return tp_yaml_fail(many, s->err,
                            "'corner' and 'corners' exclude each other");
    if (!one && !many && !s->ask->corner.len) return TP_OK;
    add_key(b, "corners");
    if (s->ask->corner.len) {
        add_corner_list(b, s, s->ask->corner);
        return TP_OK;
    }
    if (many) {
        if (many->kind != TP_YAML_LIST)
            return tp_yaml_fail(many, s->err, "a list of corners is expected");
        add_corner_parts(b, s, many);
        return TP_OK;
    }
    TP_TRY(tp_yaml_texts(&name, &n, s->top, "corner", s->mem, s->err));
    for (int i = 0; i < n; i++)
        tp_buf_fmt(&list, "%s%.*s", i ? "," : "", TP_F(name[i]));
    add_corner_list(b, s, tp_buf_str(&list));
    return TP_OK;
}

static void add_measure(tp_buf *b, const char *name, const char *analysis,
                        tp_str expr)
{
    bool first = b->at[b->len - 1] == '{';
    tp_buf_fmt(b, "%s\n    \"%s\": {\"analysis\": \"%s\", \"expr\": ",
               first ? "" : ",", name, analysis);
    tp_buf_json(b, expr);
    tp_buf_char(b, '}');
}

/* The usual ways to measure, box method over -40 to 125 degrees C. */
static tp_status add_measurements(tp_buf *b, const tp_sweep_plan *s)
{
    const tp_yaml *own = tp_yaml_get(s->top, "measurements");
    const tp_yaml *how = tp_yaml_get(s->top, "analyses");
    tp_str         net = TP_S("vref");
    TP_TRY(tp_yaml_text(&net, s->top, "output", s->err));
    add_key(b, "analyses");
    if (how)
        add_part(b, how, 0);
    else
        tp_buf_add(b, TP_S("{\"dcOp\": {\"type\": \"op\"}, \"dc\": {\"type\": "
                           "\"dc\", \"source\": \"temp\", \"start\": -40, "
                           "\"stop\": 125, \"step\": 5}, \"ac\": {\"start\": "
                           "1, \"stop\": 1e6, \"dec\": 5}}"));
    add_key(b, "measurements");
    if (own) {
        add_part(b, own, 0);
        return TP_OK;
    }
    tp_buf_char(b, '{');
    add_measure(b, "Vbg", "dcOp",
                tp_str_fmt(s->mem, "VDC(\"/%.*s\")", TP_F(net)));
    if (!isnan(s->goal.psrr))
        add_measure(
            b, "PSRR", "ac",
            tp_str_fmt(s->mem, "-value(dB20(VF(\"/%.*s\")) 1)", TP_F(net)));
    if (!isnan(s->goal.tc))
        add_measure(b, "TC", "dc",
                    tp_str_fmt(s->mem,
                               "(ymax(VS(\"/%.*s\")) - ymin(VS(\"/%.*s\"))) "
                               "/ (value(VS(\"/%.*s\") 27) * 165) * 1e6",
                               TP_F(net), TP_F(net), TP_F(net)));
    tp_buf_char(b, '}');
    return TP_OK;
}

tp_status tp_sweep_text(tp_str *out, const tp_sweep_plan *s)
{
    static const char *const passed[] = {"model_file", "dialect"};
    tp_buf                   b = {.mem = s->mem};
    const tp_yaml           *sim = tp_yaml_get(s->top, "simulator");
    tp_buf_add(&b, TP_S("{\"optimization\": {\n  \"name\": \"bg\""));
    add_key(&b, "method");
    tp_buf_json(&b, tp_sweep_method(s));
    add_key(&b, "simulator");
    tp_buf_add(&b, TP_S("{\"deck\": "));
    tp_buf_json(&b, s->deck);
    if (sim) tp_buf_add(&b, TP_S(", \"name\": "));
    if (sim) add_part(&b, sim, 0);
    tp_buf_char(&b, '}');
    for (int i = 0; i < TP_COUNT(passed); i++) {
        const tp_yaml *y = tp_yaml_get(s->top, passed[i]);
        if (!y) continue;
        add_key(&b, passed[i]);
        add_part(&b, y, 0);
    }
    add_params(&b, s);
    TP_TRY(add_measurements(&b, s));
    add_specs(&b, s);
    TP_TRY(add_corners(&b, s));
    /* A sweep ends where its method does. */
    add_key(&b, "budget");
    tp_buf_add(&b, TP_S("{\"stall\": 0, \"converge_cost\": 0}\n}}\n"));
    *out = tp_buf_str(&b);
    return TP_OK;
}
