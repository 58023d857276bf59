/* vcli: Cadence Virtuoso through the program `vcli`, whose session holds the
   testbench: design, model sections and temperature of the corner, the design
   variables, one `sim run` for each analysis, then the data of what the
   measures read (our language measures), or the measures themselves. It was
   written against the published contracts of vcli 0.2 to 1.0 and tried with a
   stand-in (test/standin/vcli); Virtuoso could not be had. */
#include "sim/vcli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOG_MAX = 4 << 20, WORDS_MAX = 64 /* of one call for measures */ };

static const tp_param params[] = {
    {.name = "binary",
     .type = TP_TEXT,
     .at = offsetof(tp_vcli_settings, binary),
     .text_def = "vcli",
     .text = "The program, a path or a name found in PATH."},
    {.name = "sessions",
     .type = TP_TEXT,
     .at = offsetof(tp_vcli_settings, sessions),
     .text_def = "",
     .text = "Ids of sessions, blanks between: so many trials at a time. Else "
             "VB_SESSION, else the one that is alive."},
    {.name = "profile",
     .type = TP_TEXT,
     .at = offsetof(tp_vcli_settings, profile),
     .text_def = "",
     .text = "vcli's --profile."},
    {.name = "capability",
     .type = TP_TEXT,
     .at = offsetof(tp_vcli_settings, capability),
     .text_def = "",
     .text = "VCLI_CAPABILITY for vcli; newer ones need `admin` to run SKILL."},
    {.name = "seconds",
     .type = TP_REAL,
     .at = offsetof(tp_vcli_settings, seconds),
     .def = 600,
     .min = 0.01,
     .max = 1e6,
     .unit = "s",
     .text = "Wall clock of one call; then it is killed."},
    {.name = "retries",
     .type = TP_INT,
     .at = offsetof(tp_vcli_settings, retries),
     .def = 3,
     .min = 0,
     .max = 100,
     .text = "Further attempts at a call that vcli says may be repeated."},
    {.name = "backoff",
     .type = TP_REAL,
     .at = offsetof(tp_vcli_settings, backoff),
     .def = 2,
     .min = 0,
     .max = 3600,
     .unit = "s",
     .text = "The pause before the first of them; it doubles each time."},
    {0},
};

/* A trial on its way. */
typedef struct job {
    tp_vcli           v;
    const tp_circuit *c;
    const bool       *want;
    tp_gather         g;
    tp_wave          *wave; /* one per c->save; n 0: there is none */
} job;

static tp_status load(tp_sim *sim, const tp_circuit *c, tp_err *err)
{
    if (tp_str_starts(c->text, TP_S("design\t")))
        return tp_kept_load(sim, c, err);
    return tp_fail(err, TP_BAD_INPUT,
                   "vcli simulates the testbench of a problem file, no deck");
}

/* ---- words of a call --------------------------------------------------- */

static void add_all(tp_argv *c, const char *words)
{
    tp_str rest = tp_str_of(words);
    for (tp_str w; (w = tp_str_word(&rest, " ")).len > 0;) tp_argv_add(c, w);
}

static void add_pair(tp_argv *c, const char *flag, tp_str value)
{
    tp_argv_add(c, tp_str_of(flag));
    tp_argv_add(c, value);
}

static void add_param(tp_argv *c, const char *key, tp_str value)
{
    add_pair(c, "--param", tp_str_fmt(c->mem, "%s=%.*s", key, TP_F(value)));
}

/* Runs the call; whether its status is success. `got` may be NULL. */
static bool done(job *j, const tp_argv *c, json_t **got)
{
    json_t *o = tp_vcli_call(&j->v, c->word, c->n);
    if (!o) return false;
    const char *status = json_string_value(json_object_get(o, "status"));
    bool        good = status && !strcmp(status, "success");
    if (!good)
        tp_vcli_fail(&j->v, TP_SIM_FAILED,
                     tp_str_fmt(j->v.mem, "%s %s: status %s", c->word[0],
                                c->word[1], status ? status : "missing"));
    if (good && got)
        *got = o;
    else
        json_decref(o);
    return good;
}

/* ---- design and corner ------------------------------------------------- */

/* modelFile(list("FILE" "SECTION") ...) of the circuit's lines, temp(T). */
static tp_str corner_code(job *j)
{
    tp_buf models = {.mem = j->v.mem}, b = {.mem = j->v.mem};
    tp_str rest = j->c->text, temp = {"", 0};
    while (rest.len > 0) {
        tp_str line = tp_str_word(&rest, "\n");
        tp_str key = tp_str_word(&line, "\t"), value = tp_str_word(&line, "\t");
        if (tp_str_eq(key, TP_S("temp"))) temp = value;
        if (!tp_str_eq(key, TP_S("model"))) continue;
        tp_buf_add(&models, TP_S(" list("));
        tp_skill_quote(&models, value);
        tp_buf_char(&models, ' ');
        tp_skill_quote(&models, tp_str_word(&line, "\t"));
        tp_buf_char(&models, ')');
    }
    if (models.len > 0)
        tp_buf_fmt(&b, "modelFile(%.*s) ",
                   TP_F(tp_str_from(tp_buf_str(&models), 1)));
    if (temp.len > 0) tp_buf_fmt(&b, "temp(%.*s) ", TP_F(temp));
    return tp_buf_str(&b);
}

/* The design, then the corner and the values in one call of SKILL. */
static bool set_up(job *j, const double *value)
{
    tp_argv c = {.mem = j->v.mem};
    tp_str  out, why = {"", 0}, line = j->c->text;
    line = tp_str_word(&line, "\n");
    tp_str_word(&line, "\t");
    add_all(&c, "sim setup");
    add_pair(&c, "--lib", tp_str_word(&line, "\t"));
    add_pair(&c, "--cell", tp_str_word(&line, "\t"));
    add_pair(&c, "--view", tp_str_word(&line, "\t"));
    add_pair(&c, "--simulator", TP_S("spectre"));
    tp_str values = tp_skill_variables(j->c, value, &why, j->v.mem);
    if (why.len > 0) return tp_vcli_fail(&j->v, TP_SIM_FAILED, why);
    tp_str code = tp_str_fmt(j->v.mem, "progn(%.*s%.*st)", TP_F(corner_code(j)),
                             TP_F(values));
    return done(j, &c, NULL) && tp_vcli_skill(&j->v, code, &out);
}

/* ---- analyses ---------------------------------------------------------- */

static void frequencies(tp_argv *c, const tp_str *w)
{
    add_pair(c, "--start", w[2]);
    add_pair(c, "--stop", w[3]);
    if (tp_str_eq(w[0], TP_S("dec")))
        add_pair(c, "--dec", w[1]);
    else
        add_param(c, tp_str_z(c->mem, w[0]), w[1]);
}

static bool op_words(tp_argv *c, const tp_str *w, int n)
{
    (void)w, (void)n;
    add_all(c, "dc --param saveOppoint=t");
    return true;
}

static bool ac_words(tp_argv *c, const tp_str *w, int n)
{
    if (n != 5) return false;
    add_all(c, "ac");
    frequencies(c, w + 1);
    return true;
}

static bool tran_words(tp_argv *c, const tp_str *w, int n)
{
    bool uic = n > 1 && tp_str_same(w[n - 1], TP_S("uic"));
    n -= uic;
    if (n < 3 || n > 5) return false;
    add_all(c, "tran");
    add_pair(c, "--stop", w[2]);
    add_pair(c, "--step", w[1]);
    if (n > 3) add_param(c, "outputstart", w[3]);
    if (n > 4) add_param(c, "maxstep", w[4]);
    if (uic) add_param(c, "skipdc", TP_S("yes"));
    return true;
}

static bool dc_words(tp_argv *c, const tp_str *w, int n)
{
    if (n != 5) return false;
    add_all(c, "dc");
    add_pair(c, "--start", w[2]);
    add_pair(c, "--stop", w[3]);
    add_pair(c, "--step", w[4]);
    add_param(c, "dev", tp_str_fmt(c->mem, "/%.*s", TP_F(w[1])));
    add_param(c, "param", TP_S("dc"));
    return true;
}

static bool noise_words(tp_argv *c, const tp_str *w, int n)
{
    if (n != 7 || !tp_str_starts(w[1], TP_S("v("))) return false;
    tp_str net = tp_str_part(w[1], 2, w[1].len - 3);
    add_all(c, "noise");
    frequencies(c, w + 3);
    add_param(c, "p", tp_str_fmt(c->mem, "/%.*s", TP_F(net)));
    add_param(c, "n", TP_S("/gnd!"));
    add_param(c, "iprobe", tp_str_fmt(c->mem, "/%.*s", TP_F(w[2])));
    return true;
}

/* A row per kind: how it is asked for, and what its result is called. */
static const struct kind {
    const char *verb, *result;
    bool (*words)(tp_argv *c, const tp_str *w, int n);
} kinds[] = {
    {"op", "dcOp", op_words},        {"ac", "ac", ac_words},
    {"tran", "tran", tran_words},    {"dc", "dc", dc_words},
    {"noise", "noise", noise_words},
};

static const struct kind *kind_of(tp_str command)
{
    tp_str verb = tp_str_word(&command, " \t");
    for (int i = 0; i < TP_COUNT(kinds); i++)
        if (tp_str_same(verb, tp_str_of(kinds[i].verb))) return &kinds[i];
    return NULL;
}

/* `sim run` says success before it is known how Spectre ended: its log, where
   it can be read from here, decides. */
static bool judge(job *j, const json_t *got)
{
    const char *dir = json_string_value(json_object_get(got, "results_dir"));
    tp_str      log, why;
    if (!dir) return true;
    char *path =
        tp_str_z(j->v.mem, tp_str_fmt(j->v.mem, "%s/psf/spectre.out", dir));
    if (access(path, R_OK) != 0 ||
        tp_file_read(&log, path, LOG_MAX, j->v.mem, NULL))
        return true;
    switch (tp_spectre_judge(log, TP_S("completes with 0 errors"), &why,
                             j->v.mem)) {
    case TP_SPECTRE_RAN: return true;
    case TP_SPECTRE_NO_CONVERGENCE:
        return tp_vcli_fail(&j->v, TP_NO_CONVERGENCE, why);
    case TP_SPECTRE_FAILED:
    case TP_SPECTRE_NO_LICENCE:
    case TP_SPECTRE_UNFINISHED: break;
    }
    return tp_vcli_fail(&j->v, TP_SIM_FAILED, why);
}

static bool run_analysis(job *j, tp_str command)
{
    tp_str             w[10], rest = command;
    int                n = 0;
    const struct kind *k = kind_of(command);
    tp_argv            c = {.mem = j->v.mem};
    json_t            *got = NULL;
    for (tp_str one; n < 10 && (one = tp_str_word(&rest, " \t")).len > 0;)
        w[n++] = one;
    add_all(&c, "sim run --analysis");
    if (!k || !k->words(&c, w, n))
        return tp_vcli_fail(&j->v, TP_SIM_FAILED,
                            tp_str_fmt(j->v.mem, "'%.*s' can't be said to vcli",
                                       TP_F(command)));
    add_pair(&c, "--timeout",
             tp_str_fmt(j->v.mem, "%.0f", ceil(j->v.set->seconds)));
    if (!done(j, &c, &got)) return false;
    bool good = judge(j, got);
    json_decref(got);
    return good;
}

static bool run_analyses(job *j)
{
    if (tp_spectre_needs_op(j->c, j->want) && !run_analysis(j, TP_S("op")))
        return false;
    for (int i = 0; i < j->c->n_analysis; i++)
        if ((!j->want || j->want[i]) &&
            !run_analysis(j, j->c->analysis[i].command))
            return false;
    return true;
}

/* ---- what comes back --------------------------------------------------- */

/* One line of c->save, taken apart. */
typedef struct item {
    int    analysis;
    bool   op, expr;
    tp_str text, result;
} item;

static item item_of(const job *j, int k)
{
    tp_str rest = j->c->save[k];
    tp_str a = tp_str_word(&rest, "\t"), op = tp_str_word(&rest, "\t");
    tp_str how = tp_str_word(&rest, "\t");
    double n = 0;
    tp_number_all(a, &n);
    item one = {.op = tp_str_eq(op, TP_S("1")),
                .expr = tp_str_eq(how, TP_S("EXPR")),
                .text = tp_str_from(rest, 1)};
    one.analysis = n >= 0 && n < j->c->n_analysis ? (int)n : 0;
    const struct kind *kind = kind_of(j->c->analysis[one.analysis].command);
    one.result = tp_str_of(one.op || !kind ? "dcOp" : kind->result);
    return one;
}

static bool wanted(const job *j, const item *one)
{
    return !j->want || j->want[one->analysis];
}

/* The data of everything that is to be measured here, in one call. */
static bool fetch_all(job *j)
{
    tp_buf b = {.mem = j->v.mem};
    int   *of = TP_NEW(j->v.mem, int, j->c->n_save), n = 0;
    tp_str text;
    for (int k = 0; k < j->c->n_save; k++) {
        item one = item_of(j, k);
        if (one.expr || !wanted(j, &one)) continue;
        tp_buf_add(&b, n > 0 ? TP_S(" \"\\n\" ") : TP_S("strcat("));
        tp_buf_add(&b, tp_skill_fetch(one.result, one.text, j->v.mem));
        of[n++] = k;
    }
    tp_buf_char(&b, ')');
    if (n == 0) return true;
    if (!tp_vcli_skill(&j->v, tp_buf_str(&b), &text)) return false;
    for (int i = 0; i < n; i++) {
        ptrdiff_t end = tp_str_find(text, '\n', 0);
        tp_str    line = end < 0 ? text : tp_str_part(text, 0, end);
        text = end < 0 ? TP_S("") : tp_str_from(text, end + 1);
        if (!tp_skill_wave(&j->wave[of[i]], line, j->v.mem))
            j->wave[of[i]].n = 0;
    }
    return true;
}

/* The value of an expression, a text: a number or nil; an error is the
   trial's. */
static bool take_value(job *j, int k, const json_t *value, const item *one)
{
    const char *text = json_string_value(value);
    double     *v = TP_NEW(j->v.mem, double, 1);
    tp_str      s = tp_str_trim(tp_str_of(text));
    if (tp_str_starts(s, TP_S("ERROR")))
        return tp_vcli_fail(&j->v, TP_SIM_FAILED,
                            tp_str_fmt(j->v.mem, "sim measure: %.*s: %.*s",
                                       TP_F(one->text), TP_F(s)));
    if (tp_number_all(s, v)) j->wave[k] = (tp_wave){.n = 1, .re = v};
    return true;
}

/* All expressions of one result, from the first one on. */
static bool measure(job *j, int first)
{
    tp_argv c = {.mem = j->v.mem};
    item    lead = item_of(j, first);
    int     of[WORDS_MAX], n = 0;
    json_t *got = NULL;
    add_all(&c, "sim measure");
    add_pair(&c, "--analysis", lead.result);
    for (int k = first; k < j->c->n_save && c.n + 2 < WORDS_MAX; k++) {
        item one = item_of(j, k);
        if (!one.expr || j->wave[k].n >= 0 || !wanted(j, &one) ||
            !tp_str_eq(one.result, lead.result))
            continue;
        add_pair(&c, "--expr", one.text);
        j->wave[k].n = 0;
        of[n++] = k;
    }
    if (!done(j, &c, &got)) return false;
    const json_t *list = json_object_get(got, "measures");
    bool          good = json_array_size(list) == (size_t)n;
    if (!good)
        tp_vcli_fail(&j->v, TP_SIM_FAILED,
                     TP_S("sim measure: not one value for each expression"));
    for (int i = 0; i < n && good; i++) {
        const json_t *m = json_array_get(list, (size_t)i);
        item          one = item_of(j, of[i]);
        good = take_value(j, of[i], json_object_get(m, "value"), &one);
    }
    json_decref(got);
    return good;
}

static bool bring(job *j)
{
    j->wave = TP_NEW(j->v.mem, tp_wave, j->c->n_save);
    for (int k = 0; k < j->c->n_save; k++) j->wave[k].n = -1; /* not yet */
    if (!fetch_all(j)) return false;
    for (int k = 0; k < j->c->n_save; k++) {
        item one = item_of(j, k);
        bool due = one.expr && j->wave[k].n < 0 && wanted(j, &one);
        if (due && !measure(j, k)) return false;
    }
    return true;
}

/* Each vector in its plot, under the name that the problem knows. */
static void place(job *j)
{
    static const struct {
        const char *kind, *unit;
    } sweeps[] = {{"ac", "Hz"}, {"noise", "Hz"}, {"tran", "s"}, {"dc", "V"}};
    for (int k = 0; k < j->c->n_save; k++) {
        item     one = item_of(j, k);
        int      op = j->g.plot[one.analysis].op;
        tp_plot *p = &j->g.plot[one.op && op >= 0 ? op : one.analysis];
        if (j->wave[k].n < 1) continue;
        tp_wave *w = TP_NEW(j->v.mem, tp_wave, p->n_wave + 1);
        for (int i = 0; i < p->n_wave; i++) w[i] = p->wave[i];
        w[p->n_wave] = j->wave[k];
        w[p->n_wave].name = tp_str_fmt(j->v.mem, "tp%d", k);
        for (int i = 0; i < TP_COUNT(sweeps) && j->wave[k].x; i++)
            if (tp_str_eq(one.result, tp_str_of(sweeps[i].kind)))
                w[p->n_wave].x_unit = tp_str_of(sweeps[i].unit);
        p->wave = w;
        p->n_wave++;
    }
}

static tp_status run(tp_sim *sim, const double *value, const bool *want,
                     tp_arena *mem, tp_sim_result *out, tp_err *err)
{
    double begun = tp_now();
    job j = {.v = {.set = sim->settings, .mem = mem, .out = out}, .want = want};
    tp_str why = {"", 0};
    *out = (tp_sim_result){.how = TP_RAN, .why = TP_S("")};
    TP_TRY(tp_kept(&j.c, sim, err));
    TP_TRY(tp_private_folder(j.v.folder, sizeof j.v.folder, err));
    int held = tp_vcli_session_take(&j.v.session, j.v.set, &why, mem);
    tp_gather_start(&j.g, j.c, want, mem);
    if (held < 0)
        tp_vcli_fail(&j.v, TP_SIM_FAILED, why);
    else if (set_up(&j, value) && run_analyses(&j) && bring(&j))
        place(&j);
    tp_vcli_session_leave(held);
    if (out->how == TP_RAN)
        out->waves = (tp_waves){.n = j.g.n, .plot = j.g.plot};
    tp_private_remove(j.v.folder);
    out->seconds = tp_now() - begun;
    return TP_OK;
}

const tp_sim_ops tp_sim_vcli = {
    .name = "vcli",
    .summary = "Cadence Virtuoso's testbench through vcli",
    .settings_size = sizeof(tp_vcli_settings),
    .params = params,
    .open = tp_kept_open,
    .load = load,
    .run = run,
    .close = tp_kept_close,
};
