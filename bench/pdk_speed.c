/* A SPICE amplifier on a process library: one evaluation here against a spawn
   of `ngspice -b` on the same deck, and against the analysis alone.

       pdk_speed TRIMPOT EXAMPLES [REPEATS]

   The deck is data/circuits/sky130_two_stage_opamp with all of its 14 values
   moved by up to 1 %, inside the bins of its models; then with moves that
   cross bins; then a step response with the library padded until ngspice
   needs 7 s or more to read it. Each repeat starts ngspice once and evaluates
   200 points (tran: 10); the repeat with the median ratio is shown. */
#include "sim/sim.h"
#include "text.h"

#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { N_VAR = 18, POINTS_AC = 200, POINTS_TRAN = 10, REPEATS_MAX = 99 };

static char     folder[] = "/tmp/tp-pdk-XXXXXX";
static tp_arena mem;

static void die(const char *what, const tp_err *err)
{
    tp_str text = tp_err_text(err, &mem);
    fprintf(stderr, "pdk_speed: %s: %.*s\n", what, TP_F(text));
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

static const char *write_file(const char *name, tp_str text)
{
    tp_err err = {0};
    char  *path = tp_str_z(&mem, tp_str_fmt(&mem, "%s/%s", folder, name));
    if (tp_file_write(path, text, &err)) die("writing", &err);
    return path;
}

/* The shipped test bench without its commands, its files by their full names,
   and `more` before its end. */
static tp_str deck_text(tp_str data, const char *more, const char *library)
{
    tp_str home =
        tp_str_fmt(&mem, "%.*s/circuits/sky130_two_stage_opamp", TP_F(data));
    tp_str s = read_file(tp_str_fmt(&mem, "%.*s/tb.spice", TP_F(home)));
    char  *from = memmem(s.at, (size_t)s.len, ".control", 8);
    char  *to = memmem(s.at, (size_t)s.len, ".endc", 5);
    tp_str rest = tp_str_from(s, to + 5 - s.at);
    rest.len -= 5; /* .end */
    s = tp_str_fmt(&mem, "%.*s%.*s%s\n.end\n", (int)(from - s.at), s.at,
                   TP_F(rest), more);
    s = replaced(s, "orig/", tp_str_fmt(&mem, "%.*s/orig/", TP_F(home)), &mem);
    return replaced(s, "../../pdk/sky130/select/sky130_1v8.lib",
                    library ? tp_str_of(library)
                            : tp_str_fmt(&mem,
                                         "%.*s/pdk/sky130/select/"
                                         "sky130_1v8.lib",
                                         TP_F(data)),
                    &mem);
}

/* The shipped library with more sub-circuits, and for each of them parameters
   that need the ones before, as the discrete library of the same process has
   them. */
static const char *padded_library(tp_str data, int n_subckt, int n_param)
{
    tp_buf b = {.mem = &mem};
    tp_buf_fmt(&b,
               ".lib tt\n.lib \"%.*s/pdk/sky130/select/sky130_1v8.lib\" tt\n",
               TP_F(data));
    for (int i = 0; i < n_subckt; i++) {
        tp_buf_fmt(&b, ".param pad_%d_0 = {%d*corner_factor}\n", i, i);
        for (int k = 1; k < n_param; k++)
            tp_buf_fmt(&b, ".param pad_%d_%d = {pad_%d_%d+1}\n", i, k, i,
                       (k - 1) / 2);
        tp_buf_fmt(&b,
                   ".subckt pad_s%d a b w=1 l=1\nr1 a b padr w={w} l={l}\n"
                   ".model padr r rsh={pad_%d_0*w}\n.ends\n",
                   i, i);
    }
    tp_buf_add(&b, TP_S("\n.endl tt\n"));
    return write_file("padded.lib", tp_buf_str(&b));
}

/* ---- ngspice as a program ------------------------------------------------ */

static double spawn_once(const char *deck)
{
    static const char *const word[] = {"ngspice", "-b", "-r", "out.raw"};
    char                    *argv[TP_COUNT(word) + 2] = {0};
    for (int i = 0; i < TP_COUNT(word); i++)
        argv[i] = tp_str_z(&mem, tp_str_of(word[i]));
    argv[TP_COUNT(word)] = tp_str_z(&mem, tp_str_of(deck));
    posix_spawn_file_actions_t to;
    pid_t                      pid;
    int                        status = 1;
    double                     began = tp_now();
    posix_spawn_file_actions_init(&to);
    posix_spawn_file_actions_addchdir_np(&to, folder);
    posix_spawn_file_actions_addopen(&to, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&to, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&to, 1, 2);
    if (posix_spawnp(&pid, argv[0], &to, NULL, argv, environ) == 0)
        waitpid(pid, &status, 0);
    posix_spawn_file_actions_destroy(&to);
    if (status != 0) fprintf(stderr, "pdk_speed: ngspice -b failed\n");
    return tp_now() - began;
}

/* ---- here ---------------------------------------------------------------- */

typedef struct bench {
    tp_circuit        circuit;
    tp_tunable        var[N_VAR];
    int               n;
    tp_sim            sim;
    const tp_sim_ops *ops;
    tp_rng            rng;
    double            startup; /* seconds from the deck to a loaded circuit */
    tp_pruned         how;
} bench;

static const char *const names[] = {
    "W_M1", "L_M1", "W_M2", "L_M2", "W_M3", "L_M3", "W_M4", "L_M4", "W_M5",
    "L_M5", "W_M6", "L_M6", "W_M7", "L_M7", "Rfb",  "Cfb",  "Vcm",  "Vb"};
static const double start[] = {42.118,     1.7112,  42.118, 1.7112, 51.287,
                               2.5157,     51.287,  2.5157, 29.076, 1.6114,
                               57.710,     4.7941,  13.16,  2.4698, 2595.5,
                               1.8379e-12, 0.77233, 0.85437};

static void open_bench(bench *b, const char *path, double wide,
                       const char *simulator)
{
    tp_err             err = {0};
    tp_deck           *d;
    const tp_analysis *a;
    int                n_a;
    tp_circuit        *whole = TP_NEW(&mem, tp_circuit, 1);
    tp_range           box[N_VAR];
    double             began = tp_now();
    *b = (bench){.n = N_VAR, .rng = tp_rng_at(1, 1)};
    for (int i = 0; i < N_VAR; i++) {
        b->var[i] = (tp_tunable){tp_str_of(names[i]), start[i]};
        box[i] = (tp_range){start[i] * (1 - wide), start[i] * (1 + wide)};
    }
    if (tp_deck_read(&d, path, NULL, &mem, &err) ||
        tp_deck_analyses(d, &a, &n_a, &err) ||
        tp_deck_circuit(whole, d, b->var, N_VAR, a, n_a, &err))
        die("reading the deck", &err);
    tp_circuit_prune(&b->circuit, whole, box, NULL, &b->how, &mem);
    b->sim.mem = tp_arena_open((ptrdiff_t)1 << 32);
    if (tp_sim_start(&b->ops, &b->sim, tp_str_of(simulator), &err) ||
        b->ops->load(&b->sim, &b->circuit, &err))
        die("loading", &err);
    b->startup = tp_now() - began;
}

/* `n` points around the start; the part of the time that is analysis. */
static double evaluate(bench *b, int n, double wide, double *floor)
{
    double began = tp_now();
    for (int k = 0; k < n; k++) {
        double        x[N_VAR];
        tp_arena      job = mem;
        tp_err        err = {0};
        tp_sim_result out;
        for (int i = 0; i < N_VAR; i++)
            x[i] = start[i] * (1 + wide * (2 * tp_rng_uniform(&b->rng) - 1));
        if (b->ops->run(&b->sim, x, NULL, &job, &out, &err)) die("run", &err);
        if (out.how != TP_RAN)
            fprintf(stderr, "pdk_speed: %.*s\n", TP_F(out.why));
        *floor += out.seconds;
    }
    return tp_now() - began;
}

/* ---- rows ---------------------------------------------------------------- */

typedef struct row {
    double spawn, eval, floor; /* seconds, one evaluation each */
} row;

static int by_ratio(const void *a, const void *b)
{
    const row *x = a, *y = b;
    double     rx = x->spawn / x->eval, ry = y->spawn / y->eval;
    return (rx > ry) - (rx < ry);
}

/* In a process of its own: there is one ngspice in one. */
static void measure(const char *title, const char *deck, int repeats,
                    int points, double wide, const char *simulator)
{
    static row list[REPEATS_MAX];
    bench     *b = TP_NEW(&mem, bench, 1);
    double     unused = 0;
    open_bench(b, deck, wide, simulator);
    evaluate(b, points < 20 ? points : 20, wide, &unused);
    for (int r = 0; r < repeats; r++) {
        double floor = 0;
        list[r].spawn = spawn_once(deck);
        list[r].eval = evaluate(b, points, wide, &floor) / points;
        list[r].floor = floor / points;
    }
    b->ops->close(&b->sim);
    qsort(list, (size_t)repeats, sizeof *list, by_ratio);
    const row *m = &list[repeats / 2];
    printf("%-30s %9.1f %9.3f %9.3f %8.0f %7.2f %8.3f %6d\n", title,
           1e3 * m->spawn, 1e3 * m->eval, 1e3 * m->floor, m->spawn / m->eval,
           m->eval / m->floor, b->startup, b->how.bins_kept);
    fflush(stdout);
}

static void in_child(const char *title, const char *deck, int repeats,
                     int points, double wide, const char *simulator)
{
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        measure(title, deck, repeats, points, wide, simulator);
        exit(0);
    }
    waitpid(pid, &status, 0);
}

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    mem = tp_arena_open((ptrdiff_t)1 << 33);
    int    repeats = argc > 3 ? atoi(argv[3]) : 5;
    tp_str data =
        tp_path_absolute(tp_str_fmt(&mem, "%s/../../data", argv[2]), &mem);
    if (!mkdtemp(folder)) return 3;
    setenv("OMP_THREAD_LIMIT", "1", 1);
    write_file(".spiceinit", TP_S("set num_threads=1\nset ngbehavior=hsa\n"
                                  "set ng_nomodcheck\n"));
    const char *ac =
        write_file("ac.cir", deck_text(data, ".ac dec 10 1 1e10\n", NULL));
    const char *padded = padded_library(data, 3900, 5);
    const char *tran = write_file(
        "tran.cir",
        replaced(deck_text(data, ".tran 1n 1u\n", padded), "V1 net1 GND dc Vcm",
                 TP_S("V1 net1 GND pulse(0.7 0.8 10n 1n 1n 500n 1)"), &mem));
    printf("%-30s %9s %9s %9s %8s %7s %8s %6s\n", "", "spawn", "here", "floor",
           "spawn/", "here/", "start", "bins");
    printf("%-30s %9s %9s %9s %8s %7s %8s %6s\n", "", "ms", "ms", "ms", "here",
           "floor", "s", "kept");
    in_child("ac", ac, repeats, POINTS_AC, 0.01, "ngspice");
    in_child("ac, read again each time", ac, repeats, POINTS_AC, 0.01,
             "ngspice,path=reset");
    in_child("ac, values +- 30 %", ac, repeats, POINTS_AC, 0.3, "ngspice");
    in_child("step, padded library", tran, 1 + repeats / 4, POINTS_TRAN, 0.01,
             "ngspice");
    static const char *const file[] = {".spiceinit", "ac.cir", "tran.cir",
                                       "padded.lib", "out.raw"};
    for (int i = 0; i < TP_COUNT(file); i++)
        unlink(tp_str_z(&mem, tp_str_fmt(&mem, "%s/%s", folder, file[i])));
    rmdir(folder);
    return 0;
}
