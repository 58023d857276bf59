/* The inside of dials. */
#ifndef TP_NETLIST_DIALS_H
#define TP_NETLIST_DIALS_H

#include "netlist/flat.h"
#include "netlist/text.h"

/* A transistor whose model has bins. */
struct tp_bin_user {
    tp_str  base, device, path;
    tp_term l, w, nf;
};
/* A device with a model, to reach that model through. */
struct tp_owner {
    tp_str path, type, device;
};
/* A number of a model that varies. */
struct tp_later {
    int     row;
    tp_str  text, par;
    tp_term term;
    tp_str  path;
};

struct tp_dials_inside {
    tp_flat             f;
    tp_bins             bins;
    bool                per_finger; /* bins go by w / nf */
    int                 n_dial, cap_dial, cap_term;
    tp_dial            *dial;
    tp_term            *term;
    int                 n_user, cap_user;
    struct tp_bin_user *user;
    int                 n_owner, cap_owner;
    struct tp_owner    *owner;
    int                 n_later, cap_later;
    struct tp_later    *later;
    double             *value; /* of the code's steps at the last point */
    tp_str              why;
    int                 line;
    const char         *tran;
};
#endif
