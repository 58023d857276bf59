/* vcli: what its files share. */
#ifndef TP_SIM_VCLI_H
#define TP_SIM_VCLI_H

#include "sim/spectre.h"

#include <jansson.h>

typedef struct tp_vcli_settings {
    tp_str binary, profile, sessions, capability;
    int    retries;
    double seconds, backoff;
} tp_vcli_settings;

/* One trial in one session. */
typedef struct tp_vcli {
    const tp_vcli_settings *set;
    tp_str                  session; /* "": the one that is alive */
    char                    folder[4000];
    tp_arena               *mem;
    tp_sim_result          *out;
} tp_vcli;

/* vcli_call.c: `vcli WORDS`, again where that may help; its JSON, to be given
   back with json_decref. NULL: j->out says why, in its own words. */
json_t *tp_vcli_call(tp_vcli *v, char *const *words, int n);
/* The same of `skill exec CODE`: the text that SKILL gave, a string without
   its quotes. */
bool tp_vcli_skill(tp_vcli *v, tp_str code, tp_str *out);
bool tp_vcli_fail(tp_vcli *v, tp_outcome how, tp_str why);

/* vcli_session.c: holds one of the sessions for this process alone; waits until
   one is free. -1: *why says why not. */
int  tp_vcli_session_take(tp_str *session, const tp_vcli_settings *set,
                          tp_str *why, tp_arena *mem);
void tp_vcli_session_leave(int held);

/* vcli_skill.c: texts of SKILL. A string in double quotes, its escapes in. */
void tp_skill_quote(tp_buf *b, tp_str s);
/* 'desVar("W" 1e-6) ... '; "" and *why: a name that is none. */
tp_str tp_skill_variables(const tp_circuit *c, const double *value, tp_str *why,
                          tp_arena *mem);
/* Code that gives the data of `expr` in a result as one string, and that string
   as a wave; false: it is nil or no such string. */
tp_str tp_skill_fetch(tp_str result, tp_str expr, tp_arena *mem);
bool   tp_skill_wave(tp_wave *out, tp_str text, tp_arena *mem);
#endif
