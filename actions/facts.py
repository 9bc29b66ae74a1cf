"""情况 What somebody has told of themselves, as far as benefits depend on it. Pure.

A fact is a yes or a no, or for `age` the least and the most it can be; "unknown" is an answer too,
so that nobody is asked twice. The facts are of one person: whoever goes on to speak of somebody
else starts anew.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import yaml

from actions.paid_in import into_housing, is_paid
from actions.texts import data_dir
from standards.acceptors import circumstances, persons
from standards.acceptors.circumstances import Circumstances
from standards.acceptors.numerals import between, in_figures
from standards.acceptors.plain import plain_signs
from standards.acceptors.told import Told

Facts = dict[str, Any]
UNKNOWN = "unknown"
SELF = "self"
# Ages of those who were spoken of beside the one the facts are of, by who they are.
OTHERS = "others"
# Facts that are somebody's even where nobody is named: 八十三了, 户口本区的.
PERSONAL = ("age", "local", "farmer")
OLD = (60, 120)
_MYSELF = re.compile(r"我(自己|本人|今年|也|是|有|没|刚|现在|都|\d)")
_SAID_OF = re.compile(r"我|他|她|老人|娃|孩子|家里|屋头")
_DENIED = re.compile(r"(?:不是|不算|没有?|没得|莫得|并非)$")
# Whom somebody speaks of without saying of which of their own.
_ANYBODY = ("老人", "孩子", "父母", "邻居")
_A_YEAR = {"years": 1, "months": 12, "days": 366}
# Where the hukou is and of what kind, as the facts that follow.
_HUKOU = {"local": ("local", True), "elsewhere": ("local", False), "rural": ("farmer", True),
          "urban": ("farmer", False)}  # fmt: skip


@functools.lru_cache(maxsize=1)
def rules() -> dict[str, Any]:
    """Return the facts and the benefits of `data/eligibility.yml`."""
    path = data_dir() / "eligibility.yml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def heard(text: str, today: date, *, asked: bool = False) -> Facts:
    """Return the facts told in `text`.

    Args:
        text: what was said.
        today: the day of the turn.
        asked: True where somebody's situation is the subject: then a bare number is an age.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    told = circumstances.read(text, today, age_asked=asked)
    found: Facts = {}
    if age := _age(plain, told, asked=asked):
        found["age"] = list(age)
    found.update(_HUKOU[one.value] for one in told.of_kind("hukou") if one.value in _HUKOU)
    figured = in_figures(plain)
    for name, rule in rules()["facts"].items():
        if name in found:
            continue
        if (value := _told(rule.get("heard") or {}, plain, figured)) is not None:
            found[name] = value
    # What is said in so many words goes before what a length of time lets conclude.
    found = {**dict.fromkeys(_lasting(text, told), True), **found}
    if found and (who := person_in(plain)):
        found["who"] = who
        if others := _others(told, who):
            found[OTHERS] = others
    return found


def turned_to(known: Mapping[str, Any] | None, text: str) -> Facts:
    """Return what was told before of somebody whom the talk now turns to ("那我妈呢")."""
    who = person_in(text)
    age = ((known or {}).get(OTHERS) or {}).get(who)
    return {"age": age, "who": who} if age else {}


def told_of_somebody(text: str) -> bool:
    """Tell whether `text` speaks of a person at all; "办残疾证要什么" does not."""
    return bool(_SAID_OF.search(text))


def person_in(text: str) -> str:
    """Return who is spoken of; an empty string where that does not change."""
    plain = plain_signs(text)
    named = (one.kin for one in persons.find(plain) if one.kin not in (*_ANYBODY, "", SELF))
    return next(named, SELF if _MYSELF.search(in_figures(plain)) else "")


def merged(known: Mapping[str, Any] | None, new: Mapping[str, Any]) -> Facts:
    """Return the facts after what is `new`; those of another person are forgotten."""
    known = known or {}
    other = new.get("who") and known.get("who") and new["who"] != known["who"]
    return {**({} if other else known), **new}


def _told(patterns: Mapping[str, Any], *forms: str) -> bool | None:
    """Return whether a fact is denied or told in one of the forms of a text; None for neither."""
    if any(re.search(pattern, form) for pattern in patterns.get("said_no", ()) for form in forms):
        return False
    for pattern in patterns.get("said_yes", ()):
        for form in forms:
            if match := re.search(pattern, form):
                return not _DENIED.search(form[: match.start()])
    return None


def _lasting(text: str, told: Circumstances) -> Iterator[str]:
    """Yield the facts that follow from what has lasted: years of 社保 are an insurance."""
    for one in told.of_kind("duration"):
        if one.of == "unemployed":
            yield "unemployed"
        elif one.of == "contribution" and _insures(text, one, told.told):
            yield "insured"


def _insures(text: str, one: Told, told: Sequence[Told]) -> bool:
    return is_paid(text, one, told) and not into_housing(text, one, told)


def _others(told: Circumstances, who: str) -> dict[str, list[int]]:
    """Return the ages of everybody else who was spoken of in the same breath."""
    return {
        one.kin: [int(one.low) // _A_YEAR[one.unit], int(one.high) // _A_YEAR[one.unit]]
        for one in told.of_kind("age")
        if one.kin and one.kin != who and one.low is not None and one.high is not None
    }


def _age(plain: str, told: Circumstances, *, asked: bool) -> tuple[int, int] | None:
    """Return the least and the most the age can be in years; None when none is told."""
    for one in told.of_kind("age"):
        counts = asked or one.who or between(one.words.rstrip("了")) is None
        if counts and one.low is not None and one.high is not None:
            return int(one.low) // _A_YEAR[one.unit], int(one.high) // _A_YEAR[one.unit]
    old = any(one.role == "old" for one in persons.find(plain_signs(plain)))
    return OLD if old or "退休" in plain else None
