"""How long and how often."""

import dataclasses
import os


@dataclasses.dataclass
class Settings:
    rounds: int = 5
    seconds: float = 3.0
    warm_up: float = 0.5
    costly_seconds: float = 4.0
    costly_warm_up: float = 1.5
    hammer_seconds: float = 8.0
    stall_seconds: float = 10.0
    users: int = 1_000_000
    idle: int = 10_000
    threads: int = os.cpu_count() or 1

    @property
    def few_rounds(self):
        """For what takes long and varies little."""
        return max(3, self.rounds // 2)

    @staticmethod
    def quick():
        return Settings(
            rounds=3, seconds=1.0, warm_up=0.3, costly_seconds=2.0, hammer_seconds=4.0, stall_seconds=5.0,
            users=200_000, idle=2_000)
