"""Plays the requests of a case to one server, all at once over a few connections."""
import base64
import re
import selectors
import time

import lookups
from sasl import Client

CONNECTIONS = 4
# Dovecot's failures leave their queue up to half a second late, whatever the delay.
PATIENCE = 5
MOST_TURNS = 8


class Request:
    """One AUTH and what comes of it."""

    def __init__(self, script, number):
        self.script, self.id = script, str(number)
        self.client = Client(script)
        self.record, self.is_over = [], False
        self.turns = 0

    def first_line(self):
        script = self.script
        fields = ["AUTH", self.id, script["mechanism"], *script["parameters"]]
        response = self.replaced(self.client.initial())
        if script["initial"] == "given" and response is not None:
            fields.append("resp=" + self.encoded(response))
        elif script["initial"] == "empty":
            fields.append("resp=")
        elif script["initial"] == "equals":
            fields.append("resp==")
        return "\t".join(fields)

    def encoded(self, message):
        if self.script.get("garble") == self.turns:
            return "*" + base64.b64encode(message).decode()
        return base64.b64encode(message).decode()

    def replaced(self, message):
        """What the script says instead, in this turn."""
        other = self.script.get("messages", {}).get(str(self.turns))
        return message if other is None else other.encode("latin-1")

    def received(self, line):
        """The next line, or None."""
        word, _, rest = line.partition("\t")
        fields = rest.split("\t")[1:]
        if word != "CONT":
            self.record.append((word, tuple(self.settled(field) for field in fields)))
            self.is_over = True
            return None
        try:
            challenge = base64.b64decode(fields[0] if fields else "", validate=True)
        except ValueError:
            self.record.append(("CONT", ("no base64", *fields)))
            self.is_over = True
            return None
        self.record.append(("CONT", (self.client.normalise(challenge),)))
        self.turns += 1
        if self.turns > MOST_TURNS:
            self.record.append(("…", ()))
            self.is_over = True
            return None
        response = self.replaced(self.client.respond(challenge))
        return f"CONT\t{self.id}\t{self.encoded(response)}"

    def settled(self, field):
        """`resp=` holds a server's proof."""
        if not field.startswith("resp="):
            return field
        return "resp=" + self.client.normalise(base64.b64decode(field[5:]))


def play(server, scripts, minor):
    """What came of each script."""
    records = {}
    logins = [(place, script) for place, script in enumerate(scripts) if "command" not in script]
    asked = [(place, script) for place, script in enumerate(scripts) if "command" in script]
    for (place, _), record in zip(logins, log_in(server, [script for _, script in logins], minor)):
        records[place] = record
    if asked:
        for (place, _), record in zip(asked, lookups.play(server, [script for _, script in asked])):
            records[place] = record
    return [records[place] for place in range(len(scripts))]


def log_in(server, scripts, minor):
    requests = [Request(script, number) for number, script in enumerate(scripts, 1)]
    selector = selectors.DefaultSelector()
    lanes = []
    for number, (kind, share) in enumerate(shared(requests)):
        lane = {"kind": kind, "buffer": b"", "open": {}, "waiting": share[::-1], "pid": number + 100, "master": None}
        greet(server, minor, lane)
        selector.register(lane["socket"], selectors.EVENT_READ, lane)
        lanes.append(lane)
        feed(lane)
    deadline = time.monotonic() + PATIENCE
    while any(lane["open"] or lane["waiting"] for lane in lanes) and time.monotonic() < deadline:
        for key, _ in selector.select(0.2):
            lane = key.data
            try:
                data = lane["socket"].recv(65536)
            except OSError:
                data = b""
            if not data:
                # Whoever was open went down with it; the others go on.
                for request in lane["open"].values():
                    request.record.append(("closed", ()))
                    request.is_over = True
                lane["open"] = {}
                selector.unregister(lane["socket"])
                lane["socket"].close()
                if lane["waiting"]:
                    lane["pid"] += 100
                    greet(server, minor, lane)
                    selector.register(lane["socket"], selectors.EVENT_READ, lane)
                    feed(lane)
                continue
            deadline = time.monotonic() + PATIENCE
            *lines, lane["buffer"] = (lane["buffer"] + data).split(b"\n")
            answers = ""
            for line in lines:
                line = line.decode("latin-1")
                match = re.match(r"(OK|FAIL|CONT)\t(\d+)", line)
                request = lane["open"].get(match[2]) if match else None
                if request is None:
                    continue
                answer = request.received(line)
                if answer is not None:
                    answers += answer + "\n"
                if request.is_over:
                    del lane["open"][request.id]
                    if lane["kind"] == "login" and line.startswith("OK\t"):
                        request.record += take_over(server, lane, request)
            send(lane, answers)
            feed(lane)
    for lane in lanes:
        for request in [*lane["open"].values(), *lane["waiting"]]:
            request.record.append(("silence", ()))
        lane["socket"].close()
        if lane["master"]:
            lane["master"].socket.close()
    return [request.record for request in requests]


def shared(requests):
    """Which requests go over which kind of connection."""
    for kind, connections in (("client", CONNECTIONS), ("login", 1)):
        own = [request for request in requests if request.script.get("socket", "client") == kind]
        # One that may end its connection has it to itself.
        peaceful = [request for request in own if not request.script.get("alone")]
        shares = [peaceful[start::connections] for start in range(connections)]
        shares += [[request] for request in own if request.script.get("alone")]
        yield from ((kind, share) for share in shares if share)


def greet(server, minor, lane):
    lane["socket"], greeting = server.connect(lane["kind"])
    lane["buffer"] = b""
    lane["cookie"] = re.search(rb"COOKIE\t([^\n]*)", greeting)[1].decode()
    lane["socket"].settimeout(PATIENCE)
    try:
        lane["socket"].sendall(f"VERSION\t1\t{minor}\nCPID\t{lane['pid']}\n".encode())
    except OSError:
        # It has hung up already; reading says so.
        pass


def take_over(server, lane, request):
    """What a mail process is told that takes a login over."""
    lane["master"] = lane["master"] or lookups.Master(server, "master")
    how = request.script["request"]
    fields = [
        str(lane["pid"] + (7 if how == "pid" else 0)), "9999" if how == "id" else request.id,
        "0" * 32 if how == "cookie" else lane["cookie"]]
    return [answer for _ in range(2 if how == "twice" else 1) for answer in lane["master"].ask("REQUEST", *fields)]


def feed(lane):
    """Sends what is waiting, as long as not too much is open."""
    lines = ""
    while lane["waiting"] and len(lane["open"]) < 100:
        request = lane["waiting"].pop()
        lane["open"][request.id] = request
        lines += request.first_line() + "\n"
    send(lane, lines)


def send(lane, text):
    try:
        lane["socket"].sendall(text.encode("latin-1"))
    except OSError:
        # The server has hung up; reading says so.
        pass
