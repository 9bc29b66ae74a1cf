"""情况 What somebody has told of themselves, as far as benefits depend on it. Pure.

A fact is a yes or a no, or for `age` the least and the most it can be; "unknown" is an answer too,
so that nobody is asked twice. The facts are of one person: whoever goes on to speak of somebody
else starts anew.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from actions.texts import data_dir
from standards.acceptors.numerals import in_figures

Facts = dict[str, Any]
UNKNOWN = "unknown"
OLD = (60, 120)
# Who is spoken of; the first that is found.
_PEOPLE = re.compile(
    r"(我|他|她)?(妈|爸|爹|娘|母亲|父亲|老汉|公公|婆婆|岳父|岳母|爷爷|奶奶|外公|外婆|老伴|老公|老婆"
    r"|儿子|女儿|娃|孙子|孙女|哥|姐|弟|妹|叔|伯|姑|舅|邻居)"
)
_MYSELF = re.compile(r"我(自己|本人|今年|也|是|有|没|刚|现在|都|\d)")
_SAID_OF = re.compile(r"我|他|她|老人|娃|孩子|家里|屋头")
_YEARS = re.compile(r"(快|差不多)?(\d{1,3})(多|几|来)?(?:周岁|岁)(多)?")
_OLDER = re.compile(
    r"(?:今年|都|快|年满|满|已经|活到|[我他她妈爸娘伴公婆爷奶人])(\d{2,3})(多|几|来)?"
    r"(?!\d|[元块天号个平万级分点年月岁楼栋路])"
)
_BORN = re.compile(r"(19\d\d|20[0-2]\d|(?<!\d)\d\d)年(?:出?生|的)")
_BARE = re.compile(r"^\D{0,4}(\d{1,3})(多|几|来)?\D{0,3}$")
_ALONE = re.compile(r"(?:^|[,、。呢])(\d{2,3})(多|几|来)?了?(?=[,、。]|$)")
_ELDERLY = re.compile(r"老人|老年人|老太|老头|老爷子|老婆婆|退休|婆婆|爷爷|奶奶|外公|外婆")
_DENIED = re.compile(r"(?:不是|不算|没有?|没得|莫得|并非)$")
_ALMOST, _DECADE = "快", 9


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
    figured = in_figures(plain)
    found: Facts = {}
    if (age := _age(figured, today, asked=asked)) is not None:
        found["age"] = list(age)
    for name, rule in rules()["facts"].items():
        if (value := _told(rule.get("heard") or {}, plain, figured)) is not None:
            found[name] = value
    if found and (who := person_in(plain)):
        found["who"] = who
    return found


def told_of_somebody(text: str) -> bool:
    """Tell whether `text` speaks of a person at all; "办残疾证要什么" does not."""
    return bool(_SAID_OF.search(text))


def person_in(text: str) -> str:
    """Return who is spoken of; an empty string where that does not change."""
    if match := _PEOPLE.search(text):
        return match.group(2)
    return "self" if _MYSELF.search(in_figures(text)) else ""


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


def _age(figured: str, today: date, *, asked: bool) -> tuple[int, int] | None:
    """Return the least and the most the age can be; None when none is told."""
    if match := _YEARS.search(figured):
        almost, years, more, more_after = match.groups()
        return _about(int(years), almost or "", more or more_after or "")
    if match := _BORN.search(figured):
        year = int(match.group(1))
        year += 0 if year > len("00") * 100 else 1900
        return today.year - year, today.year - year
    if match := _OLDER.search(figured):
        almost = _ALMOST if figured[match.start()] == _ALMOST else ""
        return _about(int(match.group(1)), almost, match.group(2) or "")
    if asked and (match := _BARE.search(figured) or _ALONE.search(figured)):
        return _about(int(match.group(1)), "", match.group(2) or "")
    return OLD if _ELDERLY.search(figured) else None


def _about(years: int, almost: str, more: str) -> tuple[int, int]:
    if almost:
        return years - 1, years - 1
    return (years, years + _DECADE) if more else (years, years)
