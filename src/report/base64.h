/* Base64 (RFC 4648), for bytes inside XML. */
#ifndef TP_REPORT_BASE64_H
#define TP_REPORT_BASE64_H

#include "base/base.h"

tp_str tp_base64(tp_str bytes, tp_arena *mem);
/* Blanks are skipped; false when it is not base64. */
bool tp_base64_read(tp_str *out, tp_str text, tp_arena *mem);
#endif
