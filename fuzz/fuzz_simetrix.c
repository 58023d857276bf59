/* SIMetrix and plain decks: the main file and, after a line "%%", a script
   beside it. What is refused has a message and a place in a file; what is read
   is complete, and is read again from its own texts. */
#include "fuzz.h"

#include "front/front.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_place(tp_place at)
{
    if (!at.in || at.line < 1 || at.col < 1) abort();
}

static void check_binds(const tp_problem *p, const tp_bind *b, int n)
{
    static const tp_bind_kind last = TP_BIND_LOCAL;
    for (int i = 0; i < n; i++) {
        if (b[i].kind > last || b[i].at < 0) abort();
        if (b[i].kind == TP_BIND_DATA && b[i].at >= p->n_data) abort();
        if (b[i].kind == TP_BIND_VAR && b[i].at >= p->space.n) abort();
        if (b[i].kind == TP_BIND_DIVISIONS && b[i].at >= p->n_want) abort();
        if (b[i].analysis < 0) abort();
        if (b[i].kind == TP_BIND_SIGNAL &&
            b[i].analysis >= p->bench->circuit->n_analysis)
            abort();
    }
}

/* Of a plain deck with `.meas` cards or blocks: measures have names only. */
static void check_control(const tp_problem *p)
{
    const tp_control *c = p->bench->control;
    if (c->n < 1) abort();
    for (int i = 0; i < p->n_measure; i++) {
        if (p->measure[i].name.len == 0) abort();
        check_place(p->measure[i].at);
    }
    for (int i = 0; i < c->n; i++) {
        bool found = c->block[i].kind != TP_BLOCK_MEASURE;
        check_place(c->block[i].at);
        for (int k = 0; k < p->n_measure && !found; k++)
            found = tp_str_same(p->measure[k].name, c->block[i].measure);
        if (!found) abort();
    }
}

static void check_measures(const tp_problem *p)
{
    if (p->bench->control) {
        check_control(p);
        return;
    }
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        if (!m->expr || m->goal == TP_WATCH || m->name.len == 0) abort();
        if (!(m->scale > 0) || !isfinite(m->target)) abort();
        check_binds(p, m->bind, m->n_bind);
        check_place(m->at);
    }
    if (p->space.n > 0 && tp_problem_objective(p) < 0) abort();
}

static void check_scripts(const tp_problem *p)
{
    for (int i = 0; i < p->n_post; i++)
        for (int k = 0; k < p->post[i].n; k++) {
            const tp_step *s = &p->post[i].step[k];
            check_place(s->at);
            check_binds(p, s->bind, s->n_bind);
            check_binds(p, s->over_bind, s->n_over_bind);
        }
}

/* Each start value stands where its edit says. */
static void check_edits(const tp_problem *p)
{
    for (int i = 0; i < p->space.n; i++) {
        tp_place at = p->start_edit[i].at;
        tp_str   rest = at.in->text, line = {"", 0};
        check_place(at);
        for (int k = 0; k < at.line; k++) {
            ptrdiff_t end = tp_str_find(rest, '\n', 0);
            line = tp_str_part(rest, 0, end < 0 ? rest.len : end);
            rest = tp_str_from(rest, end < 0 ? rest.len : end + 1);
        }
        double v;
        tp_str text = tp_str_part(line, at.col - 1, p->start_edit[i].len);
        if (!tp_number_all(text, &v) || v != p->space.var[i].start) abort();
    }
}

static void check_problem(const tp_problem *p, tp_arena *mem)
{
    tp_problem again;
    if (p->n_bench != 1 || tp_space_check(&p->space, NULL)) abort();
    check_measures(p);
    check_scripts(p);
    check_edits(p);
    if (tp_front_read(&again, "a", &p->files, mem, NULL)) abort();
    if (!tp_str_eq(again.bench->circuit->text, p->bench->circuit->text))
        abort();
    if (again.n_measure != p->n_measure || again.n_want != p->n_want) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_str     all = {(const char *)data, (ptrdiff_t)size};
    char      *cut = memmem(data, size, "\n%%\n", 4);
    ptrdiff_t  at = cut ? cut + 1 - all.at : all.len;
    tp_source  file[] = {{TP_S("a"), tp_str_part(all, 0, at)},
                         {TP_S("s"), tp_str_from(all, at + 3)}};
    tp_files   files = {.n = 2, .file = file};
    tp_arena   mem = tp_arena_open((ptrdiff_t)1 << 28);
    tp_problem p;
    tp_err     err = {0};
    tp_status  status = tp_front_read(&p, "a", &files, &mem, &err);
    if (status == TP_OK)
        check_problem(&p, &mem);
    else if (err.code != status || !err.msg[0] || !err.file[0])
        abort();
    tp_arena_close(&mem);
    return 0;
}
