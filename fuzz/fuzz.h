/* fuzz: what a target is. */
#ifndef TP_FUZZ_H
#define TP_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Runs one input; returns 0. Ends the program when something is wrong. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
#endif
