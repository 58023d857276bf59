/* Decks whose measures stand in `.meas` cards or .control blocks, as ngspice's
   users write them: the blocks become the bench's program, and what `meas` and
   `print` give numbers to its measures. Behind them come the deck's analyses
   and its cards, in the order of `ngspice -b`: it makes each measure after
   every analysis, so that the last one counts; those over other measures at
   the end. */
#include "front/inside.h"
#include "nutmeg/nutmeg.h"

#include <string.h>

/* The blocks of the deck; none when one of them is a script of SPICE OPUS. */
static int blocks_of(const tp_reader *r, tp_control_block **out)
{
    const tp_card *card;
    int            n = tp_deck_cards(r->deck, &card), found = 0;
    *out = TP_NEW(r->mem, tp_control_block, n);
    for (int i = 0; i < n; i++) {
        if (!tp_str_starts(card[i].text, TP_S(".control"))) continue;
        if (tp_str_has(card[i].body, TP_S("optimize"))) return 0;
        (*out)[found++] = (tp_control_block){
            .text = card[i].body, .at = card[i].body_at, .measure = TP_S("")};
    }
    return found;
}

typedef struct program {
    tp_reader        *r;
    int               n, cap, cap_measure;
    tp_control_block *block;
    tp_measure       *measure;
    tp_touch          touch;
} program;

static void add_measure(program *p, const tp_nm_told *told, tp_str text,
                        tp_place at)
{
    int *n = &p->r->p->n_measure;
    for (int i = 0; p->measure && i < *n; i++)
        if (tp_str_same(p->measure[i].name, told->name)) return;
    *TP_PUSH(p->r->mem, p->measure, *n, p->cap_measure) =
        (tp_measure){.name = told->name,
                     .unit = TP_S(""),
                     .text = text,
                     .dialect = TP_NUTMEG,
                     .analysis = -1,
                     .transient = told->tran,
                     .goal = TP_WATCH,
                     .scale = 1,
                     .at = at};
}

/* Its look: what it names and changes is the program's, too. */
static tp_nutmeg_look add_block(program *p, const tp_control_block *b)
{
    tp_nutmeg_look k = tp_nutmeg_read(b->text, b->at, p->r->mem);
    tp_touch_add(&p->touch, &k.touch, p->r->mem);
    *TP_PUSH(p->r->mem, p->block, p->n, p->cap) = *b;
    return k;
}

/* Whether one of them runs analyses. */
static bool add_blocks(program *p)
{
    tp_control_block *block;
    bool              analyses = false;
    int               n = blocks_of(p->r, &block);
    for (int i = 0; i < n; i++) {
        tp_nutmeg_look k = add_block(p, &block[i]);
        analyses |= k.analyses;
        for (int m = 0; m < k.n; m++)
            add_measure(p, &k.told[m], k.told[m].name, block[i].at);
    }
    return analyses;
}

static bool is_measured(const tp_meas *meas, int n, tp_str kind)
{
    for (int i = 0; i < n; i++)
        if (tp_str_same(meas[i].kind, kind)) return true;
    return false;
}

/* What devices tell has to be saved. */
static void add_saves(program *p, const tp_meas *meas, int n)
{
    tp_buf b = {.mem = p->r->mem};
    for (int i = 0; i < n; i++) {
        tp_str    s = meas[i].words;
        ptrdiff_t at, end = 0;
        while ((at = tp_str_find(s, '@', end)) >= 0) {
            end = tp_str_find(s, ']', at);
            if (end < 0) break;
            tp_buf_fmt(&b, " %.*s", TP_F(tp_str_part(s, at, end + 1 - at)));
        }
    }
    if (b.len == 0) return;
    add_block(p,
              &(tp_control_block){.text = tp_str_fmt(p->r->mem, "save all%.*s",
                                                     TP_F(tp_buf_str(&b))),
                                  .at = meas[0].at,
                                  .kind = TP_BLOCK_ANALYSIS,
                                  .measure = TP_S("")});
}

/* Behind blocks with analyses of their own only what is measured. */
static void add_analyses(program *p, const tp_meas *meas, int n, bool all)
{
    for (int i = 0; i < p->r->n_analysis; i++) {
        const tp_analysis *a = &p->r->analysis[i];
        tp_control_block   b = {.text = a->command,
                                .at = a->at,
                                .kind = TP_BLOCK_ANALYSIS,
                                .measure = TP_S("")};
        if (all || is_measured(meas, n, a->kind)) add_block(p, &b);
    }
}

static void add_cards(program *p, const tp_meas *meas, int n, bool over)
{
    for (int i = 0; i < n; i++) {
        if (meas[i].param != over) continue;
        add_block(p, &(tp_control_block){.text = meas[i].text,
                                         .at = meas[i].at,
                                         .kind = TP_BLOCK_MEASURE,
                                         .measure = meas[i].name});
    }
}

tp_status tp_front_control(tp_reader *r, tp_err *err)
{
    program     p = {.r = r};
    tp_meas    *meas;
    int         n;
    tp_control *c = TP_NEW(r->mem, tp_control, 1);
    TP_TRY(tp_read_meas(&meas, &n, r, err));
    bool own = add_blocks(&p);
    for (int i = 0; i < n; i++) {
        bool tran = tp_str_eq(meas[i].kind, TP_S("tran"));
        add_measure(&p, &(tp_nm_told){meas[i].name, tran}, meas[i].words,
                    meas[i].at);
    }
    add_saves(&p, meas, n);
    if (n > 0) add_analyses(&p, meas, n, !own);
    add_cards(&p, meas, n, false);
    add_cards(&p, meas, n, true);
    *c = (tp_control){.n = p.n, .block = p.block, .touch = p.touch};
    bool runs = own || (n > 0 && r->n_analysis > 0);
    r->p->measure = p.measure;
    if (!runs) r->p->n_measure = 0;
    r->control = runs ? c : NULL;
    return TP_OK;
}

bool tp_front_runs_blocks(const tp_reader *r)
{
    return r->control && r->control->block[0].kind == TP_BLOCK_TEXT;
}

bool tp_front_about_control(tp_str notice)
{
    return tp_str_has(notice, TP_S("of .control blocks are not executed"));
}
