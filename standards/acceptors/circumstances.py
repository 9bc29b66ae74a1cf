"""情况 What somebody tells of themselves or of somebody near, out of running speech.

Ages, how long something has lasted, where the hukou is, levels, counts and amounts: each with its
value or its range, of whom it is said, and where it stands. What rules say (满八十岁才有) is
nobody's circumstance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from standards.acceptors import ages, durations, persons, standings
from standards.acceptors.number import IDLE
from standards.acceptors.persons import Person
from standards.acceptors.plain import leftover, masked, plain
from standards.acceptors.told import Told

# Words that belong to a circumstance and add nothing to it.
_FILLERS = re.compile(
    r"今年|年纪|年龄|岁数|周岁|虚岁|户[口籍]|已经|出生|生日|[满过到岁年月天住交缴了都刚才快还老大呢]"
)


@dataclass(frozen=True)
class Circumstances:
    """Everything that was told, in the order of the text, and the words that remain unread."""

    told: tuple[Told, ...]
    unread: tuple[str, ...] = ()

    def of_kind(self, *kinds: str) -> tuple[Told, ...]:
        """Return what was told of these kinds."""
        return tuple(one for one in self.told if one.kind in kinds)


def read(text: str, today: date, *, asked: str = "", age_asked: bool = False) -> Circumstances:
    """Read what somebody tells.

    Args:
        text: what was said.
        today: the day it was said on, in Shanghai.
        asked: the question it answers, whose words may be repeated.
        age_asked: whether an age was asked for, so that a number alone is one.
    """
    said = plain(text)
    idle = masked(said.text, [match.span() for match in IDLE.finditer(said.text)])
    people = persons.find(said.text)
    found = _found(idle, people, _every(idle, today, age_asked=age_asked))
    spans = [(one.start, one.end) for one in found] + [(one.start, one.end) for one in people]
    unread = leftover(masked(said.text, spans), _FILLERS, asked)
    told = []
    for one in found:
        start, end = said.span(one.start, one.end)
        told.append(replace(one, start=start, end=end, words=said.text[one.start : one.end]))
    return Circumstances(tuple(told), unread)


def _found(text: str, people: list[Person], every: list[Told]) -> list[Told]:
    """Return what is told in a plain text once, ages before lengths before counts."""
    kept: list[Told] = []
    for one in every:
        if any(one.start < other.end and other.start < one.end for other in kept):
            continue
        kept.append(_said_of(one, persons.spoken_of(people, text, one.start, one.end)))
    return sorted((_as_age(one) for one in kept), key=lambda one: one.start)


def _every(text: str, today: date, *, age_asked: bool) -> list[Told]:
    found = [
        Told("age", one.start, one.end, Decimal(one.low), Decimal(one.high), one.unit, one.since,
             one.exact)
        for one in ages.find(text, today, asked=age_asked)
    ]  # fmt: skip
    found += [
        Told("duration", one.start, one.end, Decimal(one.low), Decimal(one.high), one.unit,
             one.since, one.exact, one.dated, of=one.of, value=one.cue)
        for one in durations.find(text, today)
    ]  # fmt: skip
    for reader in (standings.hukou, standings.levels, standings.amounts, standings.counts):
        found += reader(text)
    return found


def _said_of(one: Told, person: Person | None) -> Told:
    if person is None:
        return one
    return replace(one, who=person.word, kin=person.kin, sex=person.sex, role=person.role)


def _as_age(one: Told) -> Told:
    """Take the time a child has had for its age, where nothing else is said to have lasted."""
    if one.kind == "duration" and one.role == "child" and not one.of:
        return replace(one, kind="age")
    return one
