/* Spectre netlists: whatever is read, its parameters are replaced and it can be
   read again with the same ones. */
#include "fuzz.h"

#include "netlist/netlist.h"

#include <math.h>
#include <stdlib.h>

static tp_spectre *read_text(tp_str text, tp_arena *mem)
{
    tp_source  *source = TP_NEW(mem, tp_source, 1);
    tp_files   *files = TP_NEW(mem, tp_files, 1);
    tp_spectre *d = NULL;
    tp_err      err = {0};
    *source = (tp_source){TP_S("/srv/a.scs"), text};
    *files = (tp_files){.n = 1, .file = source};
    if (tp_spectre_read(&d, "/srv/a.scs", files, mem, &err) && !err.msg[0])
        abort();
    return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tp_str section[] = {{"ff", 2}};
    tp_str        text = {(const char *)data, (ptrdiff_t)size};
    tp_arena      mem = tp_arena_open((ptrdiff_t)1 << 28);
    tp_condition  in = {.n_section = size % 2, .section = section, .temp = 25};
    tp_circuit    c = {0};
    const tp_str *name;
    tp_spectre   *d = size > 0 ? read_text(text, &mem) : NULL;
    if (d) {
        int     n = tp_spectre_params(d, &name);
        double *v = TP_NEW(&mem, double, n);
        for (int i = 0; i < n; i++) v[i] = i + 0.5;
        if (tp_spectre_circuit(&c, d, &in, name, n, NULL) == TP_OK) {
            tp_str made = tp_spectre_text(&c, v, &mem);
            if (!read_text(made, &mem)) abort();
        }
    }
    tp_arena_close(&mem);
    return 0;
}
