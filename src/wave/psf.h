/* What the files of the PSF-ASCII reader share: its words and its types. */
#ifndef TP_WAVE_PSF_H
#define TP_WAVE_PSF_H

#include "wave/wave.h"

typedef enum tp_psf_word {
    TP_PSF_END, /* of the file */
    TP_PSF_STRING,
    TP_PSF_NUMBER, /* nan and inf among them */
    TP_PSF_KEY,    /* HEADER, FLOAT, PROP ... */
    TP_PSF_OPEN,
    TP_PSF_CLOSE,
    TP_PSF_STAR,
} tp_psf_word;

typedef struct tp_psf_lexer {
    tp_str      all;
    ptrdiff_t   at;
    int         line;
    tp_psf_word now;
    tp_str      text; /* of a string without its backslashes; of others as
                         written */
    double    number;
    tp_arena *mem;
    tp_err   *err;
} tp_psf_lexer;

tp_status tp_psf_next(tp_psf_lexer *l);
bool      tp_psf_at_key(const tp_psf_lexer *l, const char *key);
/* "PSF file, line 3: wanted a type, got '12'". */
tp_status tp_psf_unexpected(const tp_psf_lexer *l, const char *wanted);
tp_status tp_psf_bad(const tp_psf_lexer *l, tp_status code, const char *fmt,
                     ...) TP_PRINTF(3, 4);
/* Goes on behind a word that must be here. */
tp_status tp_psf_expect(tp_psf_lexer *l, tp_psf_word word, const char *wanted);

typedef enum tp_psf_kind {
    TP_PSF_UNKNOWN, /* a value shows what it is */
    TP_PSF_REAL,
    TP_PSF_COMPLEX,
    TP_PSF_TEXT,
    TP_PSF_ARRAY,
    TP_PSF_STRUCT,
} tp_psf_kind;

typedef struct tp_psf_type {
    tp_str              name, unit;
    tp_psf_kind         kind;
    int                 n;
    struct tp_psf_type *field; /* of a structure */
} tp_psf_type;
typedef struct tp_psf_types {
    int          n, cap;
    tp_psf_type *type;
} tp_psf_types;

/* The types up to the next section's word. */
tp_status          tp_psf_read_types(tp_psf_types *out, tp_psf_lexer *l);
const tp_psf_type *tp_psf_type_find(const tp_psf_types *t, tp_str name);
/* "PROP( name value ... )", where there is one; `unit` is changed where it
   has "units". */
tp_status tp_psf_read_props(tp_psf_lexer *l, tp_str *unit);
#endif
