#pragma once
#include <stdbool.h>
#include <stddef.h>

struct options {
    const char *socket;
    unsigned connections;
    unsigned depth;
    unsigned idle;
    bool per_login;
    bool is_login_mechanism;
    /// Logins a second of an open loop; 0 for a closed one.
    double rate;
    double seconds;
    double warm_up;
    const char *user;
    const char *password;
    const char *users_file;
    /// What stands between mechanism and resp=, with tabs.
    char *parameters;
    bool realtime;
    bool json;
};

/// Ends the program with a message on wrong arguments.
struct options read_options(int count, char **words);
