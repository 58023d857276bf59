/* What a session may say to a simulator, one command = one row, and which of
   it has to be said again to a circuit that is loaded afresh. Whatever is not
   here is refused: ngspice's own language starts programs and writes files. */
#include "sim/parts.h"

#include <math.h>

typedef struct row {
    const char     *verb;
    tp_command_kind kind;
    int             min; /* words behind the verb */
    /* Takes the words apart; "" or what is wrong. */
    tp_str (*read)(tp_command *c, tp_str rest, tp_arena *mem);
} row;

/* ---- words ------------------------------------------------------- */

/* Bytes that have no meaning of their own in ngspice's command line, where
   ` starts a program, > writes a file and ; begins another command. */
static bool is_harmless(char c)
{
    return tp_is_alpha(c) || tp_is_digit(c) ||
           tp_str_find(TP_S(" \t_.,=+-*/()[]@:#%"), c, 0) >= 0;
}

static const char separators[] = " \t,=";

static int count_words(tp_str rest)
{
    int n = 0;
    while (tp_str_word(&rest, separators).len > 0) n++;
    return n;
}

static tp_str number_of(double *v, tp_str word, tp_arena *mem)
{
    if (!tp_number_all(word, v))
        return tp_str_fmt(mem, "'%.*s' is not a number", TP_F(word));
    if (!isfinite(*v))
        return tp_str_fmt(mem, "'%.*s' is not a finite number", TP_F(word));
    return TP_S("");
}

bool tp_quantity_read(tp_str *name, tp_str *par, tp_str text, tp_arena *mem)
{
    tp_str s = tp_str_lower(mem, tp_str_trim(text));
    bool   at = s.len > 1 && s.at[0] == '@';
    for (ptrdiff_t i = 0; i < s.len; i++)
        if (!is_harmless(s.at[i]) || tp_is_space(s.at[i])) return false;
    s = tp_str_from(s, at ? 1 : 0);
    ptrdiff_t open = tp_str_find(s, '[', 0);
    *par = TP_S("");
    *name = open < 0 ? s : tp_str_part(s, 0, open);
    if (open < 0) return at && tp_str_find(s, ']', 0) < 0;
    *par = tp_str_part(s, open + 1, s.len - open - 2);
    return at && name->len > 0 && par->len > 0 &&
           tp_str_find(s, ']', 0) == s.len - 1 && tp_str_find(*par, '[', 0) < 0;
}

/* ---- alter, altermod --------------------------------------------- */

/* "5k" or "[ 0 1 2u ]" -> c->value. */
static tp_str read_value(tp_command *c, tp_str rest, tp_arena *mem)
{
    tp_str s = tp_str_trim(rest), why = TP_S("");
    c->list = s.len > 0 && s.at[0] == '[';
    if (c->list && s.at[s.len - 1] != ']')
        return TP_S("the list has no ']' at its end");
    if (c->list) s = tp_str_part(s, 1, s.len - 2);
    int n = 0, most = count_words(s);
    if (most == 0) return TP_S("there is no value");
    if (most > 1 && !c->list)
        return tp_str_fmt(mem, "'%.*s' is more than one value", TP_F(s));
    double *v = TP_NEW(mem, double, most);
    for (tp_str w; why.len == 0 && (w = tp_str_word(&s, separators)).len > 0;)
        why = number_of(&v[n++], w, mem);
    c->n = n;
    c->value = v;
    return why;
}

/* "@r1[resistance] = 5k", "r1 = 5k", "r1 5k", "r1 resistance = 5k". */
static tp_str read_alter(tp_command *c, tp_str rest, tp_arena *mem)
{
    tp_str before = rest, what = tp_str_word(&rest, " \t="), w;
    if (what.at[0] == '@' && tp_str_find(what, '[', 0) >= 0) {
        ptrdiff_t end = tp_str_find(before, ']', 0);
        rest = tp_str_from(before, end + 1);
        what = tp_str_part(before, 0, end + 1);
    }
    if (what.at[0] == '@') {
        if (!tp_quantity_read(&c->name, &c->par, what, mem))
            return tp_str_fmt(mem, "'%.*s' is not like @r1[resistance]",
                              TP_F(tp_str_trim(before)));
    } else {
        double    v;
        ptrdiff_t is = tp_str_find(rest, '=', 0);
        tp_str    more = rest;
        c->name = what;
        w = tp_str_word(&more, " \t=");
        bool value_next = w.len == 0 || w.at[0] == '[' || tp_number(w, &v) > 0;
        if (!value_next && tp_str_trim(more).len > 0) {
            c->par = w;
            rest = more;
        } else if (!value_next && is < 0) {
            return tp_str_fmt(mem, "'%.*s' is not a number", TP_F(w));
        }
    }
    rest = tp_str_trim(rest);
    if (rest.len > 0 && rest.at[0] == '=') rest = tp_str_from(rest, 1);
    tp_str why = read_value(c, rest, mem);
    if (why.len == 0 && c->kind == TP_COMMAND_MODEL && c->par.len == 0)
        return TP_S("which parameter of the model?");
    c->key = tp_str_fmt(mem, "%.*s %.*s[%.*s]", TP_F(c->verb), TP_F(c->name),
                        TP_F(c->par));
    return why;
}

/* "p = 5k", or "s p = 5k" for a parameter of sub-circuit s. */
static tp_str read_param(tp_command *c, tp_str rest, tp_arena *mem)
{
    tp_str digits;
    char   text[TP_NUMBER_MAX];
    c->name = tp_str_word(&rest, separators);
    tp_str more = rest, second = tp_str_word(&more, separators);
    more = tp_str_trim(more);
    if (second.len > 0 && more.len > 0 && more.at[0] == '=') {
        c->name = tp_str_fmt(mem, "%.*s %.*s", TP_F(c->name), TP_F(second));
        rest = more;
    }
    rest = tp_str_trim(rest);
    if (rest.len > 0 && rest.at[0] == '=') rest = tp_str_from(rest, 1);
    tp_str why = read_value(c, rest, mem);
    if (why.len > 0) return why;
    if (c->n != 1 || c->list) return TP_S("a parameter is one number");
    digits = tp_str_of(tp_exact(c->value[0], text));
    c->text =
        tp_str_fmt(mem, "alterparam %.*s=%.*s", TP_F(c->name), TP_F(digits));
    c->key = tp_str_fmt(mem, "alterparam %.*s", TP_F(c->name));
    return why;
}

/* ---- option, set ------------------------------------------------- */

#define TP_O(word)                        \
    {                                     \
        word, (ptrdiff_t)sizeof(word) - 1 \
    }
/* Circuit options of ngspice 39 (manual, ".OPTIONS"). */
static const tp_str options[] = {
    TP_O("abstol"),    TP_O("acct"),         TP_O("autostop"),
    TP_O("badmos3"),   TP_O("bypass"),       TP_O("chgtol"),
    TP_O("cshunt"),    TP_O("defad"),        TP_O("defas"),
    TP_O("defl"),      TP_O("defm"),         TP_O("defw"),
    TP_O("delmin"),    TP_O("epsmin"),       TP_O("gmin"),
    TP_O("gminsteps"), TP_O("gshunt"),       TP_O("indverbosity"),
    TP_O("interp"),    TP_O("itl1"),         TP_O("itl2"),
    TP_O("itl3"),      TP_O("itl4"),         TP_O("itl5"),
    TP_O("itl6"),      TP_O("keepopinfo"),   TP_O("maxord"),
    TP_O("method"),    TP_O("minbreak"),     TP_O("noopac"),
    TP_O("noopiter"),  TP_O("opts"),         TP_O("pivrel"),
    TP_O("pivtol"),    TP_O("ramptime"),     TP_O("reltol"),
    TP_O("rseries"),   TP_O("rshunt"),       TP_O("savecurrents"),
    TP_O("srcsteps"),  TP_O("temp"),         TP_O("tnom"),
    TP_O("trtol"),     TP_O("trytocompact"), TP_O("vntol"),
    TP_O("warn"),      TP_O("xmu"),
};

static bool is_option(tp_str name)
{
    for (int i = 0; i < TP_COUNT(options); i++)
        if (tp_str_eq(name, options[i])) return true;
    return false;
}

/* One of "reltol=1e-6 method=gear keepopinfo", cut off the front. */
static tp_str read_one(tp_buf *b, tp_str *rest, tp_arena *mem)
{
    double v;
    tp_str name = tp_str_word(rest, " \t,=");
    if (!is_option(name))
        return tp_str_fmt(
            mem, "the simulator has no option '%.*s'%.*s", TP_F(name),
            TP_F(tp_did_you_mean(mem, name, options, TP_COUNT(options))));
    tp_buf_fmt(b, " %.*s", TP_F(name));
    *rest = tp_str_trim(*rest);
    if (rest->len == 0 || rest->at[0] != '=') return TP_S("");
    tp_str value = tp_str_word(rest, " \t,=");
    if (value.len == 0)
        return tp_str_fmt(mem, "%.*s: there is no value", TP_F(name));
    if (tp_number_all(value, &v))
        tp_buf_fmt(b, "=%.17g", v);
    else
        tp_buf_fmt(b, "=%.*s", TP_F(value));
    return TP_S("");
}

static tp_str read_option(tp_command *c, tp_str rest, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_str why = TP_S(""), name = rest;
    int    n = 0;
    tp_buf_add(&b, TP_S("option"));
    rest = tp_str_trim(rest);
    for (; why.len == 0 && rest.len > 0; n++, rest = tp_str_trim(rest))
        why = read_one(&b, &rest, mem);
    c->text = tp_buf_str(&b);
    tp_str first = tp_str_word(&name, separators);
    c->key = c->text;
    if (n == 1) c->key = tp_str_fmt(mem, "option %.*s", TP_F(first));
    if (n == 0) c->kind = TP_COMMAND_ASK;
    return why;
}

/* Only the temperatures: the rest of `set` is the interpreter's. */
static tp_str read_set(tp_command *c, tp_str rest, tp_arena *mem)
{
    tp_str more = rest, name = tp_str_word(&more, separators);
    if (!tp_str_eq(name, TP_S("temp")) && !tp_str_eq(name, TP_S("tnom")))
        return tp_str_fmt(mem,
                          "'%.*s' is no variable of the simulator (temp, "
                          "tnom)",
                          TP_F(name));
    if (count_words(rest) != 2) return TP_S("wanted: set temp = number");
    double v;
    tp_str why = number_of(&v, tp_str_word(&more, separators), mem);
    c->text = tp_str_fmt(mem, "option %.*s=%.17g", TP_F(name), v);
    c->key = tp_str_fmt(mem, "option %.*s", TP_F(name));
    return why;
}

/* ---- the rest ---------------------------------------------------- */

static tp_str read_words(tp_command *c, tp_str rest, tp_arena *mem)
{
    c->text = tp_str_fmt(mem, "%.*s%s%.*s", TP_F(c->verb),
                         rest.len > 0 ? " " : "", TP_F(rest));
    c->key = c->text;
    return TP_S("");
}

static tp_str read_alone(tp_command *c, tp_str rest, tp_arena *mem)
{
    if (rest.len > 0) return TP_S("nothing may follow it");
    return read_words(c, rest, mem);
}

/* `save none` lasts as long as the process, whatever is saved later. */
static tp_str read_save(tp_command *c, tp_str rest, tp_arena *mem)
{
    if (tp_str_eq(rest, TP_S("none")))
        return TP_S("'none' could not be taken back; name what to keep");
    return read_words(c, rest, mem);
}

/* Numbers of single saves would mean others to a circuit loaded afresh. */
static tp_str read_delete(tp_command *c, tp_str rest, tp_arena *mem)
{
    if (!tp_str_eq(rest, TP_S("all"))) return TP_S("wanted: delete all");
    return read_words(c, rest, mem);
}

/* With bipolar transistors ngspice 39 ends at it. */
static tp_str refuse_sens(tp_command *c, tp_str rest, tp_arena *mem)
{
    (void)c, (void)rest, (void)mem;
    return TP_S("ngspice 39 dies of it where there are bipolar transistors; "
                "take differences of two analyses");
}

static const row rows[] = {
    {"op", TP_COMMAND_ANALYSIS, 0, read_alone},
    {"dc", TP_COMMAND_ANALYSIS, 4, read_words},
    {"ac", TP_COMMAND_ANALYSIS, 4, read_words},
    {"tran", TP_COMMAND_ANALYSIS, 2, read_words},
    {"noise", TP_COMMAND_ANALYSIS, 6, read_words},
    {"tf", TP_COMMAND_ANALYSIS, 2, read_words},
    {"pz", TP_COMMAND_ANALYSIS, 6, read_words},
    {"disto", TP_COMMAND_ANALYSIS, 4, read_words},
    {"sp", TP_COMMAND_ANALYSIS, 4, read_words},
    {"sens", TP_COMMAND_ANALYSIS, 0, refuse_sens},
    {"alter", TP_COMMAND_ALTER, 2, read_alter},
    {"altermod", TP_COMMAND_MODEL, 2, read_alter},
    {"alterparam", TP_COMMAND_PARAM, 2, read_param},
    {"reset", TP_COMMAND_RESET, 0, read_alone},
    {"option", TP_COMMAND_OPTION, 0, read_option},
    {"set", TP_COMMAND_OPTION, 1, read_set},
    {"save", TP_COMMAND_SAVE, 1, read_save},
    {"delete", TP_COMMAND_SAVE, 1, read_delete},
    {"status", TP_COMMAND_ASK, 0, read_words},
    {"show", TP_COMMAND_ASK, 0, read_words},
    {"showmod", TP_COMMAND_ASK, 0, read_words},
    {"listing", TP_COMMAND_ASK, 0, read_alone},
    {"rusage", TP_COMMAND_ASK, 0, read_words},
};

static tp_str unknown(tp_str verb, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_buf_fmt(&b, "'%.*s' is no command that the simulator is given (",
               TP_F(verb));
    for (int i = 0; i < TP_COUNT(rows); i++)
        if (rows[i].read != refuse_sens)
            tp_buf_fmt(&b, "%s%s", i > 0 ? " " : "", rows[i].verb);
    tp_buf_char(&b, ')');
    return tp_buf_str(&b);
}

tp_str tp_command_read(tp_command *out, tp_str text, tp_arena *mem)
{
    tp_str rest = tp_str_lower(mem, tp_str_trim(text)), why;
    tp_str verb = tp_str_word(&rest, " \t");
    rest = tp_str_trim(rest);
    *out = (tp_command){.verb = verb, .key = TP_S(""), .par = TP_S("")};
    for (ptrdiff_t i = 0; i < rest.len; i++)
        if (!is_harmless(rest.at[i]))
            return tp_str_fmt(mem,
                              "%.*s: byte %d of it, '%c', can't stand in "
                              "a command",
                              TP_F(verb), (int)i + 1,
                              rest.at[i] >= ' ' ? rest.at[i] : ' ');
    for (int i = 0; i < TP_COUNT(rows); i++) {
        if (!tp_str_eq(verb, tp_str_of(rows[i].verb))) continue;
        out->kind = rows[i].kind;
        why = TP_S("words are missing");
        if (count_words(rest) >= rows[i].min)
            why = rows[i].read(out, rest, mem);
        return why.len == 0
                   ? why
                   : tp_str_fmt(mem, "%.*s: %.*s", TP_F(verb), TP_F(why));
    }
    return unknown(verb, mem);
}

/* ---- changes ----------------------------------------------------- */

/* What a kind of change does to the earlier ones. */
static const struct {
    bool kept;    /* it is noted */
    bool renewed; /* by `reset`: as in the deck again */
} effects[] = {
    [TP_COMMAND_ANALYSIS] = {false, false}, [TP_COMMAND_ALTER] = {true, true},
    [TP_COMMAND_MODEL] = {true, true},      [TP_COMMAND_PARAM] = {true, false},
    [TP_COMMAND_RESET] = {true, false},     [TP_COMMAND_OPTION] = {true, true},
    [TP_COMMAND_SAVE] = {true, true},       [TP_COMMAND_ASK] = {false, false},
};

bool tp_command_changes(const tp_command *c)
{
    return effects[c->kind].kept;
}

static bool undoes(const tp_command *later, const tp_command *c)
{
    if (later->kind != TP_COMMAND_RESET)
        return later->key.len > 0 && tp_str_eq(later->key, c->key);
    return effects[c->kind].renewed || c->kind == TP_COMMAND_RESET;
}

/* Earlier values of a parameter, which a reset has made void. */
static void drop_old_params(tp_changes *all)
{
    int k = 0;
    for (int i = 0; i < all->n; i++) {
        bool old = false;
        for (int j = i + 1; j < all->n; j++)
            old |= tp_str_eq(all->made[i].key, all->made[j].key);
        if (!old) all->made[k++] = all->made[i];
    }
    all->n = k;
}

void tp_changes_add(tp_changes *all, const tp_command *c, tp_arena *mem)
{
    int k = 0, first = 0;
    if (!tp_command_changes(c)) return;
    for (int i = 0; i < all->n; i++)
        if (all->made[i].kind == TP_COMMAND_RESET &&
            c->kind != TP_COMMAND_RESET)
            first = i + 1; /* what a reset has put into effect stays */
    for (int i = 0; i < all->n; i++)
        if (i < first || !undoes(c, &all->made[i]))
            all->made[k++] = all->made[i];
    all->n = k;
    if (c->kind == TP_COMMAND_RESET) drop_old_params(all);
    if (c->kind == TP_COMMAND_RESET && all->n == 0) return; /* as loaded */
    *TP_PUSH(mem, all->made, all->n, all->cap) = *c;
}
