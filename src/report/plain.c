/* Text for a terminal that may come from a deck or a simulator. */
#include "report/report.h"

tp_str tp_report_plain(tp_str s, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    for (ptrdiff_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        tp_buf_char(&b, c < ' ' || c == 0x7f ? '?' : s.at[i]);
    }
    return tp_buf_str(&b);
}
