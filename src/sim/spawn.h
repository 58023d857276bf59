/* spawn: what its files share. */
#ifndef TP_SIM_SPAWN_H
#define TP_SIM_SPAWN_H

#include "sim/parts.h"
#include "sim/process.h"

#include <sys/types.h>

typedef struct tp_spawn_settings {
    int    program; /* a row of spawn.c */
    tp_str binary, arguments, raw;
    bool   apart;
    double seconds;
    bool   optran;
    double reltol, gmin;
} tp_spawn_settings;

typedef struct tp_spawn {
    const tp_circuit *c;
    char              folder[4000]; /* of the run that goes on */
    bool              warned;       /* `warnings` are those of the first run */
    tp_warnings       warnings;
    tp_changes        made; /* by commands, in the simulator's memory */
    tp_str            last; /* analysis; "" none since the circuit was read */
} tp_spawn;

/* One run of the program. */
typedef struct tp_spawn_job {
    const tp_spawn_settings *set;
    tp_spawn                *s;
    const double            *value;
    const bool              *want; /* analyses somebody reads; NULL: all */
    tp_gather                g;
    tp_str                  *unknown; /* quantities the program does not have */
    int                      n_unknown, cap_unknown;
    tp_arena                *mem;
    tp_sim_result           *out;
} tp_spawn_job;

/* Runs the program over a deck that ends in ".end", with commands of ours (one
   a line) said first; its plots. False: j->out says why not. */
bool tp_spawn_deck(tp_spawn_job *j, tp_str deck, tp_str commands, tp_str doing,
                   tp_words *words, tp_waves *got);

/* A file in the folder of the run. */
char *tp_spawn_path(const tp_spawn_job *j, const char *name, tp_arena *mem);

/* spawn_start.c: runs the program over "deck.cir" in the job's folder; its
   words are in "log.txt" there. TP_BAD_INPUT where its arguments are no list of
   words. `p` is for tp_process_words. */
tp_status tp_spawn_run(tp_process_end *end, tp_process *p,
                       const tp_spawn_job *j, tp_arena mem, tp_err *err);
/* Its version, asked in the job's folder; "": it is not known how to ask. */
tp_str tp_spawn_version(const tp_spawn_job *j, tp_arena *mem);
/* Where its raw file appears; whether one run makes one analysis. */
const char              *tp_spawn_raw(const tp_spawn_job *j, tp_arena *mem);
bool                     tp_spawn_apart(const tp_spawn_job *j);
extern const char *const tp_batch_names[];

/* spawn_command.c */
tp_status tp_spawn_command(tp_sim *sim, tp_str command, tp_arena *mem,
                           tp_sim_result *out, tp_err *err);
tp_status tp_spawn_query(tp_sim *sim, tp_str name, tp_arena *mem, tp_wave *out,
                         tp_err *err);
#endif
