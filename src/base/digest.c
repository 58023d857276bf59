/* Digests: which bytes a file had, told by a short number. */
#include "base/base.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

tp_digest tp_digest_of(tp_str bytes)
{
    XXH128_hash_t h = XXH3_128bits(bytes.at, (size_t)bytes.len);
    return (tp_digest){h.low64, h.high64};
}

bool tp_digest_eq(tp_digest a, tp_digest b)
{
    return a.low == b.low && a.high == b.high;
}
