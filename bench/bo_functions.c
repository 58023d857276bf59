/* bo beside other methods on four functions with published results: the median
   and quartiles of what is left to the known minimum, over random starts.

       bo_functions [SEEDS [FOLDER [WINDOW [METHOD ...]]]]

   The published regrets are MACE's after as many trials, 4 at a time (Lyu et
   al., ICML 2018, table 3: 20+45x4, 100+175x4). Printed as a table in Markdown.
   FOLDER gets a graph for each function as SVG and PNG, median and quartiles;
   "-": none. 20 seeds of all methods take some five minutes. */
#include "race.h"

static const double PI = 3.14159265358979323846;
static const double LEAST_SHOWN = 1e-10; /* of a regret, in the graph */

static bool branin(const double *x, double *f, double *g)
{
    (void)g;
    double a = x[1] - 5.1 / (4 * PI * PI) * x[0] * x[0] + 5 / PI * x[0] - 6;
    *f = a * a + 10 * (1 - 1 / (8 * PI)) * cos(x[0]) + 10;
    return true;
}

static bool hartmann6(const double *x, double *f, double *g)
{
    static const double alpha[] = {1, 1.2, 3, 3.2};
    static const double a[4][6] = {{10, 3, 17, 3.5, 1.7, 8},
                                   {0.05, 10, 17, 0.1, 8, 14},
                                   {3, 3.5, 1.7, 10, 17, 8},
                                   {17, 8, 0.05, 10, 0.1, 14}};
    static const double p[4][6] = {
        {0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
        {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
        {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
        {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
    (void)g;
    *f = 0;
    for (int i = 0; i < 4; i++) {
        double sum = 0;
        for (int k = 0; k < 6; k++)
            sum += a[i][k] * (x[k] - p[i][k]) * (x[k] - p[i][k]);
        *f -= alpha[i] * exp(-sum);
    }
    return true;
}

static bool ackley10(const double *x, double *f, double *g)
{
    double square = 0, wave = 0;
    (void)g;
    for (int i = 0; i < 10; i++) {
        square += x[i] * x[i] / 10;
        wave += cos(2 * PI * x[i]) / 10;
    }
    *f = -20 * exp(-0.2 * sqrt(square)) - exp(wave) + 20 + exp(1);
    return true;
}

static bool rosenbrock10(const double *x, double *f, double *g)
{
    (void)g;
    *f = 0;
    for (int i = 0; i < 9; i++) {
        double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        *f += 100 * a * a + b * b;
    }
    return true;
}

static void all_from_to(tp_var *var, int n, double lo, double hi)
{
    for (int i = 0; i < n; i++)
        var[i] = (tp_var){.name = TP_S("x"), .lo = lo, .hi = hi};
}

static void branin_space(tp_var *var)
{
    var[0] = (tp_var){.name = TP_S("x"), .lo = -5, .hi = 10};
    var[1] = (tp_var){.name = TP_S("y"), .lo = 0, .hi = 15};
}

static void unit_space(tp_var *var)
{
    all_from_to(var, 6, 0, 1);
}

static void ackley_space(tp_var *var)
{
    all_from_to(var, 10, -32.768, 32.768);
}

static void rosenbrock_space(tp_var *var)
{
    all_from_to(var, 10, -5, 10);
}

static const struct {
    race_problem p;
    double       published;
} problems[] = {
    {{"Branin", 2, 0, 200, branin, branin_space, 0.39788735772973816}, 4.6e-6},
    {{"Hartmann6", 6, 0, 800, hartmann6, unit_space, -3.322368011415515},
     0.0276},
    {{"Ackley10", 10, 0, 800, ackley10, ackley_space, 0}, 2.56},
    {{"Rosenbrock10", 10, 0, 800, rosenbrock10, rosenbrock_space, 0}, 158},
};

static void print_row(const race_problem *p, const char *method,
                      const race_run *run, int seeds, tp_arena scratch)
{
    double seconds = 0, trials = 0;
    int    last = p->trials - 1;
    for (int s = 0; s < seeds; s++) {
        seconds += run[s].seconds / seeds;
        trials += (double)run[s].told / seeds;
    }
    printf("| %s | %s | %.3g | %.3g | %.3g | %.0f | %.2f |\n", p->name, method,
           race_quantile(run, seeds, last, 0.25, scratch),
           race_quantile(run, seeds, last, 0.5, scratch),
           race_quantile(run, seeds, last, 0.75, scratch), trials, seconds);
    fflush(stdout);
}

typedef struct options {
    int          seeds, window;
    const char  *folder;
    const char **method;
} options;

static void print_head(const options *o)
{
    printf("%d seeds, window %d; methods:", o->seeds, o->window);
    for (const char **m = o->method; *m; m++) printf(" %s", *m);
    printf("\n\n| function | method | quartile | median | quartile | trials | "
           "CPU s of a run |\n| --- | --- | --- | --- | --- | --- | --- |\n");
    fflush(stdout);
}

/* Whether bo's median reaches the published regret. */
static bool one_problem(int k, const options *o)
{
    static tp_arena     all;
    const race_problem *p = &problems[k].p;
    race_graph          graph = {.least = LEAST_SHOWN};
    bool                reached = true;
    if (!all.base) all = tp_arena_open((ptrdiff_t)1 << 32);
    tp_arena mem = all;
    for (const char **m = o->method; *m; m++) {
        race_run *run = TP_NEW(&mem, race_run, o->seeds);
        for (int s = 0; s < o->seeds; s++) {
            uint64_t seed = (uint64_t)s + 1;
            tp_space space = race_space(p, seed, &mem);
            run[s] = race(p, *m, &space, seed, o->window, &mem);
        }
        print_row(p, *m, run, o->seeds, mem);
        race_add(&graph, *m, run, o->seeds, p->trials, &mem);
        double median = race_quantile(run, o->seeds, p->trials - 1, 0.5, mem);
        if (m == o->method) reached = median <= problems[k].published;
    }
    printf("| %s | published | | %.3g | | | %s: %s |\n", p->name,
           problems[k].published, o->method[0],
           reached ? "reached" : "NOT REACHED");
    race_add_level(&graph, "published", problems[k].published, p->trials, &mem);
    tp_str title = tp_str_fmt(&mem, "%s, %d variables, %d seeds%c", p->name,
                              p->n, o->seeds, 0);
    static const char *const kinds[] = {"svg", "png"};
    for (int i = 0; i < 2 && strcmp(o->folder, "-") != 0; i++) {
        tp_str path =
            tp_str_fmt(&mem, "%s/%s.%s%c", o->folder, p->name, kinds[i], 0);
        race_draw(&graph, title.at, "regret: median and quartiles", path.at);
    }
    return reached;
}

int main(int argc, char **argv)
{
    static const char *usual[] = {"bo",      "RANDOM_SEARCH", "psade", "COBYLA",
                                  "genetic", "lshade",        "cmaes", NULL};
    options            o = {.seeds = argc > 1 ? atoi(argv[1]) : 3,
                            .window = argc > 3 ? atoi(argv[3]) : 4,
                            .folder = argc > 2 ? argv[2] : "-",
                            .method = argc > 4 ? (const char **)argv + 4 : usual};
    int                failed = 0;
    if (o.seeds < 1 || o.window < 1 || o.window > RACE_WINDOW_MAX) {
        fprintf(stderr,
                "bo_functions [SEEDS [FOLDER [WINDOW [METHOD ...]]]]\n");
        return 2;
    }
    print_head(&o);
    for (int k = 0; k < TP_COUNT(problems); k++) failed += !one_problem(k, &o);
    printf("\n%.0f s of CPU\n", tp_cpu_now());
    return failed > 0;
}
