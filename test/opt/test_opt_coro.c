/* The coroutine: order of control, its own stack, the page below it. */
#include "opt/opt.h"

#include "check.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct count {
    int to, at;
} count;

static void counting(tp_coro *self, void *with)
{
    count *c = with;
    for (c->at = 1; c->at < c->to; c->at++) tp_coro_yield(self);
}

static void test_coro__runs_until_it_yields_or_returns(void)
{
    count    c = {.to = 4};
    tp_coro *co = tp_coro_open(counting, &c);
    if (!CHECK(co != NULL)) return;
    CHECK_INT(c.at, 0); /* nothing runs before the first resume */
    for (int i = 1; i < 4; i++) {
        CHECK(!tp_coro_done(co));
        CHECK(tp_coro_resume(co));
        CHECK_INT(c.at, i);
    }
    CHECK(!tp_coro_resume(co));
    CHECK_INT(c.at, 4);
    CHECK(tp_coro_done(co));
    CHECK(!tp_coro_resume(co)); /* once more does no harm */
    tp_coro_close(co);
}

static void test_coro__many_run_in_turns(void)
{
    enum { MANY = 50 };
    count    c[MANY];
    tp_coro *co[MANY];
    for (int i = 0; i < MANY; i++) {
        c[i] = (count){.to = i + 2};
        co[i] = tp_coro_open(counting, &c[i]);
    }
    for (int round = 1; round < MANY + 2; round++)
        for (int i = 0; i < MANY; i++) {
            CHECK(tp_coro_resume(co[i]) == (round < i + 2));
            CHECK_INT(c[i].at, round < i + 2 ? round : i + 2);
        }
    for (int i = 0; i < MANY; i++) tp_coro_close(co[i]);
}

static int deep(int left)
{
    volatile char room[1024];
    for (int i = 0; i < 1024; i++) room[i] = (char)left;
    return left == 0 ? room[17] : deep(left - 1) + room[left % 1024];
}

static void use_stack(tp_coro *self, void *with)
{
    int *kb = with;
    tp_coro_yield(self);
    *kb = deep(*kb);
}

static void test_coro__has_half_a_megabyte_of_stack(void)
{
    int      kb = 256; /* the sanitizer's frames are larger */
    tp_coro *co = tp_coro_open(use_stack, &kb);
    while (tp_coro_resume(co)) continue;
    CHECK(tp_coro_done(co));
    tp_coro_close(co);
}

static void test_coro__dies_when_the_stack_is_used_up(void)
{
    int   how;
    pid_t child = fork();
    if (child == 0) {
        int kb = 1 << 20;
        close(2); /* the sanitizer's report */
        tp_coro *co = tp_coro_open(use_stack, &kb);
        while (tp_coro_resume(co)) continue;
        _exit(0); /* not reached: the guard page is below */
    }
    waitpid(child, &how, 0);
    CHECK(WIFSIGNALED(how) || WEXITSTATUS(how) != 0);
}

static void test_coro__can_be_closed_unused(void)
{
    count    c = {.to = 1};
    tp_coro *co = tp_coro_open(counting, &c);
    tp_coro_close(co);
    CHECK_INT(c.at, 0);
}

static const check_test tests[] = {
    CHECK_TEST(test_coro__runs_until_it_yields_or_returns),
    CHECK_TEST(test_coro__many_run_in_turns),
    CHECK_TEST(test_coro__has_half_a_megabyte_of_stack),
    CHECK_TEST(test_coro__dies_when_the_stack_is_used_up),
    CHECK_TEST(test_coro__can_be_closed_unused),
    {0},
};

int main(void)
{
    return check_main(tests);
}
