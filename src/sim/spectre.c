/* spectre: Cadence Spectre as a program of its own, a fresh one for every
   point: the netlist with the values in its `parameters`, our analyses behind
   it, results from the raw folder. It was written against the published forms
   of its files and messages and tried with a stand-in (test/standin/spectre);
   the program itself could not be had. */
#include "sim/spectre.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LOG_MAX = 4 << 20 };

struct settings {
    tp_str binary, options, completion;
    int    format, retries;
    double seconds, licence_wait, backoff;
};

static const char *const formats[] = {"psfascii", "nutascii", "nutbin", NULL};

static const tp_param params[] = {
    {.name = "binary",
     .type = TP_TEXT,
     .at = offsetof(struct settings, binary),
     .text_def = "",
     .text = "The program; else VB_SPECTRE_BIN, VB_SPECTRE_CMD, `spectre`."},
    {.name = "options",
     .type = TP_TEXT,
     .at = offsetof(struct settings, options),
     .text_def = "",
     .text = "More arguments, as \"+aps\"; those of VB_SPECTRE_ARGS come "
             "before."},
    {.name = "completion",
     .type = TP_TEXT,
     .at = offsetof(struct settings, completion),
     .text_def = "",
     .text = "Words of the log when all went well; else "
             "VB_SPECTRE_COMPLETION_PATTERN, `completes with 0 errors`."},
    {.name = "format",
     .type = TP_CHOICE,
     .at = offsetof(struct settings, format),
     .choices = formats,
     .text = "The form of its results."},
    {.name = "seconds",
     .type = TP_REAL,
     .at = offsetof(struct settings, seconds),
     .def = 0,
     .min = 0,
     .max = 1e6,
     .unit = "s",
     .text = "Wall clock of one run, without waiting for a licence again; then "
             "its whole process group is killed. 0: VB_TIMEOUT, else 600."},
    {.name = "licence_wait",
     .type = TP_REAL,
     .at = offsetof(struct settings, licence_wait),
     .def = 900,
     .min = 0,
     .max = 1e6,
     .unit = "s",
     .text = "How long Spectre itself waits in the licence queue."},
    {.name = "retries",
     .type = TP_INT,
     .at = offsetof(struct settings, retries),
     .def = 3,
     .min = 0,
     .max = 100,
     .text = "Further attempts when there was no licence."},
    {.name = "backoff",
     .type = TP_REAL,
     .at = offsetof(struct settings, backoff),
     .def = 5,
     .min = 0,
     .max = 3600,
     .unit = "s",
     .text = "The pause before the first of them; it doubles each time."},
    {0},
};

typedef struct job {
    const struct settings *set;
    const tp_circuit      *c;
    char                   folder[4000];
    int                    program; /* index of its word */
    tp_arena              *mem;
    tp_sim_result         *out;
} job;

static bool fail(job *j, tp_outcome how, tp_str why)
{
    j->out->how = how;
    j->out->why = why;
    return false;
}

static char *path_in(const job *j, const char *name)
{
    return tp_str_z(j->mem, tp_str_fmt(j->mem, "%s/%s", j->folder, name));
}

/* ---- the command line -------------------------------------------------- */

/* The setting, else the first of these variables that is set, else `def`. */
static tp_str from_environment(tp_str set, const char *const *name,
                               const char *def)
{
    if (set.len > 0) return set;
    for (; *name; name++) {
        tp_str v = tp_str_of(getenv(*name));
        if (v.len > 0) return v;
    }
    return tp_str_of(def);
}

static bool add_words(tp_argv *l, tp_str text, const char *what, job *j)
{
    char **word = NULL;
    int    n = 0;
    tp_err err = {0};
    if (tp_argument_words(&word, &n, text, l->mem, &err))
        return fail(j, TP_SIM_FAILED,
                    tp_str_fmt(j->mem, "%s: %s", what, err.msg));
    for (int i = 0; i < n; i++) tp_argv_add(l, tp_str_of(word[i]));
    return true;
}

/* A program that needs what a csh file sets is started by csh: the text that
   csh reads is this one, whatever the words are, which it only passes on
   (tried with bsd-csh and tcsh). */
static bool shell(tp_argv *l, job *j)
{
    tp_str file = tp_str_of(getenv("VB_CADENCE_CSHRC"));
    if (file.len == 0) return true;
    if (access(tp_str_z(l->mem, file), R_OK))
        return fail(j, TP_SIM_FAILED,
                    tp_str_fmt(j->mem, "VB_CADENCE_CSHRC: can't read %.*s",
                               TP_F(file)));
    tp_argv_add(l, TP_S("csh"));
    tp_argv_add(l, TP_S("-f"));
    tp_argv_add(l, TP_S("-c"));
    tp_argv_add(l, TP_S("source \"$argv[1]\"; shift; exec $argv:q"));
    tp_argv_add(l, tp_path_absolute(file, l->mem));
    return true;
}

/* As vcli and its sister project start it. */
static bool arguments(tp_argv *l, job *j)
{
    static const char *const program[] = {"VB_SPECTRE_BIN", "VB_SPECTRE_CMD",
                                          NULL};
    const struct settings   *set = j->set;
    if (!shell(l, j)) return false;
    j->program = l->n;
    tp_argv_add(l, from_environment(set->binary, program, "spectre"));
    tp_argv_add(l, TP_S("-64"));
    tp_argv_add(l, TP_S("input.scs"));
    tp_argv_add(l, TP_S("+escchars"));
    tp_argv_add(l, TP_S("+log"));
    tp_argv_add(l, TP_S("spectre.out"));
    tp_argv_add(l, TP_S("-format"));
    tp_argv_add(l, tp_str_of(formats[set->format]));
    tp_argv_add(l, TP_S("-raw"));
    tp_argv_add(l, TP_S("raw"));
    tp_argv_add(l, TP_S("+lqtimeout"));
    tp_argv_add(l, tp_str_fmt(l->mem, "%.0f", set->licence_wait));
    if (!add_words(l, TP_S("-maxw 5 -maxn 5 +logstatus"), "", j) ||
        !add_words(l, tp_str_of(getenv("VB_SPECTRE_ARGS")), "VB_SPECTRE_ARGS",
                   j) ||
        !add_words(l, set->options, "options", j))
        return false;
    tp_argv_end(l);
    return true;
}

/* ---- one attempt ------------------------------------------------------- */

/* The log, or what came on the screen where there is none. */
static tp_str read_log(const job *j)
{
    static const char *const names[] = {"spectre.out", "screen.txt"};
    tp_str                   text = {"", 0};
    for (int i = 0; i < TP_COUNT(names) && tp_str_trim(text).len == 0; i++)
        if (tp_file_read(&text, path_in(j, names[i]), LOG_MAX, j->mem, NULL))
            text = TP_S("");
    return text;
}

static bool judge(job *j, const tp_process *p, const tp_process_end *end,
                  bool *again)
{
    static const char *const words[] = {"VB_SPECTRE_COMPLETION_PATTERN", NULL};
    tp_str                   why, how = tp_process_words(end, p, j->mem);
    tp_str                   completion =
        from_environment(j->set->completion, words, "completes with 0 errors");
    tp_spectre_verdict v =
        tp_spectre_judge(read_log(j), completion, &why, j->mem);
    if (end->error) return fail(j, TP_DIED, how);
    if (!end->in_time) return fail(j, TP_TIMED_OUT, how);
    if (end->by_signal)
        return fail(j, TP_DIED,
                    tp_str_fmt(j->mem, "%.*s; %.*s", TP_F(how), TP_F(why)));
    switch (v) {
    case TP_SPECTRE_RAN: return end->status == 0 || fail(j, TP_SIM_FAILED, how);
    case TP_SPECTRE_NO_CONVERGENCE: return fail(j, TP_NO_CONVERGENCE, why);
    case TP_SPECTRE_NO_LICENCE:
        *again = true;
        return fail(j, TP_SIM_FAILED, why);
    case TP_SPECTRE_FAILED: return fail(j, TP_SIM_FAILED, why);
    case TP_SPECTRE_UNFINISHED: break;
    }
    return fail(j, TP_SIM_FAILED,
                how.len > 0
                    ? tp_str_fmt(j->mem, "%.*s; %.*s", TP_F(how), TP_F(why))
                    : why);
}

/* A number of the environment, `def` where it is not set. */
static tp_status number_of(double *out, const char *name, double def,
                           tp_err *err)
{
    tp_str text = tp_str_trim(tp_str_of(getenv(name)));
    *out = def;
    if (text.len == 0) return TP_OK;
    if (tp_number_all(text, out) && *out > 0 && *out <= 1e6) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT,
                   "%s: '%.*s', where a number above 0 is expected", name,
                   TP_F(text));
}

static bool seconds_of(job *j, double *out)
{
    tp_err err = {0};
    *out = j->set->seconds;
    if (*out > 0 || !number_of(out, "VB_TIMEOUT", 600, &err)) return true;
    return fail(j, TP_SIM_FAILED, tp_str_fmt(j->mem, "%s", err.msg));
}

static tp_status at_most(int *out, tp_err *err)
{
    double n = 0;
    TP_TRY(number_of(&n, "VB_SPECTRE_MAX_WORKERS", 0, err));
    *out = (int)ceil(n);
    return TP_OK;
}

static bool attempt(job *j, bool *again)
{
    tp_argv        l = {.mem = j->mem};
    tp_process_end end;
    double         seconds;
    *again = false;
    unlink(path_in(j, "spectre.out"));
    unlink(path_in(j, "screen.txt"));
    if (!seconds_of(j, &seconds) || !arguments(&l, j)) return false;
    tp_process p = {.name = tp_str_of(l.word[j->program]),
                    .argv = l.word,
                    .folder = j->folder,
                    .out = "screen.txt",
                    .log = "screen.txt",
                    .seconds = seconds,
                    .may_stop = true};
    tp_process_run(&end, &p, *j->mem);
    j->out->seconds += end.cpu; /* its analyses can't be told apart */
    return judge(j, &p, &end, again);
}

static void pause_for(double seconds)
{
    struct timespec t = {.tv_sec = (time_t)seconds};
    t.tv_nsec = (long)(1e9 * (seconds - floor(seconds)));
    nanosleep(&t, NULL);
}

static bool simulate(job *j)
{
    bool   again = false;
    double pause = j->set->backoff;
    for (int i = 0; !attempt(j, &again); i++, pause *= 2) {
        if (!again) return false;
        if (i == j->set->retries)
            return fail(j, TP_SIM_FAILED,
                        tp_str_fmt(j->mem, "no licence in %d attempts: %.*s",
                                   i + 1, TP_F(j->out->why)));
        pause_for(fmin(pause, 3600));
    }
    j->out->how = TP_RAN;
    j->out->why = TP_S("");
    return true;
}

static bool write_input(job *j, const double *value, const bool *want)
{
    tp_err err = {0};
    tp_buf b = {.mem = j->mem};
    tp_buf_add(&b, tp_spectre_text(j->c, value, j->mem));
    tp_str why = tp_spectre_analyses(&b, j->c, want, j->mem);
    if (why.len > 0) return fail(j, TP_SIM_FAILED, why);
    if (tp_file_write(path_in(j, "input.scs"), tp_buf_str(&b), &err) == TP_OK)
        return true;
    return fail(j, TP_DIED, tp_str_fmt(j->mem, "%s", err.msg));
}

static tp_status run(tp_sim *sim, const double *value, const bool *want,
                     tp_arena *mem, tp_sim_result *out, tp_err *err)
{
    job       j = {.set = sim->settings, .mem = mem, .out = out};
    tp_gather g;
    double    begun = tp_now();
    *out = (tp_sim_result){.how = TP_RAN, .why = TP_S("")};
    TP_TRY(tp_kept(&j.c, sim, err));
    TP_TRY(tp_private_folder(j.folder, sizeof j.folder, err));
    tp_gather_start(&g, j.c, want, mem);
    if (write_input(&j, value, want) && simulate(&j)) {
        tp_raw_format format = (tp_raw_format)j.set->format;
        tp_str why = tp_spectre_plots(&g, want, path_in(&j, "raw"), format);
        if (why.len > 0) fail(&j, TP_SIM_FAILED, why);
    }
    if (out->how == TP_RAN) out->waves = (tp_waves){.n = g.n, .plot = g.plot};
    tp_private_remove(j.folder);
    out->setup_seconds = tp_now() - begun;
    return TP_OK;
}

const tp_sim_ops tp_sim_spectre = {
    .name = "spectre",
    .summary = "Cadence Spectre, a fresh one for every point",
    .settings_size = sizeof(struct settings),
    .params = params,
    .at_most = at_most,
    .open = tp_kept_open,
    .load = tp_kept_load,
    .run = run,
    .close = tp_kept_close,
};
