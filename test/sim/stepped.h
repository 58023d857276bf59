/* An amplifier whose operating point ngspice finds by gmin stepping at a supply
   of 1.2 V, and without at 0.1 V. */
#ifndef TP_TEST_STEPPED_H
#define TP_TEST_STEPPED_H

#include "check.h"

static inline tp_str stepped_model(const char *name)
{
    tp_str path = tp_str_fmt(
        check_mem(), "data/pdk/freepdk45/tran_models/models_nom/%s.inc", name);
    tp_str text = {"", 0};
    tp_err err = {0};
    CHECK_OK(tp_file_read(&text, tp_str_z(check_mem(), path), 1 << 20,
                          check_mem(), &err),
             &err);
    return text;
}

/* `params`: .param lines; two of its five transistors have that width. */
static inline const char *stepped_amp(const char *params, const char *width,
                                      const char *supply)
{
    tp_str n = stepped_model("NMOS_VTG"), p = stepped_model("PMOS_VTG");
    tp_str text =
        tp_str_fmt(check_mem(),
                   "* t\n%s\n%.*s\n%.*s\nv0 vdd 0 {%s}\nvin inp 0 0.7\n"
                   "m1 d1 inn tail 0 NMOS_VTG w={%s} l=500n\n"
                   "m2 d2 inp tail 0 NMOS_VTG w={%s} l=500n\n"
                   "m3 d1 d1 vdd vdd PMOS_VTG w=2u l=500n\n"
                   "m4 d2 d1 vdd vdd PMOS_VTG w=2u l=500n\n"
                   "m5 tail nb 0 0 NMOS_VTG w=2u l=500n\n"
                   "m6 out d2 vdd vdd PMOS_VTG w=2u l=500n m=6\n"
                   "m7 out nb 0 0 NMOS_VTG w=2u l=500n m=3\n"
                   "m8 nb nb 0 0 NMOS_VTG w=2u l=500n\n"
                   "ib vdd nb 20u\nlfb out inn 1meg\ncfb inn 0 1k\n.end\n",
                   params, TP_F(n), TP_F(p), supply, width, width);
    return tp_str_z(check_mem(), text);
}
#endif
