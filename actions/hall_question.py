"""问大厅 What a question about halls asks: which hall, which days, which hour, which fact. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from standards.acceptors import dates, times
from standards.acceptors.calendar_days import Found
from standards.acceptors.plain import masked, plain
from standards.halls import Hall, named
from standards.holidays import DaysOff, days_off

ABOUT_TIME = ("hours", "opens", "closes")
"""Topics of data/follow_ups/hall.yml that are about when a hall is open."""

_NOW = re.compile(r"现在|这会儿|这时候|这个点|这阵|目前")
_EVERY_HOLIDAY = re.compile(r"节假日|法定假|放假|调休|补班")

When = date | DaysOff


@dataclass(frozen=True)
class Asked:
    """What is asked about halls.

    Attributes:
        topic: the fact, a topic of data/follow_ups/hall.yml; empty where none was heard.
        hall: the hall that is named or was spoken of; None without one.
        place: the name by which the hall, or a part of the district it serves, was named.
        window: the department that is asked for; empty without one.
        days: the days and holidays that are asked about.
        clock: HH:MM, or a part of the day (morning, noon, …); empty without one.
        now: the very moment is meant.
        every_holiday: holidays are asked about, and none by its name.
    """

    topic: str = ""
    hall: Hall | None = None
    place: str = ""
    window: str = ""
    days: tuple[When, ...] = ()
    clock: str = ""
    now: bool = False
    every_holiday: bool = False

    @property
    def about_time(self) -> bool:
        """Tell whether a day or an hour is asked about."""
        return bool(self.days or self.clock or self.now or self.every_holiday)

    def to_slot(self) -> dict[str, Any]:
        """Return what a later question may leave out."""
        days = [
            {"on": one.first.isoformat(), "whole": True} if isinstance(one, DaysOff)
            else {"on": one.isoformat()}
            for one in self.days
        ]  # fmt: skip
        code = self.hall.code if self.hall else None
        return {"code": code, "topic": self.topic, "window": self.window, "days": days}


def asked_of(text: str, topic: str, halls: Sequence[Hall], at: datetime) -> Asked:
    """Read a question.

    Args:
        text: what was said.
        topic: the topic that the ear heard.
        halls: all halls.
        at: when it was said, in Shanghai.
    """
    days = tuple(_when(text, at.date()))
    now = bool(_NOW.search(text)) and not days
    hall = named(text, halls)
    return Asked(
        topic,
        hall,
        _called(text, hall) if hall else "",
        days=days or ((at.date(),) if now else ()),
        clock=f"{at:%H:%M}" if now else times.accept(text).value or "",
        now=now,
        every_holiday=bool(_EVERY_HOLIDAY.search(text)) and not days,
    )


def going_on(asked: Asked, before: Mapping[str, Any], halls: Sequence[Hall]) -> Asked:
    """Return a question with the hall, the fact and the day that were spoken of just before.

    Args:
        asked: the question; "那元旦呢" says no fact and no hall, "那书院呢" no fact and no day.
        before: what `Asked.to_slot` gave.
        halls: all halls.
    """
    hall = asked.hall or next((one for one in halls if one.code == before.get("code")), None)
    asked = replace(asked, hall=hall)
    days = tuple(_days_before(before))
    if not asked.topic and not asked.about_time:
        return replace(asked, topic=str(before.get("topic") or ""), days=days)
    goes_on_about_day = asked.clock and not asked.now and not asked.days
    return replace(asked, days=days) if goes_on_about_day else asked


def without_days(text: str) -> str:
    """Return a text in plain signs without the days it names."""
    said = plain(text).text
    found = dates.find(text, date(2026, 1, 1), "ahead")
    return masked(said, [(one.start, one.end) for one in found])


def _days_before(before: Mapping[str, Any]) -> Iterator[When]:
    for kept in before.get("days") or ():
        day = date.fromisoformat(kept["on"])
        yield (days_off(day) if kept.get("whole") else None) or day


def _called(text: str, hall: Hall) -> str:
    """Return the longest name of a hall that stands in a text."""
    names = (hall.name, *hall.also, *hall.communities)
    return max((name for name in names if name in text), key=len)


def _when(text: str, today: date) -> Iterator[When]:
    said = plain(text).text
    gone = {one.start: one for one in dates.find(text, today, "past")}
    before = -1
    for one in dates.find(text, today, "ahead"):
        # The weekday behind a date is that day once more: 1月4号星期一.
        again, before = one.start == before and one.way == "counted", one.end
        if one.day is None or again:
            continue
        if said[one.start : one.end].endswith("末") and one.day.weekday() == 5:
            yield from (one.day, one.day + timedelta(days=1))
        elif one.way != "rough":
            yield from _whichever_is_nearer(one, gone.get(one.start), today)


def _whichever_is_nearer(ahead: Found, gone: Found | None, today: date) -> Iterator[When]:
    """Yield the day to come, and before it the one gone by where that is nearer and may be meant.

    国庆 in November is the one that has been, and the next one.
    """
    assert ahead.day is not None
    yearless = ahead.way == "holiday" or (not ahead.complete and not ahead.way)
    before = gone.day if gone and yearless else None
    if before is not None and today - before < ahead.day - today:
        yield _whole(before, ahead)
    yield _whole(ahead.day, ahead)


def _whole(day: date, found: Found) -> When:
    """Return the holiday that is called by its name, and a day that is not."""
    return (days_off(day) if found.way == "holiday" else None) or day
