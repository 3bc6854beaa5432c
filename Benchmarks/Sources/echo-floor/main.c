// The floor below every auth server: greets, and answers OK to each AUTH without looking at it, for LOGIN after the two
// prompts. One thread.
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
    "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t00000000000000000000000000000000\nDONE\n";

// The beginning of a line whose end has not come yet, for each descriptor that has one.
static char *rest[DESCRIPTORS];
static unsigned rest_size[DESCRIPTORS];
// How many prompts of LOGIN each has been sent.
static unsigned char prompts[DESCRIPTORS];

static const char username[] = "\tVXNlcm5hbWU6\n", password[] = "\tUGFzc3dvcmQ6\n", success[] = "\tuser=alice\n";

static void hang_up(int descriptor) {
    close(descriptor);
    free(rest[descriptor]);
    rest[descriptor] = NULL;
    rest_size[descriptor] = 0;
    prompts[descriptor] = 0;
}

/// Writes `word`, the id and `end`, and returns how many bytes that were.
static unsigned answer(char *output, const char *word, const char *id, size_t id_size, const char *end) {
    size_t word_size = strlen(word), end_size = strlen(end);
    memcpy(output, word, word_size);
    memcpy(output + word_size, id, id_size);
    memcpy(output + word_size + id_size, end, end_size);
    return (unsigned)(word_size + id_size + end_size);
}

/// False to hang up.
static int serve(int descriptor) {
    // The shortest line that is answered, "CONT⇥1⇥" and its LF, has less than four times its bytes in its answer.
    static char input[ROOM], output[4 * ROOM];
    unsigned start = rest_size[descriptor], made = 0;
    if (start > 0) memcpy(input, rest[descriptor], start);
    ssize_t count = recv(descriptor, input + start, ROOM - start, 0);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return 0;
    char *line = input, *end = input + start + count, *feed;
    while ((feed = memchr(line, '\n', (size_t)(end - line))) != NULL) {
        int begins = feed - line > 5 && memcmp(line, "AUTH\t", 5) == 0;
        if (begins || (feed - line > 5 && memcmp(line, "CONT\t", 5) == 0)) {
            char *id = line + 5, *stop = memchr(id, '\t', (size_t)(feed - id));
            if (stop == NULL || stop == id) return 0;
            size_t id_size = (size_t)(stop - id);
            if (begins) prompts[descriptor] = 0;
            if (begins && feed - stop > 6 && memcmp(stop + 1, "LOGIN\t", 6) == 0) {
                prompts[descriptor] = 1;
                made += answer(output + made, "CONT\t", id, id_size, username);
            } else if (prompts[descriptor] == 1) {
                prompts[descriptor] = 2;
                made += answer(output + made, "CONT\t", id, id_size, password);
            } else {
                made += answer(output + made, "OK\t", id, id_size, success);
            }
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
