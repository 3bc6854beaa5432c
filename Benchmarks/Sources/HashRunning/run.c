#define _GNU_SOURCE 1
#include "HashRunning.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "allocations.h"

enum { MOST_THREADS = 256 };

/// Where the threads wait until all of them are ready, or one could not be had.
struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned ready;
    enum { CLOSED, OPEN, ABANDONED } state;
};

struct runner {
    const struct hash_work *work;
    struct gate *gate;
    uint64_t batch;
    double seconds;
    int failed;
    uint64_t verifications;
    double wall_seconds;
    double cpu_seconds;
    struct allocations before, after;
};

static double now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/// Whether the race is on.
static int pass(struct gate *gate) {
    pthread_mutex_lock(&gate->lock);
    gate->ready++;
    pthread_cond_broadcast(&gate->changed);
    while (gate->state == CLOSED) pthread_cond_wait(&gate->changed, &gate->lock);
    int is_open = gate->state == OPEN;
    pthread_mutex_unlock(&gate->lock);
    return is_open;
}

static void decide(struct gate *gate, unsigned threads, int is_open) {
    pthread_mutex_lock(&gate->lock);
    while (gate->ready < threads) pthread_cond_wait(&gate->changed, &gate->lock);
    gate->state = is_open ? OPEN : ABANDONED;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

static void *run(void *argument) {
    struct runner *runner = argument;
    void *state = runner->work->begin(runner->work->subject);
    // One batch beforehand, for caches and lazy initialisation.
    if (state == NULL || !runner->work->run(state, runner->batch)) runner->failed = 1;
    if (!pass(runner->gate) || runner->failed) goto finish;

    runner->before = allocations_of_thread();
    double cpu = now(CLOCK_THREAD_CPUTIME_ID);
    double begin = now(CLOCK_MONOTONIC), end;
    do {
        if (!runner->work->run(state, runner->batch)) runner->failed = 1;
        runner->verifications += runner->batch;
        end = now(CLOCK_MONOTONIC);
    } while (!runner->failed && end - begin < runner->seconds);
    runner->cpu_seconds = now(CLOCK_THREAD_CPUTIME_ID) - cpu;
    runner->wall_seconds = end - begin;
    runner->after = allocations_of_thread();
finish:
    if (state != NULL) runner->work->end(state);
    return NULL;
}

int hash_run(const struct hash_work *work, unsigned threads, uint64_t batch, double seconds, struct hash_pace *pace) {
    if (threads < 1 || threads > MOST_THREADS || batch < 1) return EINVAL;
    struct runner runners[MOST_THREADS] = {0};
    pthread_t handles[MOST_THREADS];
    struct gate gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, CLOSED};
    int status = 0;
    unsigned started = 0;
    while (started < threads) {
        runners[started] = (struct runner){.work = work, .gate = &gate, .batch = batch, .seconds = seconds};
        status = pthread_create(&handles[started], NULL, run, &runners[started]);
        if (status != 0) break;
        started++;
    }
    decide(&gate, started, status == 0);
    for (unsigned index = 0; index < started; index++) pthread_join(handles[index], NULL);
    if (status != 0) return status;

    *pace = (struct hash_pace){0};
    for (unsigned index = 0; index < threads; index++) {
        struct runner *runner = &runners[index];
        if (runner->failed) return -1;
        pace->verifications += runner->verifications;
        pace->per_second += (double)runner->verifications / runner->wall_seconds;
        pace->cpu_seconds += runner->cpu_seconds;
        pace->allocations += (double)(runner->after.allocated - runner->before.allocated);
        pace->allocated_bytes += (double)(runner->after.bytes - runner->before.bytes);
        pace->unfreed += (double)(runner->after.allocated - runner->before.allocated)
            - (double)(runner->after.freed - runner->before.freed);
    }
    double total = (double)pace->verifications;
    pace->cpu_seconds /= total;
    pace->allocations /= total;
    pace->allocated_bytes /= total;
    pace->unfreed /= total;
    return 0;
}
