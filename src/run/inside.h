/* The inside of a run, for run's own files. */
#ifndef TP_RUN_INSIDE_H
#define TP_RUN_INSIDE_H

#include "run/run.h"

/* What comes back for a job or, put together, for a trial. */
typedef struct tp_got {
    tp_result result;
    int       attempts;
    double    seconds; /* wall, of the last attempt; a trial: of all its jobs */
    tp_str    log;
} tp_got;

/* The least that a job simulates (parts.c): a deck, or those of its analyses
   that some measure needs together. */
typedef struct tp_part {
    int         deck;
    int         at;       /* the first of them */
    const bool *analysis; /* one mark for each of the deck's; NULL: all */
    /* Learnt from the trials told so far, of which older ones fade. */
    double seen, decided; /* trials; those that it alone would have decided */
    double counted, work; /* trials whose cost is known; their sum */
} tp_part;

/* A trial's job: some parts of one deck. */
typedef struct tp_task {
    int         deck;
    int         n_part;
    const bool *only; /* analyses; NULL: all of the deck's */
    bool        wanted;
    bool        out; /* handed to a worker */
    bool        done;
    bool        taken; /* over from an earlier trial, not simulated */
    int         attempts;
    tp_got      got;
} tp_task;

/* What became of a part, where it has not cost anything that is known. */
enum { TP_PART_LEFT = -2, TP_PART_TAKEN = -1 };

/* One ask that has not been told yet, in the order asked. */
typedef struct tp_pending {
    int       tag;
    int       trial; /* its number */
    int       phase;
    bool      repeat; /* of an earlier trial: nothing to simulate */
    bool      done;
    tp_str    strategy; /* the method's own words for it, "" none */
    double   *x;
    double   *value; /* x and the derived values */
    int       n_task;
    tp_task  *task;    /* in the order in which they are looked at */
    bool      early;   /* it may end before the last of them */
    tp_bound  bound;   /* what it has to beat then */
    bool      only;    /* the method wants it in one corner */
    int       dropped; /* parts that were not needed */
    tp_warmth warmth;  /* of its jobs */
    int       from;    /* trial that known results are taken from; 0: none */
    int      *work;    /* by part, when done: what it cost, 0: not known, or
                          TP_PART_... */
    tp_got got;        /* when done */
} tp_pending;

typedef struct tp_guard tp_guard;

struct tp_run {
    tp_arena          mem;     /* as long as the run */
    tp_arena          scratch; /* emptied after each use */
    const tp_problem *problem;
    tp_space          space; /* with `set` and `lin` applied */
    tp_run_settings   set;
    tp_store         *store;
    tp_run_row        row;
    bool              taken;          /* the row is this process's */
    double            began, earlier; /* wall: this session, those before */

    const tp_opt_ops *method;
    tp_opt            opt;
    bool              opt_open;
    int               window, max_trials;
    int               largest_limit;        /* of trials, that it ever had */
    int               first_limit;          /* at its start; -1: starts now */
    int               limit_now;            /* where the log is now; 0: none */
    bool              budget;               /* this session has other limits */
    bool              goes_back;            /* and a larger one of trials */
    int               n_notice, cap_notice; /* for the user, at the start */
    tp_str           *notice;

    const tp_exec_ops *exec_ops;
    tp_exec            exec;
    bool               exec_open;
    bool               noticed;   /* the simulator's notices were passed on */
    tp_str             version;   /* of the simulator now; "" not known */
    bool               versioned; /* it is in the log */
    tp_str             changed;   /* a notice: the trials before had another */
    int                same_from; /* trials before this one had another; or 0 */
    int                n_deck, n_part;
    tp_part           *part;       /* deck by deck */
    int               *first_part; /* of each deck; n_part behind the last */
    int               *devices;    /* of each deck, or lines that may be some */
    uint64_t          *key;        /* one per deck */
    const tp_circuit **circuit;    /* one per deck, as workers get it */
    tp_pruned         *how;        /* they were pruned; rows 0: they were not */
    tp_want            want;       /* of the first deck */

    int      phase;
    bool     every;    /* corner, whatever the phase */
    bool     cold;     /* from here on: a second solution was found */
    int      cold_at;  /* from this trial on by the log; 0: it says nothing */
    tp_str   turned;   /* a notice of that, after the trial's own line */
    tp_str   said;     /* a notice, after the trial's own line */
    bool     raising;  /* up, as soon as nothing is out */
    tp_wrong wrong;    /* of a first trial that failed */
    int      improved; /* trial of the last improvement that counts */
    int      stall;    /* trials since the last improvement */
    int      reviewed; /* trials up to this one were only looked at again
                          after going up, or drawn for a first design */
    int            n_queue, queue_at;
    const double **queue;        /* points that are asked before the method's */
    int            n_earlier;    /* points of an earlier run that were told */
    tp_trial       earlier_best; /* the best of them */
    int            queue_end; /* trials told before the method is asked again */
    tp_space       first_space; /* as the run began: with the user's start */
    bool          *wanted;      /* what opt.wanted points to, when set */

    double      *box_lo, *box_hi;   /* what opt.lo and hi point to, when set */
    double      *real_lo, *real_hi; /* the same limits, as they were said */
    double      *least, *most;      /* the values that variables take in them */
    int          n_open, cap_open;
    tp_proposal *open;       /* the method's proposals that nobody has tried */
    int          n_proposal; /* ever made */

    tp_point_check point_check; /* of the last point from outside */
    tp_guard      *guard;       /* NULL: nothing is checked beside the search */
    struct {
        int    n;
        double max;
    } checked; /* trials compared with a plain simulator, and the largest
                  relative difference */

    int         n_pending, head; /* ring of `window` */
    tp_pending *pending;

    int           n_trial, cap_trial, n_failed, repeats, repeats_in_a_row;
    tp_trial     *trial;
    int           best;         /* index, -1 none */
    const double *last_best;    /* x of the last improvement seen by settle.c */
    int           little_moves; /* improvements in a row that hardly moved */
    int          *hash;         /* open addressing over x -> trial index + 1 */
    int           n_hash;
    int           asked; /* trials asked for so far, told or not */
    double      **asked_x;
    int          *asked_phase;
    int           cap_asked, n_asked_phase, cap_asked_phase;

    bool        centring; /* the search has ended, for this reason: */
    const char *searched;
    int         centre; /* index of the trial that is it, -1 none */
    double      centre_distance;

    int            n_population, cap_population;
    tp_population *population;

    int                 n_event; /* events that have happened */
    int                 n_stored_event, n_stored_trial;
    const tp_event_row *stored_event; /* of an earlier session */
    const tp_trial_row *stored_trial;
    int                 stored_at; /* next one to be met */
    int                 jobs_at;   /* where the last trial's parts stood */
};

/* decks.c: r->n_deck and r->circuit. */
void tp_decks_make(tp_run *r);

/* parts.c: r->part, from the decks; how many a deck has. */
void tp_parts_make(tp_run *r);
int  tp_parts_of(const tp_run *r, int deck);
/* Whether the job reads this measure; what it says that a part of it cost. */
bool tp_task_has(const tp_run *r, const tp_task *t, int measure);
int  tp_task_work(const tp_run *r, const tp_task *t, int part);
/* Notes what the parts of a told trial cost, and which of them would have
   decided it; what is to be expected of the next. */
void   tp_parts_learn(tp_run *r, const tp_pending *p, const tp_trial *t);
double tp_part_work(const tp_run *r, int part);
double tp_part_chance(const tp_run *r, int part);

/* loop.c: the method's own words for its last ask under that tag. */
tp_str tp_ask_words(const tp_run *r, int tag, tp_arena *mem);
/* Real values of what a method asked; TP_BAD_INPUT for no number. */
tp_status tp_run_point(const tp_run *r, const double *u, double *x,
                       tp_err *err);
/* A trial at a point that is new begins. */
void tp_trial_new(tp_run *r, tp_pending *p);
/* The finished trial in the run's list, scored and compared with the best. */
tp_trial *tp_trial_finish(tp_run *r, const tp_pending *p);
/* What the method is told of it, under the pending's tag. */
void tp_trial_tell(tp_run *r, const tp_pending *p, const tp_trial *t);

/* foreign.c: what an outside mind did stands in the log between the method's
   events; a replay that comes to it does it again. */
tp_status tp_foreign_meet(tp_run *r, tp_err *err);
/* Whether the method can be told points that it did not ask for. */
bool tp_foreign_takes(const tp_run *r);

/* earlier.c: an earlier run's points, recorded as events of kind "earlier" in
   front of all others. What a trial there gave; reading NULL: it failed. */
typedef struct tp_earlier_point {
    const double     *x;
    const tp_reading *reading;
} tp_earlier_point;
tp_status tp_earlier_add(tp_run *r, const tp_earlier_point *p, tp_err *err);
tp_status tp_earlier_meet(tp_run *r, const tp_event_row *e, tp_err *err);
/* inherit.c: what another problem's trials say of this run, found before it is
   stored (see tp_run_start_from); and told and recorded. */
typedef struct tp_inherit tp_inherit;
tp_status tp_inherit_match(tp_inherit **out, tp_run *r, const tp_earlier *e,
                           tp_err *err);
tp_status tp_inherit_tell(tp_run *r, const tp_inherit *m, tp_err *err);
/* Before the first ask: the best of them is to be asked first; in words. */
void   tp_earlier_queue(tp_run *r);
tp_str tp_earlier_words(const tp_run *r);

/* workers.c: the processes of a run or of one evaluation. */
tp_status tp_workers_open(tp_run *r, tp_err *err);
/* That there are such a simulator and such an executor. */
tp_status tp_workers_check(tp_run *r, tp_err *err);
/* The problem's simulator, or ngspice, where the settings name none. */
void tp_workers_simulator(tp_run *r);
/* Hands jobs of the trial to workers as long as there is room; _needed: only
   those that are needed whatever the others give. */
tp_status tp_workers_submit(tp_run *r, tp_pending *p, tp_err *err);
tp_status tp_workers_submit_needed(tp_run *r, tp_pending *p, tp_err *err);
/* Waits up to `ms`; an answer, an attempt lost or a failure lands in its
   pending entry, which is done when all its jobs are. */
tp_status tp_workers_wait(tp_run *r, int ms, const tp_run_watch *watch,
                          tp_err *err);
void      tp_workers_close(tp_run *r);
/* warm.c: how a new trial is simulated. A trial whose values a cold start did
   not lead to ends the warm starts of those that are asked after it. */
tp_warmth tp_warm_of(const tp_run *r, int trial);
void      tp_warm_told(tp_run *r, const tp_trial *t);
void      tp_warm_load(tp_run *r); /* what the log says: r->cold_at */
void      tp_warm_end(tp_run *r, const tp_trial *t, tp_str why);
/* What a job of the trial says of its start: of a second solution, else of a
   warm one; "" none, or the decisive job says it. _add: behind what a result
   says, where that is something else. */
tp_str tp_warm_words(tp_run *r, const tp_pending *p, int decisive);
void   tp_warm_add(tp_run *r, tp_result *res, tp_str words);
/* Why --warm does nothing with that simulator and problem; "": it does. */
tp_str tp_warm_refusal(tp_run *r, const tp_sim_ops *sim);
/* What the simulator warned of, at the deck's own line. */
tp_str tp_worker_notice(const tp_run *r, int deck, const tp_sim_notice *notice,
                        tp_arena *mem);

/* batch.c: points beside or without a search. `r` is made; it must be closed
   whatever _open returns. Points are pending[i], in the order added. */
tp_status tp_batch_open(tp_run *r, const tp_problem *p,
                        const tp_run_settings *s, int points, tp_err *err);
void      tp_batch_close(tp_run *r);
void      tp_batch_add(tp_run *r, const double *x);
/* Hands out what there is room for, waits up to `ms` for one answer. */
tp_status tp_batch_step(tp_run *r, int ms, tp_err *err);
/* Until all are done; TP_INTERRUPTED when watch->stop says so. */
tp_status tp_batch_finish(tp_run *r, const tp_run_watch *watch, tp_err *err);

/* compare.c */
typedef enum tp_found {
    TP_ALIKE,       /* both simulated: the rows say by what they differ */
    TP_BOTH_FAILED, /* which is agreement, too */
    TP_FALSE_OP,    /* the plain one made its operating point of a transient */
    TP_ONE_FAILED,
    TP_NOT_ASKED, /* the plain one could not be run to its end */
    TP_LADDER,    /* the fast one converged by what plain ngspice lacks */
} tp_found;
typedef struct tp_compare {
    tp_arena    *mem;
    int          n, cap;
    tp_compared *row;   /* largest differences over all points so far */
    int          point; /* the present one's number, for the rows */
    tp_found     found;
    tp_str       why; /* where one or both failed */
} tp_compare;
/* Readings of one point twice. */
void tp_compare_trials(tp_compare *c, const tp_problem *p, const tp_trial *mine,
                       const tp_trial *plain);
/* Point i of one batch and point k of another, both done; where the problem has
   no measures, by all their vectors. */
void tp_compare_point(tp_compare *c, const tp_run *mine, int i,
                      const tp_run *plain, int k);
/* spread.c: raises what the rows that are worst at c->point may differ by to
   what plain ngspice differs by from itself there, and says why. */
tp_status tp_spread(tp_compare *c, const tp_problem *p,
                    const tp_run_settings *s, const double *x,
                    const tp_run_watch *watch, tp_err *err);
/* What a row may differ by: 1e-6; of a transient, whose steps are decisions,
   1e-4. */
double tp_compared_limit(const tp_compared *r);

/* guard.c: after a told trial; now and then; when the search is over (the
   first check is waited for); when the run is closed. A trial that differs is
   TP_SIM. */
tp_status tp_guard_told(tp_run *r, const tp_trial *t, tp_err *err);
tp_status tp_guard_look(tp_run *r, tp_err *err);
tp_status tp_guard_end(tp_run *r, const tp_run_watch *watch, tp_err *err);
void      tp_guard_close(tp_run *r);
/* The same for an outside mind's point, which is waited for: what came of it,
   or why it was not compared. _stop: TP_SIM where it differs. */
tp_status tp_guard_point(tp_run *r, const tp_trial *t, bool told,
                         const tp_run_watch *watch, tp_point_check *out,
                         tp_err *err);
tp_status tp_guard_stop(const tp_point_check *c, const tp_trial *t,
                        tp_err *err);
/* Whether plain ngspice can simulate what this run does: not with compiled
   models, which only the library is told to load. */
bool tp_guard_can(const tp_run *r);
/* What is wrong with trial t after its comparison, or "": more than the limits,
   and more than ngspice differs by from itself. */
tp_status tp_guard_judge(tp_compare *c, const tp_run *r, const tp_trial *t,
                         tp_str *why, tp_err *err);

/* trial.c: a trial is begun (its values derived and checked, its jobs marked
   as wanted; done at once where a check fails) and, when its jobs are done,
   put together. */
void tp_trial_begin(tp_run *r, tp_pending *p);
void tp_trial_assemble(tp_run *r, tp_pending *p);
/* A job's readings, or its reason, in the rows of its deck's corner. */
void tp_trial_place(const tp_run *r, const tp_task *t, tp_reading *to);
/* Whether the result has readings: something was simulated. */
bool tp_result_read(const tp_result *res);
/* The finished trial as everybody sees it, but for its score. */
tp_trial tp_trial_of(const tp_run *r, const tp_pending *p, tp_arena *mem);

/* trial.c: drops what is not needed any more; puts the trial together when all
   that is needed is there. */
void tp_trial_settle(tp_run *r, tp_pending *p);

/* known.c: takes over what an earlier phase knows of this point; and says so,
   behind the method's own words. */
void   tp_known_take(tp_run *r, tp_pending *p);
tp_str tp_known_words(const tp_run *r, const tp_pending *p, tp_arena *mem);
/* The simulator turned out to be another one than that of the trials told:
   nothing of theirs is taken over, nor was by trials that are out. */
void tp_known_forget(tp_run *r);

/* budget.c: after set, r->set has the limits of the log or of `now`; record
   notes them when they are new. tp_budget_events reads the log, without what
   larger limits took back; tp_budget_pass comes by one of its events. */
tp_status tp_budget_events(tp_run *r, tp_err *err);
void      tp_budget_pass(tp_run *r, const tp_event_row *e);
tp_status tp_budget_set(tp_run *r, const tp_run_settings *now, tp_err *err);
tp_status tp_budget_record(tp_run *r, tp_err *err);

/* record.c: events and trials, written before they act. */
tp_status tp_record_ask(tp_run *r, const tp_pending *p, tp_err *err);
/* That trials asked from here on are cold, for a reason that no trial tells. */
tp_status tp_record_cold(tp_run *r, tp_err *err);
/* Whether the next event to be met is an ask that this trial answered. */
bool tp_record_repeats(const tp_run *r, int trial);
/* Anything else that happens to the method, by its kind. */
tp_status tp_record_event(tp_run *r, tp_str kind, tp_str data, tp_err *err);
/* What the log says of simulators: r->same_from. */
void tp_record_versions(tp_run *r);
/* Whether the log names another simulator than r->version. */
bool tp_record_is_another(const tp_run *r);
/* What the user has to know of the trials told since: another solution,
   another simulator. */
void tp_record_say(tp_run *r, const tp_run_watch *watch);
/* The trial and that it was told. */
tp_status tp_record_told(tp_run *r, const tp_pending *p, tp_err *err);
tp_status tp_record_end(tp_run *r, const char *status, tp_str reason,
                        tp_err *err);
/* The stored result of a trial asked again in a resumed run; false: none.
   An x that differs from the stored one is TP_BAD_INPUT. */
tp_status tp_record_replay(tp_run *r, tp_pending *p, bool *found, tp_err *err);
/* Changes nothing for a method: the end of a session, limits of trials and
   time, proposals, remarks. */
bool tp_record_is_mark(const tp_event_row *e);
/* The number of the last stored event, 0: none. */
int tp_record_last(const tp_run *r);
/* The next stored event, marks aside; NULL: all are met. */
const tp_event_row *tp_record_next(const tp_run *r);
/* A trial that the method did not ask for, and the event of its point. */
tp_status tp_record_point(tp_run *r, const tp_pending *p, tp_str data,
                          tp_err *err);
/* Events of an earlier session are still to be met. */
bool tp_replaying(const tp_run *r);
/* Whether an ask may come now: in a replay only where the log has one, since
   the earlier session may have been at a limit. */
bool tp_may_ask(const tp_run *r);
/* What the run's row says of its trials while it goes. */
tp_status tp_record_count(tp_run *r, tp_err *err);

/* The index of the trial (told or asked) at exactly this x, or -1; one that was
   ended early only where there is no other; tp_seen_add notes trial `index` for
   its x. */
int  tp_seen_find(const tp_run *r, const double *x);
bool tp_seen_ended(const tp_run *r, int index);
void tp_seen_add(tp_run *r, const double *x, int index);

/* population.c: notes the method's population when there is a new one. */
tp_status tp_population_keep(tp_run *r, tp_err *err);

/* loop.c: tells the method a trial, with its tag. */
void tp_tell(tp_run *r, const tp_trial *t, int tag);

/* centre.c: whether centring comes next, after a search that ended (why) or
   whose log has it; begins it, *why is NULL then; and what it found. */
bool      tp_centre_due(const tp_run *r, const char *why);
tp_status tp_centre_begin(tp_run *r, const char **why, tp_err *err);
tp_status tp_centre_end(tp_run *r, tp_err *err);

/* corners.c: the method learns of the problem's corners, and which of them are
   wanted in this phase. */
void tp_corners_open(tp_run *r);
void tp_corners_want(tp_run *r);
/* Whether the method goes on with what it knows when the phase changes. */
bool tp_corners_kept(const tp_run *r);
/* tp_obs.part of a trial; NULL: there is none. */
const double *tp_corners_part(const tp_run *r, const tp_trial *t,
                              tp_arena *mem);

/* settle.c: after a tell, the reason why the best trial ends the run: the stop
   cost is reached, or over n + 1 improvements in a row no variable moved by
   more than its tolerance (SPICE OPUS, abstol and reltol). NULL: go on. */
const char *tp_settled(tp_run *r);

/* early.c: whether trials of this run may end early; a trial that may gets its
   jobs in order; when one is back, those that are not needed any more are
   dropped. */
bool tp_early_may(const tp_run *r);
void tp_early_begin(tp_run *r, tp_pending *p);
/* Whether the trial at this index, at the same point, says enough for this ask:
   one that ended early may not. */
bool tp_early_answers(tp_run *r, const tp_pending *p, int index);
void tp_early_look(tp_run *r, tp_pending *p);

/* phases.c: after a tell; the reason why the run ends, or NULL. When it is to
   go up, r->raising is set. */
const char *tp_phases_told(tp_run *r, const tp_trial *t);
/* The method has ended, `why`: the reason, or NULL as the run goes up. */
const char *tp_phases_done(tp_run *r, const char *why);
/* Up, when nothing is out: the event, the queue, the method anew. */
tp_status tp_phases_raise(tp_run *r, tp_err *err);
/* The limit of simulation time is reached: the reason, or NULL. */
const char *tp_phases_limit(const tp_run *r);

/* prepare.c: the phase has changed: the method goes on with what it knows, or
   anew from `start` (NULL: where it began). */
tp_status tp_method_raise(tp_run *r, const double *start, tp_err *err);
/* prepare.c: settings, space and method of a run, before anything starts. */
tp_status tp_prepare_method(tp_run *r, tp_err *err);
void      tp_notice(const tp_run_watch *w, tp_str text);
#endif
