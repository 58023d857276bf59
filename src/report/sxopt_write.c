/* Writes the .sxopt file: the whole specification, the deck's texts, every
   trial and the event log, so that a run can be read, checked and resumed
   from this file alone. Schema: doc/sxopt.xsd. */
#include "report/base64.h"
#include "report/sxopt.h"

#include <libxml/xmlwriter.h>
#include <math.h>

typedef struct writer {
    xmlTextWriterPtr x;
    tp_arena        *mem;
} writer;

static const xmlChar *xc(const char *z)
{
    return (const xmlChar *)z;
}

static void open(const writer *w, const char *name)
{
    xmlTextWriterStartElement(w->x, xc(name));
}

static void close(const writer *w)
{
    xmlTextWriterEndElement(w->x);
}

static bool is_control(char c)
{
    return (unsigned char)c < ' ' && c != '\n' && c != '\t';
}

/* U+FFFE or U+FFFF at s[i]: no characters of XML. */
static bool is_no_character(tp_str s, ptrdiff_t i)
{
    tp_str c = tp_str_part(s, i, 3);
    return tp_str_eq(c, TP_S("\xef\xbf\xbe")) ||
           tp_str_eq(c, TP_S("\xef\xbf\xbf"));
}

/* Text as XML can hold it: each byte that it cannot becomes '?'. */
static const char *clean(const writer *w, tp_str s)
{
    char  *z = tp_str_z(w->mem, tp_report_utf8(s, w->mem));
    tp_str all = tp_str_of(z);
    for (ptrdiff_t i = 0; i < all.len; i++) {
        if (is_no_character(all, i)) z[i] = z[i + 1] = z[i + 2] = '?';
        if (is_control(z[i])) z[i] = '?';
    }
    return z;
}

/* Whether XML gives the text back as it is; "\r\n" would come back as
   "\n". */
static bool is_exact(tp_str s, tp_arena mem)
{
    bool exact = tp_str_eq(s, tp_report_utf8(s, &mem));
    for (ptrdiff_t i = 0; exact && i < s.len; i++)
        exact = !is_control(s.at[i]) && !is_no_character(s, i);
    return exact;
}

static void put(const writer *w, const char *name, tp_str value)
{
    xmlTextWriterWriteAttribute(w->x, xc(name), xc(clean(w, value)));
}

static void put_number(const writer *w, const char *name, double v)
{
    put(w, name, tp_exactly(v, w->mem));
}

static void put_int(const writer *w, const char *name, int v)
{
    put(w, name, tp_str_fmt(w->mem, "%d", v));
}

static void put_base64(const writer *w, tp_str bytes)
{
    xmlTextWriterWriteString(w->x,
                             xc(tp_str_z(w->mem, tp_base64(bytes, w->mem))));
}

static void write_run(const writer *w, const tp_account *a)
{
    const tp_run_row *r = &a->run;
    open(w, "run");
    put(w, "id", r->id);
    put(w, "name", r->name);
    put(w, "path", r->path);
    put(w, "created", r->created);
    put(w, "method", r->method);
    put(w, "method-settings", r->method_settings);
    put(w, "settings", r->settings);
    put(w, "status", r->status);
    put(w, "reason", r->reason);
    put_int(w, "trials", a->n_trial);
    put_int(w, "failed", r->n_failed);
    put_int(w, "best", a->best);
    put_number(w, "seconds", r->seconds);
    close(w);
}

/* A deck's text readable where XML keeps it exactly, else as base64. */
static void write_file(const writer *w, const tp_source *f)
{
    bool exact = is_exact(f->text, *w->mem);
    open(w, "file");
    put(w, "name", f->name);
    put(w, "encoding", exact ? TP_S("text") : TP_S("base64"));
    if (exact)
        xmlTextWriterWriteString(w->x, xc(tp_str_z(w->mem, f->text)));
    else
        put_base64(w, f->text);
    close(w);
}

static void write_variables(const writer *w, const tp_account *a)
{
    for (int i = 0; i < a->space->n; i++) {
        const tp_var *v = &a->space->var[i];
        open(w, "variable");
        put(w, "name", v->name);
        put_number(w, "start", v->start);
        if (!isinf(v->lo)) put_number(w, "min", v->lo);
        if (!isinf(v->hi)) put_number(w, "max", v->hi);
        put(w, "scale", v->log ? TP_S("log") : TP_S("lin"));
        close(w);
    }
}

static void write_specification(const writer *w, const tp_account *a)
{
    const tp_problem *p = a->problem;
    open(w, "specification");
    put(w, "mode", p->single ? TP_S("single") : TP_S("multiple"));
    if (isfinite(p->abstol)) put_number(w, "abstol", p->abstol);
    if (isfinite(p->reltol)) put_number(w, "reltol", p->reltol);
    if (p->iterlim) put_int(w, "iterlim", p->iterlim);
    put_number(w, "ctol", a->ctol);
    write_variables(w, a);
    const tp_circuit *c = p->bench[0].circuit;
    for (int i = 0; i < c->n_analysis; i++) {
        open(w, "analysis");
        put(w, "id", c->analysis[i].id);
        put(w, "kind", c->analysis[i].kind);
        put(w, "command", c->analysis[i].command);
        close(w);
    }
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        open(w, "measure");
        put(w, "name", m->name);
        put(w, "expression", m->text);
        put(w, "goal", tp_str_of(tp_goal_name(m->goal)));
        if (tp_is_constraint(m)) put_number(w, "limit", m->target);
        put_int(w, "analysis", m->analysis);
        put(w, "op", m->op ? TP_S("true") : TP_S("false"));
        put(w, "unit", m->unit);
        close(w);
    }
    close(w);
}

static void write_waves(const writer *w, const tp_waves *waves)
{
    if (!waves) return;
    tp_buf b = {.mem = w->mem};
    tp_waves_pack(&b, waves);
    open(w, "waves");
    put_base64(w, tp_buf_str(&b));
    close(w);
}

static void write_trial(const writer *w, const tp_problem *p, const tp_trial *t)
{
    open(w, "trial");
    put_int(w, "number", t->number);
    put(w, "outcome", t->outcome);
    put_int(w, "attempts", t->attempts);
    put_number(w, "sim-seconds", t->sim_seconds);
    put_number(w, "seconds", t->seconds);
    if (t->why.len) put(w, "why", t->why);
    for (int i = 0; i < p->space.n; i++) {
        open(w, "x");
        put_number(w, "value", t->x[i]);
        close(w);
    }
    for (int i = 0; t->reading && i < p->n_measure; i++) {
        const tp_reading *r = &t->reading[i];
        open(w, "reading");
        if (r->ok) put_number(w, "value", r->value);
        put(w, "unit", r->unit);
        if (!r->ok) put(w, "why", r->why);
        close(w);
    }
    write_waves(w, t->waves);
    close(w);
}

static void write_proof(const writer *w, const tp_proof *p)
{
    if (!p->simulator.len) return;
    open(w, "proof");
    put(w, "simulator", p->simulator);
    put(w, "done", p->done ? TP_S("true") : TP_S("false"));
    put(w, "same", p->same ? TP_S("true") : TP_S("false"));
    put_number(w, "max-relative-difference", p->max_relative_difference);
    put_number(w, "seconds", p->seconds);
    put(w, "why", p->why);
    put_int(w, "checked-trials", p->checked);
    put_number(w, "checked-max-relative-difference", p->checked_max);
    close(w);
}

static void write_events(const writer *w, const tp_account *a)
{
    for (int i = 0; i < a->n_event; i++) {
        open(w, "event");
        put_int(w, "number", a->event[i].number);
        put(w, "kind", a->event[i].kind);
        put_base64(w, a->event[i].data);
        close(w);
    }
}

tp_str tp_report_sxopt(const tp_account *a, tp_arena *mem)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    writer       w = {xmlNewTextWriterMemory(buffer, 0), mem};
    xmlTextWriterSetIndent(w.x, 1);
    xmlTextWriterStartDocument(w.x, NULL, "UTF-8", NULL);
    xmlTextWriterStartElementNS(w.x, NULL, xc("optimisation"),
                                xc(TP_SXOPT_SPACE));
    write_run(&w, a);
    for (int i = 0; i < a->problem->files.n; i++)
        write_file(&w, &a->problem->files.file[i]);
    write_specification(&w, a);
    for (int i = 0; i < a->n_trial; i++)
        write_trial(&w, a->problem, &a->trial[i]);
    write_events(&w, a);
    write_proof(&w, &a->proof);
    xmlTextWriterEndDocument(w.x);
    xmlFreeTextWriter(w.x);
    tp_str out =
        tp_str_copy(mem, (tp_str){(const char *)xmlBufferContent(buffer),
                                  xmlBufferLength(buffer)});
    xmlBufferFree(buffer);
    return out;
}
