/* The flags of all commands and how a command line is read. */
#include "cli/cli.h"

#include "expr/expr.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AT(field) offsetof(options, field)

static const flag own[] = {
    {.row = {.name = "alg",
             .type = TP_TEXT,
             .at = AT(run.method),
             .text = "The same as --method (the deck's word for it)."},
     .arg = "NAME",
     .same_as = "method"},
    {.row = {.name = "iterlim",
             .type = TP_INT,
             .at = AT(run.max_trials),
             .max = 2147483647,
             .text = "The same as --max-trials (the deck's word for it)."},
     .arg = "N",
     .same_as = "max-trials"},
    {.row = {.name = "store",
             .type = TP_TEXT,
             .at = AT(store),
             .text_def = "",
             .text = "The file that keeps the runs; TRIMPOT_STORE, else "
                     "trimpot.db."},
     .arg = "FILE"},
    {.row = {.name = "out",
             .type = TP_TEXT,
             .at = AT(out),
             .text_def = "",
             .text = "Folder for files; of `run`: the deck's own folder when "
                     "not given."},
     .arg = "DIR"},
    {.row = {.name = "from",
             .type = TP_TEXT,
             .at = AT(from),
             .text_def = "",
             .text = "An earlier run, or the history file of one, whose trials "
                     "the method is told before it begins (bo, RANDOM_SEARCH, "
                     "cmaes, lshade); variables, corners and measures are "
                     "matched by name."},
     .arg = "RUN"},
    {.row = {.name = "write-deck",
             .type = TP_TEXT,
             .at = AT(write_deck),
             .text_def = "",
             .text = "Write the deck with the best values as start values."},
     .arg = "FILE"},
    {.row = {.name = "write-deck-as",
             .type = TP_TEXT,
             .at = AT(write_deck_as),
             .text_def = "",
             .text = "Its dialect: \"own\" (byte for byte but for the values) "
                     "or \"ngspice\" (for plain `ngspice -b`)."},
     .arg = "DIALECT"},
    {.row = {.name = "engine",
             .type = TP_BOOL,
             .at = AT(engine),
             .text = "Say first how the decks are simulated: what is left out "
                     "of them, and how values are set."}},
    {.row = {.name = "progress",
             .type = TP_BOOL,
             .at = AT(progress),
             .text = "One line per trial, as show_progress in the deck."}},
    {.row = {.name = "no-proof",
             .type = TP_BOOL,
             .at = AT(no_proof),
             .text = "Leave the final check by a fresh ngspice out."}},
    {.row = {.name = "no-history",
             .type = TP_BOOL,
             .at = AT(no_history),
             .text = "Leave the history file of a problem file's run out."}},
    {.row = {.name = "csv",
             .type = TP_BOOL,
             .at = AT(csv),
             .text = "As comma-separated values, one line a trial."}},
    {.row = {.name = "sxopt",
             .type = TP_BOOL,
             .at = AT(sxopt),
             .text = "As an .sxopt results file."}},
    {.row = {.name = "history",
             .type = TP_BOOL,
             .at = AT(history),
             .text = "As the history file of a problem file's run."}},
    {.row = {.name = "dialect",
             .type = TP_CHOICE,
             .at = AT(dialect),
             .choices = tp_dialect_names,
             .text = "Whose measurement language: simetrix, nutmeg or ocean."},
     .arg = "NAME"},
    {.row = {.name = "points",
             .type = TP_INT,
             .at = AT(points),
             .def = 10,
             .min = 0,
             .max = 100000,
             .text = "Random points that are checked beside the start values."},
     .arg = "K"},
    {.row = {.name = "trial",
             .type = TP_INT,
             .at = AT(trial),
             .min = 1,
             .max = 2147483647,
             .text = "Which trial of the run; the best one when not given."},
     .arg = "N"},
    {.row = {.name = "phase",
             .type = TP_INT,
             .at = AT(run.phase),
             .max = 1000,
             .text =
                 "The phase whose corners are simulated; the first when not "
                 "given."},
     .arg = "N"},
    {.row = {.name = "raw",
             .type = TP_TEXT,
             .at = AT(raw),
             .text_def = "",
             .text =
                 "Measure the plots of this raw file, which a replayed deck "
                 "wrote, and simulate nothing; {deck} in it is the number "
                 "of the deck where there are several."},
     .arg = "FILE"},
    {.row = {.name = "vary",
             .type = TP_TEXT,
             .at = AT(vary),
             .text_def = "",
             .text = "What random points move: a parameter, or a number on a "
                     "device's card like x1.xm1[w]; without it everything by "
                     "up to 20 %."},
     .arg = "NAME=LO:HI",
     .repeat = ","},
    {.row = {.name = "json",
             .type = TP_BOOL,
             .at = AT(json),
             .text = "Exactly one JSON object on standard output."}},
};

static const flag help_flag = {.row = {.name = "help",
                                       .type = TP_BOOL,
                                       .at = AT(help),
                                       .text = "Explain the command."}};

/* How rows of the run's settings are written as flags. */
static const flag shape[] = {
    {.row = {.name = "method"}, .arg = "NAME[,SETTING=VALUE...]"},
    {.row = {.name = "simulator"}, .arg = "NAME[,SETTING=VALUE...]"},
    {.row = {.name = "exec"}, .arg = "NAME[,SETTING=VALUE...]"},
    {.row = {.name = "include-dir"}, .arg = "DIR", .repeat = ":"},
    {.row = {.name = "set"}, .arg = "VAR=VALUE", .repeat = ","},
    {.row = {.name = "lin"},
     .arg = "VAR",
     .repeat = ",",
     .maybe = true,
     .bare = "all"},
};

enum { MAX_FLAGS = 128 };

static flag of_setting(const tp_param *p)
{
    flag f = {.arg = p->type == TP_TEXT   ? "NAME"
                     : p->type == TP_REAL ? "X"
                     : p->type == TP_BOOL ? NULL
                                          : "N"};
    for (int i = 0; i < TP_COUNT(shape); i++)
        if (!strcmp(shape[i].row.name, p->name)) f = shape[i];
    f.row = *p;
    f.row.at += AT(run);
    return f;
}

const flag *flag_at(int i)
{
    static flag all[MAX_FLAGS]; /* made once from the tables */
    if (!all[0].row.name) {
        int n = 0;
        for (const tp_param *p = tp_run_params; p->name; p++)
            all[n++] = of_setting(p);
        for (int k = 0; k < TP_COUNT(own); k++) all[n++] = own[k];
        for (const flag *f = gmid_flags; f->row.name; f++) all[n++] = *f;
        for (const flag *f = mind_flags; f->row.name; f++) all[n++] = *f;
        all[n++] = help_flag;
    }
    return &all[i];
}

const flag *flag_find(tp_str name)
{
    for (int i = 0; flag_at(i)->row.name; i++)
        if (tp_str_eq(tp_str_of(flag_at(i)->row.name), name)) return flag_at(i);
    return NULL;
}

bool command_takes(const command *c, const char *flag_name)
{
    tp_str list = tp_str_of(c->flags), want = tp_str_of(flag_name);
    for (tp_str w = tp_str_word(&list, " "); w.len; w = tp_str_word(&list, " "))
        if (tp_str_eq(w, want)) return true;
    return false;
}

static tp_status unknown(session *s, tp_str name, tp_err *err)
{
    tp_str known[MAX_FLAGS];
    int    n = 0;
    for (int i = 0; flag_at(i)->row.name; i++)
        if (command_takes(s->command, flag_at(i)->row.name))
            known[n++] = tp_str_of(flag_at(i)->row.name);
    tp_str hint = tp_did_you_mean(&s->mem, name, known, n);
    return tp_fail(err, TP_BAD_INPUT, "%s takes no flag --%.*s%.*s",
                   s->command->name, TP_F(name), TP_F(hint));
}

/* The row's set() on the options struct, under its own name. */
static tp_status assign(session *s, const flag *f, tp_str value, tp_err *err)
{
    tp_param one[2] = {f->row, {0}};
    tp_str  *text = (tp_str *)(void *)((char *)&s->opt + f->row.at);
    if (f->repeat && text->len)
        value = tp_str_fmt(&s->mem, "%.*s%s%.*s", TP_F(*text), f->repeat,
                           TP_F(value));
    tp_status st = tp_params_set(one, &s->opt, tp_str_of(f->row.name), value,
                                 &s->mem, err);
    return st ? tp_while(err, "--%s", f->row.name) : TP_OK;
}

/* Reading state: the words. */
typedef struct reader {
    int    n, at;
    char **word;
} reader;

/* Whether the next word is the value of a flag whose value may be missing:
   neither a flag nor a file, which is the command's argument. */
static bool has_value(const reader *r)
{
    if (r->at >= r->n || r->word[r->at][0] == '-') return false;
    return access(r->word[r->at], F_OK) != 0;
}

static tp_status read_flag(session *s, reader *r, tp_err *err)
{
    tp_str      w = tp_str_from(tp_str_of(r->word[r->at++]), 2);
    ptrdiff_t   eq = tp_str_find(w, '=', 0);
    tp_str      name = eq < 0 ? w : tp_str_part(w, 0, eq);
    const flag *f = flag_find(name);
    if (!f || !command_takes(s->command, f->row.name))
        return unknown(s, name, err);
    if (eq >= 0) return assign(s, f, tp_str_from(w, eq + 1), err);
    if (!f->arg) return assign(s, f, TP_S("true"), err);
    if (f->maybe && !has_value(r)) return assign(s, f, tp_str_of(f->bare), err);
    if (r->at >= r->n)
        return tp_fail(err, TP_BAD_INPUT, "--%s needs a value: --%s %s",
                       f->row.name, f->row.name, f->arg);
    return assign(s, f, tp_str_of(r->word[r->at++]), err);
}

static tp_status count_arguments(const session *s, tp_err *err)
{
    const command *c = s->command;
    if (s->opt.help) return TP_OK;
    if (s->opt.n_arg < c->min_args)
        return tp_fail(err, TP_BAD_INPUT, "%s needs %s: trimpot %s %s", c->name,
                       c->args, c->name, c->args);
    if (s->opt.n_arg > c->max_args)
        return tp_fail(err, TP_BAD_INPUT, "%s takes no argument '%.*s'",
                       c->name, TP_F(s->opt.arg[c->max_args]));
    return TP_OK;
}

/* One word of the command line; *plain: `--` was met. */
static tp_status read_word(session *s, reader *r, bool *plain, tp_err *err)
{
    const char *w = r->word[r->at];
    bool        dash = !*plain && w[0] == '-' && w[1];
    if (dash && w[1] == '-' && w[2]) return read_flag(s, r, err);
    r->at++;
    if (dash && w[1] == '-') {
        *plain = true;
    } else if (dash && !strcmp(w, "-h")) {
        s->opt.help = true;
    } else if (dash) {
        return tp_fail(err, TP_BAD_INPUT, "unknown flag '%s'", w);
    } else if (s->opt.n_arg == MAX_ARGUMENTS) {
        return tp_fail(err, TP_BAD_INPUT, "too many arguments");
    } else {
        s->opt.arg[s->opt.n_arg++] = tp_str_of(w);
    }
    return TP_OK;
}

/* Numbers of commands' own flags; everything else of theirs begins as 0. */
static void own_defaults(options *o, const flag *f, int n)
{
    for (; n > 0 && f->row.name; n--, f++) {
        void *at = (char *)o + f->row.at;
        if (f->same_as) continue;
        if (f->row.type == TP_INT) *(int *)at = (int)f->row.def;
        if (f->row.type == TP_REAL) *(double *)at = f->row.def;
    }
}

/* What decks may name: flag and environment, as paths from the root, as a run
   may be gone on with from another folder. What the user names has to be. */
static tp_status find_includes(session *s, tp_err *err)
{
    const char *env = getenv("TRIMPOT_INCLUDE_PATH");
    tp_str      given = s->opt.run.include_dir, list = given;
    tp_buf      all = {.mem = &s->mem};
    for (tp_str w; (w = tp_str_word(&list, ":")).len > 0;)
        if (access(tp_str_z(&s->mem, w), F_OK) != 0)
            return tp_fail(err, TP_BAD_INPUT,
                           "--include-dir: there is no '%.*s'", TP_F(w));
    list = tp_str_fmt(&s->mem, "%.*s:%s", TP_F(given), env ? env : "");
    for (tp_str w; (w = tp_str_word(&list, ":")).len > 0;)
        tp_buf_fmt(&all, "%s%.*s", all.len ? ":" : "",
                   TP_F(tp_path_absolute(w, &s->mem)));
    s->opt.run.include_dir = all.len ? tp_buf_str(&all) : TP_S("");
    s->reach = tp_reach_of(s->opt.run.include_dir, &s->mem);
    s->disk.disk = &s->reach;
    return TP_OK;
}

/* Where notes of model libraries are kept; NULL: nowhere. */
static const char *cache_folder(tp_arena *mem)
{
    const char *set = getenv("TRIMPOT_CACHE"), *home = getenv("HOME");
    const char *xdg = getenv("XDG_CACHE_HOME");
    if (set) return *set ? set : NULL;
    if (xdg && *xdg == '/')
        return tp_str_z(mem, tp_str_fmt(mem, "%s/trimpot", xdg));
    if (!home || *home != '/') return NULL;
    return tp_str_z(mem, tp_str_fmt(mem, "%s/.cache/trimpot", home));
}

tp_status options_parse(session *s, int n, char **word, tp_err *err)
{
    reader r = {.n = n, .word = word};
    bool   plain = false;
    tp_params_default(tp_run_params, &s->opt.run);
    own_defaults(&s->opt, own, TP_COUNT(own));
    own_defaults(&s->opt, mind_flags, INT_MAX);
    while (r.at < r.n) TP_TRY(read_word(s, &r, &plain, err));
    TP_TRY(find_includes(s, err));
    s->disk.cache = cache_folder(&s->mem);
    return count_arguments(s, err);
}
