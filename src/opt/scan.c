/* Methods that ask a plan of points, whatever they are told. */
#include "opt/scan.h"

#include <string.h>

tp_status tp_scan_init(tp_scan **out, tp_opt *o, tp_err *err)
{
    tp_scan *s = TP_NEW(&o->mem, tp_scan, 1);
    TP_TRY(tp_walk_on(&s->w, o, err));
    s->x = TP_NEW(&o->mem, double, s->w.n);
    s->total = 1;
    o->state = *out = s;
    return TP_OK;
}

tp_ask tp_scan_ask(tp_opt *o, double *x, int *tag)
{
    tp_scan *s = o->state;
    s->w.opt = o;
    if (s->asked == s->total)
        return s->told < s->total ? TP_ASK_WAIT : TP_ASK_DONE;
    memcpy(s->x, s->w.start, sizeof *s->x * (size_t)s->w.n);
    if (s->asked > 0) s->point(s, s->asked - 1, s->x);
    tp_walk_put(&s->w, s->x, x);
    s->asked++;
    *tag = 0;
    return TP_ASK_POINT;
}

void tp_scan_tell(tp_opt *o, int tag, const double *x, const tp_obs *y)
{
    tp_scan *s = o->state;
    (void)tag;
    (void)x;
    (void)y;
    if (s->told < s->asked) s->told++;
}

const char *tp_scan_finished(const tp_opt *o)
{
    const tp_scan *s = o->state;
    if (s->told < s->total) return NULL;
    return s->w.n > 0 ? "all points evaluated" : "xtolreached";
}

void tp_scan_close(tp_opt *o)
{
    o->state = NULL; /* all of it is in o->mem */
}
