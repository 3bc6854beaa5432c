// malloc and its kin, standing in front of Glibc's to count: the whole program, the Swift runtime and libcrypt call these.
#define _GNU_SOURCE 1
#include "allocations.h"

#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

// The initial-exec model, because the usual one may allocate on first use.
static _Thread_local struct allocations counts __attribute__((tls_model("initial-exec")));

struct allocations allocations_of_thread(void) { return counts; }

static void *counted(void *block, size_t size) {
    if (block != NULL) {
        counts.allocated++;
        counts.bytes += size;
    }
    return block;
}

void *malloc(size_t size) { return counted(__libc_malloc(size), size); }

void *calloc(size_t number, size_t size) { return counted(__libc_calloc(number, size), number * size); }

void *realloc(void *block, size_t size) {
    void *moved = __libc_realloc(block, size);
    if (block != NULL && (moved != NULL || size == 0)) counts.freed++;
    return counted(moved, size);
}

void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size), size); }

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    void *found = memalign(alignment, size);
    if (found == NULL) return ENOMEM;
    *block = found;
    return 0;
}

void free(void *block) {
    if (block != NULL) counts.freed++;
    __libc_free(block);
}
