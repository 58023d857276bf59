/* The circuit as ngspice gets it: cards translated where they have to be, the
   tunables in front, series sources beside their devices. */
#include "netlist/text.h"

#include <math.h>
#include <string.h>

enum { MAX_OUT = 4000 }; /* bytes of a line written */

struct out {
    const tp_deck    *d;
    tp_arena         *mem;
    tp_buf            text;
    int               n_place, cap_place;
    tp_place         *place;
    int               n_define, cap_define;
    tp_define        *define;
    int               n_at, cap_at;
    tp_place         *at; /* where those of the deck are defined */
    const tp_tunable *tunable;
    int               n_tunable;
    const tp_names   *names;
    int               ammeter; /* next of those in `order` */
    const int        *order;   /* ammeters by the card of their device */
};

static void one_line(struct out *o, tp_str s, tp_place from)
{
    tp_buf_add(&o->text, s);
    tp_buf_char(&o->text, '\n');
    *TP_PUSH(o->mem, o->place, o->n_place, o->cap_place) = from;
}

/* Where a text that is too long is cut: after the last blank that fits and
   is in no quotes or braces; else at the first one after it. */
static ptrdiff_t cut(tp_str s)
{
    ptrdiff_t best = 0;
    int       depth = 0;
    char      quote = '\0';
    for (ptrdiff_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        depth += (c == '{') - (c == '}');
        if (!tp_is_space(c) || quote || depth > 0) continue;
        if (i > MAX_OUT) return best > 0 ? best : i;
        best = i;
    }
    return best > 0 && s.len > MAX_OUT ? best : s.len;
}

/* A card, in lines with '+' when it is long. `c` NULL: not from the deck. */
static void lines(struct out *o, tp_str s, const tp_card *c)
{
    tp_place from = c ? tp_card_place(c, 0) : (tp_place){0};
    while (s.len > MAX_OUT) {
        ptrdiff_t end = cut(s);
        if (end >= s.len) break;
        one_line(o, tp_str_part(s, 0, end), from);
        tp_buf_char(&o->text, '+');
        s = tp_str_from(s, end);
    }
    one_line(o, s, from);
}

static const tp_tunable *tunable_of(const struct out *o, tp_str name)
{
    for (int i = 0; i < o->n_tunable; i++)
        if (tp_str_same(o->tunable[i].name, name)) return &o->tunable[i];
    return NULL;
}

/* ---- parameters --------------------------------------------------------- */

/* A top-level .param without the tunables it declares; what is left is noted
   as a definition. False: nothing is left. */
static bool top_params(struct out *o, const tp_card *c, tp_changes *changes)
{
    const tp_entry *e = NULL;
    ptrdiff_t       from = tp_first_word(c->text).len;
    bool            loose = o->d->kind == TP_DECK_SIMETRIX;
    int n = tp_param_entries(c->text, from, loose, &e, o->mem), kept = 0;
    for (int i = 0; i < n; i++) {
        tp_str name =
            tp_str_part(c->text, e[i].name, e[i].name_end - e[i].name);
        tp_str value =
            tp_str_part(c->text, e[i].value, e[i].value_end - e[i].value);
        if (tunable_of(o, name)) {
            tp_change_add(changes, e[i].name, e[i].value_end, (tp_str){"", 0});
            continue;
        }
        kept++;
        if (!tp_is_name(name)) continue; /* a function */
        *TP_PUSH(o->mem, o->define, o->n_define, o->cap_define) =
            (tp_define){name, tp_translate_expr(tp_bare(value), o->names)};
        *TP_PUSH(o->mem, o->at, o->n_at, o->cap_at) =
            tp_card_place(c, e[i].name);
    }
    return kept > 0 || n == 0;
}

/* ---- cards -------------------------------------------------------------- */

static bool is_circuit(const tp_deck *d, int i)
{
    tp_duty duty = tp_duty_of(d->card[i].text);
    if (d->taken[i] || duty == TP_DUTY_ANALYSIS) return false;
    if (!isnan(d->temp) &&
        tp_str_same(tp_first_word(d->card[i].text), TP_S(".temp")))
        return false;
    return duty != TP_DUTY_FRONT || d->kind == TP_DECK_SPICE;
}

/* Pins of card `i` that have an ammeter get the new node. */
static int move_pins(struct out *o, int i, tp_changes *changes)
{
    const tp_deck *d = o->d;
    int            n = 0;
    while (o->ammeter + n < d->n_ammeter) {
        const tp_ammeter *m = &d->ammeter[o->order[o->ammeter + n]];
        const tp_device  *dev = &d->device[m->device];
        if (dev->card != i) break;
        const tp_token *t = &dev->node[m->pin];
        tp_change_add(changes, t->at, t->end, m->node);
        n++;
    }
    return n;
}

/* The sources themselves, in the scope of the card. */
static void ammeters(struct out *o, int n)
{
    for (int k = 0; k < n; k++, o->ammeter++) {
        const tp_ammeter *m = &o->d->ammeter[o->order[o->ammeter]];
        const tp_token   *t = &o->d->device[m->device].node[m->pin];
        tp_str            outer = t->text;
        tp_str            node = tp_node_name(o->d, outer, o->mem);
        lines(o,
              tp_str_fmt(o->mem, "%.*s %.*s %.*s 0", TP_F(m->source),
                         TP_F(node), TP_F(m->node)),
              NULL);
    }
}

static void card(struct out *o, int i)
{
    const tp_deck *d = o->d;
    const tp_card *c = &d->card[i];
    if (!is_circuit(d, i)) return;
    tp_changes changes = {.mem = o->mem};
    bool       top = c->subckt < 0 && tp_is_param_card(c->text);
    if (top && !top_params(o, c, &changes)) return;
    tp_tune_card(d, i, o->names, &changes);
    int  n = move_pins(o, i, &changes);
    bool simetrix = d->kind == TP_DECK_SIMETRIX;
    if (simetrix) tp_translate(d, i, o->names, &changes);
    tp_str text = tp_changed(&changes, c->text);
    lines(o, simetrix ? tp_plain_text(d, text, o->mem) : text, c);
    ammeters(o, n);
}

/* ---- the whole ---------------------------------------------------------- */

/* Ammeters in the order of their cards, those of one card as they came. */
static const int *in_order(const tp_deck *d, tp_arena *mem)
{
    int *order = TP_NEW(mem, int, d->n_ammeter + 1);
    int *first = TP_NEW(mem, int, d->n_card + 2);
    for (int i = 0; i < d->n_ammeter; i++)
        first[d->device[d->ammeter[i].device].card + 1]++;
    for (int i = 0; i < d->n_card; i++) first[i + 1] += first[i];
    for (int i = 0; i < d->n_ammeter; i++)
        order[first[d->device[d->ammeter[i].device].card]++] = i;
    return order;
}

/* A title no program takes for a command. */
static void title(struct out *o)
{
    tp_str s = o->d->title;
    while (s.len > 0 && (s.at[0] == '*' || tp_is_space(s.at[0])))
        s = tp_str_from(s, 1);
    tp_place at = {&o->d->file[0], 1, 1};
    if (s.len > 1000) s.len = 1000;
    one_line(o, tp_str_fmt(o->mem, "* %.*s", TP_F(s)),
             o->d->title.len > 0 ? at : (tp_place){0});
}

static void tunables(struct out *o)
{
    char text[TP_NUMBER_MAX];
    for (int i = 0; i < o->n_tunable; i++)
        one_line(o,
                 tp_str_fmt(o->mem, ".param %.*s=%s", TP_F(o->tunable[i].name),
                            tp_exact(o->tunable[i].value, text)),
                 (tp_place){0});
}

static bool is_defined(const struct out *o, tp_str name)
{
    for (int i = 0; i < o->n_define; i++)
        if (tp_str_same(o->define[i].name, name)) return true;
    return tunable_of(o, name) != NULL;
}

/* A parameter that is swept needs no declaration in the deck, but one in the
   circuit: at its first value. */
static void swept_params(struct out *o, const tp_analysis *a, int n)
{
    char text[TP_NUMBER_MAX];
    for (int i = 0; i < n; i++) {
        const tp_sweep *s = &a[i].sweep;
        if (s->kind != TP_SWEEP_PARAM || is_defined(o, s->name)) continue;
        tp_exact(s->value[0], text);
        *TP_PUSH(o->mem, o->define, o->n_define, o->cap_define) =
            (tp_define){s->name, tp_str_fmt(o->mem, "%s", text)};
        one_line(o, tp_str_fmt(o->mem, ".param %.*s=%s", TP_F(s->name), text),
                 (tp_place){0});
    }
}

static void temperature(struct out *o)
{
    char text[TP_NUMBER_MAX];
    if (isnan(o->d->temp)) return;
    one_line(o, tp_str_fmt(o->mem, ".temp %s", tp_exact(o->d->temp, text)),
             (tp_place){0});
}

static tp_status check_tunables(const tp_tunable *t, int n, tp_err *err)
{
    for (int i = 0; i < n; i++) {
        bool finite = t[i].value - t[i].value == 0;
        if (!tp_is_name(t[i].name))
            return tp_fail(err, TP_BAD_INPUT,
                           "'%.*s' is no name for a parameter: letters, "
                           "digits and _ are",
                           TP_F(t[i].name));
        if (!finite)
            return tp_fail(err, TP_BAD_INPUT,
                           "the value of %.*s is not a finite number",
                           TP_F(t[i].name));
    }
    return TP_OK;
}

static const tp_str *names_of(const tp_tunable *t, int n, tp_arena *mem)
{
    tp_str *name = TP_NEW(mem, tp_str, n);
    for (int i = 0; i < n; i++) name[i] = t[i].name;
    return name;
}

tp_status tp_deck_circuit(/* NOLINT(readability-function-size) */
                          tp_circuit *out, const tp_deck *d,
                          const tp_tunable *tunable, int n_tunable,
                          const tp_analysis *analysis, int n_analysis,
                          tp_err *err)
{
    TP_TRY(check_tunables(tunable, n_tunable, err));
    struct out o = {.d = d,
                    .mem = d->mem,
                    .text = {.mem = d->mem},
                    .tunable = tunable,
                    .n_tunable = n_tunable,
                    .order = in_order(d, d->mem)};
    o.names = tp_names_make(d, tunable, n_tunable, d->mem);
    title(&o);
    tunables(&o);
    for (int i = 0; i < d->n_card; i++) {
        if (is_circuit(d, i)) TP_TRY(tp_check_card(d, &d->card[i], err));
        card(&o, i);
    }
    TP_TRY(tp_check_defines(o.define, o.at, o.n_at, *d->mem, err));
    swept_params(&o, analysis, n_analysis);
    temperature(&o);
    one_line(&o, TP_S(".end"), (tp_place){0});
    *out = (tp_circuit){.text = tp_buf_str(&o.text),
                        .behaviour = d->behaviour,
                        .n_param = n_tunable,
                        .param = names_of(tunable, n_tunable, d->mem),
                        .n_define = o.n_define,
                        .define = o.define,
                        .n_analysis = n_analysis,
                        .analysis = analysis,
                        .n_place = o.n_place,
                        .place = o.place,
                        .reduced = tp_reduced_of(d, tunable, n_tunable)};
    return TP_OK;
}
