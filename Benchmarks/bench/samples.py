"""Figures of all rounds, and what is said of them."""

import collections
import statistics


class Samples:
    """Values by (server, quantity)."""

    def __init__(self):
        self.values = collections.defaultdict(list)

    def add(self, server, **quantities):
        for quantity, value in quantities.items():
            self.values[server, quantity].append(value)

    def median(self, server, quantity):
        """None if it was never measured."""
        values = self.values.get((server, quantity))
        return statistics.median(values) if values else None

    def ratio(self, server, other, quantity):
        one, two = self.median(server, quantity), self.median(other, quantity)
        return one / two if one is not None and two else None

    def spread(self, server, quantity):
        values = self.values.get((server, quantity))
        return (min(values), max(values)) if values else None

    def quantities(self):
        return list(self.values)


def turns(items, round_number):
    """The items in another order each round, so that none is always first."""
    shift = round_number % len(items)
    return items[shift:] + items[:shift]
