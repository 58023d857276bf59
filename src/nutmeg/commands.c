/* The tables of commands, and those of Nutmeg that make no sense here. */
#include "nutmeg/inside.h"

extern const tp_nutmeg_command tp_nm_vector_commands[], tp_nm_set_commands[],
    tp_nm_plot_commands[], tp_nm_change_commands[], tp_nm_analysis_commands[],
    tp_nm_file_commands[], tp_nm_transform_commands[], tp_nm_graph_commands[],
    tp_nm_measure_commands[];

const tp_nutmeg_command *const tp_nm_commands[] = {
    tp_nm_vector_commands,    tp_nm_set_commands,
    tp_nm_plot_commands,      tp_nm_change_commands,
    tp_nm_analysis_commands,  tp_nm_file_commands,
    tp_nm_transform_commands, tp_nm_measure_commands,
    tp_nm_graph_commands,     NULL,
};

#define PROGRAM "a script can't start other programs"
#define WINDOW "there are no windows here; `plot` writes pictures to files"
#define ONE "a session has one circuit; `source FILE` loads another"
#define SHELL "the prompt has no shell around it"
#define INSIDE "it shows the inside of another simulator's front end"
#define ANALYSIS "this analysis is not supported by the simulator behind"

const tp_nm_reason tp_nm_pointless[] = {
    {"shell", PROGRAM},
    {"cd", "the session stays in its folder"},
    {"edit", PROGRAM},
    {"aspice", PROGRAM},
    {"jobs", PROGRAM},
    {"rspice", PROGRAM},
    {"bug", PROGRAM},
    {"gnuplot", WINDOW},
    {"iplot", WINDOW},
    {"xgraph", WINDOW},
    {"asciiplot", WINDOW},
    {"bltplot", WINDOW},
    {"setcirc", ONE},
    {"remcirc", ONE},
    {"alias", SHELL},
    {"unalias", SHELL},
    {"history", SHELL},
    {"where", INSIDE},
    {"dump", INSIDE},
    {"state", INSIDE},
    {"status", INSIDE},
    {"version", INSIDE},
    {"devhelp", INSIDE},
    {"inventory", INSIDE},
    {"listing", INSIDE},
    {"show", INSIDE},
    {"showmod", INSIDE},
    {"mc_source", INSIDE},
    {"snload", INSIDE},
    {"snsave", INSIDE},
    {"trace", INSIDE},
    {"step", "an analysis runs to its end"},
    {"stop", "an analysis runs to its end; Ctrl-C stops a script"},
    {"resume", "an analysis runs to its end"},
    {"bg_run", "a script waits for its analyses"},
    {"sens", ANALYSIS},
    {"pz", ANALYSIS},
    {"disto", ANALYSIS},
    {"pss", ANALYSIS},
    {"ssse", ANALYSIS},
    {"sp", ANALYSIS},
    {"nodeset", "write .nodeset into the circuit"},
    {"ic", "write .ic into the circuit"},
    {"csparam", "write .param and use alterparam"},
    {"codemodel", PROGRAM},
    {"pre_codemodel", PROGRAM},
    {"osdi", PROGRAM},
    {NULL, NULL},
};
