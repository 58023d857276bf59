/* The simple genetic algorithm: what children are made of. */
#include "wells.h"

enum { POP = 24 };

static bool line(const double *x, int n, double *f, double *g)
{
    (void)n;
    *f = x[0];
    g[0] = x[0] < 0.2;
    return true;
}

/* One variable of one byte, two generations. */
static drive *breed(const char *settings, int n_g)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 1, 0.5);
    tp_str all = tp_str_fmt(
        check_mem(), "genetic,popsize=24,maxgen=2,lchrom=1,%s%c", settings, 0);
    d->function = line;
    d->opt.n_g = n_g;
    if (!CHECK_OK(drive_open(d, all.at, &err), &err)) return d;
    drive_run(d, 1000);
    drive_close(d);
    return d;
}

/* The byte behind the i-th point. */
static int byte(const drive *d, int i)
{
    double v = d->asked[i][0] * 255;
    if (i > 0) CHECK_NEAR(v, round(v), 1e-9);
    return (int)(v + 0.5);
}

static bool among_parents(const drive *d, int v)
{
    for (int i = 0; i < POP; i++)
        if (byte(d, i) == v) return true;
    return false;
}

static void test_genetic__asks_the_start_then_random_strings(void)
{
    drive *d = breed("pcross=0,pmutation=0", 0);
    CHECK_INT(d->n_ask, 2 * POP);
    CHECK_NEAR(d->asked[0][0], 0.5, 0);
    CHECK_INT(byte(d, 0), 128);
    int same = 0;
    for (int i = 2; i < POP; i++) same += byte(d, i) == byte(d, i - 1);
    CHECK(same < 4);
    CHECK_Z(d->ops->name, "genetic");
}

static void test_genetic__copies_without_crossover_and_mutation(void)
{
    drive *d = breed("pcross=0,pmutation=0", 0);
    for (int i = POP; i < 2 * POP; i++) CHECK(among_parents(d, byte(d, i)));
}

/* Some cut of some two parents gives it. */
static bool crossed(const drive *d, int v)
{
    for (int cut = 1; cut < 8; cut++) {
        int  low = (1 << (8 - cut)) - 1;
        bool head = false, tail = false;
        for (int i = 0; i < POP; i++) {
            head = head || (byte(d, i) & ~low) == (v & ~low);
            tail = tail || (byte(d, i) & low) == (v & low);
        }
        if (head && tail) return true;
    }
    return false;
}

static void test_genetic__crosses_at_one_point(void)
{
    drive *d = breed("pcross=1,pmutation=0", 0);
    int    fresh = 0;
    for (int i = POP; i < 2 * POP; i++) {
        CHECK(crossed(d, byte(d, i)));
        fresh += !among_parents(d, byte(d, i));
    }
    CHECK(fresh > 0);
    for (int i = POP; i < 2 * POP; i += 2) { /* nothing is lost in a pair */
        int  both = byte(d, i) + byte(d, i + 1);
        bool kept = false;
        for (int a = 0; a < POP; a++)
            for (int b = 0; b < POP; b++)
                kept = kept || byte(d, a) + byte(d, b) == both;
        CHECK(kept);
    }
}

/* All bits flipped: 255 - v; in Gray's code, whose 11111111 is 170, v ^ 170. */
static void test_genetic__mutates_bits_of_its_coding(void)
{
    drive *d = breed("pcross=0,pmutation=1", 0);
    for (int i = POP; i < 2 * POP; i++)
        CHECK(among_parents(d, 255 - byte(d, i)));
    d = breed("pcross=0,pmutation=1,coding=gray", 0);
    for (int i = POP; i < 2 * POP; i++)
        CHECK(among_parents(d, byte(d, i) ^ 170));
}

/* Costs of the first generation are 0 for one and 1 for the others, whose
   scaled fitness is then 0 with a large factor and 1/3 of it with 2. */
static int copies_of_first(const char *scaling)
{
    tp_err err;
    int    copies = 0;
    double first = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        drive *d = drive_box(check_mem(), 1, 0.5);
        d->opt.seed = seed;
        tp_str all = tp_str_fmt(check_mem(),
                                "genetic,popsize=4,pcross=0,pmutation=0,%s%c",
                                scaling, 0);
        if (!CHECK_OK(drive_open(d, all.at, &err), &err)) return -1;
        for (int i = 0; i < 8; i++) {
            double u;
            int    tag;
            CHECK_INT(d->ops->ask(&d->opt, &u, &tag), TP_ASK_POINT);
            tp_obs y = {.ok = true, .f = i != 1};
            if (i == 1) first = u;
            if (i >= 4) copies += u == first;
            d->ops->tell(&d->opt, tag, &u, &y);
        }
        drive_close(d);
    }
    return copies;
}

static void test_genetic__scales_fitness_as_goldberg_does(void)
{
    CHECK_INT(copies_of_first("scaling=100"), 400);
    /* mean 1/4, the best 2/4: it is half of the wheel */
    CHECK_NEAR(copies_of_first("scaling=2"), 200, 40);
    CHECK_NEAR(copies_of_first("scaling=1.2"), 120, 40);
}

static void test_genetic__infeasible_ones_have_no_children(void)
{
    drive *d = breed("pcross=0,pmutation=0", 1);
    int    infeasible = 0;
    for (int i = 0; i < POP; i++) infeasible += d->asked[i][0] < 0.2;
    CHECK(infeasible > 0);
    for (int i = POP; i < 2 * POP; i++) CHECK(d->asked[i][0] >= 0.2);
}

static void test_genetic__elite_is_not_asked_again_nor_lost(void)
{
    drive *d = breed("elitism=yes,pmutation=1,pcross=0", 0);
    CHECK_INT(d->n_ask, 2 * POP - 1);
    wells_end e =
        wells_run("genetic,elitism=yes,maxgen=20,popsize=10", 1, 1000);
    CHECK_INT(e.asked, 10 + 19 * 9);
    CHECK_Z(e.why ? e.why : "none", "last generation made");
}

static void test_genetic__finds_the_global_well(void)
{
    CHECK(wells_seeds("genetic,elitism=yes", 10000, 0.501) >= 9);
    CHECK(wells_seeds("genetic,elitism=yes,coding=gray", 10000, 0.501) >= 9);
}

static void test_genetic__refuses_an_odd_population(void)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 1, 0.5);
    CHECK_INT(drive_open(d, "genetic,popsize=7", &err), TP_BAD_INPUT);
    CHECK_Z(err.msg, "genetic: popsize: 7 is not an even number");
    CHECK_INT(drive_open(d, "genetic,lchrom=5", &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "lchrom: 5 is outside 1 to 4");
}

static const check_test tests[] = {
    CHECK_TEST(test_genetic__asks_the_start_then_random_strings),
    CHECK_TEST(test_genetic__copies_without_crossover_and_mutation),
    CHECK_TEST(test_genetic__crosses_at_one_point),
    CHECK_TEST(test_genetic__mutates_bits_of_its_coding),
    CHECK_TEST(test_genetic__scales_fitness_as_goldberg_does),
    CHECK_TEST(test_genetic__infeasible_ones_have_no_children),
    CHECK_TEST(test_genetic__elite_is_not_asked_again_nor_lost),
    CHECK_TEST(test_genetic__finds_the_global_well),
    CHECK_TEST(test_genetic__refuses_an_odd_population),
    {0},
};

int main(void)
{
    return check_main(tests);
}
