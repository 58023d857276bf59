/* The inside of a script session. Private to script. */
#ifndef TP_SCRIPT_SESSION_H
#define TP_SCRIPT_SESSION_H

#include "script/optimize.h"
#include "script/script.h"

struct tp_session {
    tp_arena          mem;
    tp_session_setup  setup;
    tp_reach          reach; /* of the settings */
    tp_nutmeg        *nutmeg;
    tp_nutmeg_handle *handle;
    tp_optimize       optimize;
    tp_store         *store; /* opened at the first optimize */
    tp_str            token; /* of this execution of the script */
    int               n_run, cap_run;
    tp_str           *run; /* ids, oldest first */
};

/* again.c: what is noted with a run of a script; the stored run that is next,
   or NULL; and whether the problem is that one's, else what differs. */
tp_str tp_again_mark(tp_session *s, const tp_problem *p, tp_arena *mem);
const tp_stored_script *tp_again_next(const tp_session *s);
tp_status tp_again_check(const tp_session *s, const tp_problem *p, tp_err *err);

/* optimize_run.c: one run of the description, its report and its plots. */
tp_status tp_optimize_run(tp_session *s, tp_err *err);
/* optimize_keep.c: plots of the populations that the run kept; and its points
   in the method's outfile, where it has one. */
void      tp_optimize_populations(tp_session *s, const tp_run *r);
tp_status tp_optimize_write_points(tp_session *s, const tp_problem *p,
                                   const tp_run *r, tp_err *err);
/* optimize_result.c */
void tp_optimize_report(tp_session *s, const tp_run *r);
void tp_optimize_plot(tp_session *s, const tp_run *r);
void tp_optimize_learn(tp_session *s, const tp_run *r);
#endif
