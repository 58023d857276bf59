/* What the files of an outside mind's part share: foreign.c (its events),
   point.c (its trials), proposal.c (the method's proposals to it). */
#ifndef TP_RUN_FOREIGN_H
#define TP_RUN_FOREIGN_H

#include "run/inside.h"

/* TP_BAD_INPUT: it can't; names those that can. */
tp_status tp_foreign_refuse(const tp_run *r, tp_err *err);
/* The finished trial in the run's list, told to a method that takes it. */
tp_trial *tp_foreign_land(tp_run *r, const tp_pending *p);

/* An open proposal's place in the list, or -1; no longer open. */
int  tp_proposal_at(const tp_run *r, int number);
void tp_proposal_drop(tp_run *r, int number);
/* Records that the trial has tried it. */
tp_status tp_proposal_close(tp_run *r, int number, int trial, tp_err *err);
#endif
