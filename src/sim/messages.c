/* What ngspice 39 and its relatives say when something is wrong. Its return
   codes are always 0; its words are all there is. Most of them are progress
   ("Trying gmin = ..."), which is dropped. */
#include "sim/parts.h"

#include <stdio.h>
#include <string.h>

static bool has(tp_str s, const char *part)
{
    return tp_str_has(s, tp_str_of(part));
}

static bool starts(tp_str s, const char *with)
{
    return tp_str_starts(s, tp_str_of(with));
}

static void keep(char *to, int size, tp_str s)
{
    snprintf(to, (size_t)size, "%.*s", TP_F(s));
}

void tp_words_clear(tp_words *w)
{
    *w = (tp_words){0};
}

/* Lines that say nothing about what went wrong. */
static bool is_chatter(tp_str s)
{
    static const char *const words[] = {
        "note:",
        "warning",
        "trying gmin",
        "supplies reduced",
        "one successful",
        "please check your input",
        "error: ngspice.dll cannot recover",
        "cannot compute substitute",
        "this will cause subsequent",
        "netlist line no",
        "using sparse",
        "using klu",
        "command 'alterparam'",
        "no. of data",
        "doing analysis",
        "initial transient solution",
        "reset re-loads",
        "circuit:",
        "ngspice stopped due to error",
        "in line ",
        "transient op ",
    };
    for (int i = 0; i < TP_COUNT(words); i++)
        if (starts(s, words[i])) return true;
    return s.len == 0;
}

static void add_text(tp_words *w, tp_str s)
{
    char line[TP_CARD_MAX];
    keep(line, sizeof line, s);
    if (has(tp_str_of(w->text), line)) return; /* said before */
    int room = TP_WORDS_MAX - w->len;
    int n = snprintf(w->text + w->len, (size_t)room, "%s%s",
                     w->len > 0 ? "; " : "", line);
    w->len += n < room ? n : room - 1;
}

/* "Error on line 4 or its substitute:" and its kin, the card follows. */
static bool announces_card(tp_words *w, tp_str s)
{
    if (starts(s, "error on line")) {
        double n = 0;
        tp_number(tp_str_trim(tp_str_from(s, 13)), &n);
        if (w->line == 0 && n >= 1 && n < 1e9) w->line = (int)n;
        w->error = true;
    } else if (!has(s, "from line")) {
        return false;
    }
    w->card_next = true;
    return true;
}

/* "unknown subckt: x1 a 0 nosub": the card stands in the message. */
static void find_card(tp_words *w, tp_str s)
{
    static const char *const before[] = {"unknown subckt:", "check line ",
                                         "parse .func in:", "(instance: x"};
    for (int i = 0; i < TP_COUNT(before) && !w->card[0]; i++)
        for (ptrdiff_t at = 0; at < s.len; at++) {
            if (!starts(tp_str_from(s, at), before[i])) continue;
            at += tp_str_of(before[i]).len;
            tp_str card = tp_str_trim(tp_str_from(s, at));
            if (before[i][0] == '(') card = tp_str_word(&card, ")");
            keep(w->card, TP_CARD_MAX, card);
        }
}

/* "Undefined parameter [zz]"; "|.param zz=1+| : |zz|=|1+|", where it is the
   line that defines it. */
static void find_name(tp_words *w, tp_str s)
{
    tp_str define = TP_S("|.param "), use = TP_S("undefined parameter [");
    bool   defined = starts(s, define.at);
    if (w->name[0] || (!defined && !starts(s, use.at))) return;
    tp_str name = tp_str_from(s, defined ? define.len : use.len);
    keep(w->name, sizeof w->name, tp_str_word(&name, "]= "));
    w->defined = defined;
}

static void find_flags(tp_words *w, tp_str s)
{
    if (has(s, "transient op finished successfully")) w->transient_op = true;
    if (starts(s, "note: starting") && has(s, "stepping")) w->stepped = true;
    if (has(s, "aborted") || starts(s, "doanalyses:")) w->aborted = true;
    if (!w->hint[0] && has(s, "singular matrix")) {
        ptrdiff_t at = 0;
        while (!starts(tp_str_from(s, at), "singular")) at++;
        keep(w->hint, TP_CARD_MAX, tp_str_from(s, at));
    }
    static const char *const wrong[] = {
        "error",    "fatal error", "undefined parameter", "netlist line no",
        "unknown ", "no such ",    "formula() error",     "check line",
        "can't ",   "cannot ",     "too few parameters",  "too many parameters",
    };
    for (int i = 0; i < TP_COUNT(wrong); i++)
        if (starts(s, wrong[i])) w->error = true;
}

void tp_words_add(tp_words *w, tp_str line)
{
    tp_str s = tp_str_trim(line);
    if (w->card_next) {
        w->card_next = false;
        if (!w->card[0]) keep(w->card, TP_CARD_MAX, s);
        return;
    }
    if (announces_card(w, s)) return;
    find_flags(w, s);
    find_card(w, s);
    find_name(w, s);
    if (is_chatter(s)) return;
    add_text(w, s);
}

tp_str tp_words_text(const tp_words *w, tp_str doing, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    if (doing.len > 0) tp_buf_fmt(&b, "%.*s: ", TP_F(doing));
    tp_buf_fmt(&b, "%s", w->len > 0 ? w->text : "ngspice gave no reason");
    if (w->hint[0] && !has(tp_str_of(w->text), "singular matrix"))
        tp_buf_fmt(&b, "; %s", w->hint);
    tp_str card = tp_str_of(w->card);
    if (card.len > 0 && !has(tp_str_of(w->text), w->card))
        tp_buf_fmt(&b, " (in: %.*s)", TP_F(card));
    return tp_buf_str(&b);
}

tp_outcome tp_words_outcome(const tp_words *w)
{
    static const char *const words[] = {
        "iteration limit", "timestep too small", "singular",
        "converge",        "step failed",
    };
    if (w->transient_op) return TP_NO_CONVERGENCE;
    for (int i = 0; i < TP_COUNT(words); i++)
        if (has(tp_str_of(w->text), words[i])) return TP_NO_CONVERGENCE;
    return TP_SIM_FAILED;
}

bool tp_words_step(const tp_words *w)
{
    return !w->transient_op && has(tp_str_of(w->text), "timestep too small");
}

static bool is_name(char c)
{
    return tp_is_alpha(c) || tp_is_digit(c) || c == '_';
}

static bool has_name(tp_str line, tp_str name)
{
    for (ptrdiff_t i = 0; i + name.len <= line.len; i++) {
        if (!tp_str_same(tp_str_part(line, i, name.len), name)) continue;
        bool      open = i == 0 || !is_name(line.at[i - 1]);
        ptrdiff_t end = i + name.len;
        if (open && (end == line.len || !is_name(line.at[end]))) return true;
    }
    return false;
}

/* "r.x1.r1" -> "r1": what stands in the definition. */
static tp_str last_part(tp_str device)
{
    for (ptrdiff_t i = device.len; i > 0; i--)
        if (device.at[i - 1] == '.') {
            return i == 1 ? device : tp_str_from(device, i);
        }
    return device;
}

int tp_words_line(const tp_words *w, tp_str text)
{
    tp_str card = tp_str_of(w->card), rest = text;
    tp_str first = last_part(tp_str_word(&card, " \t"));
    tp_str name = tp_str_of(w->name);
    int    found = 0;
    for (int line = 1; rest.len > 0; line++) {
        ptrdiff_t end = tp_str_find(rest, '\n', 0);
        if (end < 0) end = rest.len;
        tp_str here = tp_str_trim(tp_str_part(rest, 0, end)), words = here;
        rest = tp_str_from(rest, end + 1);
        if (line == 1 || here.len == 0 || here.at[0] == '*') continue;
        bool is = first.len > 0 ? tp_str_same(tp_str_word(&words, " \t"), first)
                                : name.len > 0 && has_name(here, name) &&
                                      (!w->defined || starts(here, ".param"));
        if (first.len > 0 && tp_str_same(here, tp_str_of(w->card))) return line;
        if (is && line == w->line) return line;
        if (is && found == 0) found = line;
    }
    return found;
}
