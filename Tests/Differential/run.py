#!/usr/bin/env python3
"""Gatepost beside Dovecot 2.3.19: random configurations, users and requests, and what differs.

usage: run.py [--plain] [--seed N] [--seconds N] [--cases N] [--keep-going] [--brief] [--case FILE]

Prints the smallest case that differs and has no row in docs/differences.md, and exits 1. `--case` plays one that was
printed before (a JSON line, from a file or - for standard input). `--brief` shrinks nothing, and prints every request that differs with its configuration. GATEPOST_BINARY names our server; only root can run
Dovecot's.
"""
import argparse
import pathlib
import random
import sys
import threading
import time

import conversation
import differences
import login_differences
import lookup_differences
import shrink
from case import Case
from generate import Generator
from servers import NotStarted, Server

KINDS = ("dovecot", "gatepost")
LEFT_OUT = {}


class DovecotDied(Exception):
    """Its auth process: what it says then is no reference."""


def compare(case, *later):
    """What differs without a reason: (script, dovecot's record, gatepost's record); after each change of the users."""
    pair = []
    try:
        for kind in KINDS:
            pair.append(Server(kind, case))
        found, states = [], []
        for number, case in enumerate([case, *later]):
            if number:
                for server in pair:
                    server.write_users(case)
                # Dovecot looks at a file once a second at most.
                time.sleep(1.1)
            records = [conversation.play(server, case.scripts, case.minor) for server in pair]
            states.append((case, records[1]))
            if pair[0].death():
                raise DovecotDied(pair[0].death())
            for script, *both in zip(case.scripts, *records):
                if both[0] != both[1] and not differences.explain(case, script, *both):
                    found.append((case, script, *both))
        if len(states) == 2:
            found += flicker(pair[1], *states)
        return found
    finally:
        for server in pair:
            server.stop()


def flicker(server, before, after):
    """What Gatepost says while the users change to and fro that it has said neither before nor after.

    Dovecot looks at a file once a second at most, so that it has nothing to say to this.
    """
    # Who is looked up twice may be found before a change and after it.
    chosen = [
        number for number, script in enumerate(before[0].scripts)
        if "command" not in script and "socket" not in script and "authzid" not in script and "alone" not in script
        and not any(letter in script["user"] for letter in "*+")]
    if not chosen or any("login_user" in entry[7] for state in (before[0], after[0]) for entry in state.entries()):
        return []
    scripts = [before[0].scripts[number] for number in chosen]
    over = threading.Event()

    def change():
        while not over.wait(0.005):
            for case, _ in (before, after):
                server.write_users(case)

    writer = threading.Thread(target=change)
    writer.start()
    try:
        rounds = [conversation.play(server, scripts, before[0].minor) for _ in range(5)]
    finally:
        over.set()
        writer.join()
    return [
        (after[0], before[0].scripts[number], [*before[1][number], ("or", ()), *after[1][number]], record)
        for records in rounds for number, record in zip(chosen, records)
        if record not in (before[1][number], after[1][number])]


def differs(case):
    """Whether a case of one request still does; one that a server refuses to start with doesn't."""
    try:
        return bool(compare(case))
    except (NotStarted, DovecotDied):
        return False


def report(found):
    case, script, dovecot, gatepost = found
    alone = case.variant(scripts=[script])
    smallest = shrink.smallest(alone, differs)
    again = compare(smallest)
    if not again:
        print("It does not differ alone; the request and its records as they were:")
        smallest = alone
    else:
        _, _, dovecot, gatepost = again[0]
    print(smallest.description())
    print(f"dovecot:  {dovecot}\ngatepost: {gatepost}\n")
    print(f"again: echo '{smallest.json()}' | Tests/Differential/run.py --case -\n", flush=True)


def report_death(case, text):
    """The one request that Dovecot's auth process dies of, with little around it."""

    def deadly(case):
        server = Server("dovecot", case)
        try:
            for script in case.scripts:
                conversation.play(server, [script], case.minor)
                if server.death():
                    return script
        except NotStarted:
            pass
        finally:
            server.stop()
        return None

    script = deadly(case)
    if script is not None:
        case = shrink.smallest(case.variant(scripts=[script]), lambda smaller: deadly(smaller) is not None)
    print(f"Dovecot dies of it: {text}\n{case.description()}", flush=True)


def report_briefly(found):
    print(found[0][0].configuration.text("/tmp/base"))
    for case, script, dovecot, gatepost in found:
        names = {script["user"].lower()} | {str(field) for _, fields in dovecot + gatepost for field in fields}
        lines = [f"{name}/{line}" for name, lines in case.files.items() for line in lines if any(line.split(":")[0].lower() in text for text in names)]
        print(f"{script}\n  " + "\n  ".join(lines) + f"\ndovecot:  {dovecot}\ngatepost: {gatepost}\n", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--cases", type=int, default=None, help="no more configurations than these")
    parser.add_argument("--keep-going", action="store_true")
    parser.add_argument("--brief", action="store_true", help="shrink nothing")
    parser.add_argument("--deaths", action="store_true", help="show what Dovecot's auth process dies of")
    parser.add_argument("--plain", action="store_true", help="one passwd-file, without rules")
    parser.add_argument("--case")
    arguments = parser.parse_args()
    if arguments.case:
        text = sys.stdin.read() if arguments.case == "-" else pathlib.Path(arguments.case).read_text()
        case = Case.from_json(text)
        print(case.description())
        for _, _, dovecot, gatepost in compare(case):
            print(f"dovecot:  {dovecot}\ngatepost: {gatepost}")
        return 0
    differences.check_rows()
    seed = random.SystemRandom().randrange(2**32) if arguments.seed is None else arguments.seed
    print(f"Differential: seed {seed}, {arguments.seconds:.0f} s", flush=True)
    end = time.monotonic() + arguments.seconds
    cases = requests = unexplained = refused = 0
    while time.monotonic() < end and (arguments.cases is None or cases + refused < arguments.cases):
        generator = Generator(random.Random(f"{seed}-{cases + refused}"), arguments.plain)
        case = generator.case()
        # Users are changed under the running servers in some of them: it costs a second of waiting each time.
        later = [generator.changed(case)] if generator.chance(0.3) else []
        try:
            found = compare(case, *later)
        except NotStarted as error:
            refused += 1
            reason = differences.refusal(case, str(error))
            if reason:
                LEFT_OUT[reason] = LEFT_OUT.get(reason, 0) + 1
            else:
                print(f"One of the servers refuses this configuration:\n{case.configuration.text('/tmp/base')}\n{error}", flush=True)
                unexplained += 1
                if not arguments.keep_going:
                    return 1
            continue
        except DovecotDied as error:
            refused += 1
            if arguments.deaths:
                report_death(case, error)
            reason = f"Dovecot dies of it: {error}"
            LEFT_OUT[reason] = LEFT_OUT.get(reason, 0) + 1
            continue
        cases += 1
        requests += len(case.scripts) * (1 + len(later))
        if found:
            unexplained += len(found)
            if arguments.brief:
                report_briefly(found)
            else:
                report(found[0])
            if not arguments.keep_going:
                return 1
    print(f"Differential: {requests} requests under {cases} configurations, {unexplained} differences without a reason")
    for reason, count in LEFT_OUT.items():
        print(f"Differential: {count} configurations left out: {reason}")
    for text in differences.unused():
        print(f"Differential: no request met the listed difference: {text}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
