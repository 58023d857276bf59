/* A second stack for methods written as straight code: resume runs the body
   until it yields. POSIX ucontext; below the stack lies a page that faults. */
#include "opt/opt.h"

#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#endif
#if defined(WITH_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

enum { STACK_SIZE = 1024 * 1024 }; /* touched pages only are real */

typedef struct side { /* one of the two stacks, as AddressSanitizer sees it */
    const void *bottom;
    size_t      size;
    void       *fake;
} side;

struct tp_coro {
    ucontext_t own, caller;
    void (*body)(tp_coro *self, void *with);
    void  *with;
    bool   done;
    char  *map;
    size_t map_size;
    side   inside, outside;
};

/* Tells the sanitizer that a stack is left for `to`; `keep` holds what it wants
   to have back on return, NULL: there will be none. */
static void leave(void **keep, side to)
{
#if defined(WITH_ASAN)
    __sanitizer_start_switch_fiber(keep, to.bottom, to.size);
#else
    (void)keep;
    (void)to;
#endif
}

/* Tells it that `now` runs; `was` gets the place of the stack left. */
static void arrive(side *now, side *was)
{
#if defined(WITH_ASAN)
    __sanitizer_finish_switch_fiber(now->fake, was ? &was->bottom : NULL,
                                    was ? &was->size : NULL);
#else
    (void)now;
    (void)was;
#endif
}

/* makecontext passes ints only: the pointer comes in two halves. */
static void entry(unsigned high, unsigned low)
{
    uintptr_t at = ((uintptr_t)high << 16 << 16) | low;
    tp_coro  *c = (tp_coro *)at;
    arrive(&c->inside, &c->outside);
    c->body(c, c->with);
    c->done = true;
    leave(NULL, c->outside);
    swapcontext(&c->own, &c->caller);
}

/* getcontext can't fail here: it only copies registers. */
static void make_context(tp_coro *c)
{
    uintptr_t at = (uintptr_t)c;
    (void)getcontext(&c->own);
    c->own.uc_stack.ss_sp = (char *)c - STACK_SIZE;
    c->own.uc_stack.ss_size = STACK_SIZE;
    c->own.uc_link = NULL;
    makecontext(&c->own, (void (*)(void))entry, 2, (unsigned)(at >> 16 >> 16),
                (unsigned)at);
}

tp_coro *tp_coro_open(void (*body)(tp_coro *self, void *with), void *with)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t head = (sizeof(tp_coro) + page - 1) / page * page;
    size_t size = page + STACK_SIZE + head;
    char  *map = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED) return NULL;
    if (mprotect(map, page, PROT_NONE)) {
        munmap(map, size);
        return NULL;
    }
    tp_coro *c = (tp_coro *)(map + page + STACK_SIZE);
    c->body = body;
    c->with = with;
    c->map = map;
    c->map_size = size;
    c->inside = (side){.bottom = map + page, .size = STACK_SIZE};
    make_context(c);
    return c;
}

bool tp_coro_resume(tp_coro *c)
{
    if (c->done) return false;
    leave(&c->outside.fake, c->inside);
    swapcontext(&c->caller, &c->own);
    arrive(&c->outside, NULL);
    return !c->done;
}

void tp_coro_yield(tp_coro *self)
{
    leave(&self->inside.fake, self->outside);
    swapcontext(&self->own, &self->caller);
    arrive(&self->inside, &self->outside);
}

bool tp_coro_done(const tp_coro *c)
{
    return c->done;
}

void tp_coro_close(tp_coro *c)
{
    char  *map = c->map;
    size_t size = c->map_size;
#if defined(WITH_ASAN)
    __asan_unpoison_memory_region(map, size);
#endif
    munmap(map, size);
}
