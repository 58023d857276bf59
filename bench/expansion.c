/* Whether our reading of a deck is ngspice's: ngspice's own expansion (what it
   writes with `set ngdebug`) of every circuit in data/circuits, whole and
   pruned, line by line, and the numbers of tp_dials against it, digit for
   digit; in five corners at random values of all widths, lengths and numeric
   parameters of the circuit (within 20 %).

       expansion TRIMPOT EXAMPLES [POINTS [CORNERS]]

   No simulation is made. Lines are the devices and models as ngspice will
   build them. Exits with 1 when anything differs. */
#include "netlist/netlist.h"
#include "text.h"

#include <ngspice/sharedspice.h>

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { VARS_MAX = 256 };

static tp_arena mem;
static char     folder[] = "/tmp/tp-expansion-XXXXXX";

static const char *const decks[][2] = {
    {"fpdk45_two_stage_bag", "tb_cm.cir"},
    {"fpdk45_two_stage_bag", "tb_ol.cir"},
    {"fpdk45_two_stage_bag", "tb_ps.cir"},
    {"fpdk45_two_stage_bag", "tb_tran.cir"},
    {"gf180_bandgap_2am", "tb_iq.cir"},
    {"gf180_bandgap_2am", "tb_line.cir"},
    {"gf180_bandgap_2am", "tb_psrr.cir"},
    {"gf180_bandgap_2am", "tb_tc.cir"},
    {"gf180_fd_ota_2stage", "tb.spice"},
    {"sky130_dfcfc2_amp", "tb_acdc.cir"},
    {"sky130_dfcfc2_amp", "tb_tran.cir"},
    {"sky130_ldo_rl1", "tb.spice"},
    {"sky130_ota5t_buf", "tb.spice"},
    {"sky130_two_stage_opamp", "tb.spice"},
};
static const char *const corners[] = {"tt", "ff", "ss", "sf", "fs"};

static void die(const char *what, const tp_err *err)
{
    tp_str text = err ? tp_err_text(err, &mem) : TP_S("");
    fprintf(stderr, "expansion: %s: %.*s\n", what, TP_F(text));
    exit(3);
}

static tp_str read_file(tp_str path)
{
    tp_err err = {0};
    tp_str text;
    if (tp_file_read(&text, tp_str_z(&mem, path), 1 << 26, &mem, &err))
        die("reading", &err);
    return text;
}

/* ---- the circuit with everything that can move --------------------------- */

typedef struct subject {
    tp_circuit c;
    int        n;
    tp_str     name[VARS_MAX];
    double     start[VARS_MAX];
} subject;

static void add_var(subject *s, tp_str name, double start)
{
    if (s->n == VARS_MAX || start == 0) return;
    s->name[s->n] = name;
    s->start[s->n++] = start;
}

/* The numeric parameters of the circuit's own files. */
static void add_params(subject *s, const tp_deck *d)
{
    const tp_card *card;
    int            n = tp_deck_cards(d, &card);
    for (int i = 0; i < n; i++) {
        tp_place at = tp_card_place(&card[i], 0);
        tp_lexer l = {&card[i], 0};
        bool     library =
            memmem(at.in->name.at, (size_t)at.in->name.len, "/pdk/", 5) != NULL;
        bool param = tp_str_same(tp_lex(&l).text, TP_S(".param"));
        if (!param || library || card[i].subckt >= 0) continue;
        for (tp_token t = tp_lex(&l); t.kind != TP_TOKEN_END; t = tp_lex(&l)) {
            tp_token eq = tp_lex_peek(l);
            if (eq.kind != TP_TOKEN_PUNCT || eq.text.at[0] != '=') continue;
            (void)tp_lex(&l);
            double v;
            if (tp_number_all(tp_lex_peek(l).text, &v)) add_var(s, t.text, v);
        }
    }
}

/* "w=5u" in a line of an instance: a parameter of its own. */
static void free_sizes(subject *s, tp_str line, tp_buf *out)
{
    static const char *const size[] = {" w=", " l=", " W=", " L="};
    for (ptrdiff_t i = 0; i < line.len; i++) {
        double    v;
        ptrdiff_t used = 0;
        for (int k = 0; k < TP_COUNT(size); k++) {
            tp_str here = tp_str_part(line, i, 3);
            if (tp_str_eq(here, tp_str_of(size[k])))
                used = tp_number(tp_str_from(line, i + 3), &v);
            if (used > 0) break;
        }
        if (used == 0 || s->n == VARS_MAX) {
            tp_buf_char(out, line.at[i]);
            continue;
        }
        tp_str name = tp_str_fmt(&mem, "tpv%d", s->n);
        tp_buf_fmt(out, "%.*s{%.*s}", 3, line.at + i, TP_F(name));
        add_var(s, name, v);
        i += 2 + used;
    }
}

static void free_all_sizes(subject *s)
{
    tp_buf b = {.mem = &mem}, head = {.mem = &mem};
    tp_str rest = s->c.text;
    int    first = s->n;
    for (int i = 0; rest.len > 0; i++) {
        ptrdiff_t        end = tp_str_find(rest, '\n', 0);
        tp_str           line = tp_str_part(rest, 0, end);
        const tp_source *in = s->c.place[i].in;
        bool own = in && !memmem(in->name.at, (size_t)in->name.len, "/pdk/", 5);
        if (own && line.len > 0 && tp_lower(line.at[0]) == 'x')
            free_sizes(s, line, &b);
        else
            tp_buf_add(&b, line);
        tp_buf_char(&b, '\n');
        rest = tp_str_from(rest, end + 1);
    }
    tp_str    body = tp_buf_str(&b);
    ptrdiff_t title = tp_str_find(body, '\n', 0) + 1;
    tp_buf_add(&head, tp_str_part(body, 0, title));
    for (int i = first; i < s->n; i++) {
        char text[TP_NUMBER_MAX];
        tp_buf_fmt(&head, ".param %.*s=%s\n", TP_F(s->name[i]),
                   tp_exact(s->start[i], text));
    }
    tp_buf_add(&head, tp_str_from(body, title));
    s->c.text = tp_buf_str(&head);
    s->c.n_place = 0;
}

static void read_subject(subject *s, tp_str data, const char *name,
                         const char *file, const char *corner)
{
    tp_err   err = {0};
    tp_deck *d;
    *s = (subject){.n = 0};
    tp_str home = tp_str_fmt(&mem, "%.*s/circuits/%s", TP_F(data), name);
    tp_str text = read_file(tp_str_fmt(&mem, "%.*s/%s", TP_F(home), file));
    text = replaced(text, "\" tt", tp_str_fmt(&mem, "\" %s", corner), &mem);
    text = replaced(text, "../../pdk/",
                    tp_str_fmt(&mem, "%.*s/pdk/", TP_F(data)), &mem);
    text = replaced(text, "orig/", tp_str_fmt(&mem, "%.*s/orig/", TP_F(home)),
                    &mem);
    text = replaced(text, ".include analysis.inc", TP_S("*"), &mem);
    char *path = tp_str_z(&mem, tp_str_fmt(&mem, "%s/deck.cir", folder));
    if (tp_file_write(path, text, &err) ||
        tp_deck_read(&d, path, NULL, &mem, &err) ||
        tp_deck_circuit(&s->c, d, NULL, 0, NULL, 0, &err))
        die(name, &err);
    add_params(s, d);
    free_all_sizes(s);
    bool process = !strstr(name, "fpdk45");
    s->c.behaviour = process ? TP_S("hsa") : TP_S("");
    s->c.n_param = s->n;
    s->c.param = s->name;
}

/* ---- ngspice, in a child ------------------------------------------------- */

static int on_line(char *line, int id, void *with)
{
    (void)line, (void)id, (void)with;
    return 0;
}

static int on_exit_wanted(int status, bool now, bool quit, int id, void *with)
{
    (void)status, (void)now, (void)quit, (void)id, (void)with;
    _exit(4);
}

static int on_background(bool running, int id, void *with)
{
    (void)running, (void)id, (void)with;
    return 0;
}

static void command(const char *fmt, ...)
{
    char    text[1000];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    ngSpice_Command(text);
}

static void load(const subject *s, tp_str text)
{
    char **line = TP_NEW(&mem, char *, text.len + 2);
    int    n = 0;
    ngSpice_Init(on_line, NULL, on_exit_wanted, NULL, NULL, on_background,
                 NULL);
    command("set num_threads=1");
    command("set ng_nomodcheck");
    command("set ngdebug");
    if (s->c.behaviour.len > 0)
        command("set ngbehavior=%.*s", TP_F(s->c.behaviour));
    while (text.len > 0) {
        ptrdiff_t end = tp_str_find(text, '\n', 0);
        line[n++] = tp_str_z(&mem, tp_str_part(text, 0, end));
        text = tp_str_from(text, end + 1);
    }
    ngSpice_Circ(line);
}

/* A child that expands the circuit at each point it is sent. */
typedef struct expander {
    pid_t pid;
    int   to, from;
    char  home[64];
} expander;

static void serve(const subject *s, tp_str text, int from, int to)
{
    double x[VARS_MAX];
    size_t size = (size_t)s->n * sizeof *x;
    load(s, text);
    while (read(from, x, size) == (ssize_t)size) {
        for (int i = 0; i < s->n; i++) {
            char     number[TP_NUMBER_MAX];
            tp_arena scratch = mem;
            tp_str   low = tp_str_lower(&scratch, s->name[i]);
            command("alterparam %.*s=%s", TP_F(low), tp_exact(x[i], number));
        }
        command("reset");
        ngSpice_Command(NULL);
        if (write(to, "", 1) != 1) break;
    }
    _exit(0);
}

static void start(expander *e, const subject *s, tp_str text, const char *name)
{
    int in[2], out[2];
    snprintf(e->home, sizeof e->home, "%s/%s", folder, name);
    tp_folder_make(e->home, NULL);
    if (pipe(in) || pipe(out)) die("pipe", NULL);
    fflush(stdout);
    e->pid = fork();
    if (e->pid == 0) {
        if (chdir(e->home)) _exit(5);
        close(in[1]);
        close(out[0]);
        serve(s, text, in[0], out[1]);
    }
    close(in[0]);
    close(out[1]);
    e->to = in[1];
    e->from = out[0];
}

static void finish(expander *e)
{
    int status;
    close(e->to);
    close(e->from);
    kill(e->pid, SIGKILL); /* the other child holds its pipe open, too */
    waitpid(e->pid, &status, 0);
}

/* Its devices and models, one a line, without line numbers. */
static tp_str expansion(const expander *e, tp_arena *into)
{
    tp_str text, last = TP_S("complete deck");
    char   path[100];
    snprintf(path, sizeof path, "%s/debug-out3.txt", e->home);
    if (tp_file_read(&text, path, 1 << 28, into, NULL)) return TP_S("");
    char *end = memmem(text.at, (size_t)text.len, last.at, (size_t)last.len);
    if (end) text.len = end - text.at;
    tp_buf b = {.mem = into};
    while (text.len > 0) {
        ptrdiff_t at = tp_str_find(text, '\n', 0);
        tp_str    line = tp_str_part(text, 0, at < 0 ? text.len : at);
        text = tp_str_from(text, line.len + 1);
        double a, c;
        tp_str rest = line;
        if (!tp_number_all(tp_str_word(&rest, " "), &a) ||
            !tp_number_all(tp_str_word(&rest, " "), &c))
            continue;
        tp_buf_fmt(&b, "%.*s\n", TP_F(tp_str_trim(rest)));
    }
    return tp_buf_str(&b);
}

/* ---- comparing ----------------------------------------------------------- */

typedef struct tally {
    long points, no_bin, lines, numbers, different, wrong;
} tally;

static tp_str next_line(tp_str *rest)
{
    ptrdiff_t end = tp_str_find(*rest, '\n', 0);
    tp_str    line = tp_str_part(*rest, 0, end < 0 ? rest->len : end);
    *rest = tp_str_from(*rest, line.len + 1);
    return line;
}

/* Whether two lines say the same. Random numbers that a 0 takes out may be
   others (the whole deck draws more of them): their sign is left in a zero,
   and in B sources they stand behind "0.0e+00 ) *". */
static bool same_line(tp_str a, tp_str b)
{
    tp_str before[3] = {TP_S(""), TP_S(""), TP_S("")};
    if (tp_str_eq(a, b)) return true;
    while (a.len > 0 || b.len > 0) {
        double x, y;
        tp_str u = tp_str_word(&a, " "), v = tp_str_word(&b, " ");
        bool   zeros =
            tp_number_all(u, &x) && tp_number_all(v, &y) && x == 0 && y == 0;
        bool zero = tp_number_all(before[0], &x) && x == 0;
        bool drawn = zero && tp_str_eq(before[1], TP_S(")")) &&
                     tp_str_eq(before[2], TP_S("*"));
        if (!tp_str_eq(u, v) && !zeros && !drawn) return false;
        before[0] = before[1];
        before[1] = before[2];
        before[2] = u;
    }
    return true;
}

/* Models that no device has may be missing from the pruned one. */
static void compare_texts(tally *t, tp_str whole, tp_str pruned)
{
    while (pruned.len > 0) {
        tp_str line = next_line(&pruned), other = next_line(&whole);
        while (whole.len > 0 && !same_line(line, other) &&
               tp_str_starts(other, TP_S(".model")))
            other = next_line(&whole);
        t->lines++;
        if (same_line(line, other)) continue;
        if (t->different++ == 0)
            printf("  whole:  %.*s\n  pruned: %.*s\n",
                   (int)(other.len < 300 ? other.len : 300), other.at,
                   (int)(line.len < 300 ? line.len : 300), line.at);
    }
    while (whole.len > 0)
        if (!tp_str_starts(next_line(&whole), TP_S(".model"))) t->different++;
}

/* Whether "par=   4.2e+01" with these digits stands in the line of `name`. */
static bool stands(tp_str text, tp_str name, tp_str par, double v)
{
    char want[40];
    snprintf(want, sizeof want, "%.15e", v);
    while (text.len > 0) {
        tp_str line = next_line(&text), rest = line;
        tp_str word = tp_str_word(&rest, " ");
        if (tp_str_eq(word, TP_S(".model"))) word = tp_str_word(&rest, " ");
        if (!tp_str_eq(word, name)) continue;
        static const char *const unnamed[] = {
            "resistance", "capacitance", "inductance", "dc", "gain", "acmag"};
        bool anywhere = false;
        for (int i = 0; i < TP_COUNT(unnamed); i++)
            anywhere |= tp_str_eq(par, tp_str_of(unnamed[i]));
        while (rest.len > 0) {
            tp_str before = tp_str_word(&rest, " =");
            tp_str look = rest, number = tp_str_word(&look, " =");
            bool   named = anywhere || tp_str_eq(before, par);
            if (named && tp_str_eq(number, tp_str_of(want))) return true;
        }
        return false;
    }
    return false;
}

static void compare_numbers(tally *t, const tp_dials *d, const double *number,
                            tp_str text)
{
    for (int i = 0; i < d->n; i++) {
        const tp_dial *one = &d->dial[i];
        if (isnan(number[i])) continue;
        t->numbers++;
        if (stands(text, one->reads, one->par, number[i])) continue;
        if (t->wrong++ == 0)
            printf("  %.*s[%.*s]: we have %.15e\n", TP_F(one->reads),
                   TP_F(one->par), number[i]);
    }
}

static bool expand(expander *e, const double *x, int n)
{
    char   done;
    size_t size = (size_t)n * sizeof *x;
    bool   sent = write(e->to, x, size) == (ssize_t)size;
    return sent && read(e->from, &done, 1) == 1;
}

static void one_point(tally *t, const subject *s, const tp_dials *d,
                      expander *whole, expander *pruned, const double *x)
{
    tp_arena       job = mem;
    double        *number = TP_NEW(&job, double, d->n);
    int           *bin = TP_NEW(&job, int, d->n_user);
    double        *edge = TP_NEW(&job, double, 2 * (ptrdiff_t)d->n_user);
    tp_dials_point at = {number, bin, edge};
    tp_str         why;
    if (!tp_dials_at(d, x, &at, &why, &job)) {
        t->no_bin++;
        return;
    }
    if (!expand(whole, x, s->n) || !expand(pruned, x, s->n))
        die("ngspice gave up", NULL);
    tp_str text = expansion(pruned, &job);
    t->points++;
    compare_texts(t, expansion(whole, &job), text);
    if (d->why.len == 0) compare_numbers(t, d, number, text);
}

static tally one_deck(tp_str data, const char *const *deck, const char *corner,
                      int points)
{
    subject    *s = TP_NEW(&mem, subject, 1);
    tally       t = {0};
    tp_range    box[VARS_MAX];
    tp_pruned   how;
    tp_dials    d;
    expander    whole, pruned;
    tp_rng      rng = tp_rng_at(1, 1);
    tp_circuit *p = TP_NEW(&mem, tp_circuit, 1);
    read_subject(s, data, deck[0], deck[1], corner);
    for (int i = 0; i < s->n; i++) {
        double a = 0.8 * s->start[i], b = 1.2 * s->start[i];
        box[i] = (tp_range){fmin(a, b), fmax(a, b)};
    }
    tp_circuit_prune(p, &s->c, box, NULL, &how, &mem);
    tp_dials_make(&d, p, &mem);
    start(&whole, s, s->c.text, "whole");
    start(&pruned, s, p->text, "pruned");
    for (int k = 0; k < points; k++) {
        double x[VARS_MAX];
        for (int i = 0; i < s->n; i++)
            x[i] = s->start[i] * (0.8 + 0.4 * tp_rng_uniform(&rng));
        one_point(&t, s, &d, &whole, &pruned, x);
    }
    finish(&whole);
    finish(&pruned);
    printf("%-24s %-12s %-3s %4d %5ld %5ld %8ld %6ld %8ld %6ld  %.*s\n",
           deck[0], deck[1], corner, s->n, t.points, t.no_bin, t.lines,
           t.different, t.numbers, t.wrong,
           TP_F(how.notice.len > 0 ? how.notice : d.why));
    fflush(stdout);
    return t;
}

static void remove_folder(void)
{
    static const char *const name[] = {"deck.cir",
                                       "whole/debug-out.txt",
                                       "whole/debug-out2.txt",
                                       "whole/debug-out3.txt",
                                       "whole/debug-out-mc.txt",
                                       "pruned/debug-out.txt",
                                       "pruned/debug-out2.txt",
                                       "pruned/debug-out3.txt",
                                       "pruned/debug-out-mc.txt"};
    tp_arena                 scratch = mem;
    for (int i = 0; i < TP_COUNT(name); i++)
        unlink(
            tp_str_z(&scratch, tp_str_fmt(&scratch, "%s/%s", folder, name[i])));
    rmdir(tp_str_z(&scratch, tp_str_fmt(&scratch, "%s/whole", folder)));
    rmdir(tp_str_z(&scratch, tp_str_fmt(&scratch, "%s/pruned", folder)));
    rmdir(folder);
}

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    mem = tp_arena_open((ptrdiff_t)1 << 35);
    int    points = argc > 3 ? atoi(argv[3]) : 2;
    tally  all = {0};
    tp_str data =
        tp_path_absolute(tp_str_fmt(&mem, "%s/../../data", argv[2]), &mem);
    if (!mkdtemp(folder)) return 3;
    printf("%-41s %4s %5s %5s %8s %6s %8s %6s\n", "", "vars", "pts", "nobin",
           "lines", "differ", "numbers", "wrong");
    for (int i = 0; i < TP_COUNT(decks); i++)
        for (int k = 0; k < TP_COUNT(corners); k++) {
            if (argc > 4 && !strstr(argv[4], corners[k])) continue;
            tp_arena before = mem;
            tally    t = one_deck(data, decks[i], corners[k], points);
            all.points += t.points;
            all.lines += t.lines;
            all.numbers += t.numbers;
            all.different += t.different;
            all.wrong += t.wrong;
            mem = before;
        }
    printf("%ld points, %ld lines, %ld different; %ld numbers, %ld wrong\n",
           all.points, all.lines, all.different, all.numbers, all.wrong);
    remove_folder();
    return all.different > 0 || all.wrong > 0;
}
