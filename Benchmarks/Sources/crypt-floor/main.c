// The floor below every costly hash: bare crypt_r in as many threads as asked for, one crypt_data each.
#include <crypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "HashRunning.h"

struct hash {
    const char *password, *text;
};

struct state {
    const struct hash *hash;
    struct crypt_data data;
};

static void *begin(const void *subject) {
    struct state *state = calloc(1, sizeof *state);
    if (state != NULL) state->hash = subject;
    return state;
}

static int run(void *argument, uint64_t count) {
    struct state *state = argument;
    for (uint64_t index = 0; index < count; index++) {
        const char *made = crypt_r(state->hash->password, state->hash->text, &state->data);
        if (made == NULL || strcmp(made, state->hash->text) != 0) return 0;
    }
    return 1;
}

int main(int count, char **words) {
    double seconds = count == 5 ? strtod(words[3], NULL) : 0;
    long threads = count == 5 ? strtol(words[4], NULL, 10) : 0;
    if (!(seconds >= 0.01 && seconds <= 3600) || threads < 1 || threads > 256) {
        fputs("usage: crypt-floor PASSWORD HASH SECONDS THREADS\n", stderr);
        return 64;
    }
    struct hash hash = {words[1], words[2]};
    struct hash_work work = {.subject = &hash, .begin = begin, .run = run, .end = free};
    struct hash_pace pace;
    int status = hash_run(&work, (unsigned)threads, 1, seconds, &pace);
    if (status != 0) {
        fputs(status < 0 ? "crypt-floor: this is not the hash of the password\n" : "crypt-floor: no thread\n", stderr);
        return 1;
    }
    printf("{\"per_second\": %.4f, \"cpu_seconds\": %.6f}\n", pace.per_second, pace.cpu_seconds);
    return 0;
}
