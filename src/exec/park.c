/* Processes at rest: workers without a job, templates nobody waits for. They
   make the next job of their load begin at once, and cost memory. */
#include "exec/local.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SWEEP_MS = 200, SCARCE_PART = 8 };

static void forget(tp_local *l, int at, int ms)
{
    tp_child_end(&l->parked[at].child, ms);
    l->parked[at] = l->parked[--l->n_parked];
}

/* The one that was not used for longest, -1: none. */
static int oldest(const tp_local *l)
{
    int at = -1;
    for (int i = 0; i < l->n_parked; i++)
        if (at < 0 || l->parked[i].used < l->parked[at].used) at = i;
    return at;
}

void tp_park(tp_local *l, tp_slot *p, int keep)
{
    if (p->served >= TP_SERVED_MAX) {
        tp_child_end(&p->child, 0);
        return;
    }
    if (l->n_parked == keep) forget(l, oldest(l), 0);
    l->parked[l->n_parked++] = (tp_parked){
        .child = p->child, .of = p->of, .served = p->served, .used = tp_now()};
    p->child = TP_NO_CHILD;
}

/* The worker of that load that was used last: it is the warmest. */
static int newest(const tp_local *l, const tp_template *of)
{
    int at = -1;
    for (int i = 0; i < l->n_parked; i++)
        if (l->parked[i].of == of &&
            (at < 0 || l->parked[i].used > l->parked[at].used))
            at = i;
    return at;
}

bool tp_unpark(tp_local *l, tp_slot *p)
{
    int at = newest(l, p->of);
    while (at >= 0 && tp_child_ended(&l->parked[at].child)) {
        forget(l, at, 0);
        at = newest(l, p->of);
    }
    if (at < 0) return false;
    p->child = l->parked[at].child;
    p->served = l->parked[at].served;
    l->parked[at] = l->parked[--l->n_parked];
    return true;
}

/* ---- templates --------------------------------------------------- */

static bool at_rest(const tp_local *l, const tp_template *m)
{
    for (int i = 0; i < l->n_slot; i++)
        if (l->slot[i].of == m && l->slot[i].state != TP_SLOT_FREE)
            return false;
    return m->child.pid != 0;
}

static tp_template *oldest_template(const tp_local *l)
{
    tp_template *old = NULL;
    for (int i = 0; i < l->n_template; i++) {
        tp_template *m = l->all[i];
        if (at_rest(l, m) && (!old || m->used < old->used)) old = m;
    }
    return old;
}

static int running(const tp_local *l)
{
    int n = 0;
    for (int i = 0; i < l->n_template; i++) n += l->all[i]->child.pid != 0;
    return n;
}

/* The number behind a name of /proc/meminfo, in kB; 0 unknown. */
static double memory_of(tp_str text, const char *name)
{
    double v = 0;
    for (tp_str line; (line = tp_str_word(&text, "\n")).len > 0;) {
        if (!tp_str_starts(line, tp_str_of(name))) continue;
        tp_number(tp_str_trim(tp_str_from(line, tp_str_of(name).len)), &v);
        return v;
    }
    return 0;
}

/* Whether less than an eighth of this machine's memory is left. */
static bool is_scarce(void)
{
    char    text[4096];
    int     fd = open("/proc/meminfo", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text);
    if (fd >= 0) close(fd);
    if (n <= 0) return false;
    tp_str all = {text, n};
    return memory_of(all, "MemAvailable:") * SCARCE_PART <
           memory_of(all, "MemTotal:");
}

void tp_park_make_room(tp_local *l, int keep)
{
    bool         scarce = is_scarce();
    tp_template *old = oldest_template(l);
    if (old && (scarce || running(l) >= keep)) tp_template_end(old, 0);
    if (scarce && l->n_parked > 0) forget(l, oldest(l), 0);
}

/* ---- the dead ---------------------------------------------------- */

void tp_park_sweep(tp_local *l)
{
    double now = tp_now();
    if (now - l->swept < 1e-3 * SWEEP_MS) return;
    l->swept = now;
    for (int i = l->n_parked - 1; i >= 0; i--)
        if (tp_child_ended(&l->parked[i].child)) forget(l, i, 0);
    for (int i = 0; i < l->n_template; i++) {
        tp_template *m = l->all[i];
        if (at_rest(l, m) && tp_child_ended(&m->child)) tp_template_end(m, 0);
    }
}

void tp_park_close(tp_local *l)
{
    for (int i = 0; i < l->n_parked; i++) /* so that all end at once */
        shutdown(l->parked[i].child.fd, SHUT_RDWR);
    while (l->n_parked > 0) forget(l, 0, TP_END_MS);
}
