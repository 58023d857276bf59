/* spectre: what its files share. */
#ifndef TP_SIM_SPECTRE_H
#define TP_SIM_SPECTRE_H

#include "sim/parts.h"
#include "sim/process.h"

typedef enum tp_raw_format {
    TP_FORMAT_PSF_ASCII,
    TP_FORMAT_NUT_ASCII,
    TP_FORMAT_NUT_BINARY,
} tp_raw_format;

/* What Spectre said in its log. */
typedef enum tp_spectre_verdict {
    TP_SPECTRE_RAN,
    TP_SPECTRE_FAILED,
    TP_SPECTRE_NO_CONVERGENCE,
    TP_SPECTRE_NO_LICENCE, /* worth another try later */
    TP_SPECTRE_UNFINISHED, /* it stops without a word of how it ended */
} tp_spectre_verdict;

/* spectre_log.c: judges a log; *why: its own words, one line. `completion`: the
   words of a run that went well. */
tp_spectre_verdict tp_spectre_judge(tp_str log, tp_str completion, tp_str *why,
                                    tp_arena *mem);

/* spectre_text.c: the analyses as Spectre's statements behind a circuit's text;
   `want` as for run. "" or why one can't be written. */
tp_str tp_spectre_analyses(tp_buf *b, const tp_circuit *c, const bool *want,
                           tp_arena *mem);
/* The name of its statement: "ac" of the id "ac", "tp1" where an id can't be
   one. */
tp_str tp_spectre_name(const tp_circuit *c, int analysis, tp_arena *mem);
extern const char tp_spectre_op[]; /* ours, where a point of another is read */
bool              tp_spectre_needs_op(const tp_circuit *c, const bool *want);

/* spectre_raw.c: the plots of a run whose results are at `path`, into `g`; ""
   or why they can't be used. */
tp_str tp_spectre_plots(tp_gather *g, const bool *want, const char *path,
                        tp_raw_format format);
#endif
