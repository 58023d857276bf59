/* devices: the table of a deck's devices with their nodes, made from its
   cards; what a first letter means; how a path through sub-circuits is
   followed, and what the simulator calls a thing inside one. */
#include "netlist/deck.h"

#include <limits.h>

enum {
    DEPTH_MAX = 40,     /* sub-circuits inside sub-circuits */
    NAMES_MAX = 100000, /* names kept for suggestions */
    STEPS_MAX = 4000000 /* devices looked at while names are listed */
};

/* How the nodes of a card end. */
enum how { FIXED, CONTROLLED, UNTIL_MODEL, SUBCKT, CODE };
struct letter {
    char        letter;
    enum how    how;
    int         least, most; /* nodes */
    const char *pins;        /* one name each, blanks between */
};
static const struct letter letters[] = {
    {'r', FIXED, 2, 2, "p n"},
    {'c', FIXED, 2, 2, "p n"},
    {'l', FIXED, 2, 2, "p n"},
    {'v', FIXED, 2, 2, "p n"},
    {'i', FIXED, 2, 2, "p n"},
    {'b', FIXED, 2, 2, "p n"},
    {'d', FIXED, 2, 2, "p n"},
    {'e', CONTROLLED, 2, 4, "p n cp cn"},
    {'g', CONTROLLED, 2, 4, "p n cp cn"},
    {'f', FIXED, 2, 2, "p n"},
    {'h', FIXED, 2, 2, "p n"},
    {'s', FIXED, 4, 4, "p n cp cn"},
    {'w', FIXED, 2, 2, "p n"},
    {'q', UNTIL_MODEL, 3, 5, "c b e s tj"},
    {'m', UNTIL_MODEL, 3, 7, "d g s b n5 n6 n7"},
    {'j', UNTIL_MODEL, 3, 4, "d g s tj"},
    {'z', UNTIL_MODEL, 3, 3, "d g s"},
    {'t', FIXED, 4, 4, "1 2 3 4"},
    {'o', FIXED, 4, 4, "1 2 3 4"},
    {'u', FIXED, 3, 3, "1 2 3"},
    {'y', FIXED, 4, 4, "1 2 3 4"},
    {'x', SUBCKT, 0, 4096, ""},
    {'a', CODE, 0, 4096, ""},
    {'p', UNTIL_MODEL, 2, 4096, ""},
};

static const struct letter *letter_of(char c)
{
    for (int i = 0; i < TP_COUNT(letters); i++)
        if (letters[i].letter == c) return &letters[i];
    return NULL;
}

/* What one pass over the cards knows. */
struct work {
    tp_deck  *d;
    int       n_token, cap_token;
    tp_token *token; /* of the card at hand, without commas */
};

static bool token_is(tp_token t, const char *text)
{
    return t.kind == TP_TOKEN_WORD && tp_str_same(t.text, tp_str_of(text));
}

static bool punct_is(tp_token t, char c)
{
    return t.kind == TP_TOKEN_PUNCT && t.text.len == 1 && t.text.at[0] == c;
}

/* The first `max` tokens of a card. */
static void tokens_of(struct work *w, const tp_card *card, int max)
{
    tp_lexer l = {card, 0};
    w->n_token = 0;
    while (w->n_token < max) {
        tp_token t = tp_lex(&l);
        if (t.kind == TP_TOKEN_END) return;
        if (punct_is(t, ',')) continue;
        *TP_PUSH(w->d->mem, w->token, w->n_token, w->cap_token) = t;
    }
}

/* "(" and ")" around nodes are only looks. So are "[" and "]" in a SIMetrix
   deck and around the vectors of an A device; elsewhere "[s]" is a name that
   the simulator takes as it stands, and no node of ours. */
static bool is_bracket(const struct work *w, tp_token t)
{
    bool square = w->d->kind == TP_DECK_SIMETRIX ||
                  tp_lower(w->token[0].text.at[0]) == 'a';
    return t.kind == TP_TOKEN_PUNCT && t.text.len == 1 &&
           tp_str_find(square ? TP_S("()[]") : TP_S("()"), t.text.at[0], 0) >=
               0;
}

/* The words that may be nodes or a model: from the second one up to the first
   `name =` or what is no word; brackets around nodes are skipped, but belong
   to the place of a node that has them to itself. */
static int plain_words(const struct work *w, tp_token *out, int max)
{
    int n = 0;
    for (int i = 1; i < w->n_token && n < max; i++) {
        tp_token t = w->token[i];
        bool     more = i + 1 < w->n_token;
        if (is_bracket(w, t)) continue;
        if (t.kind != TP_TOKEN_WORD) break;
        if (more && punct_is(w->token[i + 1], '=')) break;
        if (token_is(t, "params:") || token_is(t, "pinnames:") ||
            token_is(t, ":"))
            break;
        if (more && punct_is(w->token[i - 1], '[') &&
            punct_is(w->token[i + 1], ']')) {
            t.at = w->token[i - 1].at;
            t.end = w->token[i + 1].end;
        }
        out[n++] = t;
    }
    return n;
}

/* `name` is the model, or a bin of it ("nch" and "nch.1"). */
static bool is_model(const struct work *w, tp_str name)
{
    for (int i = 0; i < w->d->n_model; i++) {
        tp_str m = w->d->model[i];
        if (tp_str_same(m, name)) return true;
        if (m.len > name.len + 1 && m.at[name.len] == '.' &&
            tp_str_starts(m, name))
            return true;
    }
    return false;
}

static int until_model(const struct work *w, const struct letter *l,
                       const tp_token *word, int n)
{
    int    last = n - 1;
    double v;
    if (last > l->most) last = l->most;
    for (int i = last; i >= l->least; i--)
        if (is_model(w, word[i].text)) return i;
    for (int i = last; i > l->least; i--)
        if (!tp_number_all(word[i].text, &v)) return i;
    return last < l->least ? n : l->least;
}

static bool subckt_named(const tp_deck *d, tp_str name)
{
    for (int i = 0; i < d->n_subckt; i++)
        if (tp_str_same(d->subckt[i].name, name)) return true;
    return false;
}

static int until_subckt(const struct work *w, const tp_token *word, int n)
{
    for (int i = n - 1; i >= 0; i--)
        if (subckt_named(w->d, word[i].text)) return i;
    return n - 1;
}

/* E and G have control nodes when two words follow that are no keyword. */
static int controlled(const tp_token *word, int n)
{
    static const char *const form[] = {"value", "vol",  "cur",    "poly",
                                       "table", "freq", "laplace"};
    if (n < 4) return 2;
    for (int i = 0; i < TP_COUNT(form); i++)
        if (token_is(word[2], form[i])) return 2;
    return 4;
}

static int n_nodes(const struct work *w, const struct letter *l,
                   const tp_token *word, int n)
{
    switch (l->how) {
    case FIXED: return n < l->most ? n : l->most;
    case CONTROLLED: return n < 2 ? n : controlled(word, n);
    case UNTIL_MODEL: return until_model(w, l, word, n);
    case SUBCKT: return n > 0 ? until_subckt(w, word, n) : 0;
    case CODE: return n > 0 ? n - 1 : 0;
    }
    return 0;
}

static void add_device(struct work *w, int card)
{
    enum { WORDS = 4096 };
    tp_deck *d = w->d;
    tokens_of(w, &d->card[card], INT_MAX);
    if (w->n_token == 0 || w->token[0].kind != TP_TOKEN_WORD) return;
    const struct letter *l = letter_of(tp_lower(w->token[0].text.at[0]));
    if (!l) return;
    int        max = w->n_token < WORDS ? w->n_token : WORDS;
    tp_token  *word = TP_NEW(d->mem, tp_token, max);
    int        n = plain_words(w, word, max);
    tp_device *dev = &d->device[d->n_device++];
    *dev = (tp_device){.name = tp_str_lower(d->mem, w->token[0].text),
                       .letter = l->letter,
                       .card = card,
                       .subckt = d->card[card].subckt,
                       .node = word};
    dev->n_node = n_nodes(w, l, word, n);
    if (dev->n_node < n && l->how != CODE)
        dev->model = tp_str_lower(d->mem, word[dev->n_node].text);
}

static void add_subckt(struct work *w)
{
    tp_deck *d = w->d;
    if (w->n_token < 2) return;
    tp_token *word = TP_NEW(d->mem, tp_token, w->n_token);
    int       n = plain_words(w, word, w->n_token);
    if (n == 0) return;
    tp_str *pin = TP_NEW(d->mem, tp_str, n);
    for (int i = 1; i < n; i++) pin[i - 1] = tp_str_lower(d->mem, word[i].text);
    *TP_PUSH(d->mem, d->subckt, d->n_subckt, d->cap_subckt) = (tp_subckt){
        .name = tp_str_lower(d->mem, word[0].text), .n_pin = n - 1, .pin = pin};
}

/* Models, sub-circuits and global nodes: what device cards refer to. */
static void add_definition(struct work *w, int card)
{
    tp_deck *d = w->d;
    tp_str   text = d->card[card].text;
    bool     model = tp_str_starts(text, TP_S(".model"));
    if (!model && !tp_str_starts(text, TP_S(".subckt")) &&
        !tp_str_starts(text, TP_S(".global")))
        return;
    /* of a model its name is enough: a library is full of their numbers */
    tokens_of(w, &d->card[card], model ? 2 : INT_MAX);
    if (w->n_token < 2) return;
    if (token_is(w->token[0], ".model"))
        *TP_PUSH(d->mem, d->model, d->n_model, d->cap_model) =
            tp_str_lower(d->mem, w->token[1].text);
    if (token_is(w->token[0], ".global"))
        for (int i = 1; i < w->n_token; i++)
            *TP_PUSH(d->mem, d->global, d->n_global, d->cap_global) =
                tp_str_lower(d->mem, w->token[i].text);
    if (token_is(w->token[0], ".subckt")) {
        int before = d->n_subckt;
        add_subckt(w);
        if (d->n_subckt > before) d->subckt[before].card = card;
    }
}

/* ---- a node called gnd -------------------------------------------------- */

/* The first device with a node of that name, or NULL; `at`: the node. */
static const tp_device *device_at(const tp_deck *d, tp_str node, tp_token *at)
{
    for (int i = 0; i < d->n_device; i++)
        for (int k = 0; k < d->device[i].n_node; k++) {
            *at = d->device[i].node[k];
            if (tp_str_same(at->text, node)) return &d->device[i];
        }
    return NULL;
}

/* SIMetrix's ground is 0 only; the simulator's is gnd too. In SIMetrix's own
   language gnd is a node of its own, but where the deck has no other ground it
   can't be meant so. */
static void decide_gnd(tp_deck *d)
{
    tp_token         at, ignored;
    const tp_device *dev = device_at(d, TP_S("gnd"), &at);
    if (!dev || d->kind != TP_DECK_SIMETRIX || d->log_is_ln) return;
    tp_place from = tp_card_place(&d->card[dev->card], at.at);
    if (!device_at(d, TP_S("0"), &ignored)) {
        tp_deck_notice(d, tp_str_fmt(d->mem,
                                     "%.*s:%d: node gnd is taken for ground: "
                                     "the deck has no node 0",
                                     TP_F(from.in->name), from.line));
        return;
    }
    tp_str name = TP_S("gnd_");
    while (device_at(d, name, &ignored))
        name = tp_str_fmt(d->mem, "%.*s_", TP_F(name));
    d->gnd = name;
}

/* ---- the names of nodes, with those inside instances ------------------- */

struct names {
    tp_deck  *d;
    int       cap, cap_path;
    int       n_slot; /* a power of 2, more than half of it empty */
    int      *slot;   /* hash table of indices into d->node, -1 empty */
    long long steps;
};

static const tp_subckt *subckt_at(const tp_deck *d, int card)
{
    for (int i = 0; i < d->n_subckt; i++)
        if (d->subckt[i].card == card) return &d->subckt[i];
    return NULL;
}

static int pin_index(const tp_subckt *s, tp_str name)
{
    for (int i = 0; s && i < s->n_pin; i++)
        if (tp_str_same(s->pin[i], name)) return i;
    return -1;
}

static bool is_global(const tp_deck *d, tp_str name)
{
    for (int i = 0; i < d->n_global; i++)
        if (tp_str_same(d->global[i], name)) return true;
    return false;
}

static bool is_ground(const tp_deck *d, tp_str name)
{
    if (tp_str_same(name, TP_S("0"))) return true;
    return d->gnd.len == 0 && tp_str_same(name, TP_S("gnd"));
}

/* The slot of a name: where it is, or the empty one where it belongs. */
static int slot_of(const struct names *w, tp_str name)
{
    uint64_t mask = (uint64_t)w->n_slot - 1, at = tp_hash(0, name) & mask;
    while (w->slot[at] >= 0 && !tp_str_eq(w->d->node[w->slot[at]], name))
        at = (at + 1) & mask;
    return (int)at;
}

static void make_table(struct names *w, int n_slot)
{
    w->n_slot = n_slot;
    w->slot = TP_NEW(w->d->mem, int, n_slot);
    for (int i = 0; i < n_slot; i++) w->slot[i] = -1;
    for (int i = 0; i < w->d->n_node; i++)
        w->slot[slot_of(w, w->d->node[i])] = i;
}

static void add_name(struct names *w, tp_str prefix, tp_str node)
{
    tp_deck *d = w->d;
    if (d->n_node >= NAMES_MAX) return;
    tp_str name = tp_str_lower(
        d->mem, tp_str_fmt(d->mem, "%.*s%.*s", TP_F(prefix), TP_F(node)));
    if (2 * (d->n_node + 1) > w->n_slot) make_table(w, 4 * w->n_slot);
    int at = slot_of(w, name);
    if (w->slot[at] >= 0) return;
    w->slot[at] = d->n_node;
    *TP_PUSH(d->mem, d->node, d->n_node, w->cap) = name;
}

const tp_subckt *tp_deck_subckt(const tp_deck *d, tp_str name, int scope)
{
    const tp_subckt *any = NULL;
    for (int up = scope;; up = d->card[up].subckt) {
        for (int i = 0; i < d->n_subckt; i++) {
            const tp_subckt *s = &d->subckt[i];
            if (!tp_str_same(s->name, name)) continue;
            if (d->card[s->card].subckt == up) return s;
            any = s;
        }
        if (up < 0) return any;
    }
}

static void add_path(struct names *w, tp_str prefix, const tp_device *dev)
{
    tp_deck *d = w->d;
    if (d->n_path >= NAMES_MAX) return;
    *TP_PUSH(d->mem, d->path, d->n_path, w->cap_path) =
        tp_str_fmt(d->mem, "%.*s%.*s", TP_F(prefix), TP_F(dev->name));
}

static void list_names(struct names *w, int scope, tp_str prefix, int depth)
{
    const tp_deck   *d = w->d;
    const tp_subckt *in = subckt_at(d, scope);
    for (int i = 0; i < d->n_device; i++) {
        const tp_device *dev = &d->device[i];
        if (w->steps++ > STEPS_MAX) return;
        if (dev->subckt != scope) continue;
        add_path(w, prefix, dev);
        for (int k = 0; k < dev->n_node; k++) {
            tp_str node = dev->node[k].text;
            if (is_ground(d, node) || pin_index(in, node) >= 0) continue;
            bool outer = is_global(d, node);
            add_name(w, outer ? TP_S("") : prefix, node);
        }
        if (dev->letter != 'x' || depth == DEPTH_MAX) continue;
        const tp_subckt *s = tp_deck_subckt(d, dev->model, scope);
        if (!s) continue;
        list_names(
            w, s->card,
            tp_str_fmt(d->mem, "%.*s%.*s.", TP_F(prefix), TP_F(dev->name)),
            depth + 1);
    }
}

tp_status tp_deck_index(tp_deck *d, tp_err *err)
{
    if (d->n_device >= 0) return TP_OK;
    struct work w = {.d = d};
    d->n_device = 0;
    d->device = TP_NEW(d->mem, tp_device, d->n_card);
    for (int i = 0; i < d->n_card; i++)
        if (!d->taken[i]) add_definition(&w, i);
    for (int i = 0; i < d->n_card; i++)
        if (!d->taken[i]) add_device(&w, i);
    decide_gnd(d);
    TP_TRY(tp_deck_nesting(d, err));
    struct names names = {.d = d};
    make_table(&names, 256);
    list_names(&names, -1, TP_S(""), 0);
    return TP_OK;
}

int tp_deck_nodes(const tp_deck *d, const tp_str **name)
{
    *name = d->node;
    return d->n_device < 0 ? 0 : d->n_node;
}

int tp_deck_devices(const tp_deck *d, const tp_str **name)
{
    *name = d->path;
    return d->n_device < 0 ? 0 : d->n_path;
}

/* ---- paths -------------------------------------------------------------- */

/* Where a path leads: the instances passed, and the last name's scope. */
struct path {
    int    n_inst;
    int    inst[DEPTH_MAX]; /* devices, outermost first */
    int    scope;
    tp_str last;
};

static int device_in(const tp_deck *d, int scope, tp_str name)
{
    for (int i = 0; i < d->n_device; i++)
        if (d->device[i].subckt == scope &&
            tp_str_same(d->device[i].name, name))
            return i;
    return -1;
}

static bool node_in(const tp_deck *d, int scope, tp_str name)
{
    if (pin_index(subckt_at(d, scope), name) >= 0) return true;
    for (int i = 0; i < d->n_device; i++) {
        const tp_device *dev = &d->device[i];
        if (dev->subckt != scope) continue;
        for (int k = 0; k < dev->n_node; k++)
            if (tp_str_same(dev->node[k].text, name)) return true;
    }
    return false;
}

static bool is_in(const tp_deck *d, const struct path *p, bool device)
{
    if (device) return device_in(d, p->scope, p->last) >= 0;
    return node_in(d, p->scope, p->last);
}

/* Follows `p->last` from `p->scope`: a name of this scope, or an instance, a
   dot and the rest. */
static bool follow(const tp_deck *d, struct path *p, bool device)
{
    if (is_in(d, p, device)) return true;
    if (p->n_inst == DEPTH_MAX) return false;
    struct path from = *p;
    ptrdiff_t   dot = -1;
    while ((dot = tp_str_find(from.last, '.', dot + 1)) >= 0) {
        int x = device_in(d, from.scope, tp_str_part(from.last, 0, dot));
        if (x < 0 || d->device[x].letter != 'x') continue;
        const tp_subckt *s =
            tp_deck_subckt(d, d->device[x].model, d->device[x].subckt);
        if (!s) continue;
        *p = from;
        p->inst[p->n_inst++] = x;
        p->scope = s->card;
        p->last = tp_str_from(from.last, dot + 1);
        if (follow(d, p, device)) return true;
    }
    *p = from;
    return false;
}

/* The simulator writes "r.x1.r1" for r1 in x1: the same as "x1.r1". */
static bool device_path(const tp_deck *d, tp_str path, struct path *p)
{
    *p = (struct path){.scope = -1, .last = path};
    if (follow(d, p, true)) return true;
    if (path.len < 3 || path.at[1] != '.') return false;
    *p = (struct path){.scope = -1, .last = tp_str_from(path, 2)};
    return follow(d, p, true) && p->n_inst > 0 &&
           tp_lower(p->last.at[0]) == tp_lower(path.at[0]);
}

static void add_instances(tp_buf *b, const tp_deck *d, const struct path *p,
                          int n)
{
    for (int i = 0; i < n; i++)
        tp_buf_fmt(b, "%.*s.", TP_F(d->device[p->inst[i]].name));
}

int tp_deck_device(const tp_deck *d, tp_str path)
{
    struct path p;
    if (!device_path(d, path, &p)) return -1;
    return device_in(d, p.scope, p.last);
}

tp_str tp_deck_flat(const tp_deck *d, tp_str path, tp_str last, tp_arena *mem)
{
    struct path p;
    tp_buf      b = {.mem = mem};
    if (!device_path(d, path, &p)) return tp_str_lower(mem, path);
    if (last.len == 0) last = p.last;
    if (p.n_inst > 0) tp_buf_fmt(&b, "%c.", last.at[0]);
    add_instances(&b, d, &p, p.n_inst);
    tp_buf_add(&b, last);
    return tp_str_lower(mem, tp_buf_str(&b));
}

bool tp_deck_node(const tp_deck *d, tp_str path, tp_str *out, tp_arena *mem)
{
    struct path p = {.scope = -1, .last = path};
    *out = TP_S("0");
    if (is_ground(d, path)) return true;
    if (!follow(d, &p, false)) return false;
    int n = p.n_inst;
    while (n > 0) { /* a pin of the sub-circuit is the outer node */
        const tp_device *x = &d->device[p.inst[n - 1]];
        int pin = pin_index(tp_deck_subckt(d, x->model, x->subckt), p.last);
        if (pin < 0 || pin >= x->n_node) break;
        p.last = x->node[pin].text;
        n--;
    }
    if (is_ground(d, p.last)) return true;
    tp_buf b = {.mem = mem};
    if (!is_global(d, p.last)) add_instances(&b, d, &p, n);
    tp_buf_add(&b, tp_node_name(d, p.last, mem));
    *out = tp_str_lower(mem, tp_buf_str(&b));
    return true;
}

tp_str tp_device_pin(const tp_deck *d, const tp_device *dev, int k,
                     tp_arena *mem)
{
    const struct letter *l = letter_of(dev->letter);
    (void)mem;
    if (!l || k < 0 || k >= dev->n_node) return TP_S("");
    if (dev->letter == 'x') {
        const tp_subckt *s = tp_deck_subckt(d, dev->model, dev->subckt);
        return s && k < s->n_pin ? s->pin[k] : TP_S("");
    }
    tp_str rest = tp_str_of(l->pins), pin = TP_S("");
    for (int i = 0; i <= k; i++) pin = tp_str_word(&rest, " ");
    return pin;
}
