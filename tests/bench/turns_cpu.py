"""CPU seconds of processes, from /proc: machines are noisy, CPU is not."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Return user and system time of a process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / _TICKS


def memory_mb(pid: int) -> int:
    """Return the resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024**2


class Meter:
    """What each part used between two moments.

    Args:
        parts: name of a part → its process.
    """

    def __init__(self, parts: Mapping[str, int]) -> None:
        self._parts = parts
        self._begun = self._now()

    def used(self) -> dict[str, float]:
        """Return CPU seconds by part since the meter was made."""
        return {name: now - self._begun[name] for name, now in self._now().items()}

    def _now(self) -> dict[str, float]:
        return {name: cpu_seconds(pid) for name, pid in self._parts.items()}
