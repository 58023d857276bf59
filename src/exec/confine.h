/* confine: the two halves of tp_confine(), and what a worker gives up. */
#ifndef TP_EXEC_CONFINE_H
#define TP_EXEC_CONFINE_H

#include "exec/exec.h"

/* filter.c: system calls are refused from now on (EPERM), by a seccomp
   filter; false: the kernel has none. Allocates nothing. */
bool tp_filter_calls(bool may_write, bool may_run);
/* No more processes, and signals to this one only. */
bool tp_filter_worker(void);

/* In the copy that a confined template has made. */
void tp_confine_worker(void);
/* Whether this process has been confined. */
bool tp_confined(void);
#endif
