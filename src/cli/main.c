/* The program: finds the command, runs it, prints what went wrong. */
#include "cli/cli.h"

#include <signal.h>
#include <string.h>

/* The command that the words begin with; *used: how many of them. */
static const command *find(int n, char **word, int *used)
{
    for (const command *c = commands; c->name; c++) {
        const char *blank = strchr(c->name, ' ');
        size_t      first = blank ? (size_t)(blank - c->name) : 0;
        *used = blank ? 2 : 1;
        if (!blank && !strcmp(c->name, word[0])) return c;
        if (blank && n > 1 && strlen(word[0]) == first &&
            !strncmp(c->name, word[0], first) && !strcmp(blank + 1, word[1]))
            return c;
    }
    return NULL;
}

/* An error as one JSON object, so that --json always prints one. */
static void print_json_error(session *s, const tp_err *err)
{
    tp_str msg = tp_report_utf8(tp_str_of(err->msg), &s->mem);
    tp_str file = tp_report_utf8(tp_str_of(err->file), &s->mem);
    tp_str text = tp_report_utf8(tp_str_of(err->text), &s->mem);
    print_json(json_pack("{s:s, s:s%, s:s%, s:i, s:i, s:s%}", "status",
                         "failed", "error", msg.at, (size_t)msg.len, "file",
                         file.at, (size_t)file.len, "line", err->line, "column",
                         err->col, "text", text.at, (size_t)text.len));
}

static int fail(session *s, const tp_err *err)
{
    tp_str text = tp_err_text(err, &s->mem);
    say("%.*s", TP_F(text));
    if (s->opt.json) print_json_error(s, err);
    return tp_status_exit(err->code);
}

static int unknown(session *s, int n_word, char **word)
{
    tp_err      err = {0};
    tp_str      known[64];
    int         n = 0;
    const char *name = word[0];
    tp_buf      second = {.mem = &s->mem};
    for (const command *c = commands; c->name; c++) {
        tp_str rest = tp_str_of(c->name);
        tp_str first = tp_str_word(&rest, " ");
        if (tp_str_eq(first, tp_str_of(name)) && n_word > 1)
            name =
                tp_str_z(&s->mem, tp_str_fmt(&s->mem, "%s %s", name, word[1]));
        if (!c->hidden) known[n++] = tp_str_of(c->name);
        if (tp_str_eq(first, tp_str_of(name)) && n_word == 1)
            tp_buf_fmt(&second, "%s%.*s", second.len ? ", " : "",
                       TP_F(tp_str_trim(rest)));
    }
    if (second.len) {
        tp_fail(&err, TP_BAD_INPUT, "%s needs one more word: %.*s", name,
                TP_F(tp_buf_str(&second)));
        return fail(s, &err);
    }
    tp_str hint = tp_did_you_mean(&s->mem, tp_str_of(name), known, n);
    tp_fail(&err, TP_BAD_INPUT,
            "unknown command '%s'%.*s; `trimpot help` lists them", name,
            TP_F(hint));
    return fail(s, &err);
}

/* Whether the words ask for JSON, whatever else is wrong with them. */
static bool wants_json(int n, char **word)
{
    for (int i = 0; i < n && strcmp(word[i], "--") != 0; i++)
        if (!strcmp(word[i], "--json")) return true;
    return false;
}

static int carry_out(session *s, int n, char **word)
{
    tp_err    err = {0};
    int       exit_status = 0;
    tp_status st = options_parse(s, n, word, &err);
    if (st) s->opt.json = wants_json(n, word);
    if (!st && s->opt.help) {
        help_command(s->mem, s->command);
        return 0;
    }
    if (!st) st = s->command->go(s, &exit_status, &err);
    if (s->store) tp_store_close(s->store);
    if (!st) return exit_status;
    tp_str text = tp_str_trim(tp_err_text(&err, &s->mem));
    say("%.*s", TP_F(text));
    if (s->opt.json) print_json_error(s, &err);
    return tp_status_exit(st);
}

int main(int argc, char **argv)
{
    session s = {.mem = tp_arena_open((ptrdiff_t)1 << 36)};
    signal(SIGXFSZ, SIG_IGN); /* a file over `ulimit -f` can't be written */
    if (argc < 2) {
        help_all();
        return tp_status_exit(TP_BAD_INPUT);
    }
    static char help[] = "help", version[] = "version";
    int         used = 0;
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) argv[1] = help;
    if (!strcmp(argv[1], "--version")) argv[1] = version;
    s.command = find(argc - 1, argv + 1, &used);
    if (!s.command) s.opt.json = wants_json(argc - 2, argv + 2);
    int status = s.command ? carry_out(&s, argc - 1 - used, argv + 1 + used)
                           : unknown(&s, argc - 1, argv + 1);
    if (fflush(stdout) || ferror(stdout)) {
        say("standard output: writing failed");
        if (!status) status = tp_status_exit(TP_IO);
    }
    return status;
}
