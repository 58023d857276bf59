/* pack: circuits and the texts of decks as bytes, for workers and the store.
   A place keeps its file's name, line and column; the file's text is not
   carried with a circuit. */
#include "netlist/netlist.h"

/* ---- texts -------------------------------------------------------------- */

void tp_files_pack(tp_buf *b, const tp_files *f)
{
    tp_pack_int(b, f->n);
    for (int i = 0; i < f->n; i++) {
        tp_pack_str(b, f->file[i].name);
        tp_pack_str(b, f->file[i].text);
    }
}

static tp_str str(tp_unpack *u, tp_arena *mem)
{
    return tp_str_copy(mem, tp_unpack_str(u));
}

tp_status tp_files_unpack(tp_files *out, tp_unpack *u, tp_arena *mem,
                          tp_err *err)
{
    int        n = tp_unpack_count(u, 16);
    tp_source *file = TP_NEW(mem, tp_source, n);
    for (int i = 0; i < n; i++) {
        file[i].name = str(u, mem);
        file[i].text = str(u, mem);
    }
    *out = (tp_files){.n = n, .file = file};
    if (!u->bad) return TP_OK;
    *out = (tp_files){0};
    return tp_fail(err, TP_BAD_INPUT, "the bytes are no texts of a deck");
}

/* ---- places ------------------------------------------------------------- */

/* The files that places of a circuit are in, each once. */
struct sources {
    tp_arena         *mem;
    int               n, cap;
    const tp_source **source;
};

static int source_index(struct sources *s, const tp_source *in)
{
    if (!in) return -1;
    for (int i = s->n - 1; i >= 0; i--)
        if (s->source[i] == in) return i;
    *TP_PUSH(s->mem, s->source, s->n, s->cap) = in;
    return s->n - 1;
}

static void pack_place(tp_buf *b, struct sources *s, tp_place p)
{
    tp_pack_int(b, source_index(s, p.in));
    tp_pack_int(b, p.line);
    tp_pack_int(b, p.col);
}

static int integer(tp_unpack *u)
{
    int64_t v = tp_unpack_int(u);
    if (v < INT32_MIN || v > INT32_MAX) u->bad = true;
    return u->bad ? 0 : (int)v;
}

static tp_place place(tp_unpack *u, const tp_files *in)
{
    int      i = integer(u);
    tp_place p = {.line = integer(u)};
    p.col = integer(u);
    if (i < -1 || i >= in->n) u->bad = true;
    if (i >= 0 && !u->bad) p.in = &in->file[i];
    return p;
}

/* ---- circuits ----------------------------------------------------------- */

static void pack_analysis(tp_buf *b, struct sources *s, const tp_analysis *a)
{
    tp_pack_str(b, a->id);
    tp_pack_str(b, a->runname);
    tp_pack_str(b, a->kind);
    tp_pack_str(b, a->ordinal);
    tp_pack_str(b, a->command);
    tp_pack_int(b, a->sweep.kind);
    tp_pack_str(b, a->sweep.name);
    tp_pack_str(b, a->sweep.par);
    tp_pack_str(b, a->sweep.unit);
    tp_pack_doubles(b, a->sweep.value, a->sweep.n);
    tp_pack_int(b, a->op);
    tp_pack_int(b, a->optimise);
    pack_place(b, s, a->at);
    tp_pack_int(b, a->card);
    tp_pack_int(b, a->rest);
}

static tp_analysis analysis(tp_unpack *u, const tp_files *in, tp_arena *mem)
{
    tp_analysis a = {.id = str(u, mem)};
    a.runname = str(u, mem);
    a.kind = str(u, mem);
    a.ordinal = str(u, mem);
    a.command = str(u, mem);
    int kind = integer(u);
    if (kind < TP_SWEEP_NONE || kind > TP_SWEEP_MODEL) u->bad = true;
    a.sweep.kind = u->bad ? TP_SWEEP_NONE : (tp_sweep_kind)kind;
    a.sweep.name = str(u, mem);
    a.sweep.par = str(u, mem);
    a.sweep.unit = str(u, mem);
    a.sweep.value = tp_unpack_doubles(u, &a.sweep.n, mem);
    a.op = tp_unpack_int(u) != 0;
    a.optimise = tp_unpack_int(u) != 0;
    a.at = place(u, in);
    a.card = integer(u);
    a.rest = (ptrdiff_t)tp_unpack_int(u);
    return a;
}

static void pack_strings(tp_buf *b, const tp_str *s, int n)
{
    tp_pack_int(b, n);
    for (int i = 0; i < n; i++) tp_pack_str(b, s[i]);
}

static const tp_str *strings(tp_unpack *u, int *n, tp_arena *mem)
{
    *n = tp_unpack_count(u, 8);
    tp_str *s = TP_NEW(mem, tp_str, *n);
    for (int i = 0; i < *n; i++) s[i] = str(u, mem);
    return s;
}

void tp_circuit_pack(tp_buf *b, const tp_circuit *reduced)
{
    tp_circuit whole, *c = &whole;
    tp_circuit_whole(&whole, reduced, b->mem);
    struct sources s = {.mem = b->mem};
    tp_buf         body = {.mem = b->mem};
    tp_pack_int(&body, c->n_analysis);
    for (int i = 0; i < c->n_analysis; i++)
        pack_analysis(&body, &s, &c->analysis[i]);
    tp_pack_int(&body, c->n_place);
    for (int i = 0; i < c->n_place; i++) pack_place(&body, &s, c->place[i]);
    tp_pack_int(b, s.n);
    for (int i = 0; i < s.n; i++) tp_pack_str(b, s.source[i]->name);
    tp_buf_add(b, tp_buf_str(&body));
    tp_pack_str(b, c->text);
    tp_pack_str(b, c->behaviour);
    pack_strings(b, c->param, c->n_param);
    pack_strings(b, c->save, c->n_save);
    tp_pack_int(b, c->n_define);
    for (int i = 0; i < c->n_define; i++) {
        tp_pack_str(b, c->define[i].name);
        tp_pack_str(b, c->define[i].expr);
    }
}

static tp_files source_names(tp_unpack *u, tp_arena *mem)
{
    int        n = tp_unpack_count(u, 8);
    tp_source *file = TP_NEW(mem, tp_source, n);
    for (int i = 0; i < n; i++) file[i] = (tp_source){str(u, mem), TP_S("")};
    return (tp_files){.n = n, .file = file};
}

tp_status tp_circuit_unpack(tp_circuit *out, tp_unpack *u, tp_arena *mem,
                            tp_err *err)
{
    *out = (tp_circuit){0};
    tp_files     in = source_names(u, mem);
    int          n = tp_unpack_count(u, 17 * 8);
    tp_analysis *a = TP_NEW(mem, tp_analysis, n);
    for (int i = 0; i < n; i++) a[i] = analysis(u, &in, mem);
    out->n_analysis = n;
    out->analysis = a;
    out->n_place = tp_unpack_count(u, 24);
    tp_place *p = TP_NEW(mem, tp_place, out->n_place);
    for (int i = 0; i < out->n_place; i++) p[i] = place(u, &in);
    out->place = p;
    out->text = str(u, mem);
    out->behaviour = str(u, mem);
    out->param = strings(u, &out->n_param, mem);
    out->save = strings(u, &out->n_save, mem);
    out->n_define = tp_unpack_count(u, 16);
    tp_define *d = TP_NEW(mem, tp_define, out->n_define);
    for (int i = 0; i < out->n_define; i++) {
        d[i].name = str(u, mem);
        d[i].expr = str(u, mem);
    }
    out->define = d;
    if (!u->bad) return TP_OK;
    *out = (tp_circuit){0};
    return tp_fail(err, TP_BAD_INPUT, "the bytes are no circuit");
}
