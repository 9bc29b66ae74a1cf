"""指南的一行 The lines of a service guide: what can be cited, each with a key of its own.

The ear ranks them for a question, the clerk quotes them. A key names the place of a line, so that
it stays while words are edited: `conditions.2`, `materials.0`, `time`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

SITUATIONS = "situations"
SUMMARY = "summary"
KINDS = ("basis", "conditions", "materials", "forms", "procedure", "time", "place", "fee",
         SITUATIONS, SUMMARY)  # fmt: skip

_PART = 3
# What is done with anything; a title is not told from another by these words.
_ANYTHINGS = re.compile("申请|登记|申领|办理|首次")
_OWN = 2


@dataclass(frozen=True)
class GuideLine:
    """One line of a guide.

    Attributes:
        key: its place: kind, and number from 0 where there are several.
        kind: one of `KINDS`.
        heard: its words as questions are compared with them.
        parts: what it says, each a statement of its own that can be quoted.
        typed: kinds of the conditions it states (data/schemas/catalogue.schema.json).
    """

    key: str
    kind: str
    heard: str
    parts: tuple[str, ...]
    typed: frozenset[str] = frozenset()


def lines_of(item: Mapping[str, Any]) -> list[GuideLine]:
    """Return the lines of an item as data/schemas/catalogue.schema.json describes it.

    What the item is called stands in any of them and says nothing of a line, so it is not heard.
    """
    called = names_of(item)
    typed: dict[str, set[str]] = {}
    for entry in item.get("typed") or ():
        typed.setdefault(str(entry["line"]), set()).add(str(entry["kind"]))
    return [
        replace(
            line,
            heard=without(line.heard, called),
            typed=frozenset(typed.get(line.key, ())),
        )
        for line in _lines(item)
    ]


def line_at(item: Mapping[str, Any], key: str) -> Any:
    """Return what an item has at a key (`conditions.1`, `situations.0`, `fee`), or None."""
    kind, _, place = key.partition(".")
    found = (item if kind in (SITUATIONS, SUMMARY) else item["elements"]).get(kind)
    if not place:
        return found
    return found[int(place)] if found and int(place) < len(found) else None


def names_of(item: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what an item is called, the longest first."""
    return tuple(sorted((item["name"], *(item.get("aliases") or ())), key=len, reverse=True))


def without(text: str, names: Iterable[str]) -> str:
    """Return a text without the names in it, or the text where nothing else would be left.

    Of a name that stands there in part the longest part goes, if it is long enough to be no
    common word.
    """
    left = text
    for name in names:
        left = left.replace(name, "")
    for name in names:
        part = longest_shared(left, name)
        if len(part) >= _PART:
            left = left.replace(part, "")
    return left if any(sign.isalnum() for sign in left) else text


def longest_shared(text: str, name: str) -> str:
    """Return the longest part of a name that stands in a text."""
    found = SequenceMatcher(None, text, name, autojunk=False).find_longest_match(
        0, len(text), 0, len(name)
    )
    return text[found.a : found.a + found.size]


def named_part(text: str, title: str) -> str:
    """Return the part of a title by which a text names it, or an empty string.

    Words that stand in any title (申请, 登记) name none.
    """
    part = longest_shared(text, title)
    named = len(part) >= _PART and len(_ANYTHINGS.sub("", part)) >= _OWN
    return part if named else ""


def shared_pairs(text: str, other: str) -> int:
    """Return how many pairs of neighbouring signs of a text stand in another, each counted once."""
    return sum(pair in other for pair in {text[at : at + 2] for at in range(len(text) - 1)})


def _lines(item: Mapping[str, Any]) -> list[GuideLine]:
    elements: Mapping[str, Any] = item.get("elements") or {}
    return [
        *_listed("basis", elements.get("basis"), _law),
        *_listed("conditions", elements.get("conditions"), lambda words: ("", str(words))),
        *_listed("materials", elements.get("materials"), _material),
        *_listed("forms", elements.get("forms"), _form),
        *_listed("procedure", elements.get("procedure"), _step),
        *_single("time", elements.get("time"), ("promised", "statutory", "note"), "多久办好"),
        *_single("place", elements.get("place"), ("address", "hours", "note"), "在哪里办"),
        *_single("fee", elements.get("fee"), ("text",), "收费"),
        *_listed(SITUATIONS, item.get(SITUATIONS), _situation),
        *_single(SUMMARY, item, (SUMMARY,), ""),
    ]


def _listed(kind: str, entries: Any, told: Any) -> Iterator[GuideLine]:
    for place, entry in enumerate(entries or ()):
        more, *parts = told(entry)
        heard = "，".join(part for part in (*parts, more) if part)
        yield GuideLine(f"{kind}.{place}", kind, heard, tuple(part for part in parts if part))


def _single(kind: str, entry: Any, keys: tuple[str, ...], asked: str) -> Iterator[GuideLine]:
    parts = tuple(str(entry[key]) for key in keys if (entry or {}).get(key))
    if parts:
        yield GuideLine(kind, kind, "，".join(part for part in (asked, *parts) if part), parts)


def _law(law: Mapping[str, Any]) -> tuple[str, ...]:
    return "", str(law["name"]) + str(law.get("article") or "")


def _material(entry: Mapping[str, Any]) -> tuple[str, ...]:
    counts = f"原件{entry.get('original') or 0}份，复印件{entry.get('copies') or 0}份"
    more = "，".join(part for part in (counts, str(entry.get("from") or "")) if part)
    return more, _noted(str(entry["name"]), entry.get("note"))


def _form(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return "", _noted(str(entry["name"]), entry.get("note"))


def _step(entry: Mapping[str, Any]) -> tuple[str, ...]:
    told = (entry["step"], entry.get("who"), entry.get("takes"))
    return "", "，".join(str(part) for part in told if part)


def _situation(entry: Mapping[str, Any]) -> tuple[str, ...]:
    papers = "、".join(map(str, entry.get("materials") or ()))
    return papers, _noted(str(entry["name"]), entry.get("note"))


def _noted(name: str, note: object) -> str:
    return f"{name}：{note}" if note else name
