/* trimpot gmid lookup: a point of a table, and the device that follows. */
#include "cli/cli.h"

#include <math.h>

enum { MAX_TABLE = 1 << 28 };

tp_status gmid_read(session *s, tp_str path, tp_gmid_table **out, tp_err *err)
{
    tp_str text;
    TP_TRY(
        tp_file_read(&text, tp_str_z(&s->mem, path), MAX_TABLE, &s->mem, err));
    return tp_gmid_read(out, text, path, &s->mem, err);
}

tp_status gmid_number(const char *flag_name, tp_str text, bool *given,
                      double *out, tp_err *err)
{
    *given = text.len > 0;
    if (!*given ||
        (tp_number_all(text, out) && isfinite(*out) && !tp_number_is_odd(text)))
        return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "--%s: '%.*s' is not a number", flag_name,
                   TP_F(text));
}

/* ---- what is asked ------------------------------------------------------- */

static tp_status read_between(tp_str text, tp_gmid_between *out, tp_err *err)
{
    static const char *const word[] = {[TP_GMID_PCHIP] = "pchip",
                                       [TP_GMID_LINEAR] = "linear",
                                       [TP_GMID_NEAREST] = "nearest"};
    *out = TP_GMID_PCHIP;
    if (text.len == 0) return TP_OK;
    for (int i = 0; i < TP_COUNT(word); i++) {
        *out = (tp_gmid_between)i;
        if (tp_str_eq(text, tp_str_of(word[i]))) return TP_OK;
    }
    return tp_fail(err, TP_BAD_INPUT,
                   "--between: '%.*s' is not pchip, linear or nearest",
                   TP_F(text));
}

static tp_status read_place(const gmid_options *o, tp_gmid_at *at, double *gmid,
                            tp_err *err)
{
    bool given_l, given_g, given;
    *at = tp_gmid_where(0);
    at->corner = o->corner;
    TP_TRY(gmid_number("l", o->l, &given_l, &at->l, err));
    TP_TRY(gmid_number("gmid", o->gmid, &given_g, gmid, err));
    TP_TRY(gmid_number("vds", o->vds, &given, &at->vds, err));
    TP_TRY(gmid_number("vsb", o->vsb, &given, &at->vsb, err));
    TP_TRY(gmid_number("temp", o->temp, &given, &at->temp, err));
    TP_TRY(read_between(o->between, &at->between, err));
    if (given_l && given_g) return TP_OK;
    return tp_fail(err, TP_BAD_INPUT, "gmid lookup needs --gmid and --l");
}

/* The one flag that fixes the current, and what belongs to it. */
static tp_status read_need(const gmid_options *o, tp_gmid_need *need,
                           bool *wanted, tp_err *err)
{
    const struct {
        const char   *name;
        tp_str        text;
        tp_gmid_given given;
        double       *to;
        bool          c;
    } row[] = {{"gm", o->gm, TP_GMID_BY_GM, &need->gm, false},
               {"id", o->id, TP_GMID_BY_ID, &need->id, false},
               {"budget", o->budget, TP_GMID_BY_BUDGET, &need->budget, false},
               {"gbw", o->gbw, TP_GMID_BY_GBW, &need->gbw, true},
               {"slew", o->slew, TP_GMID_BY_SLEW, &need->slew, true}};
    const char *first = NULL;
    bool        given, c = false, has_c, has_factor, has_branches;
    *need = (tp_gmid_need){.branches = 1, .factor = 1};
    for (int i = 0; i < TP_COUNT(row); i++) {
        TP_TRY(gmid_number(row[i].name, row[i].text, &given, row[i].to, err));
        if (given && first)
            return tp_fail(err, TP_BAD_INPUT, "--%s and --%s: one is enough",
                           first, row[i].name);
        if (!given) continue;
        first = row[i].name;
        need->given = row[i].given;
        c = row[i].c;
    }
    *wanted = first != NULL;
    TP_TRY(gmid_number("branches", o->branches, &has_branches, &need->branches,
                       err));
    TP_TRY(gmid_number("c", o->c, &has_c, &need->c, err));
    TP_TRY(gmid_number("factor", o->factor, &has_factor, &need->factor, err));
    if (c && !has_c) return tp_fail(err, TP_BAD_INPUT, "--%s needs --c", first);
    if (!c && (has_c || has_factor))
        return tp_fail(err, TP_BAD_INPUT,
                       "--c and --factor belong to --gbw or --slew");
    if (has_branches && need->given != TP_GMID_BY_BUDGET)
        return tp_fail(err, TP_BAD_INPUT, "--branches belongs to --budget");
    return TP_OK;
}

/* ---- what is said -------------------------------------------------------- */

static void answer_json(session *s, const tp_gmid_table *t,
                        const tp_gmid_at *at, const tp_gmid_size *d, bool sized)
{
    json_t *o = json_object();
    json_object_set_new(o, "status", json_string("success"));
    json_object_set_new(o, "device", tp_report_text(t->device, &s->mem));
    json_object_set_new(o, "process", tp_report_text(t->process, &s->mem));
    json_object_set_new(o, "l", tp_report_number(at->l));
    for (int k = 0; k < TP_GMID_COLUMNS; k++)
        json_object_set_new(
            o, k == TP_GMID_JD ? "jd" : tp_gmid_key((tp_gmid_column)k),
            tp_report_number(d->at.v[k]));
    if (sized) {
        json_object_set_new(o, "w", tp_report_number(d->w));
        json_object_set_new(o, "id", tp_report_number(d->id));
        json_object_set_new(o, "gm", tp_report_number(d->gm));
        json_object_set_new(o, "derived", json_boolean(d->derived));
        json_object_set_new(o, "how", json_string(d->how));
    }
    print_json(o);
}

static void line(const char *name, double v, const char *unit,
                 const char *words)
{
    char shown[TP_NUMBER_MAX];
    if (isnan(v)) return;
    tp_engineering(v, tp_str_of(unit), shown);
    printf("  %-6s %-14s %s\n", name, shown, words);
}

static void answer_text(const tp_gmid_table *t, const tp_gmid_at *at,
                        const tp_gmid_size *d, bool sized)
{
    char l[TP_NUMBER_MAX], w[TP_NUMBER_MAX];
    char id[TP_NUMBER_MAX], gm[TP_NUMBER_MAX];
    tp_engineering(at->l, TP_S("m"), l);
    printf("%.*s%s%.*s at L = %s\n", TP_F(t->device),
           t->process.len ? " of " : "", TP_F(t->process), l);
    for (int k = 0; k < TP_GMID_COLUMNS; k++) {
        tp_gmid_column c = (tp_gmid_column)k;
        line(k == TP_GMID_JD ? "jd" : tp_gmid_key(c), d->at.v[k],
             tp_gmid_unit(c), tp_gmid_words(c));
    }
    if (!sized) return;
    printf("W = %s  Id = %s  gm = %s  (%s%s)\n",
           tp_engineering(d->w, TP_S("m"), w),
           tp_engineering(d->id, TP_S("A"), id),
           tp_engineering(d->gm, TP_S("S"), gm), d->how,
           d->derived ? ", derived" : "");
}

tp_status cmd_gmid_lookup(session *s, int *exit_status, tp_err *err)
{
    tp_gmid_table *t;
    tp_gmid_at     at;
    tp_gmid_need   need;
    tp_gmid_size   size = {0};
    double         gmid = 0;
    bool           sized = false;
    (void)exit_status;
    TP_TRY(read_place(&s->opt.gmid, &at, &gmid, err));
    TP_TRY(read_need(&s->opt.gmid, &need, &sized, err));
    TP_TRY(gmid_read(s, s->opt.arg[0], &t, err));
    if (sized)
        TP_TRY(tp_gmid_fit(&size, t, gmid, &at, &need, err));
    else
        TP_TRY(tp_gmid_find(&size.at, t, gmid, &at, err));
    if (s->opt.json)
        answer_json(s, t, &at, &size, sized);
    else
        answer_text(t, &at, &size, sized);
    return TP_OK;
}
