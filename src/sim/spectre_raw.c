/* The results of a Spectre run: a folder of PSF-ASCII files whose `logFile`
   lists them, or one raw file. */
#include "sim/spectre.h"

#include <math.h>
#include <stdio.h>

/* Where the plots of a run come from. */
typedef struct source {
    const char *path;
    tp_gather  *g;
    tp_psf      index;
    bool        has_index;
    tp_waves    raw; /* one file */
    bool        nut;
    tp_str      why; /* of the last file that could not be read */
} source;

static ptrdiff_t room(const tp_arena *mem)
{
    return (mem->end - mem->beg) / 8;
}

static bool read_psf(tp_psf *out, source *s, tp_str name)
{
    tp_arena *mem = s->g->mem;
    tp_err    err = {0};
    tp_str    bytes, path = tp_str_fmt(mem, "%s/%.*s", s->path, TP_F(name));
    if (tp_file_read(&bytes, tp_str_z(mem, path), room(mem), mem, &err) ==
            TP_OK &&
        tp_psf_read(out, bytes, mem, &err) == TP_OK)
        return true;
    s->why = tp_str_fmt(mem, "%.*s: %s", TP_F(name), err.msg);
    return false;
}

/* "ac-ac" of the index: the file of the analysis `name` of a type. */
static tp_str file_of(source *s, tp_str name, const char *type)
{
    tp_arena *mem = s->g->mem;
    tp_str    key = tp_str_fmt(mem, "%.*s-%s:dataFile", TP_F(name), type);
    tp_str    file = s->has_index ? tp_psf_value(&s->index, key) : TP_S("");
    bool      tran = tp_str_eq(tp_str_of(type), TP_S("tran"));
    if (file.len > 0 && tp_str_find(file, '/', 0) < 0) return file;
    return tp_str_fmt(mem, tran ? "%.*s.%s.tran" : "%.*s.%s", TP_F(name), type);
}

/* A plot of single values gets those of another one, too. */
static tp_plot joined(const tp_plot *a, const tp_plot *b, tp_arena *mem)
{
    tp_plot  out = *a;
    tp_wave *w = TP_NEW(mem, tp_wave, a->n_wave + b->n_wave);
    for (int i = 0; i < a->n_wave; i++) w[i] = a->wave[i];
    for (int i = 0; i < b->n_wave; i++) w[a->n_wave + i] = b->wave[i];
    out.wave = w;
    out.n_wave = a->n_wave + b->n_wave;
    return out;
}

static const tp_plot *raw_plot(const source *s, tp_str name)
{
    for (int i = 0; i < s->raw.n; i++)
        if (tp_str_eq(s->raw.plot[i].id, name)) return &s->raw.plot[i];
    return NULL;
}

static bool find_plot(tp_plot *out, source *s, tp_str name, const char *type)
{
    tp_psf p;
    if (s->nut) {
        const tp_plot *found = raw_plot(s, name);
        s->why = tp_str_fmt(s->g->mem, "the raw file has no plot of '%.*s'",
                            TP_F(name));
        if (found) *out = *found;
        return found != NULL;
    }
    if (!read_psf(&p, s, file_of(s, name, type))) return false;
    *out = p.plot;
    return true;
}

/* An operating point with the quantities of the devices, where they are. */
static bool find_op(tp_plot *out, source *s, tp_str name)
{
    tp_plot info;
    if (!find_plot(out, s, name, "dc")) return false;
    tp_str more = tp_str_fmt(s->g->mem, "%.*sInfo", TP_F(name));
    if (find_plot(&info, s, more, "info")) *out = joined(out, &info, s->g->mem);
    s->why = TP_S("");
    return true;
}

static bool all_numbers(const double *v, int n)
{
    for (int i = 0; v && i < n; i++)
        if (!isfinite(v[i])) return false;
    return true;
}

/* Without the vectors that have a value which is no number, but for the
   sweep: a signal that comes late, a margin that is not there. */
static tp_plot clean(const tp_plot *p, tp_arena *mem)
{
    tp_plot  out = *p;
    tp_wave *w = TP_NEW(mem, tp_wave, p->n_wave);
    out.n_wave = 0;
    for (int i = 0; i < p->n_wave; i++)
        if (i == 0 || (all_numbers(p->wave[i].re, p->wave[i].n) &&
                       all_numbers(p->wave[i].im, p->wave[i].n)))
            w[out.n_wave++] = p->wave[i];
    out.wave = w;
    return out;
}

static tp_str put(source *s, int at, const tp_plot *p)
{
    tp_plot one = clean(p, s->g->mem);
    return tp_gather_put(s->g, at, 0, &one);
}

static tp_str take(source *s, int i)
{
    const tp_circuit  *c = s->g->c;
    const tp_analysis *a = &c->analysis[i];
    tp_arena          *mem = s->g->mem;
    tp_str             name = tp_spectre_name(c, i, mem), why;
    tp_plot            p;
    bool               is_op = tp_str_same(a->kind, TP_S("op"));
    bool               found = is_op ? find_op(&p, s, name)
                                     : find_plot(&p, s, name, tp_str_z(mem, a->kind));
    if (!found) return s->why;
    why = put(s, i, &p);
    int op = s->g->plot[i].op;
    if (why.len > 0 || op < 0 || op == i) return why;
    if (tp_starts_own(a)) {
        tp_gather_start_of(s->g, i);
        return why;
    }
    if (!find_op(&p, s, tp_str_of(tp_spectre_op))) return s->why;
    return put(s, op, &p);
}

static tp_str read_raw(source *s, tp_raw_format format)
{
    tp_arena *mem = s->g->mem;
    tp_err    err = {0};
    tp_str    bytes;
    tp_status bad = tp_file_read(&bytes, s->path, room(mem), mem, &err);
    if (!bad && format == TP_FORMAT_NUT_BINARY)
        bad = tp_raw_read_big(&s->raw, bytes, mem, &err);
    else if (!bad)
        bad = tp_raw_read(&s->raw, bytes, mem, &err);
    return bad ? tp_str_fmt(mem, "%s", err.msg) : TP_S("");
}

tp_str tp_spectre_plots(tp_gather *g, const bool *want, const char *path,
                        tp_raw_format format)
{
    source s = {.path = path, .g = g, .nut = format != TP_FORMAT_PSF_ASCII};
    if (s.nut) {
        tp_str why = read_raw(&s, format);
        if (why.len > 0) return why;
    } else {
        s.has_index = read_psf(&s.index, &s, TP_S("logFile"));
    }
    for (int i = 0; i < g->c->n_analysis; i++) {
        tp_str why = want && !want[i] ? TP_S("") : take(&s, i);
        if (why.len > 0) return why;
    }
    return TP_S("");
}
