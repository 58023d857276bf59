/* inline: jobs in this process, one at a time, when somebody waits for them.
   For tests and debugging: what crashes, crashes here. */
#include "exec/local.h"

struct row {
    uint64_t key;
    tp_str   load;
    void    *with; /* NULL: not loaded yet */
};

struct state {
    tp_arena    mem, hold, hold_empty;
    int         n, cap;
    struct row *row;
    tp_job      job; /* id 0: none */
    int         at;  /* its row */
};

static tp_status open_inline(tp_exec *x, tp_err *err)
{
    if (!x->load || !x->work)
        return tp_fail(err, TP_BAD_INPUT, "inline: nothing to do jobs with");
    tp_arena      mem = tp_arena_open((ptrdiff_t)1 << 28);
    struct state *s = TP_NEW(&mem, struct state, 1);
    s->mem = mem;
    s->hold = s->hold_empty = tp_arena_open(TP_FRAME_MAX);
    x->state = s;
    return TP_OK;
}

/* The row of a key, or -1. */
static int find(const struct state *s, uint64_t key)
{
    int i = s->n - 1;
    while (i >= 0 && s->row[i].key != key) i--;
    return i;
}

static tp_status put(tp_exec *x, uint64_t key, tp_str load, tp_err *err)
{
    struct state *s = x->state;
    if (find(s, key) >= 0)
        return tp_fail(err, TP_BAD_INPUT, "this key has a load already");
    *TP_PUSH(&s->mem, s->row, s->n, s->cap) = (struct row){key, load, NULL};
    return TP_OK;
}

static int room(const tp_exec *x)
{
    return ((const struct state *)x->state)->job.id == 0;
}

static tp_status submit(tp_exec *x, const tp_job *job, tp_err *err)
{
    struct state *s = x->state;
    int           at = find(s, job->key);
    if (at < 0) return tp_fail(err, TP_BAD_INPUT, "a job's key has no load");
    if (job->id == 0 || job->ask.len > TP_FRAME_MAX / 2)
        return tp_fail(err, TP_LIMIT, "a job needs an id and at most %d bytes",
                       TP_FRAME_MAX / 2);
    if (s->job.id) return tp_fail(err, TP_LIMIT, "inline: one job at a time");
    s->hold = s->hold_empty;
    s->job = *job;
    s->at = at;
    s->job.ask = tp_str_copy(&s->hold, job->ask);
    return TP_OK;
}

static tp_status wait_inline(tp_exec *x, int ms, tp_arena *mem, tp_done *out,
                             tp_err *err)
{
    struct state *s = x->state;
    (void)ms, (void)err;
    *out = (tp_done){0};
    if (s->job.id == 0) return TP_OK;
    double      begun = tp_now();
    struct row *row = &s->row[s->at];
    tp_err      why = {0};
    out->id = s->job.id;
    s->job.id = 0;
    if (!row->with) row->with = x->load(row->load, &why);
    if (row->with) {
        out->answer = x->work(row->with, s->job.ask, mem);
        out->how = TP_END_DONE;
    } else {
        tp_buf b = {.mem = mem};
        tp_frame_pack_err(&b, &why);
        out->answer = tp_buf_str(&b);
        out->how = TP_END_REFUSED;
    }
    out->log = TP_S("");
    out->seconds = tp_now() - begun;
    return TP_OK;
}

static void close_inline(tp_exec *x)
{
    struct state *s = x->state;
    if (!s) return;
    tp_arena mem = s->mem;
    x->state = NULL;
    tp_arena_close(&s->hold);
    tp_arena_close(&mem);
}

const tp_exec_ops tp_exec_inline = {
    .name = "inline",
    .summary = "in this process, one job at a time",
    .params = (const tp_param[]){{0}},
    .open = open_inline,
    .put = put,
    .room = room,
    .submit = submit,
    .wait = wait_inline,
    .close = close_inline,
};
