/* The tools' rows, and how a call gets at its run. */
#include "agent/mind.h"

#include <string.h>

/* Ends a call: `*out` is the result, or is given up. */
static tp_status finish(tp_mind *m, tp_status st, json_t **out)
{
    if (st) {
        json_decref(*out);
        *out = NULL;
    }
    m->ops->leave(m->with);
    return st;
}

/* Opens the run that the arguments name, lets the tool work on it, leaves it.
 */
static tp_status with_run(tp_mind *m, tp_hand_work *work,
                          const json_t *arguments, json_t **out, tp_err *err)
{
    tp_arena mem = m->mem;
    tp_hand  h = {.mind = m, .mem = &mem};
    *out = json_object();
    tp_status st = m->ops->open(m->with, tp_argument_text(arguments, "run"),
                                &h.run, &mem, err);
    if (st) return finish(m, st, out);
    h.problem = tp_run_problem(h.run);
    json_object_set_new(*out, "run", tp_report_text(tp_run_id(h.run), &mem));
    st = tp_foreign_begin(h.run, err);
    if (!st) st = work(&h, arguments, *out, err);
    if (!st) st = tp_foreign_leave(h.run, err);
    tp_run_close(h.run);
    return finish(m, st, out);
}

/* The same for a tool that only looks. */
static tp_status look_at_run(tp_mind *m, tp_look_work *work,
                             const json_t *arguments, json_t **out, tp_err *err)
{
    tp_arena   mem = m->mem;
    tp_account a;
    *out = json_object();
    tp_status st = m->ops->look(m->with, tp_argument_text(arguments, "run"), &a,
                                &mem, err);
    if (!st) {
        json_object_set_new(*out, "run", tp_report_text(a.run.id, &mem));
        st = work(&a, arguments, *out, &mem, err);
    }
    return finish(m, st, out);
}

/* A remark needs neither the run's process nor its trials to have ended. */
static tp_status call_note(void *with, const json_t *arguments, json_t **out,
                           tp_err *err)
{
    tp_mind  *m = with;
    tp_arena  mem = m->mem;
    tp_store *store;
    tp_str    id, note = tp_argument_text(arguments, "note");
    *out = json_object();
    tp_status st = TP_OK;
    if (!tp_str_trim(note).len)
        st = tp_fail(err, TP_BAD_INPUT, "the note is empty");
    if (!st)
        st = m->ops->find(m->with, tp_argument_text(arguments, "run"), &store,
                          &id, &mem, err);
    if (!st) st = tp_store_note(store, id, note, err);
    if (!st) {
        json_object_set_new(*out, "run", tp_report_text(id, &mem));
        json_object_set_new(*out, "note", tp_report_text(note, &mem));
    }
    return finish(m, st, out);
}

/* One row's call each: the work, on a run or on its account. */
#define ON_RUN(name)                                                  \
    static tp_status call_##name(void *with, const json_t *arguments, \
                                 json_t **out, tp_err *err)           \
    {                                                                 \
        return with_run(with, tp_hand_##name, arguments, out, err);   \
    }
#define LOOKS(name)                                                    \
    static tp_status call_##name(void *with, const json_t *arguments,  \
                                 json_t **out, tp_err *err)            \
    {                                                                  \
        return look_at_run(with, tp_look_##name, arguments, out, err); \
    }
LOOKS(status)
LOOKS(history)
LOOKS(trends)
ON_RUN(suggest)
ON_RUN(ask)
ON_RUN(eval)
ON_RUN(tell)
ON_RUN(limit)
ON_RUN(raise)

#define RUN_ARG                                                          \
    {                                                                    \
        "run", "string", true, "a run's id, a unique beginning, or last" \
    }
#define RUN_OR_FILE                                                       \
    {                                                                     \
        "run", "string", true,                                            \
            "a run's id, a unique beginning, last; or a deck or problem " \
            "file, which begins a new run"                                \
    }
static const tp_tool_arg status_args[] = {RUN_ARG, {0}};
static const tp_tool_arg history_args[] = {
    RUN_ARG,
    {"top", "integer", false, "so many of the best trials (5)"},
    {"last", "integer", false, "instead: so many of the latest"},
    {0},
};
static const tp_tool_arg suggest_args[] = {
    RUN_OR_FILE, {"count", "integer", false, "how many points (1)"}, {0}};
static const tp_tool_arg ask_args[] = {RUN_OR_FILE, {0}};
static const tp_tool_arg eval_args[] = {
    RUN_OR_FILE,
    {"variables", "object", false,
     "values by name, numbers or texts like 500n; those not named are of the "
     "ask, else of the best trial, else the start"},
    {"ask", "integer", false, "the open proposal that this point tries"},
    {"note", "string", false, "why this point; kept with the trial"},
    {0},
};
static const tp_tool_arg tell_args[] = {
    RUN_OR_FILE,
    {"variables", "object", false, "as of eval"},
    {"ask", "integer", false, "the open proposal that this point tried"},
    {"measures", "object", false,
     "values by name: a number, or an object with one per corner"},
    {"failed", "string", false, "instead: why there are no values"},
    {"note", "string", false, "kept with the trial"},
    {0},
};
static const tp_tool_arg limit_args[] = {
    RUN_OR_FILE,
    {"limits", "object", true,
     "by variable: {\"lo\": a, \"hi\": b}, a number to freeze it at, or null "
     "to give it back"},
    {"note", "string", false, "why"},
    {0},
};
static const tp_tool_arg raise_args[] = {
    RUN_ARG, {"note", "string", false, "why"}, {0}};
static const tp_tool_arg note_args[] = {
    RUN_OR_FILE, {"note", "string", true, "the remark"}, {0}};

const tp_tool tp_mind_tools[] = {
    {"status", "How a run stands",
     "Status, method, variables with their bounds, goals, the best trial and "
     "the remarks.",
     status_args, false, call_status},
    {"history", "Trials of a run",
     "The best trials, or the latest: values, measures (the worst corner's and "
     "each corner's), cost, violation, origin and note.",
     history_args, false, call_history},
    {"trends", "What the trials tell",
     "Rank correlations of variables and measures (Spearman; those beyond "
     "chance), values of a variable on whose one side a limit was never met, "
     "and pairs of trials that differ in one variable only.",
     status_args, false, call_trends},
    {"suggest", "What the engine would try",
     "The engine's next points after all trials; nothing is recorded.",
     suggest_args, false, call_suggest},
    {"ask", "Take a proposal",
     "The engine's next point, recorded as open until eval or tell names it.",
     ask_args, true, call_ask},
    {"eval", "Simulate a point",
     "Simulates a point of your own, or an open proposal, with the checks and "
     "corners of every trial, and puts it into the history.",
     eval_args, true, call_eval},
    {"tell", "Tell values from elsewhere",
     "Puts a point into the history with values that were measured elsewhere.",
     tell_args, true, call_tell},
    {"limit", "Narrow the search",
     "From now on the engine keeps a variable inside narrower limits, or "
     "frozen. Points of your own are not held by it.",
     limit_args, true, call_limit},
    {"raise", "Go up to the next corners",
     "From now on points are simulated in the corners of the next phase; the "
     "best one is at once. A search goes up by itself when all is met or "
     "nothing improves; an outside mind says when.",
     raise_args, true, call_raise},
    {"note", "Leave a remark", "Keeps a remark in the run's history.",
     note_args, true, call_note},
    {0},
};

const tp_tool *tp_mind_tool(const char *name)
{
    for (const tp_tool *t = tp_mind_tools; t->name; t++)
        if (!strcmp(t->name, name)) return t;
    return NULL;
}
