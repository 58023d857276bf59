/* Trials of decks whose analyses and measures stand in .control blocks, on a
   process library: values set number by number against the circuit read again
   for each of them, and against the whole library in each worker.

       control_speed TRIMPOT EXAMPLES [TRIALS]

   The decks are test benches of data/circuits as they are, their sizes moved by
   1 %, and some whose blocks change the circuit. Milliseconds of processor
   time: until the circuit is loaded, and of a trial, which is also shown as a
   part of the first one's. `bits` are a hash of all measured values: equal ones
   mean equal values. */
#include "eval/eval.h"
#include "front/front.h"
#include "text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WARM = 5, VARY_MAX = 40 };

static tp_arena mem;

static void die(const char *what, const tp_err *err)
{
    tp_str text = tp_err_text(err, &mem);
    fprintf(stderr, "control_speed: %s: %.*s\n", what, TP_F(text));
    exit(3);
}

/* A test bench; `from` in it becomes `to`. */
typedef struct deck {
    const char *title, *file, *vary, *from, *to;
} deck;

/* Parameters of the deck, each by up to 1 %. */
static int varied(tp_vary *out, const char *list, const tp_circuit *c)
{
    tp_str rest = tp_str_of(list);
    int    n = 0;
    for (tp_str w; (w = tp_str_word(&rest, " ")).len > 0; n++)
        for (int i = 0; i < c->n_define; i++) {
            double v;
            if (!tp_str_same(c->define[i].name, w) ||
                !tp_number_all(c->define[i].expr, &v))
                continue;
            out[n] = (tp_vary){w, v * 0.99, v * 1.01};
        }
    return n;
}

static tp_problem problem_of(const deck *d, tp_str data)
{
    tp_err     err = {0};
    tp_problem p;
    tp_deck   *read;
    tp_str     text, name = tp_str_fmt(&mem, "%.*s/%s", TP_F(data), d->file);
    char      *path = tp_str_z(&mem, name);
    if (tp_file_read(&text, path, 1 << 26, &mem, &err)) die(path, &err);
    if (d->from) text = replaced(text, d->from, tp_str_of(d->to), &mem);
    tp_source own = {name, text};
    tp_vary   by[VARY_MAX];
    if (tp_deck_read_text(&read, own, NULL, NULL, &mem, &err) ||
        tp_front_read_deck(&p, path, read, NULL, &mem, &err) ||
        tp_front_vary(&p, by, varied(by, d->vary, p.bench[0].circuit), &mem,
                      &err))
        die(path, &err);
    if (!p.bench[0].control) die("there is no .control block", &err);
    return p;
}

typedef struct row {
    double   load, trial; /* seconds */
    uint64_t bits;
    int      ran;
} row;

/* Hash and count of what is measured at a point. */
static void take(row *r, tp_str answer, tp_arena job)
{
    tp_err    err = {0};
    tp_result got;
    if (tp_eval_answer(&got, answer, &job, &err)) die("the answer", &err);
    r->ran += got.how == TP_RAN;
    if (got.how != TP_RAN && r->ran == 0)
        fprintf(stderr, "control_speed: %.*s\n", TP_F(got.why));
    for (int i = 0; i < got.n; i++) {
        double v = got.reading[i].ok ? got.reading[i].value : NAN;
        if (got.reading[i].ok)
            r->bits = tp_hash(r->bits, (tp_str){(char *)&v, sizeof v});
    }
}

/* One ngspice in a process: this one. */
static row measure(const tp_problem *p, bool whole, const char *simulator,
                   int n)
{
    tp_err            err = {0};
    tp_pruned         how;
    tp_circuit        left;
    const tp_circuit *c = tp_problem_circuit(p, 0);
    int               n_var = p->space.n;
    tp_range         *box = TP_NEW(&mem, tp_range, n_var);
    double           *x = TP_NEW(&mem, double, n_var);
    row               r = {0};
    double            began = tp_cpu_now();
    for (int i = 0; i < n_var; i++)
        box[i] = (tp_range){p->space.var[i].lo, p->space.var[i].hi};
    tp_circuit_prune(&left, c, box, &p->bench[0].control->touch, &how, &mem);
    tp_str load =
        tp_eval_load(p, 0, whole ? NULL : &left, tp_str_of(simulator), &mem);
    void *with = tp_control_work_load(load, &err);
    if (!with) die("loading", &err);
    r.load = tp_cpu_now() - began;
    for (int k = 0; k < WARM + n; k++) {
        tp_arena job = mem;
        tp_rng   rng = tp_rng_at(1, (uint64_t)k);
        for (int i = 0; i < n_var; i++)
            x[i] = box[i].lo + (box[i].hi - box[i].lo) * tp_rng_uniform(&rng);
        tp_str ask = tp_eval_ask(x, n_var, NULL, &job);
        began = tp_cpu_now();
        tp_str answer = tp_control_work(with, ask, &job);
        if (k >= WARM) r.trial += tp_cpu_now() - began;
        take(&r, answer, job);
    }
    r.trial /= n;
    return r;
}

/* Its milliseconds for a trial. */
static double in_child(const char *title, const tp_problem *p, bool whole,
                       const char *simulator, int n, double first)
{
    int    end[2];
    double trial = NAN;
    fflush(stdout);
    if (pipe(end)) exit(3);
    pid_t pid = fork();
    if (pid == 0) {
        row r = measure(p, whole, simulator, n);
        trial = 1e3 * r.trial;
        printf("  %-36s %8.1f %8.3f %6.2f  %016llx %d\n", title, 1e3 * r.load,
               trial, first > 0 ? trial / first : 1, (unsigned long long)r.bits,
               r.ran);
        fflush(stdout);
        _exit(write(end[1], &trial, sizeof trial) != sizeof trial);
    }
    if (read(end[0], &trial, sizeof trial) != sizeof trial) exit(3);
    close(end[0]);
    close(end[1]);
    waitpid(pid, NULL, 0);
    return trial;
}

#define OPAMP "sky130_two_stage_opamp/tb.spice"
#define OPAMP_VARY                                                      \
    "W_M1 L_M1 W_M2 L_M2 W_M3 L_M3 W_M4 L_M4 W_M5 L_M5 W_M6 L_M6 W_M7 " \
    "L_M7 Rfb Cfb Vcm Vb"
#define OTA "sky130_ota5t_buf/tb.spice"
#define OTA_VARY "ib cl w0 l0 w1 l1 w2 l2"
static const deck decks[] = {
    {"SKY130 two-stage opamp: dc, ac, op", OPAMP, OPAMP_VARY, NULL, NULL},
    {"the same without its dc sweep", OPAMP, OPAMP_VARY, "dc V1 0 1.8 0.01",
     "* no sweep"},
    {"the same without its 307 names that nothing made", OPAMP, OPAMP_VARY,
     "print gmbs_M1", "echo gmbs_M1"},
    {"SKY130 OTA: op, noise, ac", OTA, OTA_VARY, NULL, NULL},
    {"the same, whose blocks alter a source", OTA, OTA_VARY, "    op\n",
     "    alter vcm dc = 0.91\n    op\n"},
    {"the same, whose blocks set a parameter", OTA, OTA_VARY, "    op\n",
     "    alterparam vdd = 1.75\n    reset\n    op\n"},
    {"the same, whose blocks alter a width", OTA, OTA_VARY, "    op\n",
     "    alter @m.x1.xm2a.msky130_fd_pr__pfet_01v8[w] = 96.5\n    op\n"},
};

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    mem = tp_arena_open((ptrdiff_t)1 << 34);
    int    n = argc > 3 ? atoi(argv[3]) : 100;
    tp_str data = tp_path_absolute(
        tp_str_fmt(&mem, "%s/../../data/circuits", argv[2]), &mem);
    setenv("OMP_THREAD_LIMIT", "1", 1);
    printf("  %-36s %8s %8s %6s  %-16s %s\n", "ms", "load", "trial", "part",
           "bits", "ran");
    for (int i = 0; i < TP_COUNT(decks); i++) {
        tp_problem p = problem_of(&decks[i], data);
        printf("%s\n", decks[i].title);
        double first = in_child("whole, read again each time", &p, true,
                                "ngspice,path=reset", n, 0);
        in_child("pruned, read again each time", &p, false,
                 "ngspice,path=reset", n, first);
        in_child("pruned, values set where they can be", &p, false, "ngspice",
                 n, first);
    }
    return 0;
}
