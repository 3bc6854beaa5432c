// What Glibc's Swift module lacks: thin wrappers, no policy.
// No system header may be included here but stddef.h: the module would define Glibc's types a second time.
#pragma once
#include <stddef.h>

/// Overwrites memory in a way that the optimiser may not remove.
void gatepost_wipe(void *address, size_t count);

/// Has memory that will be read soon brought to the processor's cache meanwhile; any address will do.
static inline void gatepost_prefetch(const void *address) { __builtin_prefetch(address); }

/// Overwrites 5 KiB of the stack below the caller.
void gatepost_wipe_stack(void);

/// pread(2) of what the kernel holds in memory: fails, or returns less, rather than wait for a disk.
long gatepost_read_cached(int descriptor, void *buffer, size_t size, long offset);

/// What getspnam_r finds; the days count from 1970-01-01, -1 means not set.
struct gatepost_shadow_entry {
    const char *password;
    long last_change;
    long maximum_age;
    long inactive;
    long expires;
};

/// 1 and the entry, whose password lies in `buffer`; 0 for no such user; or a negative errno value.
int gatepost_getspnam(const char *name, struct gatepost_shadow_entry *entry, char *buffer, size_t size);

/// 0, or -1 with errno.
int gatepost_no_new_privileges(void);

/// 0, or -1 with errno.
int gatepost_set_dumpable(int on);

/// 0, or -1 with errno.
int gatepost_setresuid(unsigned int uid);

/// 0, or -1 with errno.
int gatepost_setresgid(unsigned int gid);

/// Names a thread, given by its pthread_t, for ps and top; at most 15 characters.
void gatepost_name_thread(unsigned long thread, const char *name);

/// The names of a file's extended attributes, each with a NUL at its end; their size, or -1 with errno.
long gatepost_flistxattr(int file, char *names, size_t size);

/// The value's size, or -1 with errno.
long gatepost_fgetxattr(int file, const char *name, void *value, size_t size);

/// 0, or -1 with errno.
int gatepost_fsetxattr(int file, const char *name, const void *value, size_t size);

/// A readiness queue (epoll) that children don't inherit, or -1 with errno.
int gatepost_epoll_create(void);

/// Kinds of readiness, as the kernel numbers them.
enum {
    GATEPOST_READABLE = 0x001,
    GATEPOST_WRITABLE = 0x004,
    GATEPOST_BROKEN = 0x008,
    GATEPOST_HUNG_UP = 0x010,
};

/// Watches a descriptor; 0, or -1 with errno.
int gatepost_epoll_add(int queue, int descriptor, unsigned int kinds, unsigned long long token);

/// Watches it for other kinds; 0, or -1 with errno.
int gatepost_epoll_modify(int queue, int descriptor, unsigned int kinds, unsigned long long token);

/// Watches it no longer; 0, or -1 with errno.
int gatepost_epoll_remove(int queue, int descriptor);

/// What became ready.
struct gatepost_readiness {
    unsigned long long token;
    unsigned int kinds;
};

enum { GATEPOST_MOST_EVENTS = 256 };

/// Waits for up to `milliseconds` (-1: for ever) and fills `ready`, of GATEPOST_MOST_EVENTS elements; the number that
/// was filled, or -1 with errno.
int gatepost_epoll_wait(int queue, struct gatepost_readiness *ready, int milliseconds);

/// A counter that another thread can make readable; it neither blocks nor is inherited. Or -1 with errno.
int gatepost_eventfd(void);

/// A timer that makes itself readable; it neither blocks nor is inherited. Or -1 with errno.
int gatepost_timer(void);

/// Has it become readable once, after so many nanoseconds (below a second, above 0); 0, or -1 with errno.
int gatepost_timer_start(int timer, long nanoseconds);

/// A new connection, which neither blocks nor is inherited, or -1 with errno.
int gatepost_accept(int listener);

/// Sends without a signal if the peer is gone; the number of bytes, or -1 with errno.
long gatepost_send(int descriptor, const void *bytes, size_t count);

/// Who connected, as the kernel saw it then; 0, or -1 with errno.
int gatepost_peer_credentials(int descriptor, int *process, unsigned int *user, unsigned int *group);

/// Makes the calling thread give way to the others of this process; 0, or -1 with errno.
int gatepost_give_way(void);

/// Lets go of the memory that the program's own code and constants take; what is needed comes back from the file by
/// itself. 0, or -1 with errno.
int gatepost_forget_code(void);
