/* ng_alter: values of a circuit's tunables without reading it again: the
   numbers that devices get from them are computed here (tp_dials) and set one
   by one. Used only where nothing else depends on a tunable, no transistor
   leaves its bin, and what ngspice holds after this and after reading the
   circuit again was the same, to the bit, at the first points; else the
   circuit is read again. */
#include "sim/ng.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CHECKS = 3 }; /* points at which both ways are compared */

struct tp_ng_dials {
    tp_dials d;
    bool     off;
    char     why[200];  /* it is off */
    bool     there;     /* `set` and `bin` are those of the circuit */
    int      checks;    /* left */
    double  *point;     /* the tunables that they are of */
    double  *wanted;    /* the numbers at the new point */
    double  *set;       /* those that ngspice has; NAN unknown */
    int     *bin, *was; /* of transistors: now wanted, and in ngspice */
    double  *edge, *edge_was;
    bool    *sure; /* which bin an edge belongs to has been compared */
    bool    *shy;  /* and was another one once: no edges for this transistor */
    double  *altered, *read;
};

void tp_ng_dials_open(tp_ng *s, tp_arena *mem)
{
    struct tp_ng_dials *a = s->dials = TP_NEW(mem, struct tp_ng_dials, 1);
    tp_dials_make(&a->d, s->c, mem);
    a->checks = CHECKS;
    a->point = TP_NEW(mem, double, s->c->n_param);
    a->wanted = TP_NEW(mem, double, a->d.n);
    a->set = TP_NEW(mem, double, a->d.n);
    a->altered = TP_NEW(mem, double, a->d.n);
    a->read = TP_NEW(mem, double, a->d.n);
    a->bin = TP_NEW(mem, int, a->d.n_user);
    a->was = TP_NEW(mem, int, a->d.n_user);
    a->edge = TP_NEW(mem, double, 2 * (ptrdiff_t)a->d.n_user);
    a->edge_was = TP_NEW(mem, double, 2 * (ptrdiff_t)a->d.n_user);
    a->sure = TP_NEW(mem, bool, a->d.n_user);
    a->shy = TP_NEW(mem, bool, a->d.n_user);
    a->off = a->d.why.len > 0;
    snprintf(a->why, sizeof a->why, "%.*s", TP_F(a->d.why));
}

/* ---- setting ------------------------------------------------------------- */

/* Changes that are sent together. More than a few are slower again: ngspice
   takes them apart all at once, in more pieces than malloc has at hand. */
enum { TOGETHER = 4 };
typedef struct changes {
    tp_ng *s;
    int    n, len;
    char   text[TP_NG_COMMAND_MAX];
} changes;

static bool send_all(changes *c)
{
    bool sent = c->n == 0 || tp_ng_send(c->s, "%.*s", c->len, c->text);
    c->n = c->len = 0;
    return sent && !c->s->words.error;
}

/* The number as numparam prints it, in brackets: then `alter` reads it as a
   circuit's line is read, which gives the same bits (its reader of expressions
   treats a fraction apart), and looks for no bin of a new width or length:
   are_enough() has done that, and the look puts a transistor before the others
   of its model, which are added up in that order. */
static bool add_change(changes *c, const tp_dial *d, double v)
{
    char        text[TP_NUMBER_MAX], one[TP_NG_COMMAND_MAX];
    const char *verb = d->model ? "altermod " : "alter @";
    const char *mid = d->model ? " " : "[", *end = d->model ? "" : "]";
    int         n =
        snprintf(one, sizeof one, "%s%.*s%s%.*s%s=[ %s ]", verb,
                 TP_F(d->device), mid, TP_F(d->par), end, tp_digits(v, text));
    bool full = c->n == TOGETHER || c->len + n + 1 >= TP_NG_COMMAND_MAX;
    if (full && !send_all(c)) return false;
    if (n >= TP_NG_COMMAND_MAX) return false;
    if (c->n > 0) c->text[c->len++] = ';';
    memcpy(c->text + c->len, one, (size_t)n);
    c->len += n;
    c->n++;
    return true;
}

/* The wanted numbers that ngspice does not have. */
static bool set_numbers(tp_ng *s)
{
    struct tp_ng_dials *a = s->dials;
    changes             c = {.s = s};
    for (int i = 0; i < a->d.n; i++) {
        double v = a->wanted[i];
        if (isnan(v) || memcmp(&a->set[i], &v, sizeof v) == 0) continue;
        if (!add_change(&c, &a->d.dial[i], v)) return false;
        a->set[i] = v;
    }
    return send_all(&c);
}

static bool on_edge(const struct tp_ng_dials *a, int user)
{
    const double *edge = a->edge + 2 * (ptrdiff_t)user;
    return !isnan(edge[0]) || !isnan(edge[1]);
}

/* On an edge of its bins a transistor goes where ngspice puts it, which is the
   same at the same length or width. */
static bool same_edge(const struct tp_ng_dials *a, int i)
{
    return memcmp(&a->edge[i], &a->edge_was[i], sizeof a->edge[i]) == 0;
}

/* Whether numbers are all that the new point needs. */
static bool are_enough(const struct tp_ng_dials *a)
{
    if (!a->there) return false;
    for (int i = 0; i < 2 * a->d.n_user; i++)
        if (!same_edge(a, i) || (a->shy[i / 2] && on_edge(a, i / 2)))
            return false;
    for (int i = 0; i < a->d.n; i++)
        if (isinf(a->wanted[i])) return false; /* ngspice shall say why */
    for (int i = 0; i < a->d.n_user; i++)
        if (a->bin[i] < 0 || a->bin[i] != a->was[i]) return false;
    return true;
}

/* ---- comparing ----------------------------------------------------------- */

/* What ngspice holds for every number, NAN for those that don't count. */
static bool read_back(tp_ng *s, double *out, tp_arena mem)
{
    const struct tp_ng_dials *a = s->dials;
    tp_ng_send(s, "setplot new"); /* where it puts what is asked for */
    bool all = true;
    for (int i = 0; i < a->d.n; i++) {
        const tp_dial *d = &a->d.dial[i];
        tp_wave        w;
        tp_str         name =
            tp_str_fmt(&mem, "@%.*s[%.*s]", TP_F(d->reads), TP_F(d->par));
        out[i] = NAN;
        if (isnan(a->wanted[i])) continue;
        all = tp_ng_read_vector(&w, name, &mem) && w.n > 0 && all;
        if (all) out[i] = w.re[0];
    }
    tp_ng_send(s, "destroy all");
    return all && !s->lost;
}

/* The first number that differs, or -1. */
static int difference(const struct tp_ng_dials *a)
{
    for (int i = 0; i < a->d.n; i++) {
        double x = a->altered[i], y = a->read[i];
        if (!isnan(a->wanted[i]) && memcmp(&x, &y, sizeof x) != 0) return i;
    }
    return -1;
}

static void turn_off(tp_ng *s, const char *what, int dial)
{
    struct tp_ng_dials *a = s->dials;
    const tp_dial      *d = dial < 0 ? NULL : &a->d.dial[dial];
    a->off = true;
    tp_words_clear(&s->words);
    if (d)
        snprintf(a->why, sizeof a->why, "%s: %.*s[%.*s]", what, TP_F(d->device),
                 TP_F(d->par));
    else
        snprintf(a->why, sizeof a->why, "%s", what);
}

bool tp_ng_dials_command(tp_ng *s)
{
    struct tp_ng_dials *a = s->dials;
    if (!a || a->off) return false;
    if (a->d.tran) turn_off(s, a->d.tran, -1);
    return !a->off;
}

void tp_ng_dials_forget(tp_ng *s)
{
    if (s->dials) s->dials->there = false;
}

/* ---- both ways ----------------------------------------------------------- */

/* The circuit read again: it has the wanted numbers then. */
static bool read_again(tp_ng *s, const double *value)
{
    struct tp_ng_dials *a = s->dials;
    s->dirty = true;
    s->warm = a->there = false;
    if (!tp_ng_set_params(s, value)) return false;
    for (int i = 0; i < 2 * a->d.n_user; i++) a->sure[i / 2] &= same_edge(a, i);
    memcpy(a->was, a->bin, (size_t)a->d.n_user * sizeof *a->was);
    memcpy(a->edge_was, a->edge, 2 * (size_t)a->d.n_user * sizeof *a->edge);
    memcpy(a->set, a->wanted, (size_t)a->d.n * sizeof *a->set);
    a->there = true;
    return true;
}

/* Whether a number of the bin that an edge is said to belong to moves for the
   first time; it counts as seen then. */
static bool is_unsure(struct tp_ng_dials *a)
{
    bool unsure = false;
    for (int i = 0; i < a->d.n; i++) {
        int u = a->d.dial[i].user;
        if (u < 0 || a->sure[u] || isnan(a->wanted[i])) continue;
        if (!on_edge(a, u)) continue;
        if (memcmp(&a->set[i], &a->wanted[i], sizeof *a->set) == 0) continue;
        a->sure[u] = unsure = true;
    }
    return unsure;
}

/* Whether a failure may be that of transistors on edges, which are left alone
   from then on. */
static bool avoid_edges(struct tp_ng_dials *a)
{
    bool any = false;
    for (int u = 0; u < a->d.n_user; u++) {
        any |= on_edge(a, u) && !a->shy[u];
        a->shy[u] |= on_edge(a, u);
    }
    return any;
}

/* Both, one after the other, and compared. False: it can't be read. */
static bool check(tp_ng *s, const double *value, tp_arena *mem)
{
    struct tp_ng_dials *a = s->dials;
    const char         *bad = NULL;
    size_t              size = (size_t)a->d.n * sizeof *a->set;
    bool                moved = memcmp(a->set, a->wanted, size) != 0;
    if (!set_numbers(s) || !read_back(s, a->altered, *mem))
        bad = "ngspice can't set or show a number";
    tp_words_clear(&s->words);
    if (!read_again(s, value)) return false;
    if (!bad && !read_back(s, a->read, *mem))
        bad = "ngspice can't show a number";
    int dial = bad ? -1 : difference(a);
    if (dial >= 0) bad = "the simulator has another number";
    if (bad && avoid_edges(a))
        tp_words_clear(&s->words);
    else if (bad)
        turn_off(s, bad, dial);
    else
        a->checks -= moved && a->checks > 0;
    return true;
}

bool tp_ng_again(tp_ng *s, const double *value)
{
    s->warm = false;
    if (s->dials && !s->dials->off) return read_again(s, value);
    return tp_ng_reset(s);
}

tp_ng_set tp_ng_dials_set(tp_ng *s, const double *value, tp_str *why,
                          tp_arena *mem)
{
    struct tp_ng_dials *a = s->dials;
    size_t              size = (size_t)s->c->n_param * sizeof *value;
    bool                done = false;
    if (a->off) return tp_ng_set_params(s, value) ? TP_NG_SET : TP_NG_LOST;
    if (a->there && !s->dirty && memcmp(a->point, value, size) == 0) {
        s->warm = true; /* the next analysis, or the same point again */
        return TP_NG_SET;
    }
    tp_dials_point at = {a->wanted, a->bin, a->edge};
    if (!tp_dials_at(&a->d, value, &at, why, mem)) return TP_NG_NO_BIN;
    if (!are_enough(a) || s->dirty) {
        done = read_again(s, value);
    } else if (is_unsure(a) || a->checks > 0) {
        done = check(s, value, mem);
    } else if (set_numbers(s)) {
        done = s->warm = s->unsaid = true;
    } else {
        turn_off(s, "ngspice can't set a number", -1);
        done = read_again(s, value);
    }
    if (done) memcpy(a->point, value, size);
    return done ? TP_NG_SET : TP_NG_LOST;
}

tp_str tp_ng_dials_why(const tp_ng *s)
{
    return tp_str_of(s->dials->why);
}
