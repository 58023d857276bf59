/* Changes of the circuit: alter in all its forms, altermod, alterparam, reset,
   and what is saved. */
#include "nutmeg/inside.h"

/* "[ 1 2 a+b ]" or an expression. */
static tp_status values_of(tp_nutmeg *m, tp_str text, const double **out,
                           int *n, tp_err *err)
{
    tp_arena     *mem = &m->scratch;
    const tp_str *part = NULL;
    double       *v = NULL;
    int           parts, have = 0, cap = 0;
    text = tp_str_trim(text);
    if (text.len > 1 && text.at[0] == '[' && text.at[text.len - 1] == ']')
        text = tp_str_part(text, 1, text.len - 2);
    parts = tp_nm_expressions(text, &part, mem);
    for (int i = 0; i < parts; i++) {
        tp_wave w;
        TP_TRY(tp_nm_vector_of(m, part[i], &w, err));
        if (w.im)
            return tp_fail(err, TP_BAD_INPUT,
                           "'%.*s' is complex; a device "
                           "takes real values",
                           TP_F(part[i]));
        for (int k = 0; k < w.n; k++) *TP_PUSH(mem, v, have, cap) = w.re[k];
    }
    *out = v;
    *n = have;
    return TP_OK;
}

/* What stands left of the value, in words, and the value. */
typedef struct change {
    const tp_str *word;
    int           n;
    tp_str        value;
} change;

static bool is_word(tp_str s)
{
    return s.len > 0 && (tp_is_alpha(s.at[0]) || s.at[0] == '_');
}

/* Without '=', the words in front of the last expression are the target. */
static tp_status split(tp_nutmeg *m, const char *command, tp_str rest,
                       change *out, tp_err *err)
{
    tp_arena *mem = &m->scratch;
    ptrdiff_t equal = -1;
    for (ptrdiff_t i = 0; i < rest.len && equal < 0; i++) {
        if (rest.at[i] == '[') i = tp_nm_matching(rest, i) - 1;
        if (i < rest.len && rest.at[i] == '=') equal = i;
    }
    tp_str        left, look = rest;
    const tp_str *part = NULL;
    if (equal >= 0) {
        left = tp_str_part(rest, 0, equal);
        out->value = tp_str_from(rest, equal + 1);
    } else if (rest.at[0] == '@') {
        left = tp_nm_word(&look);
        out->value = look;
    } else {
        left = tp_nm_word(&look);
        tp_str after = look, second = tp_nm_word(&after);
        int    more = tp_nm_expressions(look, &part, mem);
        bool   list =
            tp_str_trim(after).len > 0 && tp_str_trim(after).at[0] == '[';
        if (is_word(second) && (more > 1 || list)) {
            left = tp_str_part(rest, 0, second.at + second.len - rest.at);
            look = after;
        }
        out->value = look;
    }
    out->value = tp_str_trim(out->value);
    out->n = tp_nm_words(left, &out->word, mem);
    if (out->n > 0 && out->value.len > 0) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "%s: '%.*s' lacks %s", command,
                   TP_F(rest), out->n > 0 ? "the value" : "what is changed");
}

static tp_status alter(tp_nutmeg *m, void *owner, tp_str rest,
                       const tp_str *arg, int count, tp_err *err)
{
    (void)owner, (void)arg, (void)count;
    change        c = {0};
    const double *v = NULL;
    int           n = 0;
    TP_TRY(split(m, "alter", rest, &c, err));
    if (c.n > 2)
        return tp_fail(err, TP_BAD_INPUT,
                       "alter: wanted DEVICE [PARAMETER] = VALUE, got '%.*s'",
                       TP_F(rest));
    TP_TRY(values_of(m, c.value, &v, &n, err));
    tp_str name = c.word[0];
    if (name.at[0] != '@') name = tp_str_fmt(&m->scratch, "@%.*s", TP_F(name));
    if (c.n == 2)
        name =
            tp_str_fmt(&m->scratch, "%.*s[%.*s]", TP_F(name), TP_F(c.word[1]));
    return tp_nm_alter_quantity(m, name, v, n, err);
}

static tp_status altermod(tp_nutmeg *m, void *owner, tp_str rest,
                          const tp_str *arg, int count, tp_err *err)
{
    (void)owner, (void)arg, (void)count;
    change        c = {0};
    const double *v = NULL;
    int           n = 0;
    tp_arena     *mem = &m->scratch;
    TP_TRY(split(m, "altermod", rest, &c, err));
    TP_TRY(values_of(m, c.value, &v, &n, err));
    tp_str first = c.word[0];
    if (first.at[0] == '@') {
        if (!tp_str_starts(first, TP_S("@@")))
            first = tp_str_fmt(mem, "@%.*s", TP_F(first));
        return tp_nm_alter_quantity(m, first, v, n, err);
    }
    if (c.n < 2)
        return tp_fail(err, TP_BAD_INPUT,
                       "altermod: wanted MODEL... PARAMETER = VALUE, got "
                       "'%.*s'",
                       TP_F(rest));
    for (int i = 0; i + 1 < c.n; i++) {
        tp_str name = tp_str_fmt(mem, "@@%.*s[%.*s]", TP_F(c.word[i]),
                                 TP_F(c.word[c.n - 1]));
        TP_TRY(tp_nm_alter_quantity(m, name, v, n, err));
    }
    return TP_OK;
}

static tp_status alterparam(tp_nutmeg *m, void *owner, tp_str rest,
                            const tp_str *arg, int count, tp_err *err)
{
    (void)owner, (void)arg, (void)count;
    change    c = {0};
    double    v = 0;
    char      number[TP_NUMBER_MAX];
    tp_arena *mem = &m->scratch;
    TP_TRY(split(m, "alterparam", rest, &c, err));
    if (c.n > 2)
        return tp_fail(err, TP_BAD_INPUT,
                       "alterparam: wanted [SUBCKT] PARAMETER = VALUE, got "
                       "'%.*s'",
                       TP_F(rest));
    TP_TRY(tp_nm_number_of(m, c.value, &v, err));
    if (!isfinite(v))
        return tp_fail(err, TP_BAD_INPUT, "alterparam: %s is no value for it",
                       tp_exact(v, number));
    tp_str left = c.word[0];
    if (c.n == 2)
        left = tp_str_fmt(mem, "%.*s %.*s", TP_F(left), TP_F(c.word[1]));
    tp_str key = tp_str_fmt(mem, "param %.*s", TP_F(left));
    tp_str command = tp_str_fmt(mem, "alterparam %.*s = %s", TP_F(left),
                                tp_exact(v, number));
    return tp_nm_change(m, key, command, err);
}

/* The parameters take effect, alters are undone, options stay. */
static tp_status reset(tp_nutmeg *m, void *owner, tp_str rest,
                       const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)rest;
    if (n > 0 && !tp_str_same(arg[0], TP_S("all")))
        return tp_fail(err, TP_BAD_INPUT, "reset: '%.*s' is too much",
                       TP_F(arg[0]));
    TP_TRY(tp_nm_simulate(m, TP_S("reset"), NULL, err));
    tp_nm_forget_changes(m, false);
    tp_nm_originals_forget(m);
    TP_TRY(tp_nm_record(m, TP_S("param "), TP_S("reset"), err));
    return tp_nm_options_again(m, err);
}

/* ---- save --------------------------------------------------------------- */

/* What the simulator calls something that is saved. */
static tp_status saved_name(tp_nutmeg *m, tp_str name, tp_str *out, tp_err *err)
{
    if (name.at[0] == '@')
        return tp_nm_quantity_name(name, out, &m->scratch, err);
    *out = tp_nm_node_name(name, &m->scratch);
    return TP_OK;
}

static tp_status save(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                      int n, tp_err *err)
{
    (void)owner, (void)arg, (void)n;
    tp_str word;
    while ((word = tp_nm_word(&rest)).len > 0) {
        tp_str name;
        if (tp_str_same(word, TP_S("none")))
            return tp_fail(err, TP_BAD_INPUT,
                           "save: 'none' can't be taken back in the simulator; "
                           "name one vector instead");
        TP_TRY(saved_name(m, word, &name, err));
        tp_str command = tp_str_fmt(&m->scratch, "save %.*s", TP_F(name));
        TP_TRY(tp_nm_change(m, command, command, err));
    }
    return TP_OK;
}

/* Whether the key is the save of one of the words; all of them are read. */
static tp_status is_save_of(tp_nutmeg *m, tp_str key, const tp_str *arg, int n,
                            bool *out, tp_err *err)
{
    *out = false;
    for (int i = 0; i < n; i++) {
        tp_str name;
        TP_TRY(saved_name(m, arg[i], &name, err));
        name = tp_str_fmt(&m->scratch, "save %.*s", TP_F(name));
        *out = *out || tp_str_same(key, name);
    }
    return TP_OK;
}

/* The simulator forgets all, and is told again what stays. */
static tp_status delete (tp_nutmeg *m, void *owner, tp_str rest,
                         const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)rest;
    bool all = n == 1 && tp_str_same(arg[0], TP_S("all"));
    int  kept = 0, found = 0;
    TP_TRY(tp_nm_simulate(m, TP_S("delete all"), NULL, err));
    for (int i = 0; i < m->n_alter; i++) {
        tp_nm_alter a = m->alter[i];
        bool        goes = all && tp_str_starts(a.key, TP_S("save "));
        if (!all) TP_TRY(is_save_of(m, a.key, arg, n, &goes, err));
        found += goes;
        if (!goes) {
            m->alter[kept++] = a;
            continue;
        }
        tp_nm_give(&m->heap, a.key.at);
        tp_nm_give(&m->heap, a.command.at);
    }
    m->n_alter = kept;
    for (int i = 0; i < m->n_alter; i++)
        if (tp_str_starts(m->alter[i].key, TP_S("save ")))
            TP_TRY(tp_nm_simulate(m, m->alter[i].command, NULL, err));
    if (!all && !found)
        return tp_fail(err, TP_BAD_INPUT, "delete: '%.*s' was not saved",
                       TP_F(arg[0]));
    return TP_OK;
}

const tp_nutmeg_command tp_nm_change_commands[] = {
    {"alter", "DEVICE [PARAMETER] = VALUE | @DEVICE[PARAMETER] = VALUE", 1, -1,
     true,
     "Changes a device: its principal value, or the parameter named; [ ... ] "
     "gives several values.",
     alter},
    {"altermod", "MODEL... PARAMETER = VALUE | @MODEL[PARAMETER] = VALUE", 1,
     -1, true, "Changes a parameter of models.", altermod},
    {"alterparam", "[SUBCKT] PARAMETER = VALUE", 1, -1, true,
     "Changes a .param of the circuit; takes effect with `reset`.", alterparam},
    {"reset", "[all]", 0, 1, false,
     "Reads the circuit again: alters are undone, parameters take effect.",
     reset},
    {"save", "all | VECTOR...", 1, -1, true,
     "What analyses keep; without it every node and source current.", save},
    {"delete", "all | VECTOR...", 1, -1, false, "Takes back what was saved.",
     delete},
    {0},
};
