/* Decks that try to run programs and to write files, given to the simulator as
   they are, as if nothing had been taken out of them: in a worker and in a
   program of its own nothing comes of it. That they would do it elsewhere is
   tried, too. This program is its own worker. */
#include "check.h"
#include "circuits.h"
#include "exec/exec.h"
#include "sim/parts.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[100]; /* in lower case: ngspice changes some lines to it */

static char *in(const char *name)
{
    static char path[400];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* %s is a path; `made` says that the file is there afterwards where nothing
   is confined. */
static const struct {
    const char *tries;
    bool        made;
} attempts[] = {
    {".control\nshell touch %s\n.endc\n", true},
    {"*# shell touch %s\n", true},
    {".control\nop\nwrite %s v(1)\n.endc\n", true},
    {".control\nop\nwrdata %s v(1)\n.endc\n", false}, /* it adds ".data" */
    {".control\nop\nprint v(1) > %s\n.endc\n", true},
    {".control\necho mine > %s\n.endc\n", true},
    {"*# echo mine > %s\n", true},
    {".include |touch %s\n", false},
    {".control\nset editor=touch\nedit %s\n.endc\n", false},
};

static const tp_circuit *circuit(int i)
{
    static const char *const one[] = {"op", NULL};
    char                    *path = in("made");
    tp_str                   tries = tp_str_of(attempts[i].tries), text;
    ptrdiff_t                at = tp_str_find(tries, '%', 0);
    text =
        tp_str_fmt(check_mem(),
                   "* bad\n.param r=1k\nv1 1 0 1\nr1 1 0 {r}\n%.*s%s%.*s.end\n",
                   TP_F(tp_str_part(tries, 0, at)), path,
                   TP_F(tp_str_from(tries, at + 2)));
    return circuit_of(text.at, "r", one, check_mem());
}

static bool is_there(void)
{
    struct stat s;
    char        data[410];
    snprintf(data, sizeof data, "%s.data", in("made"));
    bool yes = stat(in("made"), &s) == 0 || stat(data, &s) == 0;
    unlink(in("made"));
    unlink(data);
    return yes;
}

/* Loads and runs it; what comes of it is not asked. */
static void try(const tp_sim_ops *ops, const char *settings,
                const tp_circuit *c)
{
    static const double value[] = {2000};
    tp_err              err = {0};
    tp_sim_result       r;
    tp_sim              sim = {.mem = tp_arena_open(1 << 26)};
    sim.settings = tp_sim_settings(ops, &sim.mem);
    CHECK_OK(tp_params_set_list(ops->params, sim.settings, tp_str_of(settings),
                                &sim.mem, &err),
             &err);
    if (CHECK_OK(ops->open(&sim, &err), &err)) {
        if (!ops->load(&sim, c, &err) && ops->run)
            ops->run(&sim, value, NULL, check_mem(), &r, &err);
        else if (!ops->run)
            ops->command(&sim, TP_S("op"), check_mem(), &r, &err);
    }
    ops->close(&sim);
    tp_arena_close(&sim.mem);
}

/* In this process's child, which is no worker. */
static void try_free(const tp_circuit *c)
{
    int   null = open("/dev/null", O_WRONLY);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(null, 1);
        dup2(null, 2);
        try(&tp_sim_ngspice, "", c);
        _exit(0);
    }
    close(null);
    waitpid(pid, NULL, 0);
}

static void test_sandbox__free_simulators_do_as_they_are_told(void)
{
    for (int i = 0; i < TP_COUNT(attempts); i++) {
        try_free(circuit(i));
        bool there = is_there();
        if (attempts[i].made && !CHECK(there))
            printf("%s\n", attempts[i].tries);
    }
}

static void test_sandbox__workers_do_not(void)
{
    for (int i = 0; i < TP_COUNT(attempts); i++) {
        try(&tp_sim_remote, "", circuit(i));
        if (!CHECK(!is_there())) printf("%s\n", attempts[i].tries);
    }
}

static void test_sandbox__programs_of_their_own_do_not(void)
{
    for (int i = 0; i < TP_COUNT(attempts); i++) {
        try(&tp_sim_spawn, "", circuit(i));
        if (!CHECK(!is_there())) printf("%s\n", attempts[i].tries);
    }
}

static void test_sandbox__a_worker_simulates_after_an_attempt(void)
{
    tp_err        err = {0};
    tp_sim_result r;
    tp_sim        sim = {.mem = tp_arena_open(1 << 26)};
    sim.settings = tp_sim_settings(&tp_sim_remote, &sim.mem);
    CHECK_OK(tp_sim_remote.open(&sim, &err), &err);
    CHECK_OK(tp_sim_remote.load(&sim, circuit(1), &err), &err);
    CHECK_OK(tp_sim_remote.command(&sim, TP_S("op"), check_mem(), &r, &err),
             &err);
    CHECK_INT(r.how, TP_RAN);
    CHECK(!is_there());
    tp_sim_remote.close(&sim);
    tp_arena_close(&sim.mem);
}

static const check_test tests[] = {
    CHECK_TEST(test_sandbox__free_simulators_do_as_they_are_told),
    CHECK_TEST(test_sandbox__workers_do_not),
    CHECK_TEST(test_sandbox__programs_of_their_own_do_not),
    CHECK_TEST(test_sandbox__a_worker_simulates_after_an_attempt),
    {0},
};

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "worker") == 0)
        return tp_exec_serve(3, tp_remote_work_load, tp_remote_work);
    snprintf(folder, sizeof folder, "/tmp/test-sandbox-%d", (int)getpid());
    if (mkdir(folder, 0700)) return 1;
    int status = check_main(tests);
    rmdir(folder);
    return status;
}
