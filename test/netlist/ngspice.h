/* A fresh `ngspice -b -r` on a text, for tests that compare with it. */
#ifndef TP_TEST_NGSPICE_H
#define TP_TEST_NGSPICE_H

#include "../check.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

typedef struct ng_vector {
    tp_str  name; /* lower case, "v(x)" and "i(x)" taken off: "out", "v1" */
    bool    current;
    double *re, *im; /* im 0 in a real plot */
} ng_vector;

typedef struct ng_plot {
    tp_str    name; /* "AC Analysis" */
    int       n, points;
    ng_vector vector[200];
} ng_plot;

typedef struct ng_run {
    int      n;
    ng_plot *plot;
    tp_str   log; /* what it printed */
} ng_run;

static inline tp_str ng_line(tp_str *rest)
{
    ptrdiff_t end = tp_str_find(*rest, '\n', 0);
    if (end < 0) end = rest->len;
    tp_str line = tp_str_part(*rest, 0, end);
    *rest = tp_str_from(*rest, end + 1);
    return line;
}

static inline double ng_double(tp_str *rest)
{
    double v = NAN;
    if (rest->len >= 8) memcpy(&v, rest->at, 8);
    *rest = tp_str_from(*rest, 8);
    return v;
}

static inline void ng_name(ng_vector *v, tp_str line, tp_arena *mem)
{
    tp_str rest = line;
    tp_str_word(&rest, "\t ");
    tp_str name = tp_str_lower(mem, tp_str_word(&rest, "\t "));
    v->current = tp_str_starts(name, TP_S("i("));
    if (v->current || tp_str_starts(name, TP_S("v(")))
        name = tp_str_part(name, 2, name.len - 3);
    v->name = name;
}

static inline bool ng_plot_read(ng_plot *p, tp_str *rest, tp_arena *mem)
{
    bool   complex = false;
    double v;
    *p = (ng_plot){0};
    while (rest->len > 0) {
        tp_str line = ng_line(rest);
        tp_str value = tp_str_from(line, tp_str_find(line, ':', 0) + 1);
        if (tp_str_starts(line, TP_S("Plotname:")))
            p->name = tp_str_trim(value);
        if (tp_str_starts(line, TP_S("Flags:")))
            complex = tp_str_eq(tp_str_trim(value), TP_S("complex"));
        if (tp_str_starts(line, TP_S("No. Points:")) &&
            tp_number_all(tp_str_trim(value), &v))
            p->points = (int)v;
        if (line.len > 0 && line.at[0] == '\t' && p->n < 200)
            ng_name(&p->vector[p->n++], line, mem);
        if (!tp_str_starts(line, TP_S("Binary:"))) continue;
        for (int i = 0; i < p->n; i++) {
            p->vector[i].re = TP_NEW(mem, double, p->points);
            p->vector[i].im = TP_NEW(mem, double, p->points);
        }
        for (int k = 0; k < p->points; k++)
            for (int i = 0; i < p->n; i++) {
                p->vector[i].re[k] = ng_double(rest);
                p->vector[i].im[k] = complex ? ng_double(rest) : 0;
            }
        return true;
    }
    return false;
}

static inline char *ng_word(const char *z)
{
    return (char *)(uintptr_t)z;
}

/* The exit status; a run of more than 20 s is killed. */
static inline int ng_wait(pid_t pid)
{
    int status = -1;
    for (int i = 0; i < 4000; i++) {
        if (waitpid(pid, &status, WNOHANG) == pid) return status;
        usleep(5000);
    }
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return -1;
}

/* In `folder`, where ngspice's model checks leave their log. */
static inline bool ng_spawn(const char *folder, const char *deck,
                            const char *raw, const char *log)
{
    char *const argv[] = {
        ng_word("ngspice"), ng_word("-n"), ng_word("-b"), ng_word("-r"),
        ng_word(raw),       ng_word(deck), NULL};
    posix_spawn_file_actions_t to;
    pid_t                      pid;
    int                        status = -1;
    posix_spawn_file_actions_init(&to);
    posix_spawn_file_actions_addopen(&to, 1, log, O_CREAT | O_WRONLY | O_TRUNC,
                                     0600);
    posix_spawn_file_actions_adddup2(&to, 1, 2);
    posix_spawn_file_actions_addopen(&to, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addchdir_np(&to, folder);
    if (posix_spawnp(&pid, "ngspice", &to, NULL, argv, environ) == 0)
        status = ng_wait(pid);
    posix_spawn_file_actions_destroy(&to);
    return status == 0;
}

/* Every plot that ngspice writes for the deck; n is 0 when it fails. */
static inline ng_run ng_batch(tp_str deck, tp_arena *mem)
{
    ng_run out = {.plot = TP_NEW(mem, ng_plot, 64)};
    char   folder[] = "/tmp/tp-ngspice-XXXXXX";
    if (!mkdtemp(folder)) return out;
    char  *cir = tp_str_z(mem, tp_str_fmt(mem, "%s/a.cir", folder));
    char  *raw = tp_str_z(mem, tp_str_fmt(mem, "%s/a.raw", folder));
    char  *log = tp_str_z(mem, tp_str_fmt(mem, "%s/a.log", folder));
    tp_str bytes = {"", 0};
    if (tp_file_write(cir, deck, NULL) == TP_OK) {
        bool done = ng_spawn(folder, cir, raw, log);
        if (!done || tp_file_read(&bytes, raw, 1 << 28, mem, NULL) != TP_OK)
            bytes = TP_S("");
        tp_file_read(&out.log, log, 1 << 24, mem, NULL);
    }
    while (out.n < 64 && ng_plot_read(&out.plot[out.n], &bytes, mem)) out.n++;
    unlink(cir);
    unlink(raw);
    unlink(log);
    unlink(tp_str_z(mem, tp_str_fmt(mem, "%s/b3v33check.log", folder)));
    rmdir(folder);
    return out;
}

static inline const ng_plot *ng_find(const ng_run *r, const char *name)
{
    for (int i = 0; i < r->n; i++)
        if (tp_str_starts(r->plot[i].name, tp_str_of(name))) return &r->plot[i];
    return NULL;
}

/* The vector "out", "v1#branch", "@r1[i]"; NULL: not there. */
static inline const ng_vector *ng_vector_of(const ng_plot *p, tp_str name)
{
    ptrdiff_t hash = tp_str_find(name, '#', 0);
    bool      branch =
        hash > 0 && tp_str_eq(tp_str_from(name, hash), TP_S("#branch"));
    for (int i = 0; p && i < p->n; i++) {
        const ng_vector *v = &p->vector[i];
        if (branch && v->current &&
            tp_str_same(v->name, tp_str_part(name, 0, hash)))
            return v;
        if (!branch && tp_str_same(v->name, name)) return v;
    }
    return NULL;
}
#endif
