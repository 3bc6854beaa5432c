#define _GNU_SOURCE 1
#include "CPlatform.h"

#include <errno.h>
#include <pthread.h>
#include <shadow.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/xattr.h>
#include <unistd.h>

void gatepost_wipe(void *address, size_t count) { explicit_bzero(address, count); }

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
