/* trimpot worker: the other end of exec's pipe. The first byte of its load says
   what it works for: trials of a run, or the commands of a session. */
#include "cli/cli.h"
#include "eval/eval.h"
#include "sim/sim.h"

enum { WORKER_FD = 3 };

static const struct duty {
    char          mark;
    tp_work_load *load;
    tp_work      *work;
} duties[] = {
    {TP_EVAL_MARK, tp_eval_work_load, tp_eval_work},
    {TP_PROGRAM_MARK, tp_program_work_load, tp_program_work},
    {TP_CONTROL_MARK, tp_control_work_load, tp_control_work},
    {TP_REMOTE_MARK, tp_remote_work_load, tp_remote_work},
};
static const struct duty *duty; /* of this process: its last load */

static void *load_any(tp_str load, tp_err *err)
{
    for (int i = 0; load.len > 0 && i < TP_COUNT(duties); i++) {
        if (duties[i].mark != load.at[0]) continue;
        duty = &duties[i];
        return duty->load(load, err);
    }
    tp_fail(err, TP_BAD_INPUT, "the load is for another kind of worker");
    return NULL;
}

static tp_str work_any(void *with, tp_str ask, tp_arena *mem)
{
    return duty->work(with, ask, mem);
}

tp_status cmd_worker(session *s, int *exit_status, tp_err *err)
{
    (void)s;
    (void)err;
    *exit_status = tp_exec_serve(WORKER_FD, load_any, work_any);
    return TP_OK;
}
