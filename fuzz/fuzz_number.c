/* Numbers and settings lists: what is read is written and read again. */
#include "fuzz.h"

#include "base/base.h"

#include <math.h>
#include <stdlib.h>

typedef struct settings {
    double real;
    int    whole;
    bool   flag;
    tp_str text;
} settings;

static const tp_param rows[] = {
    {.name = "real", .type = TP_REAL, .at = offsetof(settings, real)},
    {.name = "whole", .type = TP_INT, .at = offsetof(settings, whole)},
    {.name = "flag", .type = TP_BOOL, .at = offsetof(settings, flag)},
    {.name = "text", .type = TP_TEXT, .at = offsetof(settings, text)},
    {0},
};

static void check_number(tp_str s)
{
    double    v = 0, again = 0;
    char      text[TP_NUMBER_MAX];
    ptrdiff_t used = tp_number(s, &v);
    if (used < 0 || used > s.len) abort();
    if (used == 0 || !isfinite(v)) return;
    if (!tp_number_all(tp_str_of(tp_exact(v, text)), &again)) abort();
    if (again != v) abort();
    tp_engineering(v, tp_str_part(s, used, 8), text);
}

static void check_list(tp_str s, tp_arena mem)
{
    settings set;
    tp_params_default(rows, &set);
    if (tp_params_set_list(rows, &set, s, &mem, NULL)) return;
    settings again;
    tp_params_default(rows, &again);
    tp_str list = tp_params_list(rows, &set, &mem);
    if (tp_params_set_list(rows, &again, list, &mem, NULL)) abort();
    if (!tp_str_eq(tp_params_list(rows, &again, &mem), list)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_str   s = {(const char *)data, (ptrdiff_t)size};
    tp_arena mem = tp_arena_open((ptrdiff_t)1 << 26);
    check_number(s);
    check_list(s, mem);
    tp_arena_close(&mem);
    return 0;
}
