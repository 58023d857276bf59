/* JSON and YAML by libfyaml into a tree of our own. YAML 1.2, core schema:
   plain scalars are null, true, false or numbers where they look like it, all
   else is text. A JSON text is read as JSON, where tabs may stand before a
   value and every text has quotes. */
#include "front/yaml.h"

#include <libfyaml.h>
#include <math.h>
#include <string.h>

enum { DEPTH_MAX = 64, PARTS_MAX = 100000 };

typedef struct reader {
    const tp_source *file;
    bool             json;
    int              n_part;
    tp_arena        *mem;
    tp_err          *err;
} reader;

static tp_place place_of(const reader *r, const struct fy_mark *m)
{
    return (tp_place){r->file, m ? m->line + 1 : 1, m ? m->column + 1 : 1};
}

static tp_place token_place(const reader *r, struct fy_node *n)
{
    struct fy_token *t = fy_node_get_scalar_token(n);
    return place_of(r, t ? fy_token_start_mark(t) : NULL);
}

/* ---- scalars ------------------------------------------------------------ */

static bool is_word(tp_str s, const char *a, const char *b, const char *c)
{
    return tp_str_eq(s, tp_str_of(a)) || tp_str_eq(s, tp_str_of(b)) ||
           tp_str_eq(s, tp_str_of(c));
}

/* A number as JSON, YAML or a deck writes it; M alone is milli in a deck and
   mega to most people: it is none, nor is one with letters that are no unit. */
static bool number_of(tp_str s, double *out)
{
    ptrdiff_t i = 0;
    while (i < s.len && (tp_is_digit(s.at[i]) ||
                         tp_str_find(TP_S("+-.eE"), s.at[i], 0) >= 0))
        i++;
    if (i == 0 || !tp_number_all(s, out) || !isfinite(*out)) return false;
    if (tp_number_is_odd(s)) return false;
    tp_str suffix = tp_str_from(s, i);
    return suffix.len == 0 || suffix.at[0] != 'M' ||
           tp_str_starts(suffix, TP_S("meg")) ||
           tp_str_starts(suffix, TP_S("mil"));
}

static void scalar(const reader *r, tp_yaml *y, struct fy_node *n)
{
    size_t             len = 0;
    const char        *s = fy_node_get_scalar(n, &len);
    enum fy_node_style style = fy_node_get_style(n);
    y->text = tp_str_copy(r->mem, (tp_str){s ? s : "", (ptrdiff_t)len});
    y->at = token_place(r, n);
    bool plain = style == FYNS_PLAIN || style == FYNS_ANY;
    y->kind = TP_YAML_TEXT;
    if (number_of(y->text, &y->number)) y->kind = TP_YAML_NUMBER;
    if (!plain) return;
    if (!y->text.len || is_word(y->text, "null", "Null", "~"))
        y->kind = TP_YAML_NULL;
    y->truth = is_word(y->text, "true", "True", "TRUE");
    if (y->truth || is_word(y->text, "false", "False", "FALSE"))
        y->kind = TP_YAML_BOOL;
}

/* ---- the tree ----------------------------------------------------------- */

static tp_status convert(reader *r, tp_yaml *y, struct fy_node *n, int depth);

static tp_status too_much(reader *r, tp_place at)
{
    return tp_fail_at(r->err, TP_LIMIT, at,
                      "the file nests deeper than %d or has more than %d parts",
                      (int)DEPTH_MAX, (int)PARTS_MAX);
}

static tp_status convert_list(reader *r, tp_yaml *y, struct fy_node *n,
                              int depth)
{
    void           *at = NULL;
    struct fy_node *item;
    int             i = 0;
    tp_yaml *part = TP_NEW(r->mem, tp_yaml, fy_node_sequence_item_count(n));
    y->kind = TP_YAML_LIST;
    y->part = part;
    while ((item = fy_node_sequence_iterate(n, &at))) {
        part[i].up = y;
        part[i].index = i;
        part[i].at = y->at;
        TP_TRY(convert(r, &part[i++], item, depth + 1));
    }
    y->n = i;
    if (y->n && !y->key.len) y->at = part[0].at;
    return TP_OK;
}

static tp_status convert_map(reader *r, tp_yaml *y, struct fy_node *n,
                             int depth)
{
    void                *at = NULL;
    struct fy_node_pair *pair;
    int                  i = 0;
    tp_yaml *part = TP_NEW(r->mem, tp_yaml, fy_node_mapping_item_count(n));
    y->kind = TP_YAML_MAP;
    y->part = part;
    while ((pair = fy_node_mapping_iterate(n, &at))) {
        struct fy_node *key = fy_node_pair_key(pair);
        tp_yaml         name = {0};
        if (!key || !fy_node_is_scalar(key))
            return tp_fail_at(r->err, TP_BAD_INPUT, y->at,
                              "a name in a map has to be a text");
        scalar(r, &name, key);
        part[i].up = y;
        part[i].index = i;
        part[i].key = name.text;
        part[i].at = name.at;
        for (int k = 0; k < i; k++)
            if (tp_str_eq(part[k].key, name.text))
                return tp_fail_at(r->err, TP_BAD_INPUT, name.at,
                                  "'%.*s' stands twice in this map",
                                  TP_F(name.text));
        TP_TRY(convert(r, &part[i++], fy_node_pair_value(pair), depth + 1));
    }
    y->n = i;
    if (y->n && !y->key.len) y->at = part[0].at;
    return TP_OK;
}

static tp_status convert(reader *r, tp_yaml *y, struct fy_node *n, int depth)
{
    y->text = (tp_str){"", 0};
    if (!y->key.at) y->key = (tp_str){"", 0};
    if (depth > DEPTH_MAX || ++r->n_part > PARTS_MAX) return too_much(r, y->at);
    if (!n) return TP_OK; /* "key:" and nothing */
    if (fy_node_is_alias(n))
        return tp_fail_at(r->err, TP_BAD_INPUT, token_place(r, n),
                          "an alias (*name): write the value itself");
    if (fy_node_is_sequence(n)) return convert_list(r, y, n, depth);
    if (fy_node_is_mapping(n)) return convert_map(r, y, n, depth);
    scalar(r, y, n);
    return TP_OK;
}

/* ---- reading ------------------------------------------------------------ */

static tp_status syntax(const reader *r, struct fy_diag *diag)
{
    void                 *at = NULL;
    struct fy_diag_error *e = fy_diag_errors_iterate(diag, &at);
    tp_place              place = {r->file, 1, 1};
    const char           *lang = r->json ? "JSON" : "YAML";
    if (!e || !e->msg)
        return tp_fail_at(r->err, TP_BAD_INPUT, place, "nothing is in it");
    /* fyaml counts lines from 0 or 1 by where the error was found */
    struct fy_token      *t = e->fyt;
    const struct fy_mark *m = t ? fy_token_start_mark(t) : NULL;
    place.line = m ? m->line + 1 : e->line;
    place.col = m ? m->column + 1 : e->column;
    if (place.line < 1) place.line = 1;
    if (place.col < 1) place.col = 1;
    return tp_fail_at(r->err, TP_BAD_INPUT, place, "no %s: %s", lang, e->msg);
}

static tp_status read_with(const tp_yaml **out, reader *r, struct fy_diag *diag)
{
    const struct fy_parse_cfg cfg = {
        .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 |
                 FYPCF_ALLOW_DUPLICATE_KEYS |
                 (r->json ? FYPCF_JSON_FORCE : FYPCF_JSON_NONE),
        .diag = diag};
    tp_str              text = r->file->text;
    struct fy_document *doc =
        fy_document_build_from_string(&cfg, text.at, (size_t)text.len);
    if (!doc) return syntax(r, diag);
    tp_yaml  *y = TP_NEW(r->mem, tp_yaml, 1);
    tp_status st = TP_OK;
    y->at = (tp_place){r->file, 1, 1};
    st = convert(r, y, fy_document_root(doc), 0);
    fy_document_destroy(doc);
    *out = y;
    return st;
}

/* What it says is in the collected errors. */
static void no_output(struct fy_diag *diag, void *user, const char *text,
                      size_t len)
{
    (void)diag, (void)user, (void)text, (void)len;
}

static bool looks_like_json(tp_str text)
{
    text = tp_str_trim(text);
    return text.len > 0 && (text.at[0] == '{' || text.at[0] == '[');
}

tp_status tp_yaml_read(const tp_yaml **out, const tp_source *file,
                       tp_arena *mem, tp_err *err)
{
    reader                   r = {.file = file,
                                  .json = looks_like_json(file->text),
                                  .mem = mem,
                                  .err = err};
    const struct fy_diag_cfg quiet = {.output_fn = no_output,
                                      .level = FYET_ERROR};
    struct fy_diag          *diag = fy_diag_create(&quiet);
    if (!diag) return tp_fail(err, TP_LIMIT, "not enough memory");
    fy_diag_set_collect_errors(diag, true);
    tp_status st = read_with(out, &r, diag);
    fy_diag_destroy(diag);
    return st;
}
