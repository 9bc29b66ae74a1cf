"""办事指南 Puts the eight elements of an item into plain words; the catalogue is the ground."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from actions.catalogue import ELEMENTS, Item
from actions.texts import entry, say

Section = tuple[str, Sequence[str]]
# The first line names this many things; the card shows all.
NAMED = 3


def first_line(item: Item, element: str) -> str:
    """Return the sentence that answers, or that honestly says the guide is silent."""
    content = item["elements"].get(element)
    if not content:
        return say("guide.silent", item=item["name"], element=title(element), **contact(item))
    return _FIRST[element](item, content)


def section(item: Item, element: str) -> Section:
    """Return the details of an element as lines."""
    content = item["elements"].get(element)
    return (title(element), _LINES[element](content) if content else [])


def title(element: str) -> str:
    """Return the element's name in plain words."""
    return say(f"guide.element.{element}")


def source(item: Item, element: str | None) -> dict[str, Any]:
    """Return where the answer comes from."""
    basis = [_law(law) for law in item["elements"].get("basis") or ()]
    found = {
        "item_code": item["code"], "item_name": item["name"], "element": element,
        "version": item.get("version"), "basis": "、".join(basis),
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def contact(item: Item) -> dict[str, str]:
    """Return whom to ask: the department, and its phone where it is known."""
    phone = item.get("department_phone")
    return {
        "department": item["department"],
        "ask": say("guide.call", department=item["department"], phone=phone)
        if phone
        else say("guide.call_hall"),
    }


def situations(item: Item) -> Section:
    """Return the special situations and what they need."""
    return (say("guide.situations"), [situation(case) for case in item.get("situations") or ()])


def situation(case: Mapping[str, Any]) -> str:
    """Return one special situation, what it needs, and what is noted of it."""
    parts = (case["name"], "、".join(case.get("materials") or ()))
    words = "：".join(part for part in parts if part)
    return f"{words}（{case['note']}）" if case.get("note") else words


def known(item: Item) -> list[str]:
    """Return the elements the guide has something to say about."""
    return [element for element in ELEMENTS if item["elements"].get(element)]


def material(entry: dict[str, Any]) -> str:
    """Return a material with how many originals and copies of it."""
    counts = []
    if entry.get("original"):
        counts.append(say("guide.original", count=entry["original"]))
    if entry.get("copies"):
        counts.append(say("guide.copies", count=entry["copies"]))
    note = f"（{entry['note']}）" if entry.get("note") else ""
    return " ".join([entry["name"], *counts]) + note


def _law(law: dict[str, Any]) -> str:
    return str(law["name"]) + str(law.get("article") or "")


def _materials(item: Item, content: list[dict[str, Any]]) -> str:
    names = "、".join(entry["name"] for entry in content[:NAMED])
    more = say("guide.and_more", count=len(content)) if len(content) > NAMED else ""
    return say("guide.first.materials", item=item["name"], names=names, more=more)


def _procedure(item: Item, content: list[dict[str, Any]]) -> str:
    steps = " → ".join(step["step"] for step in content)
    who = content[0].get("who")
    lead = say("guide.first.step", step=content[0]["step"], who=who) if who else ""
    return lead + say("guide.first.procedure", count=len(content), steps=steps)


def _time(item: Item, content: dict[str, Any]) -> str:
    note = str(content.get("note") or "").rstrip("。；;")
    return _duration(item, content) + (say("guide.first.note", note=note) if note else "")


def _duration(item: Item, content: dict[str, Any]) -> str:
    if item.get("instant"):
        return say("guide.first.instant", item=item["name"])
    days = item.get("promised_working_days")
    promised = content.get("promised") or (say("guide.working_days", days=days) if days else "")
    if not promised:
        return say("guide.silent", item=item["name"], element=title("time"), **contact(item))
    if not days or say("guide.working_days", days=days) not in promised:
        # Other words than so many working days are told as they are, without a reckoning.
        return say("guide.first.time_told", item=item["name"], promised=promised)
    return say("guide.first.time", item=item["name"], promised=promised, about=about(days))


def promise(item: Item) -> str | None:
    """Return how long it takes in a few words, None where the guide does not say."""
    if item.get("instant"):
        return say("guide.at_once")
    told = (item["elements"].get("time") or {}).get("promised")
    days = item.get("promised_working_days")
    return told or (say("guide.working_days", days=days) if days else None)


def about(working_days: int) -> str:
    """Return how long that many working days are on the calendar, roughly."""
    if working_days < 5:
        return say("guide.about_days")
    if working_days < 18:
        return say("guide.about_weeks", count=numeral(round(working_days / 5)))
    return say("guide.about_months", count=numeral(max(1, round(working_days / 21))))


def numeral(count: int) -> str:
    """Return a count as it is said before a measure word."""
    numerals = entry("guide.numerals")
    return str(numerals[count]) if count < len(numerals) else f" {count} "


def _place(item: Item, content: dict[str, Any]) -> str:
    return say("guide.first.place", address=content.get("address") or item["department"],
               hours=f"，{content['hours']}" if content.get("hours") else "")  # fmt: skip


def _fee(item: Item, content: dict[str, Any]) -> str:
    if content.get("amount") == 0 and len(content["text"]) <= len(say("guide.free_word")) + 1:
        return say("guide.first.free_plain", item=item["name"])
    if content.get("amount") == 0 and say("guide.free_word") not in content["text"]:
        return say("guide.first.free", item=item["name"], text=content["text"])
    return say("guide.first.fee", text=content["text"].rstrip("。"))


_FIRST: dict[str, Callable[[Item, Any], str]] = {
    "basis": lambda item, laws: say("guide.first.basis", laws="、".join(map(_law, laws))),
    "conditions": lambda item, lines: say(
        "guide.first.conditions", item=item["name"], first=lines[0].rstrip("。；;")
    ),
    "materials": _materials,
    "forms": lambda item, forms: say(
        "guide.first.forms", names="、".join(form["name"] for form in forms)
    ),
    "procedure": _procedure,
    "time": _time,
    "place": _place,
    "fee": _fee,
}


def _numbered(lines: Sequence[str]) -> list[str]:
    return (
        [f"{place}. {line}" for place, line in enumerate(lines, 1)]
        if len(lines) > 1
        else list(lines)
    )


def present(*parts: object) -> str:
    """Join what there is of several parts."""
    return "，".join(str(part) for part in parts if part)


_LINES: dict[str, Callable[[Any], list[str]]] = {
    "basis": lambda laws: [_law(law) for law in laws],
    "conditions": _numbered,
    "materials": lambda entries: _numbered([material(entry) for entry in entries]),
    "forms": lambda forms: [present(form["name"], form.get("note")) for form in forms],
    "procedure": lambda steps: _numbered(
        [present(step["step"], step.get("who"), step.get("takes")) for step in steps]
    ),
    "time": lambda time: [
        line
        for line in (
            say("guide.promised", text=time["promised"]) if time.get("promised") else "",
            say("guide.statutory", text=time["statutory"]) if time.get("statutory") else "",
            time.get("note") or "",
        )
        if line
    ],
    "place": lambda place: [
        line for line in (place.get("address"), place.get("hours"), place.get("note")) if line
    ],
    "fee": lambda fee: [line for line in (fee["text"], fee.get("basis")) if line],
}
