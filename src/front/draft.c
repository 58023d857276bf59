/* A deck looked through for what a problem file says: MOSFETs, parameters that
   size something, supplies, library sections. */
#include "front/draft.h"

#include <math.h>

enum { NAMES_MAX = 60 };

/* ---- cards --------------------------------------------------------------- */

/* A device card's words: what stands before the first name=value, and the
   values that are asked for. */
typedef struct words {
    int    n;
    tp_str plain[NAMES_MAX];
    tp_str w, l, m;
} words;

static tp_str bare(tp_str s)
{
    s = tp_str_trim(s);
    bool closed = s.len > 1 && ((s.at[0] == '{' && s.at[s.len - 1] == '}') ||
                                (s.at[0] == '\'' && s.at[s.len - 1] == '\''));
    return closed ? tp_str_trim(tp_str_part(s, 1, s.len - 2)) : s;
}

static void take_value(words *w, tp_str name, tp_str value)
{
    if (tp_str_same(name, TP_S("w"))) w->w = value;
    if (tp_str_same(name, TP_S("l"))) w->l = value;
    if (tp_str_same(name, TP_S("m"))) w->m = value;
}

static void read_words(words *w, const tp_card *card)
{
    tp_lexer l = {.card = card};
    *w = (words){.w = {"", 0}, .l = {"", 0}, .m = {"", 0}};
    for (tp_token t = tp_lex(&l); t.kind != TP_TOKEN_END; t = tp_lex(&l)) {
        if (t.kind == TP_TOKEN_PUNCT) continue;
        if (!tp_str_eq(tp_lex_peek(l).text, TP_S("="))) {
            if (w->n < NAMES_MAX) w->plain[w->n++] = t.text;
            continue;
        }
        tp_lex(&l);
        take_value(w, t.text, bare(tp_lex(&l).text));
    }
}

static bool has(tp_str s, const char *part)
{
    tp_str p = tp_str_of(part);
    for (ptrdiff_t i = 0; i + p.len <= s.len; i++)
        if (tp_str_same(tp_str_part(s, i, p.len), p)) return true;
    return false;
}

/* "nfet", "NMOS_VTG": the kind by the model's name; 0: no MOSFET. */
static char kind_of(tp_str model)
{
    if (has(model, "nfet") || has(model, "nmos") || has(model, "nch"))
        return 'n';
    bool p = has(model, "pfet") || has(model, "pmos") || has(model, "pch");
    return p ? 'p' : 0;
}

/* The MOSFET's own path: that of the first instance of its scope. */
static tp_str path_of(const tp_draft *d, tp_str name, bool subckt)
{
    const tp_str *all;
    int           n = tp_deck_devices(d->deck, &all);
    tp_str        low = tp_str_lower(d->mem, name);
    for (int i = 0; i < n; i++) {
        tp_str    p = all[i];
        ptrdiff_t at = p.len - low.len;
        for (ptrdiff_t k = 0; subckt && k + low.len < p.len; k++)
            if (p.at[k + low.len] == '.' &&
                tp_str_eq(tp_str_part(p, k, low.len), low) &&
                (k == 0 || p.at[k - 1] == '.') &&
                tp_lower(p.at[k + low.len + 1]) == 'm')
                return p;
        if (!subckt && at >= 0 && tp_str_eq(tp_str_from(p, at), low) &&
            (at == 0 || p.at[at - 1] == '.'))
            return p;
    }
    return (tp_str){"", 0};
}

static void add_mos(tp_draft *d, const tp_card *card, const words *w)
{
    bool   x = tp_lower(w->plain[0].at[0]) == 'x';
    tp_str model = w->plain[w->n - 1];
    if (w->n < 6 || d->n_mos == TP_DRAFT_MAX || !kind_of(model)) return;
    tp_draft_mos *m = &d->mos[d->n_mos++];
    *m = (tp_draft_mos){.name = w->plain[0],
                        .path = path_of(d, w->plain[0], x),
                        .scope = card->subckt,
                        .pmos = kind_of(model) == 'p',
                        .size = {w->w, w->l, w->m},
                        .role = "",
                        .like = -1};
    for (int k = 0; k < 4; k++)
        m->node[k] = tp_str_lower(d->mem, w->plain[1 + k]);
}

/* ---- sources ------------------------------------------------------------- */

static bool is_ground(tp_str net)
{
    return tp_str_eq(net, TP_S("0")) || tp_str_same(net, TP_S("gnd"));
}

/* A source against ground that is nothing but DC. */
static void add_source(tp_draft *d, const tp_card *card)
{
    static const char *const moving[] = {"ac",  "pulse", "sin",
                                         "exp", "pwl",   "sffm"};
    tp_lexer                 l = {.card = card};
    tp_str                   word[NAMES_MAX], value = {"", 0};
    int                      n = 0;
    bool                     steady = true;
    for (tp_token t = tp_lex(&l); t.kind != TP_TOKEN_END && n < NAMES_MAX;
         t = tp_lex(&l)) {
        if (t.kind == TP_TOKEN_PUNCT) continue;
        for (int i = 0; i < TP_COUNT(moving); i++)
            if (n > 2 && tp_str_same(t.text, tp_str_of(moving[i]))) {
                steady = false;
                d->ac = d->ac || i == 0;
            }
        word[n++] = bare(t.text);
    }
    if (n < 4 || !steady || tp_lower(word[0].at[0]) != 'v') return;
    value = tp_str_same(word[3], TP_S("dc")) && n > 4 ? word[4] : word[3];
    bool second = is_ground(word[2]);
    if (!second || d->n_supply == TP_DRAFT_MAX || card->subckt >= 0) return;
    tp_draft_supply *s = &d->supply[d->n_supply++];
    *s = (tp_draft_supply){.name = word[0], .net = word[1], .param = {"", 0}};
    if (!tp_number_all(value, &s->value)) s->param = value;
}

/* ---- parameters ---------------------------------------------------------- */

static const tp_define *define_of(const tp_circuit *c, tp_str name)
{
    for (int i = 0; i < c->n_define; i++)
        if (tp_str_same(c->define[i].name, name)) return &c->define[i];
    return NULL;
}

/* What has the value `text`, when that is a parameter with a number. */
typedef struct use {
    tp_str        text, unit, user;
    tp_draft_type type;
    int           mos;
} use;

static void add_use(tp_draft *d, const tp_circuit *c, const use *u)
{
    double           v;
    const tp_define *def = u->text.len ? define_of(c, u->text) : NULL;
    if (!def || !tp_number_all(bare(def->expr), &v) || !(v > 0)) return;
    for (int i = 0; i < d->n_param; i++) {
        tp_draft_param *p = &d->param[i];
        if (!tp_str_same(p->name, def->name)) continue;
        p->users =
            tp_str_fmt(d->mem, "%.*s, %.*s", TP_F(p->users), TP_F(u->user));
        return;
    }
    if (d->n_param == TP_DRAFT_MAX) return;
    d->param[d->n_param++] =
        (tp_draft_param){def->name, v, u->type, u->unit, u->mos, u->user};
}

/* A number, or what a parameter has; NAN where it is more than that. */
static double value_of(const tp_circuit *c, tp_str text)
{
    double           v;
    const tp_define *def = text.len ? define_of(c, text) : NULL;
    if (def) text = bare(def->expr);
    return text.len && tp_number_all(text, &v) ? v : NAN;
}

static void mos_uses(tp_draft *d, const tp_circuit *c)
{
    static const tp_draft_type type[] = {TP_DRAFT_W, TP_DRAFT_L, TP_DRAFT_M};
    static const char *const   unit[] = {"m", "m", ""};
    for (int i = 0; i < d->n_mos; i++)
        for (int k = 0; k < 3; k++) {
            tp_draft_mos *m = &d->mos[i];
            m->value[k] = value_of(c, m->size[k]);
            add_use(
                d, c,
                &(use){m->size[k], tp_str_of(unit[k]), m->name, type[k], i});
        }
}

/* A load is the testbench's, not the design's. */
static bool is_load(tp_str name)
{
    return tp_str_same(name, TP_S("cl")) || has(name, "load");
}

static void part_uses(tp_draft *d, const tp_circuit *c, const tp_card *card)
{
    static const struct {
        char          letter;
        tp_draft_type type;
        const char   *unit;
    } row[] = {{'c', TP_DRAFT_COMP, "F"},
               {'r', TP_DRAFT_COMP, "Ohm"},
               {'i', TP_DRAFT_VALUE, "A"}};
    tp_lexer l = {.card = card};
    tp_str   word[5];
    int      n = 0;
    for (tp_token t = tp_lex(&l); t.kind != TP_TOKEN_END && n < 5;
         t = tp_lex(&l))
        if (t.kind != TP_TOKEN_PUNCT) word[n++] = bare(t.text);
    for (int i = 0; n > 3 && i < TP_COUNT(row); i++) {
        if (tp_lower(word[0].at[0]) != row[i].letter) continue;
        tp_str value = word[3];
        if (tp_str_same(value, TP_S("dc")) && n > 4) value = word[4];
        if (is_load(value) || is_load(word[0])) continue;
        add_use(
            d, c,
            &(use){value, tp_str_of(row[i].unit), word[0], row[i].type, -1});
    }
}

/* ---- the library --------------------------------------------------------- */

/* The next line of a text, and whether it is `.lib` with these many words. */
static bool next_lib(tp_str *rest, tp_str *first, tp_str *second)
{
    while (rest->len) {
        ptrdiff_t end = tp_str_find(*rest, '\n', 0);
        tp_str    line = end < 0 ? *rest : tp_str_part(*rest, 0, end);
        *rest = end < 0 ? (tp_str){"", 0} : tp_str_from(*rest, end + 1);
        if (!tp_str_same(tp_str_word(&line, " \t\r"), TP_S(".lib"))) continue;
        *first = tp_str_word(&line, " \t\r\"'");
        *second = tp_str_word(&line, " \t\r\"'");
        return true;
    }
    return false;
}

static void find_library(tp_draft *d)
{
    tp_files files = tp_deck_files(d->deck);
    tp_str   rest = files.file[0].text, name, section;
    bool     ff = false, ss = false;
    d->section = d->models = (tp_str){"", 0};
    while (d->section.len == 0 && next_lib(&rest, &name, &section)) {
        d->models = name;
        d->section = section;
    }
    for (int i = 1; d->section.len && i < files.n; i++) {
        if (!tp_str_eq(tp_path_name(files.file[i].name),
                       tp_path_name(d->models)))
            continue;
        rest = files.file[i].text;
        while (next_lib(&rest, &name, &section)) {
            ff = ff || (!section.len && tp_str_same(name, TP_S("ff")));
            ss = ss || (!section.len && tp_str_same(name, TP_S("ss")));
        }
    }
    d->corners = ff && ss;
}

/* `.option scale=1u`: what w and l are in. */
static void find_scale(tp_draft *d)
{
    const tp_card *card;
    int            n = tp_deck_cards(d->deck, &card);
    d->scale = 1;
    for (int i = 0; i < n; i++) {
        tp_lexer l = {.card = &card[i]};
        double   v;
        if (!tp_str_starts(tp_lex(&l).text, TP_S(".opt"))) continue;
        for (tp_token t = tp_lex(&l); t.kind != TP_TOKEN_END; t = tp_lex(&l)) {
            if (!tp_str_same(t.text, TP_S("scale"))) continue;
            tp_lex(&l); /* = */
            if (tp_number_all(tp_lex(&l).text, &v) && v > 0) d->scale = v;
        }
    }
}

/* ---- the whole ----------------------------------------------------------- */

/* The main file's card, or one of a file without models that it includes:
   what is in a model library is not the design. */
static bool is_design(const tp_draft *d, const tp_card *c)
{
    tp_files files = tp_deck_files(d->deck);
    if (!c->n_piece || !c->piece[0].from.in) return false;
    tp_str name = c->piece[0].from.in->name;
    for (int i = 0; i < files.n; i++)
        if (tp_str_eq(files.file[i].name, name)) return d->design[i];
    return false;
}

static void find_design(tp_draft *d)
{
    const tp_card *card;
    tp_files       files = tp_deck_files(d->deck);
    int            n = tp_deck_cards(d->deck, &card);
    d->design = TP_NEW(d->mem, bool, files.n);
    for (int i = 0; i < files.n; i++) d->design[i] = true;
    for (int i = 0; i < n; i++) {
        if (!tp_str_starts(card[i].text, TP_S(".model")) || !card[i].n_piece)
            continue;
        for (int k = 1; k < files.n; k++)
            if (tp_str_eq(files.file[k].name, card[i].piece[0].from.in->name))
                d->design[k] = false;
    }
}

static void look(tp_draft *d)
{
    const tp_card *card;
    int            n = tp_deck_cards(d->deck, &card);
    for (int i = 0; i < n; i++) {
        words w;
        if (!card[i].text.len || !is_design(d, &card[i])) continue;
        char letter = tp_lower(card[i].text.at[0]);
        if (letter == 'v' || letter == 'i') add_source(d, &card[i]);
        if (letter != 'm' && letter != 'x') continue;
        read_words(&w, &card[i]);
        if (w.n > 1) add_mos(d, &card[i], &w);
    }
}

static tp_status find_params(tp_draft *d, tp_err *err)
{
    const tp_card *card;
    tp_circuit     c;
    int            n = tp_deck_cards(d->deck, &card);
    TP_TRY(tp_deck_circuit(&c, d->deck, NULL, 0, NULL, 0, err));
    mos_uses(d, &c);
    for (int i = 0; i < n; i++)
        if (card[i].text.len && is_design(d, &card[i]))
            part_uses(d, &c, &card[i]);
    for (int i = 0; i < d->n_supply; i++) {
        double v = value_of(&c, d->supply[i].param);
        if (!isnan(v)) d->supply[i].value = v;
    }
    return TP_OK;
}

tp_status tp_draft_read(tp_draft **out, const char *path,
                        const tp_draft_ask *ask, tp_arena *mem, tp_err *err)
{
    tp_draft          *d = *out = TP_NEW(mem, tp_draft, 1);
    const tp_analysis *a;
    int                n;
    d->mem = mem;
    d->ask = *ask;
    d->file = tp_str_copy(mem, tp_str_of(path));
    d->output = (tp_str){"", 0};
    TP_TRY(
        tp_deck_read(&d->deck, path, &(tp_files){.disk = ask->disk}, mem, err));
    TP_TRY(tp_deck_analyses(d->deck, &a, &n, err));
    if (tp_deck_kind(d->deck) != TP_DECK_SPICE)
        return tp_fail(err, TP_BAD_INPUT,
                       "%s is a SIMetrix deck with its own optimiser "
                       "statements: `trimpot run` takes it by itself",
                       path);
    find_design(d);
    look(d);
    TP_TRY(find_params(d, err));
    find_library(d);
    find_scale(d);
    tp_draft_roles(d);
    if (d->ask.pdk.len && d->scale != 1)
        return tp_fail(err, TP_BAD_INPUT,
                       "%s gives w and l in units of %g m (.option scale), but "
                       "widths from gm/Id are in m: no --pdk here",
                       path, d->scale);
    if (d->n_param) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "%s has no parameter that sizes a device: a search needs "
                   "`.param W1=2u` and w={W1} (w, l, m of MOSFETs, values of "
                   "R, C and I)",
                   path);
}
