#define _GNU_SOURCE 1
#include "users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 1024 };

static void *need(void *block) {
    if (block == NULL) {
        fputs("auth-load: no memory\n", stderr);
        exit(71);
    }
    return block;
}

static unsigned base64(const char *bytes, size_t size, char *text) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *out = text;
    for (size_t index = 0; index < size; index += 3) {
        size_t left = size - index;
        uint32_t group = (uint32_t)(uint8_t)bytes[index] << 16;
        if (left > 1) group |= (uint32_t)(uint8_t)bytes[index + 1] << 8;
        if (left > 2) group |= (uint8_t)bytes[index + 2];
        *out++ = digits[group >> 18];
        *out++ = digits[group >> 12 & 63];
        *out++ = left > 1 ? digits[group >> 6 & 63] : '=';
        *out++ = left > 2 ? digits[group & 63] : '=';
    }
    return (unsigned)(out - text);
}

static struct text copy(const char *bytes, size_t size) {
    char *block = need(malloc(size));
    memcpy(block, bytes, size);
    return (struct text){block, (unsigned)size};
}

static struct text line_of(const char *bytes, size_t size) {
    char text[LONGEST_NAME * 2];
    unsigned length = base64(bytes, size, text);
    text[length++] = '\n';
    return copy(text, length);
}

static void add(struct users *users, const struct options *o, const char *name, const char *password) {
    size_t name_size = strlen(name), password_size = strlen(password);
    if (name_size == 0 || name_size + password_size > LONGEST_NAME - 2 || strlen(o->parameters) > LONGEST_NAME) {
        fputs("auth-load: a name is empty, or name, password or parameters are too long\n", stderr);
        exit(64);
    }
    struct user user = {0};
    char text[LONGEST_NAME * 4];
    if (o->is_login_mechanism) {
        int size = snprintf(text, sizeof text, "\tLOGIN\t%s\n", o->parameters);
        user.auth = copy(text, (size_t)size);
        user.name = line_of(name, name_size);
        user.password = line_of(password, password_size);
    } else {
        int size = snprintf(text, sizeof text, "\tPLAIN\t%s\tresp=", o->parameters);
        char message[LONGEST_NAME];
        message[0] = '\0';
        memcpy(message + 1, name, name_size);
        message[name_size + 1] = '\0';
        memcpy(message + name_size + 2, password, password_size);
        size += (int)base64(message, name_size + password_size + 2, text + size);
        text[size++] = '\n';
        user.auth = copy(text, (size_t)size);
    }
    if (user.auth.size > users->longest) users->longest = user.auth.size;
    if (user.name.size > users->longest) users->longest = user.name.size;
    if (user.password.size > users->longest) users->longest = user.password.size;
    if ((users->count & (users->count - 1)) == 0) {
        size_t room = users->count == 0 ? 1 : 2 * (size_t)users->count;
        users->all = need(realloc(users->all, room * sizeof *users->all));
    }
    users->all[users->count++] = user;
}

struct users read_users(const struct options *o) {
    // The same users in the same order in every run.
    struct users users = {.random = 0x9e3779b97f4a7c15};
    if (o->users_file == NULL) {
        add(&users, o, o->user, o->password);
        return users;
    }
    FILE *file = fopen(o->users_file, "r");
    if (file == NULL) {
        fprintf(stderr, "auth-load: can't read %s: %m\n", o->users_file);
        exit(66);
    }
    char line[LONGEST_NAME];
    for (unsigned number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        line[strcspn(line, "\n")] = '\0';
        char *colon = strchr(line, ':');
        if (colon == NULL) {
            fprintf(stderr, "auth-load: %s:%u: not user:password\n", o->users_file, number);
            exit(65);
        }
        *colon = '\0';
        add(&users, o, line, colon + 1);
    }
    fclose(file);
    if (users.count == 0) {
        fprintf(stderr, "auth-load: %s has no users\n", o->users_file);
        exit(65);
    }
    return users;
}

const struct user *any_user(struct users *users) {
    if (users->count == 1) return users->all;
    // xorshift64
    uint64_t x = users->random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    users->random = x;
    return &users->all[(x >> 32) * users->count >> 32];
}
