/* The settings of a run: one row = default, check, flag, manual line. */
#include "run/run.h"

#include <math.h>

#define AT(field) offsetof(tp_run_settings, field)

const tp_param tp_run_params[] = {
    {.name = "method",
     .type = TP_TEXT,
     .at = AT(method),
     .text_def = "",
     .text = "Search method with its settings, \"NAME,setting=value,...\"; "
             "the deck's own when not given."},
    {.name = "seed",
     .type = TP_INT,
     .at = AT(seed),
     .def = 1,
     .min = 0,
     .max = 2147483647,
     .text = "Seed of methods that draw random numbers. Same seed, same "
             "answer."},
    {.name = "window",
     .type = TP_INT,
     .at = AT(window),
     .def = 0,
     .min = 0,
     .max = 4096,
     .text = "Points out at a time; 0: the method's own. Results are told in "
             "the order asked, so the answer depends on this, never on "
             "jobs."},
    {.name = "jobs",
     .type = TP_INT,
     .at = AT(jobs),
     .def = 1,
     .min = 1,
     .max = 1024,
     .text = "Simulator processes that work at a time."},
    {.name = "max-trials",
     .type = TP_INT,
     .at = AT(max_trials),
     .def = 0,
     .min = 0,
     .max = 2147483647,
     .text = "Most trials; 0: the deck's iterlim, else no limit."},
    {.name = "max-time",
     .type = TP_REAL,
     .at = AT(max_time),
     .def = 0,
     .min = 0,
     .max = 1e9,
     .unit = "s",
     .text =
         "Most wall-clock time of the run, in seconds or as 10min or 2h; 0: "
         "no limit."},
    {.name = "trial-time",
     .type = TP_REAL,
     .at = AT(trial_time),
     .def = 60,
     .min = 0.01,
     .max = 1e6,
     .unit = "s",
     .text = "Most CPU time of one trial, in seconds. A simulator that hangs "
             "without using any is ended after 5 times this and 10 s more of "
             "wall clock (\"grace\" of --exec local)."},
    {.name = "abstol",
     .type = TP_REAL,
     .at = AT(abstol),
     .def = -1,
     .min = -1,
     .max = 1e300,
     .text = "Stop when the objective settles to this amount; below 0: the "
             "deck's, else 1e-9; 0: off."},
    {.name = "reltol",
     .type = TP_REAL,
     .at = AT(reltol),
     .def = -1,
     .min = -1,
     .max = 1,
     .text = "The same, relative; below 0: the deck's, else 1e-3; 0: off."},
    {.name = "ctol",
     .type = TP_REAL,
     .at = AT(ctol),
     .def = 1e-3,
     .min = 0,
     .max = 1,
     .text = "A constraint missed by up to this part of its limit counts as "
             "met."},
    {.name = "stop-cost",
     .type = TP_REAL,
     .at = AT(stop_cost),
     .def = -INFINITY,
     .min = -INFINITY,
     .max = INFINITY,
     .text = "A feasible objective this good ends the run; infinite: none."},
    {.name = "check-share",
     .type = TP_REAL,
     .at = AT(check_share),
     .def = 5,
     .min = -1,
     .max = 100,
     .unit = "%",
     .text = "Part of the time in which random trials are simulated again by a "
             "fresh ngspice beside the search; 0: only the first and the best "
             "one; -1: only the best one."},
    {.name = "centering",
     .type = TP_BOOL,
     .at = AT(centering),
     .text = "After the search go from the best point to the centre of what is "
             "feasible: as far as possible, in parts of the ranges, from the "
             "nearest infeasible point and from the bounds. With a stop cost a "
             "point above it counts as infeasible then. Proof, tuned deck and "
             "the command to repeat it are of the centre."},
    {.name = "attempts",
     .type = TP_INT,
     .at = AT(attempts),
     .def = 3,
     .min = 1,
     .max = 100,
     .text = "Attempts at a trial whose simulator process died."},
    {.name = "simulator",
     .type = TP_TEXT,
     .at = AT(simulator),
     .text_def = "",
     .text = "What simulates, \"NAME,setting=value,...\": ngspice, spawn "
             "(plain `ngspice -b`), spectre, vcli or fake (formulas, for "
             "tests); the "
             "problem file's or ngspice when not given."},
    {.name = "no-prune",
     .type = TP_BOOL,
     .at = AT(no_prune),
     .text = "Hand the decks to the simulator with all their libraries, not "
             "only what their circuits can reach."},
    {.name = "warm",
     .type = TP_BOOL,
     .at = AT(warm),
     .text = "Seek operating points from that of the start values, to save "
             "Newton steps, in decks that have only .op, .ac, .noise and .tf. "
             "The first trials and one in 32 of the others are compared with "
             "a cold start; where that leads elsewhere it is said, and the run "
             "goes on cold."},
    {.name = "no-early",
     .type = TP_BOOL,
     .at = AT(no_early),
     .text = "Simulate every trial in all its corners, also one that has lost "
             "already to the point that it had to beat."},
    {.name = "exec",
     .type = TP_TEXT,
     .at = AT(exec),
     .text_def = "local",
     .text = "Where the simulators run, \"NAME,setting=value,...\": local "
             "(worker processes; grace, keep, load, memory, seconds) or inline "
             "(this process)."},
    {.name = "lin",
     .type = TP_TEXT,
     .at = AT(lin),
     .text_def = "",
     .text = "Variables searched on a linear scale though their range spans "
             "a decade; \"all\" or names."},
    {.name = "set",
     .type = TP_TEXT,
     .at = AT(set),
     .text_def = "",
     .text = "Start values that replace the deck's, \"a=1k,b=2\"."},
    {.name = "program",
     .type = TP_TEXT,
     .at = AT(program),
     .text_def = "",
     .text = "The program started as worker; this one when not given."},
    {.name = "include-dir",
     .type = TP_TEXT,
     .at = AT(include_dir),
     .text_def = "",
     .text =
         "A folder with all below it, or a file, that decks and scripts may "
         "read beside their own folder, the current one and their "
         "repositories; and those of TRIMPOT_INCLUDE_PATH."},
    {0},
};
