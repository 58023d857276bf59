/* Analyses: checked here, because the simulator takes wrong ones without a
   word or for ever, and handed on. */
#include "nutmeg/inside.h"

typedef struct args {
    tp_nutmeg    *m;
    const char   *command;
    const char   *takes;
    const tp_str *word;
    int           n, at;
    tp_err       *err;
} args;

static int words_of(tp_nutmeg *m, tp_str rest, const tp_str **out)
{
    tp_str *list = NULL, word;
    int     n = 0, cap = 0;
    while ((word = tp_nm_word(&rest)).len > 0)
        *TP_PUSH(&m->scratch, list, n, cap) = word;
    *out = list;
    return n;
}

static tp_status bad(const args *a, const char *wanted)
{
    if (a->at >= a->n)
        return tp_fail(a->err, TP_BAD_INPUT, "%s: %s is missing; usage: %s %s",
                       a->command, wanted, a->command, a->takes);
    return tp_fail(a->err, TP_BAD_INPUT, "%s: wanted %s, got '%.*s'",
                   a->command, wanted, TP_F(a->word[a->at]));
}

static tp_status number(args *a, const char *wanted, double lo, double *out)
{
    if (a->at >= a->n || !tp_number_all(a->word[a->at], out) ||
        !isfinite(*out) || !(*out >= lo))
        return bad(a, wanted);
    a->at++;
    return TP_OK;
}

static bool one_of(const args *a, const char *const *list)
{
    if (a->at >= a->n) return false;
    for (; *list; list++)
        if (tp_str_same(a->word[a->at], tp_str_of(*list))) return true;
    return false;
}

static const char *const scales[] = {"lin", "oct", "dec", NULL};

/* "dec 10 1 1k" */
static tp_status check_frequencies(args *a)
{
    double n, f1, f2;
    if (!one_of(a, scales)) return bad(a, "dec, oct or lin");
    bool lin = tp_str_same(a->word[a->at++], TP_S("lin"));
    TP_TRY(number(a, "a number of points, 1 or more", 1, &n));
    TP_TRY(number(a, "a first frequency, 0 or more", 0, &f1));
    if (!lin && f1 == 0) {
        a->at--;
        return bad(a, "a first frequency above 0");
    }
    return number(a, "a last frequency, not below the first", f1, &f2);
}

static tp_status check_op(args *a)
{
    (void)a;
    return TP_OK;
}

static tp_status check_ac(args *a)
{
    return check_frequencies(a);
}

static tp_status check_tran(args *a)
{
    double step, stop, v;
    TP_TRY(number(a, "a step above 0", 1e-300, &step));
    TP_TRY(number(a, "a stop time above 0", 1e-300, &stop));
    for (int i = 0; i < 2 && a->at < a->n; i++) {
        if (tp_str_same(a->word[a->at], TP_S("uic"))) break;
        TP_TRY(number(a, i ? "the largest step, above 0" : "a start time",
                      i ? 1e-300 : 0, &v));
    }
    if (a->at < a->n && tp_str_same(a->word[a->at], TP_S("uic"))) a->at++;
    return TP_OK;
}

static bool is_output(tp_str s)
{
    return s.len > 3 && s.at[1] == '(' && strchr("vViI", s.at[0]) &&
           s.at[s.len - 1] == ')';
}

/* Whether the circuit's text has this word; a node has to be in it. */
static bool in_circuit(const args *a, tp_str node)
{
    const tp_circuit *c = tp_nutmeg_circuit(a->m);
    tp_str            rest = c ? c->text : (tp_str){0};
    for (tp_str w; (w = tp_str_word(&rest, " \t\r\n()=,")).len > 0;)
        if (tp_str_same(w, node)) return true;
    return !c;
}

/* The nodes of v(a) or v(a,b): the simulator makes a new one of a name that it
   does not know. Those of sub-circuits are left to it. */
static tp_status check_nodes(args *a)
{
    tp_str word = a->word[a->at];
    tp_str list = tp_str_part(word, 2, word.len - 3);
    if (tp_lower(word.at[0]) != 'v') return TP_OK;
    for (tp_str w; (w = tp_str_trim(tp_str_word(&list, ","))).len > 0;) {
        bool inner = tp_str_find(w, ':', 0) >= 0 || tp_str_find(w, '.', 0) >= 0;
        bool ground = tp_str_eq(w, TP_S("0")) || tp_str_same(w, TP_S("gnd"));
        if (inner || ground || in_circuit(a, w)) continue;
        return tp_fail(a->err, TP_BAD_INPUT,
                       "%s: the circuit has no node '%.*s'", a->command,
                       TP_F(w));
    }
    return TP_OK;
}

static tp_status check_noise(args *a)
{
    double n;
    if (a->at >= a->n || !is_output(a->word[a->at]))
        return bad(a, "an output, v(node) or v(node,node)");
    TP_TRY(check_nodes(a));
    a->at++;
    if (a->at >= a->n) return bad(a, "the source of the input");
    a->at++;
    TP_TRY(check_frequencies(a));
    if (a->at == a->n) return TP_OK;
    return number(a, "a number of points per summary", 1, &n);
}

static tp_status check_tf(args *a)
{
    if (a->at >= a->n || !is_output(a->word[a->at]))
        return bad(a, "an output, v(node), v(node,node) or i(source)");
    TP_TRY(check_nodes(a));
    a->at++;
    if (a->at >= a->n) return bad(a, "the source of the input");
    a->at++;
    return TP_OK;
}

/* "v(a:x1,b)" with the simulator's names; sources too. */
static tp_str simulators_word(tp_str word, tp_arena *mem)
{
    ptrdiff_t comma = tp_str_find(word, ',', 0);
    if (tp_str_find(word, ':', 0) < 0) return word;
    if (is_output(word) && comma > 0) {
        tp_str a = tp_str_trim(tp_str_part(word, 2, comma - 2));
        tp_str b =
            tp_str_trim(tp_str_part(word, comma + 1, word.len - comma - 2));
        a = tp_nm_node_name(a, mem);
        b = tp_nm_node_name(b, mem);
        return tp_str_fmt(mem, "%c(%.*s,%.*s)", word.at[0], TP_F(a), TP_F(b));
    }
    return is_output(word) ? tp_nm_node_name(word, mem)
                           : tp_nm_device_name(word, mem);
}

static tp_status analyse(tp_nutmeg *m, tp_str rest, const char *command,
                         const char *takes, tp_status (*check)(args *a),
                         tp_err     *err)
{
    args   a = {.m = m, .command = command, .takes = takes, .err = err};
    tp_buf b = {.mem = &m->scratch};
    a.n = words_of(m, rest, &a.word);
    TP_TRY(check(&a));
    if (a.at < a.n)
        return tp_fail(err, TP_BAD_INPUT,
                       "%s: '%.*s' is too much; usage: %s "
                       "%s",
                       command, TP_F(a.word[a.at]), command, takes);
    tp_buf_add(&b, tp_str_of(command));
    for (int i = 0; i < a.n; i++) {
        tp_str word = simulators_word(a.word[i], &m->scratch);
        tp_buf_fmt(&b, " %.*s", TP_F(word));
    }
    return tp_nm_simulate(m, tp_buf_str(&b), NULL, err);
}

#define TAKES_AC "dec|oct|lin POINTS FIRST LAST"
#define TAKES_TRAN "STEP STOP [START [MAX]] [uic]"
#define TAKES_NOISE "v(OUT[,REF]) SOURCE dec|oct|lin POINTS FIRST LAST [EVERY]"
#define TAKES_TF "v(OUT[,REF])|i(SOURCE) SOURCE"

#define ANALYSIS(name, takes)                                     \
    static tp_status name(tp_nutmeg *m, void *owner, tp_str rest, \
                          const tp_str *arg, int n, tp_err *err)  \
    {                                                             \
        (void)owner, (void)arg, (void)n;                          \
        return analyse(m, rest, #name, takes, check_##name, err); \
    }
ANALYSIS(op, "")
ANALYSIS(ac, TAKES_AC)
ANALYSIS(tran, TAKES_TRAN)
ANALYSIS(noise, TAKES_NOISE)
ANALYSIS(tf, TAKES_TF)
#undef ANALYSIS

static tp_status run(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                     int n, tp_err *err)
{
    (void)owner, (void)rest, (void)arg, (void)n;
    if (m->loaded && m->n_analysis == 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "run: the circuit has no analyses of its own");
    if (!m->loaded) return tp_nm_simulate(m, TP_S("run"), NULL, err);
    for (int i = 0; i < m->n_analysis; i++)
        TP_TRY(tp_nm_simulate(m, m->analysis[i], NULL, err));
    return TP_OK;
}

const tp_nutmeg_command tp_nm_analysis_commands[] = {
    {"op", "", 0, 0, true, "Operating point; makes a plot op1, op2 ...", op},
    {"dc", "NAME START STOP [dec|oct|lin] STEP [NAME2 ...]", 4, -1, true,
     "Sweep of a source, a resistor, temp, or any @device[parameter]; with "
     "dec, oct or lin the last number is one of points.",
     tp_nm_dc},
    {"ac", TAKES_AC, 0, -1, true, "Small signals over frequency.", ac},
    {"tran", TAKES_TRAN, 0, -1, true, "Transient.", tran},
    {"noise", TAKES_NOISE, 0, -1, true,
     "Noise: makes two plots, the spectra and then the integrals.", noise},
    {"tf", TAKES_TF, 0, -1, true,
     "DC transfer function, input and output resistance.", tf},
    {"run", "", 0, 0, true, "The analyses of the circuit's own lines.", run},
    {0},
};
