/* Names of SPICE OPUS and what ngspice calls them: paths of sub-circuits are
   written from the inside out with colons (m1:x1:x2), ngspice's from the
   outside in with dots (m.x2.x1.m1); `@r1` alone is the device's principal
   value; a model's parameter has two @ (SPICE OPUS manual, "Nutmeg"; ngspice
   manual, "Subcircuits"). */
#include "nutmeg/inside.h"

/* The value that stands on a device's line, by the letter of its kind. */
static const struct {
    char        letter;
    const char *parameter;
} principals[] = {
    {'c', "capacitance"}, {'d', "area"},       {'e', "gain"}, {'f', "gain"},
    {'g', "gain"},        {'h', "gain"},       {'i', "dc"},   {'j', "area"},
    {'k', "coefficient"}, {'l', "inductance"}, {'m', "w"},    {'q', "area"},
    {'r', "resistance"},  {'t', "z0"},         {'v', "dc"},   {'z', "area"},
};

/* "resistance" for 'r'; NULL none. */
static const char *principal_of(tp_str device)
{
    char c = device.len > 0 ? tp_lower(device.at[0]) : '\0';
    for (int i = 0; i < TP_COUNT(principals); i++)
        if (principals[i].letter == c) return principals[i].parameter;
    return NULL;
}

/* "a:b:c" -> "c.b": what is behind the first colon, turned round. */
static void put_path(tp_buf *b, tp_str path)
{
    while (path.len > 0) {
        ptrdiff_t from = path.len;
        while (from > 0 && path.at[from - 1] != ':') from--;
        tp_buf_add(b, tp_str_from(path, from));
        path.len = from > 0 ? from - 1 : 0;
        if (path.len > 0) tp_buf_char(b, '.');
    }
}

static bool has_path(tp_str name, tp_str *first, tp_str *path)
{
    ptrdiff_t colon = tp_str_find(name, ':', 0);
    if (colon <= 0 || colon + 1 >= name.len) return false;
    *first = tp_str_part(name, 0, colon);
    *path = tp_str_from(name, colon + 1);
    return true;
}

tp_str tp_nm_device_name(tp_str name, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_str first, path;
    if (!has_path(name, &first, &path)) return name;
    /* an instance of a sub-circuit has no letter in front */
    if (tp_lower(first.at[0]) != 'x') {
        tp_buf_char(&b, first.at[0]);
        tp_buf_char(&b, '.');
    }
    put_path(&b, path);
    tp_buf_char(&b, '.');
    tp_buf_add(&b, first);
    return tp_buf_str(&b);
}

static tp_str plain_node(tp_str name, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_str first, path;
    if (!has_path(name, &first, &path)) return name;
    put_path(&b, path);
    tp_buf_char(&b, '.');
    tp_buf_add(&b, first);
    return tp_buf_str(&b);
}

tp_str tp_nm_node_name(tp_str name, tp_arena *mem)
{
    tp_str    branch = TP_S("#branch");
    ptrdiff_t n = name.len;
    if (tp_str_find(name, ':', 0) < 0) return name;
    if (n > 3 && name.at[1] == '(' && name.at[n - 1] == ')') {
        char   kind = tp_lower(name.at[0]);
        tp_str inside = tp_str_trim(tp_str_part(name, 2, n - 3));
        inside = kind == 'i' ? tp_nm_device_name(inside, mem)
                             : plain_node(inside, mem);
        return tp_str_fmt(mem, "%c(%.*s)", kind, TP_F(inside));
    }
    ptrdiff_t hash = tp_str_find(name, '#', 0);
    if (hash > 0 && tp_str_same(tp_str_from(name, hash), branch)) {
        tp_str device = tp_nm_device_name(tp_str_part(name, 0, hash), mem);
        return tp_str_fmt(mem, "%.*s#branch", TP_F(device));
    }
    return plain_node(name, mem);
}

/* A model of a sub-circuit: "dm:x1:x2" -> "x2.x1:dm". */
static tp_str model_name(tp_str name, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_str first, path;
    if (!has_path(name, &first, &path)) return name;
    put_path(&b, path);
    tp_buf_char(&b, ':');
    tp_buf_add(&b, first);
    return tp_buf_str(&b);
}

tp_status tp_nm_quantity_name(tp_str name, tp_str *out, tp_arena *mem,
                              tp_err *err)
{
    bool      model = name.len > 1 && name.at[1] == '@';
    tp_str    body = tp_str_from(name, model ? 2 : 1);
    ptrdiff_t open = tp_str_find(body, '[', 0);
    tp_str    what = open < 0 ? body : tp_str_part(body, 0, open);
    tp_str    rest = open < 0 ? (tp_str){0} : tp_str_from(body, open);
    if (what.len == 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "'%.*s': wanted @device[parameter] or "
                       "@@model[parameter]",
                       TP_F(name));
    what = model ? model_name(what, mem) : tp_nm_device_name(what, mem);
    if (rest.len > 0) {
        *out = tp_str_fmt(mem, "@%.*s%.*s", TP_F(what), TP_F(rest));
        return TP_OK;
    }
    const char *principal = model ? NULL : principal_of(what);
    if (!principal)
        return tp_fail(err, TP_BAD_INPUT,
                       "'%.*s': %s no principal value; name the parameter: "
                       "%.*s[parameter]",
                       TP_F(name),
                       model ? "a model has"
                             : "this kind of "
                               "device has",
                       TP_F(name));
    *out = tp_str_fmt(mem, "@%.*s[%s]", TP_F(what), principal);
    return TP_OK;
}
