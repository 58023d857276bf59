/* nesting: sub-circuits inside sub-circuits. One that is inside itself has no
   end, and the simulator does not say which one it is. */
#include "netlist/deck.h"

enum { NESTING_MAX = 100 };

struct walk {
    const tp_deck *d;
    int           *first;  /* by scope + 1: its first instance, -1 none */
    int           *next;   /* by device: the next instance of its scope */
    int           *height; /* by .subckt card: levels with it, 0 unknown */
    int            n;      /* instances passed */
    int            x[NESTING_MAX + 1]; /* them, outermost first */
    tp_err        *err;
};

static void index_instances(struct walk *w, tp_arena *mem)
{
    const tp_deck *d = w->d;
    w->first = TP_NEW(mem, int, d->n_card + 1);
    w->height = TP_NEW(mem, int, d->n_card + 1);
    w->next = TP_NEW(mem, int, d->n_device + 1);
    for (int i = 0; i <= d->n_card; i++) w->first[i] = -1;
    for (int i = d->n_device - 1; i >= 0; i--) {
        if (d->device[i].letter != 'x') continue;
        w->next[i] = w->first[d->device[i].subckt + 1];
        w->first[d->device[i].subckt + 1] = i;
    }
}

static tp_place place_of(const struct walk *w, int device)
{
    return tp_card_place(&w->d->card[w->d->device[device].card], 0);
}

/* "a > b > a", from the instance at which the circle begins. */
static tp_status fail_circle(const struct walk *w, int from)
{
    tp_arena mem = *w->d->mem;
    tp_buf   b = {.mem = &mem};
    int      last = w->n - 1;
    for (int i = from; i <= last; i++)
        tp_buf_fmt(&b, i > from ? " > %.*s" : "%.*s",
                   TP_F(w->d->device[w->x[i]].model));
    return tp_fail_at(w->err, TP_BAD_INPUT, place_of(w, w->x[last]),
                      "sub-circuit %.*s is inside itself: %.*s",
                      TP_F(w->d->device[w->x[last]].model),
                      TP_F(tp_buf_str(&b)));
}

static tp_status fail_depth(const struct walk *w)
{
    return tp_fail_at(w->err, TP_LIMIT, place_of(w, w->x[0]),
                      "sub-circuits more than %d deep below %.*s", NESTING_MAX,
                      TP_F(w->d->device[w->x[0]].name));
}

static int *height_of(const struct walk *w, int scope)
{
    return &w->height[scope < 0 ? w->d->n_card : scope];
}

static tp_status check_scope(struct walk *w, int scope);

/* The instance on top of w->x and all below it. */
static tp_status check_instance(struct walk *w, int scope)
{
    const tp_device *x = &w->d->device[w->x[w->n - 1]];
    const tp_subckt *s = tp_deck_subckt(w->d, x->model, scope);
    if (!s) return TP_OK; /* the simulator will say so */
    for (int i = 0; i < w->n - 1; i++) {
        const tp_device *up = &w->d->device[w->x[i]];
        if (tp_deck_subckt(w->d, up->model, up->subckt) == s)
            return fail_circle(w, i);
    }
    if (w->height[s->card] == 0) TP_TRY(check_scope(w, s->card));
    int below = w->height[s->card], *own = height_of(w, scope);
    if (w->n + below > NESTING_MAX + 1) return fail_depth(w);
    if (*own < below + 1) *own = below + 1;
    return TP_OK;
}

static tp_status check_scope(struct walk *w, int scope)
{
    int *own = height_of(w, scope);
    for (int i = w->first[scope + 1]; i >= 0; i = w->next[i]) {
        if (w->n > NESTING_MAX) return fail_depth(w);
        w->x[w->n++] = i;
        TP_TRY(check_instance(w, scope));
        w->n--;
    }
    if (*own == 0) *own = 1;
    return TP_OK;
}

tp_status tp_deck_nesting(const tp_deck *d, tp_err *err)
{
    tp_arena    mem = *d->mem;
    struct walk w = {.d = d, .err = err};
    index_instances(&w, &mem);
    return check_scope(&w, -1);
}
