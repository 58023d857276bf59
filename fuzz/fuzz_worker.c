/* What goes over the pipe between parent and worker. The first byte says
   what the rest is: 'L' a load, 'K' that of a load and an ask behind it (its
   length in front, eight bytes), 'A' an answer, 'R' a refusal, 'S' the bytes
   a parent sends to a worker. Only the simulator of formulas is started. */
#include "fuzz.h"

#include "eval/eval.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* Whether a load is for the simulator of formulas, without trouble. */
static bool harmless(tp_str load)
{
    tp_unpack u = {.rest = load};
    tp_unpack_int(&u);
    tp_str simulator = tp_unpack_str(&u);
    for (ptrdiff_t i = 0; i < simulator.len; i++)
        if (tp_str_starts(tp_str_from(simulator, i), TP_S("trouble")))
            return false;
    return tp_str_starts(simulator, TP_S("fake"));
}

static tp_evaluator *open_load(tp_str load)
{
    tp_evaluator *e = NULL;
    tp_err        err = {0};
    if (!harmless(load)) return NULL;
    if (tp_evaluator_open(&e, load, &err) && (!err.msg[0] || e)) abort();
    return e;
}

static void fuzz_load(tp_str load, tp_arena mem)
{
    (void)mem;
    tp_evaluator *e = open_load(load);
    if (e) tp_evaluator_close(e);
}

static void check_result(const tp_result *r)
{
    if ((int)r->how < 0 || r->how >= TP_OUTCOMES) abort();
    for (int i = 0; i < r->n; i++)
        if (r->reading[i].why.len < 0 || !r->reading[i].why.at) abort();
}

static void fuzz_ask(tp_str bytes, tp_arena mem)
{
    tp_unpack     u = {.rest = bytes};
    tp_str        load = tp_unpack_str(&u);
    tp_evaluator *e = u.bad ? NULL : open_load(load);
    tp_result     r;
    if (!e) return;
    tp_str answer = tp_evaluator_work(e, u.rest, &mem);
    if (tp_eval_answer(&r, answer, &mem, NULL)) abort();
    check_result(&r);
    tp_evaluator_close(e);
}

static void fuzz_answer(tp_str bytes, tp_arena mem)
{
    tp_result r;
    tp_err    err = {0};
    if (tp_eval_answer(&r, bytes, &mem, &err) == TP_OK)
        check_result(&r);
    else if (!err.msg[0])
        abort();
}

static void fuzz_refusal(tp_str bytes, tp_arena mem)
{
    tp_err err;
    (void)mem;
    tp_eval_refusal(&err, bytes);
    if (err.code == TP_OK || err.line < 0) abort();
}

static void *echo_load(tp_str load, tp_err *err)
{
    static char something;
    if (load.len > 0) return &something;
    tp_fail(err, TP_BAD_INPUT, "an empty load");
    return NULL;
}

static tp_str echo_work(void *with, tp_str ask, tp_arena *mem)
{
    (void)with;
    return tp_str_copy(mem, ask);
}

/* A load limits the memory of its process: not of this one. */
static void fuzz_serve(tp_str bytes, tp_arena mem)
{
    int           sock[2];
    struct rlimit own;
    (void)mem;
    if (getrlimit(RLIMIT_AS, &own)) abort();
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, sock)) abort();
    if (bytes.len < 60000 &&
        send(sock[0], bytes.at, (size_t)bytes.len, MSG_NOSIGNAL) == bytes.len) {
        shutdown(sock[0], SHUT_RDWR);
        tp_exec_serve(sock[1], echo_load, echo_work);
    }
    if (setrlimit(RLIMIT_AS, &own)) abort();
    close(sock[0]);
    close(sock[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        char what;
        void (*run)(tp_str bytes, tp_arena mem);
    } rows[] = {
        {'L', fuzz_load},    {'K', fuzz_ask},   {'A', fuzz_answer},
        {'R', fuzz_refusal}, {'S', fuzz_serve},
    };
    tp_str   bytes = {(const char *)data, (ptrdiff_t)size};
    tp_arena mem = tp_arena_open((ptrdiff_t)1 << 30);
    for (int i = 0; i < TP_COUNT(rows) && size > 0; i++)
        if (bytes.at[0] == rows[i].what)
            rows[i].run(tp_str_from(bytes, 1), mem);
    tp_arena_close(&mem);
    return 0;
}
