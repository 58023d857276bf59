/* start: what ngspice would read before the deck: the file .spiceinit beside
   it (ngspice manual, "Standard configuration files"). Nothing of it is run.
   Of its settings the one that changes what a deck means is kept, the mode of
   compatibility; who runs the simulator says that to it. */
#include "netlist/text.h"

#include <stdlib.h>
#include <unistd.h>

/* Of what a start file holds: settings that say nothing of a deck, or that the
   simulator gets from us anyway, by the beginning of their names. */
static const char *const quiet[] = {
    "num_threads", "ng_nomodcheck", "no_mem_check", "skywaterpdk",
    "filetype",    "numdgt",        "ngdebug",      "nosavecurrents",
    "color",       "xbrush",        "xgrid",        "xfont",
    "wfont",       "x11lineararcs", "hcopy",        "gnuplot",
    "askquit",     "noaskquit",     "history",      "prompt",
    "width",       "height",        "nobreak",      "noprintscale",
    "moremode",    "nomoremode",    "interactive",  "lprps",
    "editor",      "program",
};

/* Options that change no value. */
static const char *const quiet_option[] = {"noinit", "klu",    "sparse", "acct",
                                           "noacct", "nopage", "nomod",  "list",
                                           "node",   "opts"};

/* What stands behind "is not heeded", by the command's or the setting's name.
 */
static const struct {
    const char *word, *why;
} hint[] = {
    {"option", ": write it as .options into the deck"},
    {"options", ": write it as .options into the deck"},
    {"temp", ": write it as .options into the deck"},
    {"osdi", ": a compiled model is a program; name it yourself, --simulator "
             "ngspice,osdi=FILE"},
    {"pre_osdi", ": a compiled model is a program; name it yourself, "
                 "--simulator ngspice,osdi=FILE"},
    {"codemodel", ": code models are those of the simulator's own start file"},
    {"sourcepath", ": a file is looked for from the one that names it"},
};

/* Two letters for each mode; an `a` behind them is the whole deck (ngspice
   manual, "Compatibility"). */
static const char *const modes[] = {"hs", "ps", "xs", "lt", "ki", "spe", "ll",
                                    "s3", "eg", "de", "va", "mc", "all"};

static tp_str why_not(tp_str word)
{
    for (int i = 0; i < TP_COUNT(hint); i++)
        if (tp_str_same(word, tp_str_of(hint[i].word)))
            return tp_str_of(hint[i].why);
    return TP_S("");
}

static bool is_quiet(tp_str name)
{
    for (int i = 0; i < TP_COUNT(quiet); i++)
        if (tp_str_starts(name, tp_str_of(quiet[i]))) return true;
    return false;
}

static bool is_quiet_option(tp_str list)
{
    for (tp_str w; (w = tp_str_word(&list, " \t")).len > 0;) {
        bool known = false;
        for (int i = 0; i < TP_COUNT(quiet_option); i++)
            known |= tp_str_same(w, tp_str_of(quiet_option[i]));
        if (!known) return false;
    }
    return true;
}

/* What is read of the file: one line of it. */
typedef struct line {
    tp_deck         *d;
    const tp_cursor *c;
    tp_err          *err;
} line;

static void not_heeded(const line *l, tp_str text, tp_str word)
{
    tp_deck_notice(l->d,
                   tp_str_fmt(l->d->mem, "%.*s:%d: '%.*s' is not heeded%.*s",
                              TP_F(l->c->in->name), l->c->line, TP_F(text),
                              TP_F(why_not(word))));
}

static tp_status take_mode(const line *l, tp_str given)
{
    tp_buf b = {.mem = l->d->mem}; /* "hs a" is "hsa" */
    for (ptrdiff_t i = 0; i < given.len; i++)
        if (!tp_is_space(given.at[i])) tp_buf_char(&b, given.at[i]);
    tp_str value = tp_buf_str(&b);
    bool   known = false, letters = value.len > 0 && value.len <= 16;
    for (ptrdiff_t i = 0; i < value.len; i++)
        letters &= tp_is_alpha(value.at[i]) || tp_is_digit(value.at[i]);
    if (!letters)
        return tp_fail_at(l->err, TP_BAD_INPUT, tp_line_place(l->c, 0),
                          "ngbehavior: '%.*s' is no mode like hsa or ltps",
                          TP_F(value));
    l->d->behaviour = tp_str_lower(l->d->mem, value);
    for (int i = 0; i < TP_COUNT(modes); i++)
        known |= tp_str_has(l->d->behaviour, tp_str_of(modes[i]));
    if (!known)
        tp_deck_notice(l->d, tp_str_fmt(l->d->mem,
                                        "%.*s:%d: ngbehavior: ngspice knows "
                                        "no mode in '%.*s' (hsa, ltpsa, ...)",
                                        TP_F(l->c->in->name), l->c->line,
                                        TP_F(value)));
    return TP_OK;
}

/* A value behind '=': a word, a text in quotes, of a list the first word. */
static tp_str cut_value(tp_str *rest)
{
    char   open = rest->len > 0 ? rest->at[0] : ' ';
    bool   list = open == '(';
    tp_str value;
    if (!list && open != '"' && open != '\'') return tp_str_word(rest, " \t");
    ptrdiff_t end = tp_str_find(*rest, list ? ')' : open, 1);
    value = tp_str_part(*rest, 1, (end < 0 ? rest->len : end) - 1);
    *rest = tp_str_from(*rest, end < 0 ? rest->len : end + 1);
    value = tp_str_trim(value);
    return list ? tp_str_word(&value, " \t") : value;
}

/* "set a b=1 ngbehavior = hsa": each with or without a value. */
static tp_status take_set(const line *l, tp_str rest)
{
    for (tp_str name; (name = tp_str_word(&rest, " \t=")).len > 0;) {
        tp_str after = tp_str_trim(rest), value = {"", 0}, said = name;
        if (after.len > 0 && after.at[0] == '=') {
            rest = tp_str_trim(tp_str_from(after, 1));
            value = cut_value(&rest);
            said.len = rest.at - name.at;
        }
        if (tp_str_same(name, TP_S("ngbehavior")))
            TP_TRY(take_mode(l, value));
        else if (!is_quiet(name))
            not_heeded(l, tp_str_fmt(l->d->mem, "set %.*s", TP_F(said)), name);
    }
    return TP_OK;
}

static tp_status take_command(const line *l, tp_str text)
{
    tp_str rest = text, word = tp_str_word(&rest, " \t");
    if (tp_str_same(word, TP_S("set")) || tp_str_same(word, TP_S("setcs")))
        return take_set(l, rest);
    if (tp_str_same(word, TP_S("option")) && is_quiet_option(rest))
        return TP_OK;
    if (!tp_str_same(word, TP_S("unset"))) {
        not_heeded(l, text, word);
        return TP_OK;
    }
    for (tp_str name; (name = tp_str_word(&rest, " \t")).len > 0;) {
        if (tp_str_same(name, TP_S("ngbehavior")))
            l->d->behaviour = TP_S("");
        else if (!is_quiet(name) && !tp_str_same(name, TP_S("osdi_enabled")))
            not_heeded(l, text, name);
    }
    return TP_OK;
}

/* A line without its comment, and its commands, which ';' separates. */
static tp_str without_comment(tp_str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++) {
        bool blank = i == 0 || tp_is_space(s.at[i - 1]);
        bool next = i + 1 == s.len || tp_is_space(s.at[i + 1]);
        bool dollar = s.at[i] == '$' && blank && next;
        bool slashes = blank && tp_str_starts(tp_str_from(s, i), TP_S("//"));
        if (dollar || slashes || (s.at[i] == '#' && blank))
            return tp_str_trim(tp_str_part(s, 0, i));
    }
    return tp_str_trim(s);
}

/* Whether this opens a block, whose commands may never run, or ends one. */
static int depth_of(tp_str word)
{
    static const char *const open[] = {"if",     "while",   "dowhile",
                                       "repeat", "foreach", ".control"};
    for (int i = 0; i < TP_COUNT(open); i++)
        if (tp_str_same(word, tp_str_of(open[i]))) return 1;
    bool ends =
        tp_str_same(word, TP_S("end")) || tp_str_same(word, TP_S(".endc"));
    return ends ? -1 : 0;
}

/* `*depth`: the blocks around this line. */
static tp_status take_line(const line *l, int *depth)
{
    tp_str rest = without_comment(tp_str_trim(l->c->text));
    if (rest.len > 0 && rest.at[0] == '*') return TP_OK;
    for (tp_str text; (text = tp_str_word(&rest, ";")).len > 0;) {
        text = tp_str_trim(text);
        int step = depth_of(tp_first_word(text)), before = *depth;
        *depth += step;
        if (*depth < 0) *depth = 0;
        if (before == 0 && step > 0)
            tp_deck_notice(
                l->d, tp_str_fmt(l->d->mem,
                                 "%.*s:%d: '%.*s' is not heeded, nor what "
                                 "stands up to its end",
                                 TP_F(l->c->in->name), l->c->line, TP_F(text)));
        if (before || step || !text.len) continue;
        TP_TRY(take_command(l, text));
    }
    return TP_OK;
}

static bool is_there(const tp_texts *t, tp_str name, tp_arena mem)
{
    for (int i = 0; t->given && i < t->given->n; i++)
        if (tp_str_eq(t->given->file[i].name, name)) return true;
    return !t->given && access(tp_str_z(&mem, name), F_OK) == 0;
}

/* No line names it, so that where it leads is looked at here. */
static bool may_be_read(tp_texts *t, tp_str name)
{
    tp_deck *d = t->d;
    if (t->given ||
        tp_path_inside(tp_path_folder(d->file[0].name), name, d->mem))
        return true;
    tp_deck_notice(d, tp_str_fmt(d->mem,
                                 "%.*s is a link out of the deck's folder and "
                                 "is not read",
                                 TP_F(name)));
    return false;
}

static tp_status take_lines(tp_deck *d, const tp_source *file, tp_err *err)
{
    tp_cursor c = {.in = file, .end = file->text.len};
    line      l = {d, &c, err};
    int       depth = 0;
    if (tp_str_starts(file->text, TP_S("\xEF\xBB\xBF")))
        tp_deck_notice(d, tp_str_fmt(d->mem,
                                     "%.*s:1: a byte order mark, behind which "
                                     "ngspice takes no command",
                                     TP_F(file->name)));
    while (tp_next_line(&c)) TP_TRY(take_line(&l, &depth));
    return TP_OK;
}

/* What ngspice would have read elsewhere is not read; that it has a mode is
   said, since the deck may need it. False: there is none. */
static bool tell_of(tp_deck *d, const char *folder, tp_str wanted)
{
    tp_arena  mem = tp_arena_open(1 << 24);
    tp_deck   other = {.mem = &mem};
    tp_source file = {
        .name = tp_path_join(tp_str_of(folder), TP_S(".spiceinit"), &mem)};
    const char *path = tp_str_z(&mem, file.name);
    bool        there = access(path, F_OK) == 0;
    if (there && !tp_file_read(&file.text, path, 1 << 20, &mem, NULL) &&
        !take_lines(&other, &file, NULL) && other.behaviour.len)
        tp_deck_notice(d, tp_str_fmt(d->mem,
                                     "%.*s sets ngbehavior=%.*s, which counts "
                                     "for no deck here: a deck's own is %.*s",
                                     TP_F(file.name), TP_F(other.behaviour),
                                     TP_F(wanted)));
    tp_arena_close(&mem);
    return there;
}

/* As ngspice looks for one: in the current folder, then at home. */
static void tell_of_others(tp_deck *d, tp_str wanted)
{
    const char *home = getenv("HOME");
    if (!tell_of(d, ".", wanted) && home && *home) tell_of(d, home, wanted);
}

tp_status tp_start_read(tp_texts *t, tp_err *err)
{
    tp_deck *d = t->d;
    tp_str   folder = tp_path_folder(d->file[0].name);
    tp_str   name = TP_S(".spiceinit");
    int      file;
    if (!tp_str_eq(folder, TP_S(".")))
        name = tp_path_join(folder, name, d->mem);
    if (d->kind != TP_DECK_SPICE) return TP_OK;
    if (!is_there(t, name, *d->mem)) {
        if (!t->given) tell_of_others(d, name);
        return TP_OK;
    }
    if (!may_be_read(t, name)) return TP_OK;
    TP_TRY(tp_text_load(t, name, (tp_place){0}, &file, err));
    return take_lines(d, &d->file[file], err);
}
