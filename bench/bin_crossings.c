/* How often transistors leave the bins of their models while methods search:
   then the circuit is read again (src/sim/ng_alter.c).

       bin_crossings TRIMPOT EXAMPLES [TRIALS]

   Two amplifiers of data/circuits, six widths and lengths each, searched by
   three methods. A trial crosses when any transistor's bin is another one than
   in the trial before. */
#include "front/front.h"
#include "run/run.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static tp_arena mem;
static char     folder[] = "/tmp/tp-crossings-XXXXXX";

static const struct {
    const char *name, *optimiser, *measure;
} decks[] = {
    {"sky130_two_stage_opamp",
     ".optimiser optparams=[W_M1,L_M1,W_M5,L_M5,W_M6,L_M6]\n"
     "+ optinitvals=[42,1.7,29,1.6,57,4.7] optminvals=[2,0.3,2,0.3,2,0.3]\n"
     "+ optmaxvals=[100,6,100,6,100,6]\n.ac dec 5 1 1e9 analysis_id=a\n",
     ".optspec measure=db(vout[0]) type=maximum analysis_id=a\n"},
    {"sky130_ota5t_buf",
     ".optimiser optparams=[w0,l0,w1,l1,w2,l2]\n"
     "+ optinitvals=[485,0.6,242,0.6,96,0.6] "
     "optminvals=[50,0.3,50,0.3,20,0.3]\n"
     "+ optmaxvals=[900,4,900,4,300,4]\n.ac dec 5 1 1e9 analysis_id=a\n",
     ".optspec measure=db(vout[0]) type=maximum analysis_id=a\n"},
};
static const char *const methods[] = {"COBYLA", "psade", "BOBYQA"};

static void die(const char *what, const tp_err *err)
{
    tp_str text = tp_err_text(err, &mem);
    fprintf(stderr, "bin_crossings: %s: %.*s\n", what, TP_F(text));
    exit(3);
}

/* The circuit without its commands, with a search. */
static char *write_deck(tp_str data, int k)
{
    tp_err err = {0};
    tp_str s,
        home = tp_str_fmt(&mem, "%.*s/circuits/%s", TP_F(data), decks[k].name);
    char *from = tp_str_z(&mem, tp_str_fmt(&mem, "%.*s/tb.spice", TP_F(home)));
    char *to = tp_str_z(&mem, tp_str_fmt(&mem, "%s/deck.net", folder));
    if (tp_file_read(&s, from, 1 << 24, &mem, &err)) die(from, &err);
    char  *begin = memmem(s.at, (size_t)s.len, ".control", 8);
    char  *end = memmem(s.at, (size_t)s.len, ".endc", 5);
    tp_str rest = tp_str_from(s, end + 5 - s.at);
    rest = tp_str_trim(rest);
    rest.len -= 4;
    s = tp_str_fmt(&mem, "%.*s%.*s%s%s.end\n", (int)(begin - s.at), s.at,
                   TP_F(rest), decks[k].optimiser, decks[k].measure);
    s = replaced(s, "orig/", tp_str_fmt(&mem, "%.*s/orig/", TP_F(home)), &mem);
    s = replaced(s, "../../pdk/", tp_str_fmt(&mem, "%.*s/pdk/", TP_F(data)),
                 &mem);
    if (tp_file_write(to, s, &err)) die(to, &err);
    return to;
}

typedef struct found {
    int crossed; /* trials whose bins are others than those of the one before */
    int distinct; /* different sets of bins */
    int again;    /* crossings into a set that was met before */
} found;

static found crossings(const tp_problem *p, const tp_trial *trial, int n)
{
    const tp_circuit *c = tp_problem_circuit(p, 0);
    tp_dials          d;
    found             out = {0};
    uint64_t         *seen = TP_NEW(&mem, uint64_t, n + 1), before = 0;
    tp_dials_make(&d, c, &mem);
    if (d.why.len > 0) fprintf(stderr, "no dials: %.*s\n", TP_F(d.why));
    double        *x = TP_NEW(&mem, double, c->n_param);
    double        *number = TP_NEW(&mem, double, d.n);
    int           *bin = TP_NEW(&mem, int, d.n_user);
    double        *edge = TP_NEW(&mem, double, 2 * (ptrdiff_t)d.n_user);
    tp_dials_point at = {number, bin, edge};
    for (int i = 0; i < n; i++) {
        tp_str why;
        for (int k = 0; k < c->n_param; k++)
            x[k] = trial[i].x[tp_space_find(&p->space, c->param[k])];
        if (!tp_dials_at(&d, x, &at, &why, &mem)) continue;
        tp_str   bytes = {(const char *)bin,
                          (ptrdiff_t)((size_t)d.n_user * sizeof *bin)};
        uint64_t now = tp_hash(0, bytes);
        bool     known = false;
        for (int k = 0; k < out.distinct; k++) known |= seen[k] == now;
        if (i > 0 && now != before) {
            out.crossed++;
            out.again += known;
        }
        if (!known) seen[out.distinct++] = now;
        before = now;
    }
    return out;
}

static void measure(tp_str data, const char *program, int k, const char *method,
                    int trials)
{
    tp_err          err = {0};
    tp_problem      p;
    tp_store       *store;
    tp_run         *r;
    tp_run_settings set;
    tp_run_watch    watch = {0};
    const tp_trial *trial;
    char           *deck = write_deck(data, k);
    char           *db = tp_str_z(&mem, tp_str_fmt(&mem, "%s/b.db", folder));
    tp_params_default(tp_run_params, &set);
    set.check_share = -1;
    set.program = tp_str_of(program);
    set.method = tp_str_of(method);
    set.max_trials = trials;
    set.reltol = 1e-6;
    if (tp_front_read(&p, deck, NULL, &mem, &err)) die(deck, &err);
    if (tp_store_open(&store, db, &err)) die("store", &err);
    if (tp_run_start(&r, &p, &set, store, &err)) die("start", &err);
    if (tp_run_go(r, &watch, &err)) die("run", &err);
    int   n = tp_run_trials(r, &trial);
    found f = crossings(&p, trial, n);
    printf("%-24s %-8s %7d %9d %6.0f %% %9d %9d\n", decks[k].name, method, n,
           f.crossed, n > 1 ? 100.0 * f.crossed / (n - 1) : 0, f.distinct,
           f.again);
    fflush(stdout);
    tp_run_close(r);
    tp_store_close(store);
}

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    mem = tp_arena_open((ptrdiff_t)1 << 34);
    int    trials = argc > 3 ? atoi(argv[3]) : 300;
    tp_str data =
        tp_path_absolute(tp_str_fmt(&mem, "%s/../../data", argv[2]), &mem);
    if (!mkdtemp(folder)) return 3;
    printf("%-24s %-8s %7s %9s %8s %9s %9s\n", "", "method", "trials",
           "crossings", "share", "sets", "met again");
    for (int k = 0; k < TP_COUNT(decks); k++)
        for (int m = 0; m < TP_COUNT(methods); m++)
            measure(data, argv[1], k, methods[m], trials);
    static const char *const file[] = {"deck.net", "b.db", "b.db-wal",
                                       "b.db-shm"};
    for (int i = 0; i < TP_COUNT(file); i++)
        unlink(tp_str_z(&mem, tp_str_fmt(&mem, "%s/%s", folder, file[i])));
    rmdir(folder);
    return 0;
}
