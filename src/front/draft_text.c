/* The draft of a problem file as JSON. */
#include "front/draft.h"

#include <math.h>

/* ---- pieces -------------------------------------------------------------- */

static void key(tp_buf *b, const char *name)
{
    tp_buf_fmt(b, ",\n    \"%s\": ", name);
}

static void number(tp_buf *b, double v)
{
    char text[TP_NUMBER_MAX];
    tp_buf_fmt(b, "%s", tp_exact(v, text));
}

/* With so many digits, rounded up or down: a limit that v just meets. */
static double rounded(double v, int digits, bool up)
{
    if (v == 0 || !isfinite(v)) return v;
    double   unit = pow(10, floor(log10(fabs(v))) - (digits - 1));
    double   r = (up ? ceil(v / unit - 1e-9) : floor(v / unit + 1e-9)) * unit;
    char     text[64];
    tp_arena mem = {text, text + sizeof text, text};
    tp_number_all(tp_str_fmt(&mem, "%.12g", r), &r);
    return r;
}

/* W_M1 of L_M1 and the other way round. */
static const tp_draft_param *partner(const tp_draft *d, const tp_draft_param *p,
                                     char letter)
{
    for (int i = 0; i < d->n_param; i++) {
        const tp_draft_param *o = &d->param[i];
        if (o->name.len == p->name.len && tp_lower(o->name.at[0]) == letter &&
            tp_str_same(tp_str_from(o->name, 1), tp_str_from(p->name, 1)) &&
            o->mos == p->mos)
            return o;
    }
    return NULL;
}

/* Whether this width is to be found from gm/Id: a process is given, and its
   name and that of its length are W_<tag> and L_<tag>. */
static bool sized(const tp_draft *d, const tp_draft_param *p)
{
    return d->ask.pdk.len && p->type == TP_DRAFT_W && p->name.len > 2 &&
           tp_str_starts(p->name, TP_S("w_")) && p->mos >= 0 &&
           d->mos[p->mos].path.len && partner(d, p, 'l');
}

static tp_str tag_of(const tp_draft_param *p)
{
    return tp_str_from(p->name, 2);
}

/* A parameter whose only device is a copy of an earlier one: which of that
   device's it follows; NULL: it is searched. */
static const tp_draft_param *follows(const tp_draft *d, const tp_draft_param *p)
{
    int like = p->mos >= 0 ? d->mos[p->mos].like : -1;
    if (like < 0 || p->type > TP_DRAFT_M) return NULL;
    for (int i = 0; i < d->n_param; i++)
        if (&d->param[i] != p &&
            tp_str_same(d->param[i].name, d->mos[like].size[p->type]))
            return &d->param[i];
    return NULL;
}

/* Id_M1 of a device that is sized: what is derived of it. */
static bool is_current_of_sized(const tp_draft *d, const tp_draft_param *p)
{
    if (!tp_str_starts(p->name, TP_S("id_"))) return false;
    for (int i = 0; i < d->n_param; i++)
        if (sized(d, &d->param[i]) &&
            tp_str_same(tag_of(&d->param[i]), tp_str_from(p->name, 3)))
            return true;
    return false;
}

static bool searched(const tp_draft *d, const tp_draft_param *p)
{
    return !follows(d, p) && !is_current_of_sized(d, p);
}

/* ---- parameters ---------------------------------------------------------- */

static const struct {
    const char *word;
    double      below, above;
} types[] = {[TP_DRAFT_W] = {"W", 4, 4},
             [TP_DRAFT_L] = {"L", 1, 4},
             [TP_DRAFT_M] = {"M", 4, 4},
             [TP_DRAFT_COMP] = {"comp", 5, 5},
             [TP_DRAFT_VALUE] = {"value", 4, 4}};

static void range(tp_buf *b, double lo, double hi, double init)
{
    tp_buf_add(b, TP_S(", \"range\": ["));
    number(b, lo);
    tp_buf_add(b, TP_S(", "));
    number(b, hi);
    tp_buf_add(b, TP_S("], \"init\": "));
    number(b, init);
}

static void plain_param(tp_buf *b, const tp_draft *d, const tp_draft_param *p)
{
    const char *role = p->mos >= 0 ? d->mos[p->mos].role : "";
    double      lo = rounded(p->value / types[p->type].below, 3, false);
    double      hi = rounded(p->value * types[p->type].above, 3, true);
    bool        whole = p->type == TP_DRAFT_M && p->value == floor(p->value);
    bool        part = p->type == TP_DRAFT_M && !whole;
    if (whole) lo = fmax(1, floor(lo));
    tp_buf_add(b, TP_S("\n      {\"name\": "));
    tp_buf_json(b, p->name);
    tp_buf_fmt(b, ", \"type\": \"%s\"", part ? "value" : types[p->type].word);
    if (role[0]) tp_buf_fmt(b, ", \"device\": \"%s\"", role);
    range(b, lo, hi, p->value);
    bool length = p->type == TP_DRAFT_W || p->type == TP_DRAFT_L;
    if (p->type == TP_DRAFT_VALUE) {
        tp_buf_add(b, TP_S(", \"unit\": "));
        tp_buf_json(b, p->unit);
    }
    if (length && d->scale != 1)
        tp_buf_fmt(b, ", \"unit\": \"%s\"", d->scale == 1e-6 ? "um" : "");
    tp_buf_add(b, TP_S(", \"description\": "));
    tp_buf_json(b, p->users);
    tp_buf_char(b, '}');
}

/* gm/Id of the device as it is now; 12 where that is not known. */
static void gmid_param(tp_buf *b, const tp_draft *d, const tp_draft_param *p,
                       const tp_draft_seen *seen)
{
    const tp_draft_mos *m = &d->mos[p->mos];
    double              now = seen ? seen->gm[p->mos] / seen->id[p->mos] : NAN;
    double init = now >= 5 && now <= 25 ? rounded(now, 3, false) : 12;
    tp_buf_fmt(b, "\n      {\"name\": \"gmid_%.*s\", \"type\": \"gmid\"",
               TP_F(tag_of(p)));
    if (m->role[0]) tp_buf_fmt(b, ", \"device\": \"%s\"", m->role);
    range(b, 5, 25, init);
    tp_buf_add(b, TP_S(", \"description\": "));
    tp_buf_json(b, p->users);
    tp_buf_char(b, '}');
}

static void parameters(tp_buf *b, const tp_draft *d, const tp_draft_seen *seen)
{
    key(b, "parameters");
    tp_buf_char(b, '[');
    int n = 0;
    for (int i = 0; i < d->n_param; i++) {
        if (!searched(d, &d->param[i])) continue;
        if (n++) tp_buf_char(b, ',');
        if (seen && sized(d, &d->param[i]))
            gmid_param(b, d, &d->param[i], seen);
        else
            plain_param(b, d, &d->param[i]);
    }
    tp_buf_add(b, TP_S("\n    ]"));
}

/* "matched": the copies whose W_ and L_ are parameters too. */
static void matched(tp_buf *b, const tp_draft *d, const tp_draft_param *of)
{
    int n = 0;
    for (int i = 0; i < d->n_param; i++) {
        if (!sized(d, &d->param[i]) || follows(d, &d->param[i]) != of) continue;
        tp_buf_add(b, n++ ? TP_S(", ") : TP_S(", \"matched\": ["));
        tp_buf_json(b, tag_of(&d->param[i]));
    }
    if (n) tp_buf_char(b, ']');
}

/* What follows another parameter, but for what `matched` says. */
static void derived(tp_buf *b, const tp_draft *d, const tp_draft_seen *seen)
{
    int n = 0;
    for (int i = 0; i < d->n_param; i++) {
        const tp_draft_param *p = &d->param[i], *of = follows(d, p);
        const tp_draft_param *w =
            p->type == TP_DRAFT_W ? p : partner(d, p, 'w');
        if (!of || (seen && w && p->type != TP_DRAFT_M && sized(d, w)))
            continue;
        if (n++ == 0) key(b, "derived");
        tp_buf_add(b, n == 1 ? TP_S("{\n      ") : TP_S(",\n      "));
        tp_buf_json(b, p->name);
        tp_buf_add(b, TP_S(": {\"expr\": "));
        tp_buf_json(b, of->name);
        tp_buf_add(b, TP_S(", \"unit\": "));
        tp_buf_json(b, p->unit);
        tp_buf_char(b, '}');
    }
    if (n) tp_buf_add(b, TP_S("\n    }"));
}

static void devices(tp_buf *b, const tp_draft *d, const tp_draft_seen *seen)
{
    int n = 0;
    for (int i = 0; i < d->n_param; i++) {
        const tp_draft_param *p = &d->param[i];
        if (!seen || !sized(d, p) || !searched(d, p)) continue;
        const tp_draft_mos *m = &d->mos[p->mos];
        double              id = seen->id[p->mos];
        if (n++ == 0) key(b, "devices");
        tp_buf_add(b, n == 1 ? TP_S("{") : TP_S(","));
        tp_buf_fmt(b, "\n      \"%.*s\": {\"polarity\": \"%s\", \"instance\": ",
                   TP_F(tag_of(p)), m->pmos ? "pmos" : "nmos");
        tp_buf_json(b, m->path);
        tp_buf_add(b, TP_S(", \"id\": "));
        number(b, isfinite(id) ? rounded(fabs(id), 3, true) : 10e-6);
        matched(b, d, p);
        tp_buf_char(b, '}');
    }
    if (n) tp_buf_add(b, TP_S("\n    }"));
}

/* ---- measurements -------------------------------------------------------- */

/* The usual ones that this deck can have: X(name, least?, analysis). */
enum { POWER, GAIN, GBW, PM, USUAL };
static const struct {
    const char *name, *analysis;
    bool        least; /* its value now is a lower limit */
} usual[USUAL] = {[POWER] = {"power_w", "dcOp", false},
                  [GAIN] = {"gain_db", "ac", true},
                  [GBW] = {"gbw_hz", "ac", true},
                  [PM] = {"pm_deg", "ac", true}};

/* Of the supplies by name, where there are any, else of all steady sources. */
static tp_str power(const tp_draft *d)
{
    tp_buf b = {.mem = d->mem};
    bool   named = false;
    for (int i = 0; i < d->n_supply; i++)
        named = named ||
                (d->supply[i].value != 0 && tp_draft_is_rail(d->supply[i].net));
    for (int i = 0; i < d->n_supply; i++) {
        const tp_draft_supply *s = &d->supply[i];
        if (s->value == 0 || (named && !tp_draft_is_rail(s->net))) continue;
        tp_buf_fmt(&b, "%s-IDC(\"/%.*s/PLUS\") * VDC(\"/%.*s\")",
                   b.len ? " " : "", TP_F(s->name), TP_F(s->net));
    }
    return tp_buf_str(&b);
}

/* The expression, "" where the deck has not what it needs. */
static tp_str expression(const tp_draft *d, int k)
{
    tp_str o = d->output;
    if (k == POWER) return power(d);
    if (!d->ac || !o.len) return (tp_str){"", 0};
    if (k == GAIN)
        return tp_str_fmt(d->mem, "value(dB20(VF(\"/%.*s\")) 1)", TP_F(o));
    if (k == GBW)
        return tp_str_fmt(d->mem, "cross(dB20(VF(\"/%.*s\")) 0 1 \"falling\")",
                          TP_F(o));
    return tp_str_fmt(d->mem, "phaseMargin(VF(\"/%.*s\"))", TP_F(o));
}

static bool known(const tp_draft_seen *seen, int k)
{
    return !seen || isfinite(seen->usual[k]);
}

static void measure(tp_buf *b, tp_str name, const char *analysis, tp_str expr)
{
    tp_buf_add(b,
               b->at[b->len - 1] == '{' ? TP_S("\n      ") : TP_S(",\n      "));
    tp_buf_json(b, name);
    tp_buf_fmt(b, ": {\"analysis\": \"%s\", \"expr\": ", analysis);
    tp_buf_json(b, expr);
    tp_buf_char(b, '}');
}

/* The probe's: gm and Id of each device that is to be sized. */
static void probe_measures(tp_buf *b, const tp_draft *d)
{
    static const char *const what[] = {"gm", "id"};
    for (int i = 0; i < d->n_param; i++) {
        if (!sized(d, &d->param[i])) continue;
        tp_str path = d->mos[d->param[i].mos].path;
        tp_buf slashed = {.mem = d->mem};
        for (ptrdiff_t k = 0; k < path.len; k++)
            tp_buf_char(&slashed, path.at[k] == '.' ? '/' : path.at[k]);
        for (int k = 0; k < 2; k++)
            measure(b, tp_str_fmt(d->mem, "%s_%d", what[k], d->param[i].mos),
                    "dcOp",
                    tp_str_fmt(d->mem, "OP(\"/%.*s\" \"%s\")",
                               TP_F(tp_buf_str(&slashed)), what[k]));
    }
}

static void measurements(tp_buf *b, const tp_draft *d,
                         const tp_draft_seen *seen)
{
    key(b, "measurements");
    tp_buf_char(b, '{');
    for (int k = 0; k < USUAL; k++) {
        tp_str e = expression(d, k);
        if (e.len && (known(seen, k) || !seen->any))
            measure(b, tp_str_of(usual[k].name), usual[k].analysis, e);
    }
    if (!seen) probe_measures(b, d);
    tp_buf_add(b, TP_S("\n    }"));
}

/* The limits are what the deck has now. */
static void specs(tp_buf *b, const tp_draft *d, const tp_draft_seen *seen)
{
    bool first = true;
    key(b, "specs");
    tp_buf_char(b, '{');
    for (int k = 0; k < USUAL; k++) {
        if (!expression(d, k).len || !known(seen, k)) continue;
        double v = seen ? rounded(seen->usual[k], 2, !usual[k].least) : 0;
        tp_buf_fmt(b, "%s\n      \"%s\": {\"%s\": ", first ? "" : ",",
                   usual[k].name, usual[k].least ? "min" : "max");
        number(b, v);
        tp_buf_char(b, '}');
        first = false;
    }
    tp_buf_add(b, TP_S("\n    }"));
}

/* ---- the rest ------------------------------------------------------------ */

static void corners(tp_buf *b, const tp_draft *d)
{
    static const struct {
        const char *model;
        int         temp;
    } more[][3] = {{{NULL, 27}, {"ff", 27}, {"ss", 27}},
                   {{NULL, 27}, {"ff", -40}, {"ss", 125}}};
    if (!d->section.len) return;
    key(b, "corners");
    tp_buf_add(b, TP_S("{\n      \"phase1\": [{\"model\": "));
    tp_buf_json(b, d->section);
    tp_buf_add(b, TP_S(", \"temp\": 27}]"));
    for (int k = 0; d->corners && k < 2; k++) {
        tp_buf_fmt(b, ",\n      \"phase%d\": [", k + 2);
        for (int i = 0; i < 3; i++) {
            tp_buf_add(b, i ? TP_S(", {\"model\": ") : TP_S("{\"model\": "));
            tp_buf_json(b, more[k][i].model ? tp_str_of(more[k][i].model)
                                            : d->section);
            tp_buf_fmt(b, ", \"temp\": %d}", more[k][i].temp);
        }
        tp_buf_char(b, ']');
    }
    tp_buf_add(b, TP_S("\n    }"));
}

/* Nets, supplies and devices in words. */
static tp_str description(const tp_draft *d)
{
    tp_buf b = {.mem = d->mem};
    char   v[TP_NUMBER_MAX];
    tp_buf_fmt(&b, "Drafted from %.*s; its limits are what the deck has now.",
               TP_F(tp_path_name(d->file)));
    for (int i = 0; i < d->n_supply; i++)
        tp_buf_fmt(&b, "%s %.*s = %s at %.*s",
                   i ? "," : " Supplies:", TP_F(d->supply[i].name),
                   tp_engineering(d->supply[i].value, TP_S("V"), v),
                   TP_F(d->supply[i].net));
    if (d->n_supply) tp_buf_char(&b, '.');
    for (int i = 0; i < d->n_mos; i++)
        tp_buf_fmt(&b, "%s %.*s %s%s%s",
                   i ? "," : " Devices:", TP_F(d->mos[i].name),
                   d->mos[i].pmos ? "pmos" : "nmos",
                   d->mos[i].role[0] ? " " : "", d->mos[i].role);
    if (d->n_mos) tp_buf_char(&b, '.');
    if (d->output.len) tp_buf_fmt(&b, " Output: %.*s.", TP_F(d->output));
    return tp_buf_str(&b);
}

tp_str tp_draft_text(const tp_draft *d, const tp_draft_seen *seen, tp_str deck)
{
    tp_buf b = {.mem = d->mem};
    tp_buf_add(&b, TP_S("{\n  \"optimization\": {\n    \"name\": "));
    tp_buf_json(&b, tp_path_stem(d->file));
    if (seen) {
        key(&b, "description");
        tp_buf_json(&b, description(d));
    }
    if (seen && d->ask.pdk.len) {
        key(&b, "pdk");
        tp_buf_json(&b, d->ask.pdk);
        key(&b, "process_data");
        tp_buf_json(&b, d->ask.process_data);
    }
    key(&b, "simulator");
    tp_buf_add(&b, TP_S("{\"deck\": "));
    tp_buf_json(&b, deck);
    tp_buf_char(&b, '}');
    parameters(&b, d, seen);
    devices(&b, d, seen);
    derived(&b, d, seen);
    measurements(&b, d, seen);
    specs(&b, d, seen);
    if (seen) corners(&b, d);
    if (seen) key(&b, "budget");
    if (seen) tp_buf_add(&b, TP_S("{\"max_iterations\": 100}"));
    tp_buf_add(&b, TP_S("\n  }\n}\n"));
    return tp_buf_str(&b);
}

tp_status tp_draft_probe(tp_problem *out, const tp_draft *d, tp_err *err)
{
    tp_files   deck = tp_deck_files(d->deck);
    tp_source *file = TP_NEW(d->mem, tp_source, deck.n + 1);
    tp_str     folder = tp_path_folder(d->file);
    file[0].name = tp_path_join(folder, TP_S("draft.json"), d->mem);
    file[0].text = tp_draft_text(d, NULL, tp_path_name(d->file));
    for (int i = 0; i < deck.n; i++) file[i + 1] = deck.file[i];
    file[1].name = tp_path_join(folder, tp_path_name(d->file), d->mem);
    tp_files files = {.n = deck.n + 1, .file = file};
    return tp_front_read(out, tp_str_z(d->mem, file[0].name), &files, d->mem,
                         err);
}

void tp_draft_see(tp_draft_seen *out, const tp_draft *d, const tp_problem *p,
                  const tp_reading *r)
{
    *out = (tp_draft_seen){.any = r != NULL,
                           .gm = TP_NEW(d->mem, double, d->n_mos + 1),
                           .id = TP_NEW(d->mem, double, d->n_mos + 1)};
    for (int i = 0; i < d->n_mos; i++) out->gm[i] = out->id[i] = NAN;
    for (int k = 0; k < USUAL; k++) out->usual[k] = NAN;
    for (int i = 0; r && i < p->n_measure; i++) {
        tp_str name = p->measure[i].name;
        double which;
        double v = r[i].ok ? r[i].value : NAN;
        for (int k = 0; k < USUAL; k++)
            if (tp_str_eq(name, tp_str_of(usual[k].name))) out->usual[k] = v;
        if (name.len < 4 || !tp_number_all(tp_str_from(name, 3), &which))
            continue;
        if (tp_str_starts(name, TP_S("gm_"))) out->gm[(int)which] = v;
        if (tp_str_starts(name, TP_S("id_"))) out->id[(int)which] = fabs(v);
    }
}
