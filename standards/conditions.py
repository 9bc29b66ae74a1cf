"""条件 The conditions that lines of a guide state, typed, and what arithmetic says of them. Pure.

A verdict is about its one line and nothing else; whoever meets it may still miss another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal, cast

from standards.acceptors.told import Told
from standards.levels import at_least, same_level
from standards.periods import Gap, Unit, gap, in_months, months_gap, moved

State = Literal["holds", "short", "over", "missed", "open"]


@dataclass(frozen=True)
class Condition:
    """One condition.

    Attributes:
        line: the line of the guide that states it, such as `conditions.0`.
        who: whom or what it is about in the guide's words; empty for whoever applies.
        when: the situation in which it holds; empty where it always does.
        unsure: whether the line itself leaves a doubt.
    """

    line: str
    who: tuple[str, ...] = ()
    when: str = ""
    unsure: bool = False


@dataclass(frozen=True)
class Age(Condition):
    """年龄 Completed years (months, days) of age, both limits included."""

    min: Decimal | None = None
    max: Decimal | None = None
    unit: Unit = "years"
    sex: str = ""


@dataclass(frozen=True)
class Duration(Condition):
    """时长 How long something must have lasted, or may at most have lasted."""

    of: str = ""
    what: str = ""
    min: Decimal | None = None
    max: Decimal | None = None
    unit: Unit = "months"


@dataclass(frozen=True)
class Deadline(Condition):
    """期限 How long after an event something must be done."""

    after: str = ""
    within: Decimal = Decimal(0)
    unit: Unit = "days"


@dataclass(frozen=True)
class BeforeExpiry(Condition):
    """到期前 From when and until when before the end something can be done."""

    of: str = ""
    start: Decimal | None = None
    stop: Decimal | None = None
    unit: Unit = "days"


@dataclass(frozen=True)
class Validity(Condition):
    """有效期 How long a paper holds; None is for ever."""

    of: str = ""
    lasts: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True)
class Every(Condition):
    """每隔 How often something has to be done."""

    what: str = ""
    each: Decimal = Decimal(1)
    unit: str = "years"


@dataclass(frozen=True)
class Season(Condition):
    """季节 From which to which day of the year: MM-DD, or MM."""

    start: str = ""
    stop: str = ""
    what: str = ""


@dataclass(frozen=True)
class Hukou(Condition):
    """户籍 Whether the hukou has to be here."""

    local: str = "required"


@dataclass(frozen=True)
class Level(Condition):
    """等级 Which levels will do, or the least of them."""

    of: str = ""
    any: tuple[str, ...] = ()
    least: str = ""


@dataclass(frozen=True)
class Count(Condition):
    """数量 How many."""

    of: str = ""
    min: Decimal | None = None
    max: Decimal | None = None


@dataclass(frozen=True)
class Amount(Condition):
    """数额 How much money, floor, weight or share; `exactly` is a figure and no limit."""

    of: str = ""
    min: Decimal | None = None
    max: Decimal | None = None
    exactly: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True)
class Presence(Condition):
    """到场 Who has to come in person: those of `who`."""


@dataclass(frozen=True)
class Proxy(Condition):
    """代办 Whether somebody else may come, and what they bring."""

    allowed: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Online(Condition):
    """网办 Whether it can be done online."""

    possible: bool = False


@dataclass(frozen=True)
class Verdict:
    """What arithmetic says of a condition and a circumstance.

    Attributes:
        state: it holds; something is missing (`short`); it is too much or too late (`over`);
            it is another thing (`missed`); or it cannot be told (`open`).
        by: how much is missing or too much, as time.
        amount: the same as a number, of what is no time.
        on: the day from which it holds, where that can be reckoned to the day.
        limit: the limit it was held against, in the condition's unit.
    """

    OPEN: ClassVar[Verdict]

    state: State
    by: Gap | None = None
    amount: Decimal | None = None
    on: date | None = None
    limit: Decimal | None = None


Verdict.OPEN = Verdict("open")

_KINDS: dict[str, type[Condition]] = {
    "age": Age, "duration": Duration, "deadline": Deadline, "before_expiry": BeforeExpiry,
    "validity": Validity, "every": Every, "season": Season, "hukou": Hukou, "level": Level,
    "count": Count, "amount": Amount, "presence": Presence, "proxy": Proxy, "online": Online,
}  # fmt: skip
# What is another word in the catalogue than here, where the word means something in Python.
_NAMES = {"from": "start", "to": "stop", "is": "exactly"}


def from_json(entry: Mapping[str, Any]) -> Condition:
    """Read one condition as the catalogue writes it (data/schemas/catalogue.schema.json).

    Raises:
        ValueError: nobody knows its kind, or it is not written as its kind is.
    """
    kind = _KINDS.get(str(entry.get("kind")))
    if kind is None:
        raise ValueError(entry.get("kind"))
    given = {_NAMES.get(key, key): _value(key, said) for key, said in entry.items()}
    known = {field.name for field in fields(kind)}
    try:
        return kind(**{name: value for name, value in given.items() if name in known})
    except TypeError as error:
        raise ValueError(dict(entry)) from error


def _value(key: str, said: Any) -> Any:
    if key == "who":
        return (said,) if isinstance(said, str) else tuple(said)
    if isinstance(said, list):
        return tuple(said)
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None if said == "forever" else said
    return Decimal(str(said))


def judge(condition: Condition, told: Told, today: date) -> Verdict:
    """Hold one condition against one circumstance.

    Args:
        condition: what a line of the guide states.
        told: what somebody told; whether it is about the right person is the caller's business.
        today: the day it is judged on.
    """
    judges: dict[type[Condition], Callable[[Any, Told, date], Verdict]] = {
        Age: _judge_age, Duration: _judge_duration, Deadline: _judge_deadline,
        BeforeExpiry: _judge_expiry, Hukou: _judge_hukou, Level: _judge_level,
        Count: _judge_number, Amount: _judge_number,
    }  # fmt: skip
    found = judges.get(type(condition))
    return found(condition, told, today) if found else Verdict.OPEN


def _judge_age(age: Age, told: Told, today: date) -> Verdict:
    if told.kind != "age" or told.since is None:
        return Verdict.OPEN
    lower = _reached(age.min, age.unit, told, today)
    if lower.state != "holds":
        return lower
    if age.max is None:
        return lower
    # Under 16 lasts until the day before the sixteenth birthday.
    upper = _reached(age.max + 1, age.unit, told, today)
    if upper.state == "holds":
        return _too_much(age.max, age.unit, told, today)
    return Verdict("holds", limit=age.max) if upper.state == "short" else Verdict.OPEN


def _judge_duration(duration: Duration, told: Told, today: date) -> Verdict:
    if told.kind != "duration" or told.since is None or told.of == "expires":
        return Verdict.OPEN
    lower = _reached(duration.min, duration.unit, told, today)
    if lower.state != "holds" or duration.max is None:
        return lower
    return _within(duration.max, duration.unit, told, today)


def _judge_deadline(deadline: Deadline, told: Told, today: date) -> Verdict:
    if told.since is None or told.of == "expires":
        return Verdict.OPEN
    return _within(deadline.within, deadline.unit, told, today)


def _judge_expiry(expiry: BeforeExpiry, told: Told, today: date) -> Verdict:
    """Hold the day a paper runs out against the time before it in which one may come."""
    if told.kind != "duration" or told.since is None or told.of not in ("expires", "expired"):
        return Verdict.OPEN
    first, last = told.since
    if last < today:
        return Verdict("over", by=gap(last, today))
    if expiry.stop is not None and moved(last, -int(expiry.stop), expiry.unit) < today:
        return Verdict("over", limit=expiry.stop)
    if expiry.start is None:
        return Verdict("holds", limit=expiry.stop)
    opens = moved(first, -int(expiry.start), expiry.unit)
    if opens <= today:
        return Verdict("holds", limit=expiry.start)
    return Verdict("short", gap(today, opens), on=opens if told.exact else None, limit=expiry.start)


def _reached(limit: Decimal | None, unit: Unit, told: Told, today: date) -> Verdict:
    """Tell whether so much time has gone by."""
    if limit is None or told.since is None:
        return Verdict("holds")
    first, last = (moved(day, int(limit), unit) for day in told.since)
    if (counted := _counted(limit, unit, told, today)) is not None:
        first, last = counted, counted
    if last <= today:
        return Verdict("holds", limit=limit)
    if first <= today:
        return Verdict("open", limit=limit)
    if told.exact:
        return Verdict("short", gap(today, last), on=last, limit=limit)
    return Verdict("short", _missing(limit, unit, told, today), limit=limit)


def _counted(limit: Decimal, unit: Unit, told: Told, today: date) -> date | None:
    """Return a day before or after today as whole months decide; None where they do not.

    Two months are fewer than three, though the days of the calendar may let them meet.
    """
    wanted, low, high = (
        in_months(count or Decimal(0), one)
        for count, one in ((limit, unit), (told.low, told.unit), (told.high, told.unit))
    )
    if told.exact or wanted is None or low is None or high is None or told.since is None:
        return None
    if moved(today, -int(told.low or 0), cast(Unit, told.unit)) != told.since[1]:
        return None
    if low >= wanted:
        return today
    most = high + (11 if told.unit == "years" else 0)
    return moved(today, 1, "days") if most < wanted else None


def _within(limit: Decimal, unit: Unit, told: Told, today: date) -> Verdict:
    """Tell whether no more time than that has gone by."""
    if told.since is None:
        return Verdict.OPEN
    first, last = (moved(day, int(limit), unit) for day in told.since)
    if first >= today:
        left = _gap(today, first, unit) if told.exact or told.unit == "days" else None
        return Verdict("holds", by=left, on=first if told.exact else None, limit=limit)
    if last >= today:
        return Verdict("open", limit=limit)
    return _too_much(limit, unit, told, today)


def _missing(limit: Decimal, unit: Unit, told: Told, today: date) -> Gap:
    """Return how much is missing of a limit as people reckon it: 80 less 76 is 4."""
    wanted, had = in_months(limit, unit), in_months(told.low or Decimal(0), told.unit)
    if wanted is not None and had is not None and wanted > had:
        return months_gap(int(wanted - had))
    since = told.since or (today, today)
    return _gap(today, moved(since[1], int(limit), unit), unit)


def _too_much(limit: Decimal, unit: Unit, told: Told, today: date) -> Verdict:
    allowed, had = in_months(limit, unit), in_months(told.low or Decimal(0), told.unit)
    if not told.exact and allowed is not None and had is not None and had > allowed:
        return Verdict("over", months_gap(int(had - allowed)), limit=limit)
    since = told.since or (today, today)
    ended = moved(since[1], int(limit), unit)
    by = gap(min(ended, today), today)
    if told.unit == "days" or not (by.years or by.months):
        return Verdict("over", _gap(min(ended, today), today, unit), limit=limit)
    # Whoever speaks of months is not told days.
    return Verdict("over", Gap(by.years, by.months), limit=limit)


def _gap(start: date, end: date, unit: Unit) -> Gap:
    """Return how long it is between two days, in days where the limit is in days."""
    return gap(start, end) if unit in ("months", "years") else Gap(days=(end - start).days)


def _judge_hukou(hukou: Hukou, told: Told, _today: date) -> Verdict:
    if told.kind != "hukou":
        return Verdict.OPEN
    if hukou.local == "not_needed" or told.value == "local":
        return Verdict("holds")
    if hukou.local == "either":
        return Verdict("holds") if told.value == "permit" else Verdict.OPEN
    return Verdict("missed") if told.value == "elsewhere" else Verdict.OPEN


def _judge_level(level: Level, told: Told, _today: date) -> Verdict:
    if told.kind != "level":
        return Verdict.OPEN
    if level.least:
        enough = at_least(told.value, level.least)
        return Verdict.OPEN if enough is None else Verdict("holds" if enough else "missed")
    listed = [same_level(told.value, one) for one in level.any]
    if None in listed and True not in listed:
        return Verdict.OPEN
    return Verdict("holds" if True in listed else "missed")


def _judge_number(limits: Count | Amount, told: Told, _today: date) -> Verdict:
    if told.kind not in ("count", "amount") or told.low is None or told.high is None:
        return Verdict.OPEN
    if limits.min is None and limits.max is None:
        return Verdict.OPEN
    if limits.min is not None and told.high < limits.min:
        return Verdict("short", amount=limits.min - told.high, limit=limits.min)
    if limits.max is not None and told.low > limits.max:
        return Verdict("over", amount=told.low - limits.max, limit=limits.max)
    inside = (limits.min is None or told.low >= limits.min) and (
        limits.max is None or told.high <= limits.max
    )
    return Verdict("holds" if inside else "open", limit=limits.min or limits.max)
