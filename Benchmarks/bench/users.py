"""Password files: a small one with a user for each scheme, and one of a million users."""

import base64
import hashlib
import os
import subprocess

from .tools import PASSWORD, NotMeasured

SCHEMES = {
    "sha512crypt": ("SHA512-CRYPT 5000", ["doveadm", "pw", "-s", "SHA512-CRYPT", "-r", "5000"]),
    "blf8": ("BLF-CRYPT 8", ["doveadm", "pw", "-s", "BLF-CRYPT", "-r", "8"]),
    "yescrypt": ("yescrypt", ["mkpasswd", "-m", "yescrypt"]),
    "blf10": ("BLF-CRYPT 10", ["doveadm", "pw", "-s", "BLF-CRYPT", "-r", "10"]),
}


def ssha256(password, salt):
    digest = hashlib.sha256(password.encode() + salt).digest()
    return "{SSHA256}" + base64.b64encode(digest + salt).decode()


def hash_of(user):
    """A crypt(3) hash by a reference tool, without a prefix."""
    words = SCHEMES[user][1]
    words = words + (["-p", PASSWORD] if words[0] == "doveadm" else [PASSWORD])
    try:
        made = subprocess.run(words, capture_output=True, text=True)
    except FileNotFoundError:
        raise NotMeasured(f"{words[0]} is missing (Debian: dovecot-core, whois)") from None
    text = made.stdout.strip()
    text = text.partition("}")[2] if text.startswith("{") else text
    if made.returncode != 0 or not text.startswith("$"):
        raise NotMeasured(f"{' '.join(words[:-1])} made no hash")
    return text


def write_small(path):
    """cheap, many cheap ones, and a user for each costly scheme; returns the hashes of those."""
    hashes = {user: hash_of(user) for user in SCHEMES}
    with open(path, "w") as file:
        file.write(f"cheap:{ssha256(PASSWORD, b'salt')}\n")
        for number in range(1000):
            file.write(f"user{number}:{ssha256(PASSWORD, number.to_bytes(4, 'big'))}\n")
        for user, text in hashes.items():
            file.write(f"{user}:{{CRYPT}}{text}\n")
    return hashes


def write_names(path, names):
    """What auth-load takes its users from."""
    with open(path, "w") as file:
        for name in names:
            file.write(f"{name}:{PASSWORD}\n")


def large_name(number):
    return f"user{number:07d}@mail.some-organisation.example"


def large_line(number, password=PASSWORD):
    # 101 bytes a line, as the file that Dovecot's figures in issue 6 came from.
    return f"{large_name(number)}:{ssha256(password, number.to_bytes(4, 'big'))}\n"


def write_large(path, count, changed=None):
    """`count` users; `changed` is a number and its user's other password."""
    with open(path, "w", buffering=1 << 20) as file:
        for number in range(count):
            special = changed is not None and number == changed[0]
            file.write(large_line(number, changed[1]) if special else large_line(number))
        # Writing it back to the disk later would disturb what is measured.
        file.flush()
        os.fsync(file.fileno())
    return os.path.getsize(path)


def replace_line(source, target, number, password):
    """A copy of a large file with one user's password changed."""
    size = len(large_line(number))
    with open(source, "rb") as original, open(target, "wb") as copy:
        while chunk := original.read(1 << 22):
            copy.write(chunk)
        # All lines have one length.
        copy.seek(number * size)
        copy.write(large_line(number, password).encode())
        copy.flush()
        os.fsync(copy.fileno())
