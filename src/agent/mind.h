/* The tools of an outside mind over a store's runs, and what they need of the
   program around them. */
#ifndef TP_AGENT_MIND_H
#define TP_AGENT_MIND_H

#include "agent/agent.h"

/* A run that a tool has open. */
typedef struct tp_hand {
    tp_mind          *mind;
    tp_run           *run;
    const tp_problem *problem;
    tp_arena         *mem;
} tp_hand;

/* What a tool does with the run that its arguments name. */
typedef tp_status tp_hand_work(tp_hand *h, const json_t *arguments, json_t *out,
                               tp_err *err);
/* The same for a tool that only looks. */
typedef tp_status tp_look_work(const tp_account *a, const json_t *arguments,
                               json_t *out, tp_arena *mem, tp_err *err);

/* arguments.c: members of a call's arguments. */
tp_str tp_argument_text(const json_t *arguments, const char *name);
int    tp_argument_int(const json_t *arguments, const char *name, int def);
/* The point of "variables": those not named are at `base`. */
tp_status tp_argument_point(double *x, const json_t *arguments,
                            const tp_problem *p, const double *base,
                            tp_arena *mem, tp_err *err);
/* The values of "measures", a number each or one per corner. */
tp_status tp_argument_readings(const tp_reading **out, const json_t *arguments,
                               const tp_problem *p, tp_arena *mem, tp_err *err);
/* A variable's index; TP_BAD_INPUT with the nearest names. */
tp_status tp_argument_variable(int *out, const char *name, const tp_problem *p,
                               tp_arena *mem, tp_err *err);

/* look.c: {"verdict", "max_relative_difference", "why"}. */
json_t *tp_look_check(const tp_point_check *c, tp_arena *mem);

/* look.c, change.c: what the rows call. */
tp_look_work tp_look_status, tp_look_history, tp_look_trends;
tp_hand_work tp_hand_suggest, tp_hand_ask, tp_hand_eval, tp_hand_tell,
    tp_hand_limit, tp_hand_raise;
#endif
