"""顺带说的 Finds what an answer tells beside what was asked: people, numbers, choices. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from actions.draft import Draft, Field, Sheet
from actions.fields import Reading, looks_like_address, match_choice, read, read_name, synonyms
from actions.shapes import asks_name, shape_of, whose
from standards import id_number
from standards.acceptors import documents, heads, money, names, phones
from standards.acceptors.choices import points

_PARTS = re.compile(r"[,，、;；。\s]+")
_LIVES = re.compile("住|户口在|地址|房子在|店在")
_PEOPLE = re.compile("[口人]")
# A part this short may be the name of a choice; a longer one is a sentence.
SHORT = 8
# Words of yes and no: what is left of a choice without them tells what it is about.
_EMPTY = re.compile(r"[有没得无不是要用还了的吧嘛啊呀我]|莫得")


def loose_values(text: str) -> dict[str, str]:
    """Return the ID number and the phone that stand anywhere in `text`, by kind."""
    found = {"id_number": documents.stands_in(text)}
    found["phone"] = next(iter(phones.stand_in(text)), "")
    return {kind: value for kind, value in found.items() if value}


def also_said(
    sheet: Sheet, draft: Draft, text: str, skip: str, today: date, *, strict: bool
) -> dict[str, str]:
    """Return values of other open fields that were said in the same message, by field name.

    Args:
        sheet: the form.
        draft: what is filled in.
        text: the message.
        skip: the field that was asked for.
        today: the day of the turn.
        strict: True where the message already answers what was asked, or tries to; then a choice
            must stand there as the form writes it, because a name may look like anything.
    """
    asked = sheet.field(skip)
    # Elsewhere "孩子叫车撞了" is a story.
    found = names_beside(sheet, draft, text, asked) if asked and asks_name(asked) else {}
    loose = loose_values(text)
    parts = [part for part in _PARTS.split(text) if part]
    for spec in sheet.fields:
        name = str(spec["name"])
        if name == skip or name in found or draft.has(spec):
            continue
        of_asked = bool(asked) and whose(spec) == whose(asked or {})
        value = _beside(sheet, draft, spec, loose, parts, today, strict, of_asked=of_asked)
        if value:
            found[name] = value
    return found


def also_told(sheet: Sheet, draft: Draft, text: str, today: date) -> dict[str, str]:
    """Return the numbers, the counts and the address that an opening sentence tells, by field."""
    loose = loose_values(text)
    parts = [part for part in _PARTS.split(text) if part]
    found: dict[str, str] = {}
    for spec in sheet.of_kind("id_number", "phone", "number"):
        value = _beside(sheet, draft, spec, loose, parts, today, True)
        if value and not draft.has(spec):
            found[str(spec["name"])] = value
    places = sheet.of_kind("address")
    at_home = [part for part in parts if _LIVES.search(part)]
    if len(places) == 1 and not draft.has(places[0]) and (address := _address_in(at_home)):
        found[str(places[0]["name"])] = address
    return found


def _beside(
    sheet: Sheet, draft: Draft, spec: Field, loose: Mapping[str, str], parts: list[str],
    today: date, strict: bool, *, of_asked: bool = False,
) -> str | None:  # fmt: skip
    """Return the value of one open field that an answer to another one tells."""
    kind = str(spec["kind"])
    if kind in loose:
        # With several people in a form, a number is that of whom was asked for.
        alone = of_asked or len(_open_of_kind(sheet, draft, kind)) == 1
        return loose[kind] if alone and _is_new(sheet, draft, spec, loose[kind], today) else None
    if kind == "choice":
        return plain_choice(spec, parts, strict=strict)
    if kind == "address" and loose:
        return _address_in(parts)
    if kind == "number":
        return _counted_in(spec, parts, today)
    return None


def names_beside(sheet: Sheet, draft: Draft, text: str, asked: Field | None) -> dict[str, str]:
    """Return the names of other people the form asks for ("我叫方敏，幺儿叫杜可欣"), by field."""
    found: dict[str, str] = {}
    told = [one for one in names.told(text) if one.whose and one.said]
    mine = read_here(sheet, asked, text).value if asked else None
    for spec in sheet.fields:
        if spec is asked or draft.has(spec) or not asks_name(spec):
            continue
        for one in told:
            fits = names.fits(one.whose, whose(spec)) == names.SURE
            if fits and one.name != mine and one.name not in found.values():
                found[str(spec["name"])] = one.name
                break
    return found


def read_here(sheet: Sheet, spec: Field, text: str, *, insisted: bool = False) -> Reading:
    """Read a name, which is that of nobody the form asks for in another field."""
    elsewhere = {whose(other) for other in sheet.fields if other is not spec and asks_name(other)}
    return read_name(spec, text, elsewhere=elsewhere - {whose(spec), "", "self"}, insisted=insisted)


def names_other_choice(sheet: Sheet, draft: Draft, spec: Field, text: str) -> bool:
    """Tell whether a text is nothing but a choice of another open field ("社会保障卡")."""
    plain = text.strip(" ，,。.")
    if looks_like_address(plain) or len(plain) > SHORT:
        return False
    open_choices = [other for other in sheet.of_kind("choice") if not draft.has(other)]
    exactly = asks_name(spec)
    return any(plain_choice(other, [plain], strict=exactly) for other in open_choices)


def said_before(sheet: Sheet, draft: Draft, spec: Field, value: str) -> Field | None:
    """Return the field of another person that holds the same number or name already."""
    if spec["kind"] not in ("id_number", "name"):
        return None
    for other in sheet.of_kind(str(spec["kind"])):
        if other is not spec and draft.values.get(other["name"]) == value:
            return other
    return None


def wrong_id(sheet: Sheet, draft: Draft, text: str, today: date) -> Reading | None:
    """Return what is wrong with an ID number said beside another answer, if something is."""
    spec = next(iter(_open_of_kind(sheet, draft, "id_number")), None)
    if spec is None or "id_number" not in loose_values(text):
        return None
    reading = read(spec, loose_values(text)["id_number"], today)
    return None if reading.value else reading


def plain_choice(spec: Mapping[str, Any], parts: list[str], *, strict: bool) -> str | None:
    """Return the choice that one of the parts names by its word; never by "the second one"."""
    offered = spec.get("choices") or ()
    for part in parts:
        if strict or len(part) > SHORT or points(part):
            picked = part if part in offered else None
        else:
            picked = match_choice(part, offered)
        if picked and _says_so(spec, picked, part):
            return picked
    return None


def told_by(choice: str) -> str:
    """Return what a choice is about, without the words of yes and no (没有卡: 卡)."""
    return _EMPTY.sub("", choice)


def _says_so(spec: Mapping[str, Any], choice: str, part: str) -> bool:
    """Tell whether a part means this choice: "没得手机" is no word about a card."""
    about = [choice, *(word for key, words in synonyms().items() if key in choice
                       for word in (key, *words))]  # fmt: skip
    tells = [core for word in about if (core := told_by(word))]
    if any(core in part for core in tells):
        return True
    return not told_by(choice) and shares_word(str(spec.get("label") or ""), part)


def _counted_in(spec: Field, parts: list[str], today: date) -> str | None:
    """Return the number that a part tells with what it counts: 家里五口人, 月收入两千."""
    kind = shape_of(spec).get("shape")
    for part in parts:
        if kind == "heads" and _PEOPLE.search(part):
            counts = heads.accept(part)
        elif kind == "money" and shares_word(str(spec["label"]), part):
            counts = money.accept(part, asked=str(spec["label"]))
        else:
            continue
        if counts.value and not counts.asks:
            reading = read(spec, part, today)
            return None if reading.question else reading.value
    return None


def _is_new(sheet: Sheet, draft: Draft, spec: Field, value: str, today: date) -> bool:
    """Tell whether a number is sound, and nobody else's in this form."""
    if spec["kind"] != "id_number":
        return True
    sound = id_number.problem_of(value, today) is None
    return sound and said_before(sheet, draft, spec, value) is None


def _open_of_kind(sheet: Sheet, draft: Draft, kind: str) -> list[Field]:
    return [spec for spec in sheet.of_kind(kind) if not draft.has(spec)]


def _address_in(parts: list[str]) -> str | None:
    """Return the part that is an address, if one is."""
    for part in parts:
        if looks_like_address(part) and not loose_values(part):
            return read({"kind": "address"}, part, date.min).value
    return None


def shares_word(label: str, text: str) -> bool:
    """Tell whether two neighbouring characters of `label` stand in `text`."""
    return any(label[start : start + 2] in text for start in range(len(label) - 1))
