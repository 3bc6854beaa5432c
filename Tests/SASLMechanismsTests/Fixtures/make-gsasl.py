#!/usr/bin/env python3
"""Records logins of GNU SASL's client at GNU SASL's server (gsasl 2.2.0).

    ./make-gsasl.py > gsasl.txt

A line each: mechanism, name, authzid, password, then the messages in turn, the client's with a C in front; all texts in
hex, `-` for none. The mechanisms with channel binding are asked of its library, since its program has them over TLS only;
both ends are told that the TLS connection's exporter says the bytes 32 to 63.
"""
import base64
import ctypes
import os
import select
import subprocess
import sys
import time

HOST = "mail.example.com"
COMMON = ["--quiet", "--service", "smtp", "--hostname", HOST, "--quality-of-protection=qop-auth"]


def is_message(line, mechanism):
    if not line or line == mechanism:
        return False
    try:
        base64.b64decode(line, validate=True)
    except ValueError:
        return False
    return True


def start(side, mechanism, options):
    process = subprocess.Popen(
        ["gsasl", side, "-m", mechanism, *COMMON, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, bufsize=0)
    os.set_blocking(process.stdout.fileno(), False)
    return process


def login(mechanism, user, authzid, password, client_options=(), server_options=()):
    client = start("--client", mechanism, ["-a", user, "-p", password] + (["-z", authzid] if authzid else [])
                   + list(client_options))
    server = start("--server", mechanism, ["-p", password, *server_options])
    sides = {client.stdout.fileno(): ("C", server), server.stdout.fileno(): ("S", client)}
    rest = dict.fromkeys(sides, b"")
    messages = []
    limit = time.monotonic() + 1.5
    while time.monotonic() < limit:
        for descriptor in select.select(list(sides), [], [], 0.1)[0]:
            try:
                data = os.read(descriptor, 65536)
            except OSError:
                continue
            if not data:
                continue
            name, peer = sides[descriptor]
            *lines, rest[descriptor] = (rest[descriptor] + data).split(b"\n")
            for line in lines:
                if is_message(line.decode(), mechanism):
                    messages.append(name + base64.b64decode(line).hex())
                    try:
                        peer.stdin.write(line + b"\n")
                    except BrokenPipeError:
                        pass
    for process in (client, server):
        process.kill()
        process.wait()
    print(mechanism, user.encode().hex(), authzid.encode().hex() or "-", password.encode().hex(), *messages)
    sys.stdout.flush()


AUTHID, AUTHZID, PASSWORD, CB_TLS_EXPORTER = 1, 2, 3, 25
NEEDS_MORE = 1


def bound_login(library, mechanism, user, authzid, password):
    binding = base64.b64encode(bytes(range(32, 64))).decode()

    def start(side, properties):
        context, session = ctypes.c_void_p(), ctypes.c_void_p()
        assert library.gsasl_init(ctypes.byref(context)) == 0
        assert getattr(library, f"gsasl_{side}_start")(context, mechanism.encode(), ctypes.byref(session)) == 0
        for key, value in properties.items():
            library.gsasl_property_set(session, key, value.encode())
        return session

    named = {AUTHID: user, PASSWORD: password, CB_TLS_EXPORTER: binding}
    client = start("client", named | {AUTHZID: authzid} if authzid else named)
    server = start("server", {PASSWORD: password, CB_TLS_EXPORTER: binding})
    messages, message, status = [], ctypes.c_char_p(b""), NEEDS_MORE
    while status == NEEDS_MORE:
        for name, side in (("C", client), ("S", server)):
            answer = ctypes.c_char_p()
            status = library.gsasl_step64(side, message, ctypes.byref(answer))
            message = answer
            messages.append(name + base64.b64decode(message.value).hex())
    assert status == 0
    print(mechanism, user.encode().hex(), authzid.encode().hex() or "-", password.encode().hex(), *messages)


print("# Made by make-gsasl.py with", subprocess.check_output(["gsasl", "--version"], text=True).splitlines()[0])
for mechanism in ("SCRAM-SHA-1", "SCRAM-SHA-256", "DIGEST-MD5", "CRAM-MD5"):
    realm = ["-r", "example.com"] if mechanism == "DIGEST-MD5" else []
    for user, authzid, password in (
            ("tim", "", "tanstaaftanstaaf"), ("a,b=c", "", "p,=x"), ("jürgen", "", "geheim€"),
            ("\u2168", "", "I\u00adX\u00aa"), ("quote\"back\\slash", "", "quote\"back\\slash"),
            ("tim", "bob", "secret"), ("tim", "a,b=c", "secret")):
        if authzid and mechanism == "CRAM-MD5":
            continue
        if '"' in user and mechanism == "DIGEST-MD5":
            # Its client forgets the backslashes.
            continue
        login(mechanism, user, authzid, password, realm, realm)
library = ctypes.CDLL("libgsasl.so.18")
for mechanism in ("SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"):
    for user, authzid, password in (
            ("tim", "", "tanstaaftanstaaf"), ("a,b=c", "", "p,=x"), ("jürgen", "", "geheim€"), ("tim", "bob", "secret")):
        bound_login(library, mechanism, user, authzid, password)
