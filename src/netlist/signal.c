/* signal: what a measure calls a vector -> the simulator's vector. A current
   "device#pin" is into the device at that pin; where the simulator has no
   such vector in every analysis, a 0 V source in series with the pin is asked
   of the writer (an ammeter). */
#include "netlist/deck.h"

/* Results that belong to one kind of analysis. */
struct result {
    const char *kind, *name, *vector, *unit;
};
static const struct result results[] = {
    {"ac", "frequency", "frequency", "Hz"},
    {"ac", "freq", "frequency", "Hz"},
    {"tran", "time", "time", "s"},
    {"noise", "frequency", "frequency", "Hz"},
    {"noise", "freq", "frequency", "Hz"},
    {"noise", "onoise", "onoise_spectrum", "V/rtHz"},
    {"noise", "inoise", "inoise_spectrum", "V/rtHz"},
    {"noise", "onoise_spectrum", "onoise_spectrum", "V/rtHz"},
    {"noise", "inoise_spectrum", "inoise_spectrum", "V/rtHz"},
    {"tf", "transfer_function", "transfer_function", ""},
    {"tf", "gain", "transfer_function", ""},
    {"tf", "input_impedance", "*#input_impedance", "Ohm"},
    {"tf", "zin", "*#input_impedance", "Ohm"},
    {"tf", "output_impedance", "output_impedance_at_*", "Ohm"},
    {"tf", "zout", "output_impedance_at_*", "Ohm"},
    {"dc", "v-sweep", "v-sweep", "V"},
    {"dc", "i-sweep", "i-sweep", "A"},
    {"dc", "res-sweep", "res-sweep", "Ohm"},
    {"dc", "temp-sweep", "temp-sweep", "degC"},
};

/* What a lookup works with. */
struct look {
    tp_deck   *d;
    tp_str     name; /* lower case */
    tp_str     kind;
    tp_signal *out;
    tp_err    *err;
};

static tp_status found(struct look *l, tp_str vector, double factor,
                       const char *unit)
{
    *l->out = (tp_signal){.name = l->name,
                          .vector = vector,
                          .factor = factor,
                          .unit = tp_str_of(unit)};
    return TP_OK;
}

/* ---- "did you mean" ----------------------------------------------------- */

static tp_str like(const tp_deck *d, tp_str want, bool devices, bool nodes)
{
    tp_arena *mem = d->mem;
    tp_str   *all = TP_NEW(mem, tp_str, d->n_path + d->n_node);
    int       n = 0;
    for (int i = 0; nodes && i < d->n_node; i++) all[n++] = d->node[i];
    for (int i = 0; devices && i < d->n_path; i++) all[n++] = d->path[i];
    return tp_did_you_mean(mem, want, all, n);
}

static tp_status no_name(const struct look *l, tp_str name)
{
    return tp_fail(l->err, TP_BAD_INPUT, "no node or device '%.*s'%.*s",
                   TP_F(name), TP_F(like(l->d, name, true, true)));
}

static tp_status no_device(const struct look *l, tp_str dev)
{
    return tp_fail(l->err, TP_BAD_INPUT, "no device '%.*s'%.*s", TP_F(dev),
                   TP_F(like(l->d, dev, true, false)));
}

static tp_status no_pin(const struct look *l, const tp_device *dev, tp_str pin)
{
    tp_buf b = {.mem = l->d->mem};
    for (int k = 0; k < dev->n_node; k++) {
        if (k > 0) tp_buf_add(&b, TP_S(", "));
        tp_buf_add(&b, tp_device_pin(l->d, dev, k, l->d->mem));
    }
    if (dev->n_node == 0 || tp_device_pin(l->d, dev, 0, l->d->mem).len == 0)
        return tp_fail(l->err, TP_BAD_INPUT,
                       "%.*s has no pins whose current is known",
                       TP_F(dev->name));
    return tp_fail(l->err, TP_BAD_INPUT, "%.*s has no pin '%.*s' (pins: %.*s)",
                   TP_F(dev->name), TP_F(pin), TP_F(tp_buf_str(&b)));
}

/* ---- currents ----------------------------------------------------------- */

static int pin_of(const tp_deck *d, const tp_device *dev, tp_str pin)
{
    for (int k = 0; k < dev->n_node; k++)
        if (tp_str_same(tp_device_pin(d, dev, k, d->mem), pin)) return k;
    return -1;
}

/* Letters of devices with just two ends, whose currents are opposite. */
static bool two_ends(char letter)
{
    return tp_str_find(TP_S("rclvidbefghsw"), letter, 0) >= 0;
}

static bool name_is_used(const tp_deck *d, tp_str name)
{
    for (int i = 0; i < d->n_device; i++)
        if (tp_str_same(d->device[i].name, name)) return true;
    for (int i = 0; i < d->n_ammeter; i++)
        if (tp_str_same(d->ammeter[i].source, name)) return true;
    return false;
}

static bool node_is_used(const tp_deck *d, tp_str name)
{
    for (int i = 0; i < d->n_device; i++)
        for (int k = 0; k < d->device[i].n_node; k++)
            if (tp_str_same(d->device[i].node[k].text, name)) return true;
    return false;
}

/* The ammeter at a pin, made if there is none. */
static const tp_ammeter *ammeter_at(tp_deck *d, int device, int pin)
{
    for (int i = 0; i < d->n_ammeter; i++)
        if (d->ammeter[i].device == device && d->ammeter[i].pin == pin)
            return &d->ammeter[i];
    tp_str name =
        tp_str_fmt(d->mem, "tp_%.*s_%d", TP_F(d->device[device].name), pin);
    tp_str source = tp_str_fmt(d->mem, "v%.*s", TP_F(name));
    while (name_is_used(d, source) || node_is_used(d, name)) {
        name = tp_str_fmt(d->mem, "%.*s_", TP_F(name));
        source = tp_str_fmt(d->mem, "v%.*s", TP_F(name));
    }
    tp_ammeter *a = TP_PUSH(d->mem, d->ammeter, d->n_ammeter, d->cap_ammeter);
    *a = (tp_ammeter){device, pin, source, name};
    return a;
}

static tp_str branch_of(const tp_deck *d, tp_str path, tp_str source)
{
    tp_str flat = tp_deck_flat(d, path, source, d->mem);
    return tp_str_fmt(d->mem, "%.*s#branch", TP_F(flat));
}

static tp_status current(struct look *l, tp_str path, int device, int pin)
{
    tp_deck *d = l->d;
    char     letter = d->device[device].letter;
    double   factor = 1;
    if (two_ends(letter) && pin == 1) {
        factor = -1;
        pin = 0;
    }
    if (letter == 'v' || letter == 'l')
        return found(l, branch_of(d, path, TP_S("")), factor, "A");
    const tp_ammeter *a = ammeter_at(d, device, pin);
    return found(l, branch_of(d, path, a->source), factor, "A");
}

/* "dev#pin", "dev#branch". */
static tp_status pin_current(struct look *l, tp_str path, tp_str pin)
{
    int i = tp_deck_device(l->d, path);
    if (i < 0) return no_device(l, path);
    const tp_device *dev = &l->d->device[i];
    int              k = pin_of(l->d, dev, pin);
    if (k < 0 && tp_str_same(pin, TP_S("branch")) && two_ends(dev->letter))
        k = 0;
    return k < 0 ? no_pin(l, dev, pin) : current(l, path, i, k);
}

/* "i(dev)". */
static tp_status device_current(struct look *l, tp_str path)
{
    int i = tp_deck_device(l->d, path);
    if (i < 0) return no_device(l, path);
    const tp_device *dev = &l->d->device[i];
    if (two_ends(dev->letter) && dev->n_node > 0) return current(l, path, i, 0);
    return tp_fail(l->err, TP_BAD_INPUT,
                   "i(%.*s): the device has more than two pins; name one, "
                   "for example %.*s#%.*s",
                   TP_F(path), TP_F(path),
                   TP_F(tp_device_pin(l->d, dev, 0, l->d->mem)));
}

/* ---- "@dev[par]" -------------------------------------------------------- */

static const char *unit_of(tp_str par)
{
    static const struct {
        const char *start, *unit;
    } row[] = {{"gm", "S"},  {"gds", "S"}, {"gd", "S"}, {"go", "S"},
               {"gpi", "S"}, {"i", "A"},   {"v", "V"},  {"c", "F"},
               {"r", "Ohm"}, {"p", "W"}};
    if (tp_str_same(par, TP_S("cd"))) return "A";
    for (int i = 0; i < TP_COUNT(row); i++)
        if (tp_str_starts(par, tp_str_of(row[i].start))) return row[i].unit;
    return "";
}

static tp_status parameter(struct look *l)
{
    ptrdiff_t open = tp_str_find(l->name, '[', 0);
    if (open < 2 || l->name.at[l->name.len - 1] != ']')
        return tp_fail(l->err, TP_BAD_INPUT,
                       "'%.*s' is not of the form @device[parameter]",
                       TP_F(l->name));
    tp_str path = tp_str_part(l->name, 1, open - 1);
    tp_str par = tp_str_part(l->name, open + 1, l->name.len - open - 2);
    if (tp_deck_device(l->d, path) < 0) return no_device(l, path);
    tp_str flat = tp_deck_flat(l->d, path, TP_S(""), l->d->mem);
    found(l, tp_str_fmt(l->d->mem, "@%.*s[%.*s]", TP_F(flat), TP_F(par)), 1,
          unit_of(par));
    l->out->save = true;
    return TP_OK;
}

/* ---- results of one kind of analysis ------------------------------------ */

/* The only analysis of that kind, or NULL. */
static const tp_analysis *only(const tp_deck *d, const char *kind)
{
    const tp_analysis *a = NULL;
    for (int i = 0; i < d->n_analysis; i++) {
        if (!tp_str_same(d->analysis[i].kind, tp_str_of(kind))) continue;
        if (a) return NULL;
        a = &d->analysis[i];
    }
    return a;
}

/* "tf v(out) v1" -> "v1#input_impedance", "output_impedance_at_v(out)";
   "tf i(v2) v1" -> "v2#output_impedance". */
static tp_status tf_result(struct look *l, const struct result *r)
{
    const tp_analysis *a = only(l->d, "tf");
    if (!a)
        return tp_fail(l->err, TP_BAD_INPUT,
                       "'%.*s': the deck has several .tf analyses; use the "
                       "simulator's name (v1#input_impedance, "
                       "output_impedance_at_v(out))",
                       TP_F(l->name));
    tp_str    rest = tp_str_from(a->command, 3);
    tp_str    what = tp_str_word(&rest, " "), source = tp_str_word(&rest, " ");
    tp_arena *mem = l->d->mem;
    if (r->vector[0] == '*')
        return found(l, tp_str_fmt(mem, "%.*s#input_impedance", TP_F(source)),
                     1, r->unit);
    if (what.at[0] == 'i')
        return found(l,
                     tp_str_fmt(mem, "%.*s#output_impedance",
                                TP_F(tp_str_part(what, 2, what.len - 3))),
                     1, r->unit);
    return found(l, tp_str_fmt(mem, "output_impedance_at_%.*s", TP_F(what)), 1,
                 r->unit);
}

static bool tf_vector(tp_str name)
{
    ptrdiff_t hash = tp_str_find(name, '#', 0);
    tp_str    tail = tp_str_from(name, hash + 1);
    if (tp_str_starts(name, TP_S("output_impedance_at_"))) return true;
    return hash > 0 && (tp_str_same(tail, TP_S("input_impedance")) ||
                        tp_str_same(tail, TP_S("output_impedance")));
}

/* An input noise is in the unit of the source it is referred to. */
static const char *noise_unit(const struct look *l, const struct result *r)
{
    const tp_analysis *a = only(l->d, "noise");
    if (r->name[0] != 'i' || !a) return r->unit;
    tp_str rest = a->command;
    for (int i = 0; i < 2; i++) tp_str_word(&rest, " ");
    return tp_str_word(&rest, " ").at[0] == 'i' ? "A/rtHz" : r->unit;
}

/* Whether the name is a result of the analysis; `*status` then says how it
   went. */
static bool result(struct look *l, tp_status *status)
{
    for (int i = 0; i < TP_COUNT(results); i++) {
        const struct result *r = &results[i];
        if (!tp_str_same(l->kind, tp_str_of(r->kind))) continue;
        if (!tp_str_same(l->name, tp_str_of(r->name))) continue;
        tp_str vector = tp_str_of(r->vector);
        if (tp_str_find(vector, '*', 0) >= 0)
            *status = tf_result(l, r);
        else if (tp_str_same(l->kind, TP_S("noise")))
            *status = found(l, vector, 1, noise_unit(l, r));
        else
            *status = found(l, vector, 1, r->unit);
        return true;
    }
    if (!tp_str_same(l->kind, TP_S("tf")) || !tf_vector(l->name)) return false;
    *status = found(l, l->name, 1, "Ohm");
    return true;
}

/* Noise and transfer function analyses give their own results only. */
static tp_status no_result(const struct look *l)
{
    tp_buf b = {.mem = l->d->mem};
    for (int i = 0; i < TP_COUNT(results); i++)
        if (tp_str_same(l->kind, tp_str_of(results[i].kind)))
            tp_buf_fmt(&b, "%s%s", b.len > 0 ? ", " : "", results[i].name);
    return tp_fail(l->err, TP_BAD_INPUT,
                   "a .%.*s analysis has no vector '%.*s' (it has %.*s)",
                   TP_F(l->kind), TP_F(l->name), TP_F(tp_buf_str(&b)));
}

/* The kind of analysis that has a result of this name, or NULL. */
static const char *other_kind(tp_str name)
{
    for (int i = 0; i < TP_COUNT(results); i++)
        if (tp_str_same(name, tp_str_of(results[i].name)))
            return results[i].kind;
    return NULL;
}

/* ---- nodes -------------------------------------------------------------- */

static tp_status node(struct look *l, tp_str name)
{
    tp_str vector;
    if (!tp_deck_node(l->d, name, &vector, l->d->mem)) {
        const char *kind = other_kind(l->name);
        if (!kind) return no_name(l, name);
        return tp_fail(
            l->err, TP_BAD_INPUT,
            "'%.*s' is a result of a .%s analysis, this one is .%.*s",
            TP_F(l->name), kind, TP_F(l->kind));
    }
    if (tp_str_same(vector, TP_S("0")))
        return tp_fail(l->err, TP_BAD_INPUT,
                       "node '%.*s' is ground: its voltage is always 0",
                       TP_F(name));
    return found(l, vector, 1, "V");
}

/* "v(out)" -> "out", for the letter 'v'. */
static bool in_brackets(tp_str name, char letter, tp_str *inside)
{
    if (name.len < 4 || name.at[0] != letter || name.at[1] != '(' ||
        name.at[name.len - 1] != ')')
        return false;
    *inside = tp_str_trim(tp_str_part(name, 2, name.len - 3));
    return true;
}

static ptrdiff_t last_hash(tp_str name)
{
    ptrdiff_t at = -1, next = -1;
    while ((next = tp_str_find(name, '#', next + 1)) >= 0) at = next;
    return at;
}

static tp_status resolve(struct look *l)
{
    tp_status status = TP_OK;
    tp_str    inside, ignored;
    if (result(l, &status)) return status;
    if (tp_str_same(l->kind, TP_S("noise")) || tp_str_same(l->kind, TP_S("tf")))
        return no_result(l);
    if (l->name.len > 0 && l->name.at[0] == '@') return parameter(l);
    if (in_brackets(l->name, 'v', &inside)) return node(l, inside);
    if (in_brackets(l->name, 'i', &inside)) return device_current(l, inside);
    ptrdiff_t hash = last_hash(l->name);
    if (hash > 0 && !tp_deck_node(l->d, l->name, &ignored, l->d->mem))
        return pin_current(l, tp_str_part(l->name, 0, hash),
                           tp_str_from(l->name, hash + 1));
    if (!tp_deck_node(l->d, l->name, &ignored, l->d->mem) &&
        tp_deck_device(l->d, l->name) >= 0)
        return tp_fail(l->err, TP_BAD_INPUT,
                       "'%.*s' is a device, not a node: name a pin for its "
                       "current, for example %.*s#%.*s",
                       TP_F(l->name), TP_F(l->name),
                       TP_F(tp_device_pin(
                           l->d, &l->d->device[tp_deck_device(l->d, l->name)],
                           0, l->d->mem)));
    return node(l, l->name);
}

tp_status tp_deck_signal(tp_deck *d, tp_str name, tp_str kind, tp_signal *out,
                         tp_err *err)
{
    struct look l = {.d = d, .kind = kind, .out = out, .err = err};
    TP_TRY(tp_deck_index(d, err));
    l.name = tp_str_lower(d->mem, tp_str_trim(name));
    *out = (tp_signal){0};
    if (l.name.len == 0)
        return tp_fail(err, TP_BAD_INPUT, "the name of a vector is empty");
    return resolve(&l);
}
