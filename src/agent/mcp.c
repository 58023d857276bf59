/* The Model Context Protocol: one line in, at most one line out. Requests are
   rows; what a revision wants around a result is added in one place. */
#include "agent/agent.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#define META "io.modelcontextprotocol/"
static const char        modern[] = "2026-07-28";
static const char        latest_legacy[] = "2025-11-25";
static const char *const legacy[] = {latest_legacy, "2025-06-18", "2025-03-26",
                                     "2024-11-05"};

enum { PARSE = -32700, INVALID = -32600, NO_METHOD = -32601, PARAMS = -32602 };
enum { NO_VERSION = -32022 }; /* of revision 2026-07-28 */
enum { HOUR_MS = 3600000, TOOLS_MS = 300000 };

/* One request under way. */
typedef struct request {
    tp_mcp   *m;
    tp_arena *mem;
    json_t   *params; /* an object, or NULL */
    json_t   *meta;   /* its _meta, or NULL */
    bool      modern;
    int       code; /* != 0: refused */
    tp_str    why;
    json_t   *data; /* of the refusal, or NULL */
} request;

static json_t *refuse(request *r, int code, tp_str why)
{
    r->code = code;
    r->why = why;
    return NULL;
}

static json_t *server_info(const tp_mcp *m)
{
    return json_pack("{s:s, s:s}", "name", m->name, "version", m->version);
}

static json_t *supported(void)
{
    json_t *all = json_pack("[s]", modern);
    for (int i = 0; i < TP_COUNT(legacy); i++)
        json_array_append_new(all, json_string(legacy[i]));
    return all;
}

/* ---- requests ------------------------------------------------------- */

/* The client's revision when we speak it, else the latest that opens so. */
static json_t *initialize(request *r)
{
    const char *want =
        json_string_value(json_object_get(r->params, "protocolVersion"));
    const char *version = latest_legacy;
    if (!want)
        return refuse(r, PARAMS, TP_S("Invalid params: no protocolVersion"));
    for (int i = 0; i < TP_COUNT(legacy); i++)
        if (!strcmp(want, legacy[i])) version = legacy[i];
    r->m->legacy = true;
    return json_pack("{s:s, s:{s:{}}, s:o, s:s}", "protocolVersion", version,
                     "capabilities", "tools", "serverInfo", server_info(r->m),
                     "instructions", r->m->instructions);
}

static json_t *ping(request *r)
{
    (void)r;
    return json_object();
}

static json_t *discover(request *r)
{
    return json_pack("{s:o, s:{s:{}}, s:{s:o}, s:s, s:i, s:s}",
                     "supportedVersions", supported(), "capabilities", "tools",
                     "_meta", META "serverInfo", server_info(r->m),
                     "instructions", r->m->instructions, "ttlMs", HOUR_MS,
                     "cacheScope", "public");
}

static json_t *tool_json(const tp_tool *t)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:{s:b, s:b, s:b}}", "name", t->name,
                     "title", t->title, "description", t->text, "inputSchema",
                     tp_tool_schema(t), "annotations", "readOnlyHint",
                     !t->changes, "destructiveHint", 0, "openWorldHint", 0);
}

static json_t *list_tools(request *r)
{
    json_t *all = json_array();
    for (const tp_tool *t = r->m->tool; t->name; t++)
        json_array_append_new(all, tool_json(t));
    json_t *out = json_pack("{s:o}", "tools", all);
    if (!r->modern) return out;
    json_object_set_new(out, "ttlMs", json_integer(TOOLS_MS));
    json_object_set_new(out, "cacheScope", json_string("public"));
    return out;
}

static json_t *said(tp_str text, bool is_error)
{
    return json_pack("{s:[{s:s, s:s%}], s:b}", "content", "type", "text",
                     "text", text.at, (size_t)text.len, "isError", is_error);
}

/* The result is given twice: as text and as an object. */
static json_t *done(json_t *result, tp_arena *mem)
{
    json_t *out = said(tp_report_json_text(result, true, mem), false);
    json_object_set_new(out, "structuredContent", result);
    return out;
}

static json_t *run_tool(request *r, const tp_tool *t, const json_t *arguments)
{
    tp_err  err = {0};
    json_t *result = NULL;
    r->m->token = json_object_get(r->meta, "progressToken");
    r->m->done = 0;
    tp_status st = tp_tool_check(t, arguments, r->mem, &err);
    if (!st) st = t->call(r->m->with, arguments, &result, &err);
    r->m->token = NULL;
    if (!st) return done(result, r->mem);
    tp_str text = tp_str_trim(tp_err_text(&err, r->mem));
    return said(tp_report_utf8(text, r->mem), true);
}

static json_t *call_tool(request *r)
{
    json_t     *named = json_object_get(r->params, "name");
    json_t     *arguments = json_object_get(r->params, "arguments");
    const char *name = json_string_value(named);
    if (!name) return refuse(r, PARAMS, TP_S("Invalid params: no tool's name"));
    if (arguments && !json_is_object(arguments))
        return refuse(r, PARAMS,
                      TP_S("Invalid params: arguments is no object"));
    const tp_tool *t = r->m->tool;
    while (t->name && strcmp(t->name, name) != 0) t++;
    if (!t->name)
        return refuse(r, PARAMS, tp_str_fmt(r->mem, "Unknown tool: %s", name));
    json_t *none = arguments ? NULL : json_object();
    json_t *out = run_tool(r, t, arguments ? arguments : none);
    json_decref(none);
    return out;
}

enum { ALWAYS, LEGACY, MODERN };
static const struct {
    const char *name;
    int         era;
    json_t *(*answer)(request *r);
} methods[] = {
    {"initialize", LEGACY, initialize},    {"ping", LEGACY, ping},
    {"server/discover", MODERN, discover}, {"tools/list", ALWAYS, list_tools},
    {"tools/call", ALWAYS, call_tool},
};

/* ---- the envelope --------------------------------------------------- */

static json_t *wrong_version(request *r, const char *version)
{
    r->data =
        json_pack("{s:o, s:s}", "supported", supported(), "requested", version);
    return refuse(r, NO_VERSION, TP_S("Unsupported protocol version"));
}

/* Which revision's rules hold for the request; refused when it says none and
   no `initialize` came before. */
static void settle_era(request *r, int era)
{
    const char *version =
        json_string_value(json_object_get(r->meta, META "protocolVersion"));
    r->modern = version != NULL;
    if (!version && (era == LEGACY || (r->m->legacy && era == ALWAYS))) return;
    if (!version)
        refuse(r, PARAMS,
               TP_S("Invalid params: missing _meta " META "protocolVersion"));
    else if (strcmp(version, modern) != 0)
        wrong_version(r, version);
    else if (!json_is_object(
                 json_object_get(r->meta, META "clientCapabilities")))
        refuse(
            r, PARAMS,
            TP_S("Invalid params: missing _meta " META "clientCapabilities"));
    else if (era == LEGACY)
        refuse(r, NO_METHOD, TP_S("Method not found in this revision"));
}

static json_t *dispatch(request *r, const char *method)
{
    for (int i = 0; i < TP_COUNT(methods); i++) {
        if (strcmp(methods[i].name, method) != 0) continue;
        settle_era(r, methods[i].era);
        json_t *out = r->code ? NULL : methods[i].answer(r);
        if (out && r->modern)
            json_object_set_new(out, "resultType", json_string("complete"));
        return out;
    }
    return refuse(r, NO_METHOD,
                  tp_str_fmt(r->mem, "Method not found: %s", method));
}

/* Drops the object. */
static tp_str line_of(json_t *j, tp_arena *mem)
{
    tp_str out = tp_report_json_text(j, true, mem);
    json_decref(j);
    return out;
}

static json_t *refusal(const request *r)
{
    json_t *e = json_pack("{s:i, s:s%}", "code", r->code, "message", r->why.at,
                          (size_t)r->why.len);
    if (r->data) json_object_set_new(e, "data", r->data);
    return e;
}

/* Takes the result, or the refusal where there is none. */
static tp_str answer(const request *r, json_t *id, json_t *result)
{
    json_t *out = json_pack("{s:s, s:O?}", "jsonrpc", "2.0", "id", id);
    if (result)
        json_object_set_new(out, "result", result);
    else
        json_object_set_new(out, "error", refusal(r));
    return line_of(out, r->mem);
}

static tp_str request_answer(request *r, json_t *in)
{
    json_t     *id = json_object_get(in, "id");
    json_t     *params = json_object_get(in, "params");
    const char *method = json_string_value(json_object_get(in, "method"));
    const char *version = json_string_value(json_object_get(in, "jsonrpc"));
    bool        good_id = json_is_string(id) || json_is_integer(id);
    if (!method || !version || strcmp(version, "2.0") != 0 ||
        (id && !good_id) || (params && !json_is_object(params))) {
        refuse(r, INVALID, TP_S("Invalid Request"));
        return answer(r, good_id ? id : NULL, NULL);
    }
    if (!id) return TP_S(""); /* a notification */
    r->params = params;
    r->meta = json_object_get(params, "_meta");
    json_t *result = dispatch(r, method);
    return answer(r, id, result);
}

tp_str tp_mcp_answer(tp_mcp *m, tp_str line, tp_arena *mem)
{
    request      r = {.m = m, .mem = mem};
    json_error_t where;
    json_t      *in =
        json_loadb(line.at, (size_t)line.len, JSON_REJECT_DUPLICATES, &where);
    tp_str out;
    if (!in) {
        refuse(&r, PARSE, tp_str_fmt(mem, "Parse error: %s", where.text));
        out = answer(&r, NULL, NULL);
    } else if (!json_is_object(in)) {
        refuse(&r, INVALID, TP_S("Invalid Request"));
        out = answer(&r, NULL, NULL);
    } else {
        out = request_answer(&r, in);
    }
    json_decref(in);
    return out;
}

void tp_mcp_progress(tp_mcp *m, double part, double total, tp_str message,
                     tp_arena mem)
{
    if (!m->token || !m->send || !(part > m->done)) return;
    m->done = part;
    json_t *params =
        json_pack("{s:O, s:f, s:s%}", "progressToken", m->token, "progress",
                  part, "message", message.at, (size_t)message.len);
    if (total > 0) json_object_set_new(params, "total", json_real(total));
    json_t *out = json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method",
                            "notifications/progress", "params", params);
    m->send(m->to, line_of(out, &mem));
}
