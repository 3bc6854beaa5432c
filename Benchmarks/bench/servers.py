"""The servers that are compared, each private in a directory of its own."""

import ctypes
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile
import time

from . import processes
from .tools import PASSWORD, ROOT, NotMeasured, first_ok, tool

# Both servers read these words. The penalty and the delay after failures are off alike: they are waiting, not work.
COMMON = """\
base_dir = {directory}/run
log_path = {directory}/log
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=CRYPT username_format=%u {users}
}}
service auth {{
  client_limit = 20000
  unix_listener {directory}/auth {{
    mode = 0666
  }}
}}
{extra}
"""
DOVECOT_ONLY = """\
state_dir = {directory}/state
protocols =
ssl = no
default_vsz_limit = 4G
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


def become_reaper():
    """Servers are started by first-ok, which ends before them; their ends are waited for here all the same."""
    PR_SET_CHILD_SUBREAPER = 36
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (65536 if hard == resource.RLIM_INFINITY else hard, hard))


class Server:
    """One that runs from its construction to stop()."""

    name = None

    def __init__(self, users, user="cheap", extra=""):
        self.directory = tempfile.mkdtemp(prefix="gpb.", dir="/tmp")
        # Dovecot's own users have to get at socket and log.
        os.chmod(self.directory, 0o755)
        os.mkdir(f"{self.directory}/run")
        os.mkdir(f"{self.directory}/state")
        pathlib.Path(f"{self.directory}/log").touch()
        os.chmod(f"{self.directory}/log", 0o666)
        self.socket = f"{self.directory}/auth"
        self.pid = 0
        errors = pathlib.Path(f"{self.directory}/errors")
        try:
            with open(errors, "w") as file:
                started = first_ok(self.socket, user, PASSWORD, "start", *self.command(users, extra), errors=file)
        except NotMeasured:
            said = errors.read_text().strip() or pathlib.Path(f"{self.directory}/log").read_text().strip()
            self.stop()
            raise NotMeasured(f"{self.name} did not start: {said[-300:]}".replace(self.directory, "…")) from None
        self.pid, self.start_milliseconds = started["pid"], started["ms"]

    def configure(self, text, users, extra):
        path = pathlib.Path(f"{self.directory}/private.conf")
        path.write_text(text.format(directory=self.directory, users=users, extra=extra))
        return str(path)

    def cpu_seconds(self):
        return processes.cpu_seconds(self.pid)

    def memory(self):
        return processes.memory_kilobytes(self.pid)

    def descriptors(self):
        return processes.descriptors(self.pid)

    def stop(self):
        if self.pid:
            os.kill(self.pid, signal.SIGTERM)
            for _ in range(1500):
                if os.waitpid(self.pid, os.WNOHANG)[0] == self.pid:
                    break
                time.sleep(0.01)
            else:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
            self.pid = 0
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Gatepost(Server):
    name = "Gatepost"
    program = os.environ.get("GATEPOST_BINARY", f"{ROOT}/.build/release/gatepost")

    def command(self, users, extra):
        return [self.program, "serve", "-c", self.configure(COMMON, users, extra)]

    @classmethod
    def version(cls):
        found = subprocess.run([cls.program, "--version"], capture_output=True, text=True)
        version = found.stdout.strip() or "without a version"
        if "GATEPOST_BINARY" in os.environ:
            return f"{version}, {cls.program}"
        commit = subprocess.run(
            ["git", "-C", str(ROOT), "describe", "--always", "--dirty"], capture_output=True, text=True)
        return f"{version} at {commit.stdout.strip() or 'no commit'}"


class Dovecot(Server):
    name = "Dovecot"
    program = "/usr/sbin/dovecot"

    def command(self, users, extra):
        return [self.program, "-F", "-c", self.configure(COMMON + DOVECOT_ONLY, users, extra)]

    @classmethod
    def version(cls):
        found = subprocess.run([cls.program, "--version"], capture_output=True, text=True)
        return found.stdout.strip()


class EchoFloor(Server):
    name = "echo floor"

    def command(self, users, extra):
        return [tool("echo-floor"), self.socket]
