/* The protocol by transcripts: what the client says, what it must get. */
#include "agent/agent.h"
#include "check.h"

#include <stdlib.h>

static const tp_tool_arg status_args[] = {
    {"run", "string", true, "a run's id"},
    {"top", "integer", false, "how many trials"},
    {0},
};

static tp_mcp server;

static tp_status call_status(void *with, const json_t *arguments, json_t **out,
                             tp_err *err)
{
    const char *run = json_string_value(json_object_get(arguments, "run"));
    tp_arena    mem = *check_mem();
    ++*(int *)with;
    if (!strcmp(run, "none"))
        return tp_fail(err, TP_BAD_INPUT, "there is no run 'none'");
    tp_mcp_progress(&server, 1, 4, TP_S("one"), mem);
    tp_mcp_progress(&server, 1, 4, TP_S("again"), mem);
    tp_mcp_progress(&server, 2, 0, TP_S("two"), mem);
    *out = json_pack("{s:s, s:f}", "run", run, "best", 0.1);
    return TP_OK;
}

static const tp_tool tools[] = {
    {"status", "Status", "How a run stands.", status_args, false, call_status},
    {0},
};

static int  calls;
static char sent[2000]; /* lines, one after the other */

static void keep(void *to, tp_str line)
{
    size_t had = strlen(sent);
    (void)to;
    snprintf(sent + had, sizeof sent - had, "%.*s\n", TP_F(line));
}

static void begin(void)
{
    calls = 0;
    sent[0] = 0;
    server = (tp_mcp){.name = "trimpot",
                      .version = "9",
                      .instructions = "ask first",
                      .tool = tools,
                      .with = &calls,
                      .send = keep};
}

static tp_str tell(const char *line)
{
    return tp_mcp_answer(&server, tp_str_of(line), check_mem());
}

static void open_legacy(void)
{
    begin();
    tell("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{"
         "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
         "\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}");
}

#define META(version)                                                   \
    "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"" version \
    "\",\"io.modelcontextprotocol/clientCapabilities\":{}}"

static void test_mcp__initialize_answers_the_clients_revision(void)
{
    begin();
    CHECK_STR(tell("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":"
                   "\"initialize\",\"params\":{\"protocolVersion\":"
                   "\"2025-06-18\"}}"),
              "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":{"
              "\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":"
              "{}},\"serverInfo\":{\"name\":\"trimpot\",\"version\":\"9\"},"
              "\"instructions\":\"ask first\"}}");
    CHECK(server.legacy);
}

static void test_mcp__initialize_offers_the_latest_for_an_unknown_one(void)
{
    begin();
    CHECK_HAS(tell("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\","
                   "\"params\":{\"protocolVersion\":\"1900-01-01\"}}"),
              "\"protocolVersion\":\"2025-11-25\"");
    CHECK_HAS(tell("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}"),
              "-32602");
}

static void test_mcp__notifications_get_no_answer(void)
{
    begin();
    CHECK_STR(tell("{\"jsonrpc\":\"2.0\",\"method\":"
                   "\"notifications/initialized\"}"),
              "");
    CHECK_STR(tell("{\"jsonrpc\":\"2.0\",\"method\":\"no/such\"}"), "");
}

static void test_mcp__legacy_lists_pings_and_calls(void)
{
    open_legacy();
    CHECK_STR(tell("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}"),
              "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}");
    CHECK_STR(tell("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/list\"}"),
              "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"tools\":[{\"name\":"
              "\"status\",\"title\":\"Status\",\"description\":\"How a run "
              "stands.\",\"inputSchema\":{\"type\":\"object\",\"properties\":{"
              "\"run\":{\"type\":\"string\",\"description\":\"a run's id\"},"
              "\"top\":{\"type\":\"integer\",\"description\":\"how many "
              "trials\"}},\"required\":[\"run\"],\"additionalProperties\":"
              "false},\"annotations\":{\"readOnlyHint\":true,"
              "\"destructiveHint\":false,\"openWorldHint\":false}}]}}");
    CHECK_STR(tell("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/call\","
                   "\"params\":{\"name\":\"status\",\"arguments\":{\"run\":"
                   "\"x\"}}}"),
              "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{\"content\":[{"
              "\"type\":\"text\",\"text\":\"{\\\"run\\\":\\\"x\\\",\\\"best\\\""
              ":0.1}\"}],\"isError\":false,"
              "\"structuredContent\":{\"run\":\"x\",\"best\":"
              "0.1}}}");
    CHECK_Z(sent, ""); /* nobody asked for progress */
}

static void test_mcp__bad_arguments_are_for_the_model_to_mend(void)
{
    open_legacy();
    CHECK_HAS(tell("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/call\","
                   "\"params\":{\"name\":\"status\"}}"),
              "missing argument 'run' (a run's id)\"}],\"isError\":true");
    CHECK_HAS(tell("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/call\","
                   "\"params\":{\"name\":\"status\",\"arguments\":{\"run\":"
                   "\"x\",\"tpo\":1}}}"),
              "unknown argument 'tpo' (did you mean top?)");
    CHECK_HAS(tell("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/call\","
                   "\"params\":{\"name\":\"status\",\"arguments\":{\"run\":"
                   "1}}}"),
              "argument 'run' is no string");
    CHECK_INT(calls, 0);
    CHECK_HAS(tell("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/call\","
                   "\"params\":{\"name\":\"status\",\"arguments\":{\"run\":"
                   "\"none\"}}}"),
              "there is no run 'none'\"}],\"isError\":true");
}

static void test_mcp__wrong_requests_are_errors_of_the_protocol(void)
{
    open_legacy();
    CHECK_STR(tell("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\","
                   "\"params\":{\"name\":\"nosuch\",\"arguments\":{}}}"),
              "{\"jsonrpc\":\"2.0\",\"id\":5,\"error\":{\"code\":-32602,"
              "\"message\":\"Unknown tool: nosuch\"}}");
    CHECK_HAS(tell("{\"jsonrpc\":\"2.0\",\"id\":6,\"method\":\"no/such\"}"),
              "\"code\":-32601");
    CHECK_HAS(tell("nonsense"), "\"id\":null,\"error\":{\"code\":-32700");
    CHECK_HAS(tell("[]"), "\"id\":null,\"error\":{\"code\":-32600");
    CHECK_HAS(tell("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}"),
              "\"code\":-32600");
    CHECK_HAS(tell("{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"ping\"}"),
              "\"id\":7,\"error\":{\"code\":-32600");
    CHECK_HAS(tell("{\"id\":7,\"id\":8}"), "\"code\":-32700");
}

static void test_mcp__progress_only_rises_and_only_where_asked_for(void)
{
    open_legacy();
    tell("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/call\",\"params\":{"
         "\"name\":\"status\",\"arguments\":{\"run\":\"x\"},\"_meta\":{"
         "\"progressToken\":\"p1\"}}}");
    CHECK_Z(sent, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\","
                  "\"params\":{\"progressToken\":\"p1\",\"progress\":1.0,"
                  "\"message\":\"one\",\"total\":4.0}}\n"
                  "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\","
                  "\"params\":{\"progressToken\":\"p1\",\"progress\":2.0,"
                  "\"message\":\"two\"}}\n");
}

static void test_mcp__modern_requests_say_their_revision(void)
{
    begin();
    tp_str found =
        tell("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
             "\"server/discover\",\"params\":{" META("2026-07-28") "}}");
    CHECK_HAS(found, "\"supportedVersions\":[\"2026-07-28\",\"2025-11-25\"");
    CHECK_HAS(found, "\"resultType\":\"complete\"");
    tp_str list = tell("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
                       "\"tools/list\",\"params\":{" META("2026-07-28") "}}");
    CHECK_HAS(list, "\"ttlMs\":300000,\"cacheScope\":\"public\"");
    CHECK_HAS(list, "\"resultType\":\"complete\"");
    CHECK_HAS(tell("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\","
                   "\"params\":{\"name\":\"status\",\"arguments\":{\"run\":"
                   "\"x\"}," META("2026-07-28") "}}"),
              "\"isError\":false,\"structuredContent\":{\"run\":\"x\"");
    CHECK(!server.legacy);
}

static void test_mcp__modern_refusals_name_what_is_missing(void)
{
    begin();
    CHECK_HAS(tell("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/list\","
                   "\"params\":{" META("1900-01-01") "}}"),
              "\"code\":-32022,\"message\":\"Unsupported protocol version\","
              "\"data\":{\"supported\":[\"2026-07-28\"");
    CHECK_HAS(tell("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/list\","
                   "\"params\":{}}"),
              "missing _meta io.modelcontextprotocol/protocolVersion");
    CHECK_HAS(tell("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/list\","
                   "\"params\":{\"_meta\":{\"io.modelcontextprotocol/"
                   "protocolVersion\":\"2026-07-28\"}}}"),
              "missing _meta io.modelcontextprotocol/clientCapabilities");
    CHECK_HAS(tell("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"ping\","
                   "\"params\":{" META("2026-07-28") "}}"),
              "-32601");
}

static const check_test tests[] = {
    CHECK_TEST(test_mcp__initialize_answers_the_clients_revision),
    CHECK_TEST(test_mcp__initialize_offers_the_latest_for_an_unknown_one),
    CHECK_TEST(test_mcp__notifications_get_no_answer),
    CHECK_TEST(test_mcp__legacy_lists_pings_and_calls),
    CHECK_TEST(test_mcp__bad_arguments_are_for_the_model_to_mend),
    CHECK_TEST(test_mcp__wrong_requests_are_errors_of_the_protocol),
    CHECK_TEST(test_mcp__progress_only_rises_and_only_where_asked_for),
    CHECK_TEST(test_mcp__modern_requests_say_their_revision),
    CHECK_TEST(test_mcp__modern_refusals_name_what_is_missing),
    {0},
};

int main(void)
{
    return check_main(tests);
}
