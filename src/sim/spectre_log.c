/* What Spectre's log says of a run. A run went well when it says so ("completes
   with 0 errors") and nothing that stands against it; the exit status alone
   says little. Lines are looked at in the order of the rows: what is fatal
   outranks what was only doubtful. */
#include "sim/spectre.h"

enum { WHY_LINES = 3 };

static const struct {
    tp_spectre_verdict verdict;
    const char        *words, *unless;
} rows[] = {
    {TP_SPECTRE_NO_LICENCE, "license", "licensed"},
    {TP_SPECTRE_NO_LICENCE, "licence", NULL},
    {TP_SPECTRE_NO_LICENCE, "LMF-", NULL},
    {TP_SPECTRE_NO_CONVERGENCE, "failed to converge", NULL},
    {TP_SPECTRE_NO_CONVERGENCE, "SPCRTRF-", NULL},
    {TP_SPECTRE_NO_CONVERGENCE, "No convergence", "No convergence difficult"},
    {TP_SPECTRE_NO_CONVERGENCE, "convergence failure", NULL},
    {TP_SPECTRE_FAILED, "ERROR (", NULL},
    {TP_SPECTRE_FAILED, "FATAL", NULL},
    {TP_SPECTRE_FAILED, "fatal error", NULL},
    {TP_SPECTRE_FAILED, "assertion", NULL},
    {TP_SPECTRE_FAILED, "core dump", NULL},
    {TP_SPECTRE_FAILED, "internal error", NULL},
    {TP_SPECTRE_FAILED, "cannot open input file", NULL},
    {TP_SPECTRE_FAILED, "error reading", NULL},
    {TP_SPECTRE_FAILED, "read-in failed", NULL},
};

/* Where `words` stand in the line, ASCII case ignored; -1 nowhere. */
static ptrdiff_t find_words(tp_str line, const char *words)
{
    tp_str w = tp_str_of(words);
    for (ptrdiff_t i = 0; i + w.len <= line.len; i++)
        if (tp_str_same(tp_str_part(line, i, w.len), w)) return i;
    return -1;
}

static tp_str next_line(tp_str *rest)
{
    ptrdiff_t end = tp_str_find(*rest, '\n', 0);
    if (end < 0) end = rest->len;
    tp_str line = tp_str_trim(tp_str_part(*rest, 0, end));
    *rest = tp_str_from(*rest, end + 1);
    return line;
}

/* Lines that only count or give notice. */
static bool is_benign(tp_str line)
{
    static const char *const starts[] = {"Notice", "spectre completes",
                                         "Warning", "WARNING"};
    for (int i = 0; i < TP_COUNT(starts); i++)
        if (tp_str_starts(line, tp_str_of(starts[i]))) return true;
    return false;
}

/* The row of a line, or -1. */
static int row_of(tp_str line)
{
    if (is_benign(line)) return -1;
    for (int i = 0; i < TP_COUNT(rows); i++) {
        if (find_words(line, rows[i].words) < 0) continue;
        if (rows[i].unless && find_words(line, rows[i].unless) >= 0) continue;
        return i;
    }
    return -1;
}

/* A licence that was found after all, or one line among errors of another
   kind, decides nothing. */
static bool outranks(int row, int best)
{
    if (best < 0) return true;
    return rows[row].verdict != TP_SPECTRE_FAILED &&
           rows[best].verdict == TP_SPECTRE_FAILED;
}

static void add_line(tp_buf *why, int *n, tp_str line)
{
    if (*n >= WHY_LINES) return;
    if (++*n > 1) tp_buf_add(why, TP_S("; "));
    tp_buf_add(why, line);
}

tp_spectre_verdict tp_spectre_judge(tp_str log, tp_str completion, tp_str *why,
                                    tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_str rest = log, last = {"", 0};
    int    best = -1, n = 0;
    bool   complete = false;
    while (rest.len > 0) {
        tp_str line = next_line(&rest);
        if (line.len == 0) continue;
        last = line;
        tp_arena scratch = *mem;
        complete |= find_words(line, tp_str_z(&scratch, completion)) >= 0;
        int row = row_of(line);
        if (row < 0) continue;
        add_line(&b, &n, line);
        if (outranks(row, best)) best = row;
    }
    *why = tp_buf_str(&b);
    bool licence = best >= 0 && rows[best].verdict == TP_SPECTRE_NO_LICENCE;
    if (complete && (best < 0 || licence)) return TP_SPECTRE_RAN;
    if (best >= 0) return rows[best].verdict;
    *why = last.len > 0 ? tp_str_fmt(mem, "the log ends with: %.*s", TP_F(last))
                        : TP_S("the log is empty");
    return TP_SPECTRE_UNFINISHED;
}
