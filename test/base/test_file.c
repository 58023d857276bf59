/* Arenas, packing, paths, files, clocks. */
#include "check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_arena__gives_zeroed_aligned_memory(void)
{
    tp_arena  a = tp_arena_open(1 << 20);
    tp_arena *mem = &a;
    char     *c = TP_NEW(mem, char, 3);
    double   *d = TP_NEW(mem, double, 4);
    CHECK_INT((uintptr_t)d % _Alignof(double), 0);
    CHECK((char *)d >= c + 3);
    for (int i = 0; i < 4; i++) CHECK_NEAR(d[i], 0, 0);
    tp_arena before = a;
    memset(TP_NEW(mem, char, 1000), 'x', 1000);
    a = before; /* a reset */
    char *again = TP_NEW(mem, char, 1000);
    for (int i = 0; i < 1000; i++)
        if (again[i]) CHECK_INT(again[i], 0);
    tp_arena_close(&a);
    CHECK(!a.beg && !a.end && !a.base);
    tp_arena_close(&a);
}

static void test_arena__by_value_is_scratch(void)
{
    tp_arena a = *check_mem(), scratch = a;
    TP_NEW(&scratch, char, 100);
    CHECK(a.beg + 100 == scratch.beg);
    CHECK(TP_NEW(&a, char, 1) < scratch.beg);
}

static void test_arena__ends_the_program_when_it_is_full(void)
{
    static const ptrdiff_t count[] = {5000, PTRDIFF_MAX, -1};
    for (int i = 0; i < TP_COUNT(count); i++) {
        pid_t child = fork();
        if (child == 0) {
            if (!freopen("/dev/null", "w", stderr)) _exit(1);
            tp_arena a = tp_arena_open(4096);
            TP_NEW(&a, double, count[i]);
            _exit(0);
        }
        int status = 0;
        CHECK_INT(waitpid(child, &status, 0), child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 70);
    }
}

static void test_push__grows_an_array(void)
{
    tp_arena *mem = check_mem();
    int      *v = NULL, n = 0, cap = 0;
    for (int i = 0; i < 1000; i++) *TP_PUSH(mem, v, n, cap) = i * i;
    CHECK_INT(n, 1000);
    CHECK(cap >= 1000);
    for (int i = 0; i < 1000; i++)
        if (v[i] != i * i) CHECK_INT(v[i], i * i);
}

static void test_pack__reads_back(void)
{
    tp_arena *mem = check_mem();
    tp_buf    b = {.mem = mem};
    double    v[] = {1.5, -0.0, INFINITY};
    tp_pack_int(&b, -2);
    tp_pack_int(&b, INT64_MIN);
    tp_pack_double(&b, 0.1);
    tp_pack_doubles(&b, v, 3);
    tp_pack_doubles(&b, NULL, 7);
    tp_pack_str(&b, TP_S("a\0b"));
    tp_pack_str(&b, TP_S(""));
    tp_unpack u = {.rest = tp_buf_str(&b)};
    int       n = -1, none = -1;
    CHECK_INT(tp_unpack_int(&u), -2);
    CHECK(tp_unpack_int(&u) == INT64_MIN);
    CHECK_NEAR(tp_unpack_double(&u), 0.1, 0);
    const double *w = tp_unpack_doubles(&u, &n, mem);
    if (CHECK_INT(n, 3)) CHECK_INT(memcmp(w, v, sizeof v), 0);
    CHECK(tp_unpack_doubles(&u, &none, mem) == NULL);
    CHECK_INT(none, 0);
    CHECK(tp_str_eq(tp_unpack_str(&u), TP_S("a\0b")));
    CHECK_STR(tp_unpack_str(&u), "");
    CHECK(!u.bad);
    CHECK_INT(u.rest.len, 0);
}

static void test_pack__is_little_endian(void)
{
    tp_buf b = {.mem = check_mem()};
    tp_pack_int(&b, 0x0102);
    tp_pack_double(&b, 1.0);
    CHECK_INT(memcmp(b.at, "\2\1\0\0\0\0\0\0\0\0\0\0\0\0\xf0\x3f", 16), 0);
}

static void test_unpack__cut_anywhere_is_bad_and_harmless(void)
{
    tp_arena *mem = check_mem();
    tp_buf    b = {.mem = mem};
    double    v[] = {1, 2};
    tp_pack_doubles(&b, v, 2);
    tp_pack_str(&b, TP_S("word"));
    for (ptrdiff_t len = 0; len < b.len; len++) {
        char *cut = malloc((size_t)len + 1); /* its end is guarded by ASan */
        if (!cut) return;
        memcpy(cut, b.at, (size_t)len);
        tp_unpack u = {.rest = {cut, len}};
        int       n = -1;
        tp_unpack_doubles(&u, &n, mem);
        CHECK(n == 0 || n == 2);
        CHECK_STR(tp_unpack_str(&u), "");
        CHECK(u.bad);
        CHECK_INT(tp_unpack_int(&u), 0);
        CHECK_NEAR(tp_unpack_double(&u), 0, 0);
        free(cut);
    }
}

static void test_unpack__keeps_ints_and_indices_in_their_range(void)
{
    static const struct {
        int64_t v;
        bool    small, index;
    } row[] = {{0, true, true},           {4, true, true},
               {5, true, false},          {-1, true, false},
               {INT32_MAX, true, false},  {INT32_MIN, true, false},
               {1LL << 31, false, false}, {INT64_MIN, false, false}};
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_buf b = {.mem = check_mem()};
        tp_pack_int(&b, row[i].v);
        tp_unpack u = {.rest = tp_buf_str(&b)}, again = u;
        CHECK_INT(tp_unpack_small(&u), row[i].small ? row[i].v : 0);
        CHECK_INT(u.bad, !row[i].small);
        CHECK_INT(tp_unpack_index(&again, 5), row[i].index ? row[i].v : 0);
        CHECK_INT(again.bad, !row[i].index);
    }
}

static void test_unpack__believes_no_count(void)
{
    static const int64_t count[] = {-1, 3, INT64_MAX, INT64_MIN, 1 << 30};
    for (int i = 0; i < TP_COUNT(count); i++) {
        tp_buf b = {.mem = check_mem()};
        tp_pack_int(&b, count[i]);
        tp_pack_int(&b, 0);
        tp_pack_int(&b, 0);
        tp_unpack u = {.rest = tp_buf_str(&b)};
        int       n = -1;
        CHECK(tp_unpack_doubles(&u, &n, check_mem()) == NULL && u.bad);
        CHECK_INT(n, 0);
        tp_unpack again = {.rest = tp_buf_str(&b)};
        CHECK_INT(tp_unpack_str(&again).len, count[i] == 3 ? 3 : 0);
        CHECK(again.bad == (count[i] != 3));
    }
    tp_buf b = {.mem = check_mem()};
    tp_pack_int(&b, 5);
    tp_unpack u = {.rest = tp_buf_str(&b)};
    CHECK_INT(tp_unpack_count(&u, 0), 5);
}

static void test_path__is_cut_and_joined(void)
{
    static const struct {
        const char *path, *folder, *name, *stem;
    } row[] = {
        {"a/b.c", "a", "b.c", "b"},
        {"b.c", ".", "b.c", "b"},
        {"/x", "/", "x", "x"},
        {"/a/b/", "/a", "b", "b"},
        {"a//b", "a", "b", "b"},
        {".rc", ".", ".rc", ".rc"},
        {"a/x.tar.gz", "a", "x.tar.gz", "x.tar"},
        {"", ".", "", ""},
        {"/", "/", "/", "/"},
    };
    for (int i = 0; i < TP_COUNT(row); i++) {
        tp_str path = tp_str_of(row[i].path);
        CHECK_STR(tp_path_folder(path), row[i].folder);
        CHECK_STR(tp_path_name(path), row[i].name);
        CHECK_STR(tp_path_stem(path), row[i].stem);
    }
    tp_arena *mem = check_mem();
    CHECK_STR(tp_path_join(TP_S("a"), TP_S("b"), mem), "a/b");
    CHECK_STR(tp_path_join(TP_S("a/"), TP_S("b"), mem), "a/b");
    CHECK_STR(tp_path_join(TP_S("a"), TP_S("/b"), mem), "/b");
    CHECK_STR(tp_path_join(TP_S("."), TP_S("b"), mem), "b");
    CHECK_STR(tp_path_join(TP_S(""), TP_S("b"), mem), "b");
}

/* A new folder, made zero-terminated in `mem`. */
static const char *folder(tp_arena *mem)
{
    const char *tmp = getenv("TMPDIR");
    tp_str      s = tp_str_fmt(mem, "%s/tp-test-XXXXXX", tmp ? tmp : "/tmp");
    return mkdtemp(tp_str_z(mem, s));
}

static const char *in(const char *dir, const char *name, tp_arena *mem)
{
    return tp_str_fmt(mem, "%s/%s", dir, name).at;
}

static void test_file__written_is_read(void)
{
    tp_arena   *mem = check_mem();
    tp_err      err = {0};
    const char *dir = folder(mem), *path = in(dir, "x", mem);
    tp_str      got;
    CHECK_OK(tp_file_can_write(path, &err), &err);
    CHECK_INT(access(path, F_OK), -1);
    CHECK_OK(tp_file_write(path, TP_S("a\0b"), &err), &err);
    CHECK_OK(tp_file_read(&got, path, 3, mem, &err), &err);
    CHECK(tp_str_eq(got, TP_S("a\0b")));
    CHECK_OK(tp_file_write(path, TP_S(""), &err), &err);
    CHECK_OK(tp_file_read(&got, path, 0, mem, &err), &err);
    CHECK_INT(got.len, 0);
    unlink(path);
    CHECK_INT(rmdir(dir), 0); /* nothing else was left in it */
}

static void test_file__keeps_mode_and_link(void)
{
    tp_arena   *mem = check_mem();
    tp_err      err = {0};
    const char *dir = folder(mem);
    const char *path = in(dir, "x", mem), *link = in(dir, "l", mem);
    struct stat st;
    CHECK_OK(tp_file_write(path, TP_S("1"), &err), &err);
    chmod(path, 0640);
    CHECK_INT(symlink("x", link), 0);
    CHECK_OK(tp_file_write(link, TP_S("2"), &err), &err);
    CHECK(lstat(link, &st) == 0 && S_ISLNK(st.st_mode));
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640);
    tp_str got;
    CHECK_OK(tp_file_read(&got, path, 10, mem, &err), &err);
    CHECK_STR(got, "2");
    unlink(path);
    CHECK_INT(tp_file_write(link, TP_S("3"), &err), TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "a link to nothing");
    unlink(link);
    CHECK_INT(rmdir(dir), 0);
}

static void test_file__refuses_with_a_reason(void)
{
    tp_arena   *mem = check_mem();
    tp_err      err = {0};
    const char *dir = folder(mem), *path = in(dir, "x", mem);
    tp_str      got = TP_S("as it was");
    CHECK_INT(tp_file_read(&got, path, 10, mem, &err), TP_IO);
    CHECK_STR(
        tp_str_of(err.msg),
        tp_str_fmt(mem, "can't open %s: No such file or directory", path).at);
    CHECK_OK(tp_file_write(path, TP_S("12345"), &err), &err);
    CHECK_INT(tp_file_read(&got, path, 4, mem, &err), TP_LIMIT);
    CHECK_HAS(tp_str_of(err.msg), "larger than 4 bytes");
    CHECK_INT(tp_file_read(&got, dir, 4, mem, &err), TP_IO);
    CHECK_STR(got, "as it was");
    CHECK_INT(tp_file_write(dir, TP_S("x"), &err), TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "it is a folder");
    CHECK_INT(tp_file_can_write(in(path, "y", mem), &err), TP_IO);
    CHECK_INT(tp_file_can_write(in(dir, "no/y", mem), &err), TP_IO);
    CHECK_INT(tp_file_write(in(dir, "no/y", mem), TP_S("x"), &err), TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "No such file");
    CHECK_INT(tp_file_can_write("", &err), TP_IO);
    unlink(path);
    CHECK_INT(rmdir(dir), 0);
}

static void test_file__larger_than_the_arena_is_a_limit(void)
{
    tp_arena tiny = tp_arena_open(4096);
    tp_err   err = {0};
    tp_str   got;
    CHECK_INT(tp_file_read(&got, "/dev/zero", 1 << 20, &tiny, &err), TP_LIMIT);
    CHECK_OK(tp_file_read(&got, "/dev/null", 1 << 20, &tiny, &err), &err);
    TP_NEW(&tiny, char, tiny.end - tiny.beg);
    CHECK_INT(tp_file_read(&got, "/dev/null", 9, &tiny, &err), TP_LIMIT);
    tp_arena_close(&tiny);
}

static void test_file__a_device_is_written_through(void)
{
    tp_err err = {0};
    CHECK_OK(tp_file_write("/dev/null", TP_S("x"), &err), &err);
    struct stat st;
    CHECK(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode));
    CHECK_INT(tp_file_write("/dev/full", TP_S("x"), &err), TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "No space left");
}

static void test_folder__is_made_with_those_above(void)
{
    tp_arena   *mem = check_mem();
    tp_err      err = {0};
    const char *dir = folder(mem);
    CHECK_OK(tp_folder_make(in(dir, "a/b//c/", mem), &err), &err);
    CHECK_OK(tp_folder_make(in(dir, "a/b/c", mem), &err), &err);
    CHECK_OK(tp_folder_make(".", &err), &err);
    CHECK_OK(tp_folder_make("/", &err), &err);
    const char *path = in(dir, "a/x", mem);
    CHECK_OK(tp_file_write(path, TP_S(""), &err), &err);
    CHECK_INT(tp_folder_make(path, &err), TP_IO);
    CHECK_HAS(tp_str_of(err.msg), "it is a file");
    CHECK_INT(tp_folder_make(in(path, "y", mem), &err), TP_IO);
    unlink(path);
    CHECK_INT(rmdir(in(dir, "a/b/c", mem)), 0);
    CHECK_INT(rmdir(in(dir, "a/b", mem)), 0);
    CHECK_INT(rmdir(in(dir, "a", mem)), 0);
    CHECK_INT(rmdir(dir), 0);
}

static void test_clock__goes_forward(void)
{
    double wall = tp_now(), cpu = tp_cpu_now();
    double v = 0;
    while (tp_cpu_now() < cpu + 0.01) v += 1;
    CHECK(v > 0);
    CHECK(tp_now() - wall >= 0.009);
    tp_str t = tp_utc_text(check_mem());
    CHECK_INT(t.len, 20);
    CHECK(t.at[0] == '2' && t.at[10] == 'T' && t.at[19] == 'Z');
}

/* Paths from the root and back, also through a link and "..". */
static void test_path__absolute_and_from_here(void)
{
    tp_arena *mem = check_mem();
    char      folder[] = "/tmp/tp_path_XXXXXX", here[4096];
    if (!getcwd(here, sizeof here) || !mkdtemp(folder)) return;
    tp_str in = tp_str_fmt(mem, "%s/in", folder);
    tp_str link = tp_str_fmt(mem, "%s/link", folder);
    CHECK_INT(mkdir(tp_str_z(mem, in), 0755), 0);
    CHECK_INT(symlink("in", tp_str_z(mem, link)), 0);
    CHECK_INT(chdir(folder), 0);
    tp_str want = tp_str_fmt(mem, "%s/in/d.net", folder);
    CHECK(tp_str_eq(tp_path_absolute(TP_S("in/d.net"), mem), want));
    CHECK(tp_str_eq(tp_path_absolute(TP_S("./in/../link/d.net"), mem), want));
    CHECK(tp_str_eq(tp_path_absolute(want, mem), want));
    CHECK_STR(tp_path_from_here(want, mem), "in/d.net");
    tp_str gone = tp_str_fmt(mem, "%s/no/d.net", folder);
    CHECK(tp_str_eq(tp_path_absolute(TP_S("no/d.net"), mem), gone));
    CHECK_STR(tp_path_absolute(TP_S("/no/d.net"), mem), "/no/d.net");
    CHECK_INT(chdir("in"), 0);
    CHECK_STR(tp_path_from_here(want, mem), "d.net");
    tp_str beside = tp_str_fmt(mem, "%s/into/d.net", folder);
    CHECK(tp_str_eq(tp_path_from_here(beside, mem), beside));
    CHECK_INT(chdir("/"), 0);
    CHECK_STR(tp_path_from_here(TP_S("/a/d.net"), mem), "a/d.net");
    CHECK_INT(chdir(here), 0);
    unlink(tp_str_z(mem, link));
    rmdir(tp_str_z(mem, in));
    rmdir(folder);
}

static const check_test tests[] = {
    CHECK_TEST(test_arena__gives_zeroed_aligned_memory),
    CHECK_TEST(test_arena__by_value_is_scratch),
    CHECK_TEST(test_arena__ends_the_program_when_it_is_full),
    CHECK_TEST(test_push__grows_an_array),
    CHECK_TEST(test_pack__reads_back),
    CHECK_TEST(test_pack__is_little_endian),
    CHECK_TEST(test_unpack__cut_anywhere_is_bad_and_harmless),
    CHECK_TEST(test_unpack__keeps_ints_and_indices_in_their_range),
    CHECK_TEST(test_unpack__believes_no_count),
    CHECK_TEST(test_path__is_cut_and_joined),
    CHECK_TEST(test_file__written_is_read),
    CHECK_TEST(test_file__keeps_mode_and_link),
    CHECK_TEST(test_file__refuses_with_a_reason),
    CHECK_TEST(test_file__larger_than_the_arena_is_a_limit),
    CHECK_TEST(test_file__a_device_is_written_through),
    CHECK_TEST(test_folder__is_made_with_those_above),
    CHECK_TEST(test_clock__goes_forward),
    CHECK_TEST(test_path__absolute_and_from_here),
    {0},
};

int main(void)
{
    return check_main(tests);
}
