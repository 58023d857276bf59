/* A run cut after any of its events, as a killed program leaves it, and
   resumed: what is compared. */
#ifndef TP_TEST_RUN_CUT_H
#define TP_TEST_RUN_CUT_H

#include "run/pvt.h"

static inline bool same_trials(const record *a, const record *b)
{
    bool same = CHECK_INT(a->n_trial, b->n_trial);
    for (int i = 0; same && i < a->n_trial; i++) {
        const tp_trial_row *x = &a->trial[i], *y = &b->trial[i];
        same = CHECK_INT(x->number, y->number) &&
               CHECK(tp_str_eq(x->x, y->x)) &&
               CHECK(tp_str_eq(x->outcome, y->outcome)) &&
               CHECK(tp_str_eq(x->why, y->why)) &&
               CHECK(tp_str_eq(x->readings, y->readings)) &&
               CHECK(tp_str_eq(x->waves, y->waves)) &&
               CHECK_INT(x->attempts, y->attempts);
    }
    return same;
}

static inline bool is_kind(const tp_event_row *e, const char *kind)
{
    return tp_str_eq(e->kind, tp_str_of(kind));
}

static inline int count_kind(const record *k, const char *kind)
{
    int n = 0;
    for (int i = 0; i < k->n_event; i++) n += is_kind(&k->event[i], kind);
    return n;
}

/* Events but for the marks of ended sessions and of their limits. */
static inline int steps(const record *k, const tp_event_row **out)
{
    tp_event_row *e = TP_NEW(check_mem(), tp_event_row, k->n_event);
    int           n = 0;
    for (int i = 0; i < k->n_event; i++)
        if (!is_kind(&k->event[i], "end") && !is_kind(&k->event[i], "budget"))
            e[n++] = k->event[i];
    *out = e;
    return n;
}

static inline bool same_events(const record *a, const record *b)
{
    const tp_event_row *x, *y;
    int                 n = steps(a, &x);
    bool                same = CHECK_INT(n, steps(b, &y));
    for (int i = 0; same && i < n; i++)
        same = CHECK(tp_str_eq(x[i].kind, y[i].kind)) &&
               CHECK(tp_str_eq(x[i].data, y[i].data));
    return same;
}

static inline bool same_end(const record *a, const record *b)
{
    return CHECK(tp_str_eq(a->row.status, b->row.status)) &&
           CHECK(tp_str_eq(a->row.reason, b->row.reason)) &&
           CHECK_INT(a->row.best, b->row.best) &&
           CHECK_INT(a->row.n_trial, b->row.n_trial) &&
           CHECK_INT(a->row.n_failed, b->row.n_failed);
}

static inline bool same_run(const record *a, const record *b)
{
    return same_trials(a, b) && same_events(a, b) && same_end(a, b);
}

/* The number of the trial that an event tells; 0: it tells none. */
static inline int told_by(const tp_event_row *e)
{
    tp_unpack u = {.rest = e->data};
    return tp_str_eq(e->kind, TP_S("tell")) ? (int)tp_unpack_int(&u) : 0;
}

/* A copy of the run as it was after `n` events, as a killed program leaves
   it. */
static inline tp_str cut(tp_store *to, const record *whole, int n)
{
    tp_run_row row = whole->row;
    tp_err     err = {0};
    tp_str     id = {"", 0};
    int        last = 0;
    row.status = TP_S("running");
    row.reason = row.proof = TP_S("");
    row.n_trial = row.n_failed = row.best = 0;
    CHECK_OK(tp_store_run_add(to, &row, &id, check_mem(), &err), &err);
    CHECK_OK(tp_store_begin(to, &err), &err);
    for (int i = 0; i < n; i++) {
        int k = told_by(&whole->event[i]);
        if (k > last)
            CHECK_OK(tp_store_trial_add(to, id, &whole->trial[k - 1], &err),
                     &err);
        if (k > last) last = k;
        CHECK_OK(tp_store_event_add(to, id, &whole->event[i], &err), &err);
    }
    CHECK_OK(tp_store_commit(to, &err), &err);
    return id;
}

/* Resumes run `id` to its end; what it then is. */
static inline record go_on(setup *s, tp_run_settings *set, tp_str id)
{
    tp_run *r = NULL;
    tp_err  err = {0};
    if (CHECK_OK(tp_run_resume(&r, &s->p, set, s->store, id, &err), &err))
        CHECK_OK(tp_run_go(r, NULL, &err), &err);
    tp_run_close(r);
    return setup_read(s->store, id);
}

static inline tp_run_settings plain(void)
{
    tp_run_settings set;
    tp_params_default(tp_run_params, &set);
    set.exec = TP_S("inline");
    return set;
}

/* The run cut after event `from` and every `by` events behind it ends as it did
   when it was not. */
static inline void cuts_end_alike(setup *s, const record *whole, int from,
                                  int by)
{
    for (int n = from; n < whole->n_event; n += by) {
        tp_run_settings set = plain();
        tp_str          id = cut(s->store, whole, n);
        record          again = go_on(s, &set, id);
        if (same_run(&again, whole)) continue;
        printf("cut after event %d of %d\n", n, whole->n_event);
        break;
    }
}

static inline record whole_run(setup *s)
{
    tp_status st;
    tp_err    err;
    tp_run   *r = setup_run(s, NULL, &st, &err);
    CHECK_OK(st, &err);
    tp_str id = tp_str_copy(check_mem(), tp_run_id(r));
    tp_run_close(r);
    return setup_read(s->store, id);
}
#endif
