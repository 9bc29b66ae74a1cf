"""条件 Which lines of a guide decide what somebody told, and what they decide. Pure.

The line is quoted as it stands; the verdict is about that line and never about the outcome.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions import decided_text
from actions.concerned import told_of
from actions.decided_text import line_text
from actions.paid_in import HOUSING, into_housing, is_paid
from actions.texts import say
from standards.acceptors import circumstances
from standards.acceptors.calendar_days import real_day
from standards.acceptors.told import Told
from standards.conditions import (
    Age,
    Amount,
    Condition,
    Count,
    Deadline,
    Duration,
    Level,
    State,
    Verdict,
    from_json,
    judge,
)
from standards.guide_lines import shared_pairs

# A line that is missed decides, then one that cannot be told, then one that is met.
_ORDER: tuple[State, ...] = ("short", "over", "missed", "open", "holds")
# A child's age is the time since its birth.
_BIRTH = "出生"
_UNTIL = re.compile(r"(\d{4}) ?年前")
_ON_A_DAY = re.compile(r"当年(\d{1,2})月(\d{1,2})日前")


@dataclass(frozen=True)
class Decided:
    """What one line of the guide decides.

    Attributes:
        line: the line's key, such as `conditions.0`.
        state: of the person who misses it most.
        quote: the sentence with the line as the guide has it.
        verdict: what follows from it; empty where the line itself is the whole answer.
        always: False where the line holds in some situation only.
    """

    line: str
    state: State
    quote: str
    verdict: str
    always: bool = True

    @property
    def words(self) -> str:
        """Return the line and what follows from it."""
        return f"{self.quote}{self.verdict}"


@dataclass(frozen=True)
class Case:
    """What is decided: an item's conditions and name, what was said when, the line asked for."""

    conditions: Sequence[Condition]
    text: str
    today: date
    line: str
    name: str


@dataclass(frozen=True)
class Held:
    """One condition held against one circumstance."""

    condition: Condition
    told: Told
    verdict: Verdict


def decide(
    item: Mapping[str, Any], text: str, today: date, line: str | None = None
) -> list[Decided]:
    """Return what the lines of an item decide of what was told.

    Args:
        item: the item as the office gives it; one without typed conditions decides nothing.
        text: what was said.
        today: the day of the turn.
        line: the line the question is about, such as `conditions.1`; it comes first, and answers
            by itself where it says who comes, how often or until when.

    Returns:
        The line asked about, then the missed ones, then those that are met. A line that holds in
        some situation only is left out where it is missed and was not asked about.
    """
    case = Case(typed(item), text, today, line or "", str(item["name"]))
    held = [one for one in _held(case) if _speaks(one, case)]
    found = [
        _decided(item, key, [one for one in held if one.condition.line == key], today)
        for key in dict.fromkeys(one.condition.line for one in held)
    ]
    if line and all(one.line != line for one in found):
        found += _by_itself(item, [one for one in case.conditions if one.line == line])
    return sorted(
        found, key=lambda one: (one.line != line, not one.always, _ORDER.index(one.state))
    )


def kind_of(line: str) -> str:
    """Return the kind of the line with this key (`conditions.1`: conditions)."""
    return line.partition(".")[0]


def typed(item: Mapping[str, Any]) -> list[Condition]:
    """Return the typed conditions of an item whose lines it has."""
    conditions = [from_json(entry) for entry in item.get("typed") or ()]
    return [one for one in conditions if line_text(item, one.line)]


def _held(case: Case) -> Iterator[Held]:
    told = circumstances.read(case.text, case.today).told
    for condition in case.conditions:
        day = reckoned_on(condition, case.today)
        for one in told_of(condition, told, case.conditions):
            if _matches(condition, one, case):
                verdict = judge(condition, one, day)
                if verdict.state != "open" or verdict.limit is not None:
                    yield Held(condition, one, verdict)


def reckoned_on(condition: Condition, today: date) -> date:
    """Return the day a condition is reckoned on: today, or the next 31 August where it says so."""
    match = _ON_A_DAY.search(condition.when)
    if match is None or not isinstance(condition, Age):
        return today
    found = (real_day(today.year + more, int(match[1]), int(match[2])) for more in (0, 1))
    return next((day for day in found if day and day >= today), today)


def _speaks(held: Held, case: Case) -> bool:
    """Tell whether a verdict is worth saying, and not one of two, or of a case nobody is in."""
    condition, state = held.condition, held.verdict.state
    if state == "missed" and any(_either(who) for who in condition.who):
        return False
    if condition.line == case.line or not condition.when or _ON_A_DAY.search(condition.when):
        return True
    if _is_in(case, condition.when):
        return True
    return state == "holds" and isinstance(condition, Age | Duration | Deadline)


def _is_in(case: Case, when: str) -> bool:
    """Tell whether a case is told, is the item's own, or is everybody's until a year to come."""
    until = _UNTIL.search(when)
    told = shared_pairs(when, case.text) > 0 or when in case.name
    return told or bool(until and case.today.year < int(until[1]))


def _either(who: str) -> bool:
    return "或" in who or "一方" in who


def _matches(condition: Condition, told: Told, case: Case) -> bool:
    """Tell whether a circumstance is of what the condition is about."""
    if isinstance(condition, Duration | Deadline) and told.kind == "duration" and not told.of:
        return _only_one(condition, case)
    if isinstance(condition, Duration):
        return _lasts(condition, told) and _is_paid_so(told, case)
    if isinstance(condition, Deadline):
        return _since(condition, told)
    if isinstance(condition, Level):
        return not told.of or told.of in condition.of or condition.of in told.of
    if isinstance(condition, Count):
        of = condition.of
        return told.unit in of or bool(told.of and (told.of[:2] in of or of in told.of))
    return not isinstance(condition, Amount) or condition.unit == told.unit


def _only_one(condition: Duration | Deadline, case: Case) -> bool:
    """Tell whether a time of nobody knows what can only be of this condition."""
    if condition.line == case.line:
        return True
    timed = {
        (one.of if isinstance(one, Duration) else one.after)
        for one in case.conditions
        if isinstance(one, Duration | Deadline)
        and not one.who
        and getattr(one, "of", "") != "other"
    }
    return len(timed) == 1 and not condition.who


def _lasts(condition: Duration, told: Told) -> bool:
    if told.kind != "duration":
        return False
    if condition.of == "other":
        return bool(told.value) and told.value in condition.what
    return told.of == condition.of or {told.of, condition.of} <= {"contribution", "insured"}


def _is_paid_so(told: Told, case: Case) -> bool:
    """Tell whether a time of paying in has not stopped, and went into the fund an item is about."""
    if told.of != "contribution":
        return True
    every = circumstances.read(case.text, case.today).told
    housing = into_housing(case.text, told, every)
    fund = housing is None or housing == (HOUSING in case.name)
    return fund and is_paid(case.text, told, every)


def _since(condition: Deadline, told: Told) -> bool:
    if told.kind == "age":
        return told.role == "child" and condition.after == _BIRTH
    return told.kind == "duration" and shared_pairs(told.value, condition.after) > 0


def _decided(item: Mapping[str, Any], line: str, held: Sequence[Held], today: date) -> Decided:
    """Return what a line decides of everybody it was held against, who misses it first."""
    ordered = _one_each(sorted(held, key=lambda one: _ORDER.index(one.verdict.state)))
    always = any(not one.condition.when for one in ordered)
    parts = []
    for one in ordered:
        day = reckoned_on(one.condition, today)
        on = day if day != today else None
        parts.append(decided_text.verdict(one.condition, one.told, one.verdict, on))
    words = say("guide.decided.joint").join(dict.fromkeys(parts))
    state = ordered[0].verdict.state
    words += say("guide.decided.rest" if state == "holds" and always else "guide.decided.end")
    if any(one.condition.unsure for one in ordered):
        words += say("guide.decided.unsure")
    return Decided(line, state, decided_text.quote(item, line), words, always)


def _one_each(held: Sequence[Held]) -> list[Held]:
    """Keep one verdict for each circumstance, unless it was held against either sex."""
    kept: dict[tuple[int, str], Held] = {}
    for one in held:
        sex = one.condition.sex if isinstance(one.condition, Age) else ""
        kept.setdefault((one.told.start, sex), one)
    return list(kept.values())


def _by_itself(item: Mapping[str, Any], conditions: Sequence[Condition]) -> list[Decided]:
    """Return the answer that a line gives without anything being told."""
    parts = [words for one in conditions if (words := decided_text.literal(one))]
    if not parts:
        return []
    line = conditions[0].line
    words = "".join(dict.fromkeys(parts))
    if any(one.unsure for one in conditions):
        words += say("guide.decided.unsure")
    always = any(not one.when for one in conditions)
    return [Decided(line, "holds", decided_text.quote(item, line), words, always)]
