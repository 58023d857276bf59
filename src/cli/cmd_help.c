/* trimpot help, version, man, completion: printed from the rows of commands
   and flags. */
#include "cli/cli.h"

#include <string.h>

enum { WIDTH = 80, FLAG_TEXT = 26 }; /* columns; where flags' texts begin */

/* The words in lines of WIDTH columns, those after the first behind `indent`
   blanks; the first begins at column `at`. */
static void print_wrapped(tp_str text, int indent, int at)
{
    int column = at;
    for (tp_str w = tp_str_word(&text, " "); w.len;
         w = tp_str_word(&text, " ")) {
        if (column > at && column + 1 + (int)w.len > WIDTH) {
            printf("\n%*s", indent, "");
            column = at = indent;
        }
        if (column > at) column += printf(" ");
        column += printf("%.*s", TP_F(w));
    }
    putchar('\n');
}

/* Whether the row's default is a value of it that its text does not name. */
static bool shows_default(const flag *f)
{
    const tp_param *p = &f->row;
    return f->arg && !f->same_as && (p->type == TP_INT || p->type == TP_REAL) &&
           p->def >= p->min && !strstr(p->text, "when not given");
}

static void print_flag(tp_arena mem, const flag *f)
{
    char   def[TP_NUMBER_MAX];
    tp_str text = tp_str_of(f->row.text);
    if (shows_default(f))
        text =
            tp_str_fmt(&mem, "%s [%s]", f->row.text, tp_exact(f->row.def, def));
    int column = printf("  --%s%s%s%s", f->row.name,
                        f->maybe ? "[="
                        : f->arg ? " "
                                 : "",
                        f->arg ? f->arg : "", f->maybe ? "]" : "");
    if (column > FLAG_TEXT - 2) {
        putchar('\n');
        column = 0;
    }
    printf("%*s", FLAG_TEXT - column, "");
    print_wrapped(text, FLAG_TEXT, FLAG_TEXT);
}

void help_command(tp_arena mem, const command *c)
{
    tp_str head =
        tp_str_fmt(&mem, "trimpot %s%s%s%s: %s", c->name, c->args[0] ? " " : "",
                   c->args, c->flags[0] ? " [FLAGS]" : "", c->summary);
    print_wrapped(head, 4, 0);
    if (c->text[0]) putchar('\n');
    if (c->text[0]) print_wrapped(tp_str_of(c->text), 0, 0);
    if (c->flags[0]) puts("\nFlags:");
    for (int i = 0; flag_at(i)->row.name; i++)
        if (command_takes(c, flag_at(i)->row.name)) print_flag(mem, flag_at(i));
}

static const struct {
    int         status;
    const char *words;
} exits[] = {
    {0, "done, and everything met"},
    {1, "done, but not everything is met (or the proof differs)"},
    {2, "the input is wrong"},
    {3, "the simulator is unusable"},
    {4, "interrupted"},
    {5, "reading or writing failed, or another process works on the run"},
    {70, "a bug in trimpot"},
};

static void print_command(const command *c)
{
    printf("  %-14s %-8s %s\n", c->name, c->args, c->summary);
}

void help_all(void)
{
    puts("trimpot tunes circuits to their specification.\n\n"
         "  trimpot COMMAND [FLAGS] ...\n");
    for (const command *c = commands; c->name; c++)
        if (!c->hidden) print_command(c);
    puts("\n`trimpot help COMMAND` explains one. Exit status:\n");
    for (int i = 0; i < TP_COUNT(exits); i++)
        printf("  %-3d %s\n", exits[i].status, exits[i].words);
}

/* Whether the name of a command begins with this word: "gmid table". */
static bool begins(const command *c, tp_str word)
{
    tp_str name = tp_str_of(c->name);
    return !c->hidden && tp_str_eq(tp_str_word(&name, " "), word);
}

/* The commands of two words that begin with this one; false: there are none. */
static bool help_group(tp_str word)
{
    bool any = false;
    for (const command *c = commands; c->name; c++) {
        if (!begins(c, word)) continue;
        if (!any) printf("trimpot %.*s COMMAND [FLAGS] ...\n\n", TP_F(word));
        any = true;
        print_command(c);
    }
    return any;
}

static tp_status no_command(session *s, tp_str name, tp_err *err)
{
    tp_arena mem = s->mem;
    tp_str  *known = NULL;
    int      n = 0, cap = 0;
    for (const command *c = commands; c->name; c++)
        if (!c->hidden) *TP_PUSH(&mem, known, n, cap) = tp_str_of(c->name);
    return tp_fail(err, TP_BAD_INPUT, "there is no command '%.*s'%.*s",
                   TP_F(name), TP_F(tp_did_you_mean(&mem, name, known, n)));
}

tp_status cmd_help(session *s, int *exit_status, tp_err *err)
{
    (void)exit_status;
    if (!s->opt.n_arg) {
        help_all();
        return TP_OK;
    }
    tp_str name = s->opt.arg[0];
    if (s->opt.n_arg > 1)
        name =
            tp_str_fmt(&s->mem, "%.*s %.*s", TP_F(name), TP_F(s->opt.arg[1]));
    for (const command *c = commands; c->name; c++)
        if (tp_str_eq(tp_str_of(c->name), name)) {
            help_command(s->mem, c);
            return TP_OK;
        }
    return help_group(name) ? TP_OK : no_command(s, name, err);
}

tp_status cmd_version(session *s, int *exit_status, tp_err *err)
{
    (void)s;
    (void)exit_status;
    (void)err;
    puts("trimpot " TP_VERSION);
    return TP_OK;
}

/* ---- the manual page (roff) -------------------------------------------- */

static void roff(const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\\')
            fputs("\\e", stdout);
        else if (*c == '-')
            fputs("\\-", stdout);
        else if (*c == '\'')
            fputs("\\(aq", stdout);
        else
            putchar(*c);
    }
}

static void roff_flag(const flag *f)
{
    fputs(".TP\n\\fB\\-\\-", stdout);
    roff(f->row.name);
    fputs("\\fR", stdout);
    if (f->arg) printf(f->maybe ? "[=\\fI%s\\fR]" : " \\fI%s\\fR", f->arg);
    putchar('\n');
    roff(f->row.text);
    putchar('\n');
}

static void roff_command(const command *c)
{
    printf(".SS trimpot %s %s\n", c->name, c->args);
    roff(c->text[0] ? c->text : c->summary);
    putchar('\n');
    if (!c->flags[0]) return;
    fputs(".PP\nFlags:", stdout);
    tp_str list = tp_str_of(c->flags);
    for (tp_str w = tp_str_word(&list, " "); w.len; w = tp_str_word(&list, " "))
        printf(" \\fB\\-\\-%.*s\\fR", TP_F(w));
    putchar('\n');
}

tp_status cmd_man(session *s, int *exit_status, tp_err *err)
{
    (void)s;
    (void)exit_status;
    (void)err;
    puts(".TH TRIMPOT 1 \"\" \"trimpot " TP_VERSION "\" \"User Commands\"\n"
         ".SH NAME\ntrimpot \\- tune circuits to their specification\n"
         ".SH SYNOPSIS\n.B trimpot\n\\fICOMMAND\\fR [\\fIFLAGS\\fR] ...\n"
         ".SH DESCRIPTION\nReads a SPICE circuit with free parameters and a "
         "statement of what is wanted, runs the simulator in a loop, and "
         "returns the values, the proof that they meet the specification, and "
         "the account of how it got there.\n.SH COMMANDS");
    for (const command *c = commands; c->name; c++)
        if (!c->hidden) roff_command(c);
    puts(".SH FLAGS");
    for (int i = 0; flag_at(i)->row.name; i++) roff_flag(flag_at(i));
    puts(".SH EXIT STATUS");
    for (int i = 0; i < TP_COUNT(exits); i++)
        printf(".TP\n%d\n%s\n", exits[i].status, exits[i].words);
    puts(".SH ENVIRONMENT\n.TP\nTRIMPOT_STORE\nThe file that keeps the runs.\n"
         ".TP\nTRIMPOT_INCLUDE_PATH\nFolders and files that decks may read, "
         "colons between, as those of --include-dir.\n"
         ".TP\nTRIMPOT_CACHE\nFolder of notes which lines of model "
         "libraries a deck can't reach (~/.cache/trimpot); empty: none.\n"
         ".TP\nNO_COLOR\nNo colours when set.");
    return TP_OK;
}

/* ---- completions -------------------------------------------------------- */

static void words_of(const command *c, const char *before)
{
    tp_str list = tp_str_of(c->flags);
    for (tp_str w = tp_str_word(&list, " "); w.len; w = tp_str_word(&list, " "))
        printf("%s%.*s ", before, TP_F(w));
}

/* The first word of a command's name, and whether an earlier row has it. */
static tp_str first_word(const command *c, bool *again)
{
    tp_str name = tp_str_of(c->name), word = tp_str_word(&name, " ");
    *again = false;
    for (const command *e = commands; e != c; e++) {
        tp_str other = tp_str_of(e->name);
        *again = *again || tp_str_eq(tp_str_word(&other, " "), word);
    }
    return word;
}

/* The words that may follow the first one of two-word commands. */
static void second_words(tp_str first)
{
    for (const command *c = commands; c->name; c++) {
        tp_str rest = tp_str_of(c->name);
        if (tp_str_eq(tp_str_word(&rest, " "), first))
            printf("%.*s ", TP_F(tp_str_trim(rest)));
    }
}

static void bash_groups(void)
{
    bool again;
    for (const command *c = commands; c->name; c++) {
        tp_str first = first_word(c, &again);
        if (c->hidden || again || !strchr(c->name, ' ')) continue;
        printf("    '%.*s '*) words='", TP_F(first));
        second_words(first);
        puts("' ;;");
    }
}

static void bash(void)
{
    bool again;
    fputs("_trimpot() {\n    local cur=${COMP_WORDS[COMP_CWORD]} words=\n"
          "    case \"${COMP_WORDS[1]} ${COMP_WORDS[2]} \" in\n",
          stdout);
    for (const command *c = commands; c->name; c++) {
        if (c->hidden) continue;
        printf("    '%s '*) words='", c->name);
        words_of(c, "--");
        puts("' ;;");
    }
    bash_groups();
    fputs("    esac\n    if [ \"$COMP_CWORD\" -eq 1 ]; then words='", stdout);
    for (const command *c = commands; c->name; c++) {
        tp_str first = first_word(c, &again);
        if (!c->hidden && !again) printf("%.*s ", TP_F(first));
    }
    puts("'; fi\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "    if [ \"$COMP_CWORD\" -gt 1 ] && [ \"${cur#-}\" = \"$cur\" ]; "
         "then\n"
         "        COMPREPLY+=($(compgen -f -- \"$cur\"))\n    fi\n}\n"
         "complete -o filenames -F _trimpot trimpot");
}

/* A text inside single quotes of a shell. */
static void quoted(const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            fputs("'\\''", stdout);
        else if (*c == '[' || *c == ']' || *c == ':')
            printf("\\%c", *c);
        else
            putchar(*c);
    }
}

static void zsh(void)
{
    puts("#compdef trimpot\n_trimpot() {\n  local -a commands\n  commands=(");
    bool again;
    for (const command *c = commands; c->name; c++) {
        tp_str first = first_word(c, &again);
        if (c->hidden || again) continue;
        printf("    '%.*s:", TP_F(first));
        quoted(c->summary);
        puts("'");
    }
    puts("  )\n  if (( CURRENT == 2 )); then\n"
         "    _describe command commands\n    return\n  fi\n"
         "  case \"$words[2] $words[3] \" in");
    for (const command *c = commands; c->name; c++) {
        if (c->hidden) continue;
        printf("  '%s '*) _arguments", c->name);
        for (int i = 0; flag_at(i)->row.name; i++) {
            const flag *f = flag_at(i);
            if (!command_takes(c, f->row.name)) continue;
            printf(" '--%s[", f->row.name);
            quoted(f->row.text);
            printf("]%s'", f->arg && !f->maybe ? ":value:_files" : "");
        }
        puts(" '*:file:_files' ;;");
    }
    for (const command *c = commands; c->name; c++) {
        tp_str first = first_word(c, &again);
        if (c->hidden || again || !strchr(c->name, ' ')) continue;
        printf("  '%.*s '*) compadd ", TP_F(first));
        second_words(first);
        puts(";;");
    }
    puts("  esac\n}\n_trimpot \"$@\"");
}

/* A text inside single quotes of fish. */
static void fish_text(const char *text)
{
    for (const char *c = text; *c; c++) {
        if (*c == '\'' || *c == '\\') putchar('\\');
        putchar(*c);
    }
}

/* The condition under which the command's flags are offered. */
static void fish_seen(const command *c)
{
    tp_str rest = tp_str_of(c->name), first = tp_str_word(&rest, " ");
    rest = tp_str_trim(rest);
    printf("'__fish_seen_subcommand_from %.*s", TP_F(first));
    if (rest.len) printf("; and __fish_seen_subcommand_from %.*s", TP_F(rest));
    putchar('\'');
}

static void fish_command(const command *c)
{
    bool   again;
    tp_str first = first_word(c, &again), rest = tp_str_of(c->name);
    if (!again) {
        printf("complete -c trimpot -n __fish_use_subcommand -f -a %.*s -d '",
               TP_F(first));
        fish_text(c->summary);
        puts("'");
    }
    (void)tp_str_word(&rest, " ");
    if (tp_str_trim(rest).len == 0) return;
    printf("complete -c trimpot -n '__fish_seen_subcommand_from %.*s' -f "
           "-a %.*s -d '",
           TP_F(first), TP_F(tp_str_trim(rest)));
    fish_text(c->summary);
    puts("'");
}

static void fish(void)
{
    for (const command *c = commands; c->name; c++) {
        if (c->hidden) continue;
        fish_command(c);
        for (int i = 0; flag_at(i)->row.name; i++) {
            const flag *f = flag_at(i);
            if (!command_takes(c, f->row.name)) continue;
            fputs("complete -c trimpot -n ", stdout);
            fish_seen(c);
            printf(" -l %s%s -d '", f->row.name,
                   f->arg && !f->maybe ? " -r" : "");
            fish_text(f->row.text);
            puts("'");
        }
    }
}

tp_status cmd_completion(session *s, int *exit_status, tp_err *err)
{
    static const struct {
        const char *shell;
        void (*print)(void);
    } row[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    (void)exit_status;
    for (int i = 0; i < TP_COUNT(row); i++)
        if (tp_str_eq(s->opt.arg[0], tp_str_of(row[i].shell))) {
            row[i].print();
            return TP_OK;
        }
    return tp_fail(err, TP_BAD_INPUT,
                   "completion: bash, zsh or fish, not '%.*s'",
                   TP_F(s->opt.arg[0]));
}
