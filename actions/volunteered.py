"""先说了的 What the sentence that opens a form tells: nobody is asked for it again. Pure."""

from __future__ import annotations

import re
from datetime import date

from actions.beside import also_told, names_beside, shares_word, told_by
from actions.draft import Draft, Field, Sheet
from actions.fields import looks_ahead
from actions.shapes import asks_name, whose
from standards.acceptors import dates, names

_PARTS = re.compile(r"[,，、;；。!！?？\s]+")
_DENIED = re.compile(r"(?:不是|没有?|别|莫|不)$")
_VAGUE = ("其他", "不清楚", "不知道")
# Shorter choices (有, 是) stand in any sentence.
LEAST = 2


def volunteered(sheet: Sheet, draft: Draft, text: str, today: date) -> dict[str, str]:
    """Return what the opening sentence tells for the fields of a form, by field name.

    Args:
        sheet: the form that opens.
        draft: what is filled in already.
        text: what was said ("我要补身份证，前天在车站被偷的").
        today: the day of the turn.
    """
    found = {**names_beside(sheet, draft, text, None), **also_told(sheet, draft, text, today)}
    if (asked := draft.current(sheet)) and asks_name(asked) and asked["name"] not in found:
        said = [one.name for one in names.told(text) if one.said and _is_of(one, asked)]
        found.update({str(asked["name"]): said[0]} if len(said) == 1 else {})
    for spec in sheet.of_kind("choice"):
        if not draft.has(spec) and (choice := _named(sheet, spec, text)):
            found[str(spec["name"])] = choice
    return {**found, **_day(sheet, draft, text, list(found.values()), today)}


def _is_of(told: names.ToldName, spec: Field) -> bool:
    return names.fits(told.whose, whose(spec)) >= names.SURE - 1 and told.whose != "helper"


def _named(sheet: Sheet, spec: Field, text: str) -> str | None:
    """Return the one choice whose words stand in the text and not in the name of the item."""
    said = []
    for choice in spec["choices"]:
        at = text.find(choice)
        if at < 0 or len(choice) < LEAST or choice in sheet.title or choice in _VAGUE:
            continue
        if not told_by(choice) or _DENIED.search(text[:at]):
            continue
        said.append(choice)
    return said[0] if len(said) == 1 else None


def _day(
    sheet: Sheet, draft: Draft, text: str, told: list[str], today: date
) -> dict[str, str]:  # fmt: skip
    """Return the day of what happened, where the form asks for one such day only."""
    asked = [spec for spec in sheet.of_kind("date") if not draft.has(spec) and _happened(spec)]
    if len(asked) != 1:
        return {}
    question = f"{asked[0]['label']}{asked[0]['ask']}"
    for part in _PARTS.split(text):
        day = dates.accept(part, today)
        about = shares_word(question, part) or any(value in part for value in told)
        if day.value and about and day.way != "lunar" and day.value <= today.isoformat():
            return {str(asked[0]["name"]): day.value}
    return {}


def _happened(spec: Field) -> bool:
    """Tell whether a field asks for a day that is gone, and not for a birthday."""
    return not looks_ahead(spec) and "生" not in str(spec["label"]).replace("发生", "")
