/* A tool's arguments: their schema, and whether a call's fit it. */
#include "agent/agent.h"

#include <string.h>

static const tp_tool_arg *find_arg(const tp_tool *t, const char *name)
{
    for (const tp_tool_arg *a = t->arg; a->name; a++)
        if (!strcmp(a->name, name)) return a;
    return NULL;
}

static bool is_number(const json_t *v)
{
    return json_is_number(v);
}
static bool is_integer(const json_t *v)
{
    return json_is_integer(v);
}
static bool is_string(const json_t *v)
{
    return json_is_string(v);
}
static bool is_object(const json_t *v)
{
    return json_is_object(v);
}
static bool is_array(const json_t *v)
{
    return json_is_array(v);
}
static bool is_boolean(const json_t *v)
{
    return json_is_boolean(v);
}

static const struct {
    const char *name;
    bool (*is)(const json_t *v);
} types[] = {
    {"number", is_number}, {"integer", is_integer}, {"string", is_string},
    {"object", is_object}, {"array", is_array},     {"boolean", is_boolean},
};

static bool of_type(const json_t *v, const char *type)
{
    for (int i = 0; i < TP_COUNT(types); i++)
        if (!strcmp(types[i].name, type)) return types[i].is(v);
    return false;
}

static tp_status unknown(const tp_tool *t, const char *name, tp_arena *mem,
                         tp_err *err)
{
    tp_str known[32];
    int    n = 0;
    for (const tp_tool_arg *a = t->arg; a->name && n < 32; a++)
        known[n++] = tp_str_of(a->name);
    tp_str hint = tp_did_you_mean(mem, tp_str_of(name), known, n);
    return tp_fail(err, TP_BAD_INPUT, "%s: unknown argument '%s'%.*s", t->name,
                   name, TP_F(hint));
}

tp_status tp_tool_check(const tp_tool *t, const json_t *arguments,
                        tp_arena *mem, tp_err *err)
{
    const char *name;
    json_t     *value;
    json_t     *all = (json_t *)arguments; /* jansson iterates without const */
    json_object_foreach(all, name, value)
    {
        const tp_tool_arg *a = find_arg(t, name);
        if (!a) return unknown(t, name, mem, err);
        if (!of_type(value, a->type))
            return tp_fail(err, TP_BAD_INPUT, "%s: argument '%s' is no %s",
                           t->name, name, a->type);
    }
    for (const tp_tool_arg *a = t->arg; a->name; a++)
        if (a->required && !json_object_get(arguments, a->name))
            return tp_fail(err, TP_BAD_INPUT, "%s: missing argument '%s' (%s)",
                           t->name, a->name, a->text);
    return TP_OK;
}

json_t *tp_tool_schema(const tp_tool *t)
{
    json_t *property = json_object(), *required = json_array();
    for (const tp_tool_arg *a = t->arg; a->name; a++) {
        json_object_set_new(
            property, a->name,
            json_pack("{s:s, s:s}", "type", a->type, "description", a->text));
        if (a->required) json_array_append_new(required, json_string(a->name));
    }
    return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties",
                     property, "required", required, "additionalProperties", 0);
}
