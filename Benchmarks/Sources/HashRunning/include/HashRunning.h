// The loop that both sides are measured in, and a count of what they take from the heap.
// No system header but this one: the module would define Glibc's types a second time.
#pragma once
#include <stdint.h>

/// Something to repeat. `begin` makes what one thread needs, `run` does it `count` times and returns 1 if every answer
/// was right, `end` lets go of it.
struct hash_work {
    const void *subject;
    void *(*begin)(const void *subject);
    int (*run)(void *state, uint64_t count);
    void (*end)(void *state);
};

/// What a run of some threads came to.
struct hash_pace {
    uint64_t verifications;
    /// The threads' rates added up, by the clock on the wall.
    double per_second;
    /// Processor time of one verification, in seconds.
    double cpu_seconds;
    /// Heap allocations of one verification, their bytes, and those that were not freed again; without the first
    /// `batch`, which may fill caches.
    double allocations;
    double allocated_bytes;
    double unfreed;
};

/// Runs the work on that many threads for about so many seconds, asking the clock after every `batch`.
/// 0, -1 if an answer was wrong, or an errno value.
int hash_run(const struct hash_work *work, unsigned threads, uint64_t batch, double seconds, struct hash_pace *pace);
