/* The memory of a session: blocks come and go, so that a loop that assigns a
   vector a million times needs no more than one that does it twice. */
#include "nutmeg/inside.h"

enum {
    HEAD = 48,
    SMALLEST = 6,        /* a block is 2^6 bytes at least */
    LARGE = 1 << 16,     /* from here on they go back to the system */
    LARGE_COUNT = 20000, /* the system bounds their number */
};

typedef struct head {
    int class; /* -1: a large one */
    tp_arena own;
} head;
_Static_assert(sizeof(head) <= HEAD, "a block's head");

static int class_of(ptrdiff_t size)
{
    int k = SMALLEST;
    while (((ptrdiff_t)1 << k) < size + HEAD) k++;
    return k;
}

static void *take_large(tp_nm_heap *h, ptrdiff_t size)
{
    tp_arena own = tp_arena_open(size + HEAD);
    head     it = {-1, own};
    h->n_large++;
    memcpy(own.base, &it, sizeof it);
    return own.base + HEAD;
}

void *tp_nm_take(tp_nm_heap *h, ptrdiff_t size)
{
    if (size >= LARGE && h->n_large < LARGE_COUNT) return take_large(h, size);
    head  it = {.class = class_of(size)};
    char *block = h->unused[it.class];
    if (block) {
        memcpy(&h->unused[it.class], block + HEAD, sizeof(void *));
        memset(block + HEAD, 0, (size_t)size);
    } else {
        block = tp_alloc(&h->arena, (ptrdiff_t)1 << it.class, 16, 1);
    }
    memcpy(block, &it, sizeof it);
    return block + HEAD;
}

void tp_nm_give(tp_nm_heap *h, const void *given)
{
    if (!given) return;
    char *block = (char *)(uintptr_t)given - HEAD;
    head  it;
    memcpy(&it, block, sizeof it);
    if (it.class < 0) {
        h->n_large--;
        tp_arena_close(&it.own);
        return;
    }
    memcpy(block + HEAD, &h->unused[it.class], sizeof(void *));
    h->unused[it.class] = block;
}

tp_str tp_nm_keep(tp_nm_heap *h, tp_str s)
{
    char *at = tp_nm_take(h, s.len + 1);
    if (s.len > 0) memcpy(at, s.at, (size_t)s.len);
    return (tp_str){at, s.len};
}

void *tp_nm_more(tp_nm_heap *h, void *old, int n, int *cap, ptrdiff_t size)
{
    if (n < *cap) return old;
    int   wider = *cap > 0 ? 2 * *cap : 4;
    void *now = tp_nm_take(h, wider * size);
    if (n > 0) memcpy(now, old, (size_t)(n * size));
    tp_nm_give(h, old);
    *cap = wider;
    return now;
}
