/* local: jobs for worker processes on this machine. Each load has a template
   process, which is started when it is needed first and forks workers; these
   are replaced when they die, are overdue, say something wrong, or have served
   long enough. A job that a worker never took up (it died before) goes to a
   fresh one by itself. `jobs` bounds the busy processes over all loads. */
#include "exec/local.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    JOBS_MAX = 1024,
    KEEP_MAX = 10000,
    LEAST_MB = 1024, /* of memory for a worker that has no limit given */
};

static const tp_param params[] = {
    {.name = "jobs",
     .type = TP_INT,
     .at = offsetof(tp_local_settings, jobs),
     .def = 0,
     .min = 0,
     .max = JOBS_MAX,
     .text = "Worker processes; 0: as many as this machine has processors."},
    {.name = "keep",
     .type = TP_INT,
     .at = offsetof(tp_local_settings, keep),
     .def = 100,
     .min = 1,
     .max = KEEP_MAX,
     .text = "Circuits that stay loaded, and workers that rest, at most; the "
             "one not used for longest goes. Fewer where memory is scarce."},
    TP_EXEC_LIMIT_ROWS(tp_local_settings),
    {.name = "memory",
     .type = TP_REAL,
     .at = offsetof(tp_local_settings, memory),
     .def = 0,
     .min = 0,
     .max = 1e9,
     .unit = "MB",
     .text = "Memory a worker may take; 0: this machine's, divided by jobs."},
    {0},
};

/* ---- open, put, room, close ---------------------------------------------- */

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

/* MB for each of n workers. */
static double fair_memory(int n)
{
    double pages = (double)sysconf(_SC_PHYS_PAGES);
    double mb = pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20) / n;
    return mb > LEAST_MB ? mb : LEAST_MB;
}

static void make_slots(tp_local *l, int n)
{
    l->n_slot = n;
    l->slot = TP_NEW(&l->mem, tp_slot, n);
    l->watch = TP_NEW(&l->mem, tp_watch, n);
    struct pollfd *polls =
        TP_NEW(&l->mem, struct pollfd, (ptrdiff_t)TP_POLLS * n);
    for (int i = 0; i < n; i++) {
        l->watch[i].of = &polls[(ptrdiff_t)TP_POLLS * i];
        l->slot[i].child = TP_NO_CHILD;
        l->slot[i].ends = (tp_ends){-1, -1};
    }
}

static tp_status open_local(tp_exec *x, tp_err *err)
{
    tp_local_settings *set = x->settings;
    tp_arena           mem = tp_arena_open((ptrdiff_t)1 << 28);
    tp_local          *l = TP_NEW(&mem, tp_local, 1);
    long      n = set->jobs > 0 ? set->jobs : sysconf(_SC_NPROCESSORS_ONLN);
    tp_status st = check_program(set->program, mem, err);
    if (st) {
        tp_arena_close(&mem);
        return st;
    }
    n = n < 1 ? 1 : n > JOBS_MAX ? JOBS_MAX : n;
    if (!(set->memory > 0)) set->memory = fair_memory((int)n);
    l->mem = mem;
    l->several = tp_several_processors();
    make_slots(l, (int)n);
    l->parked = TP_NEW(&l->mem, tp_parked, set->keep);
    x->state = l;
    return TP_OK;
}

static void close_slot(tp_slot *p)
{
    tp_ends_close(&p->ends);
    tp_child_end(&p->child, 0);
    tp_arena_close(&p->talk.in);
    tp_arena_close(&p->hold_empty);
}

static void close_local(tp_exec *x)
{
    tp_local *l = x->state;
    if (!l) return;
    for (int i = 0; i < l->n_slot; i++) close_slot(&l->slot[i]);
    for (int i = 0; i < l->n_template; i++) /* so that all end at once */
        if (l->all[i]->child.pid) shutdown(l->all[i]->child.fd, SHUT_RDWR);
    tp_park_close(l);
    for (int i = 0; i < l->n_template; i++) {
        tp_template_end(l->all[i], TP_END_MS);
        tp_arena_close(&l->all[i]->talk.in);
    }
    tp_arena mem = l->mem;
    x->state = NULL;
    tp_arena_close(&mem);
}

static tp_template *find(const tp_local *l, uint64_t key)
{
    for (int i = 0; i < l->n_template; i++)
        if (l->all[i]->key == key) return l->all[i];
    return NULL;
}

static tp_status put(tp_exec *x, uint64_t key, tp_str load, tp_err *err)
{
    tp_local *l = x->state;
    if (load.len > TP_FRAME_MAX - 64)
        return tp_fail(err, TP_LIMIT, "a load of %td bytes is over %d",
                       load.len, TP_FRAME_MAX - 64);
    if (find(l, key))
        return tp_fail(err, TP_BAD_INPUT, "this key has a load already");
    tp_template *m = TP_NEW(&l->mem, tp_template, 1);
    *m = (tp_template){.key = key, .load = load, .child = TP_NO_CHILD};
    m->deadline = INFINITY;
    *TP_PUSH(&l->mem, l->all, l->n_template, l->cap_template) = m;
    return TP_OK;
}

static int room(const tp_exec *x)
{
    const tp_local *l = x->state;
    int             n = 0;
    for (int i = 0; i < l->n_slot; i++) n += l->slot[i].state == TP_SLOT_FREE;
    return n;
}

static tp_slot *free_slot(tp_local *l)
{
    for (int i = 0; i < l->n_slot; i++)
        if (l->slot[i].state == TP_SLOT_FREE) return &l->slot[i];
    return NULL;
}

static tp_status submit(tp_exec *x, const tp_job *job, tp_err *err)
{
    const tp_local_settings *set = x->settings;
    tp_local                *l = x->state;
    tp_template             *of = find(l, job->key);
    tp_slot                 *p = free_slot(l);
    if (!of) return tp_fail(err, TP_BAD_INPUT, "a job's key has no load");
    if (job->id == 0 || job->ask.len > TP_FRAME_MAX - 64)
        return tp_fail(err, TP_LIMIT, "a job needs an id and at most %d bytes",
                       TP_FRAME_MAX - 64);
    if (!p) return tp_fail(err, TP_LIMIT, "all %d workers are busy", l->n_slot);
    if (!p->hold_empty.base) {
        p->talk.in = tp_arena_open(TP_FRAME_MAX + 4096);
        p->hold_empty = tp_arena_open(TP_FRAME_MAX + 16384);
    }
    p->hold = p->hold_empty;
    p->of = of;
    p->job = *job;
    p->job.ask = tp_str_copy(&p->hold, job->ask);
    if (!(job->seconds > 0)) p->job.seconds = set->seconds;
    p->starts = 0;
    return tp_job_hand_over(x, p, err);
}

/* ---- waiting ----------------------------------------------------- */

/* The job of a slot that is over; false: there is none. */
static bool tell_over(tp_turn *t)
{
    tp_local *l = t->l;
    for (int i = 0; i < l->n_slot; i++) {
        if (l->slot[i].state != TP_SLOT_OVER) continue;
        tp_job_tell(t, &l->slot[i]);
        return true;
    }
    return false;
}

/* What somebody waits for: workers with a job, templates of jobs. */
static int list_watched(tp_local *l)
{
    int n = 0;
    for (int i = 0; i < l->n_slot; i++) {
        tp_slot *p = &l->slot[i];
        bool     runs = p->state == TP_SLOT_RUNS;
        if (!runs && p->state != TP_SLOT_WAITS && p->state != TP_SLOT_ASKED)
            continue;
        int k = 0;
        while (k < n && (runs || l->watch[k].m != p->of)) k++;
        l->watch[k].p = runs ? p : NULL;
        l->watch[k].m = runs ? NULL : p->of;
        if (k == n) n++;
    }
    return n;
}

/* Whether the process has been stopped for too long, `since` the last look. */
static bool is_given_up(tp_child *c, double since)
{
    c->stopped = tp_exec_stopped_ms(c->pid, c->stopped, since);
    if (c->stopped < TP_STOPPED_MS) return false;
    tp_child_note(c, TP_S("the process was stopped and did not go on"));
    return true;
}

/* Whoever somebody has stopped: it will not answer. */
static tp_status end_stopped(tp_turn *t, const tp_watch *w, double since)
{
    tp_slot     *p = w->p;
    tp_template *m = w->m;
    if (p && p->state == TP_SLOT_RUNS && is_given_up(&p->child, since))
        return tp_job_lose(t, p, false, 0);
    if (m && m->child.pid && is_given_up(&m->child, since))
        return tp_template_lost(t, m, false, 0);
    return TP_OK;
}

static tp_status look_for_stopped(tp_turn *t, int n)
{
    double now = tp_now(), since = now - t->l->looked;
    if (1e3 * since < TP_STOPPED_LOOK_MS) return TP_OK;
    t->l->looked = now;
    for (int i = 0; i < n && t->out->id == 0; i++)
        TP_TRY(end_stopped(t, &t->l->watch[i], since));
    return TP_OK;
}

/* Whoever is over the limit; but what came while this process was busy or
   stopped counts. */
static tp_status end_overdue(tp_turn *t, const tp_watch *w)
{
    tp_slot     *p = w->p;
    tp_template *m = w->m;
    double       now = tp_now();
    if (p && now >= p->deadline) {
        TP_TRY(tp_job_read(t, p));
        if (p->state == TP_SLOT_RUNS && now >= p->deadline)
            return tp_job_lose(t, p, true, 0);
    }
    if (m && now >= m->deadline) {
        TP_TRY(tp_template_read(t, m));
        if (m->child.pid && now >= m->deadline)
            return tp_template_lost(t, m, true, 0);
    }
    return TP_OK;
}

/* Milliseconds until `end`, the next deadline or the next look, for poll. */
static int patience(const tp_watch *w, int n, double end)
{
    for (int i = 0; i < n; i++)
        end = fmin(end, w[i].p ? w[i].p->deadline : w[i].m->deadline);
    double ms = ceil(1e3 * (end - tp_now()));
    return ms > TP_STOPPED_LOOK_MS ? TP_STOPPED_LOOK_MS : ms > 0 ? (int)ms : 0;
}

/* What poll says; while a quick job of the only worker is out, at once: to be
   woken up costs more than looking again and again. */
static int poll_watched(const tp_local *l, int n, double end)
{
    struct pollfd *of = l->watch[0].of;
    nfds_t         all = (nfds_t)n * TP_POLLS;
    double         until = fmin(end, tp_now() + TP_QUICK);
    while (n == 1 && l->quick && tp_now() < until) {
        int got = poll(of, all, 0);
        if (got != 0) return got;
    }
    return poll(of, all, patience(l->watch, n, end));
}

static int poll_all(tp_local *l, int n, double end)
{
    for (int i = 0; i < n; i++) {
        tp_watch       *w = &l->watch[i];
        const tp_child *c = w->p ? &w->p->child : &w->m->child;
        bool more = w->p ? w->p->talk.n_part > 0 : tp_template_sends(l, w->m);
        int  fds[TP_POLLS] = {c->fd, c->out, c->end};
        for (int k = 0; k < TP_POLLS; k++)
            w->of[k] = (struct pollfd){.fd = fds[k], .events = POLLIN};
        if (more) w->of[0].events |= POLLOUT;
        w->pid = c->pid;
    }
    return poll_watched(l, n, end);
}

/* What poll said of a worker. */
static tp_status serve_worker(tp_turn *t, tp_watch *w)
{
    tp_slot *p = w->p;
    if (p->state != TP_SLOT_RUNS || p->child.pid != w->pid) return TP_OK;
    if (w->of[1].revents) tp_child_listen(&p->child);
    if (w->of[0].revents & POLLOUT) tp_talk_send(&p->talk, p->child.fd);
    if ((w->of[0].revents & ~POLLOUT) || w->of[2].revents)
        TP_TRY(tp_job_read(t, p));
    bool there = p->state == TP_SLOT_RUNS && p->child.pid == w->pid;
    return w->of[2].revents && there ? tp_job_lose(t, p, false, TP_END_MS)
                                     : TP_OK;
}

static tp_status serve_template(tp_turn *t, tp_watch *w)
{
    tp_template *m = w->m;
    if (m->child.pid != w->pid) return TP_OK;
    if (w->of[1].revents) tp_child_listen(&m->child);
    if (w->of[0].revents & POLLOUT) tp_template_send(t, m);
    if ((w->of[0].revents & ~POLLOUT) || w->of[2].revents)
        TP_TRY(tp_template_read(t, m));
    return w->of[2].revents && m->child.pid == w->pid
               ? tp_template_lost(t, m, false, TP_END_MS)
               : TP_OK;
}

/* Each in its turn, until a job is done. */
static tp_status serve_all(tp_turn *t, int n)
{
    tp_local *l = t->l;
    int       first = l->next % n;
    for (int k = 0; k < n && t->out->id == 0; k++) {
        int i = (first + k) % n;
        l->next = i + 1;
        TP_TRY(l->watch[i].p ? serve_worker(t, &l->watch[i])
                             : serve_template(t, &l->watch[i]));
    }
    return TP_OK;
}

static tp_status wait_local(tp_exec *x, int ms, tp_arena *mem, tp_done *out,
                            tp_err *err)
{
    tp_local *l = x->state;
    tp_turn   t = {.x = x, .l = l, .mem = mem, .out = out, .err = err};
    double    end = ms < 0 ? INFINITY : tp_now() + 1e-3 * ms;
    *out = (tp_done){0};
    tp_park_sweep(l);
    do {
        if (tell_over(&t)) return TP_OK;
        int n = list_watched(l);
        if (n == 0) return TP_OK;
        for (int i = 0; i < n && out->id == 0; i++)
            TP_TRY(end_overdue(&t, &l->watch[i]));
        if (out->id) return TP_OK;
        TP_TRY(look_for_stopped(&t, list_watched(l)));
        if (out->id) return TP_OK;
        n = list_watched(l);
        if (n == 0) continue;
        if (poll_all(l, n, end) < 0) return TP_OK; /* a signal */
        TP_TRY(serve_all(&t, n));
    } while (out->id == 0 && tp_now() < end);
    return TP_OK;
}

const tp_exec_ops tp_exec_local = {
    .name = "local",
    .summary = "worker processes on this machine",
    .settings_size = sizeof(tp_local_settings),
    .params = params,
    .open = open_local,
    .put = put,
    .room = room,
    .submit = submit,
    .wait = wait_local,
    .close = close_local,
};
