/* agent: what an outside mind (an engineer, a program) may do in the
   optimiser's place. A tool is a row: the command line and the MCP server
   offer the same ones, with the same arguments and the same JSON. */
#ifndef TP_AGENT_H
#define TP_AGENT_H

#include "report/report.h"
#include "run/run.h"

#include <jansson.h>

typedef struct tp_tool_arg {
    const char *name;
    const char *type; /* a JSON Schema type: "string", "object", ... */
    bool        required;
    const char *text;
} tp_tool_arg;

typedef struct tp_tool {
    const char        *name, *title, *text;
    const tp_tool_arg *arg;     /* ends with a row without a name */
    bool               changes; /* writes into a run's history */
    /* `arguments` is an object whose members are among `arg` and of their
       types, the required ones there. On TP_OK `*out` is a new object. */
    tp_status (*call)(void *with, const json_t *arguments, json_t **out,
                      tp_err *err);
} tp_tool;

/* TP_BAD_INPUT names a member that is missing, unknown (with the nearest
   names) or of another type than the tool's rows say. */
tp_status tp_tool_check(const tp_tool *t, const json_t *arguments,
                        tp_arena *mem, tp_err *err);
/* The arguments as a JSON Schema (2020-12): a new object. */
json_t *tp_tool_schema(const tp_tool *t);

/* A server of the Model Context Protocol on lines of JSON-RPC 2.0. It answers
   both clients that open with `initialize` (revisions up to 2025-11-25) and
   those whose every request says its revision (2026-07-28). Specification:
   modelcontextprotocol.io. */
typedef struct tp_mcp {
    const char    *name, *version, *instructions;
    const tp_tool *tool; /* ends with a row without a name */
    void          *with; /* handed to the tools */
    /* A line that is no answer (progress) is sent by this; may be NULL. */
    void (*send)(void *to, tp_str line);
    void   *to;
    bool    legacy; /* `initialize` was seen */
    json_t *token;  /* of the call that runs, when it wants progress */
    double  done;   /* the last progress said: it only rises */
} tp_mcp;

/* The answer to one line from the client, without the line's end; empty when
   none is due (a notification). Never fails: what is wrong with the line is
   the answer. */
tp_str tp_mcp_answer(tp_mcp *m, tp_str line, tp_arena *mem);
/* Tells the client how far the call that runs has come, if it asked for that;
   total 0: unknown. */
void tp_mcp_progress(tp_mcp *m, double done, double total, tp_str message,
                     tp_arena mem);

/* ---- an outside mind at work on a store's runs --------------------------- */

/* The runs, as the program keeps them. `which` is an id, a unique beginning of
   one or "last". */
typedef struct tp_mind_ops {
    /* A run to look at. */
    tp_status (*look)(void *with, tp_str which, tp_account *out, tp_arena *mem,
                      tp_err *err);
    /* A run to go on with, when nobody else does; a deck or problem file begins
       a new one. Closed by tp_run_close. TP_BUSY: somebody still does. */
    tp_status (*open)(void *with, tp_str which, tp_run **out, tp_arena *mem,
                      tp_err *err);
    /* A run's store and its id there, whoever works on it; a file begins a new
       run. */
    tp_status (*find)(void *with, tp_str which, tp_store **store, tp_str *id,
                      tp_arena *mem, tp_err *err);
    /* After each call: gives up the store. */
    void (*leave)(void *with);
} tp_mind_ops;

typedef struct tp_mind {
    const tp_mind_ops  *ops;
    void               *with;
    tp_arena            mem;  /* of one call */
    tp_mcp             *mcp;  /* hears of progress; NULL: nobody */
    const volatile int *stop; /* non-zero: give up, may be NULL */
} tp_mind;

/* status, history, trends, suggest, ask, eval, tell, limit, raise, note. `with`
   of their calls is a tp_mind. */
extern const tp_tool tp_mind_tools[]; /* ends with a row without a name */
const tp_tool       *tp_mind_tool(const char *name); /* NULL: none */
#endif
