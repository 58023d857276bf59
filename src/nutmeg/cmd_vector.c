/* Vectors: let, print, display and what describes them. */
#include "nutmeg/inside.h"

/* The index of '=' that assigns: outside brackets and not part of another
   sign; -1 none. */
static ptrdiff_t assigns(tp_str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == '(' || c == '[' || c == '{')
            i = tp_nm_matching(s, i) - 1;
        else if (c == '=')
            return i + 1 < s.len && s.at[i + 1] == '=' ? -1 : i;
    }
    return -1;
}

static bool is_vector_name(tp_str s)
{
    if (s.len == 0 || !(tp_is_alpha(s.at[0]) || s.at[0] == '_')) return false;
    for (ptrdiff_t i = 0; i < s.len; i++)
        if (!tp_is_alpha(s.at[i]) && !tp_is_digit(s.at[i]) &&
            !strchr("_#.", s.at[i]))
            return false;
    return true;
}

static tp_status read_index(tp_nutmeg *m, tp_str s, int *out, tp_err *err)
{
    double v = 0;
    TP_TRY(tp_nm_number_of(m, tp_str_trim(s), &v, err));
    v = floor(v + 1e-9);
    if (!(v >= 0 && v < 1e9))
        return tp_fail(err, TP_BAD_INPUT,
                       "let: the index %g is outside 0 to 1e9", v);
    *out = (int)v;
    return TP_OK;
}

/* The first comma outside brackets, or the end. */
static ptrdiff_t comma_in(tp_str s)
{
    ptrdiff_t i = 0;
    while (i < s.len && s.at[i] != ',')
        i = strchr("([{", s.at[i]) ? tp_nm_matching(s, i) : i + 1;
    return i;
}

/* "1,3" -> 1, 3, behind those that are there. */
static tp_status read_list(tp_nutmeg *m, tp_str s, int *index, int *n,
                           tp_err *err)
{
    while (s.len > 0) {
        ptrdiff_t comma = comma_in(s);
        if (*n == TP_NM_DIMS_MAX)
            return tp_fail(err, TP_LIMIT, "let: over %d indices",
                           TP_NM_DIMS_MAX);
        TP_TRY(read_index(m, tp_str_part(s, 0, comma), &index[*n], err));
        ++*n;
        s = tp_str_from(s, comma + 1);
    }
    return TP_OK;
}

/* "[2][1,3]" -> 2, 1, 3. */
static tp_status read_indices(tp_nutmeg *m, tp_str s, int *index, int *n,
                              tp_err *err)
{
    for (*n = 0; s.len > 0;) {
        ptrdiff_t end = s.at[0] == '[' ? tp_nm_matching(s, 0) : 0;
        if (end < 3 || s.at[end - 1] != ']')
            return tp_fail(err, TP_BAD_INPUT, "let: '%.*s' is no index",
                           TP_F(s));
        TP_TRY(read_list(m, tp_str_part(s, 1, end - 2), index, n, err));
        s = tp_str_trim(tp_str_from(s, end));
    }
    return TP_OK;
}

/* The element of several indices, the last one fastest. */
static tp_status flat_index(const tp_nm_vector *v, const int *index, int n,
                            int *out, tp_err *err)
{
    int dims = v->n_dim > 1 ? v->n_dim : 1;
    if (n != dims)
        return tp_fail(err, TP_BAD_INPUT,
                       "let: '%.*s' has %d dimension%s, got %d indices",
                       TP_F(v->name), dims, dims > 1 ? "s" : "", n);
    *out = 0;
    for (int i = 0; i < n; i++) {
        int size = dims > 1 ? v->dim[i] : v->n;
        if (index[i] >= size)
            return tp_fail(err, TP_BAD_INPUT,
                           "let: %.*s[%d] is outside 0 to %d", TP_F(v->name),
                           index[i], size - 1);
        *out = *out * size + index[i];
    }
    return TP_OK;
}

static tp_status let_element(tp_nutmeg *m, tp_str name, tp_str indices,
                             const tp_wave *value, tp_err *err)
{
    bool          prefixed = false;
    int           index[TP_NM_DIMS_MAX], n = 0, at = 0;
    tp_str        whole = name;
    tp_nm_plot   *p = tp_nm_split(m, &name, &prefixed);
    tp_nm_vector *v = tp_nm_vector_find(m, p, name);
    if (!v && !prefixed) v = tp_nm_vector_find(m, p = m->plot, name);
    if (!v)
        return tp_fail(err, TP_BAD_INPUT,
                       "let: there is no vector '%.*s' whose element could "
                       "be set",
                       TP_F(whole));
    if (value->n != 1)
        return tp_fail(err, TP_BAD_INPUT,
                       "let: an element takes one value, got %d", value->n);
    TP_TRY(read_indices(m, indices, index, &n, err));
    TP_TRY(flat_index(v, index, n, &at, err));
    if (value->im && !v->im) {
        TP_TRY(tp_nm_room(m, v->n, err));
        v->im = tp_nm_take(&m->heap, v->n * (ptrdiff_t)sizeof(double));
        m->values += v->n;
        p->stale = true;
    }
    v->re[at] = value->re[0];
    if (v->im) v->im[at] = value->im ? value->im[0] : 0;
    return TP_OK;
}

static tp_status let_vector(tp_nutmeg *m, tp_str name, tp_wave *value,
                            tp_err *err)
{
    bool        prefixed = false;
    tp_str      whole = name;
    tp_nm_plot *p = tp_nm_split(m, &name, &prefixed);
    bool        there = tp_nm_vector_find(m, p, name) != NULL; /* "v(2)" */
    if (!there && !prefixed && m->go_on &&
        tp_nm_vector_find(m, m->plot, name) &&
        !tp_nm_is_constant(m, name)) { /* ngspice: what is found is changed */
        p = m->plot;
        there = true;
    }
    if (!there && (!is_vector_name(name) || tp_str_find(name, '.', 0) >= 0))
        return tp_fail(err, TP_BAD_INPUT,
                       "let: '%.*s' is no name for a vector (letters, digits, "
                       "'_' and '#', a letter first)",
                       TP_F(whole));
    value->name = name;
    return tp_nm_vector_put(m, p, value, err);
}

static tp_status let(tp_nutmeg *m, void *owner, tp_str rest, const tp_str *arg,
                     int n, tp_err *err)
{
    (void)owner, (void)arg, (void)n;
    tp_wave   value;
    ptrdiff_t at = assigns(rest);
    tp_str    left = tp_str_trim(tp_str_part(rest, 0, at < 0 ? 0 : at));
    tp_str    right = tp_str_trim(tp_str_from(rest, at + 1));
    if (at < 0 || left.len == 0 || right.len == 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "let: wanted VECTOR = EXPRESSION, got '%.*s'",
                       TP_F(rest));
    TP_TRY(tp_nm_vector_of(m, right, &value, err));
    if (left.at[0] == '@' && value.im)
        return tp_fail(err, TP_BAD_INPUT, "let: %.*s takes no complex value",
                       TP_F(left));
    if (left.at[0] == '@')
        return tp_nm_alter_quantity(m, left, value.re, value.n, err);
    ptrdiff_t open = tp_str_find(left, '[', 0);
    if (open < 0) return let_vector(m, left, &value, err);
    return let_element(m, tp_str_trim(tp_str_part(left, 0, open)),
                       tp_str_from(left, open), &value, err);
}

static tp_status unlet(tp_nutmeg *m, void *owner, tp_str rest,
                       const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)rest;
    for (int i = 0; i < n; i++) {
        bool          prefixed;
        tp_str        name = arg[i];
        tp_nm_plot   *p = tp_nm_split(m, &name, &prefixed);
        tp_nm_vector *v = tp_nm_vector_find(m, p, name);
        if (!v)
            return tp_fail(err, TP_BAD_INPUT, "unlet: no such vector '%.*s'",
                           TP_F(arg[i]));
        tp_nm_vector_drop(m, p, v);
    }
    return TP_OK;
}

/* ---- print -------------------------------------------------------------- */

/* "all" and "ac1.all". */
static tp_nm_plot *all_of(tp_nutmeg *m, tp_str text)
{
    bool        prefixed;
    tp_nm_plot *p = tp_nm_split(m, &text, &prefixed);
    return tp_str_eq(text, TP_S("all")) ? p : NULL;
}

static tp_status evaluate_all(tp_nutmeg *m, tp_str rest, tp_wave **out,
                              int *count, tp_err *err)
{
    tp_arena     *mem = &m->scratch;
    const tp_str *text = NULL;
    tp_wave      *wave = NULL;
    int           n = tp_nm_expressions(rest, &text, mem), have = 0, cap = 0;
    for (int i = 0; i < n; i++) {
        tp_nm_plot *p = all_of(m, text[i]);
        for (int k = 0; p && k < p->n; k++) {
            tp_plot view = tp_nm_view(m, p);
            tp_str  name = tp_nm_shown_name(view.wave[k].name, mem);
            if (k == p->scale && p->n > 1) continue;
            if (p != tp_nm_current(m))
                name = tp_str_fmt(mem, "%.*s.%.*s", TP_F(p->name), TP_F(name));
            TP_PUSH(mem, wave, have, cap);
            wave[have - 1] = view.wave[k];
            wave[have - 1].name = name;
        }
        if (p) continue;
        tp_wave w;
        TP_TRY(tp_nm_vector_of(m, text[i], &w, err));
        w.name = text[i];
        *TP_PUSH(mem, wave, have, cap) = w;
    }
    *out = wave;
    *count = have;
    return TP_OK;
}

static tp_status print(tp_nutmeg *m, void *owner, tp_str rest,
                       const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)arg, (void)n;
    tp_str   after = rest, word = tp_nm_word(&after);
    tp_wave *wave = NULL;
    int      columns = -1, count = 0;
    if (tp_str_eq(word, TP_S("col"))) columns = 1;
    if (tp_str_eq(word, TP_S("line"))) columns = 0;
    if (columns >= 0) rest = tp_str_trim(after);
    TP_TRY(evaluate_all(m, rest, &wave, &count, err));
    for (int i = 0; i < count; i++) {
        bool one = wave[i].n == 1 && !wave[i].im;
        tp_nm_value_found(m, wave[i].name, wave[i].unit,
                          one ? wave[i].re[0] : NAN);
    }
    tp_nm_print_vectors(m, wave, count, columns);
    return TP_OK;
}

/* ---- display, settype, setscale ----------------------------------------- */

static const struct {
    const char *name, *unit;
} types[] = {
    {"notype", ""},          {"time", "s"},
    {"frequency", "Hz"},     {"voltage", "V"},
    {"current", "A"},        {"power", "W"},
    {"phase", "deg"},        {"decibel", "dB"},
    {"temperature", "degC"}, {"resistance", "Ohm"},
    {"impedance", "Ohm"},    {"admittance", "S"},
    {"capacitance", "F"},    {"charge", "C"},
    {"inductance", "H"},     {"onoise-spectrum", "V/rtHz"},
};

static const char *type_of(tp_str unit)
{
    for (int i = 0; i < TP_COUNT(types); i++)
        if (tp_str_eq(unit, tp_str_of(types[i].unit))) return types[i].name;
    return "notype";
}

static void describe(tp_nutmeg *m, const tp_nm_plot *p, int k)
{
    const tp_nm_vector *v = &p->vector[k];
    tp_str              name = tp_nm_shown_name(v->name, &m->scratch);
    tp_buf              b = {.mem = &m->scratch};
    tp_buf_fmt(&b, "    %-20.*s: %s, %s, %d long", TP_F(name), type_of(v->unit),
               v->im ? "complex" : "real", v->n);
    for (int i = 0; i < v->n_dim && v->n_dim > 1; i++)
        tp_buf_fmt(&b, "%s%d", i ? "," : ", dims = [", v->dim[i]);
    if (v->n_dim > 1) tp_buf_char(&b, ']');
    if (v->scale.len > 0) tp_buf_fmt(&b, ", scale = %.*s", TP_F(v->scale));
    if (k == p->scale) tp_buf_add(&b, TP_S(" [default scale]"));
    tp_buf_char(&b, '\n');
    tp_nm_print(m, tp_buf_str(&b));
}

static tp_status display(tp_nutmeg *m, void *owner, tp_str rest,
                         const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)rest;
    tp_nm_plot *p = tp_nm_current(m);
    for (int i = 0; i < n; i++) {
        bool          prefixed;
        tp_str        name = arg[i];
        tp_nm_plot   *in = tp_nm_split(m, &name, &prefixed);
        tp_nm_vector *v = tp_nm_vector_find(m, in, name);
        if (!v)
            return tp_fail(err, TP_BAD_INPUT, "display: no such vector '%.*s'",
                           TP_F(arg[i]));
        describe(m, in, (int)(v - in->vector));
    }
    if (n > 0) return TP_OK;
    if (p->n == 0) {
        tp_nm_print(m, TP_S("There are no vectors currently active.\n"));
        return TP_OK;
    }
    tp_nutmeg_print(m,
                    "Here are the vectors currently active:\n\nTitle: %.*s\n"
                    "Name: %.*s (%s)\n\n",
                    TP_F(p->title), TP_F(p->name), tp_nm_plot_words(p));
    for (int k = 0; k < p->n; k++) {
        tp_arena saved = m->scratch;
        describe(m, p, k);
        m->scratch = saved;
    }
    return TP_OK;
}

static tp_status settype(tp_nutmeg *m, void *owner, tp_str rest,
                         const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)rest;
    int         t = 0;
    tp_nm_plot *p;
    bool        prefixed;
    while (t < TP_COUNT(types) &&
           !tp_str_same(arg[0], tp_str_of(types[t].name)))
        t++;
    if (t == TP_COUNT(types)) {
        tp_str all[TP_COUNT(types)];
        for (int i = 0; i < TP_COUNT(types); i++)
            all[i] = tp_str_of(types[i].name);
        tp_str mean =
            tp_did_you_mean(&m->scratch, arg[0], all, TP_COUNT(types));
        return tp_fail(err, TP_BAD_INPUT, "settype: no such type '%.*s'%.*s",
                       TP_F(arg[0]), TP_F(mean));
    }
    for (int i = 1; i < n; i++) {
        tp_str name = arg[i];
        p = tp_nm_split(m, &name, &prefixed);
        tp_nm_vector *v = tp_nm_vector_find(m, p, name);
        if (!v)
            return tp_fail(err, TP_BAD_INPUT, "settype: no such vector '%.*s'",
                           TP_F(arg[i]));
        tp_nm_give(&m->heap, v->unit.at);
        v->unit = tp_nm_keep(&m->heap, tp_str_of(types[t].unit));
        p->stale = true;
    }
    return TP_OK;
}

static tp_status setscale(tp_nutmeg *m, void *owner, tp_str rest,
                          const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)rest;
    tp_nm_plot *p = tp_nm_current(m);
    if (n == 0) {
        if (p->scale >= 0)
            tp_nutmeg_print(m, "%.*s\n", TP_F(p->vector[p->scale].name));
        else
            tp_nm_print(m, TP_S("There is no default scale.\n"));
        return TP_OK;
    }
    tp_nm_vector *last = tp_nm_vector_find(m, p, arg[n - 1]);
    tp_nm_vector *v = n > 1 ? tp_nm_vector_find(m, p, arg[0]) : NULL;
    bool          none = n > 1 && tp_str_eq(arg[1], TP_S("none"));
    if ((!last && !none) || (n > 1 && !v))
        return tp_fail(err, TP_BAD_INPUT, "setscale: no such vector '%.*s'",
                       TP_F(arg[n > 1 && !v ? 0 : n - 1]));
    p->stale = true;
    if (!v) {
        p->scale = (int)(last - p->vector);
        return TP_OK;
    }
    tp_nm_give(&m->heap, v->scale.at);
    v->scale = none ? (tp_str){0} : tp_nm_keep(&m->heap, last->name);
    return TP_OK;
}

static tp_status reshape(tp_nutmeg *m, void *owner, tp_str rest,
                         const tp_str *arg, int n, tp_err *err)
{
    (void)owner, (void)arg, (void)n;
    ptrdiff_t   open = tp_str_find(rest, '[', 0);
    int         dim[TP_NM_DIMS_MAX], dims = 0;
    bool        prefixed;
    double      product = 1;
    tp_str      name = tp_str_trim(tp_str_part(rest, 0, open < 0 ? 0 : open));
    tp_nm_plot *p = tp_nm_split(m, &name, &prefixed);
    if (open < 0)
        return tp_fail(err, TP_BAD_INPUT,
                       "reshape: wanted VECTOR[SIZE,SIZE...], got '%.*s'",
                       TP_F(rest));
    tp_nm_vector *v = tp_nm_vector_find(m, p, name);
    if (!v)
        return tp_fail(err, TP_BAD_INPUT, "reshape: no such vector '%.*s'",
                       TP_F(name));
    TP_TRY(read_indices(m, tp_str_from(rest, open), dim, &dims, err));
    for (int i = 0; i < dims; i++) product *= dim[i];
    if (product != v->n)
        return tp_fail(err, TP_BAD_INPUT,
                       "reshape: '%.*s' has %d elements, the sizes make %g",
                       TP_F(name), v->n, product);
    v->n_dim = dims;
    memcpy(v->dim, dim, sizeof dim);
    return TP_OK;
}

const tp_nutmeg_command tp_nm_vector_commands[] = {
    {"let", "VECTOR[INDEX] = EXPRESSION", 1, -1, true,
     "Makes a vector of the current plot, or sets one element of it; "
     "@device[parameter] on the left changes the circuit.",
     let},
    {"unlet", "VECTOR...", 1, -1, false, "Takes vectors away.", unlet},
    {"print", "[col|line] EXPRESSION... | all", 1, -1, true,
     "Prints values: one a line, or vectors as columns.", print},
    {"display", "[VECTOR...]", 0, -1, false,
     "Lists the vectors of the current plot.", display},
    {"settype", "TYPE VECTOR...", 2, -1, false,
     "Says what vectors are: voltage, current, time, frequency ...", settype},
    {"setscale", "[VECTOR] [SCALE|none]", 0, 2, false,
     "Shows or sets the default scale of the current plot, or a vector's own.",
     setscale},
    {"reshape", "VECTOR[SIZE,SIZE...]", 1, -1, true,
     "Gives a vector dimensions.", reshape},
    {0},
};
