"""What a soak counts: callbacks, answers, and what this process and the others used up."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from pymongo import MongoClient

from emulators.wechat_platform import Callback

if TYPE_CHECKING:
    from emulators.soak import Soak

_LIMIT = 5.0
_BEAT = 0.05
_TICKS = os.sysconf("SC_CLK_TCK")


class Lateness:
    """How late this process' own event loop is, beat by beat."""

    def __init__(self) -> None:
        self._beats: list[tuple[float, float]] = []
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to measure."""
        self._task = asyncio.create_task(self._measure())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _measure(self) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            due = clock() + _BEAT
            await asyncio.sleep(_BEAT)
            if (late := clock() - due) > _BEAT:
                self._beats.append((clock(), late))

    @property
    def worst(self) -> float:
        """Return the most it ever was late."""
        return max((late for _, late in self._beats), default=0.0)

    def during(self, began: float, ended: float) -> float:
        """Return how long it stood still between two moments of the event loop's clock."""
        return sum(late for at, late in self._beats if began <= at <= ended + _BEAT)


def left_behind(uri: str) -> dict[str, int]:
    """Return how it stands with messages and replies that are not done: state and reason."""
    with MongoClient(uri) as client:
        database = client["door"]
        rows = [*database["inbox"].find({"state": "received"})]
        rows += database["outbox"].find(
            {"state": {"$in": ["pending", "sending", "parked", "failed"]}}
        )
        return dict(Counter(f"{row['state']}: {row.get('last_error')}" for row in rows))


def warnings_in(log: Path) -> dict[str, int]:
    """Return how often a door warned of what, by its log of JSON lines."""
    lines = (line for line in log.read_text().splitlines() if line.startswith("{"))
    said = [entry for entry in map(json.loads, lines) if entry["level"] in ("warning", "error")]
    return dict(
        Counter(f"{entry['event']} {entry.get('error') or entry.get('why', '')}" for entry in said)
    )


def cpu_seconds(pid: int) -> float:
    """Return the processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def report(
    soak: Soak, sending: float, whole: float, *, store_cpu: float, left: dict[str, int]
) -> dict[str, Any]:
    """Return the JSON line of a soak."""
    platform, turns = soak.platform, soak.sent
    tries = sorted(seconds for callback in platform.callbacks for seconds in callback.tries)
    late = [moment for callback in platform.callbacks for moment in _late(callback)]
    vias = Counter(one.via for who in platform.followers.values() for one in who.shown)
    return {
        "turns": turns,
        "people": soak.people,
        "slow_turns": soak.dialogue.slow,
        "callbacks": len(tries),
        "within_5_s": 1 - len(late) / len(tries),
        "late": len(late),
        "late_here": sum(ended - began - soak.lateness.during(began, ended) < _LIMIT
                         for began, ended in late),
        "unanswered_callbacks": sum(
            len(callback.statuses) != len(callback.tries) for callback in platform.callbacks
        ),
        "not_200": dict(Counter(
            str(status) for callback in platform.callbacks
            for status in callback.statuses if status != 200
        )),
        "slowest_callback_s": round(tries[-1], 3),
        "p50_callback_s": round(tries[len(tries) // 2], 3),
        "p99_callback_s": round(tries[int(len(tries) * 0.99)], 3),
        "duplicate_effects": sum(count - 1 for count in soak.dialogue.effects.values()),
        "answered_twice": sum(count - 1 for count in soak.seen.values()),
        "over_quota": platform.over_quota,
        "lost": len(soak.open),
        "left_behind": left,
        "passive": vias["passive"],
        "customer": vias["customer"],
        "token_refreshes": platform.tokens_issued,
        "refusals": dict(Counter(str(code) for code in platform.refused)),
        "seconds": round(whole, 1),
        "drained_s": round(whole - sending, 1),
        "turns_per_s": round(turns / sending, 1),
        "cpu_ms_per_turn": {
            "door": round(soak.door_cpu / turns * 1000, 1),
            "mongodb": round(store_cpu / turns * 1000, 1),
            "emulator": round(time.process_time() / turns * 1000, 1),
        },
        "emulator_late_s": round(soak.lateness.worst, 3),
        "seed": soak.seed,
    }  # fmt: skip


def _late(callback: Callback) -> list[tuple[float, float]]:
    """Return begin and end of the tries that were not answered in time."""
    return [
        (began, began + seconds)
        for began, seconds in zip(callback.began, callback.tries, strict=True)
        if seconds >= _LIMIT
    ]
