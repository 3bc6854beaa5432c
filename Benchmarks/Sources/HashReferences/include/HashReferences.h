// What PasswordSchemes is measured against.
// No system header but these two: the module would define Glibc's types a second time.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "HashRunning.h"

/// The bare functions.
enum hash_function {
    HASH_CRYPT,
    HASH_ARGON2,
    HASH_COMPARE,
    HASH_MD4,
    HASH_MD4_UTF16,
    HASH_MD5,
    HASH_SHA1,
    HASH_SHA256,
    HASH_SHA512,
    HASH_CRAM_MD5,
    HASH_PBKDF2,
    HASH_SCRAM_SHA1,
    HASH_SCRAM_SHA256,
    HASH_SCRAM_SHA512,
};

/// One password and what is stored of it. Nothing is copied: it must live as long as the work does.
struct hash_reference {
    enum hash_function function;
    const uint8_t *password;
    size_t password_size;
    /// What goes in before the password (DIGEST-MD5's user and realm).
    const uint8_t *front;
    size_t front_size;
    /// What goes in behind it, or PBKDF2's salt.
    const uint8_t *salt;
    size_t salt_size;
    unsigned rounds;
    /// The bytes that must come out.
    const uint8_t *expected;
    size_t expected_size;
    /// The whole hash as text, for crypt(3) and Argon2.
    const char *text;
};

/// The work of calling the bare function on `reference`.
struct hash_work hash_reference_work(const struct hash_reference *reference);

/// Base64 to at most `room` bytes; their number, or -1.
ptrdiff_t hash_decode_base64(const char *text, size_t size, uint8_t *bytes, size_t room);
