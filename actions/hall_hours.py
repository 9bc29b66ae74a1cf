"""大厅时间 Says when a hall is open: on a day, in a holiday, at an hour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time

from actions.hall_question import Asked, When
from actions.texts import entry, say
from standards.halls import Hall
from standards.holidays import DaysOff
from standards.opening import Opening, Period, clock, opening

# What stands for a part of the day.
_PARTS = {"night": time(23), "morning": time(10), "noon": time(12, 45), "afternoon": time(15),
          "evening": time(19)}  # fmt: skip
_NOON = time(12)
# Between two Chinese signs no space is written.
_NO_GAP = re.compile(r"(?<=[㐀-鿿）]) (?=[㐀-鿿])")


def tell_hours(hall: Hall, asked: Asked, halls: Sequence[Hall], at: datetime) -> list[str]:
    """Return the lines that say whether and when a hall is open; the first one answers.

    Signs of one kind stand together: 中午不开, and 18:00 不开.

    Args:
        hall: the hall.
        asked: the question.
        halls: all halls, of which others may be open where this one is not.
        at: when it is asked, in Shanghai.
    """
    if not hall.week:
        # Hours in words that no calendar can be made of are told as they are.
        return [say("halls.hours", hall=hall.name, hours=hall.hours)]
    return [_NO_GAP.sub("", line) for line in _told(hall, asked, halls, at)]


def _told(hall: Hall, asked: Asked, halls: Sequence[Hall], at: datetime) -> list[str]:
    if hall.week is None:
        return [_in_words(hall)]
    if asked.every_holiday:
        return [say("halls.every_holiday"), _in_words(hall)]
    if asked.days:
        said = [line for one in asked.days for line in _of(hall, one, asked, halls, at)]
        # Saturday and Sunday have the same next day.
        return [line for place, line in enumerate(said) if line not in said[place + 1 :]]
    usual = opening(hall.week, at.date())
    if not usual.periods and usual.next_open:
        usual = opening(hall.week, usual.next_open)
    if asked.topic in ("opens", "closes"):
        return [_edge(hall, usual, asked, ""), say("halls.usual", hours=hall.hours)]
    if asked.clock:
        return [_at(hall, usual, asked.clock, ""), say("halls.usual", hours=hall.hours)]
    return [_in_words(hall)]


def _in_words(hall: Hall) -> str:
    return say("halls.hours", hall=hall.name, hours=hall.hours)


def _on(hall: Hall, day: date) -> Opening:
    """Return how a hall is open on a day."""
    assert hall.week is not None, "hours in words are told as they are"
    return opening(hall.week, day)


def _kept(halls: Sequence[Hall], day: date) -> list[tuple[Hall, Opening]]:
    """Return how the halls whose hours can be read are open on a day."""
    return [(hall, _on(hall, day)) for hall in halls if hall.week is not None]


def all_hours(halls: Sequence[Hall], asked: Asked, at: datetime) -> list[str]:
    """Return the lines that say which halls are open on the days, or at the hour, asked about."""
    if asked.every_holiday:
        return [say("halls.every_holiday")]
    days = [one.first if isinstance(one, DaysOff) else one for one in asked.days]
    days = days or [_next_working(halls, at.date())]
    told = [_all_on(halls, day, asked.clock, at.date()) for day in days]
    unread = [_in_words(hall) for hall in halls if hall.week is None]
    return [line for line in (*told, *unread) if line]


def _next_working(halls: Sequence[Hall], day: date) -> date:
    """Return the day itself, or the next one on which any hall is open."""
    ahead = (one.next_open for _, one in _kept(halls, day))
    return min((one for one in ahead if one), default=day)


def _all_on(halls: Sequence[Hall], day: date, said: str, today: date) -> str:
    moment = _moment(said) if said else None
    kept = _kept(halls, day)
    there = [hall for hall, one in kept if (one.at(moment) if moment else one.periods)]
    shown = day_words(day, today)
    if len(kept) < len(halls):
        shown_halls = open_halls(there, day)
        return say("halls.these_open", day=shown, halls=shown_halls) if there else ""
    if not there:
        when = say(f"halls.part.{said}") if said in _PARTS else said
        return say("halls.none_at" if said else "halls.none_open", day=shown, when=when)
    if len(there) == len(halls) and len({one.periods for _, one in kept}) == 1:
        return say("halls.all_open", day=shown, periods=periods(kept[0][1].periods))
    return say("halls.some_open", day=shown, halls=open_halls(there, day))


def _moment(said: str) -> time:
    return _PARTS.get(said) or time.fromisoformat(said)


def _of(hall: Hall, when: When, asked: Asked, halls: Sequence[Hall], at: datetime) -> list[str]:
    if isinstance(when, DaysOff):
        return _holiday(hall, when, at.date())
    kept = _on(hall, when)
    day = day_words(when, at.date())
    if kept.closed:
        return [closed_words(hall.name, kept, at.date()), *_after(hall, kept, halls, at.date())]
    if asked.topic in ("opens", "closes"):
        lines = [_edge(hall, kept, asked, day)]
    elif asked.clock:
        shown = say("halls.now", clock=asked.clock) if asked.now else ""
        lines = [_at(hall, kept, asked.clock, "" if asked.now else day, shown)]
    else:
        lines = [_open(hall, kept, day)]
    return [*lines, *_provisional(kept)]


def _holiday(hall: Hall, kept: DaysOff, today: date) -> list[str]:
    """Say how a holiday is kept, the days that are worked for it, and when it opens again."""
    days = day_words(kept.first, today)
    if kept.last != kept.first:
        days = say("halls.from_to", first=days, last=day_words(kept.last, today))
    key = "halls.holiday_by_law" if kept.provisional else "halls.holiday"
    lines = [say(key, hall=hall.name, holiday=kept.name, days=days)]
    if kept.worked:
        days = say("halls.and").join(day_words(day, today) for day in kept.worked)
        lines.append(say("halls.holiday_worked", days=days))
    return [*lines, *_next(hall, _on(hall, kept.last), today)]


def _after(hall: Hall, kept: Opening, halls: Sequence[Hall], today: date) -> list[str]:
    """Say which other halls are open on a day on which this one is closed, and when it opens."""
    others = open_halls([one for one in halls if one != hall], kept.day)
    lines = [say("halls.others", halls=others)] if others else []
    return [*lines, *_next(hall, kept, today), *_provisional(kept)]


def closed_words(hall: str, kept: Opening, today: date) -> str:
    """Say that a hall is closed on a day, and why."""
    return say(f"halls.closed.{kept.closed}", hall=hall, day=day_words(kept.day, today),
               holiday=kept.holiday)  # fmt: skip


def open_halls(halls: Sequence[Hall], day: date) -> str:
    """Name the halls that are open on a day, with their hours; an empty text without any."""
    return say("halls.and").join(
        say("halls.one_of_others", hall=hall.name, periods=periods(one.periods))
        for hall, one in _kept(halls, day) if one.periods
    )  # fmt: skip


def _next(hall: Hall, kept: Opening, today: date) -> list[str]:
    if kept.next_open is None:
        return []
    then = _on(hall, kept.next_open)
    return [say("halls.next", day=day_words(then.day, today), periods=periods(then.periods))]


def _open(hall: Hall, kept: Opening, day: str) -> str:
    key = "halls.worked" if kept.holiday else "halls.open"
    return say(key, hall=hall.name, day=day, periods=periods(kept.periods), holiday=kept.holiday)


def _edge(hall: Hall, kept: Opening, asked: Asked, day: str) -> str:
    """Say when a hall opens or closes, each half of the day or the one that is asked about."""
    halves = _half(kept.periods, asked.clock)
    edges = [clock(one.opens if asked.topic == "opens" else one.closes) for one in halves]
    if len(edges) == 2:
        return say(f"halls.{asked.topic}.two", hall=hall.name, day=day, first=edges[0],
                   second=edges[1])  # fmt: skip
    return say(f"halls.{asked.topic}.one", hall=hall.name, day=day, only=edges[-1])


def _half(kept: Sequence[Period], part: str) -> Sequence[Period]:
    """Return the periods of a half of the day, all of them where none is asked about."""
    if part not in ("morning", "afternoon"):
        return kept
    chosen = [one for one in kept if (one.opens < _NOON) == (part == "morning")]
    return chosen or kept


def _at(hall: Hall, kept: Opening, said: str, day: str, shown: str = "") -> str:
    """Say whether somebody serves at an hour or in a part of the day."""
    moment = _moment(said)
    when = shown or (say(f"halls.part.{said}") if said in _PARTS else clock(moment))
    told = {"hall": hall.name, "day": day, "when": when}
    if inside := kept.at(moment):
        return say("halls.at.open", **told, period=inside)
    later = [one for one in kept.periods if one.opens > moment]
    if not later:
        return say("halls.at.late", **told, closes=clock(kept.periods[-1].closes))
    key = "halls.at.early" if later == list(kept.periods) else "halls.at.gap"
    return say(key, **told, opens=clock(later[0].opens))


def _provisional(kept: Opening) -> list[str]:
    if not kept.provisional:
        return []
    return [say("halls.provisional", year=(kept.next_open or kept.day).year)]


def periods(kept: Sequence[Period]) -> str:
    """Write periods as halls do: 9:00–12:00，13:30–17:00."""
    return say("halls.then").join(str(one) for one in kept)


def day_words(day: date, today: date) -> str:
    """Say a day with its weekday, and with its year where it is not this one."""
    key = "halls.day" if day.year == today.year else "halls.day_of_year"
    return say(key, year=day.year, month=day.month, day=day.day,
               weekday=entry("halls.weekdays")[day.weekday()])  # fmt: skip
