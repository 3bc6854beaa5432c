"""The differences that are meant: each is a row of docs/differences.md, and how Dovecot's record becomes ours by it.

A record is a list of (word, fields): CONT with the challenge, OK and FAIL with what follows the id, `closed`, `silence`.
"""
import pathlib
import sys

import schemes

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/differences.md"
CHALLENGED = ("CRAM", "DIGE", "SCRA")

RULES = []
USED = set()


def rule(row):
    """A function of (case, script, dovecot, gatepost) that gives Dovecot's record as we would have it, or None."""

    def register(function):
        RULES.append((row, function))
        return function

    return register


def explain(case, script, dovecot, gatepost):
    """Whether the rules together make Dovecot's record ours."""
    used = set()
    for row, function in RULES:
        changed = function(case, script, dovecot, gatepost)
        if changed is not None and changed != dovecot:
            used.add(row)
            dovecot = changed
        if dovecot == gatepost:
            USED.update(used)
            return True
    return False


def unused():
    return sorted({row for row, _ in RULES} - USED)


def check_rows():
    rows = {line.split("|")[1].strip() for line in DOCUMENT.read_text().splitlines() if line.startswith("| ")}
    missing = {row for row, _ in RULES} - rows
    if missing:
        sys.exit("These rules have no row in docs/differences.md:\n" + "\n".join(sorted(missing)))


def refusal(case, text):
    """Why a configuration is refused, if that is meant."""
    if text.startswith("dovecot") and "auth: Fatal: " in text:
        return "Dovecot refuses them: " + text.partition("auth: Fatal: ")[2].splitlines()[0]
    if "not supported yet" in text:
        return "Gatepost says that it is not supported yet"
    return None


# What a record says

def failed(record):
    return bool(record) and record[-1][0] == "FAIL"


def value(record, name):
    """A field of the last reply, or None."""
    for field in record[-1][1] if record else ():
        if field.partition("=")[0] == name:
            return field.partition("=")[2]
    return None


def with_fields(record, fields):
    return [*record[:-1], (record[-1][0], tuple(fields))]


def without(record, *names):
    return with_fields(record, [field for field in record[-1][1] if field.partition("=")[0] not in names])


def entries(case, *names):
    """Whether a user or a passdb sets one of these fields."""
    texts = [line.split(":", 7)[7] for lines in case.files.values() for line in lines if line.count(":") >= 7]
    texts += [text for passdb in case.configuration.passdbs for name, text in passdb if name.endswith("_fields") or name == "args"]
    return any(word.split(":")[0].partition("=")[0] in names for text in texts for word in text.split(" "))


# The rows, in the order in which they are tried

@rule("unknown mechanism, missing `service=`, parameters after `resp=`, AUTH without a mechanism, CONT without data")
def one_request(case, script, dovecot, gatepost):
    if dovecot[-1:] == [("closed", ())] and failed(gatepost) and script.get("alone"):
        return [*dovecot[:-1], gatepost[-1]]


@rule("SCRAM for a user who doesn't exist, or whose stored password can't be used")
def stable_decoy(case, script, dovecot, gatepost):
    place = len(dovecot) - 1
    if script["mechanism"].upper().startswith("SCRAM") and failed(dovecot) and failed(gatepost) and len(gatepost) == place + 2:
        if gatepost[place][0] == "CONT" and gatepost[place][1][0].startswith("r="):
            # The client's next message may be one that no password could save.
            last = gatepost[-1] if "garble" in script or "messages" in script else dovecot[-1]
            return [*dovecot[:-1], gatepost[place], last]


@rule("a name that may not log in (`auth_username_chars`, an empty one)")
def refused_name(case, script, dovecot, gatepost):
    # With a default realm, or by its format, an empty name is more than that.
    given = [value(dovecot, "user"), ""]
    # The name in the certificate is there before the one that is refused.
    given += [None] * ("auth_ssl_username_from_cert" in case.configuration.settings)
    if failed(dovecot) and failed(gatepost) and value(gatepost, "user") is None and value(dovecot, "original_user") in given:
        if script["mechanism"].upper() == "LOGIN" and len(gatepost) == len(dovecot) - 1 and value(dovecot, "original_user") == "":
            # A format makes a name of the empty one; LOGIN's is refused before the password is asked for.
            dovecot = [*dovecot[:-2], dovecot[-1]]
        return without(dovecot, "user", "original_user")


@rule("empty parameters (`user=`, `⇥⇥`)")
def empty_parameters(case, script, dovecot, gatepost):
    if dovecot and dovecot[-1][0] in ("OK", "FAIL"):
        return with_fields(dovecot, [field for field in dovecot[-1][1] if field not in ("", "user=", "original_user=")])


@rule("`forward_fields=` of a login that no passdb is asked for")
def forwarded(case, script, dovecot, gatepost):
    if dovecot and dovecot[-1][0] in ("OK", "FAIL") and not any(field.startswith("forward_") for field in gatepost[-1][1]):
        return with_fields(dovecot, [field for field in dovecot[-1][1] if not field.startswith("forward_")])


@rule("a name of more than 1024 bytes")
def long_name(case, script, dovecot, gatepost):
    if failed(dovecot) and failed(gatepost) and any(len(field) > 1024 for field in dovecot[-1][1]):
        # LOGIN's is refused before the password is asked for.
        record = [*dovecot[:-2], dovecot[-1]] if script["mechanism"].upper() == "LOGIN" and len(gatepost) < len(dovecot) else dovecot
        return without(record, "user", "original_user")


@rule("a name with a quote or a backslash in a passwd-file, where `auth_username_chars` allows it")
def quoted_name(case, script, dovecot, gatepost):
    # Dovecot knows nobody of that name, so that there is nothing of the entry in its record.
    if failed(dovecot) and any(letter in str(script.get("user", "")) for letter in "'\"\\"):
        return gatepost


@rule("PLAIN-TRUNC, asked for by a challenge-response mechanism")
def truncated(case, script, dovecot, gatepost):
    if failed(dovecot) and gatepost[-1][0] == "OK" and script["mechanism"].upper()[:4] in CHALLENGED:
        if any("{PLAIN-TRUNC}" in line for lines in case.files.values() for line in lines):
            # What was sent is the proof that the client had worked out, and the user's own fields.
            if value(gatepost, "user") == value(dovecot, "user") and "WRONG" not in str(gatepost):
                return gatepost
    if failed(dovecot) and failed(gatepost) and ("CONT", ("rspauth=right",)) in gatepost and ("CONT", ("rspauth=right",)) not in dovecot:
        # What the client says to the server's proof was garbled.
        if "messages" in script and any("{PLAIN-TRUNC}" in line for lines in case.files.values() for line in lines):
            return [*dovecot[:-1], ("CONT", ("rspauth=right",)), dovecot[-1]]


@rule("a NUL in an initial response for which the mechanism has no use")
def unused_response(case, script, dovecot, gatepost):
    if script["mechanism"].upper()[:4] in ("CRAM", "DIGE") and "\0" in script.get("messages", {}).get("0", "") and failed(dovecot):
        # The challenge that Dovecot doesn't come to, and at most the name from its answer.
        if failed(gatepost) and len(gatepost) == len(dovecot) + 1:
            return gatepost


@rule("`user=` in an entry whose password is wrong")
def renamed(case, script, dovecot, gatepost):
    if failed(dovecot) and failed(gatepost) and entries(case, "user", "username", "domain") and value(gatepost, "user"):
        if value(dovecot, "user") != value(gatepost, "user") and script["mechanism"].upper() in ("PLAIN", "LOGIN", "EXTERNAL"):
            others = without(dovecot, "user", "original_user")[-1][1]
            names = [field for field in gatepost[-1][1] if field.startswith(("user=", "original_user="))]
            return with_fields(dovecot, [names[0], *others, *names[1:]])


@rule("a locked account, a user in a `deny` passdb")
def disabled(case, script, dovecot, gatepost):
    if failed(dovecot) and failed(gatepost) and value(dovecot, "code") == "user_disabled":
        # What the entry that keeps the user out says is not shown; what passdbs before it said is.
        hidden = denied_fields(case) | ({"code"} if value(gatepost, "code") is None else set())
        return with_fields(dovecot, [
            field for field in dovecot[-1][1] if field in gatepost[-1][1] or field.partition("=")[0] not in hidden])


def denied_fields(case):
    """The names of fields in the files and settings of `deny` passdbs."""
    texts = []
    for passdb in map(dict, case.configuration.passdbs):
        if passdb.get("deny") == "yes":
            texts += [passdb.get("default_fields", ""), passdb.get("override_fields", "")]
            for line in case.files.get(passdb["args"].rpartition("/")[2], []):
                texts += line.split(":", 7)[7:]
    return {word.partition("=")[0] for text in texts for word in text.split(" ")} - {""}


@rule("fields of an entry, in the FAIL of a challenge-response mechanism")
def fields_of_failure(case, script, dovecot, gatepost):
    if failed(dovecot) and failed(gatepost) and script["mechanism"].upper()[:4] in CHALLENGED:
        kept = ["user", "code", "original_user", "auth_user"] + ["reason"] * (not entries(case, "reason"))
        if entries(case, "login_user") and value(dovecot, "code") == "authz_fail" and value(gatepost, "code") is None:
            # Dovecot takes it for a master user's login, and the wrong proof for a right one.
            kept = ["user", "reason", "original_user"]
        fields = [field for field in dovecot[-1][1] if field.partition("=")[0] in kept or field.startswith("forward_")]
        if entries(case, "user", "username", "domain", "login_user") and value(gatepost, "user"):
            # The name that an entry gives is a field like the others.
            names = [field for field in gatepost[-1][1] if field.startswith(("user=", "original_user="))]
            others = [field for field in fields if not field.startswith(("user=", "original_user="))]
            fields = [names[0], *others, *names[1:]]
        return with_fields(dovecot, fields)


@rule("`nologin` in the user's fields")
def no_login(case, script, dovecot, gatepost):
    if dovecot and dovecot[-1][0] == "OK" and failed(gatepost) and value(dovecot, "nologin") is not None:
        if value(dovecot, "proxy") is None and value(dovecot, "host") is None and value(gatepost, "code") is None:
            if value(gatepost, "reason") == value(dovecot, "reason"):
                # The proof of the server is not for whoever may not log in.
                return [*dovecot[: len(gatepost) - 1], gatepost[-1]]


@rule("`default_fields` of a `deny` passdb that doesn't have the user")
def denying_defaults(case, script, dovecot, gatepost):
    if failed(dovecot) and failed(gatepost):
        for passdb in map(dict, case.configuration.passdbs):
            if passdb.get("deny") == "yes" and "default_fields" in passdb:
                name = passdb["default_fields"].partition("=")[0]
                if value(gatepost, name) is None:
                    return without(dovecot, name)


@rule("a challenge-response mechanism, and `nopassword` of a static passdb")
def static_without_password(case, script, dovecot, gatepost):
    if script["mechanism"].upper()[:4] in CHALLENGED:
        if any(dict(passdb)["driver"] == "static" and "nopassword" in dict(passdb)["args"] for passdb in case.configuration.passdbs):
            # Another passdb's password is the right one: only its proof may come of it.
            if failed(dovecot) and gatepost[-1][0] == "OK" and "WRONG" not in str(gatepost):
                return gatepost
            if dovecot[-1][0] == "OK" and script["password"] == "" and failed(gatepost):
                return gatepost


@rule("an entry whose stored password can't be used")
def unusable(case, script, dovecot, gatepost):
    lines = [line.split(":", 7) for lines in case.files.values() for line in lines]
    renamed = any(
        len(line) == 8 and line[0].lower() == script["user"].lower() and line[1] in schemes.BROKEN
        and any(field.startswith(("user=", "username=", "domain=")) for field in line[7].split(" ")) for line in lines)
    if not renamed or not dovecot or not gatepost:
        return None
    if failed(dovecot) and gatepost[-1][0] == "OK" and script["mechanism"].upper().startswith("SCRAM"):
        # Dovecot looks at the name again: it is no more the one that the client has proved.
        return None if "WRONG" in str(gatepost) else gatepost
    if dovecot[-1][0] == gatepost[-1][0] and dovecot[-1][0] in ("OK", "FAIL"):
        names = [field for field in gatepost[-1][1] if field.startswith(("user=", "original_user="))]
        others = without(dovecot, "user", "original_user")[-1][1]
        return with_fields(dovecot, [*names[:1], *others, *names[1:]])


@rule("a master user's login as somebody whom no passdb knows")
def unknown_target(case, script, dovecot, gatepost):
    if dovecot and dovecot[-1][0] == "OK" and value(gatepost, "code") == "authz_fail" and value(dovecot, "auth_user") is not None:
        return [*dovecot[: len(gatepost) - 1], gatepost[-1]]


@rule("an internal failure, to a client of protocol 1.0 with one request")
def closed(case, script, dovecot, gatepost):
    if case.minor == 0 and value(dovecot, "code") == "temp_fail" and gatepost[-1:] == [("closed", ())]:
        return [*dovecot[:-1], gatepost[-1]]

