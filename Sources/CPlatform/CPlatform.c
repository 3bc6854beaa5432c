#define _GNU_SOURCE 1
#include "CPlatform.h"

#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <shadow.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

void gatepost_wipe(void *address, size_t count) { explicit_bzero(address, count); }

/* Not inlined, so that its frame lies where the caller's other callees had theirs. */
__attribute__((noinline)) void gatepost_wipe_stack(void) {
    unsigned char frame[5][1024];
    /* In pieces below the size from which the C library has the processor's slow start of `rep stosb` to pay. */
    for (int piece = 0; piece < 5; piece++) explicit_bzero(frame[piece], sizeof frame[piece]);
}

long gatepost_read_cached(int descriptor, void *buffer, size_t size, long offset) {
    struct iovec piece = {buffer, size};
    return preadv2(descriptor, &piece, 1, offset, RWF_NOWAIT);
}

int gatepost_getspnam(const char *name, struct gatepost_shadow_entry *entry, char *buffer, size_t size) {
    struct spwd storage;
    struct spwd *found = NULL;
    errno = 0;
    int status = getspnam_r(name, &storage, buffer, size, &found);
    if (found != NULL) {
        entry->password = found->sp_pwdp;
        entry->last_change = found->sp_lstchg;
        entry->maximum_age = found->sp_max;
        entry->inactive = found->sp_inact;
        entry->expires = found->sp_expire;
        return 1;
    }
    if (status == 0) status = errno;
    /* Without a file there are no users; so says the name service, too. */
    return status == ENOENT || status == ESRCH ? 0 : -status;
}

int gatepost_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

int gatepost_set_dumpable(int on) { return prctl(PR_SET_DUMPABLE, on, 0, 0, 0); }

int gatepost_setresuid(unsigned int uid) { return setresuid(uid, uid, uid); }

int gatepost_setresgid(unsigned int gid) { return setresgid(gid, gid, gid); }

void gatepost_name_thread(unsigned long thread, const char *name) { pthread_setname_np((pthread_t)thread, name); }

long gatepost_flistxattr(int file, char *names, size_t size) { return flistxattr(file, names, size); }

long gatepost_fgetxattr(int file, const char *name, void *value, size_t size) {
    return fgetxattr(file, name, value, size);
}

int gatepost_fsetxattr(int file, const char *name, const void *value, size_t size) {
    return fsetxattr(file, name, value, size, 0);
}

_Static_assert(
    GATEPOST_READABLE == (int)EPOLLIN && GATEPOST_WRITABLE == (int)EPOLLOUT && GATEPOST_BROKEN == (int)EPOLLERR
        && GATEPOST_HUNG_UP == (int)EPOLLHUP,
    "the header writes the kernel's numbers out, for it may not include the kernel's");

int gatepost_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int gatepost_epoll_add(int queue, int descriptor, unsigned int kinds, unsigned long long token) {
    struct epoll_event event = {.events = kinds, .data.u64 = token};
    return epoll_ctl(queue, EPOLL_CTL_ADD, descriptor, &event);
}

int gatepost_epoll_modify(int queue, int descriptor, unsigned int kinds, unsigned long long token) {
    struct epoll_event event = {.events = kinds, .data.u64 = token};
    return epoll_ctl(queue, EPOLL_CTL_MOD, descriptor, &event);
}

int gatepost_epoll_remove(int queue, int descriptor) {
    struct epoll_event unused = {0};
    return epoll_ctl(queue, EPOLL_CTL_DEL, descriptor, &unused);
}

int gatepost_epoll_wait(int queue, struct gatepost_readiness *ready, int milliseconds) {
    struct epoll_event events[GATEPOST_MOST_EVENTS];
    int count = epoll_wait(queue, events, GATEPOST_MOST_EVENTS, milliseconds);
    for (int index = 0; index < count; index++) {
        ready[index].token = events[index].data.u64;
        ready[index].kinds = events[index].events;
    }
    return count;
}

int gatepost_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int gatepost_timer(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK); }

int gatepost_timer_start(int timer, long nanoseconds) {
    struct itimerspec when = {.it_value.tv_nsec = nanoseconds};
    return timerfd_settime(timer, 0, &when, NULL);
}

int gatepost_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

long gatepost_send(int descriptor, const void *bytes, size_t count) {
    return send(descriptor, bytes, count, MSG_NOSIGNAL);
}

int gatepost_peer_credentials(int descriptor, int *process, unsigned int *user, unsigned int *group) {
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return -1;
    *process = credentials.pid;
    *user = credentials.uid;
    *group = credentials.gid;
    return 0;
}

int gatepost_give_way(void) {
    /* For Linux a thread is a process of its own here. */
    return setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), 5);
}

static int forget_code(struct dl_phdr_info *object, size_t size, void *result) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    (void)size;
    for (int index = 0; index < object->dlpi_phnum; index++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[index];
        if (part->p_type != PT_LOAD || (part->p_flags & PF_W) != 0) continue;
        uintptr_t start = (object->dlpi_addr + part->p_vaddr + page - 1) / page * page;
        uintptr_t end = (object->dlpi_addr + part->p_vaddr + part->p_filesz) / page * page;
        if (start < end && madvise((void *)start, end - start, MADV_DONTNEED) != 0) *(int *)result = -1;
    }
    /* The first object is the program itself, and enough. */
    return 1;
}

int gatepost_forget_code(void) {
    int result = 0;
    dl_iterate_phdr(forget_code, &result);
    return result;
}
