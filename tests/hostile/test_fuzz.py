"""Hostile HTTP over every route: never a 5xx, never a defect in the log, always the contract.

`PAOYICI_FUZZ=20000` asks for more of it (`make fuzz`); each seed gives the same requests.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter

from hostile.requests import Hostile
from hostile.street import Street, error_of
from hostile.wire import Answer, Attempt, send

COUNT = int(os.environ.get("PAOYICI_FUZZ", "400"))
SEED = int(os.environ.get("PAOYICI_FUZZ_SEED", "20261130"))
AT_ONCE = 16
MEMORY = 150 * 2**20
# Answers to conditions and ranges of a file: they have no body.
BARE = {412, 416}


async def test_nothing_a_stranger_sends_breaks_the_street(street: Street) -> None:
    hostile = Hostile(SEED, street.routes, await street.tokens())
    attempts = [hostile.make() for _ in range(COUNT)]
    memory = street.memory()
    faults: list[str] = []
    statuses: Counter[int] = Counter()
    waiting = iter(enumerate(attempts))

    async def work() -> None:
        for number, attempt in waiting:
            answer = await send(street.port, attempt)
            statuses[answer.status if answer else 0] += 1
            if fault := _fault(attempt, answer):
                faults.append(f"{number} {attempt.name}: {fault}: {attempt.sent[:300]!r}")

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    print(dict(statuses))
    assert faults == []
    assert street.defects() == []
    assert statuses[0] < COUNT / 4, statuses
    assert street.memory() - memory < MEMORY


def _fault(attempt: Attempt, answer: Answer | None) -> str | None:
    """Say what is wrong with an answer."""
    if answer is None:
        return None if attempt.unfinished else "no answer"
    if answer.status >= 500:
        return f"{answer.status} {answer.body[:200]!r}"
    if any(letter.isdigit() for letter in answer.headers.get("server", "")):
        return f"names its version: {answer.headers['server']}"
    if answer.status >= 400 and not attempt.head and answer.status not in BARE:
        try:
            error_of(answer.body)
        except (AssertionError, ValueError, KeyError, TypeError):
            return f"{answer.status} outside the contract: {answer.body[:200]!r}"
    return None
