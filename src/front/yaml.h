/* yaml: a JSON or YAML 1.2 text as a tree whose parts know their place and
   their path ("optimization.specs.gain_db.min"); and reading it with messages
   that name both. */
#ifndef TP_FRONT_YAML_H
#define TP_FRONT_YAML_H

#include "base/base.h"

typedef enum tp_yaml_kind {
    TP_YAML_NULL,
    TP_YAML_BOOL,
    TP_YAML_NUMBER, /* `number`, finite; suffixes as in a deck ("500n") */
    TP_YAML_TEXT,
    TP_YAML_LIST,
    TP_YAML_MAP,
} tp_yaml_kind;

typedef struct tp_yaml {
    tp_yaml_kind kind;
    tp_str       key;  /* of a part of a map; "" else */
    tp_str       text; /* of a scalar, as written (without quotes) */
    double       number;
    bool         truth;
    tp_place     at; /* of a scalar's first byte, behind its quote; else of
                        its key or first part */
    const struct tp_yaml *up;
    int                   index; /* in `up` */
    int                   n;
    const struct tp_yaml *part;
} tp_yaml;

/* TP_BAD_INPUT with its place for what is no JSON or YAML, for a name twice in
   a map, for an alias; TP_LIMIT for nesting beyond 64. `file` must stay. */
tp_status tp_yaml_read(const tp_yaml **out, const tp_source *file,
                       tp_arena *mem, tp_err *err);
/* "optimization.parameters[2].range"; in mem. */
tp_str tp_yaml_path(const tp_yaml *y, tp_arena *mem);
/* Fails at a part: "PATH: message". */
tp_status tp_yaml_fail(const tp_yaml *y, tp_err *err, const char *fmt, ...)
    TP_PRINTF(3, 4);
/* The part of a map with that key; NULL: none, also when `y` is NULL. */
const tp_yaml *tp_yaml_get(const tp_yaml *y, const char *key);

/* Checks the keys of a map against those known (words with blanks between):
   TP_BAD_INPUT for a part that is no map, or names another one, with the
   nearest. NULL is fine. */
tp_status tp_yaml_known(const tp_yaml *y, const char *keys, tp_err *err);
/* The part of that key, which has to be there. */
tp_status tp_yaml_need(const tp_yaml **out, const tp_yaml *y, const char *key,
                       tp_err *err);

/* The value of the part of that key. Without such a part (or a null) `out`
   stays as it is. TP_BAD_INPUT when it is of another kind. */
tp_status tp_yaml_number(double *out, const tp_yaml *y, const char *key,
                         tp_err *err);
tp_status tp_yaml_count(int *out, const tp_yaml *y, const char *key,
                        tp_err *err); /* a whole number >= 0 */
tp_status tp_yaml_bool(bool *out, const tp_yaml *y, const char *key,
                       tp_err *err);
tp_status tp_yaml_text(tp_str *out, const tp_yaml *y, const char *key,
                       tp_err *err);
/* One of `words` (ends with NULL): its index. */
tp_status tp_yaml_choice(int *out, const tp_yaml *y, const char *key,
                         const char *const *words, tp_err *err);
/* A text or a list of texts. */
tp_status tp_yaml_texts(const tp_str **out, int *n, const tp_yaml *y,
                        const char *key, tp_arena *mem, tp_err *err);
/* A list of numbers. */
tp_status tp_yaml_numbers(const double **out, int *n, const tp_yaml *y,
                          const char *key, tp_arena *mem, tp_err *err);
/* A scalar that has to be a number. */
tp_status tp_yaml_as_number(double *out, const tp_yaml *y, tp_err *err);
#endif
