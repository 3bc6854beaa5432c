// Counts of the calling thread.
#pragma once
#include <stdint.h>

struct allocations {
    uint64_t allocated;
    uint64_t bytes;
    uint64_t freed;
};

struct allocations allocations_of_thread(void);
