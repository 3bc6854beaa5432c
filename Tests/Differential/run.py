#!/usr/bin/env python3
"""Gatepost beside Dovecot 2.3.19: random configurations, users and requests, and what differs.

usage: run.py [--plain] [--seed N] [--seconds N] [--cases N] [--keep-going] [--case FILE]

Prints the smallest case that differs and has no row in docs/differences.md, and exits 1. `--case` plays one that was
printed before (a JSON line, from a file or - for standard input). GATEPOST_BINARY names our server; only root can run
Dovecot's.
"""
import argparse
import pathlib
import random
import sys
import time

import conversation
import differences
import shrink
from case import Case
from generate import Generator
from servers import NotStarted, Server

KINDS = ("dovecot", "gatepost")
LEFT_OUT = {}


class DovecotDied(Exception):
    """Its auth process: what it says then is no reference."""


def compare(case, rounds=()):
    """What differs without a reason: (script, dovecot's record, gatepost's record); after each change of the users."""
    pair = []
    try:
        for kind in KINDS:
            pair.append(Server(kind, case))
        found = []
        for number, files in enumerate([case.files, *rounds]):
            if number:
                case = Case(case.configuration, files, case.scripts, case.minor)
                for server in pair:
                    server.write_users(case)
                # Dovecot looks at a file once a second at most.
                time.sleep(1.1)
            records = [conversation.play(server, case.scripts, case.minor) for server in pair]
            panic = [line for line in pair[0].log().splitlines() if "auth: Panic:" in line]
            if panic:
                raise DovecotDied(panic[0].partition("auth: ")[2])
            for script, *both in zip(case.scripts, *records):
                if both[0] != both[1] and not differences.explain(case, script, *both):
                    found.append((case, script, *both))
        return found
    finally:
        for server in pair:
            server.stop()


def differs(case):
    """Whether a case of one request still does; one that a server refuses to start with doesn't."""
    try:
        return bool(compare(case))
    except (NotStarted, DovecotDied):
        return False


def report(found):
    case, script, dovecot, gatepost = found
    alone = Case(case.configuration, case.files, [script], case.minor)
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--cases", type=int, default=None, help="no more configurations than these")
    parser.add_argument("--keep-going", action="store_true")
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
        rounds = [{name: generator.users(case.configuration.settings) for name in case.files}] if generator.chance(0.3) else []
        try:
            found = compare(case, rounds)
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
            reason = f"Dovecot dies of it: {error}"
            LEFT_OUT[reason] = LEFT_OUT.get(reason, 0) + 1
            continue
        cases += 1
        requests += len(case.scripts) * (1 + len(rounds))
        if found:
            unexplained += len(found)
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
