/* lanes: four doubles at once, and each kernel twice: for any processor, and
   with AVX2 where there is one. Both do the same operations in the same order
   on each lane and give the same bits. Private to num. */
#ifndef TP_NUM_LANES_H
#define TP_NUM_LANES_H

#include "num/num.h"

#include <string.h>

typedef double  tp_v4 __attribute__((vector_size(32), aligned(8), may_alias));
typedef int64_t tp_i4 __attribute__((vector_size(32), aligned(8), may_alias));

#define TP_KERNEL static inline __attribute__((always_inline))

/* A function `name` that does name_kernel with the same arguments. */
#if defined(__x86_64__)
#define TP_BOTH(name, takes, gives)                               \
    __attribute__((target("avx2"))) static void name##_avx2 takes \
    {                                                             \
        name##_kernel gives;                                      \
    }                                                             \
    static void name##_any takes                                  \
    {                                                             \
        name##_kernel gives;                                      \
    }                                                             \
    static void name takes                                        \
    {                                                             \
        if (__builtin_cpu_supports("avx2"))                       \
            name##_avx2 gives;                                    \
        else                                                      \
            name##_any gives;                                     \
    }
#else
#define TP_BOTH(name, takes, gives) \
    static void name takes          \
    {                               \
        name##_kernel gives;        \
    }
#endif

#endif
