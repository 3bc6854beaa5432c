"""The smallest case that still differs, by leaving things out as long as that goes."""
import copy

MOST_TRIES = 60


def smallest(case, differs):
    tries = 0
    shrunk = True
    while shrunk and tries < MOST_TRIES:
        shrunk = False
        for smaller in candidates(case):
            tries += 1
            if tries > MOST_TRIES:
                break
            if differs(smaller):
                case, shrunk = smaller, True
                break
    return case


def candidates(case):
    """What is a piece smaller, the largest pieces first."""
    for index in range(len(case.configuration.passdbs)):
        if len(case.configuration.passdbs) > 1:
            smaller = copy.deepcopy(case)
            del smaller.configuration.passdbs[index]
            yield smaller
    for name, lines in case.files.items():
        for half in (lines[: len(lines) // 2], lines[len(lines) // 2:]) if len(lines) > 2 else ():
            smaller = copy.deepcopy(case)
            smaller.files[name] = half
            yield smaller
        for index in range(len(lines)) if len(lines) <= 2 else ():
            smaller = copy.deepcopy(case)
            del smaller.files[name][index]
            yield smaller
    for name in case.configuration.settings:
        if name != "auth_mechanisms":
            smaller = copy.deepcopy(case)
            del smaller.configuration.settings[name]
            yield smaller
    for number, passdb in enumerate(case.configuration.passdbs):
        for index, (name, _) in enumerate(passdb):
            if name not in ("driver", "args"):
                smaller = copy.deepcopy(case)
                del smaller.configuration.passdbs[number][index]
                yield smaller
    for script in case.scripts:
        for index in range(1, len(script["parameters"])):
            smaller = copy.deepcopy(case)
            del smaller.scripts[0]["parameters"][index]
            yield smaller
        for key in ("authzid", "realm", "messages", "garble"):
            if key in script:
                smaller = copy.deepcopy(case)
                del smaller.scripts[0][key]
                yield smaller
