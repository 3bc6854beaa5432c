"""Random configurations."""
from case import Configuration
from dice import Dice

MECHANISMS = ["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "ANONYMOUS", "EXTERNAL"]
RULES = ["return", "return-ok", "return-fail", "continue", "continue-ok", "continue-fail"]
SETTINGS = {
    "auth_default_realm": ["example.com", "other.example"],
    "auth_realms": ["example.com", "example.com other.example"],
    "auth_username_format": ["%u", "%n", "%Lu", "%Ln@%d", "%Uu", "%n@fixed.example", "%{username}", "%Lu%{domain}"],
    "auth_username_chars": ["", "abcdefghijklmnopqrstuvwxyz@.*", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890.-_@+ '*%"],
    "auth_username_translation": ["+-", "%@", "ABab"],
    "auth_anonymous_username": ["guest", "anonymous"],
    "auth_ssl_username_from_cert": ["yes"],
    "auth_ssl_require_client_cert": ["yes"],
    "auth_master_user_separator": ["*", "+"],
}
DEFAULTS = ["shade=grey", "quota=%u", "user=%n", "allow_nets=192.0.2.0/24", "quota=%s/%r", "userdb_quota=1", "x=%{rip} shade=%d"]
OVERRIDES = ["shade=green", "nodelay=y", "domain=over.example", "allow_nets=192.0.2.0/24", "quota=%Ln", "shade:remove=y"]
STATIC = [
    "password=secret", "nopassword=y", "password=secret shade=green", "password={SHA1}5en6G6MezRroT3XKqkdPOmY/BfQ= user=%n",
    "password=%u", "nopassword=y allow_nets=192.0.2.0/24", "noauthenticate=y quota=%n",
]
USERDB_FIELDS = ["uid=1000 gid=1000 home=/srv/%d/%n", "uid=1000 gid=1000", "uid=1001 gid=1001 quota=%u mail=maildir:~/%s", "uid=root gid=1000"]


class Configurations(Dice):
    def __init__(self, random, plain):
        super().__init__(random)
        self.plain = plain
        self.files = []

    def configuration(self):
        """One, and the names of the passwd-files that it wants."""
        settings = {"auth_mechanisms": " ".join(name.lower() for name in self.mechanisms()), **self.settings(0.25)}
        if self.plain:
            settings.pop("auth_master_user_separator", None)
        passdbs = self.passdbs()
        userdbs, protocols = [], {}
        if not self.plain:
            userdbs = self.userdbs() if self.chance(0.7) else []
            for name in self.pick([[], [], ["smtp"], ["imap"], ["!smtp"], ["smtp", "imap"], ["imap", "pop3"]]):
                protocols[name] = self.protocol()
            if protocols:
                # Dovecot forgets it for those protocols.
                for databases in [passdbs, userdbs, *(own[kind] for own in protocols.values() for kind in ("passdbs", "userdbs"))]:
                    databases[:] = [[pair for pair in database if pair != ("result_success", "return")] for database in databases]
        return Configuration(settings, passdbs, userdbs, protocols), self.files

    def protocol(self):
        """What the logins of one protocol have of their own."""
        own = {"settings": self.settings(0.15), "passdbs": [], "userdbs": []}
        # Dovecot doesn't look at it there.
        own["settings"].pop("auth_ssl_username_from_cert", None)
        if self.chance(0.4):
            own["passdbs"] = [self.passdb(2)]
            if ("pass", "yes") in own["passdbs"][0]:
                own["passdbs"][0].remove(("pass", "yes"))
            if ("master", "yes") in own["passdbs"][0] and ("deny", "yes") in own["passdbs"][0]:
                own["passdbs"][0].remove(("deny", "yes"))
        if self.chance(0.3):
            own["userdbs"] = [self.userdb(2)]
        return own

    def settings(self, probability):
        chosen = {}
        for name, values in SETTINGS.items():
            if self.chance(probability / 3 if "require" in name else probability):
                chosen[name] = self.quoted(self.pick(values))
        return chosen

    @staticmethod
    def quoted(value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if value == "" or " " in value or "'" in value else value

    def mechanisms(self):
        count = self.random.randrange(1, len(MECHANISMS) + 1)
        return self.random.sample(MECHANISMS, count)

    # Databases

    def passdbs(self):
        count = 1 if self.plain else self.pick([1, 1, 1, 2, 2, 3])
        passdbs = [self.passdb(count) for _ in range(count)]
        if not self.plain and self.chance(0.15):
            static = [("driver", "static"), ("args", self.pick(STATIC))]
            passdbs.insert(self.random.randrange(len(passdbs) + 1), static)
        # Dovecot refuses to start with it at the end.
        if ("pass", "yes") in passdbs[-1]:
            passdbs[-1].remove(("pass", "yes"))
        # Nor with one that is both.
        for passdb in passdbs:
            if ("master", "yes") in passdb and ("deny", "yes") in passdb:
                passdb.remove(("deny", "yes"))
        if all(("master", "yes") in passdb for passdb in passdbs):
            passdbs[0].remove(("master", "yes"))
        return passdbs

    def passwd_file(self, name, args=()):
        if self.chance(0.4):
            args = [*args, "username_format=" + self.pick(["%u", "%n", "%Lu", "%d", "%Ln"])]
        return [("driver", "passwd-file"), ("args", " ".join([*args, "{base}/" + name]))]

    def passdb(self, count):
        name = f"users-{len(self.files)}"
        self.files.append(name)
        args = ["scheme=" + self.pick(["PLAIN", "CRYPT", "SHA256", "PLAIN-MD5", "SSHA"])] if self.chance(0.5) else []
        passdb = self.passwd_file(name, args)
        if self.plain:
            return passdb
        if self.chance(0.2):
            passdb.append(("override_fields", self.pick(OVERRIDES)))
        if self.chance(0.2):
            passdb.append(("default_fields", self.pick(DEFAULTS)))
        if count > 1:
            for setting, values in (
                ("result_success", RULES), ("result_failure", RULES), ("result_internalfail", RULES),
                ("skip", ["never", "authenticated", "unauthenticated"]), ("deny", ["yes"]), ("master", ["yes"]), ("pass", ["yes"]),
                ("mechanisms", ["plain login", "cram-md5 scram-sha-1", "plain"]),
                ("username_filter", ["*@example.com", "!bob *", "a* b*", "!*@*"]),
            ):
                if self.chance(0.12):
                    value = self.pick(values)
                    if setting == "pass" and any(pair[0] == "result_success" for pair in passdb):
                        continue
                    passdb.append((setting, value))
        return passdb

    def userdbs(self):
        count = self.pick([1, 1, 2, 2, 3])
        return [self.userdb(count) for _ in range(count)]

    def userdb(self, count):
        driver = self.pick(["passwd-file", "passwd-file", "static", "prefetch"])
        if driver == "passwd-file":
            userdb = self.passwd_file(self.pick(self.files))
        elif driver == "static":
            userdb = [("driver", "static"), ("args", self.pick(USERDB_FIELDS) + self.pick(["", " allow_all_users=yes"]))]
        else:
            userdb = [("driver", "prefetch")]
        if self.chance(0.25):
            userdb.append(("default_fields", self.pick(["quota=%u", "home=/default/%n quota=2", "uid=2000 gid=2000", "mail:protected=x"])))
        if self.chance(0.25):
            userdb.append(("override_fields", self.pick(["quota=%Lu", "home:remove=y", "gid=3000", "mail=%d:%n", "user=%n@over"])))
        if count > 1:
            for setting, values in (
                ("result_success", RULES), ("result_failure", RULES), ("result_internalfail", RULES), ("skip", ["never", "found", "notfound"]),
            ):
                if self.chance(0.15):
                    userdb.append((setting, self.pick(values)))
        return userdb
