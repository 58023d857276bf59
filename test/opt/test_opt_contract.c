/* What every method of the list keeps to: the same shared checks on each row,
   with and without constraints where it takes them. */
#include "drive.h"

#include <stdlib.h>

static bool smooth(const double *x, int n, double *f, double *g)
{
    *f = 0.5;
    for (int i = 0; i < n; i++) *f += (i + 1) * (x[i] - 0.3) * (x[i] - 0.3);
    g[0] = 0.5 - x[0];
    return true;
}

static bool never(const double *x, int n, double *f, double *g)
{
    (void)x;
    (void)n;
    (void)f;
    (void)g;
    return false;
}

/* The half of the box with the start point fails. */
static bool half(const double *x, int n, double *f, double *g)
{
    return x[0] > 0.55 && smooth(x, n, f, g);
}

/* Says "ok" with numbers that are none. */
static bool liar(const double *x, int n, double *f, double *g)
{
    smooth(x, n, f, g);
    if (x[0] > 0.6) *f = NAN;
    if (x[1] > 0.6) g[0] = INFINITY;
    return true;
}

static bool huge(const double *x, int n, double *f, double *g)
{
    smooth(x, n, f, g);
    *f = (*f - 0.7) * 1e305;
    g[0] *= 1e300;
    return true;
}

/* Calls a check for every row, without and with a constraint. */
static void each(void (*check)(const tp_opt_ops *ops, int n_g))
{
    for (const tp_opt_ops *const *at = tp_opts(); *at; at++) {
        int before = check_failures;
        check(*at, 0);
        if ((*at)->can & TP_OPT_CONSTRAINTS) check(*at, 1);
        if (check_failures > before) printf("  in %s\n", (*at)->name);
    }
}

/* Trials a check may take of a method: few of one that thinks for long. */
static int at_most(const tp_opt_ops *ops, int trials)
{
    return ops->can & TP_OPT_THOROUGH && trials > 60 ? 60 : trials;
}

static drive *open_as(const char *method, int n_g, drive_function *function)
{
    static tp_arena mem;
    if (!mem.base) mem = tp_arena_open((ptrdiff_t)1 << 30);
    tp_arena at = mem; /* the drive before is gone */
    tp_err   err;
    drive   *d = drive_box(&at, 3, 0.5);
    d->function = function;
    d->opt.n_g = n_g;
    return CHECK_OK(drive_open(d, method, &err), &err) ? d : NULL;
}

static drive *open_on(const tp_opt_ops *ops, int n_g, drive_function *function)
{
    return open_as(ops->name, n_g, function);
}

static void start_first(const tp_opt_ops *ops, int n_g)
{
    double x[DRIVE_MAX];
    int    tag;
    drive *d = open_on(ops, n_g, smooth);
    if (!d) return;
    CHECK_INT(ops->ask(&d->opt, x, &tag), TP_ASK_POINT);
    for (int i = 0; i < 3; i++) CHECK_NEAR(x[i], 0.5, 0);
    tp_ask next = ops->ask(&d->opt, x, &tag);
    CHECK_INT(next, ops->can & TP_OPT_PARALLEL ? TP_ASK_POINT : TP_ASK_WAIT);
    CHECK(ops->finished(&d->opt) == NULL);
    drive_close(d);
}

static void test_every_method__asks_the_start_point_first(void)
{
    each(start_first);
}

/* Runs and closes; checks the points, and gives a hash of them. */
static uint64_t points(const tp_opt_ops *ops, int n_g, uint64_t seed,
                       drive_function *function)
{
    drive *d = open_on(ops, n_g, function);
    if (!d) return 0;
    d->opt.seed = seed;
    drive_close(d);
    tp_err err;
    if (!CHECK_OK(drive_open(d, ops->name, &err), &err)) return 0;
    int         most = at_most(ops, 400);
    const char *word = drive_run(d, most);
    CHECK(!d->bad_x);
    CHECK(d->n_ask > 1);
    if (d->n_ask < most) CHECK(word != NULL);
    if (word) {
        CHECK(strcmp(word, "invalidargs") && strcmp(word, "outofmemory") &&
              strcmp(word, "unknown") && strcmp(word, "forcedstop"));
        double x[DRIVE_MAX];
        int    tag;
        CHECK_INT(ops->ask(&d->opt, x, &tag), TP_ASK_DONE);
    }
    uint64_t hash = tp_hash(
        0, (tp_str){(const char *)d->asked,
                    (ptrdiff_t)sizeof d->asked[0] * (ptrdiff_t)d->n_ask});
    drive_close(d);
    return hash;
}

static void same_again(const tp_opt_ops *ops, int n_g)
{
    static drive_function *const all[] = {smooth, half, liar};
    for (int i = 0; i < TP_COUNT(all); i++)
        CHECK(points(ops, n_g, 1, all[i]) == points(ops, n_g, 1, all[i]));
    bool differ = points(ops, n_g, 1, smooth) != points(ops, n_g, 2, smooth);
    CHECK(differ == ((ops->can & TP_OPT_RANDOM) != 0));
}

static void test_every_method__asks_the_same_with_the_same_seed(void)
{
    each(same_again);
}

static void hostile(const tp_opt_ops *ops, int n_g)
{
    points(ops, n_g, 1, never);
    points(ops, n_g, 1, half);
    points(ops, n_g, 1, liar);
    points(ops, n_g, 1, huge);
}

static void test_every_method__stays_in_bounds_when_trials_fail(void)
{
    each(hostile);
}

static void finds(const tp_opt_ops *ops, int n_g)
{
    drive *d = open_on(ops, n_g, half);
    if (!d) return;
    drive_run(d, at_most(ops, 3000));
    CHECK(d->best >= 0); /* though its first trial failed */
    drive_close(d);
}

static void test_every_method__gets_out_of_a_half_that_fails(void)
{
    each(finds);
}

static void close_at(const tp_opt_ops *ops, int n_g)
{
    for (int steps = 0; steps <= 60;
         steps += ops->can & TP_OPT_THOROUGH ? 5 : 1) {
        double x[DRIVE_MAX];
        int    tag;
        drive *d = open_on(ops, n_g, steps % 2 ? smooth : half);
        if (!d) return;
        drive_run(d, steps);
        if (steps % 3 == 0) ops->ask(&d->opt, x, &tag); /* never told */
        drive_close(d);
    }
}

static void test_every_method__can_be_closed_at_any_step(void)
{
    each(close_at);
}

/* ---- words ------------------------------------------ */

static void words(const tp_opt_ops *ops, int n_g)
{
    double x[DRIVE_MAX];
    int    tag;
    drive *d = ops->why ? open_on(ops, n_g, half) : NULL;
    if (!d) return;
    drive_run(d, 20);
    CHECK_INT(ops->ask(&d->opt, x, &tag), TP_ASK_POINT);
    tp_buf line = {.mem = check_mem()};
    ops->why(&d->opt, tag, &line);
    CHECK(line.len > 5);
    CHECK(tp_str_find(tp_buf_str(&line), '\n', 0) < 0);
    ptrdiff_t before = line.len;
    ops->why(&d->opt, TP_OPT_FOREIGN_TAG, &line); /* nothing is known of it */
    CHECK_INT(line.len, before);
    drive_close(d);
}

static void test_every_method__can_say_why_in_one_line(void)
{
    each(words);
}

/* ---- variables that can't move ---------------------------------------- */

static void frozen(const tp_opt_ops *ops, int n_g)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 4, 0.5);
    d->function = smooth;
    d->opt.n_g = n_g;
    d->var[1] = (tp_var){.name = TP_S("b"), .lo = 7, .hi = 7, .start = 7};
    if (!CHECK_OK(drive_open(d, ops->name, &err), &err)) return;
    drive_run(d, at_most(ops, 400)); /* cost_profile needs over 200 */
    CHECK(!d->bad_x);
    CHECK(d->n_ask > 3);
    for (int i = 0; i < d->n_ask; i++)
        CHECK_NEAR(d->asked[i][1], d->asked[0][1], 0);
    int moved = 0;
    for (int i = 0; i < d->n_ask; i++) moved += d->asked[i][3] != 0.5;
    CHECK(moved > 0);
    drive_close(d);
}

static void all_frozen(const tp_opt_ops *ops, int n_g)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 2, 0.5);
    d->function = smooth;
    d->opt.n_g = n_g;
    for (int i = 0; i < 2; i++) d->var[i].lo = d->var[i].hi = 0.5;
    if (ops->can & TP_OPT_ENDLESS && ops->can & TP_OPT_PARALLEL) return;
    if (!CHECK_OK(drive_open(d, ops->name, &err), &err)) return;
    const char *word = drive_run(d, 200);
    CHECK_INT(d->n_ask, 1);
    CHECK_Z(word ? word : "none", "xtolreached");
    drive_close(d);
}

static void test_every_method__leaves_frozen_variables(void)
{
    each(frozen);
    each(all_frozen);
}

static void single(const tp_opt_ops *ops, int n_g)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 1, 0.5);
    d->function = smooth;
    d->opt.n_g = n_g;
    d->opt.stop.reltol = 1e-6;
    tp_status status = drive_open(d, ops->name, &err);
    if (ops->can & TP_OPT_TWO) {
        CHECK_INT(status, TP_BAD_INPUT);
        CHECK_HAS(tp_str_of(err.msg), "needs two variables");
        return;
    }
    if (!CHECK_OK(status, &err)) return;
    drive_run(d, at_most(ops, 2000));
    CHECK(!d->bad_x);
    double wanted = n_g ? 0.5 + 0.2 * 0.2 : 0.5;
    CHECK_NEAR(d->best_f, wanted, 2e-3);
    drive_close(d);
}

static void test_every_method__takes_one_variable_or_says_no(void)
{
    each(single);
}

/* ---- settings --------------------------------------------------------- */

static bool ranged(const tp_param *p, double v)
{
    return p->min >= p->max || (v >= p->min && v <= p->max);
}

static int n_choices(const tp_param *p)
{
    int n = 0;
    while (p->choices[n]) n++;
    return n;
}

enum { OTHERS = 4 };

/* A value in the row's range that is not the default; one of four (of whole
   numbers) or two. */
static tp_str other_value(const tp_param *p, int which, tp_arena *mem)
{
    static const int whole[OTHERS] = {9, 17, 2, 40};
    bool             high = which % 2;
    if (p->type == TP_TEXT) return tp_str_of(high ? "17" : "9");
    if (p->type == TP_BOOL) return tp_str_of(p->def != 0 ? "no" : "yes");
    if (p->type == TP_CHOICE) {
        int other = ((int)p->def + (high ? 1 : 2)) % n_choices(p);
        return tp_str_of(p->choices[other]);
    }
    double low = p->def == 0 ? 0.1 : p->def / 100;
    double v = high ? 0.9 * p->max : low;
    if (p->type == TP_INT) v = whole[which];
    if (!ranged(p, v)) v = p->def == p->min ? p->max : p->min;
    return tp_str_fmt(mem, "%.9g", v);
}

/* Two constraints, both active at the solution. */
static bool fenced(const double *x, int n, double *f, double *g)
{
    smooth(x, n, f, g);
    *f += 3 * x[0] + 5 * (x[1] + 1) * (x[1] + 1);
    g[0] = 0.5 - x[0] - x[1];
    g[1] = x[0] * x[0] - x[1];
    return true;
}

/* Many minima, all over the box. */
static bool rough(const double *x, int n, double *f, double *g)
{
    smooth(x, n, f, g);
    for (int i = 0; i < n; i++) *f += 0.3 * cos(40 * x[i]);
    return true;
}

/* 0 when the method refuses the value, with a message. */
static uint64_t hash_with(const tp_opt_ops *ops, tp_str setting,
                          drive_function *function)
{
    tp_err err;
    drive *d = drive_box(check_mem(), 3, 0.5);
    d->function = function;
    d->opt.n_g = ops->can & TP_OPT_CONSTRAINTS ? 1 + (function == fenced) : 0;
    d->opt.stop.reltol = 1e-5;
    tp_str all =
        tp_str_fmt(check_mem(), "%s,%.*s%c", ops->name, TP_F(setting), 0);
    if (drive_open(d, all.at, &err)) {
        CHECK_HAS(tp_str_of(err.msg), ops->name);
        return 0;
    }
    drive_run(d, at_most(ops, 1500));
    drive_close(d);
    return tp_hash((uint64_t)d->n_ask,
                   (tp_str){(const char *)d->asked,
                            (ptrdiff_t)sizeof d->asked[0] * d->n_ask});
}

/* Whether some other value changes a point of some problem when the settings
   of `with` are made already. */
static bool acts_with(const tp_opt_ops *ops, const tp_param *p, tp_str with)
{
    static drive_function *const on[] = {smooth, fenced, rough};
    for (int i = 0; i < OTHERS * TP_COUNT(on); i++) {
        tp_arena        keep = *check_mem();
        drive_function *function = on[i / OTHERS];
        tp_str          value = other_value(p, i % OTHERS, check_mem());
        tp_str set = tp_str_fmt(check_mem(), "%.*s,%s=%.*s", TP_F(with),
                                p->name, TP_F(value));
        if (with.len == 0) set = tp_str_from(set, 1);
        uint64_t hash = hash_with(ops, set, function);
        bool     differs = hash && hash != hash_with(ops, with, function);
        *check_mem() = keep;
        if (differs) return true;
    }
    return false;
}

/* Alone, or beside some value of a choice. */
static bool acts(const tp_opt_ops *ops, const tp_param *p)
{
    if (acts_with(ops, p, TP_S(""))) return true;
    for (const tp_param *q = ops->params; q->name; q++) {
        if (q == p || q->type != TP_CHOICE) continue;
        for (int i = 0; q->choices[i]; i++)
            if (acts_with(
                    ops, p,
                    tp_str_fmt(check_mem(), "%s=%s", q->name, q->choices[i])))
                return true;
    }
    return false;
}

static void settings_act(const tp_opt_ops *ops, int n_g)
{
    if (n_g > 0 || !ops->params) return;
    for (const tp_param *p = ops->params; p->name; p++) {
        bool keeps = !strcmp(p->name, "sfreq") ||   /* see test_opt_psade */
                     !strcmp(p->name, "corners") || /* test_opt_bo_corners */
                     !strcmp(p->name, "outfile");   /* see test_opt_list */
        if (!CHECK(keeps || acts(ops, p)))
            printf("  %s changes nothing\n", p->name);
        CHECK(p->text && p->text[0]);
    }
}

static void test_every_method__settings_act(void)
{
    each(settings_act);
}

static void settings_bad(const tp_opt_ops *ops, int n_g)
{
    tp_err    err;
    void     *set;
    tp_arena *mem = check_mem();
    if (n_g > 0) return;
    tp_str list = tp_str_fmt(mem, "%s,nosuch=1", ops->name);
    CHECK_INT(tp_opt_settings(&set, ops, list, mem, &err), TP_BAD_INPUT);
    CHECK_HAS(tp_str_of(err.msg), "nosuch");
    CHECK_HAS(tp_str_of(err.msg), ops->name);
    for (const tp_param *p = ops->params; p && p->name; p++) {
        if (p->type == TP_TEXT) continue;
        list = tp_str_fmt(mem, "%s,%s=-3", ops->name, p->name);
        bool fine = p->type == TP_REAL && ranged(p, -3);
        CHECK_INT(tp_opt_settings(&set, ops, list, mem, &err),
                  fine ? TP_OK : TP_BAD_INPUT);
        if (!fine) CHECK_HAS(tp_str_of(err.msg), p->name);
        list = tp_str_fmt(mem, "%s=", p->name);
        CHECK_INT(tp_opt_settings(&set, ops, list, mem, &err), TP_BAD_INPUT);
    }
}

static void test_every_method__names_bad_settings(void)
{
    each(settings_bad);
}

static void row_is_whole(const tp_opt_ops *ops, int n_g)
{
    (void)n_g;
    CHECK(ops->name && ops->aliases && ops->summary && ops->source);
    CHECK(ops->window >= 1);
    CHECK(ops->window == 1 || ops->can & TP_OPT_PARALLEL);
    CHECK(tp_opt_find(tp_str_of(ops->name)) == ops);
    tp_str rest = tp_str_of(ops->aliases), word;
    while ((word = tp_str_word(&rest, " ")).len > 0)
        CHECK(tp_opt_find(word) == ops); /* nobody else's */
}

static void test_every_method__has_a_whole_row(void)
{
    each(row_is_whole);
}

/* Told points that it never asked for, some outside the box that it is then
   given, a method asks inside it. */
static void takes_foreign(const tp_opt_ops *ops, int n_g)
{
    static const double lo[] = {0.2, 0.6, 0.4}, hi[] = {0.4, 0.6, 0.9};
    if (!(ops->can & TP_OPT_FOREIGN)) return;
    drive *d = open_on(ops, n_g, smooth);
    if (!d) return;
    for (int k = 0; k < 12; k++) {
        double x[] = {k / 12.0, 0.5, 1 - k / 12.0}, g[1];
        tp_obs y = {.ok = k != 3, .n_g = n_g, .g = g};
        smooth(x, 3, &y.f, g);
        ops->tell(&d->opt, TP_OPT_FOREIGN_TAG, x, &y);
    }
    d->opt.lo = lo;
    d->opt.hi = hi;
    for (int k = 0; k < 12; k++) {
        double x[DRIVE_MAX], g[1];
        int    tag;
        tp_obs y = {.ok = true, .n_g = n_g, .g = g};
        if (!CHECK_INT(ops->ask(&d->opt, x, &tag), TP_ASK_POINT)) break;
        for (int i = 0; i < 3; i++)
            CHECK(x[i] >= lo[i] - 1e-12 && x[i] <= hi[i] + 1e-12);
        smooth(x, 3, &y.f, g);
        ops->tell(&d->opt, tag, x, &y);
    }
    drive_close(d);
}

static void test_every_method__goes_on_from_foreign_points(void)
{
    each(takes_foreign);
}

/* One that is out. */
typedef struct pending {
    double       x[DRIVE_MAX];
    int          tag;
    bool         bounded;
    tp_opt_bound bound;
} pending;

static bool has_lost(const pending *p, double f, double miss)
{
    return p->bounded && (miss > p->bound.violation || f > p->bound.f);
}

/* Asks up to six points before the oldest is told, `most` in all, which are
   kept. With `early` what has lost is told as ended: how many were. */
static int go_round(drive *d, int most, bool early)
{
    enum { WINDOW = 6 };
    pending out[WINDOW + 1]; /* one that is not asked, at last */
    double  none[DRIVE_MAX] = {0}, g[DRIVE_MAX] = {0}, f;
    int     n = 0, ended = 0;
    for (;;) {
        pending *p = &out[n];
        *p = (pending){.bound = {INFINITY, INFINITY, none, -1}};
        bool more = n < WINDOW && d->n_ask < most &&
                    d->ops->ask(&d->opt, p->x, &p->tag) == TP_ASK_POINT;
        if (more) {
            p->bounded = d->ops->bound(&d->opt, p->tag, &p->bound);
            memcpy(d->asked[d->n_ask++], p->x, sizeof p->x);
            n++;
            continue;
        }
        if (n == 0) return ended;
        p = &out[0];
        d->function(p->x, d->space.n, &f, g);
        bool   lost = early && has_lost(p, f, d->opt.n_g ? fmax(0, g[0]) : 0);
        tp_obs y = {.ok = !lost, .f = f, .n_g = d->opt.n_g, .g = g};
        y.early = lost;
        ended += lost;
        d->ops->tell(&d->opt, p->tag, p->x, &y);
        for (int i = 1; i < n; i++) out[i - 1] = out[i];
        n--;
    }
}

/* What ends a method's trials early changes nothing in what it asks. bo, which
   learns from what it ended, is another search then. */
static void loses_nothing(const tp_opt_ops *ops, int n_g)
{
    enum { MOST = 300 };
    static double whole[MOST][DRIVE_MAX];
    const char   *method = ops->name;
    if (!ops->bound || ops->can & TP_OPT_THOROUGH) return;
    if (!strcmp(method, "genetic")) method = "genetic,elitism=on";
    drive *d = open_as(method, n_g, smooth);
    if (!d) return;
    go_round(d, MOST, false);
    int n = d->n_ask;
    memcpy(whole, d->asked, sizeof whole);
    drive_close(d);
    d = open_as(method, n_g, smooth);
    int ended = go_round(d, MOST, true);
    CHECK(n > 30 && (n_g == 0 || ended >= 5));
    if (CHECK_INT(d->n_ask, n))
        CHECK(memcmp(whole, d->asked, sizeof *whole * (size_t)n) == 0);
    drive_close(d);
}

static void test_every_method__loses_nothing_by_early_ends(void)
{
    each(loses_nothing);
}

static const check_test tests[] = {
    CHECK_TEST(test_every_method__asks_the_start_point_first),
    CHECK_TEST(test_every_method__asks_the_same_with_the_same_seed),
    CHECK_TEST(test_every_method__stays_in_bounds_when_trials_fail),
    CHECK_TEST(test_every_method__gets_out_of_a_half_that_fails),
    CHECK_TEST(test_every_method__can_be_closed_at_any_step),
    CHECK_TEST(test_every_method__can_say_why_in_one_line),
    CHECK_TEST(test_every_method__leaves_frozen_variables),
    CHECK_TEST(test_every_method__takes_one_variable_or_says_no),
    CHECK_TEST(test_every_method__settings_act),
    CHECK_TEST(test_every_method__names_bad_settings),
    CHECK_TEST(test_every_method__has_a_whole_row),
    CHECK_TEST(test_every_method__goes_on_from_foreign_points),
    CHECK_TEST(test_every_method__loses_nothing_by_early_ends),
    {0},
};

int main(void)
{
    return check_main(tests);
}
