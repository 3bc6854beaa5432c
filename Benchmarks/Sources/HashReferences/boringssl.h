// The functions of BoringSSL that PasswordSchemes' swift-crypto has linked into the program already. swift-crypto keeps
// the header to itself, so the few that are called here are declared, under the names that it gives them.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define BARE(name) CCryptoBoringSSL_##name

typedef struct env_md_st EVP_MD;

struct md5_state {
    uint32_t h[4];
    uint32_t count[2];
    uint8_t data[64];
    unsigned num;
};

uint8_t *BARE(MD4)(const uint8_t *data, size_t size, uint8_t *out);
uint8_t *BARE(MD5)(const uint8_t *data, size_t size, uint8_t *out);
uint8_t *BARE(SHA1)(const uint8_t *data, size_t size, uint8_t *out);
uint8_t *BARE(SHA256)(const uint8_t *data, size_t size, uint8_t *out);
uint8_t *BARE(SHA512)(const uint8_t *data, size_t size, uint8_t *out);
int BARE(MD5_Init)(struct md5_state *state);
int BARE(MD5_Update)(struct md5_state *state, const void *data, size_t size);
int BARE(CRYPTO_memcmp)(const void *a, const void *b, size_t size);
const EVP_MD *BARE(EVP_sha1)(void);
const EVP_MD *BARE(EVP_sha256)(void);
const EVP_MD *BARE(EVP_sha512)(void);
int BARE(PKCS5_PBKDF2_HMAC)(
    const char *password, size_t password_size, const uint8_t *salt, size_t salt_size, uint32_t rounds,
    const EVP_MD *digest, size_t key_size, uint8_t *key);
uint8_t *BARE(HMAC)(
    const EVP_MD *digest, const void *key, size_t key_size, const uint8_t *data, size_t size, uint8_t *out,
    unsigned *out_size);
int BARE(EVP_DecodeBase64)(uint8_t *out, size_t *out_size, size_t room, const uint8_t *text, size_t size);
