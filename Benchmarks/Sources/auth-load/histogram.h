// Latencies in nanoseconds, counted in buckets no wider than 1/128 of their value.
#pragma once
#include <stdint.h>

enum { HISTOGRAM_STEPS = 128, HISTOGRAM_BUCKETS = HISTOGRAM_STEPS * 40 };

struct histogram {
    uint64_t counts[HISTOGRAM_BUCKETS];
    uint64_t total;
    uint64_t longest;
};

void histogram_add(struct histogram *histogram, uint64_t nanoseconds);

/// The upper edge of the bucket below which that share (0 to 1) of all values lies; 0 without values.
uint64_t histogram_quantile(const struct histogram *histogram, double share);
