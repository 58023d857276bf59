/* trimpot spice: Nutmeg at a prompt, with line editing, history and completion
   by libedit; or from standard input. */
#include "cli/cli.h"
#include "cli/script.h"

#include <editline/readline.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_COMPLETIONS = 200 };

/* libedit calls back without a place for ours: one prompt per process. */
static struct {
    tp_session  *session;
    tp_arena     mem;
    tp_str       name[MAX_COMPLETIONS];
    int          n, next;
    volatile int stop; /* Ctrl-C, until the next line */
} prompt;

static char *next_completion(const char *beginning, int state)
{
    if (!state) {
        prompt.next = 0;
        tp_arena mem = prompt.mem;
        prompt.n = tp_session_complete(prompt.session, tp_str_of(beginning),
                                       prompt.name, MAX_COMPLETIONS, &mem);
    }
    if (prompt.next >= prompt.n) return NULL;
    tp_str s = prompt.name[prompt.next++];
    return strndup(s.at, (size_t)s.len);
}

static char **complete(const char *text, int start, int end)
{
    (void)start;
    (void)end;
    return rl_completion_matches(text, next_completion);
}

/* Ends the command that runs: both calls only set flags. */
static void on_interrupt(int sig)
{
    (void)sig;
    prompt.stop = 1;
    /* NOLINTNEXTLINE(bugprone-signal-handler) */
    if (prompt.session) tp_session_interrupt(prompt.session);
}

/* The next line in `mem`; false at the end of the input. */
static bool read_line(bool tty, int number, bool *more, tp_str *line,
                      tp_arena *mem)
{
    char   text[40], *got = NULL;
    size_t cap = 0;
    if (tty) {
        snprintf(text, sizeof text, *more ? "%*s> " : "trimpot %d -> ",
                 *more ? 10 : number, "");
        prompt.stop = 0;
        got = readline(text);
        if (!isatty(STDIN_FILENO)) { /* the terminal is gone */
            free(got);
            return false;
        }
        if (!got && prompt.stop) { /* Ctrl-C: line and block are given up */
            fputc('\n', stdout);
            tp_session_give_up(prompt.session);
            *more = false;
            *line = TP_S("");
            return true;
        }
        if (got && *got) add_history(got);
    } else if (getline(&got, &cap, stdin) < 0) {
        free(got);
        return false;
    }
    if (got) *line = tp_str_copy(mem, tp_str_of(got));
    bool there = got != NULL;
    free(got);
    return there;
}

static void print_part(void *with, tp_str text)
{
    (void)with;
    print(text);
    fflush(stdout);
}

static void print_warning(void *with, tp_str text)
{
    (void)with;
    say("%.*s", TP_F(text));
}

static void print_file(void *with, tp_str path)
{
    (void)with;
    say("wrote %.*s", TP_F(path));
}

static void print_aside(void *with, tp_str text)
{
    (void)with;
    fprintf(stderr, "%.*s", TP_F(text));
}

tp_status script_setup(session *s, tp_session_setup *out, tp_err *err)
{
    *out = (tp_session_setup){.folder = s->opt.out,
                              .name = TP_S("spice"),
                              .path = TP_S("(prompt)"),
                              .store = session_store_path(s),
                              .set = s->opt.run,
                              .prove = !s->opt.no_proof,
                              .print = s->opt.json ? print_aside : print_part,
                              .watch = {.stop = stop_flag()},
                              .warning = print_warning,
                              .file = print_file};
    if (out->folder.len)
        return tp_folder_make(tp_str_z(&s->mem, out->folder), err);
    out->folder = TP_S(".");
    return TP_OK;
}

static int loop(session *s, tp_session *t)
{
    bool      tty = isatty(0), more = false;
    int       errors = 0;
    tp_source input = {TP_S("(input)"), {"", 0}};
    for (int n = 1; !tp_session_quit(t); n++) {
        tp_arena mem = s->mem;
        tp_str   line;
        tp_err   err = {0};
        tp_place at = {tty ? NULL : &input, n, 1};
        if (!read_line(tty, n, &more, &line, &mem)) break;
        prompt.stop = 0;
        if (!tp_session_line(t, line, at, &more, &err)) continue;
        tp_str text = tp_str_trim(tp_err_text(&err, &mem));
        say("%.*s", TP_F(text));
        errors++;
        more = false;
    }
    if (more) {
        say("the input ends inside a block (if, while, foreach ...), which is "
            "not run: its `end` is missing");
        errors++;
    }
    return tty ? 0 : errors;
}

tp_status cmd_spice(session *s, int *exit_status, tp_err *err)
{
    tp_session_setup setup;
    tp_session      *t;
    TP_TRY(script_setup(s, &setup, err));
    setup.watch.stop = &prompt.stop;
    if (s->opt.n_arg) setup.decks = tp_path_folder(s->opt.arg[0]);
    TP_TRY(tp_session_open(&t, &setup, err));
    prompt.session = t;
    prompt.mem = tp_arena_open(1 << 24);
    static char breaks[] = " \t\n,;+-*/^%=<>&|![]{}\"'";
    rl_attempted_completion_function = complete;
    rl_completer_word_break_characters = breaks;
    rl_basic_word_break_characters = breaks; /* which libedit looks at */
    signal(SIGINT, on_interrupt);
    tp_status st = TP_OK;
    if (s->opt.n_arg) {
        tp_str line =
            tp_str_fmt(&s->mem, "source \"%.*s\"", TP_F(s->opt.arg[0]));
        st = tp_session_line(t, line, (tp_place){0}, NULL, err);
    }
    if (!st && loop(s, t)) *exit_status = tp_status_exit(TP_BAD_INPUT);
    prompt.session = NULL;
    tp_session_close(t);
    tp_arena_close(&prompt.mem);
    return st;
}
