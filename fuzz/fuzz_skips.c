/* Notes of what need not be read, with a right digest and wrong numbers: a
   real file of them with words of 8 bytes put into it. Each 10 bytes of the
   input are where (2, behind the version) and what. The deck is read, or read
   without them. */
#include "fuzz.h"

#include "netlist/netlist.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char      folder[] = "/tmp/tp_fuzz_skips_XXXXXX";
static char      path[sizeof folder + 300]; /* of the notes */
static tp_arena  own;
static tp_source file[2];
static tp_str    notes;

static void clean_up(void)
{
    unlink(path);
    rmdir(folder);
}

static void find_notes(void)
{
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.')
            snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
    if (d) closedir(d);
}

static tp_str library(void)
{
    tp_buf b = {.mem = &own};
    tp_buf_add(&b, TP_S(".param a=1\n.model dx d\n.lib tt\n.param b=1\n"
                        ".model dy d\n.endl\n.lib ff\n.param b=2\n.endl\n"
                        ".subckt much a b\n"));
    for (int i = 0; i < 300; i++) tp_buf_fmt(&b, "* %0900d\n", i);
    tp_buf_add(&b, TP_S("r1 a b {a}\n.ends\nr2 a 0 1\n.model dz d\n"));
    return tp_buf_str(&b);
}

/* Reads the deck and asks what leads back to all of it. */
static void read_deck(tp_arena mem)
{
    const tp_files files = {.n = 2, .file = file, .cache = folder};
    tp_err         err = {0};
    tp_deck       *d;
    tp_circuit     c, left, whole;
    tp_pruned      how;
    if (tp_deck_read(&d, "d.net", &files, &mem, &err)) abort();
    (void)tp_deck_uses_param(d, TP_S("a"));
    if (tp_deck_circuit(&c, d, NULL, 0, NULL, 0, &err)) return;
    tp_circuit_whole(&whole, &c, &mem);
    tp_circuit_prune(&left, &c, NULL, NULL, &how, &mem);
    tp_circuit_whole(&whole, &left, &mem);
}

static bool begin(void)
{
    own = tp_arena_open((ptrdiff_t)1 << 30);
    file[0] =
        (tp_source){TP_S("d.net"), TP_S("t\n.include m.lib\n.lib m.lib tt\n"
                                        "r1 a 0 {b}\nd1 a 0 dy\n")};
    file[1] = (tp_source){TP_S("m.lib"), library()};
    if (!mkdtemp(folder)) return false;
    atexit(clean_up);
    read_deck(own);
    find_notes();
    return tp_file_read(&notes, path, 1 << 20, &own, NULL) == TP_OK;
}

static void put_notes(tp_str bytes)
{
    tp_buf    b = {.mem = &own};
    tp_digest d = tp_digest_of(tp_str_part(bytes, 0, bytes.len - 16));
    tp_pack_int(&b, (int64_t)d.low);
    tp_pack_int(&b, (int64_t)d.high);
    FILE *f = fopen(path, "wb");
    if (!f) abort();
    fwrite(bytes.at, 1, (size_t)bytes.len - 16, f);
    fwrite(b.at, 1, 16, f);
    if (fclose(f)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!notes.len && !begin()) abort();
    tp_arena before = own;
    char    *copy = tp_str_z(&own, notes);
    size_t   from = 16 + strlen(TP_VERSION), most = (size_t)notes.len - 24;
    for (; size >= 10; data += 10, size -= 10) {
        size_t at = data[0] + (size_t)data[1] * 256;
        memcpy(copy + from + at % (most - from), data + 2, 8);
    }
    put_notes((tp_str){copy, notes.len});
    read_deck(own);
    own = before;
    return 0;
}
