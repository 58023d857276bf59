/* Changes of a circuit in ngspice's own words: the embedded one is told them
   one by one, a fresh program all at once. */
#include "sim/parts.h"

/* "x1.r1" -> "r.x1.r1", ngspice's name of a device in a sub-circuit. */
tp_str tp_ng_device(tp_str name, tp_arena *mem)
{
    ptrdiff_t dot = -1;
    for (ptrdiff_t i = 0; i < name.len; i++)
        if (name.at[i] == '.') dot = i;
    if (dot < 0 || name.at[1] == '.' || dot + 1 == name.len) return name;
    return tp_str_fmt(mem, "%c.%.*s", name.at[dot + 1], TP_F(name));
}

/* The parameter that is meant when none is named. A device that has none is
   not tried: ngspice 39 ends at `alter m1 = 3`. */
static const char *principal(tp_str device)
{
    static const struct {
        char        letter;
        const char *par;
    } rows[] = {
        {'r', "resistance"},
        {'c', "capacitance"},
        {'l', "inductance"},
        {'k', "coefficient"},
    };
    for (int i = 0; device.len > 0 && i < TP_COUNT(rows); i++)
        if (rows[i].letter == tp_lower(device.at[0])) return rows[i].par;
    return tp_principal(device);
}

tp_str tp_quantity_text(tp_str name, tp_str par, tp_arena *mem)
{
    tp_str device = tp_ng_device(name, mem);
    if (par.len == 0) par = tp_str_of(principal(device));
    if (par.len == 0) return par;
    return tp_str_fmt(mem, "@%.*s[%.*s]", TP_F(device), TP_F(par));
}

static void add_value(tp_buf *b, const tp_command *c)
{
    if (c->list) tp_buf_add(b, TP_S("["));
    for (int i = 0; i < c->n; i++)
        tp_buf_fmt(b, "%s%.17g", i > 0 || c->list ? " " : "", c->value[i]);
    if (c->list) tp_buf_add(b, TP_S(" ]"));
}

/* Whether a line of the circuit begins with this word. */
static bool is_device(const tp_circuit *c, tp_str name)
{
    tp_str rest = c->text;
    for (int line = 1; rest.len > 0; line++) {
        ptrdiff_t end = tp_str_find(rest, '\n', 0);
        tp_str    here = end < 0 ? rest : tp_str_part(rest, 0, end);
        rest = tp_str_from(rest, here.len + 1);
        if (line > 1 && tp_str_same(tp_str_word(&here, " \t"), name))
            return true;
    }
    return false;
}

static tp_str no_value(tp_str name, tp_arena *mem)
{
    return tp_str_fmt(mem,
                      "alter: '%.*s' has no value of its own; name the "
                      "parameter: alter @%.*s[...]",
                      TP_F(name), TP_F(name));
}

tp_str tp_change_text(tp_str *out, const tp_command *c, const tp_circuit *in,
                      tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    bool   model = c->kind == TP_COMMAND_MODEL;
    *out = c->text;
    if (!model && c->kind != TP_COMMAND_ALTER) return TP_S("");
    if (model && is_device(in, c->name)) /* ngspice looks there first */
        return tp_str_fmt(mem,
                          "altermod: '%.*s' is the name of a device, too; "
                          "give the model another one",
                          TP_F(c->name));
    tp_str what =
        model ? tp_str_fmt(mem, "@%.*s[%.*s]", TP_F(c->name), TP_F(c->par))
              : tp_quantity_text(c->name, c->par, mem);
    if (what.len == 0) return no_value(c->name, mem);
    tp_buf_fmt(&b, "%.*s %.*s = ", TP_F(c->verb), TP_F(what));
    add_value(&b, c);
    *out = tp_buf_str(&b);
    return TP_S("");
}
