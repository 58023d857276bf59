/* Control flow: lines are collected into a tree of statements, blocks to
   their `end`, and the tree is run. A statement's text is substituted each
   time it runs. */
#include "nutmeg/inside.h"

enum { NODE_ROOM = 256 }; /* bytes, more than a node takes */

typedef enum role { OPENS, MIDDLE, CLOSES, SINGLE } role;

typedef struct keyword {
    const char *name;
    role        role;
    tp_status (*run)(tp_nutmeg *m, const tp_nm_node *node, tp_err *err);
    const char *takes, *text;
} keyword;

struct tp_nm_node {
    const keyword *what; /* NULL: a command */
    tp_str         text, rest;
    tp_place       at;
    tp_nm_node    *body, *other; /* other: what follows `else` */
    tp_nm_node    *next;
};

/* ---- running ------------------------------------------------------------ */

/* The rest of a keyword's statement, substituted, and its place for
   messages. */
static tp_status begin(tp_nutmeg *m, const tp_nm_node *node, tp_str *rest,
                       tp_err *err)
{
    tp_place at = node->at;
    at.col += (int)(node->rest.at - node->text.at);
    m->now = (tp_nutmeg_said){node->rest, node->rest, at};
    tp_status s = tp_nm_substitute(m, node->rest, rest, err);
    if (s)
        tp_nm_place_err(m, err);
    else
        m->now.said = *rest;
    return s;
}

static tp_status condition(tp_nutmeg *m, const tp_nm_node *node, bool *holds,
                           tp_err *err)
{
    tp_arena  saved = m->scratch;
    tp_str    rest;
    tp_status s = begin(m, node, &rest, err);
    if (!s) {
        s = tp_nm_truth_of(m, rest, holds, err);
        if (s) tp_nm_place_err(m, err);
    }
    m->scratch = saved;
    return s;
}

/* After a loop's body ran: whether the loop ends here. */
static bool leaves(tp_nutmeg *m)
{
    bool ours = m->flow == TP_NM_BREAK || m->flow == TP_NM_CONTINUE;
    bool ends = m->flow == TP_NM_BREAK;
    if (!ours) return m->flow != TP_NM_NEXT;
    if (--m->levels > 0) return true;
    m->flow = TP_NM_NEXT;
    return ends;
}

static tp_status run_if(tp_nutmeg *m, const tp_nm_node *node, tp_err *err)
{
    bool holds = false;
    for (;;) {
        const tp_nm_node *other = node->other;
        TP_TRY(condition(m, node, &holds, err));
        if (holds) return tp_nm_execute(m, node->body, err);
        if (!other || other->what->run != run_if)
            return tp_nm_execute(m, other, err);
        node = other; /* elseif */
    }
}

static tp_status interrupted(tp_nutmeg *m, tp_err *err)
{
    if (!m->stop) return TP_OK;
    return tp_fail_at(err, TP_INTERRUPTED, m->now.at, "stopped by the user");
}

static tp_status run_while(tp_nutmeg *m, const tp_nm_node *node, tp_err *err)
{
    bool holds = false;
    for (;;) {
        TP_TRY(interrupted(m, err));
        TP_TRY(condition(m, node, &holds, err));
        if (!holds) return TP_OK;
        TP_TRY(tp_nm_execute(m, node->body, err));
        if (leaves(m)) return TP_OK;
    }
}

static tp_status run_dowhile(tp_nutmeg *m, const tp_nm_node *node, tp_err *err)
{
    bool holds = true;
    while (holds) {
        TP_TRY(interrupted(m, err));
        TP_TRY(tp_nm_execute(m, node->body, err));
        if (leaves(m)) return TP_OK;
        TP_TRY(condition(m, node, &holds, err));
    }
    return TP_OK;
}

static tp_status run_repeat(tp_nutmeg *m, const tp_nm_node *node, tp_err *err)
{
    tp_str rest;
    double times = INFINITY; /* without a number: for ever */
    TP_TRY(begin(m, node, &rest, err));
    if (rest.len > 0) {
        tp_status s = tp_nm_number_of(m, rest, &times, err);
        if (s) tp_nm_place_err(m, err);
        if (s) return s;
    }
    while (times >= 1) {
        TP_TRY(interrupted(m, err));
        TP_TRY(tp_nm_execute(m, node->body, err));
        if (leaves(m)) return TP_OK;
        times--;
    }
    return TP_OK;
}

static tp_status run_foreach(tp_nutmeg *m, const tp_nm_node *node, tp_err *err)
{
    tp_str        rest;
    const tp_str *word = NULL;
    TP_TRY(begin(m, node, &rest, err));
    int n = tp_nm_words(rest, &word, &m->scratch);
    if (n < 1)
        return tp_fail_at(err, TP_BAD_INPUT, node->at,
                          "foreach: wanted the name of a variable and its "
                          "values");
    int first = n > 1 && tp_str_eq(word[1], TP_S("(")) ? 2 : 1;
    int end = first == 2 && tp_str_eq(word[n - 1], TP_S(")")) ? n - 1 : n;
    for (int i = first; i < end; i++) {
        TP_TRY(interrupted(m, err));
        TP_TRY(tp_nm_variable_set(m, word[0], &word[i], 1, false, err));
        TP_TRY(tp_nm_execute(m, node->body, err));
        if (leaves(m)) return TP_OK;
    }
    return TP_OK;
}

/* `break 2` and `continue 2`: how many loops. */
static tp_status leave(tp_nutmeg *m, const tp_nm_node *node, tp_nm_flow flow,
                       tp_err *err)
{
    tp_str rest;
    double levels = 1;
    TP_TRY(begin(m, node, &rest, err));
    if (rest.len > 0 && (!tp_number_all(rest, &levels) || !(levels >= 1) ||
                         levels > TP_NM_NEST_MAX))
        return tp_fail_at(err, TP_BAD_INPUT, node->at,
                          "%.*s: wanted a number of loops from 1 to %d, got "
                          "'%.*s'",
                          TP_F(tp_str_of(node->what->name)), TP_NM_NEST_MAX,
                          TP_F(rest));
    m->flow = flow;
    m->levels = (int)levels;
    return TP_OK;
}

static tp_status run_break(tp_nutmeg *m, const tp_nm_node *node, tp_err *err)
{
    return leave(m, node, TP_NM_BREAK, err);
}

static tp_status run_continue(tp_nutmeg *m, const tp_nm_node *node, tp_err *err)
{
    return leave(m, node, TP_NM_CONTINUE, err);
}

static tp_status run_label(tp_nutmeg *m, const tp_nm_node *node, tp_err *err)
{
    (void)m, (void)node, (void)err;
    return TP_OK;
}

static tp_status run_goto(tp_nutmeg *m, const tp_nm_node *node, tp_err *err)
{
    tp_str rest;
    TP_TRY(begin(m, node, &rest, err));
    tp_nm_give(&m->heap, m->label.at);
    m->label = tp_nm_keep(&m->heap, rest);
    m->flow = TP_NM_GOTO;
    return TP_OK;
}

static const keyword keywords[] = {
    {"if", OPENS, run_if, "EXPRESSION",
     "Runs what follows up to `end`, "
     "`else` or `elseif` when any element of the expression is not zero."},
    {"elseif", MIDDLE, NULL, "EXPRESSION", "Another condition of an `if`."},
    {"else", MIDDLE, NULL, "", "What an `if` runs otherwise."},
    {"while", OPENS, run_while, "EXPRESSION",
     "Repeats up to `end` as long as "
     "the expression is true."},
    {"dowhile", OPENS, run_dowhile, "EXPRESSION",
     "The same, tested after "
     "each turn."},
    {"repeat", OPENS, run_repeat, "[NUMBER]",
     "Repeats up to `end` that often; "
     "without a number until a `break`."},
    {"foreach", OPENS, run_foreach, "VARIABLE VALUE...",
     "Repeats up to `end` "
     "with the variable set to each value in turn."},
    {"end", CLOSES, NULL, "", "Ends a block."},
    {"break", SINGLE, run_break, "[NUMBER]", "Leaves that many loops."},
    {"continue", SINGLE, run_continue, "[NUMBER]",
     "Goes on with the next "
     "turn of the loop, or of the loop that many levels out."},
    {"label", SINGLE, run_label, "NAME", "A place for `goto`."},
    {"goto", SINGLE, run_goto, "NAME",
     "Goes on after that label, in the same "
     "block or in one around it."},
};

const char *tp_nm_keyword(int i, const char **takes, const char **text)
{
    if (i >= TP_COUNT(keywords)) return NULL;
    *takes = keywords[i].takes;
    *text = keywords[i].text;
    return keywords[i].name;
}

static tp_status unknown_command(tp_nutmeg *m, tp_str name, tp_err *err)
{
    tp_arena *mem = &m->scratch;
    tp_str   *all = NULL;
    int       n = 0, cap = 0;
    for (const tp_nm_reason *r = tp_nm_pointless; r->name; r++)
        if (tp_str_eq(name, tp_str_of(r->name)))
            return tp_fail(err, TP_BAD_INPUT, "%s: %s", r->name, r->why);
    for (int i = 0; i < TP_COUNT(keywords); i++)
        *TP_PUSH(mem, all, n, cap) = tp_str_of(keywords[i].name);
    for (int i = 0; tp_nm_command_at(m, i); i++)
        *TP_PUSH(mem, all, n, cap) = tp_str_of(tp_nm_command_at(m, i)->name);
    tp_str mean = tp_did_you_mean(mem, name, all, n);
    return tp_fail(err, TP_BAD_INPUT,
                   "%.*s: no such command available in trimpot%.*s", TP_F(name),
                   TP_F(mean));
}

static tp_status wrong_count(const tp_nutmeg_command *c, int n, tp_err *err)
{
    const char *few = n < c->min_args ? "too few" : "too many";
    return tp_fail(err, TP_BAD_INPUT, "%s: %s arguments (%d); usage: %s %s",
                   c->name, few, n, c->name, c->takes);
}

static tp_status call(tp_nutmeg *m, const tp_nm_node *node, tp_err *err)
{
    tp_str        text, name;
    const tp_str *arg = NULL;
    bool          owners = false;
    TP_TRY(tp_nm_substitute(m, node->text, &text, err));
    m->now.said = text;
    name = tp_str_word(&text, " \t\r\n");
    if (name.len == 0) return TP_OK;
    const tp_nutmeg_command *c = tp_nm_command_find(m, name, &owners);
    if (!c) return unknown_command(m, name, err);
    text = tp_str_trim(text);
    int n = tp_nm_words(text, &arg, &m->scratch);
    if (n < c->min_args || (c->max_args >= 0 && n > c->max_args))
        return wrong_count(c, n, err);
    m->used[1]++;
    return c->call(m, owners ? m->setup.owner : NULL, text, arg, c->raw ? 0 : n,
                   err);
}

static tp_status run_node(tp_nutmeg *m, const tp_nm_node *node, tp_err *err)
{
    if (node->what) return node->what->run(m, node, err);
    tp_status s = call(m, node, err);
    if (s) tp_nm_place_err(m, err);
    return s;
}

/* Says what failed, where the session goes on after it. */
static bool forgives(tp_nutmeg *m, const tp_nm_node *node, tp_status s,
                     const tp_err *why)
{
    tp_str rest = node->text, name = tp_str_word(&rest, " \t\r\n");
    if (!m->go_on || m->failed != TP_RAN || m->stop) return false;
    if (s != TP_BAD_INPUT) return false;
    if (!node->what && tp_nm_is_analysis(name)) {
        m->failed = TP_SIM_FAILED;
        return false;
    }
    if (why->file[0])
        tp_nutmeg_warn(m, "%s:%d:%d: %s", why->file, why->line, why->col,
                       why->msg);
    else
        tp_nutmeg_warn(m, "%s", why->msg);
    return true;
}

/* One node; what it took of the scratch arena is free again. */
static tp_status step(tp_nutmeg *m, const tp_nm_node *node, tp_err *err)
{
    tp_arena saved = m->scratch;
    tp_err   why = {0};

    tp_nutmeg_said now = m->now;
    m->now = (tp_nutmeg_said){node->text, node->text, node->at};
    tp_status s = run_node(m, node, &why);
    if (s && forgives(m, node, s, &why)) s = TP_OK;
    if (s && err) *err = why;
    m->now = now;
    m->scratch = saved;
    return s;
}

static const tp_nm_node *labelled(const tp_nm_node *list, tp_str label)
{
    for (const tp_nm_node *n = list; n; n = n->next)
        if (n->what && n->what->run == run_label && tp_str_eq(n->rest, label))
            return n;
    return NULL;
}

tp_status tp_nm_execute(tp_nutmeg *m, const tp_nm_node *list, tp_err *err)
{
    const tp_nm_node *node = list;
    while (node) {
        TP_TRY(interrupted(m, err));
        TP_TRY(step(m, node, err));
        node = node->next;
        if (m->flow == TP_NM_NEXT) continue;
        if (m->flow != TP_NM_GOTO) return TP_OK;
        node = labelled(list, m->label);
        if (!node) return TP_OK; /* for the block around this one */
        m->flow = TP_NM_NEXT;
    }
    return TP_OK;
}

/* ---- collecting --------------------------------------------------------- */

static const keyword *keyword_of(tp_str word)
{
    for (int i = 0; i < TP_COUNT(keywords); i++)
        if (tp_str_eq(word, tp_str_of(keywords[i].name))) return &keywords[i];
    return NULL;
}

static void append(tp_nm_collector *c, tp_nm_node *node)
{
    tp_nm_node ***tail = c->depth > 0 ? &c->open_tail[c->depth - 1] : &c->tail;
    **tail = node;
    *tail = &node->next;
}

static tp_status misplaced(const tp_nm_node *node, tp_err *err)
{
    return tp_fail_at(err, TP_BAD_INPUT, node->at, "%s: there is no %s here",
                      node->what->name,
                      node->what->role == CLOSES ? "open block" : "open if");
}

/* `else`, `elseif x` and `else if x`. */
static tp_status collect_else(tp_nm_collector *c, tp_nm_node *node, tp_err *err)
{
    int         d = c->depth - 1;
    tp_str      rest = node->rest;
    tp_nm_node *open = d < 0 ? NULL : c->open[d];
    if (!open || open->what->run != run_if || c->open_tail[d] == NULL ||
        open->other)
        return misplaced(node, err);
    bool another = node->what->name[4] != 0; /* elseif */
    if (!another && tp_str_eq(tp_str_word(&rest, " \t"), TP_S("if"))) {
        another = true;
        node->rest = tp_str_trim(rest);
    } else if (!another && node->rest.len > 0) {
        return tp_fail_at(err, TP_BAD_INPUT, node->at,
                          "else: nothing may follow it but 'if', got '%.*s'",
                          TP_F(node->rest));
    }
    if (!another) { /* a label nobody goes to marks that `else` was here */
        tp_nm_node *mark = TP_NEW(&c->mem, tp_nm_node, 1);
        mark->what = keyword_of(TP_S("label"));
        mark->at = node->at;
        open->other = mark;
        c->open_tail[d] = &mark->next;
        return TP_OK;
    }
    node->what = keyword_of(TP_S("if"));
    open->other = node;
    c->open[d] = node;
    c->open_tail[d] = &node->body;
    return TP_OK;
}

static tp_status collect_one(tp_nm_collector *c, tp_nm_node *node, tp_err *err)
{
    role is = node->what ? node->what->role : SINGLE;
    if (is == MIDDLE) return collect_else(c, node, err);
    if (is == CLOSES) {
        if (c->depth == 0) return misplaced(node, err);
        c->depth--;
        return TP_OK;
    }
    if (is == OPENS && c->depth >= TP_NM_NEST_MAX)
        return tp_fail_at(err, TP_LIMIT, node->at,
                          "over %d blocks inside each other", TP_NM_NEST_MAX);
    append(c, node);
    if (is != OPENS) return TP_OK;
    c->open[c->depth] = node;
    c->open_tail[c->depth++] = &node->body;
    return TP_OK;
}

tp_status tp_nm_collect(tp_nm_collector *c, tp_str line, tp_place at,
                        tp_err *err)
{
    tp_str whole = line, text;
    if (!c->tail) c->tail = &c->first;
    if (tp_nm_blank(line)) return TP_OK;
    if (line.len > TP_NM_TEXT_MAX)
        return tp_fail_at(err, TP_LIMIT, at, "the line is over %d bytes long",
                          TP_NM_TEXT_MAX);
    if (c->mem.end - c->mem.beg < NODE_ROOM * (line.len + NODE_ROOM))
        return tp_fail_at(err, TP_LIMIT, at, "the script is too long");
    while (tp_nm_statement(&line, &text)) {
        if (tp_nm_blank(text)) continue;
        tp_nm_node *node = TP_NEW(&c->mem, tp_nm_node, 1);
        tp_str      rest = text, word = tp_str_word(&rest, " \t\r\n(");
        node->what = keyword_of(word);
        node->text = text;
        node->rest = tp_str_trim(tp_str_from(text, word.len));
        node->at = at;
        node->at.col += (int)(text.at - whole.at);
        if (c->joined) node->at = tp_nm_continued(node->at);
        TP_TRY(collect_one(c, node, err));
    }
    return TP_OK;
}

tp_status tp_nm_collected(const tp_nm_collector *c, tp_err *err)
{
    if (c->depth == 0) return TP_OK;
    const tp_nm_node *open = c->open[c->depth - 1];
    return tp_fail_at(err, TP_BAD_INPUT, open->at, "%s: its 'end' is missing",
                      open->what->name);
}
