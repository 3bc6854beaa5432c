#!/usr/bin/env python3
"""Prints the messages of scram-sha-256-plus.transcript: scramp's client at scramp's server (pip install scramp==1.5.0).

Nonces, salt and channel binding are fixed, so that it always prints the same.
"""
import base64

from scramp import ScramClient, ScramMechanism

NAME = "SCRAM-SHA-256-PLUS"
BINDING = ("tls-server-end-point", bytes(range(32, 64)))

mechanism = ScramMechanism(NAME)
keys = mechanism.make_auth_info("wonderland", iteration_count=4096, salt=bytes(range(16)))
server = mechanism.make_server(
    lambda user: keys, channel_binding=BINDING, s_nonce=base64.b64encode(bytes(range(48))).decode())
client = ScramClient([NAME], "alice", "wonderland", channel_binding=BINDING, c_nonce="fyko+d2lbbFgONRv9qkxdawL")
for says, hears in (
        (client.get_client_first, server.set_client_first), (server.get_server_first, client.set_server_first),
        (client.get_client_final, server.set_client_final), (server.get_server_final, client.set_server_final)):
    message = says()
    hears(message)
    print(message)
