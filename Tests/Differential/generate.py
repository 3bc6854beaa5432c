"""Random cases. Everything comes from one seeded generator, so a seed is a case."""
from case import Case
from configurations import Configurations
from dice import Dice
from entries import PASSWORDS, Entries

STRANGERS = ["nobody", "nobody@example.com", "", "@", "joe@", "@example.com", "al\tice", "alice*root", "a=b,c", "%u", "alicé"]
LOGINS, LOOKUPS = 110, 30


class Generator(Dice):
    def __init__(self, random, plain=False):
        """`plain` leaves out chains of passdbs and what belongs to them: rules, master users, field settings, static."""
        super().__init__(random)
        self.plain = plain
        self.entries = Entries(random, plain)

    def case(self):
        configuration, names = Configurations(self.random, self.plain).configuration()
        self.case_has_scram = "scram" in configuration.settings["auth_mechanisms"] and self.chance(0.7)
        if self.case_has_scram:
            self.keep_passwords(configuration)
        case = Case(configuration, {}, [], 2 if self.chance(0.8) else self.pick([0, 1]))
        for name in names:
            case.files[name] = self.users()
            case.passwords[name] = self.entries.right
        case.scripts = [self.login(case) for _ in range(LOGINS)]
        if not self.plain:
            case.scripts += [self.lookup(case) for _ in range(LOOKUPS)]
        return case

    @staticmethod
    def keep_passwords(configuration):
        """Leaves out the rules that let in whom no passdb has a password of: 2.3.19's auth process dies when they use SCRAM."""
        for own in [vars(configuration), *configuration.protocols.values()]:
            own["passdbs"][:] = [
                [(name, value) for name, value in passdb if not (name in ("result_failure", "result_internalfail") and value.endswith("-ok"))]
                for passdb in own["passdbs"]]

    def users(self):
        return self.entries.users()

    def changed(self, case):
        """The same with other users in one of the files."""
        name = self.pick(sorted(case.files))
        users = self.users()
        return case.variant(files={**case.files, name: users}, passwords={**case.passwords, name: self.entries.right})

    # Requests

    def login(self, case):
        offered = [
            name for name in case.configuration.settings["auth_mechanisms"].upper().split()
            if self.case_has_scram or not name.startswith("SCRAM")] or ["PLAI"]
        mechanism = self.pick(offered)
        if self.chance(0.05):
            mechanism = mechanism.lower()
        user = self.name(case)
        password = self.password(case, user)
        if self.chance(0.06):
            user += self.pick(["@example.com", "*bob", "+bob", "@"])
        masters = self.masters(case)
        if masters and self.chance(0.15):
            target, user = user, self.pick(masters)
            password = self.password(case, user)
            user = target + self.pick(["*", "+"]) + user if self.chance(0.5) else user
        script = {
            "mechanism": mechanism, "user": user, "password": password,
            "parameters": self.parameters(case, mechanism), "initial": self.pick(["given", "given", "given", "given", "none", "empty", "equals"]),
        }
        if self.chance(0.1) and mechanism != "LOGIN":
            script["authzid"] = self.pick([user, "bob", "alice", "nobody", "x y", self.name(case)])
        if mechanism == "DIGEST-MD5" and self.chance(0.5):
            script["realm"] = self.pick(["example.com", "other.example", "nowhere", user.partition("@")[2]])
        if self.chance(0.08):
            script["messages"] = {str(self.random.randrange(3)): self.pick(
                ["", "\0", "x", "\0\0\0", "alice", "n,,n=alice,r=abc", "n,,n=,r=x", "p=x,,n=a,r=b", "n,,m=1,n=a,r=b", "c=biws,r=x,p=AAAA",
                 "alice 0123456789abcdef0123456789abcdef", " x", "username=\"alice\"", "\0alice\0secret\0", "alice\0x", "\xff", "a" * 2000])}
        if self.chance(0.03):
            script["garble"] = self.random.randrange(2)
        if self.chance(0.02) or mechanism.upper() == "PLAI":
            script["mechanism"], script["alone"] = self.pick(["FOO", "", "OTP", "PLAI", "SCRAM-SHA-1-PLUS"]), True
        elif not self.plain and self.chance(0.15):
            script["socket"], script["request"] = "login", self.pick(["right", "right", "right", "right", "cookie", "id", "pid", "twice"])
        return script

    def lookup(self, case):
        command = self.pick(["USER"] * 6 + ["PASS"] * 6 + ["LIST", "CACHE-FLUSH"])
        script = {"socket": self.pick(["userdb", "master"]), "command": command, "user": self.name(case), "parameters": []}
        if command in ("USER", "PASS"):
            script["parameters"] = ["service=" + self.pick(["smtp", "smtp", "imap", "doveadm", ""])] + self.some([
                ("rip=192.0.2.7", 0.4), ("lip=192.0.2.1", 0.2), ("session=abc", 0.1), ("debug", 0.05), ("unknown=1", 0.05), ("lport=25", 0.1)])
        if command == "CACHE-FLUSH":
            script["socket"] = "master"
        return script

    def known(self, case):
        return [entry[0] for entry in case.entries()]

    def masters(self, case):
        """Who stands in the files of master passdbs."""
        files = [passdb["args"].rpartition("/")[2] for passdb in case.configuration.all_passdbs() if passdb.get("master") == "yes"]
        return [line.split(":")[0] for name in files for line in case.files[name] if line and line[0] != "#"]

    def name(self, case):
        name = self.pick(self.known(case)) if self.chance(0.88) else self.pick(STRANGERS)
        return name.upper() if self.chance(0.08) else name

    def password(self, case, user):
        right = [password for users in case.passwords.values() for name, password in users.items() if name.lower() == user.lower()]
        if right and self.chance(0.6):
            return self.pick(right)
        return "" if self.chance(0.05) else self.pick(PASSWORDS) if self.chance(0.6) else "secret"

    def parameters(self, case, mechanism):
        # Dovecot takes the name that LOGIN sends for the password where a certificate has named the user.
        names = ["cert_username=alice"] * (mechanism.upper() != "LOGIN" or not case.configuration.has("auth_ssl_username_from_cert"))
        parameters = ["service=" + self.pick(["smtp", "smtp", "imap", ""])] + self.some([
            ("secured", 0.3), ("rip=192.0.2.7", 0.4), ("lip=192.0.2.1", 0.2), ("rport=4711", 0.1), ("session=abc", 0.1),
            ("no-penalty", 0.3), ("final-resp-ok", 0.4), ("debug", 0.05), ("nologin", 0.1), ("valid-client-cert", 0.15),
            ("local_name=mail.example", 0.05), ("client_id=x", 0.03), ("unknown=1", 0.05),
            ("rip=nonsense", 0.02), ("forward_fields=a=b", 0.03), ("rip=2001:db8::1", 0.1), ("real_rip=192.0.2.9", 0.03), ("secured=tls", 0.05),
            *((name, 0.1) for name in names),
        ])
        # The first of two addresses would be the real one.
        first = next((parameter for parameter in parameters if parameter.startswith("rip=")), None)
        return [parameter for parameter in parameters if parameter == first or not parameter.startswith("rip=")]
