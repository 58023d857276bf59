/* What can be known of a program without running it: what it measures, and what
   it does to the circuit it runs over. A statement counts wherever it stands,
   also where it would not be reached. */
#include "nutmeg/inside.h"

typedef struct found {
    tp_arena      *mem;
    tp_nutmeg_look out;
    int            cap, cap_param, cap_sized;
    tp_nm_told    *told;
    tp_str        *param, *sized;
    tp_said        now; /* the statement that is looked at */
} found;

/* ---- what it measures ---------------------------------------------------- */

/* Whether a text is put together while the program runs. */
static bool is_made(tp_str text)
{
    for (ptrdiff_t i = 0; i < text.len; i++)
        if (strchr("${`", text.at[i])) return true;
    return false;
}

static void add(found *f, tp_str name, bool tran)
{
    bool out = tp_str_find(name, '>', 0) >= 0; /* into a file */
    if (out || is_made(name)) return;
    if (name.len == 0 || tp_str_same(name, TP_S("all"))) return;
    for (int i = 0; i < f->out.n; i++)
        if (tp_str_same(f->told[i].name, name)) return;
    *TP_PUSH(f->mem, f->told, f->out.n, f->cap) = (tp_nm_told){name, tran};
    f->out.told = f->told;
}

static void see_print(found *f, tp_str rest)
{
    const tp_str *part = NULL;
    tp_str        after = rest, word = tp_nm_word(&after);
    if (tp_str_eq(word, TP_S("col"))) return;
    if (tp_str_eq(word, TP_S("line"))) rest = after;
    int n = tp_nm_expressions(rest, &part, f->mem);
    for (int i = 0; i < n; i++) add(f, part[i], false);
}

static void see_meas(found *f, tp_str rest)
{
    tp_str kind = tp_nm_word(&rest);
    add(f, tp_nm_word(&rest), tp_str_same(kind, TP_S("tran")));
}

/* ---- what it changes ----------------------------------------------------- */

static void first(const found *f, tp_said *s)
{
    if (s->text.len == 0) *s = f->now;
}

static void see_change(found *f, tp_str rest)
{
    (void)rest;
    first(f, &f->out.touch.changes);
}

/* Another circuit, or commands that stand elsewhere. */
static void see_source(found *f, tp_str rest)
{
    see_change(f, rest);
    first(f, &f->out.touch.untold);
}

/* Whether it may be a MOS transistor: "m1", "x1.m1", "m.x1.m1", "m1:x1", or a
   name that is put together while the program runs. */
static bool is_transistor(tp_str device)
{
    if (device.len == 0 || is_made(device)) return true;
    for (ptrdiff_t i = 0; i < device.len; i++)
        if (tp_lower(device.at[i]) == 'm' &&
            (i == 0 || device.at[i - 1] == '.'))
            return true;
    return false;
}

/* A size of a transistor is set: of this one, where that can be told. */
static void see_size(found *f, tp_str device)
{
    tp_touch *t = &f->out.touch;
    bool      told =
        device.len > 0 && !is_made(device) && tp_str_find(device, ':', 0) < 0;
    first(f, told ? &t->one : &t->sizes);
    if (!told) return;
    *TP_PUSH(f->mem, f->sized, t->n_sized, f->cap_sized) = device;
    t->sized = f->sized;
}

/* What decides in which bin a transistor is. "" is its principal value. */
static bool is_size(tp_str par)
{
    static const char *const size[] = {"", "w", "l", "nf", "wnflag"};
    if (is_made(par)) return true;
    for (int i = 0; i < TP_COUNT(size); i++)
        if (tp_str_same(par, tp_str_of(size[i]))) return true;
    return false;
}

/* "w" of "[w] = 2u" and "w = 2u"; "": it can't be told, or is not named. */
static tp_str par_of(tp_str rest)
{
    rest = tp_str_trim(rest);
    if (rest.len > 0 && rest.at[0] == '[') return tp_str_word(&rest, "[]");
    ptrdiff_t equal = tp_str_find(rest, '=', 0);
    rest = tp_str_part(rest, 0, equal < 0 ? 0 : equal);
    return tp_str_word(&rest, " \t");
}

/* "@m1[w] = 2u", "m1 w = 2u", "m1 = 2u". */
static void see_alter(found *f, tp_str rest)
{
    tp_str device = tp_str_word(&rest, " \t=@[");
    see_change(f, rest);
    if (is_transistor(device) && is_size(par_of(rest))) see_size(f, device);
}

/* "@device[parameter]"; "@@model[parameter]". */
static void see_quantity(found *f, tp_str rest)
{
    if (tp_str_starts(rest, TP_S("@@")))
        see_change(f, rest);
    else if (rest.len > 0 && rest.at[0] == '@')
        see_alter(f, rest);
}

/* "p = 1", or "s p = 1" of a sub-circuit, which may mean a size. */
static void see_alterparam(found *f, tp_str rest)
{
    tp_str    equal = rest;
    ptrdiff_t at = tp_str_find(rest, '=', 0);
    if (at >= 0) equal = tp_str_part(rest, 0, at);
    tp_str name = tp_str_word(&equal, " \t"), second = tp_str_trim(equal);
    bool   inner = at >= 0 && second.len > 0;
    see_change(f, rest);
    if (inner) first(f, &f->out.touch.sizes);
    if (is_made(name) || is_made(second)) first(f, &f->out.touch.untold);
    tp_nutmeg_look *k = &f->out;
    *TP_PUSH(f->mem, f->param, k->touch.n_param, f->cap_param) = name;
    k->touch.param = f->param;
}

/* A sweep over what the simulator can't sweep is made of changes. */
static void see_dc(found *f, tp_str rest)
{
    static const char *const kind[] = {"lin", "dec", "oct"};
    for (tp_str name; (name = tp_nm_word(&rest)).len > 0;) {
        bool temp = tp_str_same(name, TP_S("temp")) ||
                    tp_str_same(name, TP_S("@@@temp"));
        if (name.at[0] == '@' && !temp)
            see_quantity(f, name);
        else if (!temp && !strchr("vVrRiI", name.at[0]))
            see_alter(f, name);
        for (int i = 0; i < 2; i++) (void)tp_nm_word(&rest);
        tp_str look = rest, word = tp_nm_word(&look);
        for (int i = 0; i < TP_COUNT(kind); i++)
            if (tp_str_same(word, tp_str_of(kind[i]))) rest = look;
        (void)tp_nm_word(&rest);
    }
}

/* "reltol=1e-4 x=( a b ) temp = 50": an option of the simulator among them. */
static void see_set(found *f, tp_str rest)
{
    while ((rest = tp_str_trim(rest)).len > 0) {
        ptrdiff_t end = 0;
        while (end < rest.len && rest.at[end] != '=' &&
               !tp_is_space(rest.at[end]))
            end++;
        tp_str name = tp_str_part(rest, 0, end);
        if (tp_nm_is_option(name) || is_made(name)) see_change(f, rest);
        rest = tp_str_trim(tp_str_from(rest, end));
        if (rest.len == 0 || rest.at[0] != '=') continue;
        rest = tp_str_trim(tp_str_from(rest, 1));
        (void)tp_nm_word(&rest);
    }
}

/* ---- statements ---------------------------------------------------------- */

static const struct {
    const char *command;
    void (*see)(found *f, tp_str rest);
} seen[] = {
    {"print", see_print},     {"meas", see_meas},
    {"measure", see_meas},    {"alter", see_alter},
    {"altermod", see_change}, {"alterparam", see_alterparam},
    {"let", see_quantity},    {"dc", see_dc},
    {"set", see_set},         {"unset", see_set},
    {"option", see_set},      {"source", see_source},
};

static void look_at(found *f, tp_str statement)
{
    tp_str rest = tp_str_trim(statement), word = tp_str_word(&rest, " \t\r");
    rest = tp_str_trim(rest);
    f->now.text = statement;
    f->out.analyses |= tp_nm_is_analysis(word);
    if (is_made(word)) see_source(f, rest);
    for (int i = 0; i < TP_COUNT(seen); i++)
        if (tp_str_same(word, tp_str_of(seen[i].command))) seen[i].see(f, rest);
}

tp_nutmeg_look tp_nutmeg_read(tp_str text, tp_place at, tp_arena *mem)
{
    found   f = {.mem = mem, .now = {.at = at}};
    tp_str *own = TP_NEW(mem, tp_str, 1);
    *own = text;
    f.out.touch = (tp_touch){.n_text = 1, .text = own};
    while (text.len > 0) {
        int    n;
        tp_str line = tp_nm_whole_line(&text, &n, mem), statement;
        while (!tp_nm_blank(line) && tp_nm_statement(&line, &statement))
            look_at(&f, statement);
        f.now.at.line += n;
    }
    return f.out;
}
