// The users, and what is written for each of them: all of it made before the first request.
#pragma once
#include <stdint.h>

#include "options.h"

struct text {
    const char *bytes;
    unsigned size;
};

struct user {
    /// Behind "AUTH⇥id".
    struct text auth;
    /// Behind "CONT⇥id⇥", with LOGIN only.
    struct text name, password;
};

struct users {
    struct user *all;
    unsigned count;
    /// Of auth, name and password of any user.
    unsigned longest;
    uint64_t random;
};

struct users read_users(const struct options *options);

const struct user *any_user(struct users *users);
