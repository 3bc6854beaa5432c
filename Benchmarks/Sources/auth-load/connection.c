#define _GNU_SOURCE 1
#include "connection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void connection_prepare(struct connection *c, uint32_t places, unsigned longest) {
    uint32_t rounded = 1;
    while (rounded < places) rounded *= 2;
    // "AUTH⇥4294967295" in front of each, and the handshake.
    unsigned room = rounded * (longest + 16) + 64;
    *c = (struct connection){
        .descriptor = -1, .places = rounded, .requests = calloc(rounded, sizeof *c->requests),
        .input = malloc(INPUT_ROOM), .output = malloc(room), .output_room = room,
    };
    if (c->requests == NULL || c->input == NULL || c->output == NULL) {
        fputs("auth-load: no memory\n", stderr);
        exit(71);
    }
}

bool connection_open(struct connection *c, const char *path, uint64_t now) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    strcpy(address.sun_path, path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return false;
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        int reason = errno;
        close(descriptor);
        errno = reason;
        return false;
    }
    c->descriptor = descriptor;
    c->is_greeted = false;
    c->since = now;
    c->last_id = 0;
    c->under_way = 0;
    c->input_size = 0;
    c->output_size = 0;
    c->output_sent = 0;
    memset(c->requests, 0, c->places * sizeof *c->requests);
    return true;
}

void connection_close(struct connection *c) {
    if (c->descriptor >= 0) close(c->descriptor);
    c->descriptor = -1;
}

static void append(struct connection *c, const void *bytes, unsigned size) {
    memcpy(c->output + c->output_size, bytes, size);
    c->output_size += size;
}

static void append_number(struct connection *c, uint32_t number) {
    char digits[10];
    unsigned start = sizeof digits;
    do digits[--start] = (char)('0' + number % 10); while ((number /= 10) != 0);
    append(c, digits + start, (unsigned)sizeof digits - start);
}

/// Room for a line of any user, after sent bytes were dropped.
static bool has_room(struct connection *c, unsigned size) {
    if (c->output_sent > 0) {
        c->output_size -= c->output_sent;
        memmove(c->output, c->output + c->output_sent, c->output_size);
        c->output_sent = 0;
    }
    return c->output_size + size + 16 <= c->output_room;
}

bool connection_request(struct connection *c, const struct user *user, uint64_t since) {
    if (c->under_way == c->places || !has_room(c, user->auth.size)) return false;
    struct request *request;
    do {
        c->last_id = c->last_id == UINT32_MAX ? 1 : c->last_id + 1;
        request = &c->requests[c->last_id & (c->places - 1)];
    } while (request->user != NULL);
    *request = (struct request){.user = user, .since = since, .id = c->last_id};
    c->under_way++;
    append(c, "AUTH\t", 5);
    append_number(c, request->id);
    append(c, user->auth.bytes, user->auth.size);
    return true;
}

bool connection_flush(struct connection *c) {
    while (c->output_sent < c->output_size) {
        ssize_t count = send(c->descriptor, c->output + c->output_sent, c->output_size - c->output_sent, MSG_NOSIGNAL);
        if (count < 0) return errno == EAGAIN || errno == EINTR;
        c->output_sent += (unsigned)count;
    }
    c->output_sent = c->output_size = 0;
    return true;
}

/// The request of the id at `text`, and where the id ends; NULL if there is none.
static struct request *request_of(struct connection *c, const char *text, const char *end, const char **rest) {
    uint32_t id = 0;
    while (text < end && *text >= '0' && *text <= '9') id = id * 10 + (uint32_t)(*text++ - '0');
    *rest = text;
    struct request *request = &c->requests[id & (c->places - 1)];
    return request->user != NULL && request->id == id ? request : NULL;
}

static bool answer_challenge(struct connection *c, struct request *request) {
    const struct text *answer = request->answered == 0 ? &request->user->name : &request->user->password;
    if (request->answered++ > 1 || answer->size == 0 || !has_room(c, answer->size)) return false;
    append(c, "CONT\t", 5);
    append_number(c, request->id);
    append(c, "\t", 1);
    append(c, answer->bytes, answer->size);
    return true;
}

static bool take_line(
    struct connection *c, const char *line, const char *end, answer_handler *handler, void *owner
) {
    if (!c->is_greeted) {
        if (end - line == 4 && memcmp(line, "DONE", 4) == 0) {
            c->is_greeted = true;
            append(c, "VERSION\t1\t2\nCPID\t1\n", 19);
        }
        return true;
    }
    const char *rest;
    enum answer answer;
    if (end - line > 3 && memcmp(line, "OK\t", 3) == 0) {
        answer = ANSWER_OK;
        line += 3;
    } else if (end - line > 5 && memcmp(line, "FAIL\t", 5) == 0) {
        answer = ANSWER_FAIL;
        line += 5;
    } else if (end - line > 5 && memcmp(line, "CONT\t", 5) == 0) {
        struct request *request = request_of(c, line + 5, end, &rest);
        return request != NULL && answer_challenge(c, request);
    } else {
        return false;
    }
    struct request *request = request_of(c, line, end, &rest);
    if (request == NULL) return false;
    request->user = NULL;
    c->under_way--;
    handler(owner, c, answer, request->since);
    return true;
}

bool connection_read(struct connection *c, answer_handler *handler, void *owner) {
    ssize_t count = recv(c->descriptor, c->input + c->input_size, INPUT_ROOM - c->input_size, 0);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return false;
    c->input_size += (unsigned)count;
    const char *line = c->input, *end = c->input + c->input_size, *feed;
    while ((feed = memchr(line, '\n', (size_t)(end - line))) != NULL) {
        if (!take_line(c, line, feed, handler, owner)) return false;
        line = feed + 1;
    }
    c->input_size = (unsigned)(end - line);
    if (c->input_size == INPUT_ROOM) return false;
    if (line != c->input) memmove(c->input, line, c->input_size);
    return true;
}
