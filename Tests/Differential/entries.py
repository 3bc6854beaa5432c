"""Random passwd-files."""
import schemes
from dice import Dice

USERS = [
    "alice", "bob", "carol", "dave@example.com", "erin@example.com", "Frank", "grace@EXAMPLE.com", "heidi", "ivan",
    "judy@other.example", "mallory", "root", "tim+tag", "a b", "o'neil", "jürgen", "x" * 60,
]
PASSWORDS = ["secret", "correct horse", "p=,x", "pässword", "x", "12345678", "a%ub", "Secret"]
FIELDS = [
    "shade=blue", "quota=x=y", "userdb_mail=/var/mail", "userdb_quota=1", "nologin", "nologin reason=closed", "proxy host=10.0.0.1",
    "nodelay", "fail", "fail=no", "nopassword", "allow_nets=192.0.2.0/24", "allow_nets=192.0.2.7,local", "allow_nets=2001:db8::/32",
    "allow_nets=local", "user=zoe", "user=moved@renamed.example", "username=zed", "domain=moved.example", "noauthenticate",
    "login_user=bob", "event_foo=bar", "forward_x=y", "x", "x=", "host=10.0.0.2", "delay_until=1000000000", "shade=red shade=blue",
]
# With variables in them.
VARIABLES = [
    "user=%u@x", "user=%n", "username=%Ln", "domain=%s.example", "quota=%d", "quota=%n%%", "x=%{nosuch}", "x=%Q", "x=100%", "x=%{rip}/%{service}",
    "x=%Lu-%Uu", "x=%2u", "x=%-2u", "x=%1.2u", "x=%Mu", "x=%Hu", "x=%Ru", "x=%Tu", "x=%{lip}%{lport}", "x=%m/%c/%k", "x=%{session}",
    "x=%{original_user}", "x=%{auth_user}/%{login_user}", "x=%{if;%u;eq;alice;yes;no}", "userdb_home=/srv/%d/%n", "userdb_x=%{nosuch}",
    "x=%{username}@%{domain}", "x=%{user", "x=%", "allow_nets=%{rip}", "%u=x", "x=%{domain_first}%{domain_last}", "x=%{sha1:user}",
]
BAD_VARIABLES = ("%{nosuch}", "%Q", "%{user", "=%")
# Odd ones. A field without a name ends Dovecot's auth process, so that there is none here.
ODD = [
    "allow_nets=nonsense", "allow_nets=", "allow_nets=nonsense,192.0.2.7", "allow_nets=0.0.0.0/0", "allow_nets=192.0.2.7/33",
    "delay_until=x", "delay_until=99999999999", "delay_until=1+x", "delay_until=", "user=", "domain=", "username=", "username=a@b",
    "password=x", "passdb_import=shade=pink", "userdb_userdb_import=quota=7", "allow_real_nets=192.0.2.0/24", "fail=", "nodelay=no",
    "reason=closed", "auth_user=x", "anonymous", "shade:protected=white", "shade:remove", "shade:remove=x",
    "userdb_user=bob", "userdb_domain=x.example", "userdb_quota:protected=3", "userdb_quota:remove", "userdb_tempfail", "userdb_uid=nosuch",
    "userdb_gid=1000", "login_user=", "login_user=bob@example.com", "proxy=y", "nologin=no", "x==",
    "pass=x", "shade",
]

class Entries(Dice):
    def __init__(self, random, plain):
        super().__init__(random)
        self.plain = plain
        # The passwords that the lines of the last file were made of, by name.
        self.right = {}

    def users(self):
        """The lines of one file."""
        self.right = {}
        lines = []
        if self.chance(0.2):
            lines += ["# a comment", ""]
        for user in self.random.sample(USERS, self.random.randrange(3, 13)):
            lines.append(self.line(user))
        if self.chance(0.1):
            lines.append(lines[-1].replace("{", "{PLAIN}x{", 1))
        return lines

    def line(self, user):
        password = self.pick(PASSWORDS)
        if self.chance(0.08):
            text = self.pick(schemes.BROKEN)
        else:
            self.right[user] = password
            text = schemes.stored(self.pick(schemes.NAMES) if self.chance(0.7) else "PLAIN", password.encode(), user)
        if ":" in text:
            text = "{PLAIN}secret"
        if self.chance(0.3):
            return f"{user}:{text}"
        uid, gid, home, shell = "", "", "", ""
        if not self.plain and self.chance(0.5):
            uid, gid = self.pick([("1000", "1000"), ("1000", "1000"), ("2000", "100"), ("nobody", "nogroup"), ("", "")])
            home = self.pick(["", "/home/" + user, "/srv/%u"])
        if self.chance(0.03):
            uid, gid = self.pick([("0", "0"), ("x", "1"), ("1000", "x"), ("-1", "1"), ("root", "1000"), ("4294967295", "1"), ("1000", "")])
        return ":".join([user, text, uid, gid, "", home, shell, self.fields()])

    def fields(self):
        if self.chance(0.25):
            return ""
        chosen = []
        for _ in range(self.pick([1, 1, 2, 3])):
            chosen.append(self.pick(FIELDS if self.plain or self.chance(0.6) else VARIABLES if self.chance(0.5) else ODD))
        # What stands before one that can't be expanded counts in Dovecot.
        return " ".join(sorted(chosen, key=lambda field: not field.endswith(BAD_VARIABLES)))
