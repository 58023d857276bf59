/* Nutmeg's expressions by a second route: one `ngspice -b` evaluates the same
   texts, and length, mean and weighted mean of every result must agree.

   Where trimpot means something else on purpose (SPICE OPUS, or no wrong
   numbers), the table of nutmeg.test holds and nothing is compared here:
   - log is base 10; min, max, sum of one vector; round, integrate, area,
     rndunif, rndgauss, timer, clock exist;
   - v(a,b) takes a plot prefix; @r1 alone is a value; m1:x1:x2 is a name;
   - an index outside the vector is none, ngspice takes the nearest;
   - the test of a ? b : c may be a vector: true when any element is not 0;
   - atan of a complex number is the principal value, ngspice drops the
     imaginary part; a comma wants real numbers on both sides;
   - echarge, boltz, planck are the exact ones of the SI of 2019. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "evaluate.h"

static const char *const texts[] = {
    "-2^2",
    "2^3^2",
    "2^-1",
    "2 * -3",
    "-3 - -4",
    "10 - 4 - 3",
    "6 / 3 * 2",
    "7 % 4 * 2",
    "2 * 7 % 4",
    "not 0 + 1",
    "5 + not 0",
    "not 1 eq 2",
    "not 0 gt 5",
    "(3 gt 2 eq 2)",
    "(2 eq 2 gt 0)",
    "1 or 0 and 0",
    "not 1 and 0",
    "(1, 2+3)",
    "(1,2 gt 5)",
    "(1,0 eq 0)",
    "(1 gt 0,5)",
    "mag(3,4)",
    "7.5 % 2",
    "-7 % 4",
    "-7.5 % 2.9",
    "(7,9) % (4,5)",
    "(1,2) gt (0,3)",
    "(1,2) gt (0,1)",
    "(1,2) ge (1,2)",
    "(1,2) lt 3",
    "3 gt (1,-1)",
    "(1,2) ne (1,3)",
    "(1,2) ne (2,3)",
    "(1,2) eq (1,2)",
    "(1,2) and (1,0)",
    "(1,0) and (1,1)",
    "(1,0) or (0,1)",
    "(1,2) or (0,0)",
    "(0,0) or (0,1)",
    "not (0,1)",
    "not (0,0)",
    "(1,2)^2",
    "(1,2)*(3,4)/(0,5)",
    "2^(0,1)",
    "(-2)^3",
    "0^0",
    "vector(5) + unitvec(2)",
    "vector(5) * vector(2)",
    "vector(2) - vector(5)",
    "vector(3) gt vector(4)-1",
    "vector(6)[1,3]",
    "vector(6)[3,1]",
    "vector(6)[2]",
    "vector(6)[1.6]",
    "1 ? 2 : 3",
    "0 ? 1 : 0 ? 2 : 3",
    "1 ? 0 ? 5 : 6 : 7",
    "2 * 3 ? 4 : 5 + 1",
    "sqrt(-4)",
    "sqrt(vector(3) - 1)",
    "sqrt((3,4))",
    "exp((0,1))",
    "ln((1,2))",
    "log10(vector(3)+1)",
    "sin((1,2))",
    "cos((1,2))",
    "tan((1,2))",
    "atan(2)",
    "sinh(0.5)",
    "cosh(0.5)",
    "tanh(0.5)",
    "floor((1.5,-2.5))",
    "ceil((1.2,-2.5))",
    "nint(vector(5)/2)",
    "db((3,4))",
    "ph((-1,0.5))",
    "cph((vector(9)-4, 1-2*(vector(9) gt 3)))",
    "abs(-vector(4))",
    "real((1,2)) + imag((3,4))",
    "j((1,2))",
    "norm(vector(5)-3)",
    "norm((3,4))",
    "avg(vector(6))",
    "avg((1,2))",
    "mean((1,2))",
    "stddev(vector(5))",
    "vecmin(vector(5)-3)",
    "vecmax(vector(5)-3)",
    "minimum(3*vector(5)-3)",
    "maximum((3,4))",
    "length(vector(7))",
    "sortorder(3-vector(5))",
    "unwrap(2*vector(9))",
    "unwrap(3.5*vector(9))",
    "const.pi*const.e",
    "const.i*(1,1)",
    "const.kelvin+const.c",
    "const.yes+const.no",
    "4.7k + 2meg*1u - 3mil",
    "max(vector(5),2)",
    "min(3,vector(5))",
};

enum { PARTS = 3 }; /* what is compared of each result */

static const char *const part[PARTS] = {
    "length(%.*s)", "mean(%.*s)", "mean(%.*s*(1+vector(length(%.*s))^2))"};

static tp_str part_of(int which, tp_str of)
{
    tp_buf b = {.mem = check_mem()};
    for (const char *c = part[which]; *c; c++) {
        if (*c == '%' && c[1] == '.') {
            tp_buf_add(&b, of);
            c += 3;
        } else {
            tp_buf_char(&b, *c);
        }
    }
    return tp_buf_str(&b);
}

static tp_str deck(void)
{
    tp_buf b = {.mem = check_mem()};
    tp_buf_add(&b, TP_S("expressions\nr1 1 0 1k\n.control\nset numdgt=12\n"
                        "setplot new\n"));
    for (int i = 0; i < TP_COUNT(texts); i++) {
        tp_str name = tp_str_fmt(check_mem(), "q%d", i);
        tp_buf_fmt(&b, "let q%d = %s\n", i, texts[i]);
        for (int k = 0; k < PARTS; k++)
            tp_buf_fmt(&b, "let p%d = %.*s\nprint p%d\n", i * PARTS + k,
                       TP_F(part_of(k, name)), i * PARTS + k);
    }
    tp_buf_add(&b, TP_S(".endc\n.end\n"));
    return tp_buf_str(&b);
}

/* `ngspice -b` on a deck; what it printed. */
static bool run_ngspice(tp_str text, tp_str *printed)
{
    char   folder[] = "/tmp/tp-nutmeg-XXXXXX";
    tp_err err = {0};
    int    status = -1;
    if (!CHECK(mkdtemp(folder) != NULL)) return false;
    tp_str      at = tp_str_of(folder);
    const char *in =
        tp_str_z(check_mem(), tp_path_join(at, TP_S("a.cir"), check_mem()));
    const char *out =
        tp_str_z(check_mem(), tp_path_join(at, TP_S("a.out"), check_mem()));
    CHECK_OK(tp_file_write(in, text, &err), &err);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen(out, "w", stdout) || !freopen("/dev/null", "w", stderr))
            _exit(126);
        execlp("ngspice", "ngspice", "-n", "-b", in, (char *)NULL);
        _exit(127);
    }
    waitpid(child, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) != 127);
    bool ok =
        CHECK_OK(tp_file_read(printed, out, 1 << 24, check_mem(), &err), &err);
    unlink(in);
    unlink(out);
    rmdir(folder);
    return ok;
}

/* The number of "p12 = 1.5e+00" or, complex, "p12 = 1.5e+00,2.0e+00". */
static bool printed_value(tp_str printed, int k, double out[2])
{
    tp_str want = tp_str_fmt(check_mem(), "p%d = ", k);
    for (ptrdiff_t i = 0; i >= 0 && i < printed.len;) {
        tp_str line = tp_str_from(printed, i);
        i = tp_str_find(printed, '\n', i);
        if (i >= 0) i++;
        if (!tp_str_starts(line, want)) continue;
        line = tp_str_from(line, want.len);
        ptrdiff_t used = tp_number(line, &out[0]);
        out[1] = 0;
        line = tp_str_from(line, used);
        if (line.len > 0 && line.at[0] == ',')
            tp_number(tp_str_from(line, 1), &out[1]);
        return used > 0;
    }
    return false;
}

static bool number_of(const tp_value *v, double out[2])
{
    bool wave = v->kind == TP_WAVE && v->wave.n == 1;
    if (v->kind != TP_NUMBER && v->kind != TP_COMPLEX && !wave) return false;
    out[0] = wave ? v->wave.re[0] : v->re;
    out[1] = wave ? (v->wave.im ? v->wave.im[0] : 0) : v->im;
    return true;
}

static void test_expr_ngspice__both_give_the_same(void)
{
    static const scene nutmeg = {.dialect = TP_NUTMEG};
    tp_str             printed;
    if (!run_ngspice(deck(), &printed)) return;
    for (int i = 0; i < TP_COUNT(texts) * PARTS; i++) {
        tp_str   whole = tp_str_fmt(check_mem(), "(%s)", texts[i / PARTS]);
        tp_str   text = part_of(i % PARTS, whole);
        tp_value v = evaluate(&nutmeg, text, check_mem());
        double   ours[2] = {0}, theirs[2] = {0};
        bool   both = number_of(&v, ours) && printed_value(printed, i, theirs);
        double size = 1e-40 + hypot(theirs[0], theirs[1]);
        double apart = hypot(ours[0] - theirs[0], ours[1] - theirs[1]);
        if (CHECK(both) && CHECK(apart <= 1e-10 * size)) continue;
        printf("  %.*s: (%g, %g), ngspice (%g, %g)\n", TP_F(text), ours[0],
               ours[1], theirs[0], theirs[1]);
    }
}

static const check_test tests[] = {
    CHECK_TEST(test_expr_ngspice__both_give_the_same),
    {0},
};

int main(void)
{
    return check_main(tests);
}
