"""Counts instructions a login with callgrind: a figure that repeats on any machine, busy or not.

The lowest of three counts: how often the passwd-file is looked at goes by the clock, and how many lines a read brings by
the machine.

usage: Benchmarks/instructions [--update]

Compares with instructions.json and exits with 1 if a figure has risen by more than 5 %; --update writes them there. With
BENCH_DUMPS=DIRECTORY callgrind's dumps are kept there, for callgrind_annotate; one for each figure, in this order.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from . import users
from .servers import COMMON, Gatepost
from .tools import BENCHMARKS, PASSWORD, NotMeasured, load

FIGURES = BENCHMARKS / "instructions.json"
MOST_RISE = 1.05
LOADS = {
    "PLAIN, 1 connection, depth 1": ["-c", 1],
    "PLAIN, 8 connections, depth 16": ["-c", 8, "-d", 16],
    "LOGIN, 1 connection, depth 1": ["-m", "LOGIN", "-c", 1],
    "PLAIN, a connection a login": ["-1", "-c", 1],
}


class Counted:
    """Gatepost under callgrind."""

    def __init__(self, directory):
        self.directory = directory
        small = f"{directory}/users"
        with open(small, "w") as file:
            file.write(f"cheap:{users.ssha256(PASSWORD, b'salt')}\n")
        os.mkdir(f"{directory}/run")
        self.socket = f"{directory}/auth"
        configuration = pathlib.Path(f"{directory}/private.conf")
        configuration.write_text(COMMON.format(directory=directory, users=small, extra=""))
        # Debian 12's valgrind gives up on Swift's debug information; the symbols stay.
        program = f"{directory}/gatepost"
        subprocess.run(["strip", "--strip-debug", "-o", program, Gatepost.program], check=True)
        self.process = subprocess.Popen(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={directory}/out", "--dump-line=no",
             program, "serve", "-c", str(configuration)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(60):
            if self.process.poll() is not None:
                break
            try:
                load(self.socket, "-u", "cheap", "-p", PASSWORD, "-w", 0, "-t", 1)
                return
            except NotMeasured:
                # It takes seconds to come up, with the socket there long before.
                time.sleep(0.5)
        self.stop()
        raise NotMeasured("Gatepost did not start under valgrind")

    def control(self, option):
        done = subprocess.run(
            ["callgrind_control", option, str(self.process.pid)], capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise NotMeasured(f"callgrind_control {option}: {done.stderr.strip()}")

    def count(self, options):
        """Instructions of one login."""
        options = [*options, "-u", "cheap", "-p", PASSWORD, "-w", 0]
        # What happens only once comes before.
        load(self.socket, *options, "-t", 2)
        for old in pathlib.Path(self.directory).glob("out.*"):
            old.unlink()
        self.control("-z")
        figures = load(self.socket, *options, "-t", 4)
        self.control("-d")
        dumps = sorted(pathlib.Path(self.directory).glob("out.*"))
        total = 0
        for dump in dumps:
            found = re.search(r"^(?:summary|totals): (\d+)", dump.read_text(), re.MULTILINE)
            if found:
                total += int(found[1])
        if total == 0:
            raise NotMeasured("callgrind counted nothing")
        if keep := os.environ.get("BENCH_DUMPS"):
            for dump in dumps:
                shutil.copy(dump, keep)
        return total / figures["all_logins"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def main():
    if sys.argv[1:] not in ([], ["--update"]):
        sys.exit(__doc__)
    if shutil.which("callgrind_control") is None:
        sys.exit("Benchmarks/instructions: valgrind is missing (Debian: valgrind)")
    before = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    now, risen = {}, []
    with tempfile.TemporaryDirectory(prefix="gpi.", dir="/tmp") as directory:
        try:
            server = Counted(directory)
        except NotMeasured as reason:
            sys.exit(f"Benchmarks/instructions: {reason}")
        try:
            for title, options in LOADS.items():
                now[title] = round(min(server.count(options) for _ in range(3)))
                old = before.get(title)
                print(f"{title:<36}{now[title]:>10,}" + (f"  (was {old:,})" if old else "  (no figure before)"), flush=True)
                if old and now[title] > old * MOST_RISE:
                    risen.append(title)
        except NotMeasured as reason:
            sys.exit(f"Benchmarks/instructions: {reason}")
        finally:
            server.stop()
    if sys.argv[1:] == ["--update"]:
        FIGURES.write_text(json.dumps(now, indent=4) + "\n")
    elif risen:
        sys.exit("Risen by more than 5 %: " + "; ".join(risen) + ". If that must be, run with --update and say why.")
    elif not before:
        sys.exit("There are no committed figures to compare with: run with --update")


main()
