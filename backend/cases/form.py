"""申请表 Checks an application against the form of its item: the dialogue is never trusted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from backend.people.model import is_phone, normalise_phone
from standards import id_number
from standards.acceptors.name_signs import written
from standards.form_fields import asked

Kind = Literal["name", "id_number", "phone", "choice", "text", "date", "number", "address", "photo"]
MAX_TEXT = 500
MAX_ADDRESS = 200
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")


@dataclass(frozen=True)
class Field:
    """要填的一项 One field of an item's form, as the catalogue describes it.

    `when` is the answer after which it is asked (standards/form_fields.py); None for always.
    """

    name: str
    label: str
    kind: Kind
    choices: tuple[str, ...] = ()
    optional: bool = False
    when: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Checked:
    """What an application says after checking: clean values, and a reason for each wrong field."""

    values: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def check(
    form: Sequence[Field],
    values: Mapping[str, object],
    photos: Sequence[str],
    today: date,
    *,
    before: Mapping[str, str] | None = None,
) -> Checked:
    """Return clean values and a reason key for every field that is missing, unknown or wrong.

    A field that is only asked after another answer is `missing` after that answer and `not_asked`
    without it.

    Args:
        form: the item's fields.
        values: what was sent, by field name.
        photos: names of the photo fields that a file came with.
        today: the day in Asia/Shanghai, for dates of birth.
        before: what was sent before, which a supplement may leave out; None for an application.
    """
    known = {entry.name: entry for entry in form}
    clean: dict[str, str] = {}
    problems = {
        name: "unknown"
        for name in [*values, *photos]
        if name not in known or (known[name].kind == "photo") != (name in photos)
    }
    told = {name for name, raw in values.items() if not _is_empty(raw)} | {*photos}
    shown = asked_of(form, {**(before or {}), **values})
    problems |= {entry.name: "not_asked" for entry in form if entry.name in told - shown}
    for entry in form:
        if entry.name in problems or entry.name in photos or entry.name not in shown:
            continue
        raw = values.get(entry.name)
        if _is_empty(raw):
            if not entry.optional and _is_owed(entry, values, before):
                problems[entry.name] = "missing"
            continue
        text, problem = _checked(entry, raw, today)
        if problem:
            problems[entry.name] = problem
        else:
            clean[entry.name] = text
    return Checked(clean, problems)


def asked_of(form: Sequence[Field], values: Mapping[str, object]) -> set[str]:
    """Return the names of the fields that are asked for after these answers."""
    conditions = [{"name": entry.name, "when": entry.when} for entry in form]
    return {str(spec["name"]) for spec in asked(conditions, values)}


def _is_empty(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip())


def _is_owed(entry: Field, values: Mapping[str, object], before: Mapping[str, str] | None) -> bool:
    """Tell whether a value must be there: in a supplement only after an answer given anew."""
    if before is None:
        return True
    return entry.when is not None and entry.when["field"] in values and entry.name not in before


def _checked(entry: Field, raw: object, today: date) -> tuple[str, str]:
    """Return the clean value and an empty string, or an empty string and what is wrong."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        return "", "type"
    text = unicodedata.normalize("NFC", str(raw)).strip()
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text.replace("\n", "")):
        return "", "characters"
    if entry.kind == "choice":
        return (text, "") if text in entry.choices else ("", "choice")
    return _CHECKS[entry.kind](text, today)


def _name(text: str, _today: date) -> tuple[str, str]:
    name = written(text)
    return (name, "") if name else ("", "name")


def _id_number(text: str, today: date) -> tuple[str, str]:
    number = id_number.squeeze(text)
    problem = id_number.problem_of(number, today)
    return ("", problem.value) if problem else (number, "")


def _phone(text: str, _today: date) -> tuple[str, str]:
    return (normalise_phone(text), "") if is_phone(text) else ("", "phone")


def _text(text: str, _today: date) -> tuple[str, str]:
    return (text, "") if len(text) <= MAX_TEXT else ("", "too_long")


def _address(text: str, _today: date) -> tuple[str, str]:
    return (text, "") if 2 <= len(text) <= MAX_ADDRESS else ("", "address")


def _date(text: str, _today: date) -> tuple[str, str]:
    try:
        return date.fromisoformat(text).isoformat(), ""
    except ValueError:
        return "", "date"


def _number(text: str, _today: date) -> tuple[str, str]:
    plain = unicodedata.normalize("NFKC", text).replace(",", "")
    return (plain, "") if _NUMBER.fullmatch(plain) else ("", "number")


_CHECKS: dict[str, Callable[[str, date], tuple[str, str]]] = {
    "name": _name,
    "id_number": _id_number,
    "phone": _phone,
    "text": _text,
    "date": _date,
    "number": _number,
    "address": _address,
    "photo": lambda _text, _today: ("", "photo"),
}
