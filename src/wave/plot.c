/* Names, units and kinds of plots, as SPICE3 and ngspice write them. */
#include "wave/raw.h"

static const tp_plot_kind kinds[] = {
    {"Operating Point", "op", false},
    {"AC Operating Point", "op", false}, /* with .options keepopinfo */
    {"DC transfer characteristic", "dc", true},
    {"AC Analysis", "ac", true},
    {"Transient Analysis", "tran", true},
    {"Noise Spectral Density Curves", "noise", true},
    {"Integrated Noise", "noise", false},
    {"Transfer Function", "tf", false},
    {"Pole-Zero", "pz", false},
    {"Sensitivity", "sens", false},
    {"Distortion", "disto", true},
    {"DISTORTION", "disto", true},
    {"Spectrum", "sp", true},
    {"Periodic Steady State", "pss", true},
    {"DC Analysis", "op", false}, /* Spectre's */
    {"DC Analysis", "dc", true},
    {"Noise Analysis", "noise", true},
    {"Optimization", "optimize", true}, /* trimpot's own */
    {"Population", "psade_pop", false},
};

static const struct {
    const char *type, *unit;
} units[] = {
    {"voltage", "V"},
    {"current", "A"},
    {"time", "s"},
    {"frequency", "Hz"},
    {"voltage-density", "V/rtHz"},
    {"current-density", "A/rtHz"},
    {"voltage^2-density", "V^2/Hz"},
    {"current^2-density", "A^2/Hz"},
    {"impedance", "Ohm"},
    {"res-sweep", "Ohm"},
    {"admittance", "S"},
    {"capacitance", "F"},
    {"charge", "C"},
    {"power", "W"},
    {"decibel", "dB"},
    {"phase", "deg"},
    {"temp-sweep", "degC"},
    {"temperature", "degC"},
};

const tp_plot_kind *tp_plot_kind_of_title(tp_str title, bool swept)
{
    const tp_plot_kind *found = NULL;
    for (int i = 0; i < TP_COUNT(kinds); i++) {
        if (!tp_str_starts(title, tp_str_of(kinds[i].title))) continue;
        if (!found || kinds[i].swept == swept) found = &kinds[i];
    }
    return found;
}

const tp_plot_kind *tp_plot_kind_find(tp_str kind, bool swept)
{
    for (int i = 0; i < TP_COUNT(kinds); i++)
        if (tp_str_same(kind, tp_str_of(kinds[i].kind)) &&
            kinds[i].swept == swept)
            return &kinds[i];
    return NULL;
}

tp_str tp_raw_unit(tp_str type)
{
    for (int i = 0; i < TP_COUNT(units); i++)
        if (tp_str_same(type, tp_str_of(units[i].type)))
            return tp_str_of(units[i].unit);
    for (int i = 0; i < TP_COUNT(units); i++) /* Spectre writes the unit */
        if (tp_str_eq(type, tp_str_of(units[i].unit))) return type;
    return TP_S("");
}

const char *tp_raw_type(tp_str unit)
{
    for (int i = 0; i < TP_COUNT(units); i++)
        if (tp_str_eq(unit, tp_str_of(units[i].unit))) return units[i].type;
    return "notype";
}

/* What is between the bracket at index 1 and the last byte, when those two
   belong together; else all of it. */
static tp_str undress(tp_str name)
{
    int open = 0;
    if (name.len < 4 || name.at[1] != '(' || name.at[name.len - 1] != ')')
        return name;
    for (ptrdiff_t i = 1; i < name.len - 1; i++) {
        open += (name.at[i] == '(') - (name.at[i] == ')');
        if (open == 0) return name;
    }
    return tp_str_part(name, 2, name.len - 3);
}

tp_vector_name tp_vector_name_of(tp_str name)
{
    tp_str branch = TP_S("#branch");
    char   dress = name.len > 0 ? tp_lower(name.at[0]) : '\0';
    tp_str inside = undress(name);
    if (inside.len < name.len && dress == 'v')
        return (tp_vector_name){inside, false};
    if (inside.len < name.len && dress == 'i')
        return (tp_vector_name){inside, inside.at[0] != '@'};
    if (name.len > branch.len &&
        tp_str_same(tp_str_from(name, name.len - branch.len), branch))
        return (tp_vector_name){tp_str_part(name, 0, name.len - branch.len),
                                true};
    return (tp_vector_name){name, false};
}

const tp_wave *tp_plot_find(const tp_plot *plot, tp_str name)
{
    tp_vector_name want = tp_vector_name_of(name);
    for (int i = 0; i < plot->n_wave; i++) {
        tp_vector_name has = tp_vector_name_of(plot->wave[i].name);
        if (has.branch == want.branch && tp_str_same(has.core, want.core))
            return &plot->wave[i];
    }
    return NULL;
}
