/* The commands, in the order of the manual. */
#include "cli/cli.h"

#include <string.h>

/* What begins or goes on with a run one point at a time. */
#define MIND_FLAGS \
    "method seed jobs trial-time attempts simulator exec program include-dir "

const command commands[] = {
    {"run", "FILE", 1, 1,
     "method set seed window jobs max-trials max-time trial-time abstol reltol "
     "ctol lin stop-cost centering attempts simulator no-prune warm no-early "
     "exec "
     "program include-dir alg iterlim store out write-deck write-deck-as "
     "from progress check-share no-proof no-history json help",
     "tune a deck to its specification",
     "Reads the deck, simulates it at its start values, then lets the method "
     "of the deck (or of --method) propose values until a stop rule holds. "
     "The best trial that meets every constraint is simulated again by a "
     "fresh plain ngspice before it is reported. Every trial is stored as it "
     "finishes: a run that was killed goes on with `trimpot resume`.",
     cmd_run, false},
    {"replay", "RUN", 1, 1, "trial store out help",
     "print a trial as a deck for plain ngspice",
     "A self-contained deck of any trial: under a plain `ngspice -b` it makes "
     "the trial's analyses, prints the measures that ngspice's own `meas` can "
     "make, and writes a raw file, from which `trimpot measure RUN --trial N "
     "--raw FILE` takes all of them. Where a trial has several decks, one file "
     "each is written to the folder of --out.",
     cmd_replay, false},
    {"measure", "FILE", 1, 1,
     "raw trial store set phase trial-time simulator no-prune warm exec "
     "program "
     "include-dir engine json help",
     "simulate a deck once and print every measure",
     "One evaluation at the start values. Each measure is printed with its "
     "unit or with the reason why it has no value. The first thing to run on "
     "a new deck. With --raw nothing is simulated: FILE is the deck, or the "
     "run whose trial was replayed (`trimpot replay`).",
     cmd_measure, false},
    {"check", "DECK", 1, 1,
     "points vary seed jobs attempts trial-time simulator no-prune exec "
     "program include-dir engine json help",
     "compare the fast way with a fresh plain ngspice",
     "Random points are simulated as a run would, and each by a fresh `ngspice "
     "-b` from the deck with nothing left out. Prints the largest relative "
     "difference of every measure; of a deck that states none, of every vector "
     "of every analysis.",
     cmd_check, false},
    {"resume", "RUN", 1, 1,
     "jobs max-trials max-time exec program include-dir store out write-deck "
     "write-deck-as progress no-proof no-history json help",
     "go on with a run that was interrupted or killed",
     "The stored trials are told to the method again, then the run goes on: "
     "the trials and the answer are those of an unbroken run, bit for bit. "
     "RUN is an id, a unique beginning of one, `last`, or an .sxopt file.",
     cmd_resume, false},
    {"show", "RUN", 1, 1, "store json help",
     "print the final table of a stored run",
     "Variables, specification, margins, proof, and how to reproduce the "
     "result.",
     cmd_show, false},
    {"list", "", 0, 0, "store json help", "list the stored runs",
     "Newest first: id, date, status, trials, failed trials, deck.", cmd_list,
     false},
    {"export", "RUN", 1, 1, "csv sxopt history store out help",
     "write a run's trials as CSV, .sxopt or history file",
     "To standard output, or to the folder of --out. The .sxopt file holds "
     "the whole specification, the deck and every trial, and can be resumed "
     "from.",
     cmd_export, false},
    {"report", "RUN", 1, 1, "store out help",
     "write an HTML report and the convergence plot",
     "Writes RUN.html, RUN-convergence.svg and RUN-convergence.png to the "
     "folder of --out.",
     cmd_report, false},
    {"spice", "[FILE]", 0, 1,
     "seed window jobs max-time trial-time simulator exec program include-dir "
     "store out no-proof help",
     "a Nutmeg prompt with SPICE OPUS's optimize",
     "Runs Nutmeg commands from the terminal or from standard input, after "
     "those of FILE. Circuits are simulated in a process of their own. "
     "`optimize` without a word runs what its sub-commands described.",
     cmd_spice, false},
    {"problem", "DECK", 1, 1,
     "pdk process-data simulator out trial-time include-dir help",
     "write a starting problem file for a deck",
     "Looks the deck through for its MOSFETs, their roles, parameters that "
     "size something, supplies and corners, simulates it once, and writes a "
     "problem file whose limits are what the deck has now: to standard output, "
     "to be "
     "saved beside the deck, or as DECK.json to the folder of --out. With "
     "--pdk widths W_M1 with lengths L_M1 are found from gm/Id.",
     cmd_problem, false},
    {"bandgap run", "SPEC", 1, 1,
     "netlist corner seed window jobs max-trials max-time trial-time attempts "
     "exec program include-dir store progress no-proof json help",
     "sweep a bandgap's parameters, then around the best",
     "Reads the YAML of a sweep (target, params, evolution_strategy), puts the "
     "parameters in the places ${NAME} of its netlist, simulates every "
     "combination in every corner, then finer grids around the best one. Each "
     "job is stored as it finishes: `trimpot resume` goes on with a run that "
     "was killed.",
     cmd_bandgap_run, false},
    {"bandgap status", "RUN", 1, 1, "store json help",
     "say how far a bandgap sweep is, and what is best",
     "With --json the sweep's whole state: every job with its parameters, "
     "results and both figures of merit.",
     cmd_bandgap_status, false},
    {"bandgap report", "RUN", 1, 1, "store out help",
     "write a bandgap sweep's report as Markdown",
     "To standard output, or as RUN.md to the folder of --out: the best design "
     "by each figure of merit, its corners, and every job, best first.",
     cmd_bandgap_report, false},
    {"gmid table", "MODELS", 1, 1,
     "model polarity inner process corner l w vdd vgs vds vsb temp check "
     "simulator include-dir out help",
     "make a gm/Id lookup table by simulation",
     "Simulates the transistor --model of a model file at every length of --l "
     "and writes its table to standard output, or as nmos_lookup.json or "
     "pmos_lookup.json to the folder of --out, beside a config.json. Further "
     "drain and bulk voltages, corners and temperatures become axes of the "
     "table; the first value of each is its default.",
     cmd_gmid_table, false},
    {"gmid lookup", "TABLE", 1, 1,
     "gmid l vds vsb temp corner gm id budget branches gbw slew c factor "
     "between json help",
     "find an operating point, and a width, in a table",
     "The point with this gm/Id at this length. With --gm, --id, --budget, "
     "--gbw or --slew also the device: Id = gm/(gm/Id), W = Id/JD.",
     cmd_gmid_lookup, false},
    {"gmid plot", "TABLE", 1, 1, "vds vsb temp corner out help",
     "draw the design charts of a table",
     "gm/Id over vov, and current density, gain and fT over gm/Id, a curve "
     "for each length, each as SVG and PNG in the folder of --out.",
     cmd_gmid_plot, false},
    {"methods", "[NAME]", 0, 1, "json help",
     "list the search methods, or one with its settings",
     "With what each can do (constraints, needs bounds, random), its source "
     "and its settings with defaults and ranges.",
     cmd_methods, false},
    {"functions", "[NAME]", 0, 1, "dialect json help",
     "list the measurement functions, or explain one",
     "Arguments, meaning, and an example with its result. Of SIMetrix's "
     "language, unless --dialect names another.",
     cmd_functions, false},
    {"status", "RUN", 1, 1, "store json help", "say how a run stands",
     "Status, method, variables with their bounds, goals, the best trial, "
     "remarks.",
     cmd_mind, false},
    {"history", "RUN", 1, 1, "top last store json help",
     "list a run's best or latest trials",
     "Values, measures, cost, violation, and for points from outside their "
     "note.",
     cmd_mind, false},
    {"trends", "RUN", 1, 1, "store json help",
     "say what a run's trials tell of its variables",
     "Rank correlations of variables and measures, values beyond which a limit "
     "was never met, and pairs of trials that differ in one variable only.",
     cmd_mind, false},
    {"suggest", "RUN|FILE", 1, 1, MIND_FLAGS "count wait store json help",
     "show what the engine would try next",
     "Nothing is recorded. A FILE begins a new run. The method has to be one "
     "that can be told points it did not ask for.",
     cmd_mind, false},
    {"ask", "RUN|FILE", 1, 1, MIND_FLAGS "wait store json help",
     "take the engine's next point",
     "It is open until `eval` or `tell` names it with --ask.", cmd_mind, false},
    {"eval", "RUN|FILE", 1, 1, MIND_FLAGS "set ask note wait store json help",
     "simulate a point of your own and record it",
     "With the checks, corners and attempts of every trial; the engine goes on "
     "from it. Variables that --set does not name are those of the --ask, else "
     "of the best trial, else the start.",
     cmd_mind, false},
    {"tell", "RUN|FILE", 1, 1,
     MIND_FLAGS "set ask measure failed note wait store json help",
     "record a point that was measured elsewhere",
     "With --measure NAME=VALUE for each measure, NAME@CORNER=VALUE where the "
     "problem has corners, or with --failed and the reason.",
     cmd_mind, false},
    {"limit", "RUN|FILE", 1, 1, MIND_FLAGS "limit note wait store json help",
     "narrow or freeze variables for the engine",
     "From now on it keeps to them; points of your own are not held by it.",
     cmd_mind, false},
    {"raise", "RUN", 1, 1,
     "jobs exec program include-dir wait note store json help",
     "go up to the corners of the next phase",
     "Points are simulated in them from now on, the best one at once. `resume` "
     "goes up by itself, by the problem file's rules.",
     cmd_mind, false},
    {"note", "RUN|FILE", 1, 1, MIND_FLAGS "note store json help",
     "leave a remark in a run's history", "", cmd_mind, false},
    {"mcp", "", 0, 0, MIND_FLAGS "wait store help",
     "offer these commands to a program as tools",
     "A server of the Model Context Protocol on standard input and output: one "
     "line of JSON-RPC each way, until the input ends.",
     cmd_mcp, false},
    {"help", "[COMMAND]", 0, 2, "", "explain a command", "", cmd_help, false},
    {"version", "", 0, 0, "", "print the version", "", cmd_version, false},
    {"completion", "SHELL", 1, 1, "", "print completions for bash, zsh or fish",
     "", cmd_completion, true},
    {"man", "", 0, 0, "", "print the manual page", "", cmd_man, true},
    {"worker", "", 0, 0, "", "simulate for another trimpot on descriptor 3", "",
     cmd_worker, true},
    {0},
};

const command *command_find(const char *name)
{
    for (const command *c = commands; c->name; c++)
        if (!strcmp(c->name, name)) return c;
    return NULL;
}
