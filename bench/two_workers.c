/* Trials per second with two workers against one, taken in turns so that a
   neighbour's load meets both; the median ratio. It has to be measured on an
   idle machine with two processors. Wanted: 1.85. What is printed is a table of
   Markdown.

       two_workers TRIMPOT EXAMPLES [ROUNDS] */
#include "amps.h"

enum { TRIALS = 400, ROUNDS_MAX = 101 };

/* Trials per second, without the start. */
static double rate(const amp *a, const char *program, int jobs, int trials,
                   tp_arena mem)
{
    const tp_exec_ops *ops = tp_exec_find(TP_S("local"));
    tp_str  load = tp_eval_load(&a->p, 0, NULL, TP_S("ngspice"), &mem);
    tp_exec x;
    double  begun = 0, v[2];
    int     sent = 0, done = 0, warm = 2 * jobs;
    amp_open(&x, program, jobs, load, &mem);
    while (done < trials + warm) {
        tp_arena job = mem;
        for (; ops->room(&x) > 0 && sent < trials + warm; sent++) {
            amp_point((uint64_t)sent, v);
            amp_submit(&x, (uint64_t)sent + 1, v, 2, job);
        }
        amp_wait(&x, &job);
        if (++done == warm) begun = tp_now();
    }
    double took = tp_now() - begun;
    ops->close(&x);
    return trials / took;
}

static int by_size(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

int main(int argc, char **argv)
{
    static const char *const sets[] = {"op", "op ac", "op ac tran"};
    int                      rounds = argc > 3 ? atoi(argv[3]) : 5;
    if (argc < 3 || rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: two_workers TRIMPOT EXAMPLES [ROUNDS]\n");
        return 2;
    }
    printf("| circuit | analyses   | 1: per s | 2: per s | ratio |\n"
           "|---|---|---|---|---|\n");
    for (int s = 1; s <= TP_COUNT(sets); s++)
        for (int m = 0; m < TP_COUNT(amp_models); m++) {
            double   one[ROUNDS_MAX], two[ROUNDS_MAX], ratio[ROUNDS_MAX];
            tp_arena mem = tp_arena_open((ptrdiff_t)1 << 32);
            amp     *a = amp_make(m, s, &mem);
            int      n = s == 3 ? TRIALS / 8 : TRIALS;
            for (int k = 0; k < rounds; k++) {
                one[k] = rate(a, argv[1], 1, n, mem);
                two[k] = rate(a, argv[1], 2, n, mem);
                ratio[k] = two[k] / one[k];
            }
            qsort(one, (size_t)rounds, sizeof *one, by_size);
            qsort(two, (size_t)rounds, sizeof *two, by_size);
            qsort(ratio, (size_t)rounds, sizeof *ratio, by_size);
            printf("| %-7s | %-10s | %8.0f | %8.0f | %5.2f |\n",
                   amp_models[m][0], sets[s - 1], one[rounds / 2],
                   two[rounds / 2], ratio[rounds / 2]);
            fflush(stdout);
            tp_arena_close(&mem);
        }
    return 0;
}
