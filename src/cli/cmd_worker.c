/* trimpot worker: the other end of exec's pipe. */
#include "cli/cli.h"

enum { WORKER_FD = 3 };

tp_status cmd_worker(session *s, int *exit_status, tp_err *err)
{
    (void)s;
    (void)err;
    *exit_status = tp_exec_serve(WORKER_FD, tp_eval_work_load, tp_eval_work);
    return TP_OK;
}
