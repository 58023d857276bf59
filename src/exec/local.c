/* local: jobs for worker processes on this machine. Workers are started as
   they are needed, hold one load each, and are replaced when they die, are
   overdue, say something wrong, or have served long enough. A job that a
   worker never took up (it died before) goes to a fresh one by itself. */
#include "exec/local.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    POLLS = 3,
    JOBS_MAX = 1024,
    STARTS_MAX = 3,     /* processes for a job that is never taken up */
    SERVED_MAX = 20000, /* jobs of one process: what it leaks ends there */
    END_MS = 500,       /* for a worker to end by itself */
    CPU_TO_WALL = 5,    /* wall seconds allowed for one of CPU */
};

struct settings {
    int    jobs;
    tp_str program;
    double seconds, grace, load, memory;
};

static const tp_param params[] = {
    {.name = "jobs",
     .type = TP_INT,
     .at = offsetof(struct settings, jobs),
     .def = 0,
     .min = 0,
     .max = JOBS_MAX,
     .text = "Worker processes; 0: as many as this machine has processors."},
    {.name = "program",
     .type = TP_TEXT,
     .at = offsetof(struct settings, program),
     .text_def = "",
     .text = "What is started as `program worker`; empty: this program."},
    {.name = "seconds",
     .type = TP_REAL,
     .at = offsetof(struct settings, seconds),
     .def = 0,
     .min = 0,
     .max = 1e6,
     .unit = "s",
     .text = "CPU time of a job that has no limit of its own; 0: none."},
    {.name = "grace",
     .type = TP_REAL,
     .at = offsetof(struct settings, grace),
     .def = 10,
     .min = 0,
     .max = 1e6,
     .unit = "s",
     .text = "Wall clock a job may take beyond 5 times its CPU time."},
    {.name = "load",
     .type = TP_REAL,
     .at = offsetof(struct settings, load),
     .def = 120,
     .min = 0.01,
     .max = 1e6,
     .unit = "s",
     .text = "Wall clock in which a worker must be up and loaded."},
    {.name = "memory",
     .type = TP_REAL,
     .at = offsetof(struct settings, memory),
     .def = 0,
     .min = 0,
     .max = 1e9,
     .unit = "MB",
     .text = "Address space of a worker, half of it reserved at its start; 0: "
             "no limit."},
    {0},
};

typedef struct load_row {
    uint64_t key;
    tp_str   load;
} load_row;

/* What is waited for of a slot. */
typedef struct poll_set {
    struct pollfd of[POLLS]; /* its socket, its stderr, its end */
} poll_set;

struct state {
    tp_arena  mem;
    int       n_slot, n_load, cap_load;
    tp_slot  *slot;
    load_row *load;
    int       next;  /* the slot that is looked at first */
    poll_set *polls; /* one a slot */
};

/* ---- open, put, room, close -------------------------------------------------
 */

/* What can't be started would look like one worker after the other that
   died. */
static tp_status check_program(tp_str program, tp_arena mem, tp_err *err)
{
    struct stat s;
    if (!program.len) return TP_OK;
    const char *path = tp_str_z(&mem, program);
    if (stat(path, &s) || access(path, X_OK))
        return tp_fail(err, TP_SIM, "the worker's program '%s': %s", path,
                       strerrordesc_np(errno));
    if (!S_ISREG(s.st_mode))
        return tp_fail(err, TP_SIM, "the worker's program '%s': not a file",
                       path);
    return TP_OK;
}

static tp_status open_local(tp_exec *x, tp_err *err)
{
    const struct settings *set = x->settings;
    tp_arena               mem = tp_arena_open((ptrdiff_t)1 << 28);
    struct state          *s = TP_NEW(&mem, struct state, 1);
    long      n = set->jobs > 0 ? set->jobs : sysconf(_SC_NPROCESSORS_ONLN);
    tp_status st = check_program(set->program, mem, err);
    if (st) {
        tp_arena_close(&mem);
        return st;
    }
    s->n_slot = n < 1 ? 1 : n > JOBS_MAX ? JOBS_MAX : (int)n;
    s->slot = TP_NEW(&mem, tp_slot, s->n_slot);
    s->polls = TP_NEW(&mem, poll_set, s->n_slot);
    s->mem = mem;
    x->state = s;
    return TP_OK;
}

static void close_local(tp_exec *x)
{
    struct state *s = x->state;
    if (!s) return;
    for (int i = 0; i < s->n_slot; i++) /* so that all end at once */
        if (s->slot[i].child.pid) shutdown(s->slot[i].child.fd, SHUT_RDWR);
    for (int i = 0; i < s->n_slot; i++) {
        tp_slot *p = &s->slot[i];
        tp_child_end(&p->child, p->busy ? 0 : END_MS);
        tp_arena_close(&p->in);
        tp_arena_close(&p->hold);
    }
    tp_arena mem = s->mem;
    x->state = NULL;
    tp_arena_close(&mem);
}

static const load_row *find_load(const struct state *s, uint64_t key)
{
    for (int i = 0; i < s->n_load; i++)
        if (s->load[i].key == key) return &s->load[i];
    return NULL;
}

static tp_status put(tp_exec *x, uint64_t key, tp_str load, tp_err *err)
{
    struct state *s = x->state;
    if (load.len > TP_FRAME_MAX - 64)
        return tp_fail(err, TP_LIMIT, "a load of %td bytes is over %d",
                       load.len, TP_FRAME_MAX - 64);
    if (find_load(s, key))
        return tp_fail(err, TP_BAD_INPUT, "this key has a load already");
    *TP_PUSH(&s->mem, s->load, s->n_load, s->cap_load) = (load_row){key, load};
    return TP_OK;
}

static int room(const tp_exec *x)
{
    const struct state *s = x->state;
    int                 n = 0;
    for (int i = 0; i < s->n_slot; i++) n += !s->slot[i].busy;
    return n;
}

/* ---- handing over ------------------------------------------------ */

/* How much a slot suits a job: it has the load, it is empty, it was idle for
   long. */
static double fitness(const tp_slot *p, uint64_t key)
{
    if (p->busy) return -INFINITY;
    if (p->child.pid && p->key == key) return INFINITY;
    return p->child.pid ? -p->used : 0;
}

static tp_slot *choose(struct state *s, uint64_t key)
{
    tp_slot *best = NULL;
    double   most = -INFINITY;
    for (int i = 0; i < s->n_slot; i++) {
        double f = fitness(&s->slot[i], key);
        if (f <= most) continue;
        most = f;
        best = &s->slot[i];
    }
    return best;
}

/* Gives a slot's job to its process, a fresh one where it has none that
   fits. */
static tp_status hand_over(tp_exec *x, tp_slot *p, tp_err *err)
{
    const struct settings *set = x->settings;
    struct state          *s = x->state;
    const load_row        *load = find_load(s, p->job.key);
    if (p->child.pid && (p->key != p->job.key || p->served >= SERVED_MAX))
        tp_child_end(&p->child, END_MS);
    if (!p->child.pid) {
        p->loaded = false;
        p->served = 0;
        p->key = p->job.key;
        TP_TRY(
            tp_child_start(&p->child, set->program, set->memory, s->mem, err));
    }
    tp_child_listen(&p->child);
    p->child.log_len = 0;
    p->started = false;
    p->handed = p->used = tp_now();
    p->deadline = p->handed + set->load;
    tp_slot_queue(p, p->loaded ? NULL : &load->load, set->load);
    tp_slot_send(p); /* a failure shows as the end of its answers */
    return TP_OK;
}

static tp_status submit(tp_exec *x, const tp_job *job, tp_err *err)
{
    const struct settings *set = x->settings;
    struct state          *s = x->state;
    if (!find_load(s, job->key))
        return tp_fail(err, TP_BAD_INPUT, "a job's key has no load");
    if (job->id == 0 || job->ask.len > TP_FRAME_MAX - 64)
        return tp_fail(err, TP_LIMIT, "a job needs an id and at most %d bytes",
                       TP_FRAME_MAX - 64);
    tp_slot *p = choose(s, job->key);
    if (!p) return tp_fail(err, TP_LIMIT, "all %d workers are busy", s->n_slot);
    if (!p->in.base) {
        p->in = tp_arena_open(TP_FRAME_MAX + 4096);
        p->hold = p->hold_empty = tp_arena_open(TP_FRAME_MAX + 4096);
    }
    p->hold = p->hold_empty;
    p->job = *job;
    p->job.ask = tp_str_copy(&p->hold, job->ask);
    if (!(job->seconds > 0)) p->job.seconds = set->seconds;
    p->starts = 0;
    TP_TRY(hand_over(x, p, err));
    p->busy = true;
    return TP_OK;
}

/* ---- answers ----------------------------------------------------- */

/* One call of wait. */
typedef struct turn {
    tp_exec  *x;
    tp_slot  *p;
    tp_arena *mem;
    tp_done  *out;
    tp_err   *err;
    tp_str    bytes; /* of the frame */
} turn;

static void finish(turn *t, tp_end how)
{
    tp_slot *p = t->p;
    tp_child_listen(&p->child);
    t->out->id = p->job.id;
    t->out->how = how;
    t->out->seconds = tp_now() - p->handed;
    t->out->log = tp_str_copy(t->mem, (tp_str){p->child.log, p->child.log_len});
    p->busy = false;
}

/* The process is gone or has to go: the job goes to another one if it never
   began, else it is done. */
static tp_status lose(turn *t, bool overdue, int ms)
{
    tp_slot *p = t->p;
    int      status = tp_child_end(&p->child, ms);
    if (!p->busy) return TP_OK;
    p->starts += overdue ? 2 : 1;
    if (!p->started && p->starts < STARTS_MAX)
        return hand_over(t->x, p, t->err);
    overdue |= WIFEXITED(status) && WEXITSTATUS(status) == TP_EXIT_OVERDUE;
    finish(t, overdue ? TP_END_OVERDUE : TP_END_DIED);
    t->out->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    t->out->status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    return TP_OK;
}

static tp_status garbage(turn *t)
{
    tp_slot *p = t->p;
    p->starts = STARTS_MAX;
    TP_TRY(lose(t, false, 0));
    if (t->out->id)
        t->out->log =
            tp_str_fmt(t->mem, "%.*s%sthe worker sent a broken frame",
                       TP_F(t->out->log), t->out->log.len > 0 ? "\n" : "");
    return TP_OK;
}

static tp_status on_loaded(turn *t)
{
    if (t->p->loaded || !t->p->busy) return garbage(t);
    t->p->loaded = true;
    t->p->handed = tp_now();
    return TP_OK;
}

static tp_status on_refused(turn *t)
{
    if (t->p->loaded || !t->p->busy) return garbage(t);
    t->out->answer = tp_str_copy(t->mem, t->bytes);
    tp_child_end(&t->p->child, END_MS);
    finish(t, TP_END_REFUSED);
    return TP_OK;
}

/* Cuts the id off; whether it is that of the job that runs. */
static bool right_id(turn *t, bool started)
{
    tp_unpack u = {.rest = t->bytes};
    uint64_t  id = (uint64_t)tp_unpack_int(&u);
    t->bytes = u.rest;
    return !u.bad && t->p->busy && t->p->loaded && id == t->p->job.id &&
           t->p->started == started;
}

static tp_status on_started(turn *t)
{
    const struct settings *set = t->x->settings;
    tp_slot               *p = t->p;
    if (!right_id(t, false)) return garbage(t);
    p->started = true;
    p->deadline = INFINITY;
    if (p->job.seconds > 0)
        p->deadline = tp_now() + CPU_TO_WALL * p->job.seconds + set->grace;
    return TP_OK;
}

static tp_status on_answer(turn *t)
{
    if (!right_id(t, true)) return garbage(t);
    ptrdiff_t room_left = t->mem->end - t->mem->beg - (ptrdiff_t)2 * TP_LOG_MAX;
    if (t->bytes.len > room_left)
        return tp_fail(t->err, TP_LIMIT, "an answer of %td bytes is over %td",
                       t->bytes.len, room_left);
    t->out->answer = tp_str_copy(t->mem, t->bytes);
    t->p->served++;
    finish(t, TP_END_DONE);
    return TP_OK;
}

static tp_status on_last(turn *t)
{
    TP_TRY(on_answer(t));
    tp_child_end(&t->p->child, END_MS);
    return TP_OK;
}

/* Takes what the worker in t->p has sent, until it finishes a job. */
static tp_status read_frames(turn *t)
{
    static tp_status (*const frame[TP_FRAME_TYPES])(turn * t) = {
        [TP_FRAME_LOADED] = on_loaded,   [TP_FRAME_REFUSED] = on_refused,
        [TP_FRAME_STARTED] = on_started, [TP_FRAME_ANSWER] = on_answer,
        [TP_FRAME_LAST] = on_last,
    };
    while (t->p->child.pid && t->out->id == 0) {
        tp_frame_type type;
        tp_got        got = tp_slot_read(t->p, &type, &t->bytes);
        if (got == TP_GOT_NOTHING) return TP_OK;
        if (got == TP_GOT_END) return lose(t, false, END_MS);
        TP_TRY(got == TP_GOT_GARBAGE ? garbage(t) : frame[type](t));
    }
    return TP_OK;
}

/* ---- waiting ----------------------------------------------------- */

/* Whoever is over the limit; but what came while this process was busy or
   stopped counts. */
static tp_status end_overdue(turn *t, struct state *s)
{
    double now = tp_now();
    for (int i = 0; i < s->n_slot && t->out->id == 0; i++) {
        t->p = &s->slot[i];
        if (!t->p->busy || now < t->p->deadline) continue;
        TP_TRY(read_frames(t));
        if (t->p->busy && now >= t->p->deadline) TP_TRY(lose(t, true, 0));
    }
    return TP_OK;
}

/* Milliseconds until `end` or the next deadline, for poll. */
static int patience(const struct state *s, double end)
{
    for (int i = 0; i < s->n_slot; i++)
        if (s->slot[i].busy) end = fmin(end, s->slot[i].deadline);
    double ms = ceil(1e3 * (end - tp_now()));
    return ms > 1e6 ? 1000000 : ms > 0 ? (int)ms : 0;
}

static int poll_all(struct state *s, double end)
{
    for (int i = 0; i < s->n_slot; i++) {
        tp_slot       *p = &s->slot[i];
        bool           live = p->child.pid != 0;
        short          wanted = p->n_part > 0 ? POLLIN | POLLOUT : POLLIN;
        struct pollfd *polls = s->polls[i].of;
        int            fds[POLLS] = {p->child.fd, p->child.out, p->child.end};
        for (int k = 0; k < POLLS; k++)
            polls[k] = (struct pollfd){.fd = live ? fds[k] : -1,
                                       .events = k == 0 ? wanted : POLLIN};
    }
    nfds_t n = (nfds_t)s->n_slot * POLLS;
    return poll(s->polls[0].of, n, patience(s, end));
}

/* What poll said of the slot in t->p. */
static tp_status serve_one(turn *t, const struct pollfd *polls)
{
    pid_t pid = t->p->child.pid;
    if (polls[1].revents) tp_child_listen(&t->p->child);
    if (polls[0].revents & POLLOUT) tp_slot_send(t->p);
    if ((polls[0].revents & ~POLLOUT) || polls[2].revents)
        TP_TRY(read_frames(t));
    bool done = t->out->id != 0 || t->p->child.pid != pid;
    return polls[2].revents && !done ? lose(t, false, END_MS) : TP_OK;
}

static tp_status serve_all(turn *t, struct state *s)
{
    int first = s->next;
    for (int k = 0; k < s->n_slot && t->out->id == 0; k++) {
        int i = (first + k) % s->n_slot;
        t->p = &s->slot[i];
        s->next = (i + 1) % s->n_slot;
        TP_TRY(serve_one(t, s->polls[i].of));
    }
    return TP_OK;
}

static tp_status wait_local(tp_exec *x, int ms, tp_arena *mem, tp_done *out,
                            tp_err *err)
{
    struct state *s = x->state;
    turn          t = {.x = x, .mem = mem, .out = out, .err = err};
    double        end = ms < 0 ? INFINITY : tp_now() + 1e-3 * ms;
    *out = (tp_done){0};
    do {
        if (room(x) == s->n_slot) return TP_OK;
        TP_TRY(end_overdue(&t, s));
        if (out->id) return TP_OK;
        if (poll_all(s, end) < 0) return TP_OK; /* a signal */
        TP_TRY(serve_all(&t, s));
    } while (out->id == 0 && tp_now() < end);
    return TP_OK;
}

const tp_exec_ops tp_exec_local = {
    .name = "local",
    .summary = "worker processes on this machine",
    .settings_size = sizeof(struct settings),
    .params = params,
    .open = open_local,
    .put = put,
    .room = room,
    .submit = submit,
    .wait = wait_local,
    .close = close_local,
};
