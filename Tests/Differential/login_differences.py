"""What differs on purpose between logins with Dovecot and with Gatepost, in the order in which it is tried."""
import re

from differences import entries, failed, rule, value, with_fields, without

CHALLENGED = ("CRAM", "DIGE", "SCRA")
ODD_IDS = ("0", "x", "-1", "root", "4294967295")
MALFORMED = ("FAIL", ("code=invalid_base64", "reason=Invalid base64 data in continued response"))


def is_challenged(script):
    return script["mechanism"].upper()[:4] in CHALLENGED


@rule("login", "unknown mechanism, missing `service=`, parameters after `resp=`, AUTH without a mechanism, CONT without data")
def one_request(case, script, dovecot, gatepost):
    if dovecot[-1:] == [("closed", ())] and failed(gatepost) and script.get("alone"):
        return [*dovecot[:-1], gatepost[-1]]


@rule("login", "SCRAM for a user who doesn't exist, or whose stored password can't be used")
def stable_decoy(case, script, dovecot, gatepost):
    place = len(dovecot) - 1
    if script["mechanism"].upper().startswith("SCRAM") and failed(dovecot) and failed(gatepost) and len(gatepost) == place + 2:
        if gatepost[place][0] == "CONT" and gatepost[place][1][0].startswith("r="):
            # The client's next message may be no base64.
            last = MALFORMED if script.get("garble") == place + 1 else dovecot[-1]
            return [*dovecot[:-1], gatepost[place], last]


@rule("login", "a name of more than 1024 bytes")
def long_name(case, script, dovecot, gatepost):
    if dovecot[-1][0] == "OK" and gatepost[-1] == ("FAIL", ()) and any(len(field) > 1024 for field in dovecot[-1][1]):
        return gatepost
    if failed(dovecot) and failed(gatepost) and any(len(field) > 1024 for field in dovecot[-1][1]):
        # LOGIN's is refused before the password is asked for.
        record = [*dovecot[:-2], dovecot[-1]] if script["mechanism"].upper() == "LOGIN" and len(gatepost) < len(dovecot) else dovecot
        return without(record, "user", "original_user")


@rule("login", "a name that may not log in (`auth_username_chars`, an empty one)")
def refused_name(case, script, dovecot, gatepost):
    # With a default realm, or by its format, an empty name is more than that.
    given = [value(dovecot, "user"), ""]
    # The name in the certificate is there before the one that is refused.
    given += [None] * (case.configuration.has("auth_ssl_username_from_cert"))
    is_empty = script["user"] == "" or not {"", "\0", "\0\0\0"}.isdisjoint(script.get("messages", {}).values()) or script["initial"] in ("empty", "equals")
    if is_empty and value(dovecot, "original_user") == "" and gatepost[-1] == ("FAIL", ()) and script["mechanism"].upper() != "EXTERNAL":
        # The realm, the format or the certificate made a name of it.
        return gatepost
    if failed(dovecot) and failed(gatepost) and value(gatepost, "user") is None and value(dovecot, "original_user") in given:
        if script["mechanism"].upper().startswith("SCRAM") and len(gatepost) == len(dovecot) - 1 and value(dovecot, "original_user") == "":
            # Nor is SCRAM's asked for a proof.
            dovecot = [*dovecot[:-2], dovecot[-1]]
        if script["mechanism"].upper() == "LOGIN" and len(gatepost) == len(dovecot) - 1 and value(dovecot, "original_user") == "":
            # A format makes a name of the empty one; LOGIN's is refused before the password is asked for.
            dovecot = [*dovecot[:-2], dovecot[-1]]
        return without(dovecot, "user", "original_user")


@rule("login", "names that are not UTF-8")
def no_text(case, script, dovecot, gatepost):
    if failed(dovecot) and gatepost[-1] == ("FAIL", ()):
        try:
            (value(dovecot, "original_user") or value(dovecot, "user") or "").encode("latin-1").decode("utf-8")
        except UnicodeError:
            # LOGIN's is refused before the password is asked for.
            return [*dovecot[: len(gatepost) - 1], gatepost[-1]]


@rule("login", "empty parameters (`user=`, `⇥⇥`)")
def empty_parameters(case, script, dovecot, gatepost):
    if dovecot and dovecot[-1][0] in ("OK", "FAIL"):
        return with_fields(dovecot, [field for field in dovecot[-1][1] if field not in ("", "user=", "original_user=")])


@rule("login", "`nodelay` in FAIL")
def flag_twice(case, script, dovecot, gatepost):
    fields = dovecot[-1][1] if failed(dovecot) else ()
    if "nodelay" in fields and [field.partition("=")[0] for field in fields].count("nodelay") > 1:
        first = fields.index("nodelay")
        return with_fields(dovecot, [*fields[:first], *fields[first + 1:]])


@rule("login", "a variable that is cut within a character (`%2u`)")
def cut(case, script, dovecot, gatepost):
    return [(word, tuple(map(whole, fields))) for word, fields in dovecot]


def whole(text):
    """Text of latin-1 bytes as it is with U+FFFD in the place of what is no UTF-8."""
    return text.encode("latin-1", "replace").decode("utf-8", "replace").encode().decode("latin-1") if text.isprintable() and max(map(ord, text), default=0) < 256 else text


@rule("login", "`forward_fields=` of a login that no passdb is asked for")
def forwarded(case, script, dovecot, gatepost):
    is_asked = value(gatepost, "user") is not None and script["mechanism"].upper() != "ANONYMOUS"
    if "authzid" in script or any(letter in script["user"] for letter in "*+"):
        # Nobody is asked for a master user where there are none.
        is_asked = False
    if script["mechanism"].upper() == "EXTERNAL" and "messages" in script:
        is_asked = False
    if script["mechanism"].upper() == "LOGIN" and "\0" in "".join(script.get("messages", {}).values()):
        # Refused as it is.
        is_asked = False
    if not is_asked and not any(field.startswith("forward_") for field in gatepost[-1][1]):
        return with_fields(dovecot, [field for field in dovecot[-1][1] if not field.startswith("forward_")])


@rule("login", "a name with a quote or a backslash in a passwd-file, where `auth_username_chars` allows it")
def quoted_name(case, script, dovecot, gatepost):
    # Dovecot knows nobody of that name, so that there is nothing of the entry in its record.
    if not any(letter in str(script.get("user", "")) + str(script.get("authzid", "")) for letter in "'\"\\"):
        return None
    if dovecot[-1][0] == "OK" and failed(gatepost) and len(case.configuration.all_passdbs()) > 1 and entries(case, "nologin"):
        # It has gone on to a passdb of another driver or name format, past an entry that keeps the user out.
        return [*dovecot[: len(gatepost) - 1], gatepost[-1]] if case.is_right(script) and value(gatepost, "code") is None else None
    if failed(dovecot):
        if gatepost[-1][0] == "OK":
            return gatepost if case.is_right(script) or entries(case, "nopassword", "noauthenticate") else None
        return gatepost if failed(gatepost) and value(gatepost, "code") in (None, value(dovecot, "code"), "temp_fail", "authz_fail", "user_disabled") else None


@rule("login", "PLAIN-TRUNC, asked for by a challenge-response mechanism")
def truncated(case, script, dovecot, gatepost):
    stored = [entry[1].partition("-TRUNC}")[2] for entry in case.entries(*case.roots(script)) if "-TRUNC}" in entry[1]]
    if not is_challenged(script) or not stored:
        return None
    is_text = script["password"] in [text.partition("-")[2] for text in stored]
    if failed(dovecot) and gatepost[-1][0] == "OK" and "WRONG" not in str(gatepost) and (is_text or case.is_right(script)):
        # What was sent is the proof that the client had worked out, and the user's own fields; or another passdb's.
        return gatepost
    if dovecot[-1][0] == "OK" and failed(gatepost) and script["password"] in stored:
        # There is no number in it.
        return [*dovecot[: len(gatepost) - 1], gatepost[-1]]
    proof = ("CONT", ("rspauth=right",))
    if failed(dovecot) and failed(gatepost) and proof in gatepost and proof not in dovecot and "messages" in script and is_text:
        # What the client says to the server's proof was garbled.
        return [*dovecot[:-1], proof, dovecot[-1]]


@rule("login", "a NUL in an initial response for which the mechanism has no use")
def unused_response(case, script, dovecot, gatepost):
    if script["mechanism"].upper()[:4] in ("CRAM", "DIGE") and "\0" in script.get("messages", {}).get("0", "") and failed(dovecot):
        # The challenge that Dovecot doesn't come to, and what comes of its answer.
        if gatepost[-1][0] == "OK" and "WRONG" not in str(gatepost) and case.is_right(script):
            return gatepost
        if failed(gatepost) and len(gatepost) == len(dovecot) + 1:
            return gatepost


@rule("login", "`user=` in an entry whose password is wrong")
def renamed(case, script, dovecot, gatepost):
    if failed(dovecot) and failed(gatepost) and value(gatepost, "user"):
        if value(dovecot, "user") != value(gatepost, "user") and is_rename(case, script, value(dovecot, "user")) and not is_challenged(script):
            return with_names_of(gatepost, dovecot)


def is_rename(case, script, name):
    """Whether a rename in an entry that the login may come to, or in a setting, gives this name."""
    fields = " ".join(
        [entry[7] for entry in case.entries(*case.roots(script))]
        + [text for database in case.configuration.all_databases() for key, text in database.items() if key.endswith("_fields") or key == "args"])
    if "passdb_import=" in fields:
        return True
    values = re.findall(r"(?:user|username|domain|login_user)(?::\w+)?=(\S*)", fields)
    return any("%" in text or text.lower() in (name or "").lower() for text in values)


def with_names_of(gatepost, dovecot):
    """Dovecot's reply with the names that stand in ours, each in its place."""
    others = without(dovecot, "user", "original_user")[-1][1]
    names = [field for field in gatepost[-1][1] if field.startswith(("user=", "original_user="))]
    return with_fields(dovecot, [*names[:1], *others, *names[1:]])


@rule("login", "a locked account, a user in a `deny` passdb")
def disabled(case, script, dovecot, gatepost):
    if not failed(dovecot) or not failed(gatepost) or value(dovecot, "code") != "user_disabled":
        return None
    code = value(gatepost, "code")
    lets_in = any(passdb.get(name, "").endswith("-ok") for passdb in case.configuration.all_passdbs() for name in ("result_failure", "result_internalfail"))
    if code != "temp_fail" and (case.is_right(script) or entries(case, "nopassword") or lets_in) and not is_challenged(script):
        # Only then the passdbs behind the deny list have their say.
        return gatepost
    # What the entry that keeps the user out says is not shown; what passdbs before it said is.
    hidden = denied_fields(case)
    fields = [
        field for field in dovecot[-1][1]
        if field in gatepost[-1][1] or not (field.partition("=")[0] in hidden or "passdb_import" in hidden)]
    # Whether the password is right could perhaps not be found out.
    codes = ["code=temp_fail"] * (code == "temp_fail")
    changed = with_fields(dovecot, [new for field in fields for new in (codes if field == "code=user_disabled" else [field])])
    return with_names_of(gatepost, changed) if is_rename(case, script, value(dovecot, "user")) and value(gatepost, "user") else changed


def denied_fields(case):
    """The names of fields in the files and settings of `deny` passdbs."""
    texts = []
    for passdb in case.configuration.all_passdbs():
        if passdb.get("deny") == "yes":
            texts += [passdb.get("default_fields", ""), passdb.get("override_fields", "")]
            for line in case.files.get(passdb["args"].rpartition("/")[2], []):
                texts += line.split(":", 7)[7:]
    names = {word.partition("=")[0] for text in texts for word in text.split(" ")} - {""}
    return names | ({"nopassword"} if "noauthenticate" in names else set())


@rule("login", "fields of an entry or of an earlier passdb's, and `code=authz_fail`, in the FAIL of a challenge-response mechanism")
def fields_of_failure(case, script, dovecot, gatepost):
    if failed(dovecot) and failed(gatepost) and script["mechanism"].upper()[:4] in CHALLENGED:
        kept = ["user", "original_user", "auth_user"] + ["reason"] * (not entries(case, "reason"))
        if value(dovecot, "code") != "authz_fail" and not entries(case, "code"):
            kept.append("code")
        fields = [field for field in dovecot[-1][1] if field.partition("=")[0] in kept or is_forwarded(script, field)]
        changed = with_fields(dovecot, fields)
        # The name that an entry gives is a field like the others.
        if value(gatepost, "user") and value(dovecot, "user") != value(gatepost, "user") and is_rename(case, script, value(dovecot, "user")):
            changed = with_names_of(gatepost, changed)
        if value(dovecot, "auth_user") is not None or entries(case, "original_user"):
            # Whether a master user exists, neither: the name is the one that was asked for.
            changed = with_names_of(gatepost, without(changed, "auth_user"))
        return changed


def is_forwarded(script, field):
    """Whether the client itself has sent it."""
    return "forward_fields=" + field.removeprefix("forward_") in script["parameters"]


@rule("login", "`nologin` in the user's fields")
def no_login(case, script, dovecot, gatepost):
    if dovecot and dovecot[-1][0] == "OK" and failed(gatepost) and value(dovecot, "nologin") is not None:
        if value(dovecot, "proxy") is None and value(dovecot, "host") is None and value(gatepost, "code") is None:
            if value(gatepost, "reason") == value(dovecot, "reason"):
                # The proof of the server is not for whoever may not log in.
                return [*dovecot[: len(gatepost) - 1], gatepost[-1]]


@rule("login", "`default_fields` of a `deny` passdb that doesn't have the user")
def denying_defaults(case, script, dovecot, gatepost):
    if failed(dovecot) and failed(gatepost):
        for passdb in case.configuration.all_passdbs():
            if passdb.get("deny") == "yes" and "default_fields" in passdb:
                name = passdb["default_fields"].partition("=")[0]
                if value(gatepost, name) is None:
                    return without(dovecot, name)


@rule("login", "a challenge-response mechanism, and `nopassword` of a static passdb")
def static_without_password(case, script, dovecot, gatepost):
    if is_challenged(script):
        if any(passdb["driver"] == "static" and "nopassword" in passdb["args"] for passdb in case.configuration.all_passdbs()):
            # Another passdb's password is the right one: only its proof may come of it.
            if failed(dovecot) and gatepost[-1][0] == "OK" and "WRONG" not in str(gatepost) and case.is_right(script):
                return gatepost
            if dovecot[-1][0] == "OK" and script["password"] == "" and failed(gatepost):
                return gatepost
            if failed(dovecot) and case.minor == 0 and gatepost[-1][0] == "closed":
                return [*dovecot[:-1], gatepost[-1]]
            if failed(dovecot) and value(gatepost, "code") == "temp_fail":
                # Another passdb could not say; SCRAM is told that before there is a challenge.
                names = [field for field in gatepost[-1][1] if field not in dovecot[-1][1]]
                return [*dovecot[: len(gatepost) - 1], gatepost[-1]] if names == ["code=temp_fail"] else None


@rule("login", "a challenge-response mechanism, `result_success = continue` and a later passdb with another password")
def first_password(case, script, dovecot, gatepost):
    rules = [text for passdb in case.configuration.all_passdbs() for name, text in passdb.items() if name in ("result_success", "result_failure", "pass")]
    if is_challenged(script) and not {"continue", "continue-ok", "yes"}.isdisjoint(rules) and len(rules) > 0:
        if failed(dovecot) and gatepost[-1][0] == "OK":
            return gatepost if case.is_right(script) and "WRONG" not in str(gatepost) else None
        if failed(dovecot) and failed(gatepost) and entries(case, "nologin") and case.is_right(script):
            # The right one of somebody who may not log in.
            return [*dovecot[:-1], gatepost[-1]]
        if dovecot[-1][0] == "OK" and failed(gatepost) and len(case.entries(*case.roots(script))) > 1:
            return [*dovecot[: len(gatepost) - 1], gatepost[-1]]


@rule("login", "a challenge, and an entry whose conditions are not met but that `result_failure = return-ok` lets in")
def unmet(case, script, dovecot, gatepost):
    if is_challenged(script) and dovecot[-1][0] == "OK" and failed(gatepost) and case.is_right(script):
        if any(passdb.get("result_failure") == "return-ok" for passdb in case.configuration.all_passdbs()) and entries(case, "allow_nets", "allow_real_nets", "fail", "delay_until"):
            return [*dovecot[: len(gatepost) - 1], gatepost[-1]]


@rule("login", "`nopassword` of a passdb whose conditions are not met, behind `forward_fields=` or another passdb")
def leaked(case, script, dovecot, gatepost):
    if dovecot[-1][0] == "OK" and failed(gatepost) and not is_challenged(script) and entries(case, "nopassword"):
        if entries(case, "allow_nets", "allow_real_nets", "fail", "delay_until") and len(case.configuration.all_passdbs()) > 1:
            return [*dovecot[: len(gatepost) - 1], gatepost[-1]]


@rule("login", "empty stored password with scheme PLAIN")
def empty_password(case, script, dovecot, gatepost):
    if not any(entry[1] == "" or entry[1].endswith("}") for entry in case.entries(*case.roots(script))):
        return None
    if dovecot[-1][0] == "OK" and script["password"] == "" and failed(gatepost):
        return gatepost
    # The search goes on behind it.
    if failed(dovecot) and gatepost[-1][0] == "OK" and "WRONG" not in str(gatepost) and is_challenged(script) and case.is_right(script):
        return gatepost


@rule("login", "`login_user=` in an entry whose password is wrong")
def forgotten_target(case, script, dovecot, gatepost):
    if value(dovecot, "auth_user") is not None and value(gatepost, "auth_user") is None and entries(case, "login_user"):
        if dovecot[-1][0] == gatepost[-1][0] and len(dovecot) == len(gatepost):
            return with_names_of(gatepost, without(dovecot, "auth_user"))
        if failed(dovecot) and value(dovecot, "code") == "authz_fail" and gatepost[-1][0] == "OK" and case.is_right(script):
            # Whom the forgotten one names, no passdb knows.
            return gatepost


@rule("login", "`proxy` without `host`, on login sockets")
def director(case, script, dovecot, gatepost):
    if dovecot[-1][0] == gatepost[-1][0] == "OK" and value(gatepost, "proxy") is not None and value(gatepost, "host") is None:
        if value(gatepost, "lip") is None and value(gatepost, "lport") is None:
            return without(dovecot, "lip", "lport")


@rule("login", "`login_user=` without a name")
def nobody(case, script, dovecot, gatepost):
    if dovecot[-1][0] == "OK" and "login_user" in " ".join(entry[7] for entry in case.entries()) and failed(gatepost) and not value(dovecot, "user"):
        return [*dovecot[: len(gatepost) - 1], gatepost[-1]]


@rule("login", "a passwd-file's line with a uid or gid that is none, where the file is a userdb, too")
def dropped_line(case, script, dovecot, gatepost):
    if dovecot[-1][0] in ("OK", "FAIL") and has_odd_ids(case, *case.roots(script)):
        if gatepost[-1][0] == "OK":
            return gatepost if case.is_right(script) and "WRONG" not in str(gatepost) else None
        return gatepost if failed(gatepost) and failed(dovecot) else None


def has_odd_ids(case, *roots):
    return any(text in ODD_IDS for entry in case.entries(*roots) for text in entry[2:4])


@rule("login", "a field that is set twice, in an entry whose password is wrong, behind `forward_fields=` or another passdb")
def half_taken_back(case, script, dovecot, gatepost):
    if dovecot and dovecot[-1][0] == gatepost[-1][0] in ("OK", "FAIL") and len(dovecot) == len(gatepost):
        texts = [entry[7] for entry in case.entries(*case.roots(script))]
        texts += [text for passdb in case.configuration.all_passdbs() for key, text in passdb.items() if key.endswith("_fields")]
        names = [word.split(":")[0].partition("=")[0] for text in texts for word in text.split(" ") if word]
        extra = [field for field in dovecot[-1][1] if field not in gatepost[-1][1]]
        if extra and all(field.startswith("nopassword") for field in extra):
            names += ["nopassword"] * 2
        if len(set(names)) < len(names) and all(field.partition("=")[0] in names for field in extra):
            return with_fields(dovecot, [field for field in dovecot[-1][1] if field not in extra])


@rule("login", "an authzid that is the name itself, where a realm or a format changes it, of DIGEST-MD5, SCRAM and EXTERNAL")
def same_name(case, script, dovecot, gatepost):
    if failed(dovecot) and script.get("authzid") == script["user"] and script["mechanism"].upper()[:4] in ("DIGE", "SCRA", "EXTE"):
        if gatepost[-1][0] == "OK":
            return gatepost if case.is_right(script) and "WRONG" not in str(gatepost) else None
        if case.minor == 0 and gatepost[-1][0] == "closed":
            return gatepost
        return gatepost if failed(gatepost) and value(gatepost, "user") == value(dovecot, "user") else None


@rule("login", "an answer to a mechanism's last challenge that is not empty")
def last_word(case, script, dovecot, gatepost):
    last = str(len(dovecot) - 1)
    if dovecot[-1][0] == "OK" and failed(gatepost) and len(dovecot) == len(gatepost) and script.get("messages", {}).get(last):
        if len(dovecot) > 1 and dovecot[-2] in (("CONT", ("rspauth=right",)), ("CONT", ("v=right",))):
            return [*dovecot[:-1], gatepost[-1]] if value(gatepost, "code") is None and value(gatepost, "reason") is None else None


@rule("login", "`original_user` of EXTERNAL")
def certificate_name(case, script, dovecot, gatepost):
    if script["mechanism"].upper() == "EXTERNAL" and value(gatepost, "original_user") == "alice" and value(dovecot, "original_user") is None:
        return with_fields(dovecot, [*dovecot[-1][1], "original_user=alice"])


@rule("login", "a master user's login as somebody whom no passdb knows")
def unknown_target(case, script, dovecot, gatepost):
    if dovecot and dovecot[-1][0] == "OK" and value(dovecot, "auth_user") is not None and failed(gatepost):
        # Before a challenge's proof nobody is told.
        if value(gatepost, "code") == (None if is_challenged(script) else "authz_fail"):
            return [*dovecot[: len(gatepost) - 1], gatepost[-1]]


@rule("login", "an internal failure, to a client of protocol 1.0 with one request")
def closed(case, script, dovecot, gatepost):
    if case.minor == 0 and value(dovecot, "code") == "temp_fail" and gatepost[-1:] == [("closed", ())]:
        return [*dovecot[:-1], gatepost[-1]]
