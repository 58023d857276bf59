/* A simulator of formulas for a session's tests: a divider r1, r2 behind the
   source v1, with c1 across r2, and a model dm. */
#ifndef TP_TEST_NUTMEG_FAKE_H
#define TP_TEST_NUTMEG_FAKE_H

#include "check.h"
#include "nutmeg/nutmeg.h"

typedef struct fake_value {
    const char *name;
    double      def, now;
} fake_value;

typedef struct fake {
    fake_value value[12];
    double     p; /* a .param, in force after reset: r2 = p */
    double     p_next;
    double     temp;
    bool       loaded, dead, fail;
    tp_buf     log; /* commands, one a line */
    int        commands;
} fake;

static inline double *fake_find(fake *f, tp_str name)
{
    for (int i = 0; i < TP_COUNT(f->value) && f->value[i].name; i++)
        if (tp_str_same(name, tp_str_of(f->value[i].name)))
            return &f->value[i].now;
    return NULL;
}

static inline void fake_reset(fake *f)
{
    static const fake_value all[] = {
        {"@r1[resistance]", 1000, 1000},   {"@r2[resistance]", 1000, 1000},
        {"@c1[capacitance]", 1e-6, 1e-6},  {"@v1[dc]", 10, 10},
        {"@dm[is]", 1e-14, 1e-14},         {"@v1[acmag]", 1, 1},
        {"@r.x2.x1.r1[resistance]", 5, 5}, {"@v1[pulse]", 0, 0},
    };
    memset(f->value, 0, sizeof f->value);
    memcpy(f->value, all, sizeof all);
    f->p = f->p_next;
    *fake_find(f, TP_S("@r2[resistance]")) = f->p;
    f->temp = 27;
}

static inline tp_status fake_load(void *with, const tp_circuit *c, tp_err *err)
{
    fake *f = with;
    (void)c, (void)err;
    f->p_next = 1000;
    fake_reset(f);
    f->loaded = true;
    return TP_OK;
}

static inline const double *fake_one(tp_arena *mem, double v)
{
    double *x = TP_NEW(mem, double, 1);
    *x = v;
    return x;
}

static inline tp_wave *fake_waves(tp_arena *mem, tp_plot *p, const char *kind,
                                  int n)
{
    tp_wave *w = TP_NEW(mem, tp_wave, n);
    *p = (tp_plot){.kind = tp_str_of(kind),
                   .ordinal = TP_S("x9"),
                   .n_wave = n,
                   .wave = w,
                   .op = -1};
    return w;
}

static inline void fake_op(fake *f, tp_arena *mem, tp_plot *p)
{
    tp_wave *w = fake_waves(mem, p, "op", 3);
    double   v = *fake_find(f, TP_S("@v1[dc]"));
    double   r1 = *fake_find(f, TP_S("@r1[resistance]"));
    double   r2 = *fake_find(f, TP_S("@r2[resistance]"));
    w[0] = (tp_wave){.name = TP_S("v(1)"),
                     .unit = TP_S("V"),
                     .n = 1,
                     .re = fake_one(mem, v)};
    w[1] = (tp_wave){.name = TP_S("v(2)"),
                     .unit = TP_S("V"),
                     .n = 1,
                     .re = fake_one(mem, v * r2 / (r1 + r2))};
    w[2] = (tp_wave){.name = TP_S("v1#branch"),
                     .unit = TP_S("A"),
                     .n = 1,
                     .re = fake_one(mem, -v / (r1 + r2))};
}

/* v(2) = 1/(1 + jk) at frequency k+1: 1, 1/(1+j), 1/(1+2j) ... */
static inline void fake_ac(tp_arena *mem, tp_plot *p, int n)
{
    tp_wave *w = fake_waves(mem, p, "ac", 2);
    double  *f = TP_NEW(mem, double, n), *re = TP_NEW(mem, double, n),
           *im = TP_NEW(mem, double, n);
    for (int k = 0; k < n; k++) {
        f[k] = pow(10, k);
        re[k] = 1. / (1 + k * k);
        im[k] = -(double)k / (1 + k * k);
    }
    p->x_name = TP_S("frequency");
    w[0] = (tp_wave){
        .name = p->x_name, .unit = TP_S("Hz"), .n = n, .x = f, .re = f};
    w[1] = (tp_wave){.name = TP_S("v(2)"),
                     .unit = TP_S("V"),
                     .n = n,
                     .x = f,
                     .re = re,
                     .im = im};
}

/* v(2) over an even sweep from a: y = x (dc) or a sine of 1 kHz (tran). */
static inline void fake_sweep(tp_arena *mem, tp_plot *p, const char *kind,
                              const double *sweep)
{
    int      n = (int)floor((sweep[1] - sweep[0]) / sweep[2] + 1e-9) + 1;
    bool     tran = kind[0] == 't';
    tp_wave *w = fake_waves(mem, p, kind, 2);
    double  *x = TP_NEW(mem, double, n), *y = TP_NEW(mem, double, n);
    for (int k = 0; k < n; k++) {
        x[k] = sweep[0] + k * sweep[2];
        y[k] = tran ? sin(2 * acos(-1) * 1000 * x[k]) : x[k] / 2;
    }
    p->x_name = tran ? TP_S("time") : TP_S("v-sweep");
    w[0] = (tp_wave){.name = p->x_name,
                     .unit = tran ? TP_S("s") : TP_S("V"),
                     .n = n,
                     .x = x,
                     .re = x};
    w[1] = (tp_wave){
        .name = TP_S("v(2)"), .unit = TP_S("V"), .n = n, .x = x, .re = y};
}

static inline void fake_noise(tp_arena *mem, tp_plot *p)
{
    double  *x = TP_NEW(mem, double, 2);
    tp_wave *w = fake_waves(mem, &p[0], "noise", 2);
    x[0] = 1, x[1] = 10;
    p[0].x_name = TP_S("frequency");
    w[0] = (tp_wave){.name = p[0].x_name, .n = 2, .x = x, .re = x};
    w[1] = (tp_wave){.name = TP_S("onoise_spectrum"), .n = 2, .x = x, .re = x};
    w = fake_waves(mem, &p[1], "noise", 1);
    w[0] =
        (tp_wave){.name = TP_S("onoise_total"), .n = 1, .re = fake_one(mem, 7)};
}

static inline void fake_fails(tp_sim_result *out, const char *why)
{
    out->how = TP_SIM_FAILED;
    out->why = tp_str_of(why);
}

/* "alter @r1[resistance] = 5" */
static inline void fake_alter(fake *f, tp_str rest, tp_sim_result *out)
{
    tp_str name = tp_str_word(&rest, " =");
    double v = 0, *at = fake_find(f, name);
    rest = tp_str_trim(rest);
    if (rest.len > 0 && rest.at[0] == '=') rest = tp_str_from(rest, 1);
    if (!at)
        fake_fails(out, "no such device or parameter");
    else if (tp_number_all(rest, &v))
        *at = v;
}

static inline tp_status fake_command(void *with, tp_str command, tp_arena *mem,
                                     tp_sim_result *out, tp_err *err)
{
    fake    *f = with;
    tp_plot *p = TP_NEW(mem, tp_plot, 2);
    tp_str   rest = command, word = tp_str_word(&rest, " ");
    double   v[3] = {0};
    *out = (tp_sim_result){.waves = {1, p}};
    tp_buf_fmt(&f->log, "%.*s\n", TP_F(command));
    f->commands++;
    if (f->dead) return tp_fail(err, TP_SIM, "the simulator is gone");
    if (tp_str_eq(word, TP_S("op"))) {
        if (f->fail || *fake_find(f, TP_S("@r1[resistance]")) < 0)
            out->how = TP_NO_CONVERGENCE;
        fake_op(f, mem, p);
    } else if (tp_str_eq(word, TP_S("ac"))) {
        fake_ac(mem, p, 4);
    } else if (tp_str_eq(word, TP_S("dc")) || tp_str_eq(word, TP_S("tran"))) {
        bool tran = word.at[0] == 't';
        if (!tran) tp_str_word(&rest, " ");
        for (int i = tran ? 1 : 0; i < 3; i++)
            tp_number(tp_str_word(&rest, " "), &v[i]);
        double sweep[] = {tran ? 0 : v[0], tran ? v[2] : v[1],
                          tran ? v[1] : v[2]};
        fake_sweep(mem, p, tran ? "tran" : "dc", sweep);
    } else if (tp_str_eq(word, TP_S("noise"))) {
        out->waves.n = 2;
        fake_noise(mem, p);
    } else {
        out->waves.n = 0;
        if (tp_str_starts(word, TP_S("alterparam"))) {
            tp_str_word(&rest, " =");
            tp_number(tp_str_word(&rest, " ="), &f->p_next);
        } else if (tp_str_starts(word, TP_S("alter"))) {
            fake_alter(f, rest, out);
        } else if (tp_str_eq(word, TP_S("reset"))) {
            fake_reset(f);
        }
    }
    return TP_OK;
}

static inline tp_status fake_query(void *with, tp_str name, tp_arena *mem,
                                   tp_wave *out, tp_err *err)
{
    double *at = fake_find(with, name);
    (void)err;
    *out = (tp_wave){.name = name};
    if (!at) out->name = TP_S("no such device or parameter");
    if (!at) return TP_OK;
    out->n = 1;
    out->re = fake_one(mem, *at);
    return TP_OK;
}

/* A session with the fake loaded, whose output goes into `out`. */
typedef struct scene {
    fake       sim;
    tp_nutmeg *m;
    tp_buf     out;
    int        prints, stop_after; /* prints; interrupts the session */
} scene;

static inline void scene_print(void *with, tp_str text)
{
    scene *s = with;
    tp_buf_add(&s->out, text);
    if (++s->prints == s->stop_after) tp_nutmeg_interrupt(s->m);
}

static inline void scene_warning(void *with, tp_str text)
{
    tp_buf_fmt(&((scene *)with)->out, "warning: %.*s\n", TP_F(text));
}

static inline void scene_file(void *with, tp_str path)
{
    tp_str name = tp_path_name(path);
    tp_buf_fmt(&((scene *)with)->out, "file: %.*s\n", TP_F(name));
}

/* The commands the simulator got since the last time. */
static inline tp_status scene_commands(tp_nutmeg *m, void *owner, tp_str rest,
                                       const tp_str *arg, int n, tp_err *err)
{
    scene *s = owner;
    (void)rest, (void)arg, (void)n, (void)err;
    if (s->sim.log.len > 0)
        tp_nutmeg_print(m, "%.*s", TP_F(tp_buf_str(&s->sim.log)));
    s->sim.log.len = 0;
    return TP_OK;
}

static const tp_nutmeg_command scene_more[] = {
    {"commands", "", 0, 0, false, "What the simulator got.", scene_commands},
    {0},
};

static inline bool scene_open(scene *s, tp_str folder)
{
    tp_err err = {0};
    *s = (scene){.out = {.mem = check_mem()}};
    s->sim.log.mem = check_mem();
    tp_nutmeg_setup setup = {
        .sim = {&s->sim, fake_load, fake_command, fake_query, NULL},
        .sink = {.with = s,
                 .print = scene_print,
                 .warning = scene_warning,
                 .file = scene_file},
        .folder = folder,
        .name = TP_S("deck"),
        .more = scene_more,
        .owner = s,
        .seed = 1,
        .memory = (ptrdiff_t)1 << 30,
    };
    if (!CHECK_OK(tp_nutmeg_open(&s->m, &setup, &err), &err)) return false;
    return true;
}

static inline bool scene_load(scene *s)
{
    static const tp_analysis analysis[] = {
        {.command = {"op", 2}, .kind = {"op", 2}},
        {.command = {"tran 1m {2*1m}", 14}, .kind = {"tran", 4}},
    };
    tp_circuit c = {
        .text = TP_S("t\nv1 1 0 10\nr1 1 2 1k\nr2 2 0 1k\nc1 2 0 1u\n.end\n"),
        .n_analysis = 2,
        .analysis = analysis};
    tp_err err = {0};
    if (!CHECK_OK(tp_nutmeg_load(s->m, &c, TP_S("a divider"), &err), &err))
        return false;
    s->out.len = 0;
    return true;
}

static inline void scene_close(scene *s)
{
    tp_nutmeg_close(s->m);
}

static inline tp_status scene_run(scene *s, const char *script, tp_err *err)
{
    static tp_source in;
    tp_err           own = {0};
    in = (tp_source){TP_S("script"), tp_str_of(script)};
    s->out.len = 0;
    return tp_nutmeg_run(s->m, in.text, (tp_place){&in, 1, 1},
                         err ? err : &own);
}

/* What a script prints; an error is printed too. */
static inline tp_str scene_says(scene *s, const char *script)
{
    tp_err err = {0};
    if (scene_run(s, script, &err))
        tp_buf_fmt(&s->out, "error %d:%d: %s\n", err.line, err.col, err.msg);
    return tp_buf_str(&s->out);
}
#endif
