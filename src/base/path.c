/* Paths as text: nothing here looks at the disk. */
#include "base/base.h"

/* Index of the last slash that is not at the end, or -1. */
static ptrdiff_t last_slash(tp_str path)
{
    for (ptrdiff_t i = path.len - 1; i >= 0; i--)
        if (path.at[i] == '/') return i;
    return -1;
}

static tp_str without_slashes(tp_str path)
{
    while (path.len > 1 && path.at[path.len - 1] == '/') path.len--;
    return path;
}

tp_str tp_path_folder(tp_str path)
{
    path = without_slashes(path);
    ptrdiff_t slash = last_slash(path);
    if (slash < 0) return TP_S(".");
    return without_slashes(tp_str_part(path, 0, slash > 0 ? slash : 1));
}

tp_str tp_path_name(tp_str path)
{
    path = without_slashes(path);
    return path.len > 1 ? tp_str_from(path, last_slash(path) + 1) : path;
}

tp_str tp_path_stem(tp_str path)
{
    tp_str name = tp_path_name(path);
    for (ptrdiff_t i = name.len - 1; i > 0; i--)
        if (name.at[i] == '.') return tp_str_part(name, 0, i);
    return name;
}

tp_str tp_path_join(tp_str folder, tp_str path, tp_arena *mem)
{
    bool here = folder.len == 0 || tp_str_eq(folder, TP_S("."));
    if (here || tp_str_starts(path, TP_S("/"))) return path;
    bool slash = folder.at[folder.len - 1] == '/';
    return tp_str_fmt(mem, "%.*s%s%.*s", TP_F(folder), slash ? "" : "/",
                      TP_F(path));
}
