/* start: what ngspice would read before the deck: the file .spiceinit beside
   it (ngspice manual, "Standard configuration files"). Nothing of it is run.
   Of its settings the one that changes what a deck means is kept, the mode of
   compatibility; who runs the simulator says that to it. */
#include "netlist/text.h"

#include <unistd.h>

/* Letters of ngspice's modes, two for each, `a` for the whole deck. */
static bool is_mode(tp_str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++)
        if (!tp_is_alpha(s.at[i])) return false;
    return s.len > 0 && s.len <= 16;
}

/* "set ngbehavior = hsa" -> "ngbehavior", "hsa". */
static bool is_setting(tp_str line, tp_str *name, tp_str *value)
{
    tp_str rest = line;
    if (!tp_str_eq(tp_str_word(&rest, " \t"), TP_S("set"))) return false;
    *name = tp_str_word(&rest, " \t=");
    rest = tp_str_trim(rest);
    if (rest.len > 0 && rest.at[0] == '=') rest = tp_str_from(rest, 1);
    *value = tp_str_word(&rest, " \t\"'");
    return true;
}

/* Settings that the simulator gets from us anyway. */
static bool is_ours(tp_str name)
{
    static const char *const row[] = {"num_threads", "ng_nomodcheck",
                                      "no_mem_check", "filetype", "numdgt"};
    for (int i = 0; i < TP_COUNT(row); i++)
        if (tp_str_eq(name, tp_str_of(row[i]))) return true;
    return false;
}

static tp_status take_line(tp_deck *d, const tp_cursor *c, tp_err *err)
{
    tp_str line = tp_str_trim(c->text), name, value;
    if (line.len == 0 || line.at[0] == '*') return TP_OK;
    if (!is_setting(line, &name, &value) ||
        (!tp_str_eq(name, TP_S("ngbehavior")) && !is_ours(name))) {
        tp_deck_notice(d, tp_str_fmt(d->mem, "%.*s:%d: '%.*s' is not heeded",
                                     TP_F(c->in->name), c->line, TP_F(line)));
        return TP_OK;
    }
    if (is_ours(name)) return TP_OK;
    if (!is_mode(value))
        return tp_fail_at(err, TP_BAD_INPUT, tp_line_place(c, 0),
                          "ngbehavior: '%.*s' is no mode like hsa or ltps",
                          TP_F(value));
    d->behaviour = tp_str_lower(d->mem, value);
    return TP_OK;
}

static bool is_there(const tp_texts *t, tp_str name, tp_arena mem)
{
    for (int i = 0; t->given && i < t->given->n; i++)
        if (tp_str_eq(t->given->file[i].name, name)) return true;
    return !t->given && access(tp_str_z(&mem, name), R_OK) == 0;
}

/* No line names it, so that where it leads is looked at here. */
static bool may_be_read(tp_texts *t, tp_str name)
{
    tp_deck *d = t->d;
    if (t->given ||
        tp_path_inside(tp_path_folder(d->file[0].name), name, d->mem))
        return true;
    tp_deck_notice(d, tp_str_fmt(d->mem,
                                 "%.*s is a link out of the deck's folder and "
                                 "is not read",
                                 TP_F(name)));
    return false;
}

tp_status tp_start_read(tp_texts *t, tp_err *err)
{
    tp_deck *d = t->d;
    tp_str   folder = tp_path_folder(d->file[0].name);
    tp_str   name = TP_S(".spiceinit");
    int      file;
    if (!tp_str_eq(folder, TP_S(".")))
        name = tp_path_join(folder, name, d->mem);
    if (d->kind != TP_DECK_SPICE || !is_there(t, name, *d->mem)) return TP_OK;
    if (!may_be_read(t, name)) return TP_OK;
    TP_TRY(tp_text_load(t, name, (tp_place){0}, &file, err));
    tp_cursor c = {.in = &d->file[file], .end = d->file[file].text.len};
    while (tp_next_line(&c)) TP_TRY(take_line(d, &c, err));
    return TP_OK;
}
