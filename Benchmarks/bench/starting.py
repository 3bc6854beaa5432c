"""Starts, memory, a million users, reload by rename, idle connections."""

import os
import time

from .row import Check, Row
from .samples import turns
from .servers import Dovecot, Gatepost
from .throughput import BOTH
from .tools import PASSWORD, Load, NotMeasured, first_ok, load
from .users import large_name, replace_line

KINDS = [Gatepost, Dovecot]
MEMORY = [("pss", "PSS", "KB"), ("dirty", "private dirty", "KB"), ("processes", "processes", "")]


def _add_memory(row, server):
    memory = server.memory()
    row.samples.add(
        server.name, pss=memory["pss"], dirty=memory["private_dirty"], processes=memory["processes"])


def small(settings, users_path):
    row = Row(
        "small file: exec to first OK, and idle memory", "a fresh start each round; memory after one login, 1 s later",
        [("start", "exec to first OK", "ms"), *MEMORY], BOTH)
    for number in range(settings.rounds):
        for kind in turns(KINDS, number):
            try:
                with kind(users_path) as server:
                    row.samples.add(server.name, start=server.start_milliseconds)
                    time.sleep(1)
                    _add_memory(row, server)
            except NotMeasured as reason:
                row.missing.append(f"{kind.name}, round {number + 1}: {reason}")
    s = row.samples
    pss, dirty = s.median("Gatepost", "pss"), s.median("Gatepost", "dirty")
    row.checks = [
        Check("exec to first OK, ms", s.median("Gatepost", "start"), at_most=12),
        Check("PSS, MB", pss and pss / 1024, at_most=12),
        Check("private dirty, MB", dirty and dirty / 1024, at_most=3),
    ]
    return row


def large(settings, path):
    size = os.path.getsize(path)
    row = Row(
        f"passwd-file of {settings.users:,} users, {size / 1e6:.0f} MB", "a fresh start each round, the login is that of "
        "the last user; memory afterwards", [("start", "exec to first OK", "ms"), *MEMORY], BOTH)
    for number in range(settings.few_rounds):
        for kind in turns(KINDS, number):
            try:
                with kind(path, user=large_name(settings.users - 1)) as server:
                    row.samples.add(server.name, start=server.start_milliseconds)
                    time.sleep(1)
                    _add_memory(row, server)
            except NotMeasured as reason:
                row.missing.append(f"{kind.name}, round {number + 1}: {reason}")
    pss = row.samples.median("Gatepost", "pss")
    row.checks = [
        Check("exec to first OK, × Dovecot", row.samples.ratio("Gatepost", "Dovecot", "start"), at_most=0.25),
        Check("PSS, × the file's size", pss and pss * 1024 / size, at_most=1.25),
    ]
    return row


def reload(settings, path, names):
    """Replaces the file by one with one line changed, while others log in at a steady rate."""
    row = Row(
        f"one line of those {settings.users:,} changed by rename",
        "`first-ok rename`, while `auth-load -c 8 -r 1000` logs others in (real-time priority)", [
            ("takes", "until the new password works", "ms"), ("stall", "longest login of others", "ms"),
            ("own", "generator late at most", "ms")], BOTH)
    number_of_user = settings.users // 2
    user = large_name(number_of_user)
    for number in range(settings.few_rounds):
        for kind in turns(KINDS, number):
            live, fresh = f"{path}.live", f"{path}.fresh"
            others = None
            try:
                replace_line(path, live, 0, PASSWORD)
                replace_line(path, fresh, number_of_user, "changed")
                # Dovecot sees a change by size and whole seconds of the time of change, and all lines have one length.
                os.utime(live, (0, time.time() - 60))
                with kind(live, user=user) as server:
                    others = Load(
                        server.socket, "--realtime", "-c", 8, "-r", 1000, "-f", names, "-w", 1,
                        "-t", settings.stall_seconds)
                    time.sleep(2.5)
                    changed = first_ok(server.socket, user, "changed", "rename", fresh, live)
                    figures = others.result()
                    row.samples.add(
                        server.name, takes=changed["ms"], stall=figures["max_us"] / 1000,
                        own=figures["own_lateness_max_us"] / 1000)
            except NotMeasured as reason:
                row.missing.append(f"{kind.name}, round {number + 1}: {reason}")
            finally:
                if others:
                    others.stop()
                for leftover in (live, fresh):
                    if os.path.exists(leftover):
                        os.unlink(leftover)
    row.checks = [
        Check("until the new password works, ms", row.samples.median("Gatepost", "takes"), at_most=250),
        Check("longest login of others, ms", row.samples.median("Gatepost", "stall"), at_most=5),
    ]
    return row


def idle(settings, users_path):
    row = Row(
        f"{settings.idle:,} idle connections", "PSS with them less PSS before, by their number; p50 of `auth-load -c 1` "
        "without and with them", [
            ("each", "memory each", "KB"), ("alone", "p50 alone", "µs"), ("among", "p50 among them", "µs"),
            ("times", "p50 among / alone", "")], BOTH)
    for number in range(settings.few_rounds):
        for kind in turns(KINDS, number):
            among = None
            try:
                with kind(users_path) as server:
                    alone = load(server.socket, "-c", 1, "-u", "cheap", "-t", settings.seconds, "-w", 1)
                    before, descriptors = server.memory()["pss"], server.descriptors()
                    among = Load(
                        server.socket, "-c", 1, "-u", "cheap", "-i", settings.idle, "-t", settings.seconds, "-w", 3)
                    for _ in range(300):
                        if server.descriptors() >= descriptors + settings.idle:
                            break
                        time.sleep(0.1)
                    else:
                        raise NotMeasured("the connections were not all accepted within 30 s")
                    each = (server.memory()["pss"] - before) / settings.idle
                    figures = among.result()
                    row.samples.add(
                        server.name, each=each, alone=alone["p50_us"], among=figures["p50_us"],
                        times=figures["p50_us"] / alone["p50_us"])
            except NotMeasured as reason:
                row.missing.append(f"{kind.name}, round {number + 1}: {reason}")
            finally:
                if among:
                    among.stop()
    row.checks = [
        Check("memory each, KB", row.samples.median("Gatepost", "each"), at_most=3),
        Check("p50 among / alone", row.samples.median("Gatepost", "times"), at_most=1.2),
    ]
    return row
