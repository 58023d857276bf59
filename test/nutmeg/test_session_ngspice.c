/* Two routes: a script in ngspice itself (`ngspice -b`), and in a session over
   the simulator. Where both mean the same, both print the same numbers. */
#include "../netlist/ngspice.h"
#include "exec/exec.h"
#include "nutmeg/nutmeg.h"

static const char deck[] =
    "two stages\n"
    "v1 1 0 dc 2 ac 1 sin(0 1 1k)\n"
    "r1 1 2 1k\nc1 2 0 1u\nr2 2 3 2k\nl1 3 0 10m\nd1 2 0 dm\n"
    ".model dm d(is=1e-14)\n";

/* One line: a name, " = ", and numbers; headings and dates are left out. */
static tp_str numbers_of(tp_str text)
{
    tp_buf b = {.mem = check_mem()};
    while (text.len > 0) {
        tp_str    line = ng_line(&text), look = line;
        tp_str    word = tp_str_word(&look, " \t,");
        double    v = 0;
        bool      row = word.len > 0 && tp_number(word, &v) == word.len;
        ptrdiff_t equal = tp_str_find(line, '=', 0);
        bool      value = equal > 0 && line.at[equal - 1] == ' ' &&
                     tp_str_from(line, equal).len > 3;
        if (tp_str_starts(line, TP_S("Doing analysis"))) continue;
        if (tp_str_starts(line, TP_S("Total "))) break; /* the session's end */
        if (!row && !value && !tp_str_starts(line, TP_S("> "))) continue;
        tp_buf_add(&b, tp_str_trim(line));
        tp_buf_char(&b, '\n');
    }
    return tp_buf_str(&b);
}

static void keep(void *with, tp_str text)
{
    tp_buf_add(with, text);
}

static tp_str ours(const char *script)
{
    tp_nutmeg_handle *handle = NULL;
    tp_nutmeg        *m = NULL;
    tp_err            err = {0};
    tp_buf            b = {.mem = check_mem()};
    tp_str            text = tp_str_fmt(check_mem(), "%s.end\n", deck);
    tp_circuit        c = {.text = text};
    if (!CHECK_OK(tp_nutmeg_handle_open(&handle, &tp_sim_remote, TP_S(""), NULL,
                                        &err),
                  &err))
        return (tp_str){0};
    tp_nutmeg_setup setup = {
        .sim = tp_nutmeg_handle_sim(handle),
        .sink = {.with = &b, .print = keep, .warning = keep}};
    CHECK_OK(tp_nutmeg_open(&m, &setup, &err), &err);
    CHECK_OK(tp_nutmeg_load(m, &c, TP_S("two stages"), &err), &err);
    tp_place at = {NULL, 1, 1};
    b.len = 0;
    CHECK_OK(tp_nutmeg_run(m, tp_str_of(script), at, &err), &err);
    tp_nutmeg_close(m);
    tp_nutmeg_handle_close(handle);
    return tp_buf_str(&b);
}

static tp_str theirs(const char *script)
{
    tp_str text =
        tp_str_fmt(check_mem(), "%s.control\n%s\n.endc\n.end\n", deck, script);
    return ng_batch(text, check_mem()).log;
}

/* Numbers may differ in the last digit printed. */
static bool same_line(tp_str a, tp_str b)
{
    for (;;) {
        tp_str x = tp_str_word(&a, " \t,()="), y = tp_str_word(&b, " \t,()=");
        double u = 0, v = 0;
        if (x.len == 0 || y.len == 0) return x.len == y.len;
        bool numbers = tp_number(x, &u) == x.len && tp_number(y, &v) == y.len;
        if (numbers ? fabs(u - v) > 2e-5 * fabs(u) + 1e-30 : !tp_str_eq(x, y))
            return false;
    }
}

static void compare(const char *script)
{
    tp_str a = numbers_of(ours(script)), b = numbers_of(theirs(script));
    int    n = 0;
    while (a.len > 0 || b.len > 0) {
        tp_str x = ng_line(&a), y = ng_line(&b);
        n++;
        if (same_line(x, y)) continue;
        check_str(x, y, "a line of ngspice's", script, n);
        return;
    }
    CHECK(n > 0);
}

static void test_ngspice__scalars_and_expressions(void)
{
    compare("let a = 5\nlet b = -2/3\nlet z = (1,2)\nprint a b z a+b*2\n"
            "print a^2 - 1 a*-b abs(b) exp(1) sqrt(2) ln(100) z*z z/(2,1)\n"
            "print a gt 2 a lt 2 a eq 5 (a ge 5) and (b le 0) not a\n"
            "print floor(2.5) ceil(2.5) mag(z) ph(z) db(10) cos(1) atan(1)\n"
            "print 7 % 4 pi e\nlet a = a + 1\nprint a\n");
}

static void test_ngspice__vectors(void)
{
    compare("let v = vector(7)\nprint v v*2 v^2\nlet v[2] = 40\nprint v\n"
            "print line v\nprint v[2] v[1,3] length(v) mean(v)\n"
            "print vecmax(v) vecmin(v)\nlet m = unitvec(3)\nprint m\n");
}

static void test_ngspice__analyses(void)
{
    compare("op\nprint v(1) v(2) v(3) v1#branch\nprint v(1)-v(2) v(1,2)\n"
            "print @r1[resistance] @d1[id]\n"
            "dc v1 0 2 0.5\nprint v(2)\nprint v(2)[1] mean(v(2))\n"
            "ac dec 2 10 10k\nprint v(2)\nprint mag(v(2)) db(v(2))\n"
            "print ph(v(2)[2]) real(v(2))\nprint imag(v(2)[1])\n"
            "tf v(2) v1\nprint transfer_function\n");
}

static void test_ngspice__alter_and_loops(void)
{
    compare("let i = 0\nwhile i < 3\n  alter r1 = 1k + i*500\n  op\n"
            "  print v(2) @r1[resistance]\n  let const.i = i\n"
            "  setplot const\n  let i = i + 1\nend\n");
    compare("foreach r 1k 2k 5k\n  alter r2 $r\n  op\n  print v(2)\nend\n"
            "repeat 2\n  echo \"> turn\"\nend\n");
}

static void test_ngspice__flow(void)
{
    compare("let i = 0\ndowhile i < 4\n  let i = i + 1\n  if i eq 2\n"
            "    continue\n  end\n  if i eq 4\n    break\n  else\n"
            "    print i\n  end\nend\nset l = ( a b c )\nforeach x $l\n"
            "  echo \"> $x\"\nend\nprint i\n");
}

static void test_ngspice__user_functions(void)
{
    compare("op\ndefine gain(x,y) v(x)/v(y) + k\nlet k = 2\n"
            "define twice(x) 2*x\nprint twice(3) twice(v(2))+k\n"
            "define err(f) mag(v(2)) - mag(v(1))\nac lin 3 100 300\n"
            "let k = 1\nprint err(frequency)\nprint mean(err(1)^2)\n");
}

static const check_test tests[] = {
    CHECK_TEST(test_ngspice__scalars_and_expressions),
    CHECK_TEST(test_ngspice__vectors),
    CHECK_TEST(test_ngspice__analyses),
    CHECK_TEST(test_ngspice__alter_and_loops),
    CHECK_TEST(test_ngspice__flow),
    CHECK_TEST(test_ngspice__user_functions),
    {0},
};

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "worker") == 0)
        return tp_exec_serve(3, tp_remote_work_load, tp_remote_work);
    return check_main(tests);
}
