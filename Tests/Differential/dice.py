"""Chance, from one seeded generator: a seed is a case."""


class Dice:
    def __init__(self, random):
        self.random = random

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, choices):
        return self.random.choice(choices)

    def some(self, pairs):
        """Those of (thing, probability) that come up."""
        return [thing for thing, probability in pairs if self.chance(probability)]
