"""条件的话 Puts a line of a guide, what was told and the verdict into a plain sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from actions import guide_text
from actions.texts import entry, say
from standards.acceptors.numerals import written
from standards.acceptors.told import Told
from standards.conditions import (
    Age,
    BeforeExpiry,
    Condition,
    Count,
    Deadline,
    Duration,
    Every,
    Hukou,
    Online,
    Presence,
    Proxy,
    Season,
    Validity,
    Verdict,
)
from standards.guide_lines import line_at
from standards.periods import Gap

_DENIAL = re.compile("[没未不]")
_FIRST_PERSON = ("我们", "我", "俺", "咱", "本人", "阮")


def line_text(item: Mapping[str, Any], key: str) -> str:
    """Return a line of an item's guide as it stands; an empty string where there is none."""
    found = line_at(item, key)
    if not found:
        return ""
    words = found if isinstance(found, str) else _WRITTEN[key.partition(".")[0]](found)
    return words.rstrip("。；; ")


def quote(item: Mapping[str, Any], key: str) -> str:
    """Return the sentence that quotes a line."""
    return say("guide.decided.quote", line=line_text(item, key))


def verdict(condition: Condition, told: Told, judged: Verdict, on: date | None) -> str:
    """Return what was told and what follows from it, in one clause.

    Args:
        condition: what the line states.
        told: what was told.
        judged: what follows.
        on: the day it was reckoned on, where that is not today.
    """
    day = say("guide.decided.by_the", day=on.isoformat()) if on else ""
    return say("guide.decided.told", who=_who(condition, told), told=_told(told),
               verdict=day + _judged(condition, told, judged))  # fmt: skip


def literal(condition: Condition) -> str:
    """Return the answer a condition gives by itself; an empty string where it gives none."""
    told = _LITERAL.get(type(condition))
    words = told(condition) if told else ""
    if not words or not condition.when:
        return words
    return say("guide.decided.literal.when", when=condition.when) + words


_WRITTEN: dict[str, Callable[[Any], str]] = {
    "materials": guide_text.material,
    "situations": guide_text.situation,
    "procedure": lambda step: guide_text.present(step["step"], step.get("who"), step.get("takes")),
    "time": lambda time: guide_text.present(
        time.get("promised"), time.get("statutory"), time.get("note")
    ),
    "place": lambda place: guide_text.present(
        place.get("address"), place.get("hours"), place.get("note")
    ),
    "fee": lambda fee: str(fee["text"]),
}


def _who(condition: Condition, told: Told) -> str:
    """Return whom the verdict is about, as the citizen called them."""
    you = say("guide.decided.you")
    if isinstance(condition, Age) and condition.sex and not told.sex:
        return say(f"guide.decided.if_{condition.sex}")
    for mine in _FIRST_PERSON:
        if told.who.startswith(mine):
            return you + told.who[len(mine) :]
    return told.who or ("、".join(condition.who) if isinstance(condition, Age) else "") or you


def _told(told: Told) -> str:
    """Return a circumstance as it is told back."""
    if told.kind == "age":
        return age(told)
    if told.kind == "hukou":
        return say(f"guide.decided.hukou.{told.value}")
    if told.kind == "duration" and told.since:
        return _lasted(told)
    if told.kind in ("count", "amount"):
        return say("guide.decided.number", amount=_range(told), unit=told.unit)
    return say("guide.decided.said", value=told.value)


def age(told: Told) -> str:
    """Return an age as it is told back (19岁10个月)."""
    if told.words.endswith("半"):
        return say("guide.decided.below", value=told.words) if _is_below(told) else told.words
    if _is_below(told):
        below = say(f"guide.decided.age_{told.unit}", count=written((told.high or Decimal(0)) + 1))
        return say("guide.decided.below", value=below)
    if told.unit == "months" and not told.is_range and told.low and told.low >= 24:
        years, months = divmod(int(told.low), 12)
        words = say("guide.decided.age_years", count=years)
        return words + (say("guide.decided.age_months", count=months) if months else "")
    return say(f"guide.decided.age_{told.unit}", count=_range(told))


def _lasted(told: Told) -> str:
    if told.dated and told.since:
        day = told.since[0].isoformat() if told.exact else told.words
        return say(f"guide.decided.{'ends_day' if told.of == 'expires' else 'since_day'}", day=day)
    if told.of == "expires":
        return say("guide.decided.said", value=told.words + told.value)
    if _is_below(told) and not _DENIAL.search(told.words):
        return say("guide.decided.below", value=told.words)
    return told.words if told.value in told.words and told.value else _already(told)


def _is_below(told: Told) -> bool:
    """Tell whether it was only told what is not reached (没满半年)."""
    return told.low == 0 and told.is_range


def _already(told: Told) -> str:
    return say("guide.decided.already", value=told.words)


def _range(told: Told) -> str:
    low, high = (written(limit) for limit in (told.low or Decimal(0), told.high or Decimal(0)))
    return low if low == high else say("guide.decided.to", low=low, high=high)


def _judged(condition: Condition, told: Told, judged: Verdict) -> str:
    """Return the verdict in words."""
    word = "guide.decided.verdict."
    missing = _missing(condition, told, judged)
    if judged.state in ("short", "over") and isinstance(condition, Count):
        return say(f"{word}missed")
    if judged.amount is not None:
        amount = say("guide.decided.number", amount=written(judged.amount), unit=told.unit)
        amount = (say("guide.decided.at_least") if told.is_range else "") + amount
        return say(f"{word}too_{'few' if judged.state == 'short' else 'many'}", amount=amount)
    if judged.state == "short":
        return _short(condition, told, judged, missing)
    if judged.state == "over" and isinstance(condition, BeforeExpiry):
        return say(f"{word}{'late' if told.of == 'expires' else 'ended'}")
    if judged.state == "holds":
        return _met(condition, missing)
    return say(f"{word}{judged.state}", gap=missing)


def _missing(condition: Condition, told: Told, judged: Verdict) -> str:
    """Return how much time is missing or too much, in words; an empty string where that is none."""
    by = judged.by
    if by and told.dated and not told.exact and (by.years or by.months):
        by = Gap(by.years, by.months)
    words = gap(by, age=isinstance(condition, Age)) if by else ""
    if not words or not told.is_range:
        return words
    # What is missing is reckoned from the least that was told.
    most = judged.state == "short" and not isinstance(condition, BeforeExpiry)
    return say(f"guide.decided.{'at_most' if most else 'at_least'}") + words


def _short(condition: Condition, told: Told, judged: Verdict, missing: str) -> str:
    word = "guide.decided.verdict."
    if isinstance(condition, BeforeExpiry):
        return say(f"{word}early", gap=missing)
    if _is_below(told):
        return say(f"{word}not_enough")
    if judged.on:
        return say(f"{word}short_on", gap=missing, day=judged.on.isoformat())
    return say(f"{word}short", gap=missing)


def _met(condition: Condition, left: str) -> str:
    word = "guide.decided.verdict."
    if isinstance(condition, Deadline | BeforeExpiry):
        return say(f"{word}in_time_left", gap=left) if left else say(f"{word}in_time")
    if not condition.when:
        return say(f"{word}holds")
    reached = isinstance(condition, Age | Duration) and condition.max is None
    return say(f"{word}{'reached' if reached else 'holds_when'}")


def gap(missing: Gap, *, age: bool = False) -> str:
    """Return a length of time in words, the two largest parts of it."""
    counts = {"years": missing.years, "months": missing.months, "days": missing.days}
    named = [name for name, count in counts.items() if count][:2]
    if age and named == ["years"]:
        return say("guide.decided.age_years", count=number(missing.years))
    return "零".join(
        say(f"guide.decided.some_{name}", count=number(counts[name])) for name in named
    )


def number(count: int | Decimal) -> str:
    """Return a small whole number in characters, any other in figures."""
    numerals = entry("guide.numerals")
    if count == int(count) and 0 <= count < len(numerals):
        return str(numerals[int(count)])
    return f" {written(Decimal(count))} "


def _span(count: Decimal, unit: str) -> str:
    words = say(f"guide.decided.span.{unit}", count=number(count))
    return f" {words}" if words[0].isdigit() else words


def _proxy(proxy: Proxy) -> str:
    if not proxy.allowed:
        return say("guide.decided.literal.proxy_no")
    if not proxy.needs:
        return say("guide.decided.literal.proxy_yes")
    return say("guide.decided.literal.proxy_needs", needs="、".join(proxy.needs))


def _validity(validity: Validity) -> str:
    if validity.lasts is None:
        return say("guide.decided.literal.forever", of=validity.of)
    span = _span(validity.lasts, validity.unit)
    return say("guide.decided.literal.validity", of=validity.of, span=span)


def _before(expiry: BeforeExpiry) -> str:
    first, last = (
        _span(limit, expiry.unit) if limit is not None else ""
        for limit in (expiry.start, expiry.stop)
    )
    if first and last:
        return say("guide.decided.literal.before_both", first=first, last=last)
    if first:
        return say("guide.decided.literal.before", span=first)
    return say("guide.decided.literal.before_last", span=last)


def _day(day: str) -> str:
    month, _, number_of = day.partition("-")
    words = say("guide.decided.month", month=int(month))
    return words + (say("guide.decided.day", day=int(number_of)) if number_of else "")


_LITERAL: dict[type[Condition], Callable[[Any], str]] = {
    Proxy: _proxy,
    Presence: lambda one: say("guide.decided.literal.presence", who="、".join(one.who)),
    Online: lambda one: say(f"guide.decided.literal.online_{'yes' if one.possible else 'no'}"),
    Hukou: lambda one: say(f"guide.decided.literal.hukou_{one.local}"),
    Validity: _validity,
    Every: lambda one: say("guide.decided.literal.every", span=_span(one.each, one.unit)),
    Season: lambda one: say(
        "guide.decided.literal.season", start=_day(one.start), stop=_day(one.stop)
    ),
    Deadline: lambda one: say("guide.decided.literal.deadline", after=one.after,
                              span=_span(one.within, one.unit)),
    BeforeExpiry: _before,
}  # fmt: skip
