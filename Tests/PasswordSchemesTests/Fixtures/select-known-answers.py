#!/usr/bin/env python3
"""Selects known answers of libxcrypt: select-known-answers.py ka-table.inc VERSION > libxcrypt-known-answers.txt

ka-table.inc lies in the folder test of https://github.com/besser82/libxcrypt and was computed with Passlib, an
independent implementation; its author has waived all rights to it (CC0).
"""

import ast
import re
import sys

PER_METHOD = 12
NOT_IN_DEBIAN_12 = {"sm3crypt", "sm3_yescrypt", "argon2"}

methods = {}
method = None
for line in open(sys.argv[1], encoding="ascii"):
    if found := re.match(r"#if INCLUDE_(\w+)", line):
        method = found[1]
    elif found := re.match(r'  \{ ("(?:[^"\\]|\\.)*"), ("(?:[^"\\]|\\.)*"), (".*") \},$', line):
        # C joins literals that stand side by side.
        phrase = b"".join(ast.literal_eval("b" + part) for part in re.findall(r'"(?:[^"\\]|\\.)*"', found[3]))
        methods.setdefault(method, []).append((ast.literal_eval(found[2]), phrase))

print("# Made by select-known-answers.py. Password, user and hash, separated by tabs.")
print(f"# tool: libxcrypt, test/ka-table.inc\n# version: {sys.argv[2]}\n# command: select-known-answers.py ka-table.inc")
for method, answers in methods.items():
    if method in NOT_IN_DEBIAN_12:
        continue
    # Spread over the table: it goes through the phrases with all settings for each.
    usable = [a for a in answers if a[1] and not a[0].startswith("*")]
    step = max(1, len(usable) // PER_METHOD)
    for expected, phrase in usable[::step][:PER_METHOD]:
        escaped = "".join(chr(b) if 32 <= b < 127 and b != 92 else f"\\{b:03o}" for b in phrase)
        print(f"{escaped}\ttim@example.com\t{{CRYPT}}{expected}")
