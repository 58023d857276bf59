/* Arenas: a bump allocator over address space that is reserved once, so that
   nothing moves and nothing is freed one by one. Pages cost memory only when
   they are touched. */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* No caller can go on without memory, and none has to ask. */
static _Noreturn void out_of_memory(void)
{
    static const char words[] = "trimpot: out of memory\n";
    ssize_t           written = write(STDERR_FILENO, words, sizeof words - 1);
    (void)written;
    _exit(70);
}

/* Where the address space is limited (ulimit -v) an arena that is larger than
   anything it will hold takes a part, so that all of them fit. */
enum { PARTS = 16 };
static const ptrdiff_t roomy = (ptrdiff_t)1 << 30;

static ptrdiff_t fitting(ptrdiff_t size)
{
    struct rlimit limit;
    if (size < roomy || getrlimit(RLIMIT_AS, &limit) != 0 ||
        limit.rlim_cur == RLIM_INFINITY)
        return size;
    ptrdiff_t part = (ptrdiff_t)(limit.rlim_cur / PARTS);
    return part < size ? part & -(ptrdiff_t)65536 : size;
}

static _Noreturn void no_address_space(ptrdiff_t size)
{
    dprintf(STDERR_FILENO,
            "trimpot: can't reserve %td MB of address space (ulimit -v)\n",
            size >> 20);
    _exit(tp_status_exit(TP_IO));
}

tp_arena tp_arena_open(ptrdiff_t size)
{
    size = fitting(size);
    if (size <= 0) no_address_space(size);
    char *at = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) no_address_space(size);
    return (tp_arena){.beg = at, .end = at + size, .base = at};
}

void tp_arena_close(tp_arena *a)
{
    if (a->base) munmap(a->base, (size_t)(a->end - a->base));
    *a = (tp_arena){0};
}

void *tp_alloc(tp_arena *a, ptrdiff_t size, ptrdiff_t align, ptrdiff_t count)
{
    ptrdiff_t pad = (ptrdiff_t)(-(uintptr_t)a->beg & (uintptr_t)(align - 1));
    ptrdiff_t room = a->end - a->beg - pad;
    if (size < 0 || count < 0 || room < 0) out_of_memory();
    if (size > 0 && count > room / size) out_of_memory();
    char *at = a->beg + pad;
    a->beg = at + size * count;
    return memset(at, 0, (size_t)(size * count));
}

void *tp_grow(tp_arena *a, const void *old, int n, int *cap, ptrdiff_t size,
              ptrdiff_t align)
{
    if (n < *cap) return (void *)(uintptr_t)old;
    if (*cap > INT32_MAX / 2) out_of_memory();
    int wider = *cap > 4 ? 2 * *cap : 8;
    void *new = tp_alloc(a, size, align, wider);
    if (n > 0) memcpy(new, old, (size_t)(n * size));
    *cap = wider;
    return new;
}
