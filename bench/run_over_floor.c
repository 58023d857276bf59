/* Wall time of a whole run over the floor (ngspice's own analysis time), for
   the two SIMetrix examples, beside a loop that starts `ngspice -b` for every
   point of the same run. Start-up (reading the deck, starting and loading the
   worker) and the final proof have columns of their own.

       run_over_floor TRIMPOT EXAMPLES [REPEATS]

   Each repeat measures both ways one after the other; the row with the median
   ratio is printed, so that a noisy neighbour hits both. */
#include "front/front.h"
#include "run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct row {
    int    trials;
    double floor, startup, loop, proof, spawn; /* seconds */
} row;

typedef struct clock_at {
    double first; /* when the first trial was told */
    double first_sim;
} clock_at;

static void die(const char *what, const tp_err *err)
{
    tp_arena mem = tp_arena_open(1 << 20);
    tp_str   text = tp_err_text(err, &mem);
    fprintf(stderr, "run_over_floor: %s: %.*s\n", what, TP_F(text));
    exit(3);
}

static void on_trial(void *with, const tp_trial *t, const tp_trial *best)
{
    clock_at *c = with;
    (void)best;
    if (t->number == 1) {
        c->first = tp_now();
        c->first_sim = t->seconds;
    }
}

/* The same points, each by a fresh `ngspice -b`. */
static double spawn_all(const tp_problem *p, const tp_run *r)
{
    tp_err            err = {0};
    const tp_trial   *trial;
    int               n = tp_run_trials(r, &trial);
    const tp_sim_ops *ops = tp_sim_find(TP_S("spawn"));
    tp_sim            sim = {.mem = tp_arena_open((ptrdiff_t)1 << 32)};
    tp_arena          mem = tp_arena_open((ptrdiff_t)1 << 32);
    sim.settings = tp_alloc(&sim.mem, (ptrdiff_t)ops->settings_size + 1, 16, 1);
    if (ops->params) tp_params_default(ops->params, sim.settings);
    if (ops->open(&sim, &err) || ops->load(&sim, p->bench[0].circuit, &err))
        die("spawn", &err);
    double began = tp_now();
    for (int i = 0; i < n; i++) {
        tp_sim_result out;
        tp_arena      job = mem;
        if (ops->run(&sim, trial[i].x, NULL, &job, &out, &err))
            die("spawn", &err);
    }
    double took = tp_now() - began;
    ops->close(&sim);
    tp_arena_close(&mem);
    tp_arena_close(&sim.mem);
    return took;
}

/* The folder and the store in it. */
static void remove_store(const char *folder, const char *db, tp_arena mem)
{
    static const char *const ending[] = {"", "-wal", "-shm"};
    for (int i = 0; i < TP_COUNT(ending); i++)
        unlink(tp_str_z(&mem, tp_str_fmt(&mem, "%s%s", db, ending[i])));
    rmdir(folder);
}

static row measure(const char *deck, const char *program, int max_trials,
                   double reltol)
{
    row             out = {0};
    tp_err          err = {0};
    tp_problem      p;
    tp_store       *store;
    tp_run         *r;
    tp_proof        proof;
    tp_run_settings set;
    clock_at        at = {0};
    char            path[] = "/tmp/trimpot-bench-XXXXXX";
    tp_arena        mem = tp_arena_open((ptrdiff_t)1 << 32);
    if (!mkdtemp(path)) die("mkdtemp", &err);
    tp_str db = tp_str_fmt(&mem, "%s/b.db", path);
    tp_params_default(tp_run_params, &set);
    set.check_share = -1; /* it would take time from the other core */
    set.program = tp_str_of(program);
    set.max_trials = max_trials;
    if (reltol > 0) set.reltol = reltol;
    double began = tp_now();
    if (tp_front_read(&p, deck, NULL, &mem, &err)) die(deck, &err);
    if (tp_store_open(&store, tp_str_z(&mem, db), &err)) die("store", &err);
    if (tp_run_start(&r, &p, &set, store, &err)) die("start", &err);
    tp_run_watch watch = {.with = &at, .trial = on_trial};
    if (tp_run_go(r, &watch, &err)) die("run", &err);
    double done = tp_now();
    if (tp_run_prove(r, &proof, &mem, &err) || !proof.same) die("proof", &err);
    out.proof = tp_now() - done;
    const tp_trial *trial;
    out.trials = tp_run_trials(r, &trial);
    for (int i = 0; i < out.trials; i++) out.floor += trial[i].sim_seconds;
    out.startup = at.first - began - at.first_sim;
    out.loop = done - began - out.startup;
    out.spawn = spawn_all(&p, r);
    tp_run_close(r);
    tp_store_close(store);
    remove_store(path, tp_str_z(&mem, db), mem);
    tp_arena_close(&mem);
    return out;
}

static int by_ratio(const void *a, const void *b)
{
    double x = ((const row *)a)->loop / ((const row *)a)->floor;
    double y = ((const row *)b)->loop / ((const row *)b)->floor;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name, *file;
        int         max_trials;
        double      reltol;
    } deck[] = {{"diode", "diode.net", 0, 0},
                {"amp-700", "amp-700.net", 0, 0},
                {"amp-700 conv.", "amp-700.net", 2000, 1e-9}};
    enum { MAX_REPEATS = 21 };
    int n = argc > 3 ? atoi(argv[3]) : 3;
    if (argc < 3 || n < 1 || n > MAX_REPEATS) {
        fprintf(stderr, "usage: run_over_floor TRIMPOT EXAMPLES [REPEATS]\n");
        return 2;
    }
    printf("%-14s %7s %9s %9s %9s %9s %10s %12s\n", "deck", "trials", "floor s",
           "start s", "loop s", "proof s", "loop/floor", "spawn/floor");
    for (int i = 0; i < TP_COUNT(deck); i++) {
        row  r[MAX_REPEATS];
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", argv[2], deck[i].file);
        for (int k = 0; k < n; k++)
            r[k] = measure(path, argv[1], deck[i].max_trials, deck[i].reltol);
        qsort(r, (size_t)n, sizeof r[0], by_ratio);
        row m = r[n / 2];
        printf("%-14s %7d %9.4f %9.4f %9.4f %9.4f %10.3f %12.2f\n",
               deck[i].name, m.trials, m.floor, m.startup, m.loop, m.proof,
               m.loop / m.floor, m.spawn / m.floor);
        fflush(stdout);
    }
    return 0;
}
