"""Random cases. Everything comes from one seeded generator, so a seed is a case."""
import schemes
from case import Case, Configuration

USERS = [
    "alice", "bob", "carol", "dave@example.com", "erin@example.com", "Frank", "grace@EXAMPLE.com", "heidi", "ivan",
    "judy@other.example", "mallory", "root", "tim+tag", "a b", "o'neil", "jürgen", "x" * 60,
]
STRANGERS = ["nobody", "nobody@example.com", "", "@", "joe@", "@example.com", "al\tice", "alice*root", "a=b,c", "%u", "alicé"]
PASSWORDS = ["secret", "correct horse", "p=,x", "pässword", "x", "12345678", "a%ub", "Secret"]
MECHANISMS = ["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "ANONYMOUS", "EXTERNAL"]
RULES = ["return", "return-ok", "return-fail", "continue", "continue-ok", "continue-fail"]
FIELDS = [
    "shade=blue", "quota=x=y", "userdb_mail=/var/mail", "userdb_quota=1", "nologin", "nologin reason=closed", "proxy host=10.0.0.1",
    "nodelay", "fail", "fail=no", "nopassword", "allow_nets=192.0.2.0/24", "allow_nets=192.0.2.7,local", "allow_nets=2001:db8::/32",
    "allow_nets=local", "user=zoe", "user=moved@renamed.example", "username=zed", "domain=moved.example", "noauthenticate",
    "login_user=bob", "event_foo=bar", "forward_x=y", "x", "x=", "host=10.0.0.2",
    "delay_until=1000000000", "shade=red shade=blue",
]

NO_PASSWORD = ["nopassword", "noauthenticate"]


class Generator:
    def __init__(self, random, plain=False):
        """`plain` leaves out chains of passdbs and what belongs to them: rules, master users, field settings, static."""
        self.random, self.plain = random, plain

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, choices):
        return self.random.choice(choices)

    def case(self):
        configuration, files = self.configuration()
        case = Case(configuration, files, [], 2 if self.chance(0.8) else self.pick([0, 1]))
        case.scripts = [self.script(case) for _ in range(120)]
        return case

    # Configurations

    def configuration(self):
        settings = {"auth_mechanisms": " ".join(name.lower() for name in self.mechanisms())}
        optional = {
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
        for name, values in optional.items():
            if self.chance(0.08 if "require" in name else 0.25):
                settings[name] = self.quoted(self.pick(values))
        passdbs, files = [], {}
        count = 1 if self.plain else self.pick([1, 1, 1, 2, 2, 3])
        if self.plain:
            settings.pop("auth_master_user_separator", None)
        for number in range(count):
            name = f"users-{number}"
            files[name] = self.users(settings)
            passdbs.append(self.passdb(name, count))
        if not self.plain and self.chance(0.15):
            static = [("driver", "static"), ("args", self.pick(["password=secret", "nopassword=y", "password=secret shade=green"]))]
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
        return Configuration(settings, passdbs), files

    @staticmethod
    def quoted(value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if value == "" or " " in value or "'" in value else value

    def mechanisms(self):
        count = self.random.randrange(1, len(MECHANISMS) + 1)
        return self.random.sample(MECHANISMS, count)

    def passdb(self, name, count):
        args = []
        if self.chance(0.5):
            args.append("scheme=" + self.pick(["PLAIN", "CRYPT", "SHA256", "PLAIN-MD5", "SSHA"]))
        if self.chance(0.4):
            args.append("username_format=" + self.pick(["%u", "%n", "%Lu", "%d", "%Ln"]))
        passdb = [("driver", "passwd-file"), ("args", " ".join([*args, "{base}/" + name]))]
        if self.plain:
            return passdb
        if self.chance(0.2):
            passdb.append(("override_fields", self.pick(["shade=green", "nodelay=y", "domain=over.example", "allow_nets=192.0.2.0/24"])))
        if self.chance(0.2):
            passdb.append(("default_fields", self.pick(["shade=grey", "quota=%u", "user=%n", "allow_nets=192.0.2.0/24"])))
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

    def users(self, settings):
        # 2.3.19's auth process dies of SCRAM for a user without a password.
        possible = [field for field in FIELDS if "scram" not in settings["auth_mechanisms"] or field not in NO_PASSWORD]
        lines = []
        if self.chance(0.2):
            lines += ["# a comment", ""]
        for user in self.random.sample(USERS, self.random.randrange(3, 13)):
            password = self.pick(PASSWORDS)
            if self.chance(0.08):
                text = self.pick(schemes.BROKEN)
            else:
                text = schemes.stored(self.pick(schemes.NAMES) if self.chance(0.7) else "PLAIN", password.encode(), user)
            if ":" in text:
                text = "{PLAIN}secret"
            line = f"{user}:{text}"
            if self.chance(0.5):
                fields = " ".join(self.random.sample(possible, self.pick([1, 1, 2, 3])))
                line += "::::::" + fields
            lines.append(line)
        if self.chance(0.1):
            lines.append(lines[-1].replace("{", "{PLAIN}x{", 1))
        return lines

    # Requests

    def script(self, case):
        offered = case.configuration.settings["auth_mechanisms"].split()
        mechanism = self.pick(offered).upper()
        if self.chance(0.05):
            mechanism = mechanism.lower()
        known = [line.split(":")[0] for lines in case.files.values() for line in lines if line and not line.startswith("#")]
        user = self.pick(known) if self.chance(0.85) else self.pick(STRANGERS)
        if self.chance(0.08):
            user = user.upper()
        if self.chance(0.06):
            user += self.pick(["@example.com", "*bob", "+bob", "@"])
        script = {
            "mechanism": mechanism, "user": user, "password": self.password(case, user),
            "parameters": self.parameters(mechanism), "initial": self.pick(["given", "given", "given", "given", "none", "empty", "equals"]),
        }
        if self.chance(0.1) and mechanism != "LOGIN":
            script["authzid"] = self.pick([user, "bob", "alice", "nobody", "x y"])
        if mechanism == "DIGEST-MD5" and self.chance(0.5):
            script["realm"] = self.pick(["example.com", "other.example", "nowhere", user.partition("@")[2]])
        if self.chance(0.08):
            script["messages"] = {str(self.random.randrange(3)): self.pick(
                ["", "\0", "x", "\0\0\0", "alice", "n,,n=alice,r=abc", "n,,n=,r=x", "p=x,,n=a,r=b", "n,,m=1,n=a,r=b", "c=biws,r=x,p=AAAA",
                 "alice 0123456789abcdef0123456789abcdef", " x", "username=\"alice\"", "\0alice\0secret\0", "alice\0x", "\xff", "a" * 2000])}
        if self.chance(0.03):
            script["garble"] = self.random.randrange(2)
        if self.chance(0.02):
            script["mechanism"], script["alone"] = self.pick(["FOO", "", "OTP", "PLAI", "SCRAM-SHA-1-PLUS"]), True
        return script

    def password(self, case, user):
        """The right one, mostly: somewhere in the files it stands in clear, or has to be guessed."""
        return self.pick(PASSWORDS) if self.chance(0.6) else "secret"

    def parameters(self, mechanism):
        parameters = ["service=" + self.pick(["smtp", "smtp", "imap", ""])]
        for parameter, probability in (
            ("secured", 0.3), ("rip=192.0.2.7", 0.4), ("lip=192.0.2.1", 0.2), ("rport=4711", 0.1), ("session=abc", 0.1),
            ("no-penalty", 0.3), ("final-resp-ok", 0.4), ("debug", 0.05), ("nologin", 0.1), ("valid-client-cert", 0.15),
            ("cert_username=alice", 0.1), ("local_name=mail.example", 0.05), ("client_id=x", 0.03), ("unknown=1", 0.05),
            ("rip=nonsense", 0.02), ("forward_fields=a=b", 0.03), ("rip=2001:db8::1", 0.1),
        ):
            # Dovecot's other mechanisms fail at once where a certificate has another name.
            if self.chance(probability) and (mechanism == "EXTERNAL" or not parameter.startswith("cert_username")):
                parameters.append(parameter)
        return parameters
