/* reach: which files may be read for the sake of a text that a stranger may
   have written. Names are compared as the disk has them, behind links. */
#include "base/base.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The true name of what is there; "" of nothing. */
static tp_str true_name(tp_str path, tp_arena *mem)
{
    char z[PATH_MAX];
    bool is = realpath(tp_str_z(mem, path), z) != NULL;
    return is ? tp_str_copy(mem, tp_str_of(z)) : TP_S("");
}

/* What of `path` stands below the folder `root`; false: it isn't inside. Both
   are true names. */
static bool below(tp_str root, tp_str path, tp_str *rest)
{
    bool slash = root.len > 0 && root.at[root.len - 1] == '/';
    if (root.len == 0 || path.len < root.len) return false;
    if (!tp_str_eq(tp_str_part(path, 0, root.len), root)) return false;
    *rest = tp_str_from(path, root.len);
    return rest->len == 0 || slash || rest->at[0] == '/';
}

static bool has_hidden_part(tp_str path)
{
    for (tp_str w; (w = tp_str_word(&path, "/")).len > 0;)
        if (w.at[0] == '.') return true;
    return false;
}

/* ---- what is allowed ----------------------------------------------------- */

static void add(tp_reach *r, tp_str real, bool hidden, tp_arena *mem)
{
    for (int i = 0; i < r->n; i++)
        if (tp_str_eq(r->root[i].path, real) && r->root[i].hidden >= hidden)
            return;
    tp_reach_root *root = TP_PUSH(mem, r->root, r->n, r->cap);
    *root = (tp_reach_root){real, hidden};
}

void tp_reach_allow(tp_reach *r, tp_str path, tp_arena *mem)
{
    tp_str real = true_name(path, mem);
    if (real.len > 0) add(r, real, true, mem);
}

/* Neither the root nor the user's own folder is somebody's project. */
static bool is_too_wide(tp_str folder, tp_arena mem)
{
    const char *home = getenv("HOME");
    return folder.len <= 1 ||
           (home && tp_str_eq(folder, true_name(tp_str_of(home), &mem)));
}

/* A repository of this user's, as git itself asks before it trusts one. */
static bool is_project(tp_str folder, tp_arena mem)
{
    struct stat st;
    tp_str      name = tp_path_join(folder, TP_S(".git"), &mem);
    return lstat(tp_str_z(&mem, name), &st) == 0 && st.st_uid == geteuid();
}

void tp_reach_home(tp_reach *r, tp_str folder, tp_arena *mem)
{
    tp_str real = true_name(folder, mem);
    if (real.len <= 1) return;
    add(r, real, false, mem);
    for (tp_str up = real; !is_too_wide(up, *mem); up = tp_path_folder(up)) {
        if (!is_project(up, *mem)) continue;
        add(r, up, false, mem);
        return;
    }
}

tp_reach tp_reach_of(tp_str list, tp_arena *mem)
{
    tp_reach r = {0};
    for (tp_str w; (w = tp_str_word(&list, ":")).len > 0;)
        tp_reach_allow(&r, w, mem);
    return r;
}

tp_reach tp_reach_from(const tp_reach *r, tp_str folder, tp_arena *mem)
{
    tp_reach own = r ? *r : (tp_reach){0};
    own.cap = own.n; /* what is added does not go behind the other's */
    tp_reach_home(&own, folder, mem);
    tp_reach_home(&own, TP_S("."), mem);
    return own;
}

/* ---- what is asked ------------------------------------------------------- */

bool tp_reach_has(const tp_reach *r, tp_str path, tp_str *real, tp_arena *mem)
{
    tp_str rest;
    *real = true_name(path, mem);
    if (real->len == 0) return true;
    for (int i = 0; i < r->n; i++)
        if (below(r->root[i].path, *real, &rest) &&
            (r->root[i].hidden || !has_hidden_part(rest)))
            return true;
    return false;
}

/* "/a, /b": what may be read; as much of it as there is room for. */
static tp_str root_names(const tp_reach *r, char *room, int size)
{
    int n = snprintf(room, (size_t)size, "%s", r->n > 0 ? "" : "no folder");
    for (int i = 0; i < r->n; i++) {
        tp_str p = r->root[i].path;
        if (n + p.len + 8 > size) {
            n += snprintf(room + n, (size_t)(size - n), " ...");
            break;
        }
        n += snprintf(room + n, (size_t)(size - n), "%s%.*s", i ? ", " : "",
                      TP_F(p));
    }
    return (tp_str){room, n};
}

tp_status tp_reach_refuse(const tp_reach *r, tp_str path, tp_str real,
                          tp_place at, tp_err *err)
{
    char   room[160];
    tp_str roots = root_names(r, room, sizeof room);
    tp_str folder = tp_path_folder(real);
    if (tp_str_eq(path, real))
        return tp_fail_at(err, TP_BAD_INPUT, at,
                          "%.*s may not be read; `--include-dir %.*s` allows "
                          "it (expected: a file below %.*s)",
                          TP_F(path), TP_F(folder), TP_F(roots));
    return tp_fail_at(err, TP_BAD_INPUT, at,
                      "%.*s is %.*s, which may not be read; `--include-dir "
                      "%.*s` allows it (expected: a file below %.*s)",
                      TP_F(path), TP_F(real), TP_F(folder), TP_F(roots));
}

bool tp_path_inside(tp_str folder, tp_str path, tp_arena *mem)
{
    tp_str rest, real = true_name(path, mem);
    if (real.len == 0) real = true_name(tp_path_folder(path), mem);
    return below(true_name(folder, mem), real, &rest);
}
