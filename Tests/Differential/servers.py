"""A server of either kind with a configuration of its own, in a directory that goes away."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from case import SOCKETS

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_SECONDS = 20

EXTRAS = {
    # Neither waits for failures or punishes an address: time plays no part here.
    "dovecot": "protocols =\nssl = no\nservice anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}\n",
    "gatepost": "gatepost_penalty = no\n",
}


class NotStarted(Exception):
    """The server refuses its configuration, or does not greet."""


class Server:
    def __init__(self, kind, case):
        self.kind = kind
        self.directory = tempfile.mkdtemp(prefix=f"gp-{kind}.", dir="/tmp")
        os.chmod(self.directory, 0o755)
        os.mkdir(f"{self.directory}/run")
        self.stamp = int(time.time()) - 1_000_000
        self.write_users(case)
        file = pathlib.Path(f"{self.directory}/private.conf")
        file.write_text(case.configuration.text(self.directory) + EXTRAS[kind])
        log = pathlib.Path(f"{self.directory}/log")
        log.touch()
        os.chmod(log, 0o666)
        program = {
            "dovecot": ["/usr/sbin/dovecot", "-F", "-c", str(file)],
            "gatepost": [os.environ.get("GATEPOST_BINARY", f"{ROOT}/.build/debug/gatepost"), "serve", "-c", str(file)],
        }[kind]
        self.output = open(f"{self.directory}/output", "wb")
        self.process = subprocess.Popen(program, stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output)

    def write_users(self, case):
        """Each file anew, in place of the old one, and with a modification time that no earlier state had."""
        self.stamp += 1
        for name, lines in case.files.items():
            path = f"{self.directory}/{name}"
            pathlib.Path(path + ".new").write_bytes("".join(line + "\n" for line in lines).encode())
            os.chmod(path + ".new", 0o644)
            os.utime(path + ".new", (self.stamp, self.stamp))
            os.rename(path + ".new", path)

    def death(self):
        """What its log says of the end of a process, or an empty text."""
        for line in self.log().splitlines():
            for sign in ("auth: Panic:", "auth: Fatal:", "service(auth): child "):
                if sign in line:
                    return sign + line.partition(sign)[2]
        return ""

    def log(self):
        text = ""
        for name in ("log", "output"):
            text += pathlib.Path(f"{self.directory}/{name}").read_text(errors="replace")
        return text

    def connect(self, kind="client"):
        """A connection to one of the sockets that has been greeted."""
        last = b"\nDONE\n" if kind in ("client", "login") else b"\nSPID\t"
        end = time.monotonic() + START_SECONDS
        while True:
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.settimeout(START_SECONDS)
                connection.connect(f"{self.directory}/{SOCKETS[kind]}")
                greeting = b""
                while last not in greeting or not greeting.endswith(b"\n"):
                    data = connection.recv(65536)
                    if not data:
                        raise OSError("it hung up within its greeting")
                    greeting += data
                return connection, greeting
            except OSError as error:
                connection.close()
                # Dovecot tries a configuration that it refuses again and again.
                if self.process.poll() is not None or time.monotonic() > end or "auth: Fatal:" in self.log():
                    raise NotStarted(f"{self.kind} does not greet: {error}\n{self.log()}") from None
                time.sleep(0.02)

    def children(self):
        try:
            return [int(text) for text in pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()]
        except FileNotFoundError:
            return []

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.kind == "dovecot":
            # It would give its children a second.
            for child in self.children():
                try:
                    os.kill(child, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.output.close()
        shutil.rmtree(self.directory, ignore_errors=True)
