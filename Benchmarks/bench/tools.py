"""The C programs that do the measuring, and their answers."""

import json
import os
import pathlib
import subprocess

BENCHMARKS = pathlib.Path(__file__).resolve().parent.parent
ROOT = BENCHMARKS.parent
PASSWORD = "wonderland"


class NotMeasured(Exception):
    """Why a figure is missing."""


def tool(name):
    directory = os.environ.get("BENCH_TOOLS", f"{BENCHMARKS}/.build/release")
    path = pathlib.Path(directory) / name
    if not path.exists():
        raise NotMeasured(f"{path} is not built: Benchmarks/run builds it")
    return str(path)


def _answer(output, what):
    try:
        return json.loads(output)
    except ValueError:
        raise NotMeasured(f"{what} gave no figures") from None


class Load:
    """An auth-load that runs."""

    def __init__(self, socket, *options):
        self.words = [tool("auth-load"), "--json", *map(str, options), socket]
        self.process = subprocess.Popen(self.words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def result(self):
        """Its figures; any login that went wrong makes them void."""
        output, errors = self.process.communicate(timeout=300)
        if not output:
            raise NotMeasured(f"auth-load: {errors.strip() or 'no output'}")
        figures = _answer(output, "auth-load")
        wrong = {name: figures[name] for name in ("failed", "lost_connections", "lost_idle", "unanswered")}
        if figures["logins"] == 0:
            raise NotMeasured("no login was answered in the time measured")
        if any(wrong.values()) or self.process.returncode != 0:
            raise NotMeasured(f"logins went wrong: {wrong}")
        return figures

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


def load(socket, *options):
    return Load(socket, *options).result()


def first_ok(socket, user, password, *words, errors=None):
    """Milliseconds until the first successful login after a start or a rename; and the started process.

    What it or the program says on standard error goes to the file `errors`.
    """
    process = subprocess.run(
        [tool("first-ok"), socket, user, password, *map(str, words)], stdout=subprocess.PIPE, stderr=errors, text=True,
        timeout=120)
    if process.returncode != 0:
        raise NotMeasured("no login succeeded in time")
    return _answer(process.stdout, "first-ok")


def bare_crypt(text, seconds, threads):
    """crypt_r calls a second on that many threads at once."""
    process = subprocess.run(
        [tool("crypt-floor"), PASSWORD, text, str(seconds), str(threads)], capture_output=True, text=True, timeout=300)
    if process.returncode != 0:
        raise NotMeasured(process.stderr.strip())
    return _answer(process.stdout, "crypt-floor")["per_second"]
