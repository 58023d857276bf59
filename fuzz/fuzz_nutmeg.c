/* Nutmeg scripts over a simulator that answers everything: a script ends, with
   a message where it fails, and what is frozen thaws. */
#include "fuzz.h"

#include "nutmeg/nutmeg.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>

static tp_nutmeg *session;

static void on_alarm(int signal)
{
    (void)signal;
    if (session) tp_nutmeg_interrupt(session);
}

static tp_status load(void *with, const tp_circuit *c, tp_err *err)
{
    (void)with, (void)c, (void)err;
    return TP_OK;
}

static const double x[] = {0, 1, 2, 3, 4}, y[] = {1, -2, 3, -4, 5};

/* A complex plot for ac, a real one for others, none for changes. */
static tp_status command(void *with, tp_str text, tp_arena *mem,
                         tp_sim_result *out, tp_err *err)
{
    (void)with, (void)err;
    tp_str   word = tp_str_word(&text, " ");
    tp_wave *w = TP_NEW(mem, tp_wave, 2);
    tp_plot *p = TP_NEW(mem, tp_plot, 1);
    bool     ac = tp_str_eq(word, TP_S("ac")), op = tp_str_eq(word, TP_S("op"));
    int      n = op ? 1 : 5;
    w[0] = (tp_wave){.name = TP_S("time"), .n = n, .x = x, .re = x};
    w[1] = (tp_wave){.name = TP_S("v(1)"), .n = n, .x = x, .re = y};
    if (ac) w[1].im = x;
    *p = (tp_plot){.kind = word, .n_wave = 2, .wave = w, .op = -1};
    if (!op) p->x_name = w[0].name;
    *out = (tp_sim_result){.waves = {word.len < 5, p}};
    return TP_OK;
}

static tp_status query(void *with, tp_str name, tp_arena *mem, tp_wave *out,
                       tp_err *err)
{
    (void)with, (void)mem, (void)err;
    *out = (tp_wave){.name = name, .n = 1, .re = x + 3};
    return TP_OK;
}

static void print(void *with, tp_str text)
{
    (void)with;
    if (text.len < 0) abort();
}

static void run(tp_nutmeg *m, tp_str text, tp_arena mem)
{
    static const tp_circuit circuit = {.text = {"t\n.end\n", 7}};
    tp_source               in = {TP_S("script"), text};
    tp_err                  err = {0};
    if (tp_nutmeg_load(m, &circuit, TP_S("t"), &err)) abort();
    if (tp_nutmeg_run(m, text, (tp_place){&in, 1, 1}, &err) && !err.msg[0])
        abort();
    tp_nutmeg_look k = tp_nutmeg_read(text, (tp_place){&in, 1, 1}, &mem);
    for (int i = 0; i < k.n; i++)
        if (k.told[i].name.len <= 0) abort();
    bool changes = k.touch.changes.text.len > 0;
    if ((k.touch.sizes.text.len || k.touch.n_param) && !changes) abort();
    tp_str frozen = tp_nutmeg_freeze(m, NULL, 0, &mem);
    if (tp_nutmeg_restart(m, NULL, 0, &err)) abort();
    if (tp_nutmeg_control(m, text, (tp_place){&in, 1, 1}, NULL, &err) &&
        !err.msg[0])
        abort();
    if (tp_nutmeg_thaw(m, frozen, &err)) abort();
    if (tp_nutmeg_thaw(m, text, &err) && !err.msg[0]) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_arena        mem = tp_arena_open((ptrdiff_t)1 << 30);
    tp_nutmeg_setup setup = {
        .sim = {NULL, load, command, query, NULL},
        .sink = {.print = print, .warning = print, .file = print},
        .folder = TP_S("/nonexistent"),
        .memory = (ptrdiff_t)1 << 27};
    struct itimerval soon = {{0, 20000}, {0, 100000}}, never = {0};
    signal(SIGALRM, on_alarm);
    if (tp_nutmeg_open(&session, &setup, NULL)) abort();
    setitimer(ITIMER_REAL, &soon, NULL);
    run(session, (tp_str){(const char *)data, (ptrdiff_t)size}, mem);
    setitimer(ITIMER_REAL, &never, NULL);
    tp_nutmeg_close(session);
    session = NULL;
    tp_arena_close(&mem);
    return 0;
}
