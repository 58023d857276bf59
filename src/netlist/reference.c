/* reference: a circuit at a point as one text for a plain `ngspice -b`: the
   parameters written in, the analyses as cards. The simulator writes the plots
   of one kind last card first, so the cards stand in reverse. */
#include "netlist/deck.h"

/* A circuit's text, line by line. */
struct lines {
    tp_arena *mem;
    int       n, cap;
    tp_str   *line;
};

static void split(struct lines *l, tp_str text)
{
    for (ptrdiff_t at = 0; at < text.len;) {
        ptrdiff_t end = tp_str_find(text, '\n', at);
        if (end < 0) end = text.len;
        *TP_PUSH(l->mem, l->line, l->n, l->cap) =
            tp_str_part(text, at, end - at);
        at = end + 1;
    }
    while (l->n > 0 && l->line[l->n - 1].len == 0) l->n--;
    if (l->n > 0 && tp_str_same(l->line[l->n - 1], TP_S(".end"))) l->n--;
}

static void add(struct lines *l, tp_str line)
{
    *TP_PUSH(l->mem, l->line, l->n, l->cap) = line;
}

/* ---- tunables ----------------------------------------------------------- */

/* Whether the line is ".param NAME=..." and that name only. */
static bool declares(tp_str line, tp_str name)
{
    tp_str rest = line;
    if (!tp_str_same(tp_str_word(&rest, " \t"), TP_S(".param"))) return false;
    ptrdiff_t equals = tp_str_find(rest, '=', 0);
    if (equals < 0 || tp_str_find(rest, '=', equals + 1) >= 0) return false;
    return tp_str_same(tp_str_trim(tp_str_part(rest, 0, equals)), name);
}

static void set_param(struct lines *l, tp_str name, double value)
{
    tp_str line = tp_str_fmt(l->mem, ".param %.*s=%.17g", TP_F(name), value);
    for (int i = 0; i < l->n; i++) {
        if (!declares(l->line[i], name)) continue;
        l->line[i] = line;
        return;
    }
    add(l, line);
}

/* ---- a value of a sweep ------------------------------------------------- */

/* Line of the top-level card whose first word is `word` and, when `second` is
   not empty, second one that; -1: none. */
static int find_card(const struct lines *l, tp_str word, tp_str second,
                     bool anywhere)
{
    int depth = 0;
    for (int i = 1; i < l->n; i++) {
        tp_str rest = l->line[i];
        tp_str first = tp_str_word(&rest, " \t");
        depth += tp_str_same(first, TP_S(".subckt"));
        depth -= tp_str_same(first, TP_S(".ends"));
        if ((depth > 0 && !anywhere) || !tp_str_same(first, word)) continue;
        if (second.len == 0 || tp_str_same(tp_str_word(&rest, " \t("), second))
            return i;
    }
    return -1;
}

/* Puts words behind the card that begins in that line. */
static void append(struct lines *l, int line, tp_str words)
{
    while (line + 1 < l->n && l->line[line + 1].len > 0 &&
           l->line[line + 1].at[0] == '+')
        line++;
    l->line[line] =
        tp_str_fmt(l->mem, "%.*s\n+ %.*s", TP_F(l->line[line]), TP_F(words));
}

/* The next word at or after *at, braces and quotes kept whole. */
static tp_str word_at(tp_str s, ptrdiff_t *at)
{
    ptrdiff_t i = *at;
    int       depth = 0;
    char      quote = '\0';
    while (i < s.len && (tp_is_space(s.at[i]) || s.at[i] == '=')) i++;
    ptrdiff_t from = i;
    for (; i < s.len; i++) {
        char c = s.at[i];
        if (!quote && depth == 0 && (tp_is_space(c) || c == '=')) break;
        if (!quote) depth += (c == '{') - (c == '}');
        if (c == '\'') quote = quote ? '\0' : c;
    }
    *at = i;
    return tp_str_part(s, from, i - from);
}

static bool starts_value(tp_str word)
{
    if (word.len == 0) return false;
    char c = word.at[0];
    return tp_is_digit(c) || tp_str_find(TP_S("+-.{'"), c, 0) >= 0;
}

/* The first value at or after word `nth` (0-based), but for the words before
   it; without one it is put there. */
static void set_word(struct lines *l, int line, int nth, double value)
{
    tp_str    s = l->line[line];
    ptrdiff_t at = 0, from;
    for (int i = 0; i < nth; i++) word_at(s, &at);
    from = at;
    tp_str word = word_at(s, &at);
    if (tp_str_same(word, TP_S("dc"))) {
        from = at;
        word = word_at(s, &at);
    }
    if (!starts_value(word)) at = from;
    l->line[line] =
        tp_str_fmt(l->mem, "%.*s %.17g %.*s", TP_F(tp_str_part(s, 0, from)),
                   value, TP_F(tp_str_trim(tp_str_from(s, at))));
}

static tp_status cannot(const struct lines *l, const tp_sweep *s, tp_err *err)
{
    (void)l;
    return tp_fail(err, TP_BAD_INPUT,
                   "the sweep of %.*s can't be written as a plain deck (it is "
                   "inside a sub-circuit or of a form that has no value)",
                   TP_F(s->name));
}

/* How a device's principal value is written. */
static tp_status set_device(struct lines *l, const tp_sweep *s, double v,
                            tp_err *err)
{
    static const struct {
        const char *par;  /* appended: the last one counts */
        int         word; /* or, NULL: where the value stands */
        char        letter;
    } row[] = {{"r", 0, 'r'},  {"c", 0, 'c'},  {"l", 0, 'l'},
               {NULL, 3, 'v'}, {NULL, 3, 'i'}, {NULL, 5, 'e'},
               {NULL, 5, 'g'}, {NULL, 4, 'f'}, {NULL, 4, 'h'}};
    int line = find_card(l, s->name, TP_S(""), false);
    for (int i = 0; line > 0 && i < TP_COUNT(row); i++) {
        if (row[i].letter != tp_lower(s->name.at[0])) continue;
        if (row[i].par)
            append(l, line, tp_str_fmt(l->mem, "%s=%.17g", row[i].par, v));
        else
            set_word(l, line, row[i].word, v);
        return TP_OK;
    }
    return cannot(l, s, err);
}

static tp_status set_step(struct lines *l, const tp_sweep *s, int step,
                          tp_err *err)
{
    int line;
    if (s->kind == TP_SWEEP_NONE) return TP_OK;
    if (step < 0 || step >= s->n)
        return tp_fail(err, TP_BAD_INPUT, "step %d is outside 0 to %d", step,
                       s->n - 1);
    double v = s->value[step];
    switch (s->kind) {
    case TP_SWEEP_NONE: return TP_OK;
    case TP_SWEEP_DEVICE: return set_device(l, s, v, err);
    case TP_SWEEP_TEMP:
        add(l, tp_str_fmt(l->mem, ".temp %.17g", v));
        return TP_OK;
    case TP_SWEEP_PARAM: /* the last definition counts */
        add(l, tp_str_fmt(l->mem, ".param %.*s=%.17g", TP_F(s->name), v));
        return TP_OK;
    case TP_SWEEP_MODEL:
        line = find_card(l, TP_S(".model"), s->name, true);
        if (line < 0) return cannot(l, s, err);
        append(l, line, tp_str_fmt(l->mem, "%.*s=%.17g", TP_F(s->par), v));
        return TP_OK;
    }
    return TP_OK;
}

/* ---- the whole ---------------------------------------------------------- */

static bool written(const tp_analysis *a, int i, const tp_reference_part *part)
{
    if (part->which >= 0) return i == part->which;
    return a->sweep.kind == TP_SWEEP_NONE && (!part->want || part->want[i]);
}

static tp_status add_cards(struct lines *l, const tp_circuit *c,
                           const double *value, const tp_reference_part *part,
                           tp_err *err)
{
    bool op = false, has_op = false;
    for (int i = c->n_analysis - 1; i >= 0; i--) {
        const tp_analysis *a = &c->analysis[i];
        tp_str             command;
        if (!written(a, i, part)) continue;
        TP_TRY(tp_command_at(&command, c, i, value, l->mem, err));
        add(l, tp_str_fmt(l->mem, ".%.*s", TP_F(command)));
        op |= a->op && !tp_str_same(a->kind, TP_S("tran"));
        has_op |= tp_str_same(command, TP_S("op"));
    }
    if (op && !has_op) add(l, TP_S(".op"));
    return TP_OK;
}

static void add_saves(struct lines *l, const tp_circuit *c)
{
    tp_buf b = {.mem = l->mem};
    if (c->n_save == 0) return;
    tp_buf_add(&b, TP_S(".save all"));
    for (int i = 0; i < c->n_save; i++)
        tp_buf_fmt(&b, " %.*s", TP_F(c->save[i]));
    add(l, tp_buf_str(&b));
}

static tp_str joined(const struct lines *l)
{
    tp_buf b = {.mem = l->mem};
    for (int i = 0; i < l->n; i++) {
        tp_buf_add(&b, l->line[i]);
        tp_buf_char(&b, '\n');
    }
    return tp_buf_str(&b);
}

tp_status tp_circuit_reference(tp_str *out, const tp_circuit *c,
                               const double            *value,
                               const tp_reference_part *part, tp_arena *mem,
                               tp_err *err)
{
    struct lines l = {.mem = mem};
    int          which = part->which;
    tp_circuit   whole;
    tp_circuit_whole(&whole, c, mem);
    split(&l, whole.text);
    for (int i = 0; i < c->n_param; i++) set_param(&l, c->param[i], value[i]);
    if (which >= 0)
        TP_TRY(set_step(&l, &c->analysis[which].sweep, part->step, err));
    add_saves(&l, c);
    TP_TRY(add_cards(&l, c, value, part, err));
    add(&l, TP_S(".end"));
    *out = joined(&l);
    return TP_OK;
}

tp_str tp_circuit_with(const tp_circuit *c, const tp_tunable *set, int n,
                       tp_str text, tp_arena *mem)
{
    struct lines l = {.mem = mem};
    tp_circuit   whole;
    tp_circuit_whole(&whole, c, mem);
    split(&l, whole.text);
    for (int i = 0; i < n; i++) set_param(&l, set[i].name, set[i].value);
    if (text.len > 0) add(&l, tp_str_trim(text));
    add(&l, TP_S(".end"));
    return joined(&l);
}
