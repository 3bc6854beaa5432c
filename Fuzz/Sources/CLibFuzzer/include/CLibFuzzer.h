#ifndef GATEPOST_LIBFUZZER_H
#define GATEPOST_LIBFUZZER_H

#include <stddef.h>
#include <stdint.h>

/// libFuzzer as a library: runs `test` over inputs as its arguments say, and returns the exit status.
int LLVMFuzzerRunDriver(int *argument_count, char ***arguments, int (*test)(const uint8_t *bytes, size_t count));

#endif
