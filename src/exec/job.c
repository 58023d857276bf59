/* What becomes of a job: it is given to a worker, and either answered or lost
   with it. */
#include "exec/local.h"

#include <math.h>
#include <string.h>
#include <sys/wait.h>

enum { CPU_TO_WALL = 5 }; /* wall seconds allowed for one of CPU */

/* ---- to a worker ------------------------------------------------- */

void tp_job_give(tp_exec *x, tp_slot *p)
{
    const tp_local_settings *set = x->settings;
    char                     room[64];
    tp_arena                 fixed = {.beg = room, .end = room + sizeof room};
    tp_buf                   front = {.mem = &fixed};
    tp_child_listen(&p->child);
    p->child.log_len = 0;
    p->state = TP_SLOT_RUNS;
    p->handed = tp_now();
    p->deadline = INFINITY;
    if (p->job.seconds > 0)
        p->deadline = p->handed + CPU_TO_WALL * p->job.seconds + set->grace;
    tp_pack_int(&front, (int64_t)p->job.id);
    tp_pack_double(&front, p->job.seconds);
    tp_talk_begin(&p->talk);
    tp_talk_say(&p->talk, TP_FRAME_JOB, tp_buf_str(&front), p->job.ask);
    tp_talk_send(&p->talk, p->child.fd); /* a failure shows as its end */
}

tp_status tp_job_hand_over(tp_exec *x, tp_slot *p, tp_err *err)
{
    p->handed = tp_now();
    if (!tp_unpark(x->state, p)) return tp_template_want(x, p, err);
    tp_job_give(x, p);
    return TP_OK;
}

/* ---- the end of a job -------------------------------------------- */

void tp_job_over(tp_slot *p, tp_end how, tp_str answer, int status)
{
    tp_str log = {p->child.log, p->child.log_len};
    p->state = TP_SLOT_OVER;
    p->done = (tp_done){
        .id = p->job.id,
        .how = how,
        .answer = tp_str_copy(&p->hold, answer),
        .log = tp_str_copy(&p->hold, log),
        .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
        .status = WIFEXITED(status) ? WEXITSTATUS(status) : 0,
        .seconds = tp_now() - p->handed,
    };
}

void tp_job_tell(tp_turn *t, tp_slot *p)
{
    *t->out = p->done;
    t->out->answer = tp_str_copy(t->mem, p->done.answer);
    t->out->log = tp_str_copy(t->mem, p->done.log);
    p->state = TP_SLOT_FREE;
}

static void give_up(tp_slot *p, bool overdue, int status)
{
    overdue |= WIFEXITED(status) && WEXITSTATUS(status) == TP_EXIT_OVERDUE;
    tp_job_over(p, overdue ? TP_END_OVERDUE : TP_END_DIED, TP_S(""), status);
}

tp_status tp_job_retry(tp_turn *t, tp_slot *p, bool overdue, int status)
{
    p->starts += overdue ? 2 : 1;
    if (p->starts < TP_STARTS_MAX) return tp_job_hand_over(t->x, p, t->err);
    give_up(p, overdue, status);
    return TP_OK;
}

tp_status tp_job_lose(tp_turn *t, tp_slot *p, bool overdue, int ms)
{
    bool began = tp_talk_heard(&p->talk, p->child.fd);
    int  status = tp_child_end(&p->child, ms);
    if (!began) return tp_job_retry(t, p, overdue, status);
    give_up(p, overdue, status);
    return TP_OK;
}

/* ---- what a worker says ------------------------------------------ */

static tp_status broken(tp_turn *t, tp_slot *p)
{
    p->starts = TP_STARTS_MAX;
    tp_child_note(&p->child, TP_S("the worker sent a broken frame"));
    return tp_job_lose(t, p, false, 0);
}

/* Cuts the id off; whether it is that of the job that runs. */
static bool right_id(const tp_slot *p, tp_str *bytes)
{
    tp_unpack u = {.rest = *bytes};
    uint64_t  id = (uint64_t)tp_unpack_int(&u);
    *bytes = u.rest;
    return !u.bad && id == p->job.id;
}

static tp_status answered(tp_turn *t, tp_slot *p, tp_str answer)
{
    ptrdiff_t room = t->mem->end - t->mem->beg - (ptrdiff_t)2 * TP_LOG_MAX;
    if (answer.len > room)
        return tp_fail(t->err, TP_LIMIT, "an answer of %td bytes is over %td",
                       answer.len, room);
    tp_child_listen(&p->child);
    p->served++;
    p->state = TP_SLOT_FREE;
    *t->out = (tp_done){
        .id = p->job.id,
        .how = TP_END_DONE,
        .answer = tp_str_copy(t->mem, answer),
        .log = tp_str_copy(t->mem, (tp_str){p->child.log, p->child.log_len}),
        .seconds = tp_now() - p->handed,
    };
    t->l->quick = t->l->several && t->out->seconds < TP_QUICK;
    return TP_OK;
}

static tp_status on_answer(tp_turn *t, tp_slot *p, tp_str bytes)
{
    const tp_local_settings *set = t->x->settings;
    if (!right_id(p, &bytes)) return broken(t, p);
    TP_TRY(answered(t, p, bytes));
    if (tp_talk_more(&p->talk)) /* nobody has asked for more */
        tp_child_end(&p->child, 0);
    else
        tp_park(t->l, p, set->keep);
    return TP_OK;
}

static tp_status on_last(tp_turn *t, tp_slot *p, tp_str bytes)
{
    if (!right_id(p, &bytes)) return broken(t, p);
    TP_TRY(answered(t, p, bytes));
    tp_child_end(&p->child, TP_END_MS);
    return TP_OK;
}

tp_status tp_job_read(tp_turn *t, tp_slot *p)
{
    static tp_status (*const act[TP_FRAME_TYPES])(tp_turn * t, tp_slot * p,
                                                  tp_str bytes) = {
        [TP_FRAME_ANSWER] = on_answer,
        [TP_FRAME_LAST] = on_last,
    };
    pid_t pid = p->child.pid;
    while (p->state == TP_SLOT_RUNS && p->child.pid == pid) {
        tp_frame_type type;
        tp_str        bytes;
        tp_got        got = tp_talk_read(&p->talk, p->child.fd, &type, &bytes);
        if (got == TP_GOT_NOTHING) return TP_OK;
        if (got == TP_GOT_END) return tp_job_lose(t, p, false, TP_END_MS);
        TP_TRY(got == TP_GOT_GARBAGE || !act[type] ? broken(t, p)
                                                   : act[type](t, p, bytes));
    }
    return TP_OK;
}
