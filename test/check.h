/* check: a test program is a table of functions; each one is run with an empty
   arena, failed checks are printed with their place, and the last line is
   `N passed, N failed`, counted in functions.

       static void test_str__trims_blanks(void)
       {
           CHECK_STR(tp_str_trim(TP_S(" a ")), "a");
       }

       static const check_test tests[] = {
           CHECK_TEST(test_str__trims_blanks),
           {0},
       };

       int main(void)
       {
           return check_main(tests);
       }

   Each CHECK is an expression that says whether it held:
   `if (!CHECK(p != NULL)) return;` */
#ifndef TP_CHECK_H
#define TP_CHECK_H

#include "base/base.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct check_test {
    const char *name;
    void (*run)(void);
} check_test;
#define CHECK_TEST(function) \
    {                        \
#function, function  \
    }

static int      check_failures; /* of the function that runs */
static tp_arena check_arena;

/* Memory for the test that runs; empty at its start. */
static inline tp_arena *check_mem(void)
{
    return &check_arena;
}

static inline bool check_that(bool held, const char *words, const char *file,
                              int line)
{
    if (held) return true;
    check_failures++;
    printf("%s:%d: not true: %s\n", file, line, words);
    return false;
}
#define CHECK(cond) check_that((cond), #cond, __FILE__, __LINE__)

static inline bool check_int(long long got, long long wanted, const char *words,
                             const char *file, int line)
{
    if (got == wanted) return true;
    check_failures++;
    printf("%s:%d: %s: got %lld, wanted %lld\n", file, line, words, got,
           wanted);
    return false;
}
#define CHECK_INT(got, wanted) \
    check_int((long long)(got), (long long)(wanted), #got, __FILE__, __LINE__)

/* Equal, or both infinite with one sign or both NaN, or at most `tol` apart. */
static inline bool check_near(const double got_wanted[2], double tol,
                              const char *words, const char *file, int line)
{
    double got = got_wanted[0], wanted = got_wanted[1];
    if (got == wanted || fabs(got - wanted) <= tol) return true;
    if (isnan(got) && isnan(wanted)) return true;
    check_failures++;
    printf("%s:%d: %s: got %.17g, wanted %.17g +- %g\n", file, line, words, got,
           wanted, tol);
    return false;
}
#define CHECK_NEAR(got, wanted, tol)                                      \
    check_near((const double[2]){(got), (wanted)}, (tol), #got, __FILE__, \
               __LINE__)

static inline bool check_str(tp_str got, tp_str wanted, const char *words,
                             const char *file, int line)
{
    if (tp_str_eq(got, wanted)) return true;
    check_failures++;
    printf("%s:%d: %s:\n     got \"%.*s\"\n  wanted \"%.*s\"\n", file, line,
           words, TP_F(got), TP_F(wanted));
    return false;
}
/* A tp_str against a C string. */
#define CHECK_STR(got, wanted) \
    check_str((got), tp_str_of(wanted), #got, __FILE__, __LINE__)
/* Two C strings. */
#define CHECK_Z(got, wanted) \
    check_str(tp_str_of(got), tp_str_of(wanted), #got, __FILE__, __LINE__)

static inline bool check_has(tp_str got, tp_str part, const char *words,
                             const char *file, int line)
{
    for (ptrdiff_t i = 0; i + part.len <= got.len; i++)
        if (tp_str_eq(tp_str_part(got, i, part.len), part)) return true;
    check_failures++;
    printf("%s:%d: %s:\n        got \"%.*s\"\n  without \"%.*s\"\n", file, line,
           words, TP_F(got), TP_F(part));
    return false;
}
/* The tp_str has the C string somewhere inside. */
#define CHECK_HAS(got, part) \
    check_has((got), tp_str_of(part), #got, __FILE__, __LINE__)

/* The call gives TP_OK; prints the error otherwise. */
static inline bool check_ok(tp_status s, const tp_err *err, const char *words,
                            const char *file, int line)
{
    if (s == TP_OK) return true;
    check_failures++;
    printf("%s:%d: %s: %s: %s\n", file, line, words, tp_status_words(s),
           err ? err->msg : "");
    return false;
}
#define CHECK_OK(call, err) check_ok((call), (err), #call, __FILE__, __LINE__)

static inline int check_main(const check_test *tests)
{
    int      passed = 0, failed = 0;
    tp_arena whole = check_arena = tp_arena_open((ptrdiff_t)1 << 32);
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (; tests->name; tests++) {
        check_failures = 0;
        check_arena = whole;
        tests->run();
        if (check_failures) printf("FAILED %s\n", tests->name);
        passed += !check_failures;
        failed += check_failures > 0;
    }
    tp_arena_close(&whole);
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
#endif
