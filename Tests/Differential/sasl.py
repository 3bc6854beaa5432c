"""The client's side of mechanisms: deterministic, so that one script can be played to two servers."""
import base64
import hashlib
import hmac
import re

NONCE = "fyko+d2lbbFgONRv9qkxdawL"


class Client:
    """`script` has mechanism, user, password, authzid; texts are str of latin-1 bytes."""

    def __init__(self, script):
        self.script = script
        self.user, self.password = script["user"].encode(), script["password"].encode()
        self.authzid = script.get("authzid", "").encode()
        self.turn = 0
        self.expected = None

    def initial(self):
        """The initial response, or None."""
        mechanism = self.script["mechanism"].upper()
        if mechanism == "PLAIN":
            return self.authzid + b"\0" + self.user + b"\0" + self.password
        if mechanism == "LOGIN":
            return self.user
        if mechanism.startswith("SCRAM"):
            return self.gs2() + self.bare()
        if mechanism == "EXTERNAL":
            return self.authzid
        if mechanism == "ANONYMOUS":
            return self.user
        if mechanism == "XOAUTH2":
            return b"user=" + self.user + b"\x01auth=Bearer " + self.password + b"\x01\x01"
        if mechanism == "OAUTHBEARER":
            return b"n,a=" + self.name(self.user) + b",\x01auth=Bearer " + self.password + b"\x01\x01"
        return None

    def respond(self, challenge):
        """The answer to a challenge."""
        self.turn += 1
        mechanism = self.script["mechanism"].upper()
        if mechanism == "LOGIN":
            return self.user if challenge == b"Username:" else self.password
        if mechanism == "CRAM-MD5":
            return self.user + b" " + hmac.new(self.password, challenge, "md5").hexdigest().encode()
        if mechanism == "DIGEST-MD5":
            return self.digest(challenge)
        if mechanism.startswith("SCRAM"):
            return self.scram(challenge, mechanism[6:].replace("-", "").lower())
        return self.initial() or b""

    def normalise(self, challenge):
        """The challenge without what chance and clock put into it, as text."""
        text = challenge.decode("latin-1")
        mechanism = self.script["mechanism"].upper()
        if mechanism == "CRAM-MD5":
            return re.sub(r"^<\d+\.\d+@[^>]*>$", "<challenge>", text)
        if mechanism == "DIGEST-MD5":
            text = re.sub(r'nonce="[^"]*"', 'nonce="…"', text)
            return "rspauth=" + self.proof(text[8:]) if text.startswith("rspauth=") else text
        if mechanism.startswith("SCRAM"):
            if text.startswith("v="):
                return "v=" + self.proof(text[2:])
            return re.sub(r"r=([^,]*),s=[^,]*", lambda m: f"r={'ours' if m[1].startswith(NONCE) else 'other'},s=…", text)
        return text

    def proof(self, text):
        return "right" if text == self.expected else "WRONG"

    # SCRAM (RFC 5802)

    @staticmethod
    def name(text):
        return text.replace(b"=", b"=3D").replace(b",", b"=2C")

    def gs2(self):
        return b"n," + (b"a=" + self.name(self.authzid) if self.authzid else b"") + b","

    def bare(self):
        return b"n=" + self.name(self.user) + b",r=" + NONCE.encode()

    def scram(self, challenge, name):
        if not challenge:
            return self.gs2() + self.bare()
        if challenge.startswith(b"v="):
            return b""
        match = re.match(rb"r=([^,]*),s=([^,]*),i=(\d+)$", challenge)
        if not match:
            return b""
        salted = hashlib.pbkdf2_hmac(name, self.password, base64.b64decode(match[2]), min(int(match[3]), 100000))
        final = b"c=" + base64.b64encode(self.gs2()) + b",r=" + match[1]
        message = self.bare() + b"," + challenge + b"," + final
        key = hmac.new(salted, b"Client Key", name).digest()
        signature = hmac.new(hashlib.new(name, key).digest(), message, name).digest()
        server = hmac.new(hmac.new(salted, b"Server Key", name).digest(), message, name).digest()
        self.expected = base64.b64encode(server).decode()
        return final + b",p=" + base64.b64encode(bytes(a ^ b for a, b in zip(key, signature)))

    # DIGEST-MD5 (RFC 2831)

    def digest(self, challenge):
        text = challenge.decode("latin-1")
        nonce = re.search(r'nonce="([^"]*)"', text)
        if not nonce:
            return b""
        realm = self.script.get("realm", "")
        start = hashlib.md5(self.user + f":{realm}:".encode() + self.password).digest()
        start += f":{nonce[1]}:{NONCE}".encode() + (b":" + self.authzid if self.authzid else b"")
        uri = "smtp/mail.example.com"

        def value(prefix):
            action = hashlib.md5(f"{prefix}:{uri}".encode()).hexdigest()
            text = f"{hashlib.md5(start).hexdigest()}:{nonce[1]}:00000001:{NONCE}:auth:{action}"
            return hashlib.md5(text.encode()).hexdigest()

        self.expected = value("")
        quoted = self.user.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        answer = b'charset=utf-8,username="' + quoted + b'"'
        if realm:
            answer += f',realm="{realm}"'.encode()
        answer += f',nonce="{nonce[1]}",nc=00000001,cnonce="{NONCE}",digest-uri="{uri}",qop=auth'.encode()
        if self.authzid:
            answer += b',authzid="' + self.authzid + b'"'
        return answer + b",response=" + value("AUTHENTICATE").encode()
