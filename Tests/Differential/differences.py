"""The differences that are meant: each is a row of docs/differences.md, and how Dovecot's record becomes ours by it.

A record is a list of (word, fields): CONT with the challenge, OK and FAIL with what follows the id, `closed`, `silence`;
of lookups what follows the id, too. The rules themselves are in login_differences.py and lookup_differences.py.
"""
import pathlib
import sys

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/differences.md"

RULES = {"login": [], "lookup": []}
USED = set()


def rule(kind, row):
    """A function of (case, script, dovecot, gatepost) that gives Dovecot's record as we would have it, or None."""

    def register(function):
        RULES[kind].append((row, function))
        return function

    return register


def explain(case, script, dovecot, gatepost):
    """Whether the rules together make Dovecot's record ours."""
    if "command" in script:
        return dovecot == gatepost or apply("lookup", case, script, dovecot, gatepost)
    # The last replies of a login that a mail process takes over are those to that process.
    (dovecot, dovecot_taken), (gatepost, gatepost_taken) = split(dovecot), split(gatepost)
    if dovecot != gatepost:
        if not apply("login", case, script, dovecot, gatepost):
            return False
        if dovecot and gatepost and dovecot[-1][0] != gatepost[-1][0]:
            # There is nothing to take over.
            return True
    return dovecot_taken == gatepost_taken or apply("lookup", case, script, dovecot_taken, gatepost_taken)


def split(record):
    for place, (word, _) in enumerate(record):
        if word == "OK":
            return record[: place + 1], record[place + 1:]
    return record, []


def apply(kind, case, script, dovecot, gatepost):
    used = set()
    for row, function in RULES[kind]:
        changed = function(case, script, dovecot, gatepost)
        if changed is not None and changed != dovecot:
            used.add(row)
            dovecot = changed
        if dovecot == gatepost:
            USED.update(used)
            return True
    return False


def unused():
    return sorted(all_rows() - USED)


def all_rows():
    return {row for rules in RULES.values() for row, _ in rules}


def check_rows():
    rows = {line.split("|")[1].strip() for line in DOCUMENT.read_text().splitlines() if line.startswith("| ")}
    missing = all_rows() - rows
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


def renames(fields):
    """Whether one of them changes the name."""
    return any(field.split(":")[0].partition("=")[0].removeprefix("userdb_") in ("user", "username", "domain") for field in fields)


def entries(case, *names):
    """Whether a user or a database sets one of these fields."""
    texts = [entry[7] for entry in case.entries()]
    texts += [text for database in case.configuration.all_databases() for name, text in database.items() if name.endswith("_fields") or name == "args"]
    return any(word.split(":")[0].partition("=")[0] in names for text in texts for word in text.split(" "))
