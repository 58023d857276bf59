/* The Model Context Protocol: every line gets no answer or one that is JSON,
   and a tool only gets what fits its rows. */
#include "fuzz.h"

#include "agent/agent.h"

#include <stdlib.h>

static const tp_tool_arg args[] = {
    {"run", "string", true, "a run's id"},
    {"top", "integer", false, "how many"},
    {"set", "object", false, "values"},
    {0},
};

static tp_status call(void *with, const json_t *arguments, json_t **out,
                      tp_err *err)
{
    (void)with;
    (void)err;
    if (!json_is_string(json_object_get(arguments, "run"))) abort();
    *out = json_object();
    return TP_OK;
}

static const tp_tool tools[] = {
    {"status", "Status", "How a run stands.", args, false, call},
    {0},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_arena mem = tp_arena_open((ptrdiff_t)1 << 28);
    tp_mcp m = {.name = "t", .version = "1", .instructions = "", .tool = tools};
    tp_str rest = {(const char *)data, (ptrdiff_t)size};
    while (rest.len) {
        tp_str  line = tp_str_word(&rest, "\n");
        tp_str  said = tp_mcp_answer(&m, line, &mem);
        json_t *j = json_loadb(said.at, (size_t)said.len, 0, NULL);
        if (said.len && !j) abort();
        if (tp_str_find(said, '\n', 0) >= 0) abort();
        json_decref(j);
    }
    tp_arena_close(&mem);
    return 0;
}
