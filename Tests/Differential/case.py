"""A case: a configuration, the files of its databases, and requests; as text for a person, and as JSON to run again."""
import dataclasses
import json
import re

# The server's sockets in its directory, and what Dovecot makes of their names.
SOCKETS = {"client": "auth", "login": "t-login", "userdb": "t-userdb", "master": "t-master"}


def block(name, pairs, indent=""):
    return [f"{indent}{name} {{", *(f"{indent}  {key} = {value}" for key, value in pairs), f"{indent}}}"]


def root(name):
    return name.partition("@")[0].lower()


@dataclasses.dataclass
class Configuration:
    """Settings by name, and databases as lists of pairs; `{base}` in a value is the server's directory.

    `protocols` has settings, passdbs and userdbs that are of one protocol's logins only, by its name.
    """

    settings: dict
    passdbs: list
    userdbs: list = dataclasses.field(default_factory=list)
    protocols: dict = dataclasses.field(default_factory=dict)

    def text(self, base):
        lines = [
            f"base_dir = {base}/run", f"log_path = {base}/log", "auth_verbose = yes", "auth_failure_delay = 0",
            "first_valid_uid = 1", *(f"{name} = {value}" for name, value in self.settings.items()),
        ]
        for passdb in self.passdbs:
            lines += block("passdb", passdb)
        for userdb in self.userdbs:
            lines += block("userdb", userdb)
        for name, own in self.protocols.items():
            lines += [f"protocol {name} {{", *(f"  {key} = {value}" for key, value in own["settings"].items())]
            for kind in ("passdb", "userdb"):
                for database in own[kind + "s"]:
                    lines += block(kind, database, "  ")
            lines.append("}")
        lines.append("service auth {")
        for name in SOCKETS.values():
            lines += block(f"unix_listener {base}/{name}", [("mode", "0666" if name == "auth" else "0600")], "  ")
        return "\n".join([*lines, "}", ""]).replace("{base}", base)

    def all_passdbs(self):
        """Those of every protocol, as dictionaries."""
        return [dict(passdb) for own in [vars(self), *self.protocols.values()] for passdb in own["passdbs"]]

    def all_databases(self):
        return self.all_passdbs() + [dict(userdb) for own in [vars(self), *self.protocols.values()] for userdb in own["userdbs"]]

    def has(self, setting):
        """Whether it is set for anybody."""
        return any(setting in own["settings"] for own in [vars(self), *self.protocols.values()])


@dataclasses.dataclass
class Case:
    configuration: Configuration
    files: dict
    scripts: list
    # The client's minor version of the protocol.
    minor: int = 2
    # The right passwords, by file and name.
    passwords: dict = dataclasses.field(default_factory=dict)

    def variant(self, **changes):
        return dataclasses.replace(self, **changes)

    def json(self):
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    @staticmethod
    def from_json(text):
        fields = json.loads(text)
        fields["configuration"] = Configuration(**fields["configuration"])
        return Case(**fields)

    def entries(self, *names):
        """The fields of every line that is a user's: name, password, uid, gid, gecos, home, shell, extra fields.

        With names only the lines that a login by one of them may come to, whatever formats and realms make of it.
        """
        lines = [line for lines in self.files.values() for line in lines if line and line[0] not in "#:"]
        entries = [(line.split(":", 7) + [""] * 7)[:8] for line in lines]
        wanted = set(map(root, names))
        return [entry for entry in entries if not names or root(entry[0]) in wanted]

    def is_right(self, script):
        """Whether the password is the right one of somebody whom the login may be about."""
        statics = [passdb["args"] for passdb in self.configuration.all_passdbs() if passdb["driver"] == "static"]
        if script["password"] == "secret" and any("password=" in args for args in statics) or any("%u" in args for args in statics):
            return True
        return any(
            password == script["password"] for users in self.passwords.values() for name, password in users.items()
            if root(name) in self.roots(script))

    def roots(self, script):
        """What is left of the names of a login, and of those to which its entries rename it, without domain and case."""
        given = [script.get("user", ""), script.get("authzid", ""), *([] if "command" in script else ["alice"])]
        found = set()
        for name in given:
            found |= {root(part) for part in re.split("[*+]", name)} | {root(name)}
        templates = [text for database in self.configuration.all_databases() for key, text in database.items() if key.endswith("_fields") or key == "args"]
        for _ in range(3):
            fields = [entry[7] for entry in self.entries() if root(entry[0]) in found] + templates
            found |= {root(value) for text in fields for value in re.findall(r"(?:user|username|login_user)=(\S*)", text)}
        return found

    def description(self):
        """All of it, ready to paste."""
        text = self.configuration.text("/tmp/base")
        for name, lines in self.files.items():
            text += f"--- {name}\n" + "".join(line + "\n" for line in lines)
        for script in self.scripts:
            text += f"--- request (protocol 1.{self.minor}) {json.dumps(script, ensure_ascii=False)}\n"
        return text
