"""Plays lookups to userdb and master sockets, and takes logins over as mail processes do."""
import socket

PATIENCE = 5
# The reply that ends each.
LAST = {"USER": ("USER", "NOTFOUND", "FAIL"), "PASS": ("PASS", "NOTFOUND", "FAIL"), "LIST": ("DONE",), "CACHE-FLUSH": ("OK",),
        "REQUEST": ("USER", "NOTFOUND", "FAIL")}


class Master:
    """A connection to a userdb or master socket."""

    def __init__(self, server, kind):
        self.socket, _ = server.connect(kind)
        self.socket.settimeout(PATIENCE)
        self.socket.sendall(b"VERSION\t1\t1\n")
        self.buffer, self.next, self.records, self.last = b"", 1, {}, {}

    def send(self, command, *fields):
        """The id under which the answer will come."""
        number, self.next = str(self.next), self.next + 1
        self.records[number], self.last[number] = [], LAST[command]
        try:
            self.socket.sendall("\t".join([command, number, *fields]).encode("latin-1", "surrogateescape") + b"\n")
        except OSError:
            # It has hung up; waiting says so.
            pass
        return number

    def wait(self):
        """Reads until everything is answered."""
        while self.last:
            try:
                data = self.socket.recv(65536)
            except socket.timeout:
                return self.fail("silence")
            except OSError:
                data = b""
            if not data:
                return self.fail("closed")
            *lines, self.buffer = (self.buffer + data).split(b"\n")
            for line in lines:
                word, *fields = line.decode("latin-1").split("\t")
                if fields and fields[0] in self.last:
                    self.records[fields[0]].append((word, tuple(fields[1:])))
                    if word in self.last[fields[0]]:
                        del self.last[fields[0]]

    def fail(self, word):
        for number in self.last:
            self.records[number].append((word, ()))
        self.last = {}

    def ask(self, command, *fields):
        number = self.send(command, *fields)
        self.wait()
        return self.records[number]


def escaped(text):
    for letter, code in (("\1", "\0011"), ("\0", "\0010"), ("\t", "\1t"), ("\r", "\1r"), ("\n", "\1n")):
        text = text.replace(letter, code)
    return text.encode().decode("latin-1")


def play(server, scripts):
    """What came of each."""
    masters = {kind: Master(server, kind) for kind in {script["socket"] for script in scripts}}
    places = []
    for script in scripts:
        master = masters[script["socket"]]
        if script["command"] in ("LIST", "CACHE-FLUSH"):
            # One list at a time.
            master.wait()
            fields = []
        else:
            fields = [escaped(script["user"]), *script["parameters"]]
        places.append((master, master.send(script["command"], *fields)))
        if script["command"] in ("LIST", "CACHE-FLUSH"):
            master.wait()
    for master in masters.values():
        master.wait()
        master.socket.close()
    return [master.records[number] for master, number in places]
