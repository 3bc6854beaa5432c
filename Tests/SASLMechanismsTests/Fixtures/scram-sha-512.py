#!/usr/bin/env python3
"""Prints an exchange of SCRAM-SHA-512, computed by Python's hashlib: no RFC has one."""
import base64
import hashlib
import hmac

nonce, server = "rOprNGfwEbeRWgbNEkqO", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
salt = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")


def mac(key, text):
    return hmac.new(key, text, "sha512").digest()


first = f"n=user,r={nonce}"
challenge = f"r={nonce}{server},s={base64.b64encode(salt).decode()},i=4096"
without_proof = f"c=biws,r={nonce}{server}"
message = f"{first},{challenge},{without_proof}".encode()
salted = hashlib.pbkdf2_hmac("sha512", b"pencil", salt, 4096)
client_key = mac(salted, b"Client Key")
signature = mac(hashlib.sha512(client_key).digest(), message)
proof = bytes(a ^ b for a, b in zip(client_key, signature))
print(f"n,,{first}")
print(challenge)
print(f"{without_proof},p={base64.b64encode(proof).decode()}")
print(f"v={base64.b64encode(mac(mac(salted, b'Server Key'), message)).decode()}")
