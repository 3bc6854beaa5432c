// What Glibc's Swift module lacks: thin wrappers, no policy.
// No system header may be included here but stddef.h: the module would define Glibc's types a second time.
#pragma once
#include <stddef.h>

/// Overwrites memory in a way that the optimiser may not remove.
void gatepost_wipe(void *address, size_t count);

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
