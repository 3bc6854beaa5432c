"""One row of issue 6: what was measured, and how it stands to what was asked."""

import dataclasses

from .samples import Samples


@dataclasses.dataclass
class Check:
    """A figure with the bound that it must keep; `value` is None if it could not be measured."""

    text: str
    value: float | None
    at_least: float | None = None
    at_most: float | None = None
    unit: str = ""

    @property
    def is_met(self):
        if self.value is None:
            return None
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most)


@dataclasses.dataclass
class Row:
    title: str
    # How it was measured, one sentence for the report.
    method: str
    # (quantity, heading, unit) of the figures shown.
    shown: list
    servers: list
    samples: Samples = dataclasses.field(default_factory=Samples)
    checks: list = dataclasses.field(default_factory=list)
    # Why some of it is missing.
    missing: list = dataclasses.field(default_factory=list)
