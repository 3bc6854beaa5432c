"""Costly logins: their rate as a share of bare crypt_r, and what they do to cheap ones."""

from .row import Check, Row
from .samples import turns
from .servers import Dovecot, Gatepost
from .throughput import BOTH, RATE
from .tools import PASSWORD, Load, NotMeasured, bare_crypt, load
from .users import SCHEMES

BARE = "bare crypt_r"


def costly(servers, settings, hashes, user):
    title = SCHEMES[user][0]
    row = Row(
        f"{title}, 64 connections",
        f"`auth-load -c 64` and `crypt-floor` on {settings.threads} threads", [RATE, ("p99", "p99", "ms")], [*BOTH, BARE])

    def serve(server):
        figures = load(
            server.socket, "-c", 64, "-u", user, "-p", PASSWORD, "-t", settings.costly_seconds,
            "-w", settings.costly_warm_up)
        row.samples.add(server.name, rate=figures["logins_per_second"], p99=figures["p99_us"] / 1000)

    def floor():
        row.samples.add(BARE, rate=bare_crypt(hashes[user], settings.costly_seconds, settings.threads))

    steps = [(server.name, lambda server=server: serve(server)) for server in servers if server.name in BOTH]
    steps.append((BARE, floor))
    for number in range(settings.rounds):
        for name, step in turns(steps, number):
            try:
                step()
            except NotMeasured as reason:
                row.missing.append(f"{name}, round {number + 1}: {reason}")
    row.checks = [Check("logins/s, × bare crypt_r", row.samples.ratio("Gatepost", BARE, "rate"), at_least=0.97)]
    return row


def hammered(servers, settings, hashes):
    row = Row(
        "cheap logins at 200/s while 8 clients hammer BLF-CRYPT cost 10",
        "`auth-load -c 4 -r 200` at real-time priority, so that it is the server that is late and not the generator, "
        "beside `auth-load -c 8`", [
            ("p50", "p50 of cheap ones", "ms"), ("p99", "p99 of cheap ones", "ms"), ("own", "generator late, p99", "ms"),
            ("hashes", "BLF-CRYPT 10/s meanwhile", "")], [*BOTH, BARE])
    seconds = settings.hammer_seconds
    for number in range(settings.few_rounds):
        for server in turns([server for server in servers if server.name in BOTH], number):
            hammer = Load(server.socket, "-c", 8, "-u", "blf10", "-p", PASSWORD, "-t", seconds, "-w", 1)
            try:
                figures = load(
                    server.socket, "--realtime", "-c", 4, "-r", 200, "-u", "cheap", "-p", PASSWORD,
                    "-t", seconds - 0.5, "-w", 1.2)
                row.samples.add(
                    server.name, p50=figures["p50_us"] / 1000, p99=figures["p99_us"] / 1000,
                    own=figures["own_lateness_p99_us"] / 1000, hashes=hammer.result()["logins_per_second"])
            except NotMeasured as reason:
                row.missing.append(f"{server.name}, round {number + 1}: {reason}")
            finally:
                hammer.stop()
        row.samples.add(BARE, hashes=bare_crypt(hashes["blf10"], seconds, settings.threads))
    row.checks = [
        Check("p99, ms", row.samples.median("Gatepost", "p99"), at_most=3),
        Check("hashes/s, × bare crypt_r", row.samples.ratio("Gatepost", BARE, "hashes"), at_least=0.97),
    ]
    return row


def cached(settings, users_path):
    """The same costly login again and again, with each server's cache on."""
    row = Row(
        "repeated login of one user, BLF-CRYPT 8, cache on", "`auth-load -c 8`, Gatepost with gatepost_login_cache_ttl, "
        "Dovecot with auth_cache_size", [RATE], BOTH)
    caches = {
        Gatepost: "gatepost_login_cache_ttl = 1 hour",
        Dovecot: "auth_cache_size = 10M\nauth_cache_ttl = 1 hour",
    }
    running = []
    try:
        for kind, words in caches.items():
            try:
                running.append(kind(users_path, extra=words))
            except NotMeasured as reason:
                row.missing.append(str(reason))
        for number in range(settings.rounds):
            for server in turns(running, number):
                try:
                    figures = load(
                        server.socket, "-c", 8, "-u", "blf8", "-p", PASSWORD, "-t", settings.seconds, "-w", 1)
                    row.samples.add(server.name, rate=figures["logins_per_second"])
                except NotMeasured as reason:
                    row.missing.append(f"{server.name}, round {number + 1}: {reason}")
    finally:
        for server in running:
            server.stop()
    row.checks = [Check("logins/s, × Dovecot", row.samples.ratio("Gatepost", "Dovecot", "rate"), at_least=100)]
    return row
