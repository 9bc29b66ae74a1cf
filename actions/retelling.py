"""改口 What becomes of a description or a place when its teller corrects it. Pure."""

from __future__ import annotations

import re

from actions.draft import Draft, Sheet
from actions.texts import say
from actions.turn import Turn

# New words with one of these say what happened; without it they only name another thing.
_HAPPENED = re.compile(r"[了坏爆漏断破塌堵掉倒没不着响吵臭]")
# Said on top of what was told, not in its place.
_ON_TOP = re.compile(
    r"^(?:我们?|你们?|[他她它]们?|那[个家]?|这[个家]?)?"
    r"(还|也|又|另外|而且|再加|加上|补充|以及|并且|顺便)"
)
_PARTS = re.compile(r"(?<=[,，;；。])")
_MARKS = (",", "，", ";", "；", "。")
MORE = 5


def restated(told: str, old: str, new: str) -> str:
    """Return `told` with `new` in the place of `old`.

    What happened to the old thing is not said of the new one, when the new words tell themselves
    what happened; where it is stays ("青石路口的井盖没了" → "青石路口的水管爆了").
    """
    if not _HAPPENED.search(new) or _HAPPENED.search(old):
        return told.replace(old, new)
    parts = []
    for part in _PARTS.split(told):
        before, found, after = part.partition(old)
        mark = after[-1:] if after.endswith(_MARKS) else ""
        parts.append(before + new + mark if found else part)
    return "".join(parts)


def retold(draft: Draft, words: str) -> str:
    """Return the description after a correction that brings `words`: added or put in its place.

    Words that only name somebody or something never stand in the place of what happened.
    """
    told = draft.values.get("description", "")
    only_names = bool(_HAPPENED.search(told)) and not _HAPPENED.search(words)
    on_top = told and (only_names or adds(words))
    return say("report.joined", told=told, more=words) if on_top else words


def moved(draft: Draft, place: str) -> Draft:
    """Return `draft` with a new place in the description too, where that names the old one."""
    told, before = draft.values.get("description"), draft.values.get("place")
    if not told or not before:
        return draft
    return draft.having(values={**draft.values, "description": told.replace(before, place)})


def adds(words: str) -> bool:
    """Tell whether `words` are said on top of what was told."""
    return bool(_ON_TOP.match(words))


def field_retold(sheet: Sheet, turn: Turn) -> str | None:
    """Return which field of a report a correction speaks of without naming it, if it does."""
    words = turn.corrected
    if not sheet.of_kind("description") or len(words) < 2:
        return None
    place = turn.place_named
    if place and len(words) <= len(place) + MORE:
        return str(sheet.of_kind("place")[0]["name"])
    if turn.guessed in ("report_problem", "complain") or len(words) >= MORE:
        return str(sheet.of_kind("description")[0]["name"])
    return None
