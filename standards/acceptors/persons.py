"""称谓 Whom running speech names: kin, a side of a couple, oneself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from standards.acceptors.kin import KIN
from standards.acceptors.told import Role, Sex

_SIDES: tuple[tuple[Sex, Role, str], ...] = (
    ("male", "", r"他(?!们)|男(?=[\d一二三四五六七八九十今满是刚才])"),
    ("female", "", r"她(?!们)|女(?=[\d一二三四五六七八九十今满是刚才])"),
    ("", "", "佢|伊|渠"),
    ("", "self", r"我(?!们|家|屋|国)|俺(?!们|家)|本人|咱(?!们|家)|阮"),
)  # fmt: skip
_OWNER = r"(?:(?:我|俺|咱|他|她|阮)(?:们|家|屋里?)?的?)?"
# The longest word first, so that 妈妈 is not read as 妈 twice, nor 孙女婿 as 孙女.
_WORDS = sorted(
    ((word, at) for at, one in enumerate(KIN) for word in one.words),
    key=lambda one: -len(one[0]),
)
_NAMED = "|".join(f"(?P<k{at}_{place}>{word})" for place, (word, at) in enumerate(_WORDS))
_MENTION = re.compile(
    f"{_OWNER}(?:{_NAMED})|"
    + "|".join(f"(?P<s{at}>{words})" for at, (_, _, words) in enumerate(_SIDES))
)
# The one somebody speaks of may follow: 三岁的娃, 46年生的老人.
_LINK = re.compile(r"(?:的|大的?|生的|了的?)?")


@dataclass(frozen=True)
class Person:
    """Somebody named in `text[start:end]`; `kin` is the same word for the same relative."""

    word: str
    kin: str
    sex: Sex
    role: Role
    start: int
    end: int


def find(text: str) -> list[Person]:
    """Return everybody named in a plain text, in its order."""
    return [_person(match) for match in _MENTION.finditer(text)]


def about_child(text: str) -> bool:
    """Tell whether words, such as the question of a field, are about a child."""
    return "学生" in text or any(one.role == "child" for one in find(text))


def spoken_of(people: Sequence[Person], text: str, start: int, end: int) -> Person | None:
    """Return of whom something in `text[start:end]` is said, None where nobody was named."""
    link = _LINK.match(text, end)
    after = link.end() if link else end
    behind = next((one for one in people if one.start == after and one.role == "child"), None)
    if behind is not None:
        return behind
    before = [one for one in people if one.end <= start]
    return before[-1] if before else None


def _person(match: re.Match[str]) -> Person:
    name = str(match.lastgroup)
    at = int(name[1:].partition("_")[0])
    if name[0] == "k":
        kin = KIN[at]
        return Person(match.group(), kin.words[0], kin.sex, kin.role, *match.span())
    sex, role, _ = _SIDES[at]
    return Person(match.group(), role, sex, role, *match.span())
