/* What ngspice warns of while it reads a circuit: a misspelt parameter of a
   model is left out, and only a warning says so. Its three forms:
       Warning: Model issue on line 4 :
         .model dm d is=1e-14 bogus=5 ...
       unrecognized parameter (bogus) - ignored
       Warning : IC on non-existent node - zip, ignored
          Please check line .ic v(zip)=3
       Warning: anything else */
#include "sim/parts.h"

#include <stdio.h>
#include <string.h>

enum { CARD_NEXT = 1, REASON_NEXT }; /* what a model's lines are */

static bool starts(tp_str s, const char *with)
{
    return tp_str_starts(s, tp_str_of(with));
}

static void keep(char *to, tp_str s)
{
    snprintf(to, TP_CARD_MAX, "%.*s", TP_F(s));
}

static void add(tp_warnings *w, tp_str text, const char *card)
{
    for (int i = 0; i < w->n; i++)
        if (tp_str_eq(tp_str_of(w->row[i].text), text) &&
            strcmp(w->row[i].card, card) == 0)
            return;
    if (w->n == TP_WARNINGS_MAX || text.len == 0) return;
    struct tp_warning *row = &w->row[w->n++];
    keep(row->text, text);
    keep(row->card, tp_str_of(card));
}

/* What ngspice says of every deck, or of how it is used here. */
static bool is_noise(tp_str s)
{
    static const char *const noise[] = {
        "no job (",
        "nesting of subcircuits",
        ".subckt nesting larger",
        "can't get transient parameters",
        "missing .end card",
    };
    for (int i = 0; i < TP_COUNT(noise); i++)
        if (starts(s, noise[i])) return true;
    return false;
}

/* "Warning : text" -> "text"; false: another line. */
static bool is_warning(tp_str s, tp_str *text)
{
    if (!starts(s, "warning")) return false;
    s = tp_str_trim(tp_str_from(s, 7));
    if (s.len > 0 && (s.at[0] == ':' || s.at[0] == ',')) s = tp_str_from(s, 1);
    *text = tp_str_trim(s);
    return true;
}

/* The card as it was written, without the dots that end it. */
static void model_card(tp_warnings *w, tp_str s)
{
    if (s.len > 4 && starts(tp_str_from(s, s.len - 4), " ..."))
        s = tp_str_part(s, 0, s.len - 4);
    keep(w->card, s);
    w->next = REASON_NEXT;
}

void tp_warnings_add(tp_warnings *w, tp_str line)
{
    static const char check[] = "please check line ";
    tp_str            s = tp_str_trim(line), text;
    if (w->next == CARD_NEXT) {
        model_card(w, s);
    } else if (is_warning(s, &text)) {
        bool model = starts(text, "model issue on line");
        w->next = model ? CARD_NEXT : 0;
        w->last = -1;
        if (model || is_noise(text)) return;
        w->last = w->n;
        add(w, text, "");
    } else if (w->next == REASON_NEXT && starts(s, "unrecognized parameter")) {
        add(w, s, w->card);
    } else if (starts(s, check) && w->last >= 0 && w->last < w->n) {
        keep(w->row[w->last].card, tp_str_from(s, (ptrdiff_t)sizeof check - 1));
    }
}

/* ---- the line of the circuit --------------------------------------------- */

/* "x1:di" is di of a sub-circuit. */
static tp_str plain(tp_str name)
{
    ptrdiff_t colon = -1;
    while (tp_str_find(name, ':', colon + 1) >= 0)
        colon = tp_str_find(name, ':', colon + 1);
    return tp_str_from(name, colon + 1);
}

static bool same_card(tp_str line, tp_str card)
{
    tp_str a = tp_str_word(&line, " \t"), b = tp_str_word(&card, " \t");
    if (b.len == 0 || !tp_str_same(a, b)) return false;
    if (b.at[0] != '.') return true;
    a = tp_str_word(&line, " \t");
    b = tp_str_word(&card, " \t");
    return tp_str_same(a, b) || tp_str_same(a, plain(b));
}

static int line_of(tp_str text, tp_str card)
{
    for (int line = 1; text.len > 0; line++) {
        tp_str    rest = text;
        tp_str    here = tp_str_word(&rest, "\n");
        ptrdiff_t end = tp_str_find(text, '\n', 0);
        if (line > 1 && same_card(here, card)) return line;
        text = end < 0 ? TP_S("") : tp_str_from(text, end + 1);
    }
    return 0;
}

static bool said_before(const tp_sim_notice *all, int n,
                        const tp_sim_notice *one)
{
    for (int i = 0; i < n; i++)
        if (all[i].line == one->line && tp_str_eq(all[i].text, one->text))
            return true;
    return false;
}

const tp_sim_notice *tp_warnings_take(const tp_warnings *w, tp_str text, int *n,
                                      tp_arena *mem)
{
    tp_sim_notice *out = TP_NEW(mem, tp_sim_notice, w->n);
    *n = 0;
    for (int i = 0; i < w->n; i++) {
        tp_str         card = tp_str_of(w->row[i].card);
        tp_str         said = tp_str_of(w->row[i].text);
        tp_sim_notice *one = &out[*n];
        one->line = line_of(text, card);
        one->text =
            card.len > 0 && one->line == 0
                ? tp_str_fmt(mem, "%.*s (in: %.*s)", TP_F(said), TP_F(card))
                : tp_str_copy(mem, said);
        *n += !said_before(out, *n, one);
    }
    return out;
}
