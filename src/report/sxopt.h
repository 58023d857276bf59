/* Names of the .sxopt file's elements, for its writer and its reader; the
   schema is doc/sxopt.xsd. */
#ifndef TP_REPORT_SXOPT_H
#define TP_REPORT_SXOPT_H

#include "report/format.h"

#define TP_SXOPT_SPACE "urn:trimpot:sxopt:1"
#endif
