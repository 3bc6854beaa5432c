#!/usr/bin/env python3
"""Makes the tables of SASLprep (RFC 4013) and the fixture that its tests compare with.

    ./make-saslprep.py tables  > ../../../Sources/SASLMechanisms/StringPreparation/StringPreparationData.swift
    ./make-saslprep.py fixture > saslprep.txt

Python's stringprep module and unicodedata.ucd_3_2_0 are the source: Unicode 3.2, as RFC 3454 demands.
"""
import random
import stringprep
import sys
import unicodedata

ucd = unicodedata.ucd_3_2_0
SCALARS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def in_table_prohibited(c):
    return any(
        table(c)
        for table in (
            stringprep.in_table_c12, stringprep.in_table_c21_c22, stringprep.in_table_c3, stringprep.in_table_c4,
            stringprep.in_table_c5, stringprep.in_table_c6, stringprep.in_table_c7, stringprep.in_table_c8,
            stringprep.in_table_c9))


def saslprep(text, stored):
    text = "".join(
        " " if stringprep.in_table_c12(c) else c for c in text if not stringprep.in_table_b1(c))
    text = ucd.normalize("NFKC", text)
    if any(in_table_prohibited(c) for c in text):
        return "prohibited"
    if any(stringprep.in_table_d1(c) for c in text):
        if any(stringprep.in_table_d2(c) for c in text):
            return "directions"
        if not (stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1])):
            return "directions"
    if stored and any(stringprep.in_table_a1(c) for c in text):
        return "unassigned"
    return "=" + text.encode().hex()


def number(value):
    """Five bits a digit, the low ones first; the sixth says that more follow."""
    text = ""
    while value >= 32:
        text += DIGITS[32 | value & 31]
        value >>= 5
    return text + DIGITS[value]


def zigzag(value):
    return number(value << 1 if value >= 0 else (-value << 1) - 1)


def ranges(contains):
    found = []
    for c in SCALARS:
        if contains(chr(c)):
            if found and found[-1][1] == c - 1:
                found[-1][1] = c
            else:
                found.append([c, c])
    text, last = "", 0
    for first, end in found:
        text += number(first - last) + number(end - first)
        last = end
    return text


def classes():
    found = []
    for c in SCALARS:
        value = ucd.combining(chr(c))
        if value:
            if found and found[-1][1] == c - 1 and found[-1][2] == value:
                found[-1][1] = c
            else:
                found.append([c, c, value])
    text, last = "", 0
    for first, end, value in found:
        text += number(first - last) + number(end - first) + number(value)
        last = end
    return text


def decompositions():
    text, last_key, last_value = "", 0, 0
    for c in SCALARS:
        if 0xAC00 <= c <= 0xD7A3:
            continue
        full = ucd.normalize("NFKD", chr(c))
        if full == chr(c):
            continue
        text += number(c - last_key) + number(len(full))
        last_key = c
        for value in map(ord, full):
            text += zigzag(value - last_value)
            last_value = value
    return text


def compositions():
    pairs = []
    for c in SCALARS:
        if 0xAC00 <= c <= 0xD7A3:
            continue
        parts = ucd.decomposition(chr(c)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            first, second = (int(part, 16) for part in parts)
            # What is excluded from composition does not come back.
            if ucd.normalize("NFC", chr(c)) == chr(c) and ucd.normalize("NFC", chr(first) + chr(second)) == chr(c):
                pairs.append((first, second, c))
    text, last_first, last_second = "", 0, 0
    for first, second, c in sorted(pairs):
        if first != last_first:
            last_second = 0
        text += number(first - last_first) + number(second - last_second) + zigzag(c - first)
        last_first, last_second = first, second
    return text


def tables():
    print("// Made by Tests/SASLMechanismsTests/Fixtures/make-saslprep.py from Unicode 3.2; not to be edited.")
    print()
    print("/// The tables of RFC 3454 that SASLprep needs, packed: see ``PackedNumbers``.")
    print("enum StringPreparationData {")
    entries = [
        ("unassigned", "Table A.1, as ranges.", ranges(stringprep.in_table_a1)),
        ("mappedToNothing", "Table B.1, as ranges.", ranges(stringprep.in_table_b1)),
        ("mappedToSpace", "Table C.1.2, as ranges.", ranges(stringprep.in_table_c12)),
        ("prohibited", "Tables C.1.2 to C.9 without C.1.1, as ranges.", ranges(in_table_prohibited)),
        ("rightToLeft", "Table D.1, as ranges.", ranges(stringprep.in_table_d1)),
        ("leftToRight", "Table D.2, as ranges.", ranges(stringprep.in_table_d2)),
        ("combiningClasses", "Ranges, each with its combining class.", classes()),
        ("decompositions", "Full compatibility decompositions without Hangul.", decompositions()),
        ("compositions", "Pairs and what they compose to, without Hangul.", compositions()),
    ]
    for place, (name, comment, text) in enumerate(entries):
        if place:
            print()
        print(f"    /// {comment}")
        print(f'    static let {name} = """')
        width = 110
        lines = [text[i:i + width] for i in range(0, len(text), width)]
        for line in lines[:-1]:
            print(f"        {line}\\")
        print(f"        {lines[-1]}")
        print('        """')
    print("}")


def fixture():
    print(f"# Made by make-saslprep.py with Python {sys.version.split()[0]}: input, as stored string, as query (UTF-8, hex)")
    generator = random.Random(4013)
    assigned = [c for c in SCALARS if not stringprep.in_table_a1(chr(c)) and not in_table_prohibited(chr(c))]
    decomposable = [c for c in assigned if ucd.normalize("NFKD", chr(c)) != chr(c)]
    combining = [c for c in assigned if ucd.combining(chr(c))]
    rtl = [c for c in assigned if stringprep.in_table_d1(chr(c))]
    hangul = list(range(0x1100, 0x1200)) + list(range(0xAC00, 0xD7A4))
    pools = [assigned, decomposable, combining, rtl, hangul, SCALARS, list(range(0x20, 0x7F)), list(range(0x80, 0x250))]
    seen = set()
    while len(seen) < 1500:
        mixed = generator.sample(pools, generator.randint(1, 3))
        text = "".join(chr(generator.choice(generator.choice(mixed))) for _ in range(generator.randint(1, 8)))
        if text in seen:
            continue
        seen.add(text)
        print(text.encode().hex(), saslprep(text, True), saslprep(text, False))


{"tables": tables, "fixture": fixture}[sys.argv[1]]()
