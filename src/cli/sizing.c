/* What `trimpot run` adds for a problem file: the block after every iteration
   and the history file. */
#include "cli/sizing.h"
#include "front/front.h"

#include <string.h>

/* "20261128T013015Z" of "2026-11-28T01:30:15Z" */
static tp_str compact_time(tp_str utc, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (ptrdiff_t i = 0; i < utc.len; i++)
        if (utc.at[i] != '-' && utc.at[i] != ':') tp_buf_char(&b, utc.at[i]);
    return tp_buf_str(&b);
}

/* What follows the last dash of a run's id. */
static tp_str id_end(tp_str id)
{
    ptrdiff_t at = -1;
    for (ptrdiff_t k = tp_str_find(id, '-', 0); k >= 0;
         k = tp_str_find(id, '-', k + 1))
        at = k;
    return tp_str_from(id, at + 1);
}

/* A problem file may say where tables are read, not that somebody's folder is
   written to: what is elsewhere has its histories beside the file. */
tp_str sizing_folder(const session *s, const tp_problem *p, tp_arena *mem)
{
    tp_str own = tp_path_folder(p->path), root = s->opt.out;
    if (root.len) root = tp_path_join(root, TP_S("process_data"), mem);
    if (!root.len && tp_path_inside(own, p->process_data, mem))
        root = p->process_data;
    if (!root.len) root = tp_path_join(own, TP_S("process_data"), mem);
    tp_str pdk = p->pdk.len ? p->pdk : TP_S("none");
    return tp_path_join(tp_path_join(root, pdk, mem), TP_S("opt_history"), mem);
}

tp_status sizing_check(session *s, const tp_problem *p, tp_err *err)
{
    tp_str folder = sizing_folder(s, p, &s->mem);
    if (!p->n_spec || s->opt.no_history) return TP_OK;
    if (tp_folder_make(tp_str_z(&s->mem, folder), err))
        return tp_while(err, "the history's folder (--out DIR moves it, "
                             "--no-history leaves it out)");
    tp_str probe = tp_path_join(folder, TP_S("probe.json"), &s->mem);
    return tp_file_can_write(tp_str_z(&s->mem, probe), err);
}

/* A file's name out of a cell's: no way out of the folder. */
static tp_str plain(tp_str cell, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (ptrdiff_t i = 0; i < cell.len; i++) {
        char c = tp_lower(cell.at[i]);
        bool kept = tp_is_alpha(c) || tp_is_digit(c) || c == '_' || c == '-' ||
                    (c == '.' && i > 0);
        tp_buf_char(&b, kept ? c : '_');
    }
    return tp_buf_str(&b);
}

static tp_str path_of(sizing *z, tp_str created, tp_arena *mem)
{
    const tp_problem *p = z->problem;
    tp_str            cell = plain(p->cell.len ? p->cell : p->name, mem);
    tp_str            name = tp_str_fmt(mem, "%.*s_%.*s-%.*s.json", TP_F(cell),
                                        TP_F(compact_time(created, mem)),
                                        TP_F(id_end(tp_run_id(z->run))));
    return tp_path_join(sizing_folder(z->s, p, mem), name, mem);
}

tp_status sizing_begin(sizing *z, tp_err *err)
{
    tp_run_row row;
    tp_str     json;
    session   *s = z->s;
    z->of = tp_run_limit(z->run);
    if (!z->problem->n_spec || s->opt.no_history) return TP_OK;
    TP_TRY(tp_store_run_get(s->store, &row, tp_run_id(z->run), &s->mem, err));
    TP_TRY(tp_front_json(&json, &z->problem->files.file[0], &s->mem, err));
    z->path = path_of(z, row.created, &s->mem);
    z->history = tp_history_open(z->problem, z->path, json);
    return TP_OK;
}

/* A history that can't be written is said once; the run goes on, the store
   has everything. */
static void write_history(sizing *z)
{
    tp_err        err = {0};
    tp_account_of of = {z->problem, tp_run_space(z->run), z->s->store,
                        tp_run_id(z->run), z->ctol};
    if (!z->history || z->lost) return;
    if (!tp_history_write(z->history, &of, &err)) return;
    tp_arena mem = z->s->mem;
    tp_str   text = tp_err_text(&err, &mem);
    say("%.*s", TP_F(text));
    z->lost = true;
}

void sizing_trial(sizing *z, const tp_trial *t, const tp_trial *best)
{
    tp_arena     mem = z->s->mem;
    tp_iteration it = {.problem = z->problem,
                       .trial = t,
                       .best = best,
                       .before = z->before,
                       .of = z->of,
                       .why = t->strategy};
    tp_str       text = tp_report_iteration(&it, &mem);
    if (!z->s->opt.json || z->s->opt.progress)
        fprintf(stderr, "%.*s", TP_F(text));
    z->before = best;
    write_history(z);
}

tp_str sizing_end(sizing *z)
{
    bool written = z->history && !z->lost;
    write_history(z);
    tp_history_close(z->history);
    z->history = NULL;
    return written ? z->path : TP_S("");
}
