/* The lines of a post-process script, and their statements. */
#ifndef TP_FRONT_SCRIPT_H
#define TP_FRONT_SCRIPT_H

#include "front/inside.h"

typedef struct tp_script_text {
    tp_str   text;
    tp_place from; /* of its first byte */
} tp_script_text;

/* Reads all statements: every expression compiled, every name bound. */
tp_status tp_script_read(tp_reader *r, const tp_script_text *text,
                         const tp_step **step, int *n, tp_err *err);
#endif
