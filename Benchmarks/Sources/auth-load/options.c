#define _GNU_SOURCE 1
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: auth-load [options] SOCKET\n"
    "\n"
    "Logs in again and again through a Dovecot auth socket and prints logins a second and latencies.\n"
    "\n"
    "  -c, --connections N   connections kept open, or opened at a time with -1 (default 1)\n"
    "  -d, --depth N         requests under way on each connection (default 1)\n"
    "  -1, --per-login       a connection for each login, as Exim does: greeting, handshake, login, close\n"
    "  -r, --rate N          open loop: N logins a second, whatever the answers do; latency counts from when a\n"
    "                        request should have been sent. Without it each answer causes the next request\n"
    "  -t, --time SECONDS    how long to measure (default 5)\n"
    "  -w, --warm-up SECONDS how long to run before that (default 1)\n"
    "  -m, --mechanism NAME  PLAIN or LOGIN (default PLAIN)\n"
    "  -u, --user NAME       default alice\n"
    "  -p, --password TEXT   default wonderland\n"
    "  -f, --users FILE      lines user:password, of which each login takes one at random\n"
    "  -a, --parameters TEXT what AUTH says before resp=, with spaces for tabs\n"
    "                        (default \"service=smtp nologin secured\")\n"
    "  -i, --idle N          connections opened besides, that stay idle\n"
    "      --realtime        run at real-time priority, so that a busy machine delays the server only\n"
    "      --json            print one JSON object\n";

__attribute__((noreturn)) static void wrong(const char *what) {
    fprintf(stderr, "auth-load: %s; see auth-load --help\n", what);
    exit(64);
}

static double number(const char *text, double least, double most, const char *what) {
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= least && value <= most)) {
        fprintf(stderr, "auth-load: %s must be %g to %g, not %s\n", what, least, most, text);
        exit(64);
    }
    return value;
}

struct options read_options(int count, char **words) {
    static const struct option names[] = {
        {"connections", required_argument, NULL, 'c'}, {"depth", required_argument, NULL, 'd'},
        {"per-login", no_argument, NULL, '1'},         {"rate", required_argument, NULL, 'r'},
        {"time", required_argument, NULL, 't'},        {"warm-up", required_argument, NULL, 'w'},
        {"mechanism", required_argument, NULL, 'm'},   {"user", required_argument, NULL, 'u'},
        {"password", required_argument, NULL, 'p'},    {"users", required_argument, NULL, 'f'},
        {"parameters", required_argument, NULL, 'a'},  {"idle", required_argument, NULL, 'i'},
        {"realtime", no_argument, NULL, 'R'},          {"json", no_argument, NULL, 'J'},
        {"help", no_argument, NULL, 'h'},              {NULL, 0, NULL, 0},
    };
    struct options o = {
        .connections = 1, .depth = 1, .seconds = 5, .warm_up = 1, .user = "alice", .password = "wonderland",
        .parameters = strdup("service=smtp nologin secured"),
    };
    int letter;
    while ((letter = getopt_long(count, words, "c:d:1r:t:w:m:u:p:f:a:i:h", names, NULL)) != -1) {
        switch (letter) {
        case 'c': o.connections = (unsigned)number(optarg, 1, 20000, "the connections"); break;
        case 'd': o.depth = (unsigned)number(optarg, 1, 4096, "the depth"); break;
        case '1': o.per_login = true; break;
        case 'r': o.rate = number(optarg, 0.1, 1e6, "the rate"); break;
        case 't': o.seconds = number(optarg, 0.05, 3600, "the time"); break;
        case 'w': o.warm_up = number(optarg, 0, 3600, "the warm-up"); break;
        case 'm':
            if (strcasecmp(optarg, "LOGIN") == 0) o.is_login_mechanism = true;
            else if (strcasecmp(optarg, "PLAIN") == 0) o.is_login_mechanism = false;
            else wrong("the mechanism must be PLAIN or LOGIN");
            break;
        case 'u': o.user = optarg; break;
        case 'p': o.password = optarg; break;
        case 'f': o.users_file = optarg; break;
        case 'a': free(o.parameters); o.parameters = strdup(optarg); break;
        case 'i': o.idle = (unsigned)number(optarg, 0, 100000, "the idle connections"); break;
        case 'R': o.realtime = true; break;
        case 'J': o.json = true; break;
        case 'h': fputs(usage, stdout); exit(0);
        default: exit(64);
        }
    }
    if (optind + 1 != count) wrong("name one socket");
    if (o.per_login && o.depth != 1) wrong("a connection a login has no depth");
    if (o.per_login && o.rate > 0) wrong("a connection a login runs in a closed loop only");
    o.socket = words[optind];
    for (char *c = o.parameters; *c != '\0'; c++) if (*c == ' ') *c = '\t';
    return o;
}
