"""What /proc tells about a server: all processes that descend from the one that was started."""

import os

TICKS = os.sysconf("SC_CLK_TCK")


def _stat(pid):
    with open(f"/proc/{pid}/stat") as file:
        # The name stands in parentheses and may hold anything, so what matters begins behind the last one.
        return file.read().rpartition(")")[2].split()


def tree(pid):
    """The process and its descendants."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                parents[int(name)] = int(_stat(name)[1])
            except (OSError, IndexError):
                # It has ended since.
                continue
    found, fresh = {pid}, {pid}
    while fresh:
        fresh = {child for child, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return sorted(found)


def cpu_seconds(pid):
    """utime + stime of the tree, with children that have ended and were waited for."""
    total = 0
    for each in tree(pid):
        try:
            total += sum(int(value) for value in _stat(each)[11:15])
        except OSError:
            continue
    return total / TICKS


def memory_kilobytes(pid):
    """PSS and private dirty memory of the tree, and how many processes it is."""
    pss = dirty = count = 0
    for each in tree(pid):
        try:
            with open(f"/proc/{each}/smaps_rollup") as file:
                fields = dict(line.split()[:2] for line in file if line.count(":") == 1)
        except OSError:
            continue
        pss += int(fields["Pss:"])
        dirty += int(fields["Private_Dirty:"])
        count += 1
    return {"pss": pss, "private_dirty": dirty, "processes": count}


def descriptors(pid):
    count = 0
    for each in tree(pid):
        try:
            count += len(os.listdir(f"/proc/{each}/fd"))
        except OSError:
            continue
    return count
