/* The device in its model file, and the circuit it is simulated in. */
#include "device/inside.h"

enum { MAX_NAMES = 20000 };

/* ---- the deck's texts ---------------------------------------------------- */

static void add_models(tp_buf *b, const tp_device_spec *s, int corner)
{
    tp_buf_add(b, TP_S("* gm/Id table\n"));
    if (s->n_corner == 0) {
        tp_buf_fmt(b, ".include \"%.*s\"\n", TP_F(s->models));
        return;
    }
    tp_str list = s->corner[corner];
    for (tp_str w; (w = tp_str_word(&list, "+")).len > 0;)
        tp_buf_fmt(b, ".lib \"%.*s\" %.*s\n", TP_F(s->models), TP_F(w));
}

static tp_status read_text(tp_deck **out, tp_str text,
                           const tp_device_spec *spec, tp_arena *mem,
                           tp_err *err)
{
    tp_source source = {TP_S("gmid.cir"), text};
    tp_reach  reach =
        tp_reach_from(spec->disk, tp_path_folder(spec->models), mem);
    tp_reach_allow(&reach, spec->models, mem);
    return tp_deck_read_text(out, source, NULL, &reach, mem, err);
}

/* ---- the model ----------------------------------------------------------- */

/* The words of a card, lower case. */
static tp_str card_word(tp_lexer *l, tp_arena *mem)
{
    return tp_str_lower(mem, tp_lex(l).text);
}

/* The value behind `scale =` of an option card, else what it was. */
static double scale_of(const tp_card *card, double scale)
{
    tp_lexer l = {.card = card};
    double   v;
    tp_lex(&l);
    for (tp_token t = tp_lex(&l); t.kind != TP_TOKEN_END; t = tp_lex(&l)) {
        if (!tp_str_same(t.text, TP_S("scale"))) continue;
        if (!tp_str_eq(tp_lex_peek(l).text, TP_S("="))) continue;
        tp_lex(&l);
        if (tp_number_all(tp_lex(&l).text, &v) && v > 0) scale = v;
    }
    return scale;
}

/* What is known of the names while the cards are looked through. */
typedef struct look {
    tp_str          want;
    tp_device_kind *kind;
    bool            found;
    tp_str          type; /* of a .model: "nmos" */
    int             n;
    tp_str         *name; /* of MOSFET models and sub-circuits */
} look;

static bool has_bins_of(tp_str name, tp_str want)
{
    return tp_str_starts(name, want) &&
           (name.len == want.len || name.at[want.len] == '.');
}

static void look_at(look *k, const tp_card *card, tp_arena *mem)
{
    tp_lexer l = {.card = card};
    tp_str   word = card_word(&l, mem);
    bool     model = tp_str_eq(word, TP_S(".model"));
    bool     subckt = tp_str_eq(word, TP_S(".subckt"));
    if (tp_str_starts(word, TP_S(".opt")))
        k->kind->scale = scale_of(card, k->kind->scale);
    if ((!model && !subckt) || card->subckt >= 0) return;
    tp_str name = card_word(&l, mem), type = card_word(&l, mem);
    if (model && !tp_str_eq(type, TP_S("nmos")) &&
        !tp_str_eq(type, TP_S("pmos")))
        return;
    if (k->n < MAX_NAMES) k->name[k->n++] = name;
    bool same = model ? has_bins_of(name, k->want) : tp_str_eq(name, k->want);
    if (!same) return;
    k->found = true;
    k->kind->subckt = subckt;
    k->type = subckt ? (tp_str){"", 0} : type;
}

/* From the flag, the model's type, or the name. */
static tp_status find_polarity(bool *pmos, const tp_device_spec *s, tp_str type,
                               tp_err *err)
{
    static const struct {
        const char *part;
        bool        pmos;
    } word[] = {{"nfet", false}, {"pfet", true}, {"nmos", false},
                {"pmos", true},  {"nch", false}, {"pch", true}};
    *pmos = s->polarity == TP_PMOS;
    if (s->polarity != TP_POLARITY_AUTO) return TP_OK;
    tp_str name = type.len ? type : s->model;
    for (int i = 0; i < TP_COUNT(word); i++) {
        *pmos = word[i].pmos;
        if (tp_str_has(name, tp_str_of(word[i].part))) return TP_OK;
    }
    return tp_fail(err, TP_BAD_INPUT,
                   "whether '%.*s' is an nmos or a pmos can't be told from its "
                   "name: say --polarity",
                   TP_F(s->model));
}

tp_status tp_device_find(tp_device_kind *out, const tp_device_spec *spec,
                         int corner, tp_arena *mem, tp_err *err)
{
    tp_deck       *d;
    const tp_card *card;
    tp_buf         b = {.mem = mem};
    look           k = {.want = tp_str_lower(mem, spec->model), .kind = out};
    *out = (tp_device_kind){.scale = 1, .inner = TP_S("")};
    k.name = TP_NEW(mem, tp_str, MAX_NAMES);
    add_models(&b, spec, corner);
    tp_buf_add(&b, TP_S(".end\n"));
    TP_TRY(read_text(&d, tp_buf_str(&b), spec, mem, err));
    int n = tp_deck_cards(d, &card);
    for (int i = 0; i < n; i++) look_at(&k, &card[i], mem);
    if (!k.found) {
        tp_str hint = tp_did_you_mean(mem, k.want, k.name, k.n);
        return tp_fail(err, TP_BAD_INPUT,
                       "%.*s has no MOSFET model or sub-circuit '%.*s'%.*s%s",
                       TP_F(spec->models), TP_F(spec->model), TP_F(hint),
                       spec->n_corner ? "" : " outside library sections");
    }
    return find_polarity(&out->pmos, spec, k.type, err);
}

/* ---- the circuit --------------------------------------------------------- */

static void add_device(tp_buf *b, const tp_device_spec *s,
                       const tp_device_kind *kind, int k)
{
    char w[TP_NUMBER_MAX], l[TP_NUMBER_MAX];
    tp_exact(s->w / kind->scale, w);
    tp_exact(s->axis[TP_GMID_L].at[k] / kind->scale, l);
    tp_buf_fmt(b, "%c%d d g 0 b %.*s w=%s l=%s\n", kind->subckt ? 'x' : 'm', k,
               TP_F(s->model), w, l);
}

/* The one MOSFET in x0, or the one that was named. */
static tp_status find_inner(tp_str *out, const tp_deck *d,
                            const tp_device_spec *s, tp_err *err)
{
    const tp_str *name;
    int           n = tp_deck_devices(d, &name), found = 0;
    *out = s->inner;
    for (int i = 0; i < n; i++) {
        if (!tp_str_starts(name[i], TP_S("x0."))) continue;
        tp_str    path = tp_str_from(name[i], 3), last = path;
        ptrdiff_t dot;
        while ((dot = tp_str_find(last, '.', 0)) >= 0)
            last = tp_str_from(last, dot + 1);
        bool mos = last.len && tp_lower(last.at[0]) == 'm';
        if (!mos || (s->inner.len && !tp_str_same(path, s->inner))) continue;
        if (found++ == 0) *out = path;
    }
    if (found == 1) return TP_OK;
    if (s->inner.len)
        return tp_fail(err, TP_BAD_INPUT, "there is no MOSFET '%.*s' in %.*s",
                       TP_F(s->inner), TP_F(s->model));
    return tp_fail(err, TP_BAD_INPUT, "%.*s has %d MOSFETs inside%s",
                   TP_F(s->model), found,
                   found ? ": say which with --inner" : "");
}

tp_status tp_device_circuit(tp_circuit *out, const tp_device_spec *spec,
                            tp_device_kind *kind, int corner, tp_arena *mem,
                            tp_err *err)
{
    tp_deck *d;
    tp_buf   b = {.mem = mem};
    add_models(&b, spec, corner);
    tp_buf_add(&b, TP_S("vg g 0 0\nvd d 0 0\nvb b 0 0\n"));
    for (int k = 0; k < spec->axis[TP_GMID_L].n; k++)
        add_device(&b, spec, kind, k);
    tp_buf_add(&b, TP_S(".end\n"));
    TP_TRY(read_text(&d, tp_buf_str(&b), spec, mem, err));
    if (kind->subckt) TP_TRY(find_inner(&kind->inner, d, spec, err));
    return tp_deck_circuit(out, d, NULL, 0, NULL, 0, err);
}

tp_str tp_device_name(const tp_device_kind *kind, int k, tp_arena *mem)
{
    if (!kind->subckt) return tp_str_fmt(mem, "m%d", k);
    return tp_str_fmt(mem, "m.x%d.%.*s", k, TP_F(kind->inner));
}
