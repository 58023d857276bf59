/* Benches whose simulator has circuits of its own: Spectre its netlists,
   Virtuoso (vcli) the testbench that the problem file names. The measures'
   names are the simulator's; of a netlist the parameters are known here, of a
   testbench nothing: every value becomes a design variable.

   What vcli is given (sim/vcli.c): `text` is lines of words with tabs between,
   "design LIB CELL VIEW", "model FILE SECTION", "temp T"; `save` is what it has
   to bring, "ANALYSIS OP(0 or 1) DATA|EXPR TEXT", and comes back as the vector
   "tp0", "tp1", ... of that analysis. */
#include "front/job.h"

#include <math.h>

static const char *const outside[] = {"spectre", "vcli"};

bool tp_plan_outside(const tp_plan_reader *r)
{
    for (int i = 0; i < TP_COUNT(outside); i++)
        if (tp_str_eq(r->p->simulator, tp_str_of(outside[i]))) return true;
    return false;
}

bool tp_plan_virtuoso(const tp_plan_reader *r)
{
    return tp_str_eq(r->p->simulator, TP_S("vcli"));
}

tp_status tp_plan_outside_read(tp_plan_reader *r, tp_plan_bench *b, tp_err *err)
{
    tp_err own = {0};
    if (tp_plan_virtuoso(r)) return TP_OK;
    if (tp_spectre_read(&b->spectre, tp_str_z(r->mem, b->path), r->files,
                        r->mem, &own))
        return tp_yaml_fail(b->at, err, "%s", own.msg);
    tp_plan_keep_files(r, tp_spectre_files(b->spectre));
    return TP_OK;
}

bool tp_plan_outside_param(const tp_plan_bench *b, tp_str name, tp_str *expr)
{
    *expr = (tp_str){"", 0};
    return !b->spectre || tp_spectre_param(b->spectre, name, expr);
}

/* What has to be saved by name: currents and quantities of devices that are
   read from a sweep ("V0:p"). */
void tp_plan_saves(tp_circuit *out, const tp_plan_reader *r, int bench)
{
    tp_str *save = NULL;
    int     cap = 0;
    for (int i = 0; i < r->p->n_measure; i++) {
        const tp_measure *m = &r->measure[i];
        for (int k = 0; k < m->n_bind && m->bench == bench; k++) {
            const tp_bind *b = &m->bind[k];
            bool           named =
                b->signal.save || tp_str_find(b->signal.vector, ':', 0) >= 0;
            bool known = b->kind != TP_BIND_SIGNAL || !named;
            for (int j = 0; save && j < out->n_save; j++)
                known |= tp_str_eq(save[j], b->signal.vector);
            if (!known)
                *TP_PUSH(r->mem, save, out->n_save, cap) = b->signal.vector;
        }
    }
    out->save = save;
}

/* ---- Virtuoso ------------------------------------------------------------ */

/* No tab nor end of line, which would break the lines of the text. */
static tp_status plain_words(const tp_str *word, int n, const tp_yaml *at,
                             tp_err *err)
{
    for (int i = 0; i < n; i++)
        for (ptrdiff_t k = 0; k < word[i].len; k++)
            if ((unsigned char)word[i].at[k] < ' ')
                return tp_yaml_fail(at, err,
                                    "a name for Virtuoso has a control "
                                    "character");
    return TP_OK;
}

static tp_status corner_text(tp_str *out, const tp_plan_reader *r,
                             const tp_plan_bench *b, const tp_condition *in,
                             tp_err *err)
{
    tp_buf text = {.mem = r->mem};
    tp_str design[] = {r->p->library, r->p->cell, TP_S("schematic"), in->lib};
    char   temp[TP_NUMBER_MAX];
    TP_TRY(tp_yaml_text(&design[2], b->at, "view", err));
    TP_TRY(plain_words(design, TP_COUNT(design), b->at, err));
    TP_TRY(plain_words(in->section, in->n_section, b->at, err));
    if (in->n_section > 0 && in->lib.len == 0)
        return tp_yaml_fail(tp_yaml_get(r->top, "corners"), err,
                            "corners choose sections, but no 'model_file' is "
                            "named");
    tp_buf_fmt(&text, "design\t%.*s\t%.*s\t%.*s\n", TP_F(design[0]),
               TP_F(design[1]), TP_F(design[2]));
    for (int i = 0; i < in->n_section; i++)
        tp_buf_fmt(&text, "model\t%.*s\t%.*s\n", TP_F(in->lib),
                   TP_F(in->section[i]));
    if (!isnan(in->temp))
        tp_buf_fmt(&text, "temp\t%s\n", tp_exact(in->temp, temp));
    *out = tp_buf_str(&text);
    return TP_OK;
}

/* What the testbench is told: all values but those of gm/Id. */
static void design_variables(tp_circuit *out, const tp_plan_reader *r,
                             const tp_str *value)
{
    int     n = tp_problem_values(r->p);
    tp_str *name = TP_NEW(r->mem, tp_str, n);
    for (int i = 0; i < n; i++) {
        bool gmid = false;
        for (int k = 0; k < r->n_device; k++) gmid |= r->device[k].gmid == i;
        if (!gmid) name[out->n_param++] = value[i];
    }
    out->param = name;
}

/* The vector of one thing to bring; things that are the same are brought
   once. */
static tp_str bring(tp_plan_bench *b, const tp_bind *bind, const char *how,
                    tp_str text, tp_arena *mem)
{
    tp_str one = tp_str_fmt(mem, "%d\t%d\t%s\t%.*s", bind->analysis, bind->op,
                            how, TP_F(text));
    int    k = 0;
    while (k < b->n_bring && !tp_str_eq(b->bring[k], one)) k++;
    if (k == b->n_bring)
        *TP_PUSH(mem, b->bring, b->n_bring, b->cap_bring) = one;
    return tp_str_fmt(mem, "tp%d", k);
}

/* getData("...") with the expression as the name of what is got. */
static tp_str quoted_access(tp_str text, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_buf_add(&b, TP_S("getData(\""));
    for (ptrdiff_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '"' || c == '\\') tp_buf_char(&b, '\\');
        tp_buf_char(&b, (unsigned char)c < ' ' ? ' ' : c);
    }
    tp_buf_add(&b, TP_S("\")"));
    return tp_buf_str(&b);
}

/* Virtuoso itself evaluates the measure: its expression here is the value that
   comes back. */
static tp_status ask_for_value(tp_plan_reader *r, tp_measure *m, tp_err *err)
{
    tp_plan_bench *b = &r->bench[m->bench];
    tp_scope       scope = {.dialect = TP_OCEAN};
    tp_bind       *bind = TP_NEW(r->mem, tp_bind, 1);
    tp_bind        first = {0};
    for (int k = m->n_bind - 1; k >= 0; k--)
        if (m->bind[k].kind == TP_BIND_SIGNAL) first = m->bind[k];
    if (first.kind != TP_BIND_SIGNAL) return TP_OK; /* of values alone */
    tp_str theirs = m->text;
    m->text = quoted_access(theirs, r->mem);
    TP_TRY(tp_expr_compile(&m->expr, m->text, &scope, r->mem, err));
    bind[0] = first;
    bind[0].signal = (tp_signal){.name = theirs, .factor = 1};
    bind[0].signal.vector = bring(b, &first, "EXPR", theirs, r->mem);
    m->bind = bind;
    m->n_bind = 1;
    return TP_OK;
}

tp_status tp_plan_outside_ask(tp_plan_reader *r, tp_measure *m, tp_err *err)
{
    const tp_yaml *sim = tp_yaml_get(r->top, "simulator");
    const tp_slot *slot;
    bool           theirs = false;
    TP_TRY(tp_yaml_bool(&theirs, sim, "measure_there", err));
    if (theirs) return ask_for_value(r, m, err);
    tp_bind *bind = TP_NEW(r->mem, tp_bind, m->n_bind);
    tp_expr_slots(m->expr, &slot);
    for (int k = 0; k < m->n_bind; k++) {
        bind[k] = m->bind[k];
        if (bind[k].kind != TP_BIND_SIGNAL) continue;
        bind[k].signal = (tp_signal){.name = slot[k].name, .factor = 1};
        bind[k].signal.vector = bring(&r->bench[m->bench], &m->bind[k], "DATA",
                                      slot[k].name, r->mem);
    }
    m->bind = bind;
    return TP_OK;
}

/* ---- circuits ------------------------------------------------------------ */

static tp_condition condition_of(const tp_plan_reader *r, int corner)
{
    tp_condition in = {.lib = r->model_file, .temp = NAN};
    if (r->p->n_corner == 0) return in;
    in.n_section = r->p->corner[corner].n_section;
    in.section = r->p->corner[corner].section;
    in.temp = r->p->corner[corner].temp;
    if (r->p->corner[corner].model_file.len > 0)
        in.lib = r->p->corner[corner].model_file;
    return in;
}

/* What vcli is given. */
static tp_status virtuoso_circuit(tp_circuit *out, const tp_plan_reader *r,
                                  const tp_plan_bench *b,
                                  const tp_condition *in, const tp_str *value,
                                  tp_err *err)
{
    *out = (tp_circuit){.save = b->bring, .n_save = b->n_bring};
    design_variables(out, r, value);
    return corner_text(&out->text, r, b, in, err);
}

static tp_status spectre_circuit(tp_circuit *out, tp_plan_reader *r, int bench,
                                 const tp_condition *in, const tp_str *value,
                                 tp_err *err)
{
    tp_plan_bench *b = &r->bench[bench];
    tp_err         own = {0};
    if (tp_spectre_circuit(out, b->spectre, in, value, tp_problem_values(r->p),
                           &own))
        return tp_yaml_fail(b->at, err, "%s", own.msg);
    tp_plan_saves(out, r, bench);
    return TP_OK;
}

tp_status tp_plan_outside_circuits(tp_circuit *out, tp_plan_reader *r,
                                   int bench, const tp_str *value, tp_err *err)
{
    tp_plan_bench *b = &r->bench[bench];
    bool           virtuoso = tp_plan_virtuoso(r);
    for (int i = 0; i < tp_problem_corners(r->p); i++) {
        tp_condition in = condition_of(r, i);
        TP_TRY(virtuoso ? virtuoso_circuit(&out[i], r, b, &in, value, err)
                        : spectre_circuit(&out[i], r, bench, &in, value, err));
        out[i].analysis = b->analysis;
        out[i].n_analysis = b->n_analysis;
    }
    return TP_OK;
}
