/* base: what every other module stands on: strings, arenas, errors, numbers
   with SPICE suffixes, setting rows, files, byte packing, random numbers.
   Nothing here knows of circuits. Nothing here prints or exits, but
   tp_alloc(), which ends the program (status 70) when an arena's reserved
   address space is used up: sizes that a user controls are checked against a
   limit before they get there. */
#ifndef TP_BASE_H
#define TP_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define TP_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#else
#define TP_PRINTF(fmt, first)
#endif

#define TP_COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

/* ---- arenas: three lifetimes (run, job, scratch) ---------------------- */

/* A bump allocator over address space reserved once. Passed by value it is a
   scratch arena: what the callee took is gone on return. */
typedef struct tp_arena {
    char *beg, *end; /* free part */
    char *base;      /* start of the reservation, for tp_arena_close */
} tp_arena;

/* An arena of `size` bytes of address space (memory is used as it is
   touched); fewer where address space is limited. Ends the program (status 5)
   when the system refuses. */
tp_arena tp_arena_open(ptrdiff_t size);
/* Gives the whole reservation back; `a` is empty after it. */
void tp_arena_close(tp_arena *a);
/* `count` objects of `size` bytes, zeroed; never NULL. */
void *tp_alloc(tp_arena *a, ptrdiff_t size, ptrdiff_t align, ptrdiff_t count);
#define TP_NEW(a, T, n) \
    ((T *)tp_alloc((a), (ptrdiff_t)sizeof(T), (ptrdiff_t) _Alignof(T), (n)))

/* Makes room for one more element in an array in an arena: `*cap` grows by
   doubling and the elements move. Returns the array (`old` or its copy). */
void *tp_grow(tp_arena *a, const void *old, int n, int *cap, ptrdiff_t size,
              ptrdiff_t align);
#define TP_PUSH(a, array, n, cap)                                             \
    ((array) = tp_grow((a), (array), (n), &(cap), (ptrdiff_t)sizeof *(array), \
                       (ptrdiff_t) _Alignof(max_align_t)),                    \
     &(array)[(n)++])

/* ---- strings: pointer and length, not owned --------------------------- */

typedef struct tp_str {
    const char *at;
    ptrdiff_t   len;
} tp_str;
#define TP_S(literal) ((tp_str){"" literal, (ptrdiff_t)sizeof(literal) - 1})
/* For printf: "%.*s", TP_F(s) */
#define TP_F(s) (int)(s).len, (s).at

tp_str tp_str_of(const char *zero_terminated); /* NULL gives an empty one */
bool   tp_str_eq(tp_str a, tp_str b);
bool   tp_str_same(tp_str a, tp_str b);      /* ASCII case ignored */
bool   tp_str_starts(tp_str s, tp_str with); /* ASCII case ignored */
bool   tp_str_has(tp_str s, tp_str part);    /* the same, anywhere */
int    tp_str_cmp(tp_str a, tp_str b);       /* by bytes, like strcmp */
/* Bytes of the UTF-8 character at the start of s; 0: it is none. */
int    tp_utf8_length(tp_str s);
tp_str tp_str_trim(tp_str s);               /* no blanks at either end */
tp_str tp_str_from(tp_str s, ptrdiff_t at); /* s[at..]; clamped */
tp_str tp_str_part(tp_str s, ptrdiff_t at, ptrdiff_t len); /* clamped */
/* Index of the first `c` at or after `from`, or -1. */
ptrdiff_t tp_str_find(tp_str s, char c, ptrdiff_t from);
/* The next run of bytes that are not in `separators`, cut off the front of
   `rest`; len 0 at the end. */
tp_str tp_str_word(tp_str *rest, const char *separators);
tp_str tp_str_copy(tp_arena *a, tp_str s);
tp_str tp_str_lower(tp_arena *a, tp_str s); /* ASCII, a copy */
char  *tp_str_z(tp_arena *a, tp_str s);     /* a zero-terminated copy */
tp_str tp_str_fmt(tp_arena *a, const char *fmt, ...) TP_PRINTF(2, 3);
char   tp_lower(char c); /* ASCII */
bool   tp_is_digit(char c);
bool   tp_is_alpha(char c); /* ASCII letter */

static inline bool tp_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A growing string in an arena. Zero-initialise but for `mem`. */
typedef struct tp_buf {
    tp_arena *mem;
    char     *at;
    ptrdiff_t len, cap;
} tp_buf;
void   tp_buf_add(tp_buf *b, tp_str s);
void   tp_buf_char(tp_buf *b, char c);
void   tp_buf_fmt(tp_buf *b, const char *fmt, ...) TP_PRINTF(2, 3);
void   tp_buf_json(tp_buf *b, tp_str s); /* in quotes, as JSON writes it */
tp_str tp_buf_str(const tp_buf *b);      /* borrowed from the buffer */

/* The `want`-like names of a list, best first, for "did you mean": at most
   `max` indices into `name` in `out`; returns how many. Edit distance with
   transpositions (Damerau 1964), ASCII case ignored, at most a third of the
   word's length plus one. */
int tp_nearest(tp_str want, const tp_str *name, int n, int *out, int max);
/* " (did you mean a, b?)" or "". */
tp_str tp_did_you_mean(tp_arena *a, tp_str want, const tp_str *name, int n);

/* ---- errors: an operation that could not be done ---------------------- */

#define TP_STATUS_LIST(X) /* name, exit status of the program, words */ \
    X(OK, 0, "success")                                                 \
    X(BAD_INPUT, 2, "the user's input is wrong")                        \
    X(LIMIT, 2, "a size limit was reached")                             \
    X(SIM, 3, "the simulator is unusable")                              \
    X(INTERRUPTED, 4, "stopped by the user")                            \
    X(IO, 5, "reading or writing failed")                               \
    X(BUSY, 5, "another process works on it")
#define X(name, exit, words) TP_##name,
typedef enum tp_status { TP_STATUS_LIST(X) } tp_status;
#undef X
int         tp_status_exit(tp_status s); /* the program's exit status */
const char *tp_status_words(tp_status s);

/* A text that came from somewhere: a file of a deck, a command-line flag. */
typedef struct tp_source {
    tp_str name, text;
} tp_source;
/* A place in one; line and col are 1-based, 0: none. in may be NULL. */
typedef struct tp_place {
    const tp_source *in;
    int              line, col;
} tp_place;

typedef struct tp_err { /* caller-owned, never allocates; NULL may be passed */
    tp_status code;
    int       line, col; /* 1-based place in the input, 0: none */
    char      file[200]; /* its name; "" none */
    char      text[160]; /* the source line around the column */
    int       caret;     /* 1-based column of the caret in `text` */
    char      msg[400];
} tp_err;
tp_status tp_fail(tp_err *err, tp_status code, const char *fmt, ...)
    TP_PRINTF(3, 4);
/* The same with the place, whose source line is copied into `err`. */
tp_status tp_fail_at(tp_err *err, tp_status code, tp_place at, const char *fmt,
                     ...) TP_PRINTF(4, 5);
/* Gives an error without a file name this place. What it knew itself, a line
   and column inside a text that starts at `at`, is added: column 3 of a text
   that starts in column 10 is column 12. */
void tp_err_place(tp_err *err, tp_place at);
/* Puts "doing: " in front of the message; returns err->code, which must not
   be TP_OK (TP_BAD_INPUT without an err). */
tp_status tp_while(tp_err *err, const char *doing, ...) TP_PRINTF(2, 3);
/* That these never give TP_OK, the static analyzer is told here: it looks at
   one file at a time. */
#if defined(__clang_analyzer__)
#define tp_fail(err, code, ...) ((tp_fail)(err, code, __VA_ARGS__), (code))
#define tp_fail_at(err, code, at, ...) \
    ((tp_fail_at)(err, code, at, __VA_ARGS__), (code))
#define tp_while(err, ...) ((tp_while)(err, __VA_ARGS__), TP_BAD_INPUT)
#endif
/* The whole report as printed: "file:3:7: message", source line, caret. */
tp_str tp_err_text(const tp_err *err, tp_arena *a);
#define TP_TRY(call)                               \
    do {                                           \
        tp_status tp_try_status_ = (call);         \
        if (tp_try_status_) return tp_try_status_; \
    } while (0)

/* ---- numbers ---------------------------------------------------------- */

/* Reads a SPICE number at the start of `s`: sign, digits, exponent, then a
   suffix (t g meg k mil m u n p f, case ignored) and unit letters, which
   are skipped ("10kOhm"). Returns the bytes used, 0 when there is none.
   Rounded once, so 4.7k is 4700; too large gives infinity. */
ptrdiff_t tp_number(tp_str s, double *value);
/* The same, and all of `s` (blanks aside) must be it. */
bool tp_number_all(tp_str s, double *value);
/* Both as SIMetrix reads numbers: a is atto. SPICE takes it for a unit's
   letter, as in 1A (ngspice manual, "Some naming conventions"). */
ptrdiff_t tp_number_atto(tp_str s, double *value);
bool      tp_number_all_atto(tp_str s, double *value);
/* Where what SPICE skips begins, behind digits, exponent and suffix; 0: no
   number. */
ptrdiff_t tp_number_letters(tp_str s);
/* What is read otherwise than it looks in a number of a deck, for a notice:
   letters that are no unit ("100z", "1Farad", "4k7"), milli where mega is meant
   ("1MHz", "1Mohm"); "" nothing. */
tp_str tp_number_doubt(tp_str number, tp_arena *mem);
bool   tp_number_is_odd(tp_str number); /* whether there is such */
/* Whether it ends in a capital M and most people would take it for mega: 1M,
   not 0.1M; and the same notice of a bound or a limit, where 1M is one too. */
bool   tp_number_is_mega(tp_str number);
tp_str tp_number_remark(tp_str number, tp_arena *mem);
/* The same without unit letters: "10k", not "10kOhm". */
bool tp_number_bare(tp_str s, double *value);
enum { TP_NUMBER_MAX = 40 };
/* The shortest decimal that reads back to the same double ("0.1", "1e-09",
   "inf", "nan"); returns `out`. */
char *tp_exact(double v, char out[TP_NUMBER_MAX]);
/* As printf's "%.15e", which it does in a third of the time. */
char *tp_digits(double v, char out[TP_NUMBER_MAX]);
/* For people: 4 significant digits with an engineering prefix and the unit:
   "2.441 mA", "277 MHz", "18.78 dB" (dB, deg, "" and other non-SI units take
   no prefix); the unit "ratio" is shown in per cent: 0.0132 -> "1.32 %". */
char *tp_engineering(double v, tp_str unit, char out[TP_NUMBER_MAX]);
/* The same with `digits` (1..15) significant digits. */
char *tp_engineering_digits(double v, tp_str unit, int digits,
                            char out[TP_NUMBER_MAX]);

/* ---- random numbers and hashes ---------------------------------------- */

typedef struct tp_rng {
    uint64_t s;
} tp_rng;
tp_rng   tp_rng_at(uint64_t seed, uint64_t k); /* stream k of a seed */
uint64_t tp_rng_next(tp_rng *r);               /* SplitMix64 (Steele 2014) */
double   tp_rng_uniform(tp_rng *r);            /* [0,1), 53 bits */
double   tp_rng_normal(tp_rng *r);             /* mean 0, deviation 1 */
int      tp_rng_below(tp_rng *r, int n);       /* 0..n-1, unbiased */

/* 64-bit FNV-1a with a final mix; `seed` 0 or an earlier hash to go on. */
uint64_t tp_hash(uint64_t seed, tp_str bytes);
/* 128 bits of XXH3 (xxHash 0.8), the same on every machine: for files that
   are compared by it, of which none was made to deceive. */
typedef struct tp_digest {
    uint64_t low, high;
} tp_digest;
tp_digest tp_digest_of(tp_str bytes);
bool      tp_digest_eq(tp_digest a, tp_digest b);

/* ---- settings: one row = default, check, flag, file key, manual line --- */

typedef enum tp_type {
    TP_REAL = 1,
    TP_INT,
    TP_BOOL,
    TP_CHOICE,
    TP_TEXT
} tp_type;
typedef struct tp_param {
    const char *name;
    tp_type     type;
    size_t      at; /* offsetof the field in the settings struct:
                       double, int, bool, int (index), tp_str */
    int count;      /* > 0: an array of so many fields, set as name0,
                       name1, ..., or all of them as name */
    double             def, min, max; /* no range when min == max */
    const char        *text_def;      /* TP_TEXT: its default */
    const char *const *choices;       /* TP_CHOICE: ends with NULL */
    const char        *unit, *text;
} tp_param; /* a table ends with {0} */

/* Every row's field has its default; fields without a row stay. */
void tp_params_default(const tp_param *rows, void *settings);
/* Case ignored; the row with a count for "name7" too. NULL: none. */
const tp_param *tp_params_find(const tp_param *rows, tp_str name);
/* Sets one from text; TP_BAD_INPUT "levels: 1 is outside 2 to 1000", or
   "unknown setting 'levls' (did you mean levels?)". TP_TEXT is copied to
   `mem`. */
tp_status tp_params_set(const tp_param *rows, void *settings, tp_str name,
                        tp_str value, tp_arena *mem, tp_err *err);
/* Sets many from "a=1,b=2" (empty is fine); b="x,y" has a comma inside, a
   quote inside quotes is doubled. */
tp_status tp_params_set_list(const tp_param *rows, void *settings, tp_str list,
                             tp_arena *mem, tp_err *err);
/* "a=1,b=2" of every row, full precision: what set_list reads back onto the
   defaults. Of a row with a count only what is not its default. */
tp_str tp_params_list(const tp_param *rows, const void *settings,
                      tp_arena *mem);

/* ---- files ------------------------------------------------------------ */

/* The whole file; TP_IO when it can't be read, TP_LIMIT above `max` bytes. */
tp_status tp_file_read(tp_str *out, const char *path, ptrdiff_t max,
                       tp_arena *mem, tp_err *err);
/* The file has exactly these bytes or is as it was (temporary file beside it,
   fsync, rename). */
tp_status tp_file_write(const char *path, tp_str bytes, tp_err *err);
/* TP_OK when tp_file_write to this path would be possible now; creates and
   changes nothing. */
tp_status tp_file_can_write(const char *path, tp_err *err);
/* Makes the folder and those above it; fine when it is there. */
tp_status tp_folder_make(const char *path, tp_err *err);
tp_str    tp_path_folder(tp_str path); /* "a/b.c" -> "a", "b.c" -> "." */
tp_str    tp_path_name(tp_str path);   /* "a/b.c" -> "b.c" */
tp_str    tp_path_stem(tp_str path);   /* "a/b.c" -> "b" */
/* The path from the root, its folder by its true name (the folder of the
   process in front where there is no such folder). */
tp_str tp_path_absolute(tp_str path, tp_arena *mem);
/* An absolute path as short as it can be from here: without the folder of the
   process when it is inside it. */
tp_str tp_path_from_here(tp_str path, tp_arena *mem);
/* The path from inside `folder`, where both are as seen from here:
   "../../models.lib"; itself when absolute. */
tp_str tp_path_seen_from(tp_str folder, tp_str path, tp_arena *mem);
/* `path` as seen from `folder`: itself when absolute. */
tp_str tp_path_join(tp_str folder, tp_str path, tp_arena *mem);
/* Whether what the path names is, or would be made, in the folder or below it,
   behind links. */
bool tp_path_inside(tp_str folder, tp_str path, tp_arena *mem);

/* ---- which files may be read --------------------------------------------
   Decks and scripts come from strangers: what they name is read only where
   the user allows it. Names are compared as they are behind links. */

typedef struct tp_reach_root {
    tp_str path;   /* from the root, behind links; a folder or a file */
    bool   hidden; /* also names below it that begin with a dot */
} tp_reach_root;
typedef struct tp_reach {
    int            n, cap;
    tp_reach_root *root;
} tp_reach;
/* What the user names is allowed with all below it; nothing where there is no
   such file. */
void     tp_reach_allow(tp_reach *r, tp_str path, tp_arena *mem);
tp_reach tp_reach_of(tp_str list, tp_arena *mem); /* "a:b" */
/* A folder that the user works in: it with all below it that is not hidden, and
   the same of the nearest folder above with a `.git` of this user's, if that is
   not the user's whole home. Nothing for "/". */
void tp_reach_home(tp_reach *r, tp_str folder, tp_arena *mem);
/* `r` (NULL: nothing) with what a file in `folder` may name: the homes of that
   folder and of the process's. */
tp_reach tp_reach_from(const tp_reach *r, tp_str folder, tp_arena *mem);
/* Whether the file may be read; *real is its name behind links, "" where there
   is none (true then: reading it says so). */
bool tp_reach_has(const tp_reach *r, tp_str path, tp_str *real, tp_arena *mem);
/* TP_BAD_INPUT that names the file, what is expected and the option. */
tp_status tp_reach_refuse(const tp_reach *r, tp_str path, tp_str real,
                          tp_place at, tp_err *err);

/* ---- bytes: little-endian packing, checked on reading ------------------ */

void tp_pack_int(tp_buf *b, int64_t v);
void tp_pack_double(tp_buf *b, double v);
/* With n in front; NULL is packed as none. */
void tp_pack_doubles(tp_buf *b, const double *v, int n);
void tp_pack_str(tp_buf *b, tp_str s);
/* A reader sticks at the first thing that is not there: `bad` is set and all
   further reads give 0, 0.0, empty. Check `bad` once at the end. */
typedef struct tp_unpack {
    tp_str rest;
    bool   bad;
} tp_unpack;
int64_t tp_unpack_int(tp_unpack *u);
int     tp_unpack_small(tp_unpack *u);        /* one that an int holds */
int     tp_unpack_index(tp_unpack *u, int n); /* one of 0..n-1 */
int     tp_unpack_count(tp_unpack *u, int min_bytes_each); /* >= 0 */
double  tp_unpack_double(tp_unpack *u);
/* NULL when there are none. */
const double *tp_unpack_doubles(tp_unpack *u, int *n, tp_arena *mem);
tp_str        tp_unpack_str(tp_unpack *u); /* borrowed from the bytes */

/* ---- time (never read by num, gp, opt, expr, wave, space) -------------- */

double tp_now(void);      /* seconds, monotonic, wall */
double tp_wall_now(void); /* seconds since 1970, UTC */
double tp_cpu_now(void);  /* seconds of CPU of this process */
/* "2026-11-21T02:40:00Z" of the wall clock. */
tp_str tp_utc_text(tp_arena *mem);
#endif
