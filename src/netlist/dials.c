/* dials: the numbers that devices get from a circuit's tunables. Every name in
   every row that a tunable is behind must lie inside a number of a kind that
   the simulator can be told later; else the circuit has no dials, and says
   why. */
#include "netlist/dials.h"

#include <math.h>
#include <string.h>

/* ---- what is found ------------------------------------------------------- */

static void refuse(struct tp_dials_inside *w, int row, const char *what,
                   tp_str name)
{
    if (w->why.len > 0) return;
    w->why = tp_str_fmt(w->f.mem, "%s%.*s", what, TP_F(name));
    w->line = w->f.r->row[row].line + 1;
}

/* Whether a tunable is behind it. */
static bool varies(const struct tp_dials_inside *w, tp_term t)
{
    return tp_depends(&w->f.code, t);
}

static bool term_of(struct tp_dials_inside *w, const tp_scope *s, tp_str text,
                    int row, tp_term *out)
{
    if (tp_flat_term(&w->f, s, text, out, row)) return true;
    refuse(w, row, "", w->f.trouble);
    return false;
}

static void add_dial(struct tp_dials_inside *w, tp_dial d, tp_term t)
{
    *TP_PUSH(w->f.mem, w->term, w->n_dial, w->cap_term) = t;
    w->n_dial--; /* two arrays in step */
    *TP_PUSH(w->f.mem, w->dial, w->n_dial, w->cap_dial) = d;
}

/* ---- rows ---------------------------------------------------------------- */

static bool is_group(tp_str s)
{
    return s.len > 1 && (s.at[0] == '{' || s.at[0] == '\'' || s.at[0] == '"');
}

/* A name in a text that a tunable is behind, or "". */
static tp_str varying_name(struct tp_dials_inside *w, const tp_scope *s,
                           tp_str text, int row)
{
    for (ptrdiff_t i = 0; i < text.len;) {
        ptrdiff_t from = i;
        tp_term   t;
        while (i < text.len && tp_is_name_byte(text.at[i])) i++;
        tp_str name = tp_str_part(text, from, i - from);
        if (i == from) i++;
        if (!tp_is_name(name) || !tp_flat_knows(&w->f, s, name)) continue;
        if (term_of(w, s, name, row, &t) && varies(w, t)) return name;
    }
    return TP_S("");
}

/* The flat name: "m1" in x1.x2 -> "m.x1.x2.m1". */
static tp_str device_name(struct tp_dials_inside *w, const tp_scope *s, int row)
{
    ptrdiff_t at = 0;
    tp_str    name =
        tp_str_lower(w->f.mem, tp_plain_word(w->f.r->row[row].text, &at));
    if (s->path.len == 0) return name;
    return tp_str_fmt(w->f.mem, "%c.%.*s.%.*s", name.at[0], TP_F(s->path),
                      TP_F(name));
}

/* What a device's number without a name is called, by its letter. */
static const struct unnamed {
    char        letter;
    int         field; /* counted from the device's name, 0 */
    const char *par;
} unnamed[] = {
    {'r', 3, "resistance"},  {'c', 3, "capacitance"}, {'l', 3, "inductance"},
    {'v', 3, "dc"},          {'i', 3, "dc"},          {'e', 5, "gain"},
    {'g', 5, "gain"},        {'f', 4, "gain"},        {'h', 4, "gain"},
    {'k', 3, "coefficient"},
};

/* Words before a number of a source. */
static const struct worded {
    const char *word, *par;
} worded[] = {{"dc", "dc"}, {"ac", "acmag"}};

static const char named_letters[] = "rclvimdqj";

/* Where one is in a row. */
struct field {
    int    n;
    tp_str text, before;
    bool   named; /* `before` is the name, an '=' between */
    bool   key;   /* it is itself such a name */
};

static tp_str par_of(const struct field *f, char letter, tp_arena *mem)
{
    if (f->named && strchr(named_letters, letter))
        return tp_str_lower(mem, f->before);
    if (f->named) return TP_S("");
    bool source = letter == 'v' || letter == 'i';
    for (int i = 0; i < TP_COUNT(worded) && source; i++)
        if (tp_str_same(f->before, tp_str_of(worded[i].word)))
            return tp_str_of(worded[i].par);
    for (int i = 0; i < TP_COUNT(unnamed); i++)
        if (unnamed[i].letter == letter && unnamed[i].field == f->n)
            return tp_str_of(unnamed[i].par);
    return TP_S("");
}

/* Goes through the fields of a row from `at` on. False at the end. */
static bool next_field(tp_str text, ptrdiff_t *at, struct field *f)
{
    tp_str before = f->text;
    bool   named = tp_before_equals(text, *at);
    f->text = tp_field(text, at);
    f->before = before;
    f->named = named && f->n >= 0;
    f->key = tp_before_equals(text, *at);
    f->n++;
    return f->text.len > 0;
}

/* A number that can be set at any time, or not. */
static void one_number(struct tp_dials_inside *w, int row, tp_str text,
                       tp_dial d, tp_term t)
{
    if (tp_is_temper(&w->f.code, t))
        refuse(w, row, "the temperature is in ", text);
    else if (tp_is_random(&w->f.code, t))
        refuse(w, row, "random numbers", TP_S(""));
    else if (varies(w, t))
        add_dial(w, d, t);
}

/* A field whose number a tunable is behind becomes a dial or a refusal. */
static void one_field(struct tp_dials_inside *w, const tp_scope *s, int row,
                      const struct field *f, tp_dial d)
{
    tp_term t;
    char    letter = tp_lower(w->f.r->row[row].text.at[0]);
    if (varying_name(w, s, f->text, row).len == 0) return;
    d.par = par_of(f, letter, w->f.mem);
    if (!is_group(f->text) && !tp_is_name(f->text))
        refuse(w, row, "an expression without braces: ", f->text);
    else if (d.par.len == 0)
        refuse(w, row, "it can't be set later: ", f->text);
    else if (term_of(w, s, f->text, row, &t))
        one_number(w, row, f->text, d, t);
}

/* ---- devices ------------------------------------------------------------- */

static void add_user(struct tp_dials_inside *w, const tp_scope *s, int row,
                     tp_str base, tp_str device)
{
    const tp_row       *r = &w->f.r->row[row];
    struct tp_bin_user *u = TP_PUSH(w->f.mem, w->user, w->n_user, w->cap_user);
    *u = (struct tp_bin_user){.base = base, .device = device, .path = s->path};
    tp_str l = tp_row_value(r, TP_S("l"), w->f.mem);
    tp_str wide = tp_row_value(r, TP_S("w"), w->f.mem);
    tp_str nf = tp_row_value(r, TP_S("nf"), w->f.mem);
    if (nf.len == 0) nf = TP_S("1");
    if (l.len == 0 || wide.len == 0) {
        refuse(w, row, "no l and w, but a binned model: ", base);
        return;
    }
    term_of(w, s, l, row, &u->l);
    term_of(w, s, wide, row, &u->w);
    term_of(w, s, nf, row, &u->nf);
}

/* Fields after the name that are nodes or other devices, by the first letter;
   the model's name ends those of a transistor. */
static int names_of(char letter)
{
    static const struct {
        const char *letters;
        int         n;
    } row[] = {{"rclvidk", 2}, {"fhqj", 3}, {"eg", 4}};
    for (int i = 0; i < TP_COUNT(row); i++)
        if (strchr(row[i].letters, letter)) return row[i].n;
    return 0;
}

/* Whether a field can be a number: no node, no model. */
static bool is_value(const tp_row *r, const struct field *f, tp_str type,
                     ptrdiff_t rest)
{
    bool transistor = tp_lower(r->text.at[0]) == 'm';
    if (f->n == 0 || f->key) return false;
    if (f->named || is_group(f->text)) return true;
    if (transistor) return f->text.at - r->text.at >= rest;
    return f->n > names_of(tp_lower(r->text.at[0])) &&
           !(tp_str_eq(f->text, type) && f->n <= 5 &&
             strchr("dqj", tp_lower(r->text.at[0])));
}

/* Devices whose multiplier `alter` sets to the same effect as their line does
   (a g or f has it in its gain from then on), and those that get none from
   their sub-circuit in any version of the simulator. */
static const char multiplied[] = "rclidqjm", never_multiplied[] = "vehk";

/* The multiplier that a device gets from its sub-circuit; that of its own line
   is in it, or is lost. */
static void one_multiplier(struct tp_dials_inside *w, const tp_scope *s,
                           int row, tp_dial d)
{
    const tp_row *r = &w->f.r->row[row];
    tp_term       t;
    char          letter = tp_lower(r->text.at[0]);
    bool          known = strchr(multiplied, letter) != NULL;
    if (!term_of(w, s, TP_S("m"), row, &t)) return;
    if (known && !tp_flat_multiplier(&w->f, s, row, &t)) {
        refuse(w, row, "", w->f.trouble);
        return;
    }
    if (strchr(never_multiplied, letter) || !varies(w, t)) return;
    d.par = TP_S("m");
    if (known)
        one_number(w, row, d.par, d, t);
    else
        refuse(w, row, "a multiplier of a sub-circuit at ", d.device);
}

/* ngspice 39 multiplies a diode's area by its m once more at every analysis,
   until the circuit is read again. */
static void check_diode(struct tp_dials_inside *w, const tp_scope *s, int row)
{
    const tp_row *r = &w->f.r->row[row];
    bool          m = tp_row_value(r, TP_S("m"), w->f.mem).len > 0;
    if (tp_lower(r->text.at[0]) != 'd') return;
    if (tp_row_value(r, TP_S("area"), w->f.mem).len == 0) return;
    if (m || tp_flat_spreads(&w->f, s))
        refuse(w, row, "the simulator multiplies area by m at each analysis: ",
               device_name(w, s, row));
}

/* Coupled inductors give a transient other last bits after each analysis that
   was made since the circuit was read (ngspice 39). */
static void check_coupling(struct tp_dials_inside *w, int row)
{
    const tp_circuit *c = w->f.c;
    tp_str            text = w->f.r->row[row].text;
    if (tp_lower(text.at[0]) != 'k') return;
    w->tran = "a transient of coupled inductors remembers the point before";
    for (int i = 0; i < c->n_analysis; i++)
        if (tp_str_same(c->analysis[i].kind, TP_S("tran")))
            refuse(w, row, w->tran, TP_S(""));
}

static void visit_device(struct tp_dials_inside *w, int row, const tp_scope *s)
{
    const tp_row *r = &w->f.r->row[row];
    ptrdiff_t     at = 0, rest;
    struct field  f = {.n = -1, .text = TP_S("")};
    tp_dial       d = {.user = -1, .bin = -1};
    d.device = d.reads = device_name(w, s, row);
    tp_str type = tp_row_type(r, &rest);
    bool   transistor = tp_lower(r->text.at[0]) == 'm';
    if (transistor && tp_table_find(&w->bins.base, type) >= 0)
        add_user(w, s, row, type, d.device);
    if (transistor || strchr("dqj", tp_lower(r->text.at[0])))
        *TP_PUSH(w->f.mem, w->owner, w->n_owner, w->cap_owner) =
            (struct tp_owner){s->path, type, d.device};
    bool spread = tp_flat_spreads(&w->f, s);
    while (next_field(r->text, &at, &f)) {
        bool m = f.named && tp_str_same(f.before, TP_S("m"));
        if (spread && m && tp_is_multiplied(r)) continue;
        if (is_value(r, &f, type, rest)) one_field(w, s, row, &f, d);
    }
    if (spread) one_multiplier(w, s, row, d);
    check_diode(w, s, row);
    check_coupling(w, row);
}

/* The simulator spreads multipliers before it evaluates anything. */
static void visit_call(struct tp_dials_inside *w, int row, const tp_scope *s)
{
    tp_term t;
    bool    has = tp_flat_multiplier(&w->f, s, row, &t);
    if (has && varies(w, t) && !tp_spread_is_plain(&w->f, row))
        refuse(w, row, "a multiplier of a sub-circuit: ",
               tp_first_word(w->f.r->row[row].text));
}

/* ---- models -------------------------------------------------------------- */

/* A number of a model is set through each device that has the model. */
static void visit_model(struct tp_dials_inside *w, int row, const tp_scope *s)
{
    const tp_row *r = &w->f.r->row[row];
    ptrdiff_t     at = 0;
    struct field  f = {.n = -1, .text = TP_S("")};
    while (next_field(r->text, &at, &f)) {
        tp_term t;
        if (f.n < 3 || f.key || varying_name(w, s, f.text, row).len == 0)
            continue;
        if (!term_of(w, s, f.text, row, &t) || !varies(w, t)) continue;
        *TP_PUSH(w->f.mem, w->later, w->n_later, w->cap_later) =
            (struct tp_later){row, f.text, f.before, t, s->path};
        if (!f.named) refuse(w, row, "it can't be set later: ", f.text);
        if (tp_is_temper(&w->f.code, t))
            refuse(w, row, "the temperature is in ", f.text);
        if (tp_is_random(&w->f.code, t))
            refuse(w, row, "random numbers", TP_S(""));
    }
}

static int bin_of_row(const struct tp_dials_inside *w, int row)
{
    for (int i = 0; i < w->bins.n; i++)
        if (w->bins.bin[i].row == row) return i;
    return -1;
}

static bool same_place(const struct tp_later *m, tp_str path, tp_str type,
                       tp_str base)
{
    return tp_str_eq(m->path, path) && tp_str_same(type, base);
}

/* The model's flat name: "x1.xm1:nch.4". */
static tp_str model_name(struct tp_dials_inside *w, const struct tp_later *m)
{
    tp_str name = tp_str_lower(w->f.mem, tp_row_name(&w->f.r->row[m->row]));
    if (m->path.len == 0) return name;
    return tp_str_fmt(w->f.mem, "%.*s:%.*s", TP_F(m->path), TP_F(name));
}

static void place_binned(struct tp_dials_inside *w, const struct tp_later *m,
                         int bin, bool *placed)
{
    tp_str base = w->bins.bin[bin].base;
    for (int u = 0; u < w->n_user; u++) {
        if (!same_place(m, w->user[u].path, w->user[u].base, base)) continue;
        tp_dial d = {.device = w->user[u].device,
                     .par = tp_str_lower(w->f.mem, m->par),
                     .reads = model_name(w, m),
                     .model = true,
                     .user = u,
                     .bin = bin};
        add_dial(w, d, m->term);
        *placed = true;
    }
}

static void place_plain(struct tp_dials_inside *w, const struct tp_later *m,
                        tp_str name, bool *placed)
{
    tp_dial d = {.device = tp_str_lower(w->f.mem, name),
                 .par = tp_str_lower(w->f.mem, m->par),
                 .reads = model_name(w, m),
                 .model = true,
                 .user = -1,
                 .bin = -1};
    if (m->path.len == 0) { /* its own name is enough */
        add_dial(w, d, m->term);
        *placed = true;
        return;
    }
    for (int i = 0; i < w->n_owner && !*placed; i++) {
        const struct tp_owner *o = &w->owner[i];
        if (!same_place(m, o->path, o->type, name)) continue;
        d.device = o->device;
        add_dial(w, d, m->term);
        *placed = true;
    }
}

/* Every number of a model that varies gets its devices. */
static void place_models(struct tp_dials_inside *w)
{
    for (int i = 0; i < w->n_later; i++) {
        const struct tp_later *m = &w->later[i];
        tp_str                 name = tp_row_name(&w->f.r->row[m->row]);
        int                    bin = bin_of_row(w, m->row);
        bool                   placed = false;
        if (bin >= 0)
            place_binned(w, m, bin, &placed);
        else
            place_plain(w, m, name, &placed);
        if (!placed) refuse(w, m->row, "no device of its own has model ", name);
    }
}

/* ---- the whole ----------------------------------------------------------- */

static void visit(tp_flat *f, void *with, int row, const tp_scope *s)
{
    struct tp_dials_inside *w = with;
    const tp_row           *r = &f->r->row[row];
    if (r->kind == TP_ROW_MODEL)
        visit_model(w, row, s);
    else if (tp_lower(r->text.at[0]) == 'x')
        visit_call(w, row, s);
    else
        visit_device(w, row, s);
}

/* Rows that act by themselves must not depend on a tunable. */
static void check_others(struct tp_dials_inside *w)
{
    for (int i = 0; i < w->f.r->n; i++) {
        const tp_row *r = &w->f.r->row[i];
        if (r->kind != TP_ROW_OTHER && r->kind != TP_ROW_OPTION) continue;
        bool groups = tp_str_find(r->text, '{', 0) >= 0 ||
                      tp_str_find(r->text, '\'', 0) >= 0;
        if (i == 0 || (r->in >= 0 && !groups)) continue;
        tp_str name = varying_name(w, &w->f.top, r->text, i);
        if (name.len > 0 || r->in >= 0)
            refuse(w, i, "a statement that can't be set later: ",
                   tp_first_word(r->text));
    }
}

static void check_analyses(struct tp_dials_inside *w)
{
    const tp_circuit *c = w->f.c;
    for (int i = 0; i < c->n_analysis; i++)
        if (c->analysis[i].sweep.kind != TP_SWEEP_NONE)
            refuse(w, 0, "a sweep over ", c->analysis[i].sweep.name);
}

void tp_dials_make(tp_dials *out, const tp_circuit *c, tp_arena *mem)
{
    struct tp_dials_inside *w = TP_NEW(mem, struct tp_dials_inside, 1);
    tp_rows                *rows = TP_NEW(mem, tp_rows, 1);
    int                     bad;
    *out = (tp_dials){.why = TP_S(""), .inside = w};
    if (!tp_rows_read(rows, c->text, &bad, mem)) {
        out->why = TP_S("a sub-circuit has no end");
        return;
    }
    w->why = TP_S("");
    tp_flat_open(&w->f, rows, c, mem);
    tp_bins_read(&w->bins, &w->f);
    w->f.visit = visit;
    w->f.with = w;
    if (isnan(w->bins.scale)) refuse(w, 0, "the option scale", TP_S(""));
    if (!tp_flat_walk(&w->f)) refuse(w, w->f.trouble_row, "", w->f.trouble);
    place_models(w);
    check_others(w);
    check_analyses(w);
    w->per_finger = tp_bins_by_finger(c->behaviour);
    w->value = TP_NEW(mem, double, w->f.code.n + 1);
    *out = (tp_dials){.n = w->n_dial,
                      .dial = w->dial,
                      .n_user = w->n_user,
                      .why = w->why,
                      .line = w->why.len > 0 ? w->line : 0,
                      .tran = w->tran,
                      .inside = w};
}

/* ---- at a point ---------------------------------------------------------- */

/* Whether a value is in a bin: where it begins, not where it ends, which sets
 *edge in both cases: as near to a bound ngspice may take either bin. */
static bool is_inside(double v, tp_range r, double *edge)
{
    bool begins = fabs(v - r.lo) <= tp_bin_slack(r.lo);
    bool ends = fabs(v - r.hi) <= tp_bin_slack(r.hi);
    if (begins || ends) *edge = v;
    return begins || (!ends && v > r.lo && v < r.hi);
}

/* The bin that a transistor is in; -1 none, -2 can't be told. */
static int bin_at(const struct tp_dials_inside *w, const struct tp_bin_user *u,
                  double edge[2])
{
    double l = tp_term_value(u->l, w->value) * w->bins.scale;
    double wide = tp_term_value(u->w, w->value) * w->bins.scale;
    double nf = tp_term_value(u->nf, w->value);
    int    found = -1;
    edge[0] = edge[1] = NAN;
    if (w->per_finger && nf > 0) wide /= nf;
    for (int e = tp_table_find(&w->bins.base, u->base); e >= 0;
         e = w->bins.base.entry[e].next) {
        int           b = w->bins.base.entry[e].value;
        const tp_bin *bin = &w->bins.bin[b];
        bool          in_l = is_inside(l, bin->l, &edge[0]);
        bool          in_w = is_inside(wide, bin->w, &edge[1]);
        if (!bin->bounded) return -2;
        if (in_l && in_w) found = found == -1 ? b : -2;
    }
    bool at_edge = !isnan(edge[0]) || !isnan(edge[1]);
    return found == -1 && at_edge ? -2 : found;
}

bool tp_dials_at(const tp_dials *d, const double *value,
                 const tp_dials_point *out, tp_str *why, tp_arena *mem)
{
    struct tp_dials_inside *w = d->inside;
    tp_code_run(&w->f.code, value, w->value);
    for (int u = 0; u < w->n_user; u++) {
        const struct tp_bin_user *x = &w->user[u];
        out->bin[u] = bin_at(w, x, out->edge + 2 * (ptrdiff_t)u);
        if (out->bin[u] != -1) continue;
        *why = tp_str_fmt(mem, "%.*s: no bin of model %.*s holds l=%g and w=%g",
                          TP_F(x->device), TP_F(x->base),
                          tp_term_value(x->l, w->value),
                          tp_term_value(x->w, w->value));
        return false;
    }
    for (int i = 0; i < d->n; i++) {
        const tp_dial *one = &d->dial[i];
        bool   counts = one->user < 0 || out->bin[one->user] == one->bin;
        double v = tp_term_value(w->term[i], w->value);
        out->number[i] = !counts ? NAN : isfinite(v) ? v : INFINITY;
    }
    return true;
}
