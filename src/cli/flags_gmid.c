/* The flags of `trimpot gmid`, `bandgap` and `problem`. */
#include "cli/cli.h"

#define ROW(flag_name, field, argument, words)       \
    {                                                \
        .row = {.name = flag_name,                   \
                .type = TP_TEXT,                     \
                .at = offsetof(options, gmid.field), \
                .text_def = "",                      \
                .text = words},                      \
        .arg = argument                              \
    }

const flag gmid_flags[] = {
    ROW("model", model, "NAME",
        "The transistor: a .model or .subckt of the model file."),
    ROW("polarity", polarity, "nmos|pmos",
        "Its kind, where neither its model's type nor its name tells."),
    ROW("inner", inner, "PATH",
        "The MOSFET in the sub-circuit, where it has several: m1, x1.m0."),
    ROW("process", process, "NAME",
        "Name of the process in the table; else the model file's."),
    ROW("netlist", netlist, "FILE",
        "The bandgap's netlist, instead of the one its file names."),
    ROW("pdk", pdk, "NAME",
        "A process of --process-data: find widths from gm/Id."),
    ROW("process-data", process_data, "DIR",
        "Folder of processes with gm/Id tables; else process_data."),
    ROW("corner", corner, "SECTION[+SECTION...][,...]",
        "Library sections of a corner; for `gmid table` and `bandgap run` of "
        "several."),
    ROW("l", l, "L[,L...]|FROM:TO[:N]",
        "Lengths in m (0.5u); N of them spaced by a factor; without N as many "
        "as a table within 1 % in W needs."),
    ROW("w", w, "W", "Width that is simulated, in m; else 10u."),
    ROW("vdd", vdd, "V", "Supply: vgs goes up to it, vds is half of it."),
    ROW("vgs", vgs, "FROM:TO:N", "Gate voltages; else 0 to --vdd by 25 mV."),
    ROW("vds", vds, "V[,V...]|FROM:TO:N",
        "Drain voltages; else half of --vdd."),
    ROW("vsb", vsb, "V[,V...]|FROM:TO:N", "Source-bulk voltages; else 0."),
    ROW("temp", temp, "T[,T...]|FROM:TO:N", "Degrees Celsius; else 27."),
    {.row = {.name = "check",
             .type = TP_BOOL,
             .at = offsetof(options, gmid.check),
             .text = "Simulate also between the points, and say how far the "
                     "table is off there."}},
    ROW("gmid", gmid, "X", "The gm/Id that is wanted, in 1/V."),
    ROW("gm", gm, "X", "The transconductance that is needed, in S."),
    ROW("id", id, "X", "The drain current that is needed, in A."),
    ROW("budget", budget, "X", "Id as this current over --branches, in A."),
    ROW("branches", branches, "N", "Branches that share --budget; else 1."),
    ROW("gbw", gbw, "X", "gm as 2 pi gbw c factor, in Hz (with --c)."),
    ROW("slew", slew, "X", "Id as slew c factor, in V/s (with --c)."),
    ROW("c", c, "X", "The capacitance of --gbw and --slew, in F."),
    ROW("factor", factor, "X",
        "Of --gbw: 1.2 for one stage; of --slew: 0.5 for half a pair; else 1."),
    ROW("between", between, "pchip|linear|nearest",
        "How what lies between the rows is found; else pchip."),
    {.row = {0}},
};
