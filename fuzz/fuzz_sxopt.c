/* .sxopt: what is read is a run that can be written into a store's rows; what
   is refused says why. */
#include "fuzz.h"

#include "report/report.h"

#include <stdlib.h>

static void check_rows(const tp_sxopt *x, tp_arena *mem)
{
    tp_files  files;
    tp_proof  proof;
    tp_unpack bundle = {.rest = x->run.bundle};
    if (tp_files_unpack(&files, &bundle, mem, NULL) || !files.n) abort();
    if (tp_proof_unpack(&proof, x->run.proof, NULL)) abort();
    for (int i = 0; i < x->n_trial; i++) {
        const tp_reading *r;
        int               n;
        tp_unpack         u = {.rest = x->trial[i].x};
        tp_unpack         v = {.rest = x->trial[i].readings};
        tp_unpack_doubles(&u, &n, mem);
        if (u.bad || u.rest.len) abort();
        if (tp_readings_unpack(&r, &n, &v, mem, NULL)) abort();
        if (x->trial[i].number < 0 || x->trial[i].attempts < 0) abort();
    }
    for (int i = 0; i < x->n_event; i++)
        if (x->event[i].data.len < 0) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tp_arena mem = tp_arena_open((ptrdiff_t)1 << 28);
    tp_str   text = {(const char *)data, (ptrdiff_t)size};
    tp_err   err = {0};
    tp_sxopt x;
    if (tp_report_sxopt_read(&x, text, &mem, &err)) {
        if (!err.msg[0] || err.line < 0) abort();
    } else {
        check_rows(&x, &mem);
    }
    tp_arena_close(&mem);
    return 0;
}
