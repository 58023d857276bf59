/* Which files a run reads and writes, each once: an output under another name
   of an input (a link, "./x", the store's own journal) is refused too. */
#include "cli/cli.h"

#include <sys/stat.h>

void claims_add(claims *c, tp_str path, const char *what)
{
    *TP_PUSH(c->mem, c->list, c->n, c->cap) =
        (claim){.path = path, .what = tp_str_of(what)};
}

bool same_file(tp_str a, tp_str b, tp_arena mem)
{
    struct stat x, y;
    if (tp_str_eq(tp_path_absolute(a, &mem), tp_path_absolute(b, &mem)))
        return true;
    if (stat(tp_str_z(&mem, a), &x) || stat(tp_str_z(&mem, b), &y))
        return false;
    return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

tp_status claims_output(claims *c, const claim *out, tp_err *err)
{
    for (int i = 0; i < c->n; i++) {
        const claim *other = &c->list[i];
        if (!same_file(out->path, other->path, *c->mem)) continue;
        return tp_fail_at(err, TP_BAD_INPUT, out->at,
                          "%.*s '%.*s' would overwrite %.*s (%.*s)",
                          TP_F(out->what), TP_F(out->path), TP_F(other->what),
                          TP_F(other->path));
    }
    *TP_PUSH(c->mem, c->list, c->n, c->cap) = *out;
    return TP_OK;
}
