/* What the tests of tables share. */
#ifndef TEST_GMID_TABLE_H
#define TEST_GMID_TABLE_H

#include "check.h"

#include "gmid/gmid.h"

/* The synthetic BSIM4 table (L 0.2, 0.5, 1 um; vgs 0.2 to 1.2 V in 50 mV). */
static inline tp_gmid_table *read_file(const char *path)
{
    tp_err         err = {0};
    tp_str         text;
    tp_gmid_table *t = NULL;
    if (!CHECK_OK(tp_file_read(&text, path, 1 << 20, check_mem(), &err), &err))
        return NULL;
    CHECK_OK(tp_gmid_read(&t, text, tp_str_of(path), check_mem(), &err), &err);
    return t;
}

static inline tp_gmid_table *nmos(void)
{
    return read_file("test/data/gmid/nmos_lookup.json");
}

static inline tp_gmid_table *of_text(const char *text)
{
    tp_err         err = {0};
    tp_gmid_table *t = NULL;
    CHECK_OK(
        tp_gmid_read(&t, tp_str_of(text), TP_S("t.json"), check_mem(), &err),
        &err);
    return t;
}
#endif
