// A load generator for Dovecot auth sockets: one thread, all memory taken beforehand, so that it can share a small
// machine with what it measures.
#define _GNU_SOURCE 1
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include "connection.h"
#include "histogram.h"
#include "options.h"
#include "users.h"

// How long answers are waited for after the end.
static const uint64_t GRACE = 15ull * 1000 * 1000 * 1000;
// How long the server may take to greet everybody.
static const uint64_t PATIENCE = 30ull * 1000 * 1000 * 1000;
// Requests that an open loop may have under way on a connection.
enum { OPEN_PLACES = 1024, EVENTS = 256 };

struct load {
    struct options options;
    struct users users;
    struct connection *connections;
    struct connection *idle;
    int poll;
    uint64_t now, begin, end;
    bool is_over;
    uint64_t all_ok, ok, failed, lost, lost_idle, refused, unanswered;
    struct histogram latencies, lateness;
    /// Open loop: the number of the next request, and the connection it goes to.
    uint64_t next;
    unsigned turn;
    unsigned to_open;
};

static uint64_t clock_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

__attribute__((noreturn)) static void fail(const char *what) {
    fprintf(stderr, "auth-load: %s: %m\n", what);
    exit(69);
}

/// False if the server has no room for it now.
static bool open_one(struct load *load, struct connection *c) {
    if (!connection_open(c, load->options.socket, load->now)) {
        if (errno != EAGAIN) fail(load->options.socket);
        load->refused++;
        return false;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(load->poll, EPOLL_CTL_ADD, c->descriptor, &event) != 0) fail("epoll_ctl");
    return true;
}

static bool is_idle(const struct load *load, const struct connection *c) {
    return load->idle != NULL && c >= load->idle && c < load->idle + load->options.idle;
}

static void handle(void *owner, struct connection *c, enum answer answer, uint64_t since) {
    struct load *load = owner;
    if (answer == ANSWER_OK) load->all_ok++;
    // A closed loop counts the answers of the time measured, an open one the requests of that time, even if they are
    // answered later: otherwise a server that stalls at the end would look fast.
    uint64_t moment = load->options.rate > 0 ? since : load->now;
    if (moment >= load->begin && moment < load->end) {
        if (answer == ANSWER_OK) load->ok++; else load->failed++;
        histogram_add(&load->latencies, load->now - since);
    }
    if (load->options.rate == 0 && !load->options.per_login && !load->is_over) {
        connection_request(c, any_user(&load->users), load->now);
    }
}

static void drop(struct load *load, struct connection *c) {
    if (is_idle(load, c)) {
        load->lost_idle++;
        connection_close(c);
        return;
    }
    load->lost++;
    // Not one more for a server that closes every connection at once.
    if (load->lost > 1000) {
        fprintf(stderr, "auth-load: the server closed 1000 connections; see its log\n");
        exit(69);
    }
    connection_close(c);
    if (!load->is_over) load->to_open++;
}

static void fill(struct load *load, struct connection *c) {
    if (load->options.rate > 0 || load->is_over || is_idle(load, c)) return;
    uint64_t since = load->options.per_login ? c->since : load->now;
    while (c->under_way < load->options.depth && connection_request(c, any_user(&load->users), since)) {}
}

static void readable(struct load *load, struct connection *c) {
    bool was_greeted = c->is_greeted;
    load->now = clock_now();
    if (!connection_read(c, handle, load)) {
        drop(load, c);
        return;
    }
    if (c->is_greeted && !was_greeted) fill(load, c);
    if (!connection_flush(c)) {
        drop(load, c);
        return;
    }
    if (c->output_size > 0) {
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
        epoll_ctl(load->poll, EPOLL_CTL_MOD, c->descriptor, &event);
    }
    if (load->options.per_login && c->is_greeted && c->last_id > 0 && c->under_way == 0 && !is_idle(load, c)) {
        connection_close(c);
        if (!load->is_over) load->to_open++;
    }
}

/// Opens what was closed; the rest has its turn after the server has had one.
static void reopen(struct load *load) {
    if (load->to_open == 0) return;
    load->now = clock_now();
    for (unsigned index = 0; index < load->options.connections && load->to_open > 0; index++) {
        struct connection *c = &load->connections[index];
        if (c->descriptor >= 0) continue;
        if (!open_one(load, c)) return;
        load->to_open--;
    }
}

static uint64_t due(const struct load *load) {
    return load->begin - (uint64_t)(load->options.warm_up * 1e9)
        + (uint64_t)((double)load->next * 1e9 / load->options.rate);
}

/// Sends what is due in an open loop.
static void send_due(struct load *load) {
    if (load->options.rate == 0) return;
    load->now = clock_now();
    uint64_t moment;
    while ((moment = due(load)) <= load->now && moment < load->end) {
        struct connection *c = NULL;
        for (unsigned tries = 0; tries < load->options.connections; tries++) {
            struct connection *candidate = &load->connections[load->turn++ % load->options.connections];
            if (candidate->descriptor >= 0 && candidate->is_greeted
                && connection_request(candidate, any_user(&load->users), moment)) {
                c = candidate;
                break;
            }
        }
        // All places are taken: it goes late, and its latency counts from when it was due all the same.
        if (c == NULL) return;
        if (moment >= load->begin) histogram_add(&load->lateness, load->now - moment);
        load->next++;
        if (!connection_flush(c)) drop(load, c);
    }
}

static void wait_events(struct load *load, uint64_t until) {
    struct epoll_event events[EVENTS];
    load->now = clock_now();
    uint64_t left = until > load->now ? until - load->now : 0;
    if (load->to_open > 0 && left > 200000) left = 200000;
    struct timespec timeout = {(time_t)(left / 1000000000u), (long)(left % 1000000000u)};
    int count = epoll_pwait2(load->poll, events, EVENTS, &timeout, NULL);
    if (count < 0 && errno != EINTR) fail("epoll_wait");
    for (int index = 0; index < count; index++) {
        struct connection *c = events[index].data.ptr;
        if (c->descriptor < 0) continue;
        if (events[index].events & EPOLLOUT) {
            struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
            epoll_ctl(load->poll, EPOLL_CTL_MOD, c->descriptor, &event);
        }
        readable(load, c);
    }
}

static void open_idle(struct load *load) {
    if (load->options.idle == 0) return;
    load->idle = calloc(load->options.idle, sizeof *load->idle);
    if (load->idle == NULL) fail("idle connections");
    // They are greeted one after the other, so they take turns at one buffer.
    struct connection shared;
    connection_prepare(&shared, 1, load->users.longest);
    uint64_t limit = clock_now() + PATIENCE;
    for (unsigned index = 0; index < load->options.idle; index++) {
        struct connection *c = &load->idle[index];
        *c = shared;
        load->now = clock_now();
        while (!open_one(load, c)) {
            sched_yield();
            load->now = clock_now();
            if (load->now > limit) fail("the server does not accept the idle connections");
        }
        while (c->descriptor >= 0 && !c->is_greeted) {
            wait_events(load, clock_now() + 10000000);
            if (clock_now() > limit) {
                fprintf(stderr, "auth-load: only %u of the idle connections were greeted\n", index);
                exit(69);
            }
        }
    }
    load->refused = 0;
}

static void open_all(struct load *load) {
    uint32_t places = load->options.rate > 0 ? OPEN_PLACES : load->options.depth;
    load->connections = calloc(load->options.connections, sizeof *load->connections);
    if (load->connections == NULL) fail("connections");
    for (unsigned index = 0; index < load->options.connections; index++) {
        connection_prepare(&load->connections[index], places, load->users.longest);
    }
    load->to_open = load->options.connections;
}

static unsigned ready(const struct load *load) {
    unsigned count = 0;
    for (unsigned index = 0; index < load->options.connections; index++) {
        count += load->connections[index].descriptor >= 0 && load->connections[index].is_greeted;
    }
    return count;
}

static uint64_t under_way(const struct load *load) {
    uint64_t count = 0;
    for (unsigned index = 0; index < load->options.connections; index++) {
        if (load->connections[index].descriptor >= 0) count += load->connections[index].under_way;
    }
    return count;
}

static void run(struct load *load) {
    // Nothing is due or counted while the connections come up.
    load->begin = load->end = UINT64_MAX;
    if (load->options.rate > 0) {
        uint64_t limit = clock_now() + PATIENCE;
        while (load->to_open > 0 || ready(load) < load->options.connections) {
            reopen(load);
            wait_events(load, clock_now() + 1000000);
            if (clock_now() > limit) fail("the server does not greet all connections");
        }
    }
    load->begin = clock_now() + (uint64_t)(load->options.warm_up * 1e9);
    load->end = load->begin + (uint64_t)(load->options.seconds * 1e9);
    while ((load->now = clock_now()) < load->end) {
        reopen(load);
        send_due(load);
        uint64_t until = load->end;
        if (load->options.rate > 0 && due(load) < until) until = due(load);
        wait_events(load, until);
    }
    load->is_over = true;
    load->to_open = 0;
    uint64_t limit = load->end + GRACE;
    while (under_way(load) > 0 && clock_now() < limit) wait_events(load, limit);
    load->unanswered = under_way(load);
}

static void print(const struct load *load) {
    const struct histogram *h = &load->latencies;
    double p50 = (double)histogram_quantile(h, 0.5) / 1000, p90 = (double)histogram_quantile(h, 0.9) / 1000;
    double p99 = (double)histogram_quantile(h, 0.99) / 1000, p999 = (double)histogram_quantile(h, 0.999) / 1000;
    double longest = (double)h->longest / 1000;
    double rate = (double)load->ok / load->options.seconds;
    double late = (double)histogram_quantile(&load->lateness, 0.99) / 1000;
    double latest = (double)load->lateness.longest / 1000;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    if (load->options.json) {
        printf(
            "{\"seconds\": %g, \"logins\": %llu, \"all_logins\": %llu, \"logins_per_second\": %.2f, "
            "\"failed\": %llu, \"lost_connections\": %llu, \"lost_idle\": %llu, \"unanswered\": %llu, "
            "\"backlog_full\": %llu, \"p50_us\": %.2f, \"p90_us\": %.2f, \"p99_us\": %.2f, \"p999_us\": %.2f, "
            "\"max_us\": %.2f, \"own_lateness_p99_us\": %.2f, \"own_lateness_max_us\": %.2f, \"own_cpu_seconds\": %.3f}\n",
            load->options.seconds, (unsigned long long)load->ok, (unsigned long long)load->all_ok, rate,
            (unsigned long long)load->failed, (unsigned long long)load->lost, (unsigned long long)load->lost_idle,
            (unsigned long long)load->unanswered, (unsigned long long)load->refused, p50, p90, p99, p999, longest,
            late, latest, cpu);
        return;
    }
    printf("%.1f logins/s (%llu in %g s)\n", rate, (unsigned long long)load->ok, load->options.seconds);
    printf(
        "latency µs: p50 %.1f  p90 %.1f  p99 %.1f  p99.9 %.1f  max %.1f\n", p50, p90, p99, p999, longest);
    if (load->options.rate > 0) printf("sent late by the generator, µs: p99 %.1f  max %.1f\n", late, latest);
    printf(
        "errors: %llu failed, %llu unanswered, %llu connections lost, %llu idle ones lost; backlog full %llu times\n",
        (unsigned long long)load->failed, (unsigned long long)load->unanswered, (unsigned long long)load->lost,
        (unsigned long long)load->lost_idle, (unsigned long long)load->refused);
}

int main(int count, char **words) {
    static struct load load;
    load.options = read_options(count, words);
    load.users = read_users(&load.options);
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        rlim_t need = load.options.connections + load.options.idle + 32;
        if (limit.rlim_cur < need) {
            limit.rlim_cur = need;
            if (limit.rlim_max < need) limit.rlim_max = need;
            if (setrlimit(RLIMIT_NOFILE, &limit) != 0) fail("no descriptors for so many connections");
        }
    }
    // A timer of the usual slack of 50 µs would be most of what a quick server takes.
    prctl(PR_SET_TIMERSLACK, 1);
    if (load.options.realtime) {
        struct sched_param parameters = {.sched_priority = 1};
        if (sched_setscheduler(0, SCHED_RR, &parameters) != 0) fail("no real-time priority");
    }
    load.poll = epoll_create1(EPOLL_CLOEXEC);
    if (load.poll < 0) fail("epoll_create1");
    open_idle(&load);
    open_all(&load);
    run(&load);
    print(&load);
    return load.ok > 0 && load.failed + load.unanswered + load.lost + load.lost_idle == 0 ? 0 : 1;
}
