// One connection: what it has sent, what it waits for.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "users.h"

/// One place for a request under way.
struct request {
    const struct user *user;
    uint64_t since;
    uint32_t id;
    /// How many challenges it has answered.
    uint8_t answered;
};

struct connection {
    int descriptor;
    bool is_greeted;
    /// When it was opened; the latency of a connection a login counts from here.
    uint64_t since;
    /// Requests by id modulo `places`, a power of two; the user is NULL where there is none.
    struct request *requests;
    uint32_t places, last_id, under_way;
    char *input;
    unsigned input_size;
    char *output;
    unsigned output_size, output_sent, output_room;
};

enum { INPUT_ROOM = 32768 };

/// An answer to a request.
enum answer { ANSWER_OK, ANSWER_FAIL };

/// What to do with it; `since` is when its request was, or should have been, sent.
typedef void answer_handler(void *owner, struct connection *connection, enum answer answer, uint64_t since);

void connection_prepare(struct connection *connection, uint32_t places, unsigned longest);

/// A new socket, not blocking; false with errno, EAGAIN if the server's backlog is full.
bool connection_open(struct connection *connection, const char *path, uint64_t now);

void connection_close(struct connection *connection);

/// Appends a login to the output; false if there is no place for it.
bool connection_request(struct connection *connection, const struct user *user, uint64_t since);

/// Writes what there is; false if the peer is gone.
bool connection_flush(struct connection *connection);

/// Reads once and takes in whole lines; false if the peer is gone or speaks another language.
bool connection_read(struct connection *connection, answer_handler *handler, void *owner);
