/* Benches whose analyses stand in .control blocks, over ngspice: trials one
   after the other in one process, values set in the shortest way, give the
   bits that each gives alone in a process of its own, the whole circuit read
   for it; whatever the blocks do to the circuit. */
#include "check.h"

#include "eval/eval.h"
#include "sim/stepped.h"

#include <sys/wait.h>
#include <unistd.h>

enum { POINTS = 8, READINGS = 4, TALK = POINTS * READINGS };

/* What a process tells of its trials. */
typedef struct said {
    double value[TALK];
    bool   ok[TALK];
    int    how[POINTS];
    char   why[POINTS][120];
} said;

typedef struct scene {
    tp_problem       p;
    tp_bench         bench;
    tp_circuit       circuit;
    tp_control       control;
    tp_control_block block;
    tp_source        file;
    tp_measure       measure[READINGS];
    tp_var           var[2];
    tp_str           param[2];
    tp_define        define;
} scene;

static const char *const names[READINGS] = {"q", "g", "h", "z"};
static const double      x[POINTS][2] = {{2, 10}, {2.2, 11}, {1.9, 9},  {3, 14},
                                         {2, 10}, {2, 10},   {2.5, 12}, {2, 10}};

static const char amplifier[] =
    "* t\n.param w=2\n.param r=10\n.param vin=1.2\n"
    "vd d 0 3\nvg g 0 dc {vin} ac 1\nx1 d g o s k={w}\nrl d o {r*1k}\n"
    "cl o 0 1p\nv9 u 0 1\nr9 u 0 1k\n"
    ".subckt s d g o k=1\nm1 o g 0 0 n w={k*1u} l=1u ad={k*1p}\n"
    "r1 g 0 {1meg/k}\n.model n nmos level=1 vto=0.6 kp=1e-4 lambda=0.05\n"
    ".ends\n.end\n";

static scene *scene_of(const char *circuit, const char *block)
{
    scene *s = TP_NEW(check_mem(), scene, 1);
    for (int i = 0; i < 2; i++) {
        s->param[i] = i ? TP_S("r") : TP_S("w");
        s->var[i] =
            (tp_var){.name = s->param[i], .unit = TP_S(""), .lo = 1, .hi = 20};
    }
    s->define = (tp_define){TP_S("vin"), TP_S("1.2")};
    s->circuit = (tp_circuit){.text = tp_str_of(circuit),
                              .behaviour = TP_S(""),
                              .n_param = 2,
                              .param = s->param,
                              .n_define = 1,
                              .define = &s->define};
    s->file = (tp_source){TP_S("d.cir"), TP_S("")};
    s->block = (tp_control_block){
        .text = tp_str_of(block), .at = {&s->file, 7, 1}, .measure = TP_S("")};
    s->control = (tp_control){.n = 1, .block = &s->block};
    s->bench = (tp_bench){.circuit = &s->circuit, .control = &s->control};
    for (int i = 0; i < READINGS; i++)
        s->measure[i] = (tp_measure){.name = tp_str_of(names[i]),
                                     .text = tp_str_of(names[i]),
                                     .unit = TP_S(""),
                                     .dialect = TP_NUTMEG,
                                     .scale = 1};
    s->p = (tp_problem){.space = {2, s->var},
                        .n_bench = 1,
                        .bench = &s->bench,
                        .n_measure = READINGS,
                        .measure = s->measure};
    return s;
}

static void trial(said *out, void *with, int k)
{
    tp_arena  job = *check_mem();
    tp_err    err = {0};
    tp_result r = {0};
    tp_str    ask = tp_eval_ask(x[k], 2, NULL, &job);
    if (!CHECK_OK(
            tp_eval_answer(&r, tp_control_work(with, ask, &job), &job, &err),
            &err))
        return;
    out->how[k] = (int)r.how;
    snprintf(out->why[k], sizeof out->why[k], "%.*s", TP_F(r.why));
    for (int i = 0; i < r.n; i++) {
        out->value[k * READINGS + i] = r.reading[i].value;
        out->ok[k * READINGS + i] = r.reading[i].ok;
    }
}

/* Trials from..to, in a process of their own. */
static void apart(said *out, const scene *s, const char *simulator, int from,
                  int to)
{
    int end[2], status = 1;
    fflush(stdout);
    CHECK(pipe(end) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        tp_err err = {0};
        check_failures = 0;
        void *with = tp_control_work_load(
            tp_eval_load(&s->p, 0, NULL, tp_str_of(simulator), check_mem()),
            &err);
        CHECK_OK(err.code, &err);
        for (int k = from; with && k < to; k++) trial(out, with, k);
        fflush(stdout);
        bool sent = write(end[1], out, sizeof *out) == sizeof *out;
        _exit(check_failures > 0 || !sent);
    }
    close(end[1]);
    CHECK(read(end[0], out, sizeof *out) == sizeof *out);
    close(end[0]);
    waitpid(pid, &status, 0);
    CHECK_INT(status, 0);
}

/* How many of its readings have a value; -1: not all as if alone. */
static int same_as_alone(const char *circuit, const char *block, said *fast)
{
    scene *s = scene_of(circuit, block);
    said   slow = {0};
    int    n = 0;
    *fast = (said){0};
    apart(fast, s, "ngspice", 0, POINTS);
    for (int k = 0; k < POINTS; k++)
        apart(&slow, s, "ngspice,path=reset", k, k + 1);
    for (int i = 0; i < TALK; i++) {
        bool bits = memcmp(&fast->value[i], &slow.value[i], sizeof(double));
        if (fast->ok[i] != slow.ok[i] || bits) return -1;
        n += fast->ok[i];
    }
    for (int k = 0; k < POINTS; k++)
        if (fast->how[k] != slow.how[k]) return -1;
    return n / POINTS;
}

/* Blocks, and how many of the readings they give. */
static void test_control__trials_after_each_other_are_as_those_alone(void)
{
    static const struct {
        const char *block;
        int         n;
    } row[] = {
        {"op\nlet q = v(o)\nprint q\nac dec 2 1k 1g\n"
         "meas ac g find vdb(o) at=1meg\ntran 10n 200n\n"
         "let h = maximum(v(o))\nprint h\ndc vg 0 3 0.1\n"
         "let z = mean(v(o))\nprint z\n",
         4},
        {"op\nlet q = v(o)\nprint q\ndc temp 0 100 50\nlet g = v(o)[1]\n"
         "print g\nop\nlet h = v(o)\nprint h\n",
         3},
        /* what is saved: nothing, then little, then more */
        {"op\nlet q = v(g)\nprint q\nsave v(o)\nop\nlet g = v(g)\nprint g\n"
         "let h = v(o)\nprint h\nsave all @m.x1.m1[id]\nop\n"
         "let z = @m.x1.m1[id]\nprint z\n",
         3},
        /* the circuit is changed, and is changed no more in the next trial */
        {"op\nlet q = v(o)\nprint q\nalter vg dc = 1.4\nop\nlet g = v(o)\n"
         "print g\nalter @m.x1.m1[w] = 9u\nop\nlet h = v(o)\nprint h\n",
         3},
        {"op\nlet q = v(o)\nprint q\naltermod @m.x1.m1[vto] = 0.3\nop\n"
         "let g = v(o)\nprint g\nlet @rl[resistance] = 7k\nop\n"
         "let h = v(o)\nprint h\n",
         3},
        {"op\nlet q = v(o)\nprint q\ndc @m.x1.m1[w] 1u 5u 1u\n"
         "let g = mean(v(o))\nprint g\nop\nlet h = v(o)\nprint h\n",
         3},
        /* parameters: one of the point, another one, in effect and not */
        {"op\nlet q = v(o)\nprint q\nalterparam w = 5\nreset\nop\n"
         "let g = v(o)\nprint g\nalterparam r = 3\nop\nlet h = v(o)\n"
         "print h\n",
         3},
        {"op\nlet q = v(o)\nprint q\nalterparam vin = 1.5\nreset\nop\n"
         "let g = v(o)\nprint g\nalterparam vin = 1.6\n",
         2},
        {"alterparam vin = 1.3\nop\nlet q = v(o)\nprint q\nreset\nop\n"
         "let g = v(o)\nprint g\nalter rl = 5k\nreset\nop\nlet h = v(o)\n"
         "print h\n",
         3},
        {"op\nlet q = v(o)\nprint q\nalterparam w = 5\nreset\nop\n"
         "let g = v(o)\nprint g\n",
         2},
        {"op\nlet q = v(o)\nprint q\nreset\nop\nlet g = v(o)\n"
         "print g\n",
         2},
        {"op\nlet q = v(o)\nprint q\nif q gt 1.2\nalterparam w = 5\nend\n"
         "reset\nop\nlet g = v(o)\nprint g\n",
         2},
        {"op\nlet q = v(o)\nprint q\nset temp = 80\nop\nlet g = v(o)\n"
         "print g\noption gmin = 1e-9 reltol = 1e-5\nop\nlet h = v(o)\n"
         "print h\n",
         3},
        /* read before anything is analysed */
        {"let q = @m.x1.m1[id]\nprint q\nop\nlet g = @m.x1.m1[id]\nprint g\n"
         "let h = @m.x1.m1[w]\nprint h\n",
         3},
        {"alter vg dc = 1.4\nlet q = @m.x1.m1[id]\nprint q\n", 1},
        {"let q = rnd(1000)\nprint q\nop\nlet g = v(o)\nprint g\n", 2},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        said got;
        if (CHECK_INT(same_as_alone(amplifier, row[i].block, &got), row[i].n))
            CHECK_INT(got.how[0], TP_RAN);
        else
            printf("in row %d: %s\n", i, row[i].block);
    }
}

/* One point is found by gmin stepping, which tells an order of transistors or
   a digit from another; it is not one of the first, which are read again. */
static void test_control__operating_points_by_stepping_are_the_same(void)
{
    said        got;
    const char *text = stepped_amp(".param w=2\n.param r=10\n.param vin=1.2",
                                   "w*1u", "r>11.5 ? (r<13 ? 1.2 : 0.1) : 0.1");
    CHECK_INT(same_as_alone(text,
                            "op\nlet q = v(out)\nlet g = i(vin)\n"
                            "let h = v(d2)\nprint q g h\n",
                            &got),
              3);
}

/* ngspice keeps something of these from one analysis to the next. */
static void test_control__coupled_inductors_are_the_same(void)
{
    static const char text[] =
        "* t\n.param w=2\n.param r=10\n.param vin=1.2\n"
        "v1 a 0 dc 0 ac 1 sin(0 1 1e8)\nr0 a b {r}\nl1 b 0 {w*1u}\nl2 c 0 1u\n"
        "r5 c 0 100\nk1 l1 l2 0.5\n.end\n";
    said got;
    CHECK_INT(same_as_alone(text,
                            "tran 1n 22n\nlet q = v(c)[5]\nprint q\n"
                            "let g = mean(v(b))\nprint g\n",
                            &got),
              2);
}

/* A transistor without a bin: the trial fails, the process goes on. */
static void test_control__a_size_outside_all_bins_fails_one_trial(void)
{
    static const char binned[] =
        "* t\n.param w=2\n.param r=10\n.param vin=1.2\nvd d 0 1.8\nvg g 0 1\n"
        "m1 d g 0 0 n w={w*1u} l=1.5u\nr1 d 0 {r}\n"
        ".model n.1 nmos level=8 lmin=1u lmax=2u wmin=1u wmax=2.1u\n"
        ".model n.2 nmos level=8 lmin=1u lmax=2u wmin=2.1u wmax=2.4u "
        "vth0=0.4\n.end\n";
    scene *s = scene_of(binned, "op\nlet q = i(vd)\nprint q\n");
    said   got = {0};
    apart(&got, s, "ngspice", 0, POINTS);
    CHECK_INT(got.how[0], TP_RAN);
    CHECK_INT(got.how[3], TP_SIM_FAILED);
    CHECK_HAS(tp_str_of(got.why[3]),
              "m1: no bin of model n holds l=1.5e-06 and w=3e-06");
    CHECK_INT(got.how[4], TP_RAN);
    CHECK(got.value[0] == got.value[4 * READINGS]);
    CHECK(got.value[0] != got.value[READINGS]);
}

static const check_test tests[] = {
    CHECK_TEST(test_control__trials_after_each_other_are_as_those_alone),
    CHECK_TEST(test_control__operating_points_by_stepping_are_the_same),
    CHECK_TEST(test_control__coupled_inductors_are_the_same),
    CHECK_TEST(test_control__a_size_outside_all_bins_fails_one_trial),
    {0},
};

int main(void)
{
    return check_main(tests);
}
