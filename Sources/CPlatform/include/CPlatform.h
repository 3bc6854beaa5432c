// What Glibc's Swift module lacks: one-line wrappers, no policy.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <pwd.h>
#include <grp.h>
#include <shadow.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

/// Overwrites memory in a way that the optimiser may not remove.
static inline void gatepost_wipe(void *address, size_t count) { explicit_bzero(address, count); }

/// 0 and `*found == entry`, 0 and `*found == NULL` (no such user), or an errno value.
static inline int gatepost_getspnam(const char *name, struct spwd *entry, char *buffer, size_t size, struct spwd **found) {
    return getspnam_r(name, entry, buffer, size, found);
}

static inline int gatepost_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

static inline int gatepost_set_dumpable(int on) { return prctl(PR_SET_DUMPABLE, on, 0, 0, 0); }

static inline int gatepost_setresuid(uid_t uid) { return setresuid(uid, uid, uid); }

static inline int gatepost_setresgid(gid_t gid) { return setresgid(gid, gid, gid); }

/// 0 with the process, user and group at the other end of a connected Unix socket, or -1 with errno.
static inline int gatepost_peer(int fd, pid_t *pid, uid_t *uid, gid_t *gid) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -1;
    *pid = credentials.pid;
    *uid = credentials.uid;
    *gid = credentials.gid;
    return 0;
}
