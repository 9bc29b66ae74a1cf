"""Log-ins a minute from one place; each costs a tenth of a second of a core."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

_SECONDS = 60


class Pace:
    """Counts the tries of the minute under way; every process counts its own."""

    def __init__(self) -> None:
        self._minute = 0
        self._tries: Counter[str] = Counter()

    def wait(self, place: str, now: datetime, most: int) -> int:
        """Count a try; return 0, or the seconds until the next one where there were too many.

        Args:
            place: where it comes from.
            now: when.
            most: tries a minute.
        """
        minute, second = divmod(int(now.timestamp()), _SECONDS)
        if minute != self._minute:
            self._minute = minute
            self._tries.clear()
        self._tries[place] += 1
        return 0 if self._tries[place] <= most else _SECONDS - second
