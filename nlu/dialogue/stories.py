"""长话 Finds what a long dictated text is about, piece by piece. Pure but for the parse.

It has no stops, and one sentence vector blurs it. Read in pieces, most pieces name nothing; those
that do speak for what they name, and what most of them speak for is what the story asks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from dialogue.readings import ParseData, intent

Parse = Callable[[str], Awaitable[ParseData]]

LONG = 60
"""Characters from which a text is a story."""

WINDOW, STEP = 26, 13
"""Characters of a piece, and how far on the next one begins."""

MOST_PIECES = 32
"""Of more pieces half are read from the beginning and half from the end, where people ask."""

SAYS = 0.15
"""Chance from which a piece speaks for an item at all."""

VOICE, LEAD = 0.8, 1.4
"""Chances, added up, from which an item is what the story is about, and how far it must lead."""

# How people go on when they dictate; a piece begins there rather than in the middle of a word.
_GOES_ON = re.compile(
    r"[。？！；，、?!;,\s]+|(?=我?(?:就是)?想(?:问|咨询)|然后|但是|所以|因为|而且|还有|结果|后来|要是|如果"
    r"|不知道|听(?:说|人)|麻烦|请问|现在)"
)


async def told_at_length(parsed: ParseData, parse: Parse) -> ParseData:
    """Return the parse of a story with the item that its pieces speak for, if they agree.

    Args:
        parsed: the parse of the whole text.
        parse: the trained pipeline.
    """
    text = str(parsed["text"])
    read = [await parse(piece) for piece in pieces(text)]
    voices: Counter[str] = Counter()
    for one in read:
        for entry in _named(one):
            if entry["score"] >= SAYS:
                voices[str(entry["code"])] += entry["score"]
    ranked = voices.most_common(2)
    if not ranked or ranked[0][1] < VOICE:
        return parsed
    if len(ranked) > 1 and ranked[0][1] < LEAD * ranked[1][1]:
        return _several(parsed, read, [code for code, _ in voices.most_common(3)])
    return _about(parsed, read, ranked[0][0])


def pieces(text: str) -> list[str]:
    """Cut a text where people go on, and long parts into windows that overlap."""
    found: list[str] = []
    rest = ""
    for part in _GOES_ON.split(text):
        rest += part
        if len(rest) < STEP:
            continue
        starts = range(0, max(len(rest) - STEP, 1), STEP)
        found += [rest[at : at + WINDOW] for at in starts]
        rest = ""
    found += [rest] if rest else []
    if len(found) <= MOST_PIECES:
        return found
    return [*found[: MOST_PIECES // 2], *found[-MOST_PIECES // 2 :]]


def _named(parsed: ParseData) -> list[dict[str, Any]]:
    """Return what a piece names: items, or what another body does."""
    if other := parsed.get("elsewhere"):
        return [other]
    return list(parsed.get("items") or ()) if parsed.get("item_outcome") != "none" else []


def _about(parsed: ParseData, read: list[ParseData], code: str) -> ParseData:
    """Return the parse of a story that is about one thing."""
    speaks = max(read, key=lambda one: _chance(one, code))
    asked = Counter(one["element"] for one in read if one.get("element"))
    element = max(asked, key=asked.__getitem__) if asked else parsed.get("element")
    if speaks.get("elsewhere"):
        return {**parsed, **intent("ask_guide"), "elsewhere": speaks["elsewhere"],
                "element": element}  # fmt: skip
    items = _first([*speaks["items"]], code)
    return {**parsed, **intent("ask_guide"), "items": items, "item_outcome": "confident",
            "element": element}  # fmt: skip


def _several(parsed: ParseData, read: list[ParseData], codes: list[str]) -> ParseData:
    """Return the parse of a story whose pieces name several things alike: they are offered."""
    entries = {str(entry["code"]): entry for one in read for entry in one.get("items") or ()}
    items = [entries[code] for code in codes if code in entries]
    if not items:
        return parsed
    return {**parsed, **intent("ask_guide"), "items": items, "item_outcome": "ambiguous"}


def _chance(parsed: ParseData, code: str) -> float:
    return max((entry["score"] for entry in _named(parsed) if entry["code"] == code), default=0.0)


def _first(items: list[dict[str, Any]], code: str) -> list[dict[str, Any]]:
    return sorted(items, key=lambda entry: entry["code"] != code)
