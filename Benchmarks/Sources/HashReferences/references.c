#define _GNU_SOURCE 1
#include "HashReferences.h"

#include <argon2.h>
#include <crypt.h>
#include <stdlib.h>
#include <string.h>

#include "boringssl.h"

enum { LONGEST_DIGEST = 64, LONGEST_INPUT = 512 };

struct state {
    const struct hash_reference *reference;
    // One for each thread, as a careful C program has it.
    struct crypt_data crypt;
};

static void *begin(const void *subject) {
    struct state *state = calloc(1, sizeof *state);
    if (state != NULL) state->reference = subject;
    return state;
}

static int by_crypt(struct state *state) {
    const struct hash_reference *r = state->reference;
    // The password has its NUL behind it, see HashReference.swift.
    const char *made = crypt_r((const char *)r->password, r->text, &state->crypt);
    return made != NULL && strcmp(made, r->text) == 0;
}

static int by_argon2(const struct hash_reference *r) {
    argon2_type type = strncmp(r->text, "$argon2id$", 10) == 0 ? Argon2_id : Argon2_i;
    return argon2_verify(r->text, r->password, r->password_size, type) == ARGON2_OK;
}

/// Both states of MD5 behind one block of key, which are the whole of a CRAM-MD5 context.
static void cram_md5(const struct hash_reference *r, uint8_t *out) {
    for (int part = 0; part < 2; part++) {
        uint8_t block[64];
        memset(block, part == 0 ? 0x5c : 0x36, sizeof block);
        for (size_t index = 0; index < r->password_size && index < sizeof block; index++) {
            block[index] ^= r->password[index];
        }
        struct md5_state state;
        BARE(MD5_Init)(&state);
        BARE(MD5_Update)(&state, block, sizeof block);
        memcpy(out + 16 * part, state.h, 16);
    }
}

static void scram(const struct hash_reference *r, uint8_t *out) {
    const EVP_MD *digest;
    uint8_t *(*hash)(const uint8_t *, size_t, uint8_t *);
    size_t size;
    switch (r->function) {
    case HASH_SCRAM_SHA1: digest = BARE(EVP_sha1)(); hash = BARE(SHA1); size = 20; break;
    case HASH_SCRAM_SHA256: digest = BARE(EVP_sha256)(); hash = BARE(SHA256); size = 32; break;
    default: digest = BARE(EVP_sha512)(); hash = BARE(SHA512); size = 64; break;
    }
    uint8_t salted[LONGEST_DIGEST], client[LONGEST_DIGEST];
    unsigned made;
    BARE(PKCS5_PBKDF2_HMAC)(
        (const char *)r->password, r->password_size, r->salt, r->salt_size, r->rounds, digest, size, salted);
    BARE(HMAC)(digest, salted, size, (const uint8_t *)"Client Key", 10, client, &made);
    hash(client, size, out);
}

static size_t joined(const struct hash_reference *r, uint8_t *input) {
    memcpy(input, r->front, r->front_size);
    memcpy(input + r->front_size, r->password, r->password_size);
    memcpy(input + r->front_size + r->password_size, r->salt, r->salt_size);
    return r->front_size + r->password_size + r->salt_size;
}

static int by_digest(const struct hash_reference *r) {
    uint8_t input[LONGEST_INPUT], out[LONGEST_DIGEST];
    switch (r->function) {
    case HASH_COMPARE:
        return r->password_size == r->expected_size
            && BARE(CRYPTO_memcmp)(r->password, r->expected, r->expected_size) == 0;
    case HASH_MD4: BARE(MD4)(input, joined(r, input), out); break;
    case HASH_MD4_UTF16:
        // ASCII only, which the benchmark's password is.
        for (size_t index = 0; index < r->password_size; index++) {
            input[2 * index] = r->password[index];
            input[2 * index + 1] = 0;
        }
        BARE(MD4)(input, 2 * r->password_size, out);
        break;
    case HASH_MD5: BARE(MD5)(input, joined(r, input), out); break;
    case HASH_SHA1: BARE(SHA1)(input, joined(r, input), out); break;
    case HASH_SHA256: BARE(SHA256)(input, joined(r, input), out); break;
    case HASH_SHA512: BARE(SHA512)(input, joined(r, input), out); break;
    case HASH_CRAM_MD5: cram_md5(r, out); break;
    case HASH_PBKDF2:
        BARE(PKCS5_PBKDF2_HMAC)(
            (const char *)r->password, r->password_size, r->salt, r->salt_size, r->rounds, BARE(EVP_sha1)(), 20, out);
        break;
    case HASH_SCRAM_SHA1:
    case HASH_SCRAM_SHA256:
    case HASH_SCRAM_SHA512: scram(r, out); break;
    default: return 0;
    }
    return BARE(CRYPTO_memcmp)(out, r->expected, r->expected_size) == 0;
}

static int run(void *argument, uint64_t count) {
    struct state *state = argument;
    const struct hash_reference *r = state->reference;
    if (r->function > HASH_ARGON2 &&
        (r->front_size + 2 * r->password_size + r->salt_size > LONGEST_INPUT || r->expected_size > LONGEST_DIGEST)) {
        return 0;
    }
    int right = 1;
    for (uint64_t index = 0; index < count; index++) {
        switch (r->function) {
        case HASH_CRYPT: right &= by_crypt(state); break;
        case HASH_ARGON2: right &= by_argon2(r); break;
        default: right &= by_digest(r); break;
        }
        // What was computed counts as used and the input as changed, so that no round can be left out.
        __asm__ volatile("" : : "r"(r), "r"(right) : "memory");
    }
    return right;
}

struct hash_work hash_reference_work(const struct hash_reference *reference) {
    return (struct hash_work){.subject = reference, .begin = begin, .run = run, .end = free};
}

ptrdiff_t hash_decode_base64(const char *text, size_t size, uint8_t *bytes, size_t room) {
    size_t made = 0;
    if (!BARE(EVP_DecodeBase64)(bytes, &made, room, (const uint8_t *)text, size)) return -1;
    return (ptrdiff_t)made;
}
