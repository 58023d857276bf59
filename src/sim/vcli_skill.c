/* SKILL that is sent to Virtuoso. Names and values are put in as quoted strings
   and numbers only; one top-level form a call, as the bridge evaluates no
   more. */
#include "sim/vcli.h"

void tp_skill_quote(tp_buf *b, tp_str s)
{
    tp_buf_char(b, '"');
    for (ptrdiff_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"' || s.at[i] == '\\') tp_buf_char(b, '\\');
        tp_buf_char(b, (unsigned char)s.at[i] < ' ' ? ' ' : s.at[i]);
    }
    tp_buf_char(b, '"');
}

static bool is_name(tp_str s)
{
    for (ptrdiff_t i = 0; i < s.len; i++)
        if (!tp_is_alpha(s.at[i]) && s.at[i] != '_' &&
            (i == 0 || !tp_is_digit(s.at[i])))
            return false;
    return s.len > 0;
}

tp_str tp_skill_variables(const tp_circuit *c, const double *value, tp_str *why,
                          tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (int i = 0; i < c->n_param; i++) {
        if (!is_name(c->param[i])) {
            *why = tp_str_fmt(mem, "'%.*s' can't be a design variable",
                              TP_F(c->param[i]));
            return TP_S("");
        }
        tp_buf_fmt(&b, "desVar(\"%.*s\" %.17g) ", TP_F(c->param[i]), value[i]);
    }
    return tp_buf_str(&b);
}

/* "w 2 x re im x re im" of a waveform, "s re im" of a number, "" of nil. */
tp_str tp_skill_fetch(tp_str result, tp_str expr, tp_arena *mem)
{
    return tp_str_fmt(
        mem,
        "let((w x y n p v) openResults(strcat(resultsDir() \"/psf\")) "
        "selectResult('%.*s) w=%.*s p=outstring() if(drIsWaveform(w) then "
        "x=drGetWaveformXVec(w) y=drGetWaveformYVec(w) n=drVectorLength(x) "
        "fprintf(p \"w %%d\" n) for(k 0 n-1 v=drGetElem(y k) fprintf(p "
        "\" %%.17g %%.17g %%.17g\" drGetElem(x k) real(v) imag(v))) else "
        "when(w fprintf(p \"s %%.17g %%.17g\" real(w) imag(w)))) "
        "getOutstring(p))",
        TP_F(result), TP_F(expr));
}

static bool next_number(tp_str *rest, double *out)
{
    return tp_number_all(tp_str_word(rest, " \t\r\n"), out);
}

/* n triples of x, re, im. */
static bool read_points(tp_wave *out, tp_str rest, int n, tp_arena *mem)
{
    double *x = TP_NEW(mem, double, n), *re = TP_NEW(mem, double, n);
    double *im = TP_NEW(mem, double, n);
    bool    complex = false;
    for (int i = 0; i < n; i++) {
        if (!next_number(&rest, &x[i]) || !next_number(&rest, &re[i]) ||
            !next_number(&rest, &im[i]))
            return false;
        complex |= im[i] != 0;
    }
    *out = (tp_wave){.n = n, .x = x, .re = re, .im = complex ? im : NULL};
    return true;
}

bool tp_skill_wave(tp_wave *out, tp_str text, tp_arena *mem)
{
    tp_str rest = text, kind = tp_str_word(&rest, " \t\r\n");
    double v[2] = {0};
    if (tp_str_eq(kind, TP_S("w")) && next_number(&rest, &v[0]) && v[0] >= 1 &&
        v[0] <= (double)text.len / 4)
        return read_points(out, rest, (int)v[0], mem);
    if (!tp_str_eq(kind, TP_S("s")) || !next_number(&rest, &v[0]) ||
        !next_number(&rest, &v[1]))
        return false;
    double *re = TP_NEW(mem, double, 2);
    re[0] = v[0];
    re[1] = v[1];
    *out = (tp_wave){.n = 1, .re = re, .im = v[1] != 0 ? re + 1 : NULL};
    return true;
}
