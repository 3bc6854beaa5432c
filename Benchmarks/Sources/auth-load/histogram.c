#include "histogram.h"

// Values below HISTOGRAM_STEPS have a bucket each; above, every doubling has HISTOGRAM_STEPS buckets.
static unsigned bucket(uint64_t value) {
    if (value < HISTOGRAM_STEPS) return (unsigned)value;
    unsigned doublings = 63 - (unsigned)__builtin_clzll(value) - 7;
    unsigned index = (doublings + 1) * HISTOGRAM_STEPS + (unsigned)((value >> doublings) - HISTOGRAM_STEPS);
    return index < HISTOGRAM_BUCKETS ? index : HISTOGRAM_BUCKETS - 1;
}

static uint64_t upper_edge(unsigned index) {
    if (index < HISTOGRAM_STEPS) return index;
    unsigned doublings = index / HISTOGRAM_STEPS - 1;
    return ((uint64_t)(index % HISTOGRAM_STEPS + HISTOGRAM_STEPS + 1) << doublings) - 1;
}

void histogram_add(struct histogram *histogram, uint64_t nanoseconds) {
    histogram->counts[bucket(nanoseconds)]++;
    histogram->total++;
    if (nanoseconds > histogram->longest) histogram->longest = nanoseconds;
}

uint64_t histogram_quantile(const struct histogram *histogram, double share) {
    uint64_t rank = (uint64_t)(share * (double)histogram->total);
    uint64_t seen = 0;
    for (unsigned index = 0; index < HISTOGRAM_BUCKETS; index++) {
        seen += histogram->counts[index];
        if (seen > rank || (seen == histogram->total && seen > 0)) {
            uint64_t edge = upper_edge(index);
            return edge < histogram->longest ? edge : histogram->longest;
        }
    }
    return 0;
}
