/* What the names of an OCEAN expression stand for. A path of the schematic
   becomes one of the deck: "/I0/net1" is i0.net1, or xi0.net1 where the deck
   has the instance as a netlister writes it, with the letter that says what it
   is in front. Without a deck the names are the simulator's own: "I0.net1",
   "V0:p", "I0.M1:gm". */
#include "front/ocean.h"

typedef struct look {
    tp_ocean_scope *in;
    tp_ocean_name   name;
    tp_str          kind; /* of the analysis, "op" for an operating point */
    tp_bind        *out;
    tp_arena       *mem;
    tp_err         *err;
} look;

/* What a result's name means where no analysis is called that. */
static const struct {
    const char *result, *kind;
} results[] = {
    {"ac", "ac"},       {"tran", "tran"}, {"dc", "dc"},
    {"noise", "noise"}, {"dcOp", "op"},   {"dcOpInfo", "op"},
    {"opBegin", "op"},  {"op", "op"},     {"srcSweep", "dc"},
};

static tp_str kind_of_result(tp_str result)
{
    for (int i = 0; i < TP_COUNT(results); i++)
        if (tp_str_same(result, tp_str_of(results[i].result)))
            return tp_str_of(results[i].kind);
    return TP_S("");
}

/* ---- analyses ---------------------------------------------------------- */

static int analysis_named(const tp_ocean_scope *in, tp_str name)
{
    for (int i = 0; name.len > 0 && i < in->n_analysis; i++) {
        const tp_analysis *a = &in->analysis[i];
        if (tp_str_same(a->id, name) || tp_str_same(a->runname, name) ||
            tp_str_same(a->ordinal, name))
            return i;
    }
    return -1;
}

static int analysis_of_kind(const tp_ocean_scope *in, tp_str kind)
{
    for (int i = 0; i < in->n_analysis; i++)
        if (tp_str_same(in->analysis[i].kind, kind)) return i;
    return -1;
}

static tp_status no_analysis(const look *l, tp_str result)
{
    tp_buf b = {.mem = l->mem};
    for (int i = 0; i < l->in->n_analysis; i++) {
        const tp_analysis *a = &l->in->analysis[i];
        tp_str             name = a->id.len > 0 ? a->id : a->kind;
        tp_buf_fmt(&b, "%s%.*s", i > 0 ? ", " : "", TP_F(name));
    }
    return tp_fail(l->err, TP_BAD_INPUT,
                   "there is no result '%.*s'; the analyses are %.*s",
                   TP_F(result), TP_F(tp_buf_str(&b)));
}

/* The analysis whose operating point is read: an .op, else one that starts
   from one. */
static int operating_point(look *l)
{
    static const char *const starts[] = {"ac", "noise", "tf", "tran"};
    int                      i = analysis_of_kind(l->in, TP_S("op"));
    for (int k = 0; i < 0 && k < TP_COUNT(starts); k++) {
        i = analysis_of_kind(l->in, tp_str_of(starts[k]));
        l->out->op = i >= 0;
    }
    return i;
}

static tp_status find_analysis(look *l)
{
    tp_str result =
        l->name.result.len > 0 ? l->name.result : l->in->measure_analysis;
    l->out->op = false;
    l->out->analysis = analysis_named(l->in, result);
    tp_str kind = kind_of_result(result);
    if (l->out->analysis < 0 && tp_str_same(kind, TP_S("op")))
        l->out->analysis = operating_point(l);
    else if (l->out->analysis < 0 && kind.len > 0)
        l->out->analysis = analysis_of_kind(l->in, kind);
    if (l->out->analysis < 0) return no_analysis(l, result);
    tp_analysis *a = &l->in->analysis[l->out->analysis];
    a->op = a->op || l->out->op;
    l->kind = l->out->op ? TP_S("op") : a->kind;
    return TP_OK;
}

/* ---- paths ------------------------------------------------------------- */

/* "/I0/net1" -> "I0.net1"; each instance on the way with `letter` in front,
   '\0' none, unless it begins with it. */
static tp_str dotted(tp_str path, char letter, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (tp_str part; (part = tp_str_word(&path, "/")).len > 0;) {
        bool last = path.len == 0;
        if (b.len > 0) tp_buf_char(&b, '.');
        if (letter && !last && tp_lower(part.at[0]) != letter)
            tp_buf_char(&b, letter);
        tp_buf_add(&b, part);
    }
    return tp_buf_str(&b);
}

/* With a letter in front of its last part. */
static tp_str lettered(tp_str name, char letter, tp_arena *mem)
{
    ptrdiff_t at = name.len;
    while (at > 0 && name.at[at - 1] != '.') at--;
    if (!letter) return name;
    return tp_str_fmt(mem, "%.*s%c%.*s", TP_F(tp_str_part(name, 0, at)), letter,
                      TP_F(tp_str_from(name, at)));
}

/* How a vector's name is put together: before the path, behind it, after the
   last part. */
typedef struct form {
    const char *before, *between, *after;
} form;

/* The first signal of that form over the ways a deck may call the instance;
   the first refusal where there is none. */
static tp_status try_names(look *l, const char *letters, form f, tp_str last)
{
    tp_err first = {0};
    for (int way = 0; way < 2; way++) {
        tp_str path = dotted(l->name.object, way ? 'x' : '\0', l->mem);
        for (const char *c = letters;; c++) {
            char      letter = c == letters ? '\0' : c[-1];
            tp_err    err = {0};
            tp_str    of = lettered(path, letter, l->mem);
            tp_str    text = tp_str_fmt(l->mem, "%s%.*s%s%.*s%s", f.before,
                                        TP_F(of), f.between, TP_F(last), f.after);
            tp_status s = tp_deck_signal(l->in->deck, text, l->kind,
                                         &l->out->signal, &err);
            if (s == TP_OK) return TP_OK;
            if (!first.code) first = err;
            if (!*c) break;
        }
    }
    return tp_fail(l->err, first.code, "%s", first.msg);
}

/* ---- what is named ----------------------------------------------------- */

/* A terminal as the deck's pins are called. */
static tp_str pin_of(tp_str terminal)
{
    if (tp_str_same(terminal, TP_S("PLUS"))) return TP_S("p");
    if (tp_str_same(terminal, TP_S("MINUS"))) return TP_S("n");
    return terminal;
}

/* Quantities whose names differ from Spectre's in ngspice. */
static tp_str quantity_of(tp_str name)
{
    static const struct {
        const char *spectre, *ngspice;
    } rows[] = {{"ids", "id"}, {"gmb", "gmbs"}, {"ic", "ic"}};
    for (int i = 0; i < TP_COUNT(rows); i++)
        if (tp_str_same(name, tp_str_of(rows[i].spectre)))
            return tp_str_of(rows[i].ngspice);
    return name;
}

/* The only transistor inside a sub-circuit that stands for one, as the PDKs'
   do; "" there is none or several. */
static tp_str inner_device(const look *l, tp_str instance)
{
    const tp_str *name;
    int           n = tp_deck_devices(l->in->deck, &name);
    tp_str        only = TP_S("");
    tp_str        head = tp_str_fmt(l->mem, "%.*s.", TP_F(instance));
    for (int i = 0; i < n; i++) {
        if (!tp_str_starts(name[i], head) || name[i].len == head.len) continue;
        char first = tp_lower(name[i].at[head.len]);
        if (first != 'm' && first != 'q' && first != 'n') continue;
        if (only.len > 0) return TP_S("");
        only = name[i];
    }
    return only;
}

static tp_status quantity(look *l)
{
    tp_err own = {0}, *theirs = l->err;
    tp_str part = quantity_of(l->name.part);
    for (int way = 0; way < 4; way++) {
        tp_str path = dotted(l->name.object, way & 1 ? 'x' : '\0', l->mem);
        path = lettered(path, way & 2 ? 'x' : '\0', l->mem);
        path = inner_device(l, path);
        if (path.len == 0) continue;
        tp_str text = tp_str_fmt(l->mem, "@%.*s[%.*s]", TP_F(path), TP_F(part));
        return tp_deck_signal(l->in->deck, text, l->kind, &l->out->signal,
                              l->err);
    }
    l->err = &own;
    tp_status s = try_names(l, "mqrcldjvi", (form){"@", "[", "]"}, part);
    l->err = theirs;
    return s ? tp_fail(theirs, s, "%s", own.msg) : TP_OK;
}

static tp_status voltage(look *l)
{
    return try_names(l, "", (form){"", "", ""}, TP_S(""));
}

static tp_status current(look *l)
{
    return try_names(l, "vxrmcqldji", (form){"", "#", ""},
                     pin_of(l->name.part));
}

static tp_status noise(look *l)
{
    bool   in = tp_str_same(l->name.object, TP_S("in"));
    tp_str text = in ? TP_S("inoise") : TP_S("onoise");
    return tp_deck_signal(l->in->deck, text, l->kind, &l->out->signal, l->err);
}

/* getData: "/M1:gm", a net, or "/V0/PLUS". */
static tp_status data(look *l)
{
    tp_str    whole = l->name.object;
    ptrdiff_t colon = tp_str_find(whole, ':', 0);
    if (tp_str_same(l->kind, TP_S("noise"))) return noise(l);
    if (colon > 0) {
        l->name.object = tp_str_part(whole, 0, colon);
        l->name.part = tp_str_from(whole, colon + 1);
        return quantity(l);
    }
    tp_status s = voltage(l);
    ptrdiff_t slash = whole.len - 1;
    while (slash > 0 && whole.at[slash] != '/') slash--;
    if (s == TP_OK || slash < 1) return s;
    tp_err own = {0}, *theirs = l->err;
    l->name.object = tp_str_part(whole, 0, slash);
    l->name.part = tp_str_from(whole, slash + 1);
    l->err = &own;
    if (current(l) == TP_OK) s = TP_OK;
    l->err = theirs;
    return s;
}

/* The simulator's own names, as Spectre writes them. */
static tp_status own_name(look *l)
{
    tp_str path = dotted(l->name.object, '\0', l->mem), name = path;
    double factor = 1;
    if (tp_str_same(l->kind, TP_S("noise")))
        name = tp_str_same(path, TP_S("in")) ? TP_S("in") : TP_S("out");
    if (l->name.kind == TP_ACCESS_CURRENT) {
        bool minus = tp_str_same(l->name.part, TP_S("MINUS"));
        if (minus) factor = -1;
        tp_str pin = minus ? TP_S("p") : pin_of(l->name.part);
        name = tp_str_fmt(l->mem, "%.*s:%.*s", TP_F(path), TP_F(pin));
    }
    if (l->name.kind == TP_ACCESS_QUANTITY)
        name = tp_str_fmt(l->mem, "%.*s:%.*s", TP_F(path), TP_F(l->name.part));
    l->out->signal = (tp_signal){.name = name, .vector = name};
    l->out->signal.factor = factor;
    l->out->signal.unit = TP_S("");
    return TP_OK;
}

static tp_status variable(look *l)
{
    tp_ocean_scope *in = l->in;
    for (int i = 0; i < in->n_value; i++) {
        if (!tp_str_eq(in->value[i], l->name.object)) continue;
        *l->out = (tp_bind){.kind = TP_BIND_VAR, .at = i};
        return TP_OK;
    }
    tp_str mean =
        tp_did_you_mean(l->mem, l->name.object, in->value, in->n_value);
    return tp_fail(l->err, TP_BAD_INPUT, "there is no variable '%.*s'%.*s",
                   TP_F(l->name.object), TP_F(mean));
}

static tp_status (*const bind[])(look *l) = {
    [TP_ACCESS_VOLTAGE] = voltage,   [TP_ACCESS_CURRENT] = current,
    [TP_ACCESS_QUANTITY] = quantity, [TP_ACCESS_DATA] = data,
    [TP_ACCESS_NOISE] = noise,       [TP_ACCESS_VARIABLE] = variable,
};

static tp_status bind_one(look *l)
{
    if (l->name.kind == TP_ACCESS_VARIABLE) return variable(l);
    l->out->kind = TP_BIND_SIGNAL;
    TP_TRY(find_analysis(l));
    if (!l->in->deck) return own_name(l);
    return bind[l->name.kind](l);
}

tp_status tp_ocean_bind(const tp_bind **out, int *n, const tp_expr *e,
                        tp_ocean_scope *in, tp_arena *mem, tp_err *err)
{
    const tp_slot *slot;
    *n = tp_expr_slots(e, &slot);
    tp_bind *list = TP_NEW(mem, tp_bind, *n);
    for (int i = 0; i < *n; i++) {
        tp_err    own = {0};
        look      l = {.in = in, .out = &list[i], .mem = mem, .err = &own};
        tp_status s = tp_ocean_name_read(&l.name, slot[i].name, mem, &own);
        if (s == TP_OK) s = bind_one(&l);
        if (s == TP_OK) continue;
        tp_fail(err, s, "%.*s: %s", TP_F(slot[i].name), own.msg);
        if (err) err->col = (int)slot[i].at + 1;
        return s;
    }
    *out = list;
    return TP_OK;
}

/* ---- paths without an expression ----------------------------------------- */

typedef struct known {
    const char   *what; /* they are: "node" */
    const tp_str *name;
    int           n;
} known;

static tp_status among(tp_str *out, const known *all, tp_str path,
                       tp_arena *mem, tp_err *err)
{
    for (int way = 0; way < 2; way++) {
        tp_str text = dotted(path, way ? 'x' : '\0', mem);
        for (int i = 0; i < all->n; i++) {
            if (!tp_str_same(all->name[i], text)) continue;
            *out = all->name[i];
            return TP_OK;
        }
    }
    return tp_fail(err, TP_BAD_INPUT, "no %s '%.*s'%.*s", all->what, TP_F(path),
                   TP_F(tp_did_you_mean(mem, path, all->name, all->n)));
}

tp_status tp_ocean_net(tp_str *out, const tp_deck *deck, tp_str path,
                       tp_arena *mem, tp_err *err)
{
    known all = {.what = "node"};
    all.n = tp_deck_nodes(deck, &all.name);
    return among(out, &all, path, mem, err);
}

tp_status tp_ocean_device(tp_str *out, const tp_deck *deck, tp_str path,
                          tp_arena *mem, tp_err *err)
{
    known all = {.what = "device"};
    all.n = tp_deck_devices(deck, &all.name);
    TP_TRY(among(out, &all, path, mem, err));
    ptrdiff_t last = out->len;
    while (last > 0 && out->at[last - 1] != '.') last--;
    if (last > 0) *out = tp_str_fmt(mem, "%c.%.*s", out->at[last], TP_F(*out));
    return TP_OK;
}
