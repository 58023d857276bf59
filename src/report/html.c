/* One self-contained page: the final table, the convergence plot, every
   trial. No script, no request to anywhere. */
#include "report/format.h"

static void escape(tp_buf *b, tp_str s)
{
    static const char        special[] = "&<>\"";
    static const char *const entity[] = {"&amp;", "&lt;", "&gt;", "&quot;"};
    for (ptrdiff_t i = 0; i < s.len; i++) {
        ptrdiff_t k = tp_str_find(tp_str_of(special), s.at[i], 0);
        if (k >= 0)
            tp_buf_add(b, tp_str_of(entity[k]));
        else
            tp_buf_char(b, s.at[i]);
    }
}

static void cell(tp_buf *b, const char *tag, tp_str s)
{
    tp_buf_fmt(b, "<%s>", tag);
    escape(b, s);
    tp_buf_fmt(b, "</%s>", tag);
}

static void trial_row(tp_buf *b, const tp_problem *p, const tp_trial *t,
                      bool best)
{
    tp_buf_fmt(b, "<tr class='%s%s'>", t->score.feasible ? "ok" : "no",
               best ? " best" : "");
    cell(b, "td", tp_str_fmt(b->mem, "%d", t->number));
    for (int i = 0; i < p->space.n; i++)
        cell(b, "td", tp_engineered(t->x[i], p->space.var[i].unit, b->mem));
    for (int i = 0; i < p->n_measure; i++) {
        const tp_measure *m = &p->measure[i];
        const tp_reading *r =
            t->reading ? tp_problem_worst(p, t->reading, i, NULL) : NULL;
        tp_str v = TP_S("none");
        if (r && r->ok && tp_is_constraint(m))
            v = tp_beside(r->value, m->target, tp_unit_of(m, r), b->mem);
        else if (r && r->ok)
            v = tp_engineered(r->value, tp_unit_of(m, r), b->mem);
        cell(b, "td", v);
    }
    cell(b, "td", t->why.len ? t->why : t->outcome);
    tp_buf_add(b, TP_S("</tr>\n"));
}

static void trial_table(tp_buf *b, const tp_account *a)
{
    const tp_problem *p = a->problem;
    tp_buf_add(b, TP_S("<h2>Trials</h2><table><thead><tr><th>trial</th>"));
    for (int i = 0; i < p->space.n; i++) cell(b, "th", p->space.var[i].name);
    for (int i = 0; i < p->n_measure; i++) cell(b, "th", p->measure[i].name);
    tp_buf_add(b, TP_S("<th>outcome</th></tr></thead><tbody>\n"));
    for (int i = 0; i < a->n_trial; i++)
        trial_row(b, p, &a->trial[i], i + 1 == a->best);
    tp_buf_add(b, TP_S("</tbody></table>"));
}

/* The drawing without its XML declaration, so that it can stand in a page. */
static tp_str inline_svg(tp_str svg)
{
    ptrdiff_t at = 0;
    while (at + 4 < svg.len &&
           !tp_str_starts(tp_str_from(svg, at), TP_S("<svg")))
        at++;
    return tp_str_from(svg, at);
}

tp_status tp_report_html(tp_str *out, const tp_account *a, tp_arena *mem,
                         tp_err *err)
{
    tp_graph g;
    tp_str   svg;
    tp_buf   b = {.mem = mem};
    tp_report_convergence(&g, a, mem);
    TP_TRY(tp_graph_svg(&svg, &g, mem, err));
    tp_buf_add(&b, TP_S("<!DOCTYPE html><html lang='en'><meta charset='utf-8'>"
                        "<meta name='viewport' content='width=device-width'>"
                        "<title>"));
    escape(&b, a->run.id);
    tp_buf_add(&b, TP_S("</title><style>body{font:15px/1.45 system-ui,"
                        "sans-serif;max-width:75em;margin:2em auto;padding:0 "
                        "1em}pre{overflow-x:auto;background:#f6f6f4;padding:"
                        "1em}table{border-collapse:collapse;font-variant-"
                        "numeric:tabular-nums}td,th{padding:.15em .8em;text-"
                        "align:right;border-bottom:1px solid #ddd}.no td{color:"
                        "#a33}.best td{font-weight:bold;background:#eef6ee}"
                        "svg{max-width:100%;height:auto}</style><h1>"));
    escape(&b, a->run.id);
    tp_buf_add(&b, TP_S("</h1><pre>"));
    escape(&b, tp_report_final(a, false, mem));
    tp_buf_add(&b, TP_S("</pre>"));
    tp_buf_add(&b, inline_svg(svg));
    trial_table(&b, a);
    tp_buf_add(&b, TP_S("</html>\n"));
    *out = tp_buf_str(&b);
    return TP_OK;
}
