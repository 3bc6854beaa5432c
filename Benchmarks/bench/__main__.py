"""usage: Benchmarks/run [options]; see --help"""

import argparse
import json
import os
import pathlib
import shlex
import sys
import tempfile

from . import hashing, report, starting, throughput, users
from .servers import Dovecot, EchoFloor, Gatepost, become_reaper
from .settings import Settings
from .tools import ROOT, NotMeasured

GROUPS = ("cheap", "costly", "cache", "start", "large", "idle")


def arguments():
    parser = argparse.ArgumentParser(
        prog="Benchmarks/run", description="Measures Gatepost next to real Dovecot and to floors, and writes a report.")
    parser.add_argument("--quick", action="store_true", help="a first impression, in short rounds with fewer users")
    parser.add_argument("--rounds", type=int, help="rounds of each measurement, at least 3")
    parser.add_argument("--only", action="append", choices=GROUPS, help="only these rows; may be repeated")
    parser.add_argument(
        "--report", type=pathlib.Path, help="where to write the report (docs/performance.md if all rows are measured at "
        "full length, otherwise nowhere)")
    parser.add_argument("--json", type=pathlib.Path, help="where to write all figures of all rounds")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a figure asked for is missed or missing")
    found = parser.parse_args()
    start = pathlib.Path(os.environ.get("BENCH_FROM", "."))
    found.report = found.report and start / found.report
    found.json = found.json and start / found.json
    if found.rounds is not None and not 3 <= found.rounds <= 100:
        parser.error("rounds must be 3 to 100")
    return found


def measure(settings, groups, directory):
    small, names = f"{directory}/users", f"{directory}/names"
    hashes = users.write_small(small)
    users.write_names(names, [f"user{number}" for number in range(1000)])
    rows = []

    def add(row):
        report.show(row)
        rows.append(row)

    if groups & {"cheap", "costly"}:
        running = []
        try:
            for kind in (Gatepost, Dovecot, EchoFloor):
                running.append(kind(small))
            if "cheap" in groups:
                for step in throughput.rows(running, settings, names):
                    add(step())
            if "costly" in groups:
                for user in ("sha512crypt", "blf8", "yescrypt"):
                    add(hashing.costly(running, settings, hashes, user))
                add(hashing.hammered(running, settings, hashes))
        finally:
            for server in running:
                server.stop()
    if "cache" in groups:
        add(hashing.cached(settings, small))
    if "start" in groups:
        add(starting.small(settings, small))
    if "large" in groups:
        path = f"{directory}/large"
        users.write_large(path, settings.users)
        others = f"{directory}/others"
        # Not the one whose password changes.
        users.write_names(others, [users.large_name(1 + 7 * number) for number in range(1000)])
        add(starting.large(settings, path))
        add(starting.reload(settings, path, others))
        os.unlink(path)
    if "idle" in groups:
        add(starting.idle(settings, small))
    return rows


def main():
    given = arguments()
    if os.getuid() != 0:
        sys.exit("Benchmarks/run: Dovecot changes users, so only root can measure it")
    settings = Settings.quick() if given.quick else Settings()
    settings.rounds = given.rounds or settings.rounds
    become_reaper()
    loads = [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory(prefix="gpb-users.", dir="/tmp") as directory:
        # Dovecot's users have to read the files.
        os.chmod(directory, 0o755)
        try:
            rows = measure(settings, set(given.only or GROUPS), directory)
        except NotMeasured as reason:
            sys.exit(f"Benchmarks/run: {reason}")
    loads.append(os.getloadavg()[0])
    command = shlex.join(["Benchmarks/run", *sys.argv[1:]])
    path = given.report
    if path is None and not given.only and not given.quick:
        path = ROOT / "docs" / "performance.md"
    if path:
        report.write(path, rows, command, loads, settings)
        print(f"\nReport: {path}")
    if given.json:
        figures = [
            {"row": row.title, "server": server, "quantity": quantity, "values": row.samples.values[server, quantity]}
            for row in rows for server, quantity in row.samples.quantities()
        ]
        given.json.write_text(json.dumps(figures, indent=1) + "\n")
    if given.check and not all(check.is_met for row in rows for check in row.checks):
        sys.exit(1)


main()
