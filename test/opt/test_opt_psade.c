/* PSADE: its population, its rule, its local steps, and what is kept. */
#include "opt/opt.h"
#include "wells.h"

enum { NP = 12 };

/* A bowl with its bottom at (0.6, 0.3). */
static double bowl(const double *x)
{
    return (x[0] - 0.6) * (x[0] - 0.6) + (x[1] - 0.3) * (x[1] - 0.3);
}

typedef struct out { /* an ask */
    double x[DRIVE_MAX];
    int    tag;
} out;

static drive *open_flat(const char *settings, int n)
{
    tp_err err;
    drive *d = drive_box(check_mem(), n, 0.5);
    tp_str all = tp_str_fmt(check_mem(), "psade,np=12%s%c", settings, 0);
    CHECK_OK(drive_open(d, all.at, &err), &err);
    return d;
}

static tp_ask ask(drive *d, out *o)
{
    return d->ops->ask(&d->opt, o->x, &o->tag);
}

static void tell(drive *d, const out *o, double f)
{
    tp_obs y = {.ok = !isnan(f), .f = f};
    d->ops->tell(&d->opt, o->tag, o->x, &y);
}

/* The first population, told the bowl's values. */
static void tell_first(drive *d, out *first)
{
    for (int i = 0; i < NP; i++) {
        CHECK_INT(ask(d, &first[i]), TP_ASK_POINT);
        tell(d, &first[i], bowl(first[i].x));
    }
}

static void test_psade__first_population_has_every_layer_once(void)
{
    out    first[NP], more;
    drive *d = open_flat("", 2);
    for (int i = 0; i < NP; i++) CHECK_INT(ask(d, &first[i]), TP_ASK_POINT);
    CHECK_INT(ask(d, &more), TP_ASK_WAIT);
    CHECK_NEAR(first[0].x[0], 0.5, 0);
    CHECK_NEAR(first[0].x[1], 0.5, 0);
    for (int axis = 0; axis < 2; axis++) {
        int seen[NP - 1] = {0};
        for (int i = 1; i < NP; i++) seen[(int)(first[i].x[axis] * (NP - 1))]++;
        for (int k = 0; k < NP - 1; k++) CHECK_INT(seen[k], 1);
    }
    drive_close(d);
}

static void test_psade__has_one_trial_out_for_each_individual(void)
{
    out    first[NP], trial[NP], more;
    bool   seen[NP] = {false};
    drive *d = open_flat("", 2);
    tell_first(d, first);
    for (int i = 0; i < NP; i++) {
        CHECK_INT(ask(d, &trial[i]), TP_ASK_POINT);
        if (!CHECK(trial[i].tag >= 0 && trial[i].tag < NP)) return;
        CHECK(!seen[trial[i].tag]);
        seen[trial[i].tag] = true;
    }
    CHECK_INT(ask(d, &more), TP_ASK_WAIT);
    for (int i = NP - 1; i >= 0; i--) tell(d, &trial[i], 9);
    CHECK_INT(ask(d, &more), TP_ASK_POINT); /* any order will do */
    drive_close(d);
}

/* A point of the line through a in the direction of some two individuals'
   difference. */
static bool on_a_line(const out *first, const double *a, const double *x)
{
    for (int i = 0; i < NP; i++)
        for (int k = 0; k < NP; k++) {
            const double *p = first[i].x, *q = first[k].x;
            double        cross =
                (p[0] - q[0]) * (x[1] - a[1]) - (p[1] - q[1]) * (x[0] - a[0]);
            if (i != k && fabs(cross) < 1e-12) return true;
        }
    return false;
}

static double along(const double *a, const double *b, const double *x)
{
    double dx = b[0] - a[0], dy = b[1] - a[1];
    return ((x[0] - a[0]) * dx + (x[1] - a[1]) * dy) / (dx * dx + dy * dy);
}

static bool within(const double *x)
{
    return x[0] > 0 && x[0] < 1 && x[1] > 0 && x[1] < 1;
}

/* The local step after the first trial of a seed, which is told the bowl; the
   bowl's bottom on a line is where the gradient is across it. */
static bool local_step(uint64_t seed)
{
    out    first[NP], trial, b, c, bottom;
    drive *d = open_flat("", 2);
    d->opt.seed = seed;
    drive_close(d);
    CHECK_OK(d->ops->init(&d->opt, NULL), NULL);
    tell_first(d, first);
    ask(d, &trial);
    const double *was = first[trial.tag].x;
    bool          taken = bowl(trial.x) < bowl(was);
    tell(d, &trial, bowl(trial.x));
    if (!taken) return false;
    memcpy(first[trial.tag].x, trial.x, sizeof trial.x);
    const double *a = first[trial.tag].x;
    ask(d, &b);
    CHECK_INT(b.tag, trial.tag);
    CHECK(on_a_line(first, a, b.x));
    tell(d, &b, bowl(b.x));
    ask(d, &c);
    CHECK_INT(c.tag, trial.tag);
    double s = along(a, b.x, c.x);
    if (bowl(b.x) < bowl(a))
        CHECK(s <= 2 && (s >= 1 || !within(c.x) || s > 0));
    else
        CHECK(s <= 0 && s >= -2);
    tell(d, &c, bowl(c.x));
    ask(d, &bottom);
    CHECK_INT(bottom.tag, trial.tag);
    double target[2] = {0.6, 0.3};
    double s_min = along(a, b.x, target);
    double x_min[2] = {a[0] + s_min * (b.x[0] - a[0]),
                       a[1] + s_min * (b.x[1] - a[1])};
    if (within(x_min)) {
        CHECK_NEAR(bottom.x[0], x_min[0], 1e-9);
        CHECK_NEAR(bottom.x[1], x_min[1], 1e-9);
    }
    tell(d, &bottom, bowl(bottom.x));
    ask(d, &b);
    CHECK(b.tag != trial.tag); /* the next one's turn */
    drive_close(d);
    return true;
}

static void test_psade__local_step_fits_a_parabola(void)
{
    int many = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        tp_arena keep = *check_mem();
        many += local_step(seed);
        *check_mem() = keep;
    }
    CHECK(many > 10);
}

/* All temperatures are tmin where that is large: a trial worse by tmin ln 2 is
   taken half the times, and never takes the place of the best. */
static void test_psade__goes_up_by_metropolis_rule(void)
{
    out    first[NP], trial;
    int    counted = 0, taken = 0, before = -1;
    drive *d = open_flat(",tmin=100,sfreq=1,pL=0", 2);
    tell_first(d, first);
    for (int k = 0; k < 8000; k++) {
        tp_people p = d->ops->people(&d->opt);
        int       best = 0;
        double    f[NP];
        for (int i = 0; i < NP; i++) f[i] = p.f[i];
        for (int i = 1; i < NP; i++)
            if (f[i] < f[best]) best = i;
        ask(d, &trial);
        int at = trial.tag;
        tell(d, &trial, f[at] + 100 * log(2));
        p = d->ops->people(&d->opt);
        bool now = p.f[at] != f[at];
        CHECK(at != best || !now);
        if (at == before) CHECK(!now); /* of its local step */
        if (at != best && at != before) {
            counted++;
            taken += now;
        }
        before = at;
    }
    CHECK(counted > 2000);
    CHECK_NEAR((double)taken / counted, 0.5, 0.04);
    drive_close(d);
}

static void test_psade__worse_never_replaces_the_best(void)
{
    out    first[NP], trial;
    drive *d = open_flat(",tmin=1e30,sfreq=1", 2);
    double least = INFINITY;
    tell_first(d, first);
    for (int i = 0; i < NP; i++) least = fmin(least, bowl(first[i].x));
    for (int k = 0; k < 500; k++) {
        ask(d, &trial);
        tell(d, &trial, 1 + k);
    }
    tp_people p = d->ops->people(&d->opt);
    double    best = INFINITY, worst = 0;
    for (int i = 0; i < NP; i++) {
        best = fmin(best, p.f[i]);
        worst = fmax(worst, p.f[i]);
    }
    CHECK_NEAR(best, least, 0);
    CHECK(worst > 400); /* everything else is taken */
    drive_close(d);
}

/* pL = 1: a local step after each trial, taken or not; 0: only then. */
static void test_psade__pl_asks_for_local_steps(void)
{
    static const char *const pl[] = {",tmin=1e-300,pL=0", ",tmin=1e-300,pL=1"};
    int                      same[2] = {0};
    for (int i = 0; i < 2; i++) {
        out    first[NP], trial, next;
        drive *d = open_flat(pl[i], 2);
        tell_first(d, first);
        ask(d, &trial);
        for (int k = 0; k < 100; k++, trial = next) {
            tell(d, &trial, NAN); /* failed: never taken */
            ask(d, &next);
            same[i] += next.tag == trial.tag;
        }
        drive_close(d);
    }
    CHECK(same[0] > 0 && same[0] < 20); /* the best one's turns */
    CHECK(same[1] > 45);                /* a trial and a local step of two */
}

static void test_psade__keeps_its_population_every_sfreq(void)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 3, 0.5);
    d->var[1] = (tp_var){.name = TP_S("b"), .lo = 7, .hi = 7, .start = 7};
    CHECK_OK(drive_open(d, "psade,np=5,sfreq=7", &err), &err);
    for (int k = 1; k <= 30; k++) {
        out o;
        ask(d, &o);
        tell(d, &o, o.x[0] + o.x[2]);
        tp_people p = d->ops->people(&d->opt);
        CHECK_INT(p.told, k / 7 * 7);
        CHECK_INT(p.n, 5);
        for (int i = 0; p.told && i < p.n; i++) {
            const double *x = p.x + i * 3;
            CHECK_NEAR(p.f[i], x[0] + x[2], 0);
            CHECK_NEAR(x[1], o.x[1], 0);
        }
    }
    drive_close(d);
}

static void test_psade__ends_at_mincf_in_either_case(void)
{
    static const char *const at[] = {"psade,minCF=0.6", "psade,mincf=0.6"};
    for (int i = 0; i < 2; i++) {
        wells_end e = wells_run(at[i], 1, 10000);
        CHECK(e.asked < 2000);
        CHECK(e.f <= 0.6);
        CHECK_Z(e.why ? e.why : "none", "cost is at minCF");
    }
}

static void test_psade__finds_the_global_well(void)
{
    CHECK(wells_seeds("psade", 10000, 0.501) >= 9);
    CHECK(wells_seeds("psade,np=30", 10000, 0.501) >= 9);
}

static const check_test tests[] = {
    CHECK_TEST(test_psade__first_population_has_every_layer_once),
    CHECK_TEST(test_psade__has_one_trial_out_for_each_individual),
    CHECK_TEST(test_psade__local_step_fits_a_parabola),
    CHECK_TEST(test_psade__goes_up_by_metropolis_rule),
    CHECK_TEST(test_psade__worse_never_replaces_the_best),
    CHECK_TEST(test_psade__pl_asks_for_local_steps),
    CHECK_TEST(test_psade__keeps_its_population_every_sfreq),
    CHECK_TEST(test_psade__ends_at_mincf_in_either_case),
    CHECK_TEST(test_psade__finds_the_global_well),
    {0},
};

int main(void)
{
    return check_main(tests);
}
