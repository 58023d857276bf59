/* "Did you mean": names by edit distance with transpositions of neighbours
   (F. Damerau, CACM 7, 1964; the restricted form, "optimal string
   alignment"). */
#include "base/base.h"

enum { WORD_MAX = 64, SHOWN_MAX = 3 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Row i of the distance table from the two rows above it. */
static void next_row(tp_str a, tp_str b, int i, const int *before,
                     const int *above, int *row)
{
    char c = tp_lower(a.at[i - 1]);
    row[0] = i;
    for (int j = 1; j <= b.len; j++) {
        char d = tp_lower(b.at[j - 1]);
        row[j] = least(above[j], row[j - 1]) + 1;
        row[j] = least(row[j], above[j - 1] + (c != d));
        if (i > 1 && j > 1 && c == tp_lower(b.at[j - 2]) &&
            d == tp_lower(a.at[i - 2]))
            row[j] = least(row[j], before[j - 2] + 1);
    }
}

static int distance(tp_str a, tp_str b)
{
    int row[3][WORD_MAX + 1];
    for (int j = 0; j <= b.len; j++) row[0][j] = row[2][j] = j;
    for (int i = 1; i <= a.len; i++)
        next_row(a, b, i, row[(i + 1) % 3], row[(i + 2) % 3], row[i % 3]);
    return row[a.len % 3][b.len];
}

int tp_nearest(tp_str want, const tp_str *name, int n, int *out, int max)
{
    int far[WORD_MAX], found = 0;
    if (want.len == 0 || want.len > WORD_MAX) return 0;
    max = least(max, WORD_MAX);
    int limit = (int)want.len / 3 + 1;
    for (int i = 0; i < n; i++) {
        ptrdiff_t longer = name[i].len - want.len;
        if (name[i].len > WORD_MAX || longer > limit || -longer > limit)
            continue;
        bool again = false; /* a name of several rows */
        for (int k = 0; k < found; k++)
            again |= tp_str_same(name[out[k]], name[i]);
        int d = again ? WORD_MAX : distance(want, name[i]);
        if (d > limit || d >= least((int)want.len, (int)name[i].len)) continue;
        int at = found;
        while (at > 0 && far[at - 1] > d) at--;
        if (at >= max) continue;
        found = least(found + 1, max);
        for (int k = found - 1; k > at; k--) {
            far[k] = far[k - 1];
            out[k] = out[k - 1];
        }
        far[at] = d;
        out[at] = i;
    }
    return found;
}

tp_str tp_did_you_mean(tp_arena *a, tp_str want, const tp_str *name, int n)
{
    int out[SHOWN_MAX];
    int found = tp_nearest(want, name, n, out, SHOWN_MAX);
    if (found == 0) return (tp_str){"", 0};
    tp_buf b = {.mem = a};
    tp_buf_add(&b, TP_S(" (did you mean "));
    for (int i = 0; i < found; i++) {
        if (i > 0) tp_buf_add(&b, TP_S(", "));
        tp_buf_add(&b, name[out[i]]);
    }
    tp_buf_add(&b, TP_S("?)"));
    return tp_buf_str(&b);
}
