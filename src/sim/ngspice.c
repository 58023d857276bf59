/* ngspice: libngspice in this process; only this file, ng_load.c and ng_read.c
   know it. The library is global to the process, reports through a callback and
   can end in a state in which it must not be called again: then TP_SIM is
   returned and the process has to be replaced.

   Each run sets the parameters that changed by `alterparam` and reads the
   circuit again by `reset`, which gives the bits of a fresh parse; whether an
   analysis worked is told by $sim_status, the plot and the values in it,
   because return codes are always 0. */
#include "exec/exec.h"
#include "sim/ng.h"

#include <ngspice/sharedspice.h>

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The library has one set of callbacks a process: they speak to this one. */
static tp_ng   *listener;
static bool     started;
static int      nowhere = -1; /* the folder it works in, which was removed */
static unsigned lacks;        /* what this process could not be kept from */

/* ---- callbacks and commands -------------------------------------- */

/* One line of what a command prints; what is too much is dropped. */
static void keep_text(tp_ng *s, tp_str line)
{
    if (!s->listens || line.len + 1 > TP_NG_TEXT_MAX - s->text_len) return;
    memcpy(s->text + s->text_len, line.at, (size_t)line.len);
    s->text_len += (int)line.len;
    s->text[s->text_len++] = '\n';
}

static int on_line(char *line, int id, void *with)
{
    (void)id, (void)with;
    tp_str s = tp_str_of(line);
    if (!listener) return 0;
    if (tp_str_starts(s, TP_S("stdout "))) {
        keep_text(listener, tp_str_from(s, 7));
        snprintf(listener->last, sizeof listener->last, "%.*s",
                 TP_F(tp_str_from(s, 7)));
    } else if (tp_str_starts(s, TP_S("stderr "))) {
        tp_words_add(&listener->words, tp_str_from(s, 7));
        if (listener->reads)
            tp_warnings_add(&listener->warnings, tp_str_from(s, 7));
    }
    return 0;
}

static int on_exit_wanted(int status, bool now, bool quit, int id, void *with)
{
    (void)status, (void)now, (void)quit, (void)id, (void)with;
    if (listener) listener->lost = true;
    return 0;
}

static int on_background(bool running, int id, void *with)
{
    (void)running, (void)id, (void)with;
    return 0;
}

bool tp_ng_send(tp_ng *s, const char *fmt, ...)
{
    char    text[TP_NG_COMMAND_MAX];
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (n < 0 || n >= TP_NG_COMMAND_MAX) {
        tp_words_add(&s->words, TP_S("Error: a command is too long for "
                                     "ngspice (1000 characters)"));
        return false;
    }
    if (s->lost) return false;
    if (ngSpice_Command(text) != 0) s->lost = true;
    return !s->lost;
}

void tp_ng_forget(tp_ng *s)
{
    if (!s->lost) ngSpice_Command(NULL);
}

/* ---- settings ------------------------------------------------------------ */

enum { PATH_AUTO, PATH_RESET };
struct settings {
    int    ladder, path;
    bool   warm;
    tp_str osdi;
};

static const tp_param params[] = {
    {.name = "path",
     .type = TP_CHOICE,
     .at = offsetof(struct settings, path),
     .def = PATH_AUTO,
     .choices = (const char *const[]){"auto", "reset", NULL},
     .text = "How a point's values are set: reset (parameters, and the circuit "
             "read again) or auto (the devices' numbers one by one, where that "
             "is known to be the same)."},
    {.name = "ladder",
     .type = TP_INT,
     .at = offsetof(struct settings, ladder),
     .def = TP_LADDER_MAX,
     .min = 0,
     .max = TP_LADDER_MAX,
     .text = "Rungs that may be climbed where a circuit does not converge: a "
             "cold start, more iterations, gmin stepping, source stepping, "
             "Gear's method, wider tolerances; 0: it has failed at once."},
    {.name = "warm",
     .type = TP_BOOL,
     .at = offsetof(struct settings, warm),
     .text = "Operating points are sought from that of the start values "
             "(--warm)."},
    {.name = "osdi",
     .type = TP_TEXT,
     .at = offsetof(struct settings, osdi),
     .text_def = "",
     .text = "Compiled models (OSDI, from ngspice 40 on) that are loaded, "
             "\"FILE:FILE\". They are programs: a deck can't name them."},
    {0},
};

/* ---- open, close --------------------------------------------------------- */

/* ngspice takes and gives back its matrices for every analysis: memory that is
   given back to the system each time costs a quarter of an AC analysis. */
static void keep_memory(void)
{
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 16 << 20);
}

static tp_status start_library(tp_ng *s, tp_err *err)
{
    static const char *const commands[] = {
        "set num_threads=1", /* OpenMP waits busily: 10 x slower when shared */
        "set ng_nomodcheck", "set no_mem_check",
        "optran 1 1 1 0 0 0", /* no operating points out of transients */
    };
    keep_memory();
    int bad = ngSpice_Init(on_line, NULL, on_exit_wanted, NULL, NULL,
                           on_background, NULL);
    if (bad) return tp_fail(err, TP_SIM, "ngspice does not start");
    for (int i = 0; i < TP_COUNT(commands); i++)
        if (!tp_ng_send(s, "%s", commands[i]))
            return tp_fail(err, TP_SIM, "ngspice refuses '%s'", commands[i]);
    return TP_OK;
}

/* The library reads ./.spiceinit as it starts: an empty one in a folder of
   its own hides the user's. The folder is removed at once and stays the
   working directory, in which nothing can be made any more. */
static tp_status settle_down(tp_ng *s, tp_err *err)
{
    char      folder[4000];
    tp_status bad = tp_private_folder(folder, sizeof folder, err);
    if (bad) return bad;
    if (chdir(folder))
        bad =
            tp_fail(err, TP_SIM, "can't go to %s: %s", folder, strerror(errno));
    nowhere = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    tp_words_clear(&s->words);
    if (!bad) bad = start_library(s, err);
    started = !bad;
    tp_private_remove(folder);
    return bad;
}

/* Once the library has started, a worker is confined: what it reads next comes
   from strangers. Neither is done a second time, for the next circuit. */
static tp_status move_in(tp_ng *s, const char *const *osdi, tp_err *err)
{
    bool again = started;
    if (again && fchdir(nowhere))
        return tp_fail(err, TP_SIM, "its folder: %s", strerror(errno));
    if (!again) TP_TRY(settle_down(s, err));
    s->version = tp_ng_ask_version(s);
    if (!again) lacks = tp_sandbox_worker(osdi);
    s->lacks = lacks;
    return tp_ng_load_osdi(s, osdi, err);
}

static tp_status open_ngspice(tp_sim *sim, tp_err *err)
{
    if (listener)
        return tp_fail(err, TP_SIM,
                       "ngspice is in use: there is one in a "
                       "process");
    const struct settings *set = sim->settings;
    const char            *osdi[TP_SANDBOX_FILES + 1] = {NULL};
    if (set)
        TP_TRY(tp_ng_osdi_paths(osdi, TP_SANDBOX_FILES, set->osdi, &sim->mem,
                                err));
    tp_ng *s = TP_NEW(&sim->mem, tp_ng, 1);
    s->home = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    s->ladder = set ? set->ladder : TP_LADDER_MAX;
    sim->state = s;
    listener = s;
    TP_TRY(move_in(s, osdi, err));
    sim->version =
        tp_ng_version_words((tp_str){s->text, s->text_len}, &sim->mem);
    return TP_OK;
}

static void close_ngspice(tp_sim *sim)
{
    tp_ng *s = sim->state;
    if (!s) return;
    if (s->loaded && !s->lost) {
        tp_ng_send(s, "destroy all");
        tp_ng_send(s, "remcirc");
        tp_ng_forget(s);
    }
    if (s->home >= 0) {
        int bad = fchdir(s->home);
        (void)bad; /* the folder may be gone: this one is as good */
        close(s->home);
    }
    if (listener == s) listener = NULL;
    sim->state = NULL;
}

/* ---- load -------------------------------------------------------- */

/* What it warned of while it read, and what its process is not kept from. */
static void take_notices(tp_sim *sim, tp_ng *s)
{
    int                  n;
    const tp_sim_notice *said =
        tp_warnings_take(&s->warnings, s->c->text, &n, &sim->mem);
    tp_sim_notice *all = TP_NEW(&sim->mem, tp_sim_notice, n + 2);
    for (int i = 0; i < n; i++) all[i] = said[i];
    if (s->lacks) all[n++].text = tp_str_of(tp_confine_words(s->lacks));
    tp_str cold = tp_ng_start_why(s);
    if (cold.len > 0) all[n++] = (tp_sim_notice){cold, TP_NOTICE_PLACED};
    sim->n_notice = n;
    sim->notice = all;
}

static tp_status load(tp_sim *sim, const tp_circuit *c, tp_err *err)
{
    tp_ng   *s = sim->state;
    tp_arena scratch = sim->mem;
    if (s->lost || s->loaded)
        return tp_fail(err, TP_SIM,
                       "ngspice holds a circuit already: one a "
                       "process");
    s->c = c;
    s->loaded = true;
    s->events = tp_ng_has_events(c->text);
    s->counted = -1;
    s->current = TP_NEW(&sim->mem, double, c->n_param);
    s->at = TP_NEW(&sim->mem, double, c->n_param);
    for (int i = 0; i < c->n_param; i++) s->current[i] = NAN;
    scratch = sim->mem;
    tp_words_clear(&s->words);
    if (c->behaviour.len > 0)
        tp_ng_send(s, "set ngbehavior=%.*s", TP_F(c->behaviour));
    s->reads = true;
    bool read = tp_ng_read_circuit(s, c->text, scratch);
    s->reads = false;
    if (read) {
        const struct settings *set = sim->settings;
        bool                   again = set && set->path == PATH_RESET;
        if (c->n_param > 0 && !again) tp_ng_dials_open(s, &sim->mem);
        if (set && set->warm) tp_ng_start_open(s, &sim->mem);
        take_notices(sim, s);
        if (!s->lost) return TP_OK;
    }
    s->lost = true;
    tp_str    why = tp_words_text(&s->words, TP_S(""), &scratch);
    tp_status bad = tp_fail(err, TP_BAD_INPUT, "ngspice: %.*s", TP_F(why));
    if (err) err->line = tp_words_line(&s->words, c->text);
    return bad;
}

/* ---- analyses ---------------------------------------------------- */

/* One run as it goes on. */
typedef struct job {
    tp_ng         *s;
    const double  *value;
    bool           counts; /* what each analysis spends */
    tp_gather      g;
    tp_arena      *mem;
    tp_sim_result *out;
} job;

static bool fail(job *j, tp_outcome how, tp_str why)
{
    j->out->how = how;
    j->out->why = why;
    return false;
}

/* Plots of the analyses before; what else makes some removes them. */
static void clear_plots(tp_ng *s)
{
    if (s->plots) tp_ng_send(s, "destroy all");
    s->plots = false;
}

tp_str tp_ng_analyse(tp_ng *s, tp_str command, tp_outcome *how, tp_arena *mem)
{
    tp_words_clear(&s->words);
    clear_plots(s);
    double before = tp_now();
    bool   sent = tp_ng_send(s, "%.*s", TP_F(command));
    s->floor += tp_now() - before;
    s->plots = true;
    s->stepped |= s->words.stepped;
    s->last[0] = '\0';
    if (sent) sent = tp_ng_send(s, "echo $sim_status");
    bool bad = strcmp(s->last, "0") != 0 || s->words.aborted;
    if (sent && !bad && !s->words.transient_op) return TP_S("");
    *how = tp_words_outcome(&s->words);
    s->step_failed = tp_words_step(&s->words);
    return tp_words_text(&s->words, command, mem);
}

static bool analyse(job *j, tp_str command)
{
    tp_outcome how = TP_RAN;
    tp_str     why = tp_ng_analyse(j->s, command, &how, j->mem);
    return why.len == 0 || fail(j, how, why);
}

/* Takes plot `kind`1 as plot `at` of the result. */
static bool take(job *j, tp_str kind, int at, int step, tp_str command)
{
    tp_arena later = *j->mem; /* later steps of a sweep are copied out of it */
    tp_plot  got;
    char     name[40];
    snprintf(name, sizeof name, "%.*s1", TP_F(kind));
    tp_str why = tp_ng_read_plot(&got, tp_str_of(name), kind,
                                 step > 0 ? &later : j->mem);
    if (why.len == 0) why = tp_gather_put(&j->g, at, step, &got);
    if (why.len == 0) return true;
    return fail(j, TP_SIM_FAILED,
                tp_str_fmt(j->mem, "%.*s: %.*s", TP_F(command), TP_F(why)));
}

/* Only `ac` keeps the operating point it starts from. */
static bool keeps_op(const tp_analysis *a)
{
    return tp_str_same(a->kind, TP_S("ac"));
}

static bool run_step(job *j, int i, int step)
{
    const tp_analysis *a = &j->s->c->analysis[i];
    tp_str             command;
    tp_err             err = {0};
    int                op = j->g.plot[i].op;
    if (j->s->counted < 0) tp_ng_count(j->s); /* from here on */
    if (tp_command_at(&command, j->s->c, i, j->value, j->mem, &err))
        return fail(j, TP_SIM_FAILED, tp_str_fmt(j->mem, "%s", err.msg));
    bool own_op = keeps_op(a) || tp_starts_own(a);
    if (op >= 0 && op != i && !own_op) {
        if (!analyse(j, TP_S("op"))) return false;
        if (!take(j, TP_S("op"), op, step, TP_S("op"))) return false;
    }
    if (!analyse(j, command)) return false;
    if (!take(j, tp_plot_kind(a), i, step, command)) return false;
    if (op >= 0 && tp_starts_own(a)) tp_gather_start_of(&j->g, i);
    if (op < 0 || op == i || !keeps_op(a)) return true;
    return take(j, TP_S("op"), op, step, command);
}

static bool run_analysis(job *j, int i)
{
    const tp_analysis *a = &j->s->c->analysis[i];
    bool               ok = true;
    for (int step = 0; ok && step < tp_steps(a); step++) {
        double v = a->sweep.kind ? a->sweep.value[step] : 0;
        if (!tp_ng_sweep_set(j->s, &a->sweep, v, *j->mem))
            ok = fail(j, TP_SIM_FAILED,
                      tp_words_text(&j->s->words, a->sweep.name, j->mem));
        if (ok) ok = run_step(j, i, step);
    }
    tp_words_clear(&j->s->words);
    return tp_ng_sweep_end(j->s, &a->sweep, *j->mem) && ok;
}

/* What follows the words of a failure: the rungs that did not help. */
static tp_str in_vain(const job *j, tp_str why, const tp_buf *tried)
{
    if (tried->len == 0) return why;
    return tp_str_fmt(j->mem, "%.*s (nor with %.*s)", TP_F(why),
                      TP_F(tp_buf_str(tried)));
}

/* Tries an analysis that did not converge again, rung after rung. */
static bool climb(job *j, int i)
{
    tp_ng *s = j->s;
    tp_str why = j->out->why;
    tp_buf tried = {.mem = j->mem};
    bool   step = s->step_failed, ok = false;
    int    k = tp_ladder_next(s, 0, step);
    while (!ok && !s->lost && k >= 0 && j->out->how == TP_NO_CONVERGENCE) {
        const tp_rung *rung = tp_ladder(k);
        s->options = rung->options[0] ? rung->options : NULL;
        j->out->how = TP_RAN;
        tp_words_clear(&s->words);
        ok = tp_ng_again(s, j->value) && run_analysis(j, i);
        if (ok && tp_ladder_changes(k)) j->out->rung = tp_str_of(rung->name);
        if (!ok) tp_buf_fmt(&tried, "%s%s", tried.len ? ", " : "", rung->name);
        k = tp_ladder_next(s, k + 1, step);
    }
    s->dirty |= s->options != NULL;
    s->options = NULL;
    j->out->why = ok ? TP_S("") : in_vain(j, why, &tried);
    return ok;
}

/* The parameters as in j->value, everything else as in the deck. */
static bool set_values(job *j)
{
    tp_ng    *s = j->s;
    tp_str    why = TP_S("");
    tp_ng_set how = TP_NG_LOST;
    if (!tp_ng_saves_back(s))
        how = TP_NG_LOST;
    else if (s->dials)
        how = tp_ng_dials_set(s, j->value, &why, j->mem);
    else if (tp_ng_set_params(s, j->value))
        how = TP_NG_SET;
    if (how == TP_NG_SET) return true;
    if (how == TP_NG_NO_BIN) return fail(j, TP_SIM_FAILED, why);
    s->lost = true; /* the circuit can't be read so */
    return fail(j, TP_SIM_FAILED,
                tp_words_text(&s->words, TP_S("reset"), j->mem));
}

static bool run_all(job *j, const bool *want)
{
    tp_ng *s = j->s;
    int   *spent = NULL;
    if (j->counts) spent = TP_NEW(j->mem, int, s->c->n_analysis);
    j->out->spent = spent;
    for (int i = 0; i < s->c->n_analysis; i++) {
        if (want && !want[i]) continue;
        tp_words_clear(&s->words);
        if (!set_values(j)) return false;
        int  before = s->iterations;
        bool ok = run_analysis(j, i) || climb(j, i);
        s->dirty |= s->events;
        if (spent) tp_ng_count(s);
        if (spent) spent[i] = s->iterations - before;
        if (!ok) return false;
    }
    return true;
}

/* All of it; s->stepped then says whether an operating point was found by gmin
   or source stepping. */
static bool run_through(job *j, const bool *want)
{
    tp_ng *s = j->s;
    s->warm = s->stepped = false;
    s->iterations = 0;
    tp_gather_start(&j->g, s->c, want, j->mem);
    return run_all(j, want);
}

/* ---- from a start value ------------------------------------------ */

/* The circuit as it is read, with or without the values that its operating
   point is sought from; then at j->value. */
static bool take_start(job *j, bool warm)
{
    if (tp_ng_start_use(j->s, warm, *j->mem)) return true;
    j->s->lost = true;
    return fail(j, TP_SIM_FAILED,
                tp_words_text(&j->s->words, TP_S("reading"), j->mem));
}

/* Whether a cold start finds the same: the circuit is read again for it. What
   has no operating point that way is not another one. */
static bool is_same_cold(job *j)
{
    tp_ng         *s = j->s;
    tp_ng_voltages warm, cold;
    if (!tp_ng_start_find(s, &warm, j->mem) || !take_start(j, false) ||
        !set_values(j))
        return !s->lost;
    if (!tp_ng_start_find(s, &cold, j->mem)) return !s->lost;
    j->out->second = tp_ng_start_differs(s, &warm, &cold, j->mem);
    return j->out->second.len == 0;
}

/* Warm where that is wanted and leads to what a cold start leads to. */
static bool run_once(job *j, const bool *want, tp_warmth how)
{
    tp_ng *s = j->s;
    int    ladder = s->ladder;
    bool   warm = tp_ng_start_is_usable(s) && how != TP_COLD;
    if (tp_ng_start_is_usable(s) && !take_start(j, warm)) return false;
    if (!warm) return run_through(j, want);
    s->ladder = 0;
    bool ok = run_through(j, want) && !s->stepped;
    s->ladder = ladder;
    tp_ng_count(s);
    int own = s->iterations; /* without those of the comparison */
    j->out->warm = ok && (how != TP_COMPARED || is_same_cold(j));
    if (j->out->warm) s->counted = -1;
    s->iterations = own;
    if (j->out->warm || s->lost) return ok;
    *j->out = (tp_sim_result){
        .how = TP_RAN, .why = TP_S(""), .second = j->out->second};
    return take_start(j, false) && run_through(j, want);
}

static bool are_finite(job *j)
{
    for (int i = 0; i < j->s->c->n_param; i++)
        if (!isfinite(j->value[i]))
            return fail(j, TP_SIM_FAILED,
                        tp_str_fmt(j->mem, "%.*s: %g is not a finite number",
                                   TP_F(j->s->c->param[i]), j->value[i]));
    return true;
}

static tp_status begin(job *j, tp_err *err)
{
    *j->out = (tp_sim_result){.how = TP_RAN, .why = TP_S("")};
    if (j->s->loaded && !j->s->lost) return TP_OK;
    return tp_fail(err, TP_SIM, "ngspice has no circuit any more");
}

static tp_status run(tp_sim *sim, const double *value, const bool *want,
                     tp_arena *mem, tp_sim_result *out, tp_err *err)
{
    tp_ng *s = sim->state;
    double start = tp_now();
    job    j = {
           .s = s, .value = value, .counts = sim->counts, .mem = mem, .out = out};
    TP_TRY(begin(&j, err));
    if (!are_finite(&j)) return TP_OK;
    s->floor = 0;
    if (run_once(&j, want, sim->warmth))
        out->waves = (tp_waves){.n = j.g.n, .plot = j.g.plot};
    if (s->lost) return tp_fail(err, TP_SIM, "ngspice: %.*s", TP_F(out->why));
    tp_ng_count(s);
    clear_plots(s);
    tp_ng_forget(s);
    out->iterations = s->iterations;
    out->seconds = s->floor;
    out->setup_seconds = tp_now() - start - s->floor;
    return TP_OK;
}

/* For commands. Without dials it is read again for every point, also for the
   same one: what commands find is then what they find in a fresh program. */
static tp_status set(tp_sim *sim, const double *value, tp_arena *mem,
                     tp_sim_result *out, tp_err *err)
{
    tp_ng    *s = sim->state;
    job       j = {.s = s, .value = value, .mem = mem, .out = out};
    tp_status bad = begin(&j, err);
    sim->doubts = s->analysed = false;
    if (bad || !are_finite(&j)) return bad;
    tp_words_clear(&s->words);
    s->dirty |= !tp_ng_dials_command(s);
    s->warm = false;
    memcpy(s->at, value, (size_t)s->c->n_param * sizeof *s->at);
    if (take_start(&j, false)) set_values(&j);
    if (s->lost) return tp_fail(err, TP_SIM, "ngspice: %.*s", TP_F(out->why));
    tp_ng_forget(s);
    return TP_OK;
}

const tp_sim_ops tp_sim_ngspice = {
    .name = "ngspice",
    .summary = "libngspice in the worker's own process",
    .settings_size = sizeof(struct settings),
    .params = params,
    .pruned = true,
    .apart = true,
    .open = open_ngspice,
    .load = load,
    .run = run,
    .close = close_ngspice,
    .command = tp_ng_command,
    .query = tp_ng_query,
    .set = set,
};
