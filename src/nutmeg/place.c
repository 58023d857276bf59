/* Where in a script's text a part of a statement stands: through the `$` that
   were replaced in it and the lines that continue it. */
#include "nutmeg/inside.h"

#include <string.h>

/* The offset in the statement as written of byte `at` of it as said; of what a
   `$` put there that of the `$`. */
static ptrdiff_t as_written(const tp_nutmeg_said *s, ptrdiff_t at)
{
    tp_str    raw = s->written, said = s->said;
    ptrdiff_t same = 0, behind = said.len - at;
    while (same < raw.len && same < said.len && raw.at[same] == said.at[same])
        same++;
    if (at < same || same == raw.len) return at;
    if (behind > 0 && behind <= raw.len - same &&
        !memcmp(said.at + at, raw.at + raw.len - behind, (size_t)behind))
        return raw.len - behind;
    return same;
}

static ptrdiff_t blanks(tp_str s)
{
    ptrdiff_t n = 0;
    while (n < s.len && tp_is_space(s.at[n])) n++;
    return n;
}

tp_place tp_nm_continued(tp_place at)
{
    if (!at.in || at.col < 1) return at;
    tp_str    text = at.in->text;
    ptrdiff_t col = at.col - 1;
    for (int i = 1; i < at.line; i++) tp_nm_cut_line(&text);
    tp_str line = tp_nm_cut_line(&text);
    while (col > line.len) {
        tp_str    more = tp_nm_cut_line(&text);
        ptrdiff_t lead = blanks(more);
        more = tp_str_trim(more);
        if (!more.len || more.at[0] != '+') return at;
        col -= line.len + 1; /* a blank stands for the end of the line */
        line = tp_str_from(more, 1);
        at.line++;
        at.col = (int)(lead + 1 + col) + 1;
    }
    return at;
}

tp_nutmeg_said tp_nutmeg_now(const tp_nutmeg *m)
{
    return m->now;
}

tp_place tp_nutmeg_place(const tp_nutmeg_said *s, ptrdiff_t at)
{
    tp_place p = s->at;
    if (p.line > 0) p.col += (int)as_written(s, at);
    return tp_nm_continued(p);
}

tp_place tp_nutmeg_place_of(const tp_nutmeg *m, tp_str part)
{
    tp_str said = m->now.said;
    bool   inside = part.at >= said.at && part.at <= said.at + said.len;
    return tp_nutmeg_place(&m->now, inside ? part.at - said.at : 0);
}

void tp_nm_place_col(const tp_nutmeg *m, tp_str part, tp_err *err)
{
    tp_str said = m->now.said;
    bool   inside = part.at >= said.at && part.at <= said.at + said.len;
    if (!err || err->file[0]) return;
    if (inside && err->line <= 1 && err->col > 0)
        err->col += (int)(part.at - said.at);
    else
        err->line = err->col = 0;
}

void tp_nm_place_err(const tp_nutmeg *m, tp_err *err)
{
    if (!err || err->file[0]) return;
    ptrdiff_t at = err->line <= 1 && err->col > 0 ? err->col - 1 : 0;
    if (err->line <= 1) err->line = err->col = 0;
    tp_err_place(err, tp_nutmeg_place(&m->now, at));
}
