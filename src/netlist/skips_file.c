/* skips_file: what need not be read, kept between two starts of the
   program. */
#include "netlist/skips.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FORMAT = 3,           /* other names, hashes or rules: one more */
    FILES_MAX = 256,      /* in the folder; the oldest goes */
    BYTES_MAX = 64 << 20, /* of one */
};
#define ENDING ".skips"

/* ---- bytes --------------------------------------------------------------- */

static void pack_file(tp_buf *b, const tp_skip_file *f)
{
    tp_pack_str(b, f->name);
    tp_pack_int(b, f->size);
    tp_pack_int(b, (int64_t)f->digest.low);
    tp_pack_int(b, (int64_t)f->digest.high);
    tp_pack_int(b, f->n_skip);
    for (int i = 0; i < f->n_skip; i++) {
        tp_pack_int(b, f->skip[i].beg);
        tp_pack_int(b, f->skip[i].end);
        tp_pack_int(b, f->skip[i].first_line);
        tp_pack_int(b, f->skip[i].last_line);
        tp_pack_int(b, f->skip[i].n_card);
    }
    tp_pack_int(b, f->n_section);
    for (int i = 0; i < f->n_section; i++) {
        tp_pack_str(b, f->section[i].name);
        tp_pack_int(b, f->section[i].beg);
        tp_pack_int(b, f->section[i].end);
        tp_pack_int(b, f->section[i].line);
        tp_pack_int(b, f->section[i].end_line);
    }
}

/* An offset in the file, at or after the one before. */
static ptrdiff_t offset(tp_unpack *u, ptrdiff_t from, ptrdiff_t size)
{
    int64_t at = tp_unpack_int(u);
    if (at < from || at > size) u->bad = true;
    return u->bad ? from : (ptrdiff_t)at;
}

/* A line's number, or how many there are. */
static int line(tp_unpack *u)
{
    return tp_unpack_index(u, TP_MAX_DECK + 2);
}

static void unpack_skips(tp_skip_file *f, tp_unpack *u, tp_arena *mem)
{
    ptrdiff_t from = 0;
    f->n_skip = tp_unpack_count(u, 40);
    tp_skip *skip = TP_NEW(mem, tp_skip, f->n_skip);
    for (int i = 0; i < f->n_skip; i++) {
        skip[i].beg = offset(u, from, f->size);
        skip[i].end = from = offset(u, skip[i].beg + 1, f->size);
        skip[i].first_line = line(u);
        skip[i].last_line = line(u);
        skip[i].n_card = line(u);
        u->bad |= skip[i].n_card > skip[i].last_line + 1 - skip[i].first_line;
    }
    f->skip = skip;
}

static void unpack_sections(tp_skip_file *f, tp_unpack *u, tp_arena *mem)
{
    f->n_section = tp_unpack_count(u, 40);
    tp_section *section = TP_NEW(mem, tp_section, f->n_section);
    for (int i = 0; i < f->n_section; i++) {
        section[i].name = tp_unpack_str(u);
        section[i].beg = offset(u, 0, f->size);
        section[i].end = offset(u, section[i].beg, f->size);
        section[i].line = line(u);
        section[i].end_line = line(u);
    }
    f->section = section;
}

static tp_str pack(const tp_skips *s, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_pack_int(&b, FORMAT);
    tp_pack_str(&b, TP_S(TP_VERSION));
    tp_pack_int(&b, s->kind);
    tp_pack_int(&b, s->mark);
    tp_pack_int(&b, s->n_file);
    for (int i = 0; i < s->n_file; i++) pack_file(&b, &s->file[i]);
    tp_pack_str(&b, (tp_str){(const char *)s->name,
                             s->n_name * (ptrdiff_t)sizeof *s->name});
    tp_digest d = tp_digest_of(tp_buf_str(&b));
    tp_pack_int(&b, (int64_t)d.low);
    tp_pack_int(&b, (int64_t)d.high);
    return tp_buf_str(&b);
}

static bool is_whole(tp_str bytes)
{
    tp_unpack u = {.rest = tp_str_from(bytes, bytes.len - 16)};
    tp_digest d = {(uint64_t)tp_unpack_int(&u), (uint64_t)tp_unpack_int(&u)};
    return !u.bad && bytes.len > 16 &&
           tp_digest_eq(d, tp_digest_of(tp_str_part(bytes, 0, bytes.len - 16)));
}

static bool unpack(tp_skips *s, tp_str bytes, tp_arena *mem)
{
    tp_unpack u = {.rest = bytes};
    if (!is_whole(bytes) || tp_unpack_int(&u) != FORMAT) return false;
    if (!tp_str_eq(tp_unpack_str(&u), TP_S(TP_VERSION))) return false;
    s->kind = tp_unpack_index(&u, 2) ? TP_DECK_SIMETRIX : TP_DECK_SPICE;
    s->mark = (char)tp_unpack_index(&u, 128);
    s->n_file = tp_unpack_count(&u, 48);
    tp_skip_file *file = TP_NEW(mem, tp_skip_file, s->n_file);
    for (int i = 0; i < s->n_file; i++) {
        file[i].name = tp_unpack_str(&u);
        file[i].size = offset(&u, 0, TP_MAX_DECK);
        file[i].digest.low = (uint64_t)tp_unpack_int(&u);
        file[i].digest.high = (uint64_t)tp_unpack_int(&u);
        unpack_skips(&file[i], &u, mem);
        unpack_sections(&file[i], &u, mem);
    }
    tp_str    bare = tp_unpack_str(&u);
    uint64_t *name = TP_NEW(mem, uint64_t, bare.len / 8);
    memcpy(name, bare.at, (size_t)(bare.len & -8));
    s->file = file;
    s->name = name;
    s->n_name = (int)(bare.len / 8);
    return !u.bad;
}

/* ---- the folder ---------------------------------------------------------- */

static const char *path_of(const char *folder, tp_str main_file,
                           const tp_condition *in, tp_arena *mem)
{
    tp_buf b = {.mem = mem};
    tp_pack_str(&b, tp_path_absolute(main_file, mem));
    tp_pack_str(&b, main_file); /* the names of files begin like it */
    tp_pack_str(&b, in ? in->lib : TP_S(""));
    tp_pack_str(&b, in ? in->from : TP_S(""));
    for (int i = 0; in && i < in->n_section; i++)
        tp_pack_str(&b, in->section[i]);
    tp_digest d = tp_digest_of(tp_buf_str(&b));
    tp_str    name =
        tp_str_fmt(mem, "%s/%016llx%016llx" ENDING, folder,
                   (unsigned long long)d.high, (unsigned long long)d.low);
    return tp_str_z(mem, name);
}

/* The oldest file of ours; "" where there are few. */
static tp_str oldest(DIR *d, tp_arena *mem)
{
    tp_str  found = TP_S("");
    int64_t when = 0;
    int     n = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        struct stat st;
        tp_str      name = tp_str_of(e->d_name);
        ptrdiff_t   end = name.len - (ptrdiff_t)strlen(ENDING);
        if (end < 0 || !tp_str_eq(tp_str_from(name, end), TP_S(ENDING)))
            continue;
        n++;
        if (fstatat(dirfd(d), e->d_name, &st, 0) != 0) continue;
        if (found.len && st.st_mtime >= when) continue;
        when = st.st_mtime;
        found = tp_str_copy(mem, name);
    }
    return n > FILES_MAX ? found : TP_S("");
}

static void make_room(const char *folder, tp_arena mem)
{
    DIR *d = opendir(folder);
    if (!d) return;
    tp_str old = oldest(d, &mem);
    if (old.len) unlinkat(dirfd(d), tp_str_z(&mem, old), 0);
    closedir(d);
}

/* Whether something else than a file has its name: a pipe would never end. */
static bool is_in_the_way(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

const tp_skips *tp_skips_load(const char *folder, tp_str main_file,
                              const tp_condition *in, tp_arena *mem)
{
    tp_skips   *s = TP_NEW(mem, tp_skips, 1);
    const char *path = path_of(folder, main_file, in, mem);
    tp_str      bytes;
    if (is_in_the_way(path) || tp_file_read(&bytes, path, BYTES_MAX, mem, NULL))
        return NULL;
    return unpack(s, bytes, mem) ? s : NULL;
}

void tp_skips_keep(const tp_skips *s, const char *folder, tp_str main_file,
                   const tp_condition *in, tp_arena mem)
{
    if (tp_folder_make(folder, NULL)) return;
    const char *path = path_of(folder, main_file, in, &mem);
    if (is_in_the_way(path)) return;
    if (!tp_file_write(path, pack(s, &mem), NULL)) make_room(folder, mem);
}
