"""Stored passwords, made without Gatepost's help."""
import base64
import crypt
import hashlib
import hmac
import math
import struct
import warnings

warnings.simplefilter("ignore", DeprecationWarning)


def b64(data):
    return base64.b64encode(data).decode()


def cram_md5(password):
    """The state of MD5 after the padded key, outer then inner; hashlib doesn't show it, so MD5 runs here."""
    if len(password) > 64:
        password = hashlib.md5(password).digest()
    key = password.ljust(64, b"\0")
    return b"".join(md5_state(bytes(byte ^ pad for byte in key)) for pad in (0x5C, 0x36)).hex()


def md5_state(block):
    """MD5's chaining value after one block (RFC 1321 section 3.4)."""
    shifts = [7, 12, 17, 22] * 4 + [5, 9, 14, 20] * 4 + [4, 11, 16, 23] * 4 + [6, 10, 15, 21] * 4
    table = [int(abs(math.sin(i + 1)) * 2**32) & 0xFFFFFFFF for i in range(64)]
    words = struct.unpack("<16I", block)
    start = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
    a, b, c, d = start
    for i in range(64):
        if i < 16:
            f, g = (b & c) | (~b & d), i
        elif i < 32:
            f, g = (d & b) | (~d & c), (5 * i + 1) % 16
        elif i < 48:
            f, g = b ^ c ^ d, (3 * i + 5) % 16
        else:
            f, g = c ^ (b | ~d), (7 * i) % 16
        f = (f + a + table[i] + words[g]) & 0xFFFFFFFF
        a, d, c = d, c, b
        b = (b + ((f << shifts[i] | f >> (32 - shifts[i])) & 0xFFFFFFFF)) & 0xFFFFFFFF
    return struct.pack("<4I", *((x + y) & 0xFFFFFFFF for x, y in zip(start, (a, b, c, d))))


def scram(name, password, rounds=4096, salt=b"0123456789abcdef"):
    salted = hashlib.pbkdf2_hmac(name, password, salt, rounds)
    stored = hashlib.new(name, hmac.new(salted, b"Client Key", name).digest()).digest()
    server = hmac.new(salted, b"Server Key", name).digest()
    return f"{rounds},{b64(salt)},{b64(stored)},{b64(server)}"


def stored(scheme, password, user):
    """`{SCHEME}data` for a password of bytes and the login name as it is given."""
    salt = b"saltsalt"
    name, _, realm = user.rpartition("@") if "@" in user else (user, "", "")
    makers = {
        "PLAIN": lambda: password, "CLEARTEXT": lambda: password,
        "PLAIN.b64": lambda: b64(password), "PLAIN.HEX": lambda: password.hex(),
        "PLAIN-TRUNC": lambda: b"%d-%s" % (len(password) + 5, password),
        "SHA": lambda: b64(hashlib.sha1(password).digest()), "SHA1.HEX": lambda: hashlib.sha1(password).hexdigest(),
        "SHA256": lambda: b64(hashlib.sha256(password).digest()),
        "SHA512.hex": lambda: hashlib.sha512(password).hexdigest(),
        "SSHA": lambda: b64(hashlib.sha1(password + salt).digest() + salt),
        "SSHA256": lambda: b64(hashlib.sha256(password + salt).digest() + salt),
        "SSHA512": lambda: b64(hashlib.sha512(password + salt).digest() + salt),
        "SMD5": lambda: b64(hashlib.md5(password + salt).digest() + salt),
        "LDAP-MD5": lambda: b64(hashlib.md5(password).digest()), "PLAIN-MD5": lambda: hashlib.md5(password).hexdigest(),
        "CRAM-MD5": lambda: cram_md5(password), "HMAC-MD5": lambda: cram_md5(password),
        "DIGEST-MD5": lambda: hashlib.md5(name.encode() + b":" + realm.encode() + b":" + password).hexdigest(),
        "SCRAM-SHA-1": lambda: scram("sha1", password), "SCRAM-SHA-256": lambda: scram("sha256", password),
        "MD5-CRYPT": lambda: crypt.crypt(password.decode(), "$1$saltsalt"),
        "CRYPT": lambda: crypt.crypt(password.decode(), "$5$rounds=1000$saltsalt"),
        "SHA512-CRYPT": lambda: crypt.crypt(password.decode(), "$6$rounds=1000$saltsalt"),
        "DES-CRYPT": lambda: crypt.crypt(password.decode(), "ab"),
        "BLF-CRYPT": lambda: crypt.crypt(password.decode(), "$2y$04$abcdefghijklmnopqrstuu"),
    }
    data = makers[scheme]()
    return "{" + scheme + "}" + (data.decode("latin-1") if isinstance(data, bytes) else data)


NAMES = [
    "PLAIN", "CLEARTEXT", "PLAIN.b64", "PLAIN.HEX", "PLAIN-TRUNC", "SHA", "SHA1.HEX", "SHA256", "SHA512.hex", "SSHA",
    "SSHA256", "SSHA512", "SMD5", "LDAP-MD5", "PLAIN-MD5", "CRAM-MD5", "HMAC-MD5", "DIGEST-MD5", "SCRAM-SHA-1",
    "SCRAM-SHA-256", "MD5-CRYPT", "CRYPT", "SHA512-CRYPT", "DES-CRYPT", "BLF-CRYPT",
]

BROKEN = [
    "{NOSUCH}abc", "{SSHA}!!!", "{SHA}abc", "{SSHA256}AAAA", "{PLAIN-MD5}xyz", "{CRAM-MD5}00", "{DIGEST-MD5}zz", "{}abc",
    "{SCRAM-SHA-1}1,a,b,c", "{CRYPT}", "{CRYPT}*", "!", "*", "{PLAIN}", "", "{BLF-CRYPT}$2y$99$x", "{SHA512-CRYPT}abc",
    "{PLAIN-TRUNC}x", "{MD5-CRYPT}abc", "{unclosed", "$1$short", "secret[34]", "{SHA256.FOO}abc",
]
