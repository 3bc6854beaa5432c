#include "CLibFuzzer.h"
// The library is linked with -sanitize=fuzzer; SwiftPM wants a source file.
