"""The table on the screen and docs/performance.md."""

import datetime
import os
import platform
import subprocess

from .servers import Dovecot, Gatepost
from .tools import BENCHMARKS


def _first(words):
    try:
        return subprocess.run(words, capture_output=True, text=True).stdout.strip().splitlines()[0]
    except (OSError, IndexError):
        return "unknown"


def _cpu_model():
    with open("/proc/cpuinfo") as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown")


def _memory():
    with open("/proc/meminfo") as file:
        return f"{int(file.readline().split()[1]) / 1048576:.0f} GiB"


def machine():
    library = _first(["dpkg-query", "-W", "-f", "${Version}", "libcrypt1"])
    return [
        ("machine", f"{_cpu_model()}, {os.cpu_count()} cores, {_memory()}, Linux {platform.release()}"),
        ("Gatepost", Gatepost.version()),
        ("Dovecot", Dovecot.version()),
        ("Swift", _first(["swift", "--version"])),
        ("libxcrypt", library),
    ]


def number(value):
    if value is None:
        return "not measured"
    magnitude = abs(value)
    if magnitude >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.0f}" if magnitude >= 100 else f"{value:.3g}"


def verdict(check):
    return {True: "kept", False: "**missed**", None: "not measured"}[check.is_met]


def bound(check):
    return f"≥ {check.at_least:g}" if check.at_least is not None else f"≤ {check.at_most:g}"


def _table(heads, lines):
    return [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}", *(f"| {' | '.join(line)} |" for line in lines), ""]


def _row(row):
    text = [f"### {row.title}", ""]
    if row.method:
        text += [row.method + ".", ""]
    heads = ["", *(f"{title}, {unit}" if unit else title for _, title, unit in row.shown)]
    lines = []
    for server in row.servers:
        cells = []
        for quantity, _, _ in row.shown:
            value, spread = row.samples.median(server, quantity), row.samples.spread(server, quantity)
            if value is None:
                # A floor has no such quantity; a server that lacks it has its reason below.
                cells.append("–")
            else:
                cells.append(f"{number(value)} ({number(spread[0])} to {number(spread[1])})")
        lines.append([server, *cells])
    text += _table(heads, lines)
    for reason in dict.fromkeys(row.missing):
        text.append(f"- Not measured: {reason}")
    return text + ([""] if row.missing else [])


def write(path, rows, command, loads, settings):
    text = [
        "# Performance", "",
        "Written by `Benchmarks/run`; run it again rather than edit this. What stands under *Notes* comes from",
        "`Benchmarks/notes.md`.", "",
    ]
    text += _table(["", ""], [
        *machine(),
        ("date", datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")),
        ("command", f"`{command}`"),
        ("load average", f"{loads[0]:.1f} before, {loads[1]:.1f} after; the benchmark itself makes about 2"),
    ])
    text += [
        "Gatepost, Dovecot and the floors take turns within one run, in another order each round. Figures are medians of",
        f"{settings.rounds} rounds ({settings.few_rounds} where a round takes long), lowest and highest in",
        "parentheses. The load generator shares the cores with the servers. CPU a login is utime + stime of all processes",
        "of a server, PSS their sum. Both servers read the same users and the same settings, with",
        "`auth_failure_delay = 0` and without Dovecot's penalty.", "",
        "## What was asked and what was measured", "",
    ]
    lines = []
    for row in rows:
        lines += [[row.title, check.text, bound(check), number(check.value), verdict(check)] for check in row.checks]
    text += _table(["what", "figure", "asked", "measured", ""], lines)
    text += ["## Figures", ""]
    for row in rows:
        text += _row(row)
    notes = BENCHMARKS / "notes.md"
    if notes.exists():
        text += ["## Notes", "", notes.read_text().strip(), ""]
    path.write_text("\n".join(text).rstrip() + "\n")


def show(row):
    print(f"\n{row.title}")
    for server in row.servers:
        cells = [
            f"{title} {number(row.samples.median(server, quantity))}{' ' + unit if unit else ''}"
            for quantity, title, unit in row.shown if row.samples.median(server, quantity) is not None
        ]
        print(f"  {server:<13}" + (", ".join(cells) or "not measured"))
    for check in row.checks:
        print(f"  {check.text}: {number(check.value)} (asked {bound(check)}) {verdict(check).strip('*')}")
    for reason in dict.fromkeys(row.missing):
        print(f"  not measured: {reason}")
    print(end="", flush=True)
