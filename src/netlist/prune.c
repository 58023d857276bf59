/* prune: what of a circuit can be reached. Kept are the devices at the top,
   every statement that acts by itself, and all that these name: sub-circuits
   with what is in them, models, functions, single parameters. A name counts
   wherever it stands, so that more may be kept than is used, never less. What
   is kept stays as it is written and where it stands: ngspice evaluates it as
   it would in the whole circuit. */
#include "netlist/prune.h"

#include <math.h>

/* One "name = value" of a .param row at the top. */
struct entry {
    int    row;
    tp_str name, text, value;
    bool   kept;
};

struct walk {
    tp_rows  *r;
    tp_arena *mem;
    bool     *kept; /* by row */
    int      *list; /* kept rows, and entries as -1 - i; not yet
                       looked at from `done` on */
    int      n, done;
    tp_table param;  /* -> entry, at the top */
    tp_table define; /* -> row: every sub-circuit; models, bins and
                        functions at the top */
    int           n_entry, cap_entry;
    struct entry *entry;
    int          *first; /* by row: its first entry + 1, 0: kept as a whole */
    const bool   *bin;   /* by row: a bin that nothing can be in */
};

/* ---- what there is ------------------------------------------------------- */

static void add_entries(struct walk *w, int i)
{
    const tp_row   *row = &w->r->row[i];
    const tp_entry *e = NULL;
    ptrdiff_t       at = tp_first_word(row->text).len;
    int             n = tp_param_entries(row->text, at, false, &e, w->mem);
    ptrdiff_t       end = n > 0 ? e[n - 1].value_end : 0;
    if (n == 0 || tp_str_trim(tp_str_from(row->text, end)).len > 0) return;
    w->first[i] = w->n_entry + 1;
    for (int k = 0; k < n; k++) {
        tp_str name =
            tp_str_part(row->text, e[k].name, e[k].name_end - e[k].name);
        ptrdiff_t open = tp_str_find(name, '(', 0);
        tp_table_add(&w->param,
                     tp_str_part(name, 0, open < 0 ? name.len : open),
                     w->n_entry);
        *TP_PUSH(w->mem, w->entry, w->n_entry, w->cap_entry) =
            (struct entry){.row = i,
                           .name = name,
                           .text = tp_str_part(row->text, e[k].name,
                                               e[k].value_end - e[k].name),
                           .value = tp_str_part(row->text, e[k].value,
                                                e[k].value_end - e[k].value)};
    }
}

/* What a device can name by `name`. */
static void add_define(struct walk *w, int i)
{
    tp_str name = tp_row_name(&w->r->row[i]);
    tp_str base = tp_bin_base(name);
    tp_table_add(&w->define, name, i);
    if (base.len < name.len) tp_table_add(&w->define, base, i);
}

static void index_rows(struct walk *w)
{
    for (int i = 0; i < w->r->n; i++) {
        const tp_row *row = &w->r->row[i];
        if (row->kind == TP_ROW_PARAM && row->in < 0) add_entries(w, i);
        bool named = row->kind == TP_ROW_MODEL || row->kind == TP_ROW_FUNC;
        if (row->kind == TP_ROW_SUBCKT || (named && row->in < 0))
            add_define(w, i);
    }
}

/* ---- what is reached ----------------------------------------------------- */

static void keep(struct walk *w, int i)
{
    if (w->kept[i] || w->bin[i]) return;
    w->kept[i] = true;
    w->list[w->n++] = i;
}

/* A sub-circuit with all that acts inside it, and those it is defined in. */
static void keep_subckt(struct walk *w, int i)
{
    for (int s = i; s >= 0 && !w->kept[s]; s = w->r->row[s].in) {
        keep(w, s);
        for (int k = tp_rows_inside(w->r, s); k >= 0; k = w->r->row[k].next) {
            bool nested = w->r->row[k].kind == TP_ROW_SUBCKT;
            if (!nested) keep(w, k);
        }
    }
}

static void use_define(struct walk *w, tp_str name)
{
    for (int e = tp_table_find(&w->define, name); e >= 0;
         e = tp_table_next(&w->define, e)) {
        int i = tp_table_value(&w->define, e);
        if (w->r->row[i].kind == TP_ROW_SUBCKT) keep_subckt(w, i);
        keep(w, i);
    }
}

static void use_param(struct walk *w, tp_str name)
{
    for (int e = tp_table_find(&w->param, name); e >= 0;
         e = tp_table_next(&w->param, e)) {
        struct entry *p = &w->entry[tp_table_value(&w->param, e)];
        if (p->kept) continue;
        p->kept = true;
        keep(w, p->row);
        w->list[w->n++] = -1 - tp_table_value(&w->param, e);
    }
}

/* Every name in a text: whole words, and the identifiers in them. */
static void use_names(struct walk *w, tp_str text)
{
    ptrdiff_t at = 0;
    for (tp_str s = tp_plain_word(text, &at); s.len > 0;
         s = tp_plain_word(text, &at)) {
        use_define(w, s);
        for (ptrdiff_t i = 0; i < s.len;) {
            ptrdiff_t from = i;
            while (i < s.len && tp_is_name_byte(s.at[i])) i++;
            tp_str name = tp_str_part(s, from, i - from);
            if (i == from) i++;
            if (name.len == 0 || tp_is_digit(name.at[0])) continue;
            use_param(w, name);
            if (name.len < s.len) use_define(w, name);
        }
    }
}

static void look_at(struct walk *w, int item)
{
    if (item < 0) {
        use_names(w, w->entry[-1 - item].text);
        return;
    }
    if (w->first[item] == 0) use_names(w, w->r->row[item].text);
}

static void use_analyses(struct walk *w, const tp_circuit *c)
{
    for (int i = 0; i < c->n_param; i++) use_param(w, c->param[i]);
    for (int i = 0; i < c->n_save; i++) use_names(w, c->save[i]);
    for (int i = 0; i < c->n_analysis; i++) {
        use_names(w, c->analysis[i].command);
        use_names(w, c->analysis[i].sweep.name);
    }
}

static void use_program(struct walk *w, const tp_touch *t)
{
    for (int i = 0; i < t->n_text; i++) use_names(w, t->text[i]);
}

static bool acts(const tp_row *row)
{
    bool defines = row->kind == TP_ROW_MODEL || row->kind == TP_ROW_FUNC ||
                   row->kind == TP_ROW_SUBCKT || row->kind == TP_ROW_PARAM;
    return row->in < 0 && !defines;
}

static void reach(struct walk *w, const tp_circuit *c, const tp_touch *t)
{
    for (int i = 0; i < w->r->n; i++) {
        const tp_row *row = &w->r->row[i];
        bool          whole = row->kind == TP_ROW_PARAM && w->first[i] == 0;
        if (acts(row) || (row->in < 0 && whole)) keep(w, i);
    }
    use_analyses(w, c);
    if (t) use_program(w, t);
    while (w->done < w->n) look_at(w, w->list[w->done++]);
}

/* ---- writing ------------------------------------------------------------- */

struct out {
    tp_buf            text;
    const tp_circuit *c;
    int               n;
    tp_place         *place;
};

static void put(struct out *o, tp_str line, int from)
{
    tp_buf_add(&o->text, line);
    tp_buf_char(&o->text, '\n');
    o->place[o->n++] = from < o->c->n_place ? o->c->place[from] : (tp_place){0};
}

/* A .param row: as it is, or one line for each entry that is left. */
static void put_entries(struct out *o, const struct walk *w, int i)
{
    const tp_row *row = &w->r->row[i];
    int           from = w->first[i] - 1, n = 0, all = 0;
    for (int k = from; k < w->n_entry && w->entry[k].row == i; k++, all++)
        n += w->entry[k].kept;
    for (int k = 0; n == all && k < row->n; k++)
        put(o, w->r->line[row->line + k], row->line + k);
    for (int k = from; n < all && k < from + all; k++)
        if (w->entry[k].kept)
            put(o, tp_str_fmt(w->mem, ".param %.*s", TP_F(w->entry[k].text)),
                row->line);
}

static void write_rows(struct out *o, const struct walk *w)
{
    o->place = TP_NEW(w->mem, tp_place, w->r->n_line + w->n_entry);
    for (int i = 0; i < w->r->n; i++) {
        const tp_row *row = &w->r->row[i];
        if (!w->kept[i]) continue;
        if (w->first[i] > 0) {
            put_entries(o, w, i);
            continue;
        }
        for (int k = 0; k < row->n; k++)
            put(o, w->r->line[row->line + k], row->line + k);
    }
}

/* ---- programs ------------------------------------------------------------ */

static int param_at(const tp_circuit *c, tp_str name)
{
    int i = 0;
    while (i < c->n_param && !tp_str_same(c->param[i], name)) i++;
    return i;
}

/* The circuit with what the program sets among its parameters, which then may
   be anything. */
static void widen(tp_circuit *c, const tp_range **box, const tp_touch *t,
                  tp_arena *mem)
{
    int       most = c->n_param + t->n_param;
    tp_str   *name = TP_NEW(mem, tp_str, most);
    tp_range *range = TP_NEW(mem, tp_range, most);
    for (int i = 0; i < c->n_param; i++) {
        name[i] = c->param[i];
        range[i] = *box ? (*box)[i] : (tp_range){-INFINITY, INFINITY};
    }
    c->param = name;
    for (int i = 0; i < t->n_param; i++) {
        int at = param_at(c, t->param[i]);
        if (at == c->n_param) name[c->n_param++] = t->param[i];
        range[at] = (tp_range){-INFINITY, INFINITY};
    }
    *box = range;
}

/* ---- the whole ----------------------------------------------------------- */

/* "deck.cir:7: the deck is simulated as a whole: WHAT". */
static void whole(tp_pruned *how, tp_place at, tp_str what, tp_arena *mem)
{
    tp_str where = TP_S("");
    if (at.in) where = tp_str_fmt(mem, "%.*s:%d: ", TP_F(at.in->name), at.line);
    how->left = TP_S("");
    how->left_line = 0;
    how->notice = tp_str_fmt(mem, "%.*sthe deck is simulated as a whole: %.*s",
                             TP_F(where), TP_F(what));
}

static void whole_by_row(tp_pruned *how, const tp_circuit *c, const tp_row *row,
                         const char *what, tp_arena *mem)
{
    tp_place at = row->line < c->n_place ? c->place[row->line] : (tp_place){0};
    whole(how, at, tp_str_of(what), mem);
}

static void whole_by_program(tp_pruned *how, const tp_said *s, tp_arena *mem)
{
    tp_said at_home = {.text = s->text};
    tp_str  words = tp_said_words(&at_home, mem);
    whole(how, s->at,
          tp_str_fmt(mem, "what %.*s changes is known only when it runs",
                     TP_F(words)),
          mem);
}

/* What the walk begins with: nothing is kept yet. */
static void begin(struct walk *w, tp_rows *rows, const bool *unreached,
                  tp_arena *mem)
{
    *w = (struct walk){.r = rows, .mem = mem, .bin = unreached};
    w->kept = TP_NEW(mem, bool, rows->n);
    w->first = TP_NEW(mem, int, rows->n);
    w->cap_entry = 16;
    w->entry = TP_NEW(mem, struct entry, w->cap_entry);
    w->param.mem = w->define.mem = mem;
    index_rows(w);
    w->list = TP_NEW(mem, int, rows->n + w->n_entry);
}

/* Why no bin is left out is of interest where one is kept. */
static void forget_why(const struct walk *w, tp_pruned *how)
{
    for (int i = 0; i < w->r->n; i++) {
        tp_str name = tp_row_name(&w->r->row[i]);
        bool   bin = w->r->row[i].kind == TP_ROW_MODEL &&
                   tp_bin_base(name).len < name.len;
        if (bin && w->kept[i]) return;
    }
    how->left = TP_S("");
    how->left_line = 0;
}

static void put_kept(tp_circuit *out, const struct walk *w, tp_pruned *how)
{
    struct out o = {.text = {.mem = w->mem}, .c = out};
    write_rows(&o, w);
    out->text = tp_buf_str(&o.text);
    out->place = o.place;
    out->n_place = o.n;
    out->reduced = NULL;
    for (int i = 0; i < w->r->n; i++) how->kept += w->kept[i];
}

static void prune(tp_circuit *out, const tp_circuit *c, const tp_range *box,
                  const tp_touch *touch, tp_pruned *how, tp_arena *mem)
{
    tp_rows     rows;
    struct walk w;
    tp_circuit  wide = *c;
    int         bad = -1;
    *out = *c;
    *how = (tp_pruned){.notice = TP_S(""), .left = TP_S("")};
    if (touch && touch->untold.text.len > 0) {
        whole_by_program(how, &touch->untold, mem);
        return;
    }
    if (!tp_rows_read(&rows, c->text, &bad, mem)) {
        whole_by_row(how, c, &rows.row[bad], "this sub-circuit has no end",
                     mem);
        return;
    }
    if (touch) widen(&wide, &box, touch, mem);
    tp_survey seen = tp_circuit_survey(&rows, &wide, box, touch, how, mem);
    if (seen.random >= 0) {
        whole_by_row(how, c, &rows.row[seen.random],
                     "random numbers decide here", mem);
        return;
    }
    begin(&w, &rows, seen.unreached, mem);
    reach(&w, &wide, touch);
    forget_why(&w, how);
    how->rows = tp_whole_rows(c, rows.n);
    put_kept(out, &w, how);
}

/* The line of `c` that line `line` of the other was made of; 0: none. */
static int own_line(const tp_circuit *c, const tp_circuit *other, int line)
{
    if (line < 1 || line > other->n_place) return 0;
    tp_place at = other->place[line - 1];
    for (int i = 0; i < c->n_place; i++)
        if (c->place[i].in == at.in && c->place[i].line == at.line)
            return i + 1;
    return 0;
}

void tp_circuit_prune(tp_circuit *out, const tp_circuit *c, const tp_range *box,
                      const tp_touch *touch, tp_pruned *how, tp_arena *mem)
{
    if (!tp_whole_is_named(c, touch)) {
        prune(out, c, box, touch, how, mem);
        return;
    }
    tp_circuit all;
    tp_circuit_whole(&all, c, mem);
    prune(out, &all, box, touch, how, mem);
    how->left_line = own_line(c, &all, how->left_line);
}
