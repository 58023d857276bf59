/* gmid: lookup tables of a transistor's gm/Id (inversion level) against its
   current density, and the sizes that follow from them. The file is the JSON
   of `vcli process char` (process_data/<pdk>/nmos_lookup.json) with axes of
   our own beside the length: drain and bulk voltage, corner, temperature.
   Method: P. Jespers and B. Murmann, "Systematic Design of Analog CMOS
   Circuits", 2017. All values are SI units and positive, for PMOS too (its
   vgs is VSG, its vsb is VBS). */
#ifndef TP_GMID_H
#define TP_GMID_H

#include "base/base.h"

/* What a row of a table can hold. Rows marked 1 are in a table those of a
   device of the table's width (A, S, F), in a point found in it per width. */
#define TP_GMID_LIST(X) /* name, key in the file, unit, per width, words */ \
    X(VGS, "vgs", "V", 0, "gate-source voltage")                            \
    X(RATIO, "gmid", "1/V", 0, "gm/Id")                                     \
    X(JD, "id", "A/m", 1, "drain current per width")                        \
    X(GAIN, "gain", "", 0, "gm/gds")                                        \
    X(VOV, "vov", "V", 0, "vgs - vth")                                      \
    X(FT, "ft", "Hz", 0, "gm/(2 pi |cgs|)")                                 \
    X(VTH, "vth", "V", 0, "threshold voltage")                              \
    X(GDS, "gds", "S/m", 1, "output conductance per width")                 \
    X(CGS, "cgs", "F/m", 1, "gate-source capacitance per width")            \
    X(CGG, "cgg", "F/m", 1, "gate capacitance per width")                   \
    X(VDSAT, "vdsat", "V", 0, "saturation voltage")
#define X(name, key, unit, per_width, words) TP_GMID_##name,
typedef enum tp_gmid_column { TP_GMID_LIST(X) TP_GMID_COLUMNS } tp_gmid_column;
#undef X
const char *tp_gmid_key(tp_gmid_column c);
const char *tp_gmid_unit(tp_gmid_column c); /* of a point */
const char *tp_gmid_words(tp_gmid_column c);

/* The axes beside vgs; a file without vds, vsb or temp has one value there,
   NAN: not stated. */
typedef enum tp_gmid_axis_kind {
    TP_GMID_L,
    TP_GMID_VDS,
    TP_GMID_VSB,
    TP_GMID_TEMP,
    TP_GMID_AXES
} tp_gmid_axis_kind;
typedef struct tp_gmid_axis {
    int           n;  /* >= 1 */
    const double *at; /* rising; m, V, V, degrees C */
} tp_gmid_axis;
/* Lengths i and i + 1 are the two sides of a jump of the model (less than 1e-4
   apart): nothing is interpolated across it. */
bool tp_gmid_jumps(const tp_gmid_axis *length, int i);

/* One length, drain and bulk voltage, corner and temperature: rows by rising
   vgs. The usable branch begins at the largest gm/Id; rows of it whose gm/Id
   is not below, or whose current is not above, those before are left out of
   it, and it ends where gm/Id rises by more than 2 %. */
typedef struct tp_gmid_curve {
    int           n;                  /* 0: not in the table */
    const double *v[TP_GMID_COLUMNS]; /* as in the file; NULL: no such column,
                                         NAN: a gap */
    int           n_use;              /* rows of the branch */
    const int    *row;                /* which these are */
    const double *y[TP_GMID_COLUMNS]; /* theirs as interpolated: ln(id) */
} tp_gmid_curve;

typedef struct tp_gmid_table {
    tp_str        name; /* for messages: the file's */
    tp_str        process, device, model, characterized;
    bool          pmos; /* `device` says so */
    double        w;    /* m, of the simulated device */
    int           n_corner, def_corner;
    const tp_str *corner; /* "" where the file names none */
    tp_gmid_axis  axis[TP_GMID_AXES];
    double        def[TP_GMID_AXES]; /* where a query says nothing (not L) */
    const tp_gmid_curve *curve;      /* [corner][temp][vsb][vds][l] */
} tp_gmid_table;

/* The curve at these indices of the axes. */
const tp_gmid_curve *tp_gmid_curve_at(const tp_gmid_table *t, int corner,
                                      const int at[TP_GMID_AXES]);

/* For who makes a table: room for its curves, once the axes stand (TP_LIMIT
   above a million of them), the index of one, and what a finished one needs
   (empty columns dropped, the branch found). */
tp_status tp_gmid_grid(tp_gmid_curve **out, tp_gmid_table *t, tp_arena *mem,
                       tp_err *err);
int       tp_gmid_index(const tp_gmid_table *t, int corner,
                        const int at[TP_GMID_AXES]);
void      tp_gmid_curve_done(tp_gmid_curve *c, tp_arena *mem);

/* Reads a lookup file. Only vgs, gmid, id and gain are required in a row (a
   null gain is gds = 0), only `l` and `points` in an entry of `data`.
   TP_BAD_INPUT names the place: line and column, or data[3].points[7].id. */
tp_status tp_gmid_read(tp_gmid_table **out, tp_str json, tp_str name,
                       tp_arena *mem, tp_err *err);
/* The same file again. Entries of the default drain and bulk voltage, corner
   and temperature come first: programs that know only lengths read these. */
tp_str tp_gmid_write(const tp_gmid_table *t, tp_arena *mem);

/* How what lies between the rows is found. */
typedef enum tp_gmid_between {
    TP_GMID_PCHIP,  /* monotone cubics, over log L between lengths */
    TP_GMID_LINEAR, /* ln(id) straight in gm/Id, and in log L */
    TP_GMID_NEAREST /* as vcli: the nearest length, then the nearest row */
} tp_gmid_between;

/* Where to look; start from tp_gmid_where(l). */
typedef struct tp_gmid_at {
    double          l;              /* m */
    double          vds, vsb, temp; /* NAN: the table's default */
    tp_str          corner;         /* "": the table's default */
    tp_gmid_between between;
} tp_gmid_at;
tp_gmid_at tp_gmid_where(double l);

/* An operating point; columns that the table lacks are NAN, a gain may be
   infinite. */
typedef struct tp_gmid_point {
    double v[TP_GMID_COLUMNS];
} tp_gmid_point;

/* The point with this gm/Id on the usable branch. Outside the table
   TP_BAD_INPUT says which axis, its range and what was asked for. */
tp_status tp_gmid_find(tp_gmid_point *out, const tp_gmid_table *t, double gmid,
                       const tp_gmid_at *at, tp_err *err);
/* The gm/Id that all the curves around this place have: lo to hi. */
tp_status tp_gmid_range(double *lo, double *hi, const tp_gmid_table *t,
                        const tp_gmid_at *at, tp_err *err);

/* How far one table's rows are from what another gives there. */
typedef struct tp_gmid_misses {
    int    n, outside; /* rows compared; rows that the other does not reach */
    double worst_w, mean_w;       /* relative, of the width for a current */
    double worst_gain, worst_vgs; /* relative; V */
    double gmid, l;               /* where the width is worst */
} tp_gmid_misses;
/* Each row of `rows` with lo <= gm/Id <= hi, on the usable branch and in
   saturation (vds >= 1.2 vdsat where that is known), against `t`. Left out is
   where gm/Id hardly fixes the width: 1 % of it is over 12 % of W, as it is
   towards the largest gm/Id and on a plateau. */
void tp_gmid_compare(tp_gmid_misses *out, const tp_gmid_table *t,
                     const tp_gmid_table *rows, double lo, double hi);

/* ---- sizes --------------------------------------------------------------- */

/* What fixes a device's current; exactly one row of the list below. */
typedef enum tp_gmid_given {
    TP_GMID_BY_GM,     /* gm */
    TP_GMID_BY_ID,     /* id */
    TP_GMID_BY_BUDGET, /* id = budget / branches */
    TP_GMID_BY_GBW,    /* gm = 2 pi gbw c factor (factor 1: Miller, c = Cc;
                          1.2: one stage, c = CL) */
    TP_GMID_BY_SLEW,   /* id = slew c factor (factor 1: the tail device, 0.5:
                          half of the pair) */
    TP_GMID_GIVENS
} tp_gmid_given;
typedef struct tp_gmid_need {
    tp_gmid_given given;
    double        gm;        /* S */
    double        id;        /* A */
    double        budget;    /* A */
    double        branches;  /* >= 1 */
    double        gbw, slew; /* Hz, V/s */
    double        c, factor; /* F, > 0 */
} tp_gmid_need;

typedef struct tp_gmid_size {
    double        w, id, gm; /* m, A, S */
    bool          derived;   /* from a specification, not given */
    const char   *how;       /* "gm = 2 pi gbw c" */
    tp_gmid_point at;
} tp_gmid_size;

/* Id = gm/(gm/Id) and W = Id/JD, with JD = id/w_testbench the current per
   width at that length (which is why the length does not appear again). */
tp_status tp_gmid_fit(tp_gmid_size *out, const tp_gmid_table *t, double gmid,
                      const tp_gmid_at *at, const tp_gmid_need *need,
                      tp_err *err);
#endif
