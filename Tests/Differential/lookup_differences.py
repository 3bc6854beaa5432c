"""What differs on purpose between lookups in Dovecot and in Gatepost, in the order in which it is tried."""
import schemes
from differences import rule
from login_differences import has_odd_ids, whole


def is_empty_handed(record):
    return record[-1][0] in ("NOTFOUND", "FAIL")


def has_answer(record):
    return len(record) == 1 and record[0][0] in ("USER", "PASS")


@rule("lookup", "a user without fields")
def no_fields(case, script, dovecot, gatepost):
    # No empty parameter is ever sent.
    return [(word, tuple(field for field in fields if field)) if word in ("USER", "PASS") else (word, fields) for word, fields in dovecot]


@rule("lookup", "PASS of a user with `proxy=y` or `nologin=y`")
def flags(case, script, dovecot, gatepost):
    if dovecot[-1][0] == "PASS":
        return [("PASS", tuple(
            field.partition("=")[0] if field.startswith(("proxy=", "nologin=")) else field for field in dovecot[-1][1]))]


@rule("lookup", "a name with a quote or a backslash in a passwd-file, where `auth_username_chars` allows it")
def quoted_name(case, script, dovecot, gatepost):
    if (is_empty_handed(dovecot) or has_answer(gatepost)) and any(letter in script["user"] for letter in "'\"\\"):
        return gatepost


@rule("lookup", "`auth_master_user_separator` in the name of USER and PASS")
def separated(case, script, dovecot, gatepost):
    if "command" in script and case.configuration.has("auth_master_user_separator") and any(letter in script["user"] for letter in "*+"):
        return gatepost


@rule("lookup", "PASS, and USER of `userdb static`, of a user with a password that can't be used, or in another scheme than an earlier passdb's")
def other_scheme(case, script, dovecot, gatepost):
    found = case.entries(*case.roots(script))
    statics = [passdb for passdb in case.configuration.all_passdbs() if passdb["driver"] == "static"]
    is_odd = any(entry[1] in schemes.BROKEN for entry in found) or len(found) + len(statics) > 1
    if "command" not in script or not is_odd:
        return None
    if is_empty_handed(dovecot) and has_answer(gatepost):
        return gatepost
    if is_empty_handed(dovecot) and is_empty_handed(gatepost):
        # A condition of the entry is not met, or the rules let nobody in: Dovecot has not come to that.
        return gatepost
    if dovecot[-1][0] == gatepost[-1][0] == "PASS" and any(entry[1] in schemes.BROKEN for entry in found):
        # It takes back what a passdb set whose password it can't use.
        return gatepost
    if dovecot[-1][0] == gatepost[-1][0] == "USER" and dovecot[-1][1][:1] == gatepost[-1][1][:1]:
        # The user is another userdb's then.
        return gatepost


@rule("lookup", "`default_fields` of `userdb static`, for a user whom the first passdb doesn't have")
def lost_defaults(case, script, dovecot, gatepost):
    if dovecot[-1][0] == gatepost[-1][0] == "USER":
        defaults = " ".join(
            database["default_fields"] for database in case.configuration.all_databases()
            if database["driver"] == "static" and "default_fields" in database)
        names = {word.partition("=")[0].partition(":")[0] for word in defaults.split(" ") if word}
        if {field for field in gatepost[-1][1] if field.partition("=")[0] not in names or field in dovecot[-1][1]} == set(dovecot[-1][1]):
            return gatepost


@rule("lookup", "a passwd-file's line with a uid or gid that is none, where the file is a userdb, too")
def dropped_line(case, script, dovecot, gatepost):
    if has_odd_ids(case, *case.roots(script)):
        return gatepost


@rule("lookup", "`login_user=` without a name")
def nobody(case, script, dovecot, gatepost):
    texts = [entry[7] + " " for entry in case.entries(*case.roots(script))]
    if dovecot[-1][0] in ("PASS", "USER") and any("login_user= " in text for text in texts):
        return gatepost


@rule("lookup", "`login_user=` in an entry whose password is wrong")
def forgotten_target(case, script, dovecot, gatepost):
    targets = [text.split(" ")[0].partition("=")[2] for entry in case.entries(*case.roots(script)) for text in entry[7].split("login_user")[1:]]
    if has_answer(dovecot) and "".join(dovecot[-1][1][:1]).removeprefix("user=") in targets and has_answer(gatepost):
        return gatepost


@rule("lookup", "`original_user` of EXTERNAL")
def certificate_name(case, script, dovecot, gatepost):
    return [(word, tuple("auth_user=alice" if field == "auth_user=" else field for field in fields)) for word, fields in dovecot]


@rule("lookup", "`userdb_tempfail` in a passdb's entry whose conditions are not met")
def forgotten_failure(case, script, dovecot, gatepost):
    texts = " ".join(entry[7] for entry in case.entries(*case.roots(script)))
    if dovecot == [("FAIL", ())] and ("userdb_tempfail" in texts or "userdb_uid=nosuch" in texts):
        return gatepost


@rule("lookup", "a rename by a passdb that doesn't have the user, in USER of `userdb static`")
def forgotten_rename(case, script, dovecot, gatepost):
    if "command" in script and gatepost[-1][0] == "USER" and dovecot[-1][1][:1] != gatepost[-1][1][:1]:
        texts = [entry[7] for entry in case.entries(*case.roots(script))]
        texts += [passdb.get(name, "") for passdb in case.configuration.all_passdbs() for name in ("default_fields", "override_fields")]
        if any(name in text for text in texts for name in ("user=", "username=", "domain=")):
            return gatepost


@rule("lookup", "a variable that is cut within a character (`%2u`)")
def cut(case, script, dovecot, gatepost):
    return [(word, tuple(map(whole, fields))) for word, fields in dovecot]
