/* What the prompt and scripts share. */
#ifndef TP_CLI_SCRIPT_H
#define TP_CLI_SCRIPT_H

#include "cli/cli.h"
#include "script/script.h"

/* A session that prints here, with the settings of the command line; the
   folder of --out is there. */
tp_status script_setup(session *s, tp_session_setup *out, tp_err *err);
#endif
