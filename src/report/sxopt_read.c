/* Reads an .sxopt file back as rows for the store. Untrusted input: no
   network, no entities, every number checked, and the file's own words for
   what is wrong with its line. */
#include "report/base64.h"
#include "report/sxopt.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <math.h>

typedef struct reader {
    tp_arena *mem;
    tp_err   *err;
    xmlDocPtr doc;
} reader;

static bool is(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE &&
           xmlStrEqual(n->name, (const xmlChar *)name);
}

static tp_status bad(const reader *r, const xmlNode *n, const char *what)
{
    tp_status st =
        tp_fail(r->err, TP_BAD_INPUT, "<%s>: %s", (const char *)n->name, what);
    if (r->err) r->err->line = (int)xmlGetLineNo(n);
    return st;
}

/* An attribute's text; empty when it is not there. */
static tp_str get(const reader *r, const xmlNode *n, const char *name)
{
    xmlChar *v = xmlGetNoNsProp(n, (const xmlChar *)name);
    tp_str   s = tp_str_copy(r->mem, tp_str_of((const char *)v));
    xmlFree(v);
    return s;
}

static tp_str content(const reader *r, const xmlNode *n)
{
    xmlChar *v = xmlNodeGetContent(n);
    tp_str   s = tp_str_copy(r->mem, tp_str_of((const char *)v));
    xmlFree(v);
    return s;
}

static tp_status get_number(const reader *r, const xmlNode *n, const char *name,
                            double *out)
{
    tp_str s = get(r, n, name);
    if (tp_str_eq(s, TP_S("inf")))
        *out = INFINITY;
    else if (tp_str_eq(s, TP_S("-inf")))
        *out = -INFINITY;
    else if (!tp_number_all(s, out))
        return bad(
            r, n,
            tp_str_z(r->mem, tp_str_fmt(r->mem, "%s is no number", name)));
    return TP_OK;
}

static tp_status get_int(const reader *r, const xmlNode *n, const char *name,
                         int *out)
{
    double v;
    TP_TRY(get_number(r, n, name, &v));
    if (!(v >= 0 && v <= 2147483647 && v == floor(v)))
        return bad(r, n, "a whole number is out of range");
    *out = (int)v;
    return TP_OK;
}

static tp_status read_run(const reader *r, const xmlNode *n, tp_run_row *run)
{
    run->name = get(r, n, "name");
    run->path = get(r, n, "path");
    run->created = get(r, n, "created");
    run->method = get(r, n, "method");
    run->method_settings = get(r, n, "method-settings");
    run->settings = get(r, n, "settings");
    run->status = get(r, n, "status");
    run->reason = get(r, n, "reason");
    TP_TRY(get_int(r, n, "trials", &run->n_trial));
    TP_TRY(get_int(r, n, "failed", &run->n_failed));
    TP_TRY(get_int(r, n, "best", &run->best));
    return get_number(r, n, "seconds", &run->seconds);
}

static tp_status read_file(const reader *r, const xmlNode *n, tp_source *f)
{
    f->name = get(r, n, "name");
    f->text = content(r, n);
    if (!tp_str_eq(get(r, n, "encoding"), TP_S("base64"))) return TP_OK;
    if (!tp_base64_read(&f->text, f->text, r->mem))
        return bad(r, n, "its text is not base64");
    return TP_OK;
}

static tp_status read_reading(const reader *r, const xmlNode *n,
                              tp_reading *out)
{
    out->unit = get(r, n, "unit");
    out->why = get(r, n, "why");
    out->ok = xmlHasProp(n, (const xmlChar *)"value") != NULL;
    return out->ok ? get_number(r, n, "value", &out->value) : TP_OK;
}

/* What the children of a trial hold. */
typedef struct values {
    int         nx, cx, nr, cr;
    double     *x;
    tp_reading *reading;
    tp_str      waves;
} values;

static tp_status read_value(const reader *r, const xmlNode *n, values *v)
{
    if (is(n, "x"))
        return get_number(r, n, "value", TP_PUSH(r->mem, v->x, v->nx, v->cx));
    if (is(n, "reading"))
        return read_reading(r, n, TP_PUSH(r->mem, v->reading, v->nr, v->cr));
    if (is(n, "waves") && !tp_base64_read(&v->waves, content(r, n), r->mem))
        return bad(r, n, "its content is not base64");
    return TP_OK;
}

/* The same, packed as the store keeps them. */
static tp_status read_values(const reader *r, const xmlNode *trial,
                             tp_trial_row *t)
{
    values v = {0};
    tp_buf bx = {.mem = r->mem}, br = {.mem = r->mem};
    for (const xmlNode *n = trial->children; n; n = n->next)
        TP_TRY(read_value(r, n, &v));
    tp_pack_doubles(&bx, v.x, v.nx);
    tp_readings_pack(&br, v.reading, v.nr);
    t->x = tp_buf_str(&bx);
    t->readings = tp_buf_str(&br);
    t->waves = v.waves;
    return TP_OK;
}

static tp_status read_trial(const reader *r, const xmlNode *n, tp_trial_row *t,
                            int wanted)
{
    *t = (tp_trial_row){0};
    TP_TRY(get_int(r, n, "number", &t->number));
    if (t->number != wanted)
        return bad(r, n, "trials are not numbered 1, 2, ... in order");
    t->outcome = get(r, n, "outcome");
    t->why = get(r, n, "why");
    TP_TRY(get_int(r, n, "attempts", &t->attempts));
    TP_TRY(get_number(r, n, "sim-seconds", &t->sim_seconds));
    TP_TRY(get_number(r, n, "seconds", &t->seconds));
    return read_values(r, n, t);
}

static tp_status read_event(const reader *r, const xmlNode *n, tp_event_row *e)
{
    TP_TRY(get_int(r, n, "number", &e->number));
    e->kind = get(r, n, "kind");
    if (!tp_base64_read(&e->data, content(r, n), r->mem))
        return bad(r, n, "its content is not base64");
    return TP_OK;
}

static tp_status read_proof(const reader *r, const xmlNode *n, tp_run_row *run)
{
    tp_proof p = {.simulator = get(r, n, "simulator"),
                  .why = get(r, n, "why"),
                  .done = tp_str_eq(get(r, n, "done"), TP_S("true")),
                  .same = tp_str_eq(get(r, n, "same"), TP_S("true"))};
    tp_buf   b = {.mem = r->mem};
    TP_TRY(get_number(r, n, "max-relative-difference",
                      &p.max_relative_difference));
    TP_TRY(get_number(r, n, "seconds", &p.seconds));
    if (get(r, n, "checked-trials").len > 0) { /* older files have none */
        TP_TRY(get_int(r, n, "checked-trials", &p.checked));
        TP_TRY(get_number(r, n, "checked-max-relative-difference",
                          &p.checked_max));
    }
    tp_proof_pack(&b, &p);
    run->proof = tp_buf_str(&b);
    return TP_OK;
}

typedef struct lists {
    int           n_file, c_file, c_trial, c_event;
    tp_source    *file;
    tp_trial_row *trial;
    tp_event_row *event;
} lists;

static tp_status read_child(const reader *r, const xmlNode *n, tp_sxopt *out,
                            lists *l)
{
    if (is(n, "run")) return read_run(r, n, &out->run);
    if (is(n, "proof")) return read_proof(r, n, &out->run);
    if (is(n, "file"))
        return read_file(r, n, TP_PUSH(r->mem, l->file, l->n_file, l->c_file));
    if (is(n, "trial")) {
        tp_trial_row *t = TP_PUSH(r->mem, l->trial, out->n_trial, l->c_trial);
        return read_trial(r, n, t, out->n_trial);
    }
    if (is(n, "event"))
        return read_event(r, n,
                          TP_PUSH(r->mem, l->event, out->n_event, l->c_event));
    return TP_OK; /* the specification is in the deck's text again */
}

static tp_status read_root(const reader *r, tp_sxopt *out)
{
    lists    l = {0};
    xmlNode *root = xmlDocGetRootElement(r->doc);
    if (!root || !is(root, "optimisation"))
        return tp_fail(r->err, TP_BAD_INPUT,
                       "not an .sxopt file of trimpot: its root element is "
                       "<%s>",
                       root ? (const char *)root->name : "");
    for (xmlNode *n = root->children; n; n = n->next)
        TP_TRY(read_child(r, n, out, &l));
    out->trial = l.trial;
    out->event = l.event;
    if (!out->run.name.len || !l.n_file)
        return bad(r, root, "<run> or <file> is missing");
    tp_files files = {.n = l.n_file, .file = l.file};
    tp_buf   b = {.mem = r->mem};
    tp_files_pack(&b, &files);
    out->run.bundle = tp_buf_str(&b);
    return TP_OK;
}

static void quiet(void *with, const char *fmt, ...)
{
    (void)with;
    (void)fmt;
}

/* A document type could define entities, and those grow without end: there is
   none in what is written here. */
static void refuse_type(void *with, const xmlChar *name, const xmlChar *a,
                        const xmlChar *b)
{
    xmlParserCtxtPtr context = with;
    bool            *refused = context->_private;
    (void)name, (void)a, (void)b;
    *refused = true;
    xmlStopParser(context);
}

static xmlDocPtr parse(tp_str bytes, tp_err *err)
{
    bool             refused = false;
    xmlParserCtxtPtr x = xmlNewParserCtxt();
    x->_private = &refused;
    x->sax->internalSubset = refuse_type;
    xmlDocPtr doc =
        xmlCtxtReadMemory(x, bytes.at, (int)bytes.len, "sxopt", NULL,
                          XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOERROR |
                              XML_PARSE_NOWARNING);
    if (refused || !doc) {
        tp_str why = tp_str_trim(tp_str_of(x->lastError.message));
        if (!why.len) why = TP_S("not XML");
        if (refused) why = TP_S("a document type has no place in it");
        tp_fail(err, TP_BAD_INPUT, "%.*s", TP_F(why));
        if (err)
            err->line = refused ? xmlSAX2GetLineNumber(x) : x->lastError.line;
        if (doc) xmlFreeDoc(doc);
        doc = NULL;
    }
    xmlFreeParserCtxt(x);
    return doc;
}

tp_status tp_report_sxopt_read(tp_sxopt *out, tp_str bytes, tp_arena *mem,
                               tp_err *err)
{
    *out = (tp_sxopt){0};
    if (bytes.len > 1 << 30)
        return tp_fail(err, TP_LIMIT, "an .sxopt file over 1 GB");
    xmlSetGenericErrorFunc(NULL, quiet);
    reader r = {mem, err, parse(bytes, err)};
    if (!r.doc) return TP_BAD_INPUT;
    tp_status st = read_root(&r, out);
    xmlFreeDoc(r.doc);
    return st;
}
