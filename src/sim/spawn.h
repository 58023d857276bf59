/* spawn: what its files share. */
#ifndef TP_SIM_SPAWN_H
#define TP_SIM_SPAWN_H

#include "sim/parts.h"

#include <sys/types.h>

typedef struct tp_spawn_settings {
    tp_str binary;
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
    tp_gather                g;
    tp_arena                *mem;
    tp_sim_result           *out;
} tp_spawn_job;

/* Runs the program over a deck that ends in ".end", with commands of ours (one
   a line) said first; its plots. False: j->out says why not. */
bool tp_spawn_deck(tp_spawn_job *j, tp_str deck, tp_str commands, tp_str doing,
                   tp_words *words, tp_waves *got);

/* spawn_start.c: starts the program, confined to the job's folder, in this
   process's group, so that who ends the group ends it too; 0 or an errno. */
int tp_spawn_start(pid_t *pid, const tp_spawn_job *j, tp_arena mem);

/* spawn_command.c */
tp_status tp_spawn_command(tp_sim *sim, tp_str command, tp_arena *mem,
                           tp_sim_result *out, tp_err *err);
tp_status tp_spawn_query(tp_sim *sim, tp_str name, tp_arena *mem, tp_wave *out,
                         tp_err *err);
#endif
