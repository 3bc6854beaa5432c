"""Cheap logins: rates, latencies and processor time, on servers that stay up for all rounds."""

from .row import Check, Row
from .samples import turns
from .tools import NotMeasured, load

CHEAP = ["Gatepost", "Dovecot", "echo floor"]
BOTH = ["Gatepost", "Dovecot"]
RATE = ("rate", "logins/s", "")
CPU = ("cpu", "CPU a login", "µs")
P50 = ("p50", "p50", "µs")
P99 = ("p99", "p99", "µs")


def _measure(row, servers, settings, options):
    running = [server for server in servers if server.name in row.servers]
    for number in range(settings.rounds):
        for server in turns(running, number):
            before = server.cpu_seconds()
            try:
                figures = load(server.socket, "-t", settings.seconds, "-w", settings.warm_up, *options)
            except NotMeasured as reason:
                row.missing.append(f"{server.name}, round {number + 1}: {reason}")
                continue
            # All logins, those of warm-up and drain too, for the processor time is that of all.
            cpu = (server.cpu_seconds() - before) / figures["all_logins"] * 1e6
            row.samples.add(
                server.name, rate=figures["logins_per_second"], cpu=cpu, p50=figures["p50_us"], p99=figures["p99_us"])


def _row(title, options, servers, shown):
    method = "`auth-load " + " ".join(options).replace(options[-1], "users") + "`" if "-f" in options else ""
    return Row(title, method, shown, servers)


def rows(servers, settings, names):
    """The five rows of cheap logins, each a generator's turn."""
    users = ["-f", names]

    def connections_64():
        row = _row(
            "cheap scheme (SSHA256), 64 connections, depth 1", ["-c", "64", "-d", "1", *users], CHEAP, [RATE, CPU, P50, P99])
        _measure(row, servers, settings, ["-c", 64, "-d", 1, *users])
        s = row.samples
        row.checks = [
            Check("logins/s, × Dovecot", s.ratio("Gatepost", "Dovecot", "rate"), at_least=2.5),
            Check("logins/s, × floor", s.ratio("Gatepost", "echo floor", "rate"), at_least=0.5),
            Check("CPU a login, × Dovecot", s.ratio("Gatepost", "Dovecot", "cpu"), at_most=0.45),
        ]
        return row

    def depth_16():
        row = _row(
            "cheap scheme, 8 connections, depth 16", ["-c", "8", "-d", "16", *users], CHEAP, [RATE, CPU, P50, P99])
        _measure(row, servers, settings, ["-c", 8, "-d", 16, *users])
        s = row.samples
        row.checks = [
            Check("logins/s, × Dovecot", s.ratio("Gatepost", "Dovecot", "rate"), at_least=6),
            Check("CPU a login, × Dovecot", s.ratio("Gatepost", "Dovecot", "cpu"), at_most=0.2),
        ]
        return row

    def alone():
        row = _row("one connection, depth 1", ["-c", "1", *users], CHEAP, [P50, P99, RATE, CPU])
        _measure(row, servers, settings, ["-c", 1, *users])
        row.checks = [Check("p50, × floor", row.samples.ratio("Gatepost", "echo floor", "p50"), at_most=1.2)]
        return row

    def per_login():
        row = _row(
            "a connection a login, 16 at a time, Exim's way", ["-1", "-c", "16", *users], CHEAP, [RATE, CPU, P50, P99])
        _measure(row, servers, settings, ["-1", "-c", 16, *users])
        s = row.samples
        row.checks = [
            Check("logins/s, × Dovecot", s.ratio("Gatepost", "Dovecot", "rate"), at_least=1.6),
            Check("CPU a login, × Dovecot", s.ratio("Gatepost", "Dovecot", "cpu"), at_most=0.6),
        ]
        return row

    def mechanism_login():
        row = _row("LOGIN, 64 connections", ["-m", "LOGIN", "-c", "64", *users], CHEAP, [RATE, CPU, P50, P99])
        _measure(row, servers, settings, ["-m", "LOGIN", "-c", 64, *users])
        row.checks = [Check("logins/s, × Dovecot", row.samples.ratio("Gatepost", "Dovecot", "rate"), at_least=2.5)]
        return row

    return [connections_64, depth_16, alone, per_login, mechanism_login]
