/* Replayed decks of .control blocks, and the plots of a raw file in the place
   of a simulator. */
#include "check.h"
#include "circuits.h"

#include <stdlib.h>
#include <unistd.h>

static tp_str replayed(const char *block)
{
    static const char *const commands[] = {"ac dec 3 1 1k", NULL};
    tp_circuit     *c = circuit_of(rc_text, "r c", commands, check_mem());
    const tp_str    body[] = {tp_str_of(block)};
    const tp_replay r = {.title = TP_S("a trial"),
                         .raw = TP_S("a.raw"),
                         .value = rc_start,
                         .n_block = 1,
                         .block = body};
    tp_err          err = {0};
    tp_str          out = TP_S("");
    c->behaviour = TP_S("hsa");
    CHECK_OK(tp_sim_replay(&out, c, &r, check_mem(), &err), &err);
    return out;
}

static void test_replay__runs_blocks_and_writes_every_plot(void)
{
    tp_str out = replayed("op\nprint v(out)\n+ v(1)\nnoise v(out) v1 dec 2 1 "
                          "1k\n* a comment\nrun\nquit\nop\n");
    CHECK_HAS(out, "* a trial\n* run it as: ngspice -D ngbehavior=hsa -n -b "
                   "FILE\n* it writes a.raw\n");
    CHECK_HAS(out, ".control\nset numdgt=16\noptran 1 1 1 0 0 0\n"
                   "op\nwrite a.raw\nset appendwrite\n"
                   "print v(out) v(1)\n"
                   "noise v(out) v1 dec 2 1 1k\n"
                   "setplot previous\nwrite a.raw\nsetplot next\nwrite a.raw\n"
                   "ac dec 3 1 1k\nwrite a.raw\n"
                   "quit\n.endc\n.end\n");
}

static void test_replay__leaves_out_what_starts_or_writes(void)
{
    static const char *const line[] = {
        "shell rm x", "print v(1) > file", "source x", "write b.raw",
        "echo `ls`",  "op ; shell ls",     "wrdata a", "pre_osdi x",
    };
    for (int i = 0; i < TP_COUNT(line); i++)
        CHECK_HAS(
            replayed(line[i]),
            tp_str_z(check_mem(),
                     tp_str_fmt(check_mem(), "* left out: %s\n", line[i])));
}

/* A file with an op, noise's two plots, a second op. */
static const char *raw_file(void)
{
    static char   path[] = "/tmp/test-raw-XXXXXX";
    const double  x[] = {1, 10}, a[] = {2}, b[] = {3};
    const tp_wave op1[] = {{.name = TP_S("v(out)"), .n = 1, .re = a}};
    const tp_wave op2[] = {{.name = TP_S("v(out)"), .n = 1, .re = b}};
    const tp_wave curve[] = {
        {.name = TP_S("frequency"), .n = 2, .re = x, .x = x},
        {.name = TP_S("onoise_spectrum"), .n = 2, .re = x, .x = x}};
    const tp_wave sum[] = {{.name = TP_S("v(onoise_total)"), .n = 1, .re = a}};
    const tp_plot plot[] = {
        {.kind = TP_S("op"), .n_wave = 1, .wave = op1, .op = -1},
        {.kind = TP_S("noise"),
         .x_name = TP_S("frequency"),
         .n_wave = 2,
         .wave = curve,
         .op = -1},
        {.kind = TP_S("noise"), .n_wave = 1, .wave = sum, .op = -1},
        {.kind = TP_S("op"), .n_wave = 1, .wave = op2, .op = -1},
    };
    const tp_waves all = {TP_COUNT(plot), plot};
    tp_err         err = {0};
    int            fd = mkstemp(path);
    if (fd >= 0) close(fd);
    CHECK_OK(
        tp_file_write(path, tp_raw_write(&all, TP_S("t"), check_mem()), &err),
        &err);
    return path;
}

static tp_sim_result say(tp_sim *sim, const char *command)
{
    tp_sim_result out = {0};
    tp_err        err = {0};
    CHECK_OK(tp_sim_find(TP_S("raw"))
                 ->command(sim, tp_str_of(command), check_mem(), &out, &err),
             &err);
    return out;
}

static void test_raw__gives_plots_in_the_files_order(void)
{
    static const char *const none[] = {NULL};
    const char              *path = raw_file();
    const tp_sim_ops        *ops = NULL;
    tp_sim                   sim = {.mem = tp_arena_open(1 << 24)};
    tp_err                   err = {0};
    tp_circuit              *c = circuit_of(rc_text, "r c", none, check_mem());
    tp_str settings = tp_str_fmt(check_mem(), "raw,file=\"%s\"", path);
    if (!CHECK_OK(tp_sim_start(&ops, &sim, settings, &err), &err)) return;
    CHECK_OK(ops->load(&sim, c, &err), &err);
    CHECK_INT(say(&sim, "alter r1 = 5k").how, TP_RAN);
    tp_sim_result r = say(&sim, "noise v(out) v1 dec 1 1 10");
    if (!CHECK_INT(r.waves.n, 2)) return;
    CHECK_STR(r.waves.plot[0].ordinal, "noise1");
    CHECK_INT(r.waves.plot[0].n_wave, 2);
    CHECK_STR(r.waves.plot[1].wave[0].name, "onoise_total");
    r = say(&sim, "op");
    if (CHECK_INT(r.waves.n, 1)) CHECK(r.waves.plot[0].wave[0].re[0] == 2);
    r = say(&sim, "op");
    if (CHECK_INT(r.waves.n, 1)) CHECK(r.waves.plot[0].wave[0].re[0] == 3);
    r = say(&sim, "op");
    CHECK_INT(r.how, TP_SIM_FAILED);
    CHECK_HAS(r.why, "the raw file has no plot for 'op'");
    CHECK_INT(say(&sim, "show all").how, TP_SIM_FAILED);
    ops->close(&sim);
    tp_arena_close(&sim.mem);
    unlink(path);
}

static void test_raw__refuses_what_is_no_raw_file(void)
{
    const tp_sim_ops *ops = NULL;
    tp_sim            sim = {.mem = tp_arena_open(1 << 24)};
    tp_err            err = {0};
    CHECK_INT(tp_sim_start(&ops, &sim, TP_S("raw,file=/nowhere/a.raw"), &err),
              TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "/nowhere/a.raw");
    tp_arena_close(&sim.mem);
}

static const check_test tests[] = {
    CHECK_TEST(test_replay__runs_blocks_and_writes_every_plot),
    CHECK_TEST(test_replay__leaves_out_what_starts_or_writes),
    CHECK_TEST(test_raw__gives_plots_in_the_files_order),
    CHECK_TEST(test_raw__refuses_what_is_no_raw_file),
    {0},
};

int main(void)
{
    return check_main(tests);
}
