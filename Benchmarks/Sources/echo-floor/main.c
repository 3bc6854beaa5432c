// The floor below every auth server: greets, and answers OK to each AUTH without looking at it. One thread.
#define _GNU_SOURCE 1
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ROOM = 65536, EVENTS = 256, DESCRIPTORS = 65536 };

static const char greeting[] =
    "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t00000000000000000000000000000000\nDONE\n";

// The beginning of a line whose end has not come yet, for each descriptor that has one.
static char *rest[DESCRIPTORS];
static unsigned rest_size[DESCRIPTORS];

static void hang_up(int descriptor) {
    close(descriptor);
    free(rest[descriptor]);
    rest[descriptor] = NULL;
    rest_size[descriptor] = 0;
}

/// False to hang up.
static int serve(int descriptor) {
    static char input[ROOM], output[ROOM];
    unsigned start = rest_size[descriptor], made = 0;
    if (start > 0) memcpy(input, rest[descriptor], start);
    ssize_t count = recv(descriptor, input + start, ROOM - start, 0);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return 0;
    char *line = input, *end = input + start + count, *feed;
    while ((feed = memchr(line, '\n', (size_t)(end - line))) != NULL) {
        if (feed - line > 5 && memcmp(line, "AUTH\t", 5) == 0) {
            // An answer is shorter than its request, so there is room.
            char *id = line + 5, *stop = memchr(id, '\t', (size_t)(feed - id));
            if (stop == NULL || feed - line < 24) return 0;
            memcpy(output + made, "OK\t", 3);
            memcpy(output + made + 3, id, (size_t)(stop - id));
            made += 3 + (unsigned)(stop - id);
            memcpy(output + made, "\tuser=alice\n", 12);
            made += 12;
        }
        line = feed + 1;
    }
    rest_size[descriptor] = (unsigned)(end - line);
    if (rest_size[descriptor] == ROOM) return 0;
    if (rest_size[descriptor] > 0) {
        if (rest[descriptor] == NULL && (rest[descriptor] = malloc(ROOM)) == NULL) return 0;
        memcpy(rest[descriptor], line, rest_size[descriptor]);
    }
    // A client that does not read its answers is none of the measured ones.
    return made == 0 || send(descriptor, output, made, MSG_NOSIGNAL) == (ssize_t)made;
}

int main(int count, char **words) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (count != 2 || strlen(words[1]) >= sizeof address.sun_path) {
        fputs("usage: echo-floor SOCKET\n", stderr);
        return 64;
    }
    strcpy(address.sun_path, words[1]);
    unlink(words[1]);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    if (listener < 0 || poll < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0
        || listen(listener, 4096) != 0 || epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event) != 0) {
        fprintf(stderr, "echo-floor: %s: %m\n", words[1]);
        return 69;
    }
    struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR) return 71;
        for (int index = 0; index < ready; index++) {
            int descriptor = events[index].data.fd;
            if (descriptor != listener) {
                if (!serve(descriptor)) hang_up(descriptor);
                continue;
            }
            int client;
            while ((client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
                struct epoll_event interest = {.events = EPOLLIN, .data.fd = client};
                if (client >= DESCRIPTORS
                    || send(client, greeting, sizeof greeting - 1, MSG_NOSIGNAL) != sizeof greeting - 1
                    || epoll_ctl(poll, EPOLL_CTL_ADD, client, &interest) != 0) {
                    close(client);
                }
            }
        }
    }
}
