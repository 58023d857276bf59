/* Circuits and files as bytes: for the pipe to a worker, for the store. */
#include "netlist/netlist.h"

void tp_files_pack(tp_buf *b, const tp_files *f)
{
    tp_pack_int(b, f->n);
    for (int i = 0; i < f->n; i++) {
        tp_pack_str(b, f->file[i].name);
        tp_pack_str(b, f->file[i].text);
    }
}

tp_status tp_files_unpack(tp_files *out, tp_unpack *u, tp_arena *mem,
                          tp_err *err)
{
    int        n = tp_unpack_count(u, 2);
    tp_source *file = TP_NEW(mem, tp_source, n);
    for (int i = 0; i < n; i++) {
        file[i].name = tp_unpack_str(u);
        file[i].text = tp_unpack_str(u);
    }
    *out = (tp_files){n, file};
    if (u->bad || !n)
        return tp_fail(err, TP_BAD_INPUT, "the stored deck is damaged");
    return TP_OK;
}

static void pack_strs(tp_buf *b, const tp_str *s, int n)
{
    tp_pack_int(b, n);
    for (int i = 0; i < n; i++) tp_pack_str(b, s[i]);
}

static const tp_str *unpack_strs(tp_unpack *u, int *n, tp_arena *mem)
{
    *n = tp_unpack_count(u, 1);
    tp_str *s = TP_NEW(mem, tp_str, *n);
    for (int i = 0; i < *n; i++) s[i] = tp_unpack_str(u);
    return s;
}

static void pack_sweep(tp_buf *b, const tp_sweep *s)
{
    tp_pack_int(b, s->kind);
    tp_pack_str(b, s->name);
    tp_pack_str(b, s->par);
    tp_pack_str(b, s->unit);
    tp_pack_doubles(b, s->value, s->n);
}

static void unpack_sweep(tp_sweep *s, tp_unpack *u, tp_arena *mem)
{
    int64_t kind = tp_unpack_int(u);
    if (kind < TP_SWEEP_NONE || kind > TP_SWEEP_MODEL) u->bad = true;
    s->kind = u->bad ? TP_SWEEP_NONE : (tp_sweep_kind)kind;
    s->name = tp_unpack_str(u);
    s->par = tp_unpack_str(u);
    s->unit = tp_unpack_str(u);
    s->value = tp_unpack_doubles(u, &s->n, mem);
}

/* Places and cards belong to the deck: they stay behind. */
static void pack_analysis(tp_buf *b, const tp_analysis *a)
{
    tp_pack_str(b, a->id);
    tp_pack_str(b, a->runname);
    tp_pack_str(b, a->kind);
    tp_pack_str(b, a->ordinal);
    tp_pack_str(b, a->command);
    pack_sweep(b, &a->sweep);
    tp_pack_int(b, a->op);
    tp_pack_int(b, a->optimise);
}

static void unpack_analysis(tp_analysis *a, tp_unpack *u, tp_arena *mem)
{
    *a = (tp_analysis){.card = -1};
    a->id = tp_unpack_str(u);
    a->runname = tp_unpack_str(u);
    a->kind = tp_unpack_str(u);
    a->ordinal = tp_unpack_str(u);
    a->command = tp_unpack_str(u);
    unpack_sweep(&a->sweep, u, mem);
    a->op = tp_unpack_int(u) != 0;
    a->optimise = tp_unpack_int(u) != 0;
}

void tp_circuit_pack(tp_buf *b, const tp_circuit *c)
{
    tp_pack_str(b, c->text);
    pack_strs(b, c->param, c->n_param);
    tp_pack_int(b, c->n_define);
    for (int i = 0; i < c->n_define; i++) {
        tp_pack_str(b, c->define[i].name);
        tp_pack_str(b, c->define[i].expr);
    }
    tp_pack_int(b, c->n_analysis);
    for (int i = 0; i < c->n_analysis; i++) pack_analysis(b, &c->analysis[i]);
    pack_strs(b, c->save, c->n_save);
}

tp_status tp_circuit_unpack(tp_circuit *out, tp_unpack *u, tp_arena *mem,
                            tp_err *err)
{
    *out = (tp_circuit){0};
    out->text = tp_unpack_str(u);
    out->param = unpack_strs(u, &out->n_param, mem);
    out->n_define = tp_unpack_count(u, 2);
    tp_define *define = TP_NEW(mem, tp_define, out->n_define);
    for (int i = 0; i < out->n_define; i++) {
        define[i].name = tp_unpack_str(u);
        define[i].expr = tp_unpack_str(u);
    }
    out->define = define;
    out->n_analysis = tp_unpack_count(u, 5);
    tp_analysis *analysis = TP_NEW(mem, tp_analysis, out->n_analysis);
    for (int i = 0; i < out->n_analysis; i++)
        unpack_analysis(&analysis[i], u, mem);
    out->analysis = analysis;
    out->save = unpack_strs(u, &out->n_save, mem);
    if (u->bad) return tp_fail(err, TP_BAD_INPUT, "the circuit is damaged");
    return TP_OK;
}
