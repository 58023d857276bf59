/* The template of a load: a process that reads it, and then forks workers that
   have read it. The forked worker is a child of this process; its socket and
   its stderr were made here and are passed on. */
#include "exec/local.h"

#include <math.h>
#include <string.h>

enum { ROOM = 1 << 16 }; /* for what a template sends */

static tp_status start(tp_exec *x, tp_template *m, tp_err *err)
{
    const tp_local_settings *set = x->settings;
    tp_local                *l = x->state;
    char                     room[64];
    tp_arena                 fixed = {.beg = room, .end = room + sizeof room};
    tp_buf                   front = {.mem = &fixed};
    tp_park_make_room(l, set->keep);
    if (!m->talk.in.base) m->talk.in = tp_arena_open(ROOM);
    TP_TRY(tp_child_start(&m->child, set->program, l->mem, err));
    m->ready = false;
    m->asked = 0;
    m->deadline = tp_now() + set->load;
    tp_talk_begin(&m->talk);
    tp_pack_double(&front, set->load);
    tp_pack_double(&front, set->memory);
    tp_talk_say(&m->talk, TP_FRAME_LOAD, tp_buf_str(&front), m->load);
    tp_talk_send(&m->talk, m->child.fd); /* a failure shows as its end */
    return TP_OK;
}

int tp_template_end(tp_template *m, int ms)
{
    m->ready = false;
    m->asked = 0;
    m->deadline = INFINITY;
    return tp_child_end(&m->child, ms);
}

/* Asks for the workers that are waited for, as far as the socket takes it. */
static void ask_forks(tp_local *l, tp_template *m, double patience)
{
    for (int i = 0; i < l->n_slot; i++) {
        tp_slot *p = &l->slot[i];
        if (p->of != m || p->state != TP_SLOT_WAITS) continue;
        tp_sent sent = tp_talk_pass(m->child.fd, TP_FRAME_FORK, &p->ends);
        if (sent != TP_SENT) return; /* later, or its end is to be seen */
        tp_ends_close(&p->ends);
        p->state = TP_SLOT_ASKED;
        p->turn = ++l->turns;
        m->asked++;
        m->deadline = tp_now() + patience;
    }
}

tp_status tp_template_want(tp_exec *x, tp_slot *p, tp_err *err)
{
    const tp_local_settings *set = x->settings;
    tp_template             *m = p->of;
    m->used = tp_now();
    TP_TRY(tp_child_pipes(&p->child, &p->ends, err));
    p->served = 0;
    p->state = TP_SLOT_WAITS;
    p->deadline = INFINITY; /* the template's own is what counts */
    if (!m->child.pid) TP_TRY(start(x, m, err));
    if (m->ready) ask_forks(x->state, m, set->load);
    return TP_OK;
}

static bool waits(const tp_slot *p, const tp_template *m)
{
    return p->of == m &&
           (p->state == TP_SLOT_WAITS || p->state == TP_SLOT_ASKED);
}

/* Its last words are those of whoever waited for it. */
static void take_log(tp_slot *p, const tp_template *m)
{
    memcpy(p->child.log, m->child.log, (size_t)m->child.log_len);
    p->child.log_len = m->child.log_len;
}

/* All that wait for it are left with nothing. */
static void leave_alone(tp_local *l, const tp_template *m)
{
    for (int i = 0; i < l->n_slot; i++) {
        tp_slot *p = &l->slot[i];
        if (!waits(p, m)) continue;
        tp_ends_close(&p->ends);
        tp_child_end(&p->child, 0);
        take_log(p, m);
        p->state = TP_SLOT_LOST;
    }
}

static bool is_lost(const tp_slot *p, const tp_template *m)
{
    return p->of == m && p->state == TP_SLOT_LOST;
}

tp_status tp_template_lost(tp_turn *t, tp_template *m, bool overdue, int ms)
{
    int status = tp_template_end(m, ms);
    leave_alone(t->l, m);
    for (int i = 0; i < t->l->n_slot; i++)
        if (is_lost(&t->l->slot[i], m))
            TP_TRY(tp_job_retry(t, &t->l->slot[i], overdue, status));
    return TP_OK;
}

/* What no second process would do better. */
static tp_status broken(tp_turn *t, tp_template *m)
{
    for (int i = 0; i < t->l->n_slot; i++)
        if (waits(&t->l->slot[i], m)) t->l->slot[i].starts = TP_STARTS_MAX;
    tp_child_note(&m->child, TP_S("the worker sent a broken frame"));
    return tp_template_lost(t, m, false, 0);
}

/* ---- its frames -------------------------------------------------- */

static tp_status on_loaded(tp_turn *t, tp_template *m, tp_str bytes)
{
    const tp_local_settings *set = t->x->settings;
    if (m->ready || bytes.len > 0) return broken(t, m);
    m->ready = true;
    m->deadline = INFINITY;
    ask_forks(t->l, m, set->load);
    return TP_OK;
}

static tp_status on_refused(tp_turn *t, tp_template *m, tp_str bytes)
{
    if (m->ready) return broken(t, m);
    tp_template_end(m, TP_END_MS);
    leave_alone(t->l, m);
    for (int i = 0; i < t->l->n_slot; i++)
        if (is_lost(&t->l->slot[i], m))
            tp_job_over(&t->l->slot[i], TP_END_REFUSED, bytes, 0);
    return TP_OK;
}

/* Whoever was asked for first. */
static tp_slot *first_asked(tp_local *l, const tp_template *m)
{
    tp_slot *first = NULL;
    for (int i = 0; i < l->n_slot; i++) {
        tp_slot *p = &l->slot[i];
        if (p->of != m || p->state != TP_SLOT_ASKED) continue;
        if (!first || p->turn < first->turn) first = p;
    }
    return first;
}

static tp_status on_forked(tp_turn *t, tp_template *m, tp_str bytes)
{
    tp_unpack u = {.rest = bytes};
    int64_t   pid = tp_unpack_int(&u);
    tp_slot  *p = first_asked(t->l, m);
    if (u.bad || u.rest.len > 0 || !p) return broken(t, m);
    if (pid <= 0) {
        tp_arena mem = *t->mem;
        tp_child_note(&m->child,
                      tp_str_fmt(&mem, "can't start a worker process: %s",
                                 strerror((int)-pid)));
        return tp_template_lost(t, m, false, 0);
    }
    if (!tp_child_adopt(&p->child, &m->child, pid)) return broken(t, m);
    m->asked--;
    if (m->asked == 0) m->deadline = INFINITY;
    tp_job_give(t->x, p);
    return TP_OK;
}

tp_status tp_template_read(tp_turn *t, tp_template *m)
{
    static tp_status (*const act[TP_FRAME_TYPES])(tp_turn * t, tp_template * m,
                                                  tp_str bytes) = {
        [TP_FRAME_LOADED] = on_loaded,
        [TP_FRAME_REFUSED] = on_refused,
        [TP_FRAME_FORKED] = on_forked,
    };
    pid_t pid = m->child.pid;
    while (pid && m->child.pid == pid) {
        tp_frame_type type;
        tp_str        bytes;
        tp_got        got = tp_talk_read(&m->talk, m->child.fd, &type, &bytes);
        if (got == TP_GOT_NOTHING) return TP_OK;
        if (got == TP_GOT_END) return tp_template_lost(t, m, false, TP_END_MS);
        TP_TRY(got == TP_GOT_GARBAGE || !act[type] ? broken(t, m)
                                                   : act[type](t, m, bytes));
    }
    return TP_OK;
}

void tp_template_send(tp_turn *t, tp_template *m)
{
    const tp_local_settings *set = t->x->settings;
    tp_talk_send(&m->talk, m->child.fd);
    if (m->ready) ask_forks(t->l, m, set->load);
}

bool tp_template_sends(const tp_local *l, const tp_template *m)
{
    bool more = m->talk.n_part > 0;
    for (int i = 0; m->ready && i < l->n_slot; i++)
        more |= l->slot[i].of == m && l->slot[i].state == TP_SLOT_WAITS;
    return more;
}
