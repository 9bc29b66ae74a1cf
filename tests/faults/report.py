"""What is printed in the end: the table, how people were treated, and the JSON line."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.faults.audit import Findings
from tests.faults.crowd import Crowd, slowest_answer
from tests.faults.matrix import Line

LIMIT_SECONDS = 10.0
# What docker-compose.yml gives each room, in MB.
MEMORY_LIMITS = {"bot": 384, "backend": 512, "dialogue": 1536}
_NOTHING = ("lost", "duplicates", "reordered", "duplicate_effects", "impolite", "unfinished")
_SHOWN = 5


@dataclass(frozen=True)
class Outcome:
    """Everything that was seen."""

    crowd: Crowd
    lines: Sequence[Line]
    findings: Findings
    memory: dict[str, float]

    def table(self) -> Iterator[str]:
        """Give the table, a line a kind."""
        yield f"{'killed':24}{'kills':>6}{'away, s':>16}{'recovery, s':>16}{'waiting':>9}"
        yield f"{'':30}{'median':>8}{'max':>8}{'median':>8}{'max':>8}"
        for line in self.lines:
            times = (*_median_and_most(line.away), *_median_and_most(line.recovery))
            figures = "".join(f"{seconds:8.1f}" for seconds in times)
            yield f"{line.name:24}{line.kills:6}{figures}{line.waiting:9}"

    def remarks(self) -> Iterator[str]:
        """Give what else is worth a look."""
        street = self.crowd.street
        treated = ", ".join(f"{what} {n}" for what, n in street.treatment.most_common())
        yield f"at the door: {treated}"
        yield f"memory at most, MB: {self._memory()}, limits {MEMORY_LIMITS}"
        repeated = sum(visit.repeated for visit in self.crowd.visits)
        yield f"asked to say it again, because the office was away: {repeated}"
        yield from (f"impolite: {answer}" for answer in street.impolite[:_SHOWN])
        yield from (f"unfinished: {words}" for words in self._unfinished()[:_SHOWN])
        yield from self.findings.lines()

    def result(self) -> dict[str, Any]:
        """Return the numbers of the JSON line."""
        returns = [at for line in self.lines for at in line.back]
        return {
            "kills": sum(line.kills for line in self.lines),
            "messages": len(self.crowd.messages),
            "conversations": len(self.crowd.citizens),
            "effects": sum(len(one.tickets) + len(one.cases) for one in self.crowd.citizens),
            **{kind: len(found) for kind, found in vars(self.findings).items()},
            "impolite": len(self.crowd.street.impolite),
            "unfinished": len(self._unfinished()),
            "slowest_recovery_s": round(max(max(line.recovery) for line in self.lines), 2),
            "slowest_answer_s": round(slowest_answer(self.crowd, returns), 2),
            "memory_mb": self._memory(),
            "date": str(date.today()),
            "machine": f"{os.cpu_count()} cores, {platform.platform()}",
        }

    def passed(self) -> bool:
        """Say whether the house has kept everything it promises."""
        result = self.result()
        return (
            not any(result[name] for name in _NOTHING)
            and result["slowest_recovery_s"] <= LIMIT_SECONDS
            and result["slowest_answer_s"] <= LIMIT_SECONDS
            and all(self.memory[name] <= limit for name, limit in MEMORY_LIMITS.items())
        )

    def _memory(self) -> dict[str, int]:
        return {name: round(peak) for name, peak in self.memory.items()}

    def _unfinished(self) -> list[str]:
        return [
            words.replace("\n", " / ")[:200]
            for visit in self.crowd.visits
            for words in visit.unfinished
        ]


def _median_and_most(seconds: Sequence[float]) -> tuple[float, float]:
    in_order = sorted(seconds)
    return in_order[len(in_order) // 2], in_order[-1]
