/* Analyses in Spectre's words: "ac dec 20 1 1e10" is `ac ac start=1 stop=1e10
   dec=20`. */
#include "sim/spectre.h"

#include <math.h>

const char tp_spectre_op[] = "tpOpPoint";

enum { WORDS_MAX = 10 };

typedef struct words {
    int    n;
    tp_str word[WORDS_MAX];
} words;

static words words_of(tp_str command)
{
    words w = {0};
    for (tp_str one; w.n < WORDS_MAX;) {
        one = tp_str_word(&command, " \t");
        if (one.len == 0) break;
        w.word[w.n++] = one;
    }
    return w;
}

static bool is_name(tp_str s)
{
    bool first = true;
    for (ptrdiff_t i = 0; i < s.len; i++, first = false) {
        char c = s.at[i];
        if (!tp_is_alpha(c) && c != '_' && (first || !tp_is_digit(c)))
            return false;
    }
    return s.len > 0;
}

tp_str tp_spectre_name(const tp_circuit *c, int analysis, tp_arena *mem)
{
    const tp_analysis *a = &c->analysis[analysis];
    if (is_name(a->id)) return a->id;
    return tp_str_fmt(mem, "tp%d", analysis + 1);
}

/* " start=1 stop=1e10 dec=20" of three words from `at` on. */
static void put_frequencies(tp_buf *b, const words *w, int at)
{
    tp_buf_fmt(b, " start=%.*s stop=%.*s %.*s=%.*s", TP_F(w->word[at + 2]),
               TP_F(w->word[at + 3]), TP_F(w->word[at]), TP_F(w->word[at + 1]));
}

static bool put_op(tp_buf *b, tp_str name, const words *w)
{
    (void)w;
    tp_buf_fmt(b, "%.*s dc\n%.*sInfo info what=oppoint where=rawfile\n",
               TP_F(name), TP_F(name));
    return true;
}

static bool put_ac(tp_buf *b, tp_str name, const words *w)
{
    if (w->n != 5) return false;
    tp_buf_fmt(b, "%.*s ac", TP_F(name));
    put_frequencies(b, w, 1);
    tp_buf_char(b, '\n');
    return true;
}

static bool put_tran(tp_buf *b, tp_str name, const words *w)
{
    static const char *const key[] = {"step", "stop", "outputstart", "maxstep"};
    bool uic = w->n > 1 && tp_str_same(w->word[w->n - 1], TP_S("uic"));
    int  n = w->n - 1 - uic;
    if (n < 2 || n > 4) return false;
    tp_buf_fmt(b, "%.*s tran", TP_F(name));
    for (int i = 0; i < n; i++)
        tp_buf_fmt(b, " %s=%.*s", key[i], TP_F(w->word[i + 1]));
    tp_buf_add(b, uic ? TP_S(" skipdc=yes\n") : TP_S("\n"));
    return true;
}

static bool put_dc(tp_buf *b, tp_str name, const words *w)
{
    if (w->n != 5) return false;
    tp_buf_fmt(b, "%.*s dc dev=%.*s param=dc start=%.*s stop=%.*s step=%.*s\n",
               TP_F(name), TP_F(w->word[1]), TP_F(w->word[2]), TP_F(w->word[3]),
               TP_F(w->word[4]));
    return true;
}

/* "noise v(out) vin dec 20 1 1e9" */
static bool put_noise(tp_buf *b, tp_str name, const words *w)
{
    if (w->n != 7 || !tp_str_starts(w->word[1], TP_S("v("))) return false;
    tp_str net = tp_str_part(w->word[1], 2, w->word[1].len - 3);
    tp_buf_fmt(b, "%.*s (%.*s 0) noise iprobe=%.*s", TP_F(name), TP_F(net),
               TP_F(w->word[2]));
    put_frequencies(b, w, 3);
    tp_buf_char(b, '\n');
    return true;
}

static const struct {
    const char *verb;
    bool (*put)(tp_buf *b, tp_str name, const words *w);
} verbs[] = {
    {"op", put_op}, {"ac", put_ac},       {"tran", put_tran},
    {"dc", put_dc}, {"noise", put_noise},
};

static bool put_analysis(tp_buf *b, tp_str name, tp_str command)
{
    words w = words_of(command);
    for (int i = 0; i < TP_COUNT(verbs) && w.n > 0; i++)
        if (tp_str_same(w.word[0], tp_str_of(verbs[i].verb)))
            return verbs[i].put(b, name, &w);
    return false;
}

bool tp_spectre_needs_op(const tp_circuit *c, const bool *want)
{
    for (int i = 0; i < c->n_analysis; i++) {
        const tp_analysis *a = &c->analysis[i];
        bool own = tp_str_same(a->kind, TP_S("op")) || tp_starts_own(a);
        if ((!want || want[i]) && a->op && !own) return true;
    }
    return false;
}

/* A name in a `save`: what is no letter, digit, '_', '.', or ':' has a
   backslash in front. */
static void put_saved(tp_buf *b, tp_str name)
{
    tp_buf_char(b, ' ');
    for (ptrdiff_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        if (!tp_is_alpha(c) && !tp_is_digit(c) &&
            tp_str_find(TP_S("_.:"), c, 0) < 0)
            tp_buf_char(b, '\\');
        tp_buf_char(b, c);
    }
}

tp_str tp_spectre_analyses(tp_buf *b, const tp_circuit *c, const bool *want,
                           tp_arena *mem)
{
    tp_buf_add(b, TP_S("\nsimulator lang=spectre\n"
                       "tpSave options save=allpub\n"));
    if (c->n_save > 0) tp_buf_add(b, TP_S("save"));
    for (int i = 0; i < c->n_save; i++) put_saved(b, c->save[i]);
    if (c->n_save > 0) tp_buf_char(b, '\n');
    if (tp_spectre_needs_op(c, want)) put_op(b, tp_str_of(tp_spectre_op), NULL);
    for (int i = 0; i < c->n_analysis; i++) {
        tp_str name = tp_spectre_name(c, i, mem);
        if (want && !want[i]) continue;
        if (c->analysis[i].sweep.kind == TP_SWEEP_NONE &&
            put_analysis(b, name, c->analysis[i].command))
            continue;
        return tp_str_fmt(mem, "'%.*s' can't be said to Spectre",
                          TP_F(c->analysis[i].command));
    }
    return TP_S("");
}
