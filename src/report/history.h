/* history: the file of a sizing run, for people, programs and resuming; its
   members "meta", "problem", "best" and "history" are those of the original
   skill, "trimpot" is the run as the store has it. */
#ifndef TP_REPORT_HISTORY_H
#define TP_REPORT_HISTORY_H

#include "report/report.h"

extern const char *const tp_history_mark; /* the member that is ours */
#endif
