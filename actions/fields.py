"""填表 Reads one answer as one kind of field, and names kindly what does not fit."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from actions.hall_hours import day_words
from actions.masks import mask_id, mask_phone
from actions.shapes import VISIT, shape_of, vague_place, whose
from actions.texts import data_dir, say
from standards.acceptors import (
    Accepted,
    choices,
    dates,
    documents,
    heads,
    money,
    names,
    number,
    phones,
    years,
)
from standards.acceptors.calendar_days import Tense
from standards.acceptors.figures import solid
from standards.working_days import is_working_day, working_day_after

MAX_TEXT, MAX_ADDRESS = 500, 120
FREE_WORDS = ("text", "address", "description", "place")
# How free words must look that are copied from a paper; a plate may be still to come.
_SHAPES = {
    "card": re.compile(r"\d{12,23}"),
    "phone": re.compile(r"\d{7,12}"),
    "plate": re.compile(r"[A-Za-z][A-Za-z0-9]{4,6}|没上牌|新车|临牌"),
    "code": re.compile(r"[A-Za-z0-9]{4,}"),
    "year": re.compile(r"[\d一二三四五六七八九十]|今年|去年|前年|现在|这个月|上个?月"),
}
MIN_CODE = 4
# Days that are still to come: an appointment, a visit.
_AHEAD = re.compile(r"想哪天|哪天(方便)?来|到窗口|预约|上门日|几时来|什么时候来")
_ONLY_DATE = re.compile(r"(今年|去年|前年|\d{2,4}年)?\d{1,2}月\d{1,2}[号日]?")
# Not 发生日期, when something happened.
_BORN = re.compile("(?<!发)生")
_GONE_BY = re.compile(r"生|丢|掉|去世|结婚|离婚|发生")
_ADDRESS_LEAD = re.compile(
    r"^(?:我|他|她|老人|户口)?(?:现在|目前|就)?(?:住在|住|户口在|地址是|在)[:\s]*"
)
_ADDRESS = re.compile(
    r"[路街巷弄村组镇乡栋幢苑]|街道|社区|小区|单元|\d+[号室]|[一二三四五六七八九十]号"
)
_PLACE_LEAD = re.compile(r"^(?:就是(?:在(?!建))?|[就是]?在(?!建))(?=..)")


@dataclass(frozen=True)
class Reading:
    """What an answer was read as: a value, or a reason key with what to show beside it.

    `question` is what to ask before the value counts; `told` tells that the value is worth a word
    because it was not said in so many words.
    """

    value: str | None = None
    problem: str | None = None
    shown: Mapping[str, object] = field(default_factory=dict)
    question: str = ""
    told: bool = False


def read(spec: Mapping[str, Any], text: str, today: date) -> Reading:
    """Read `text` as an answer to the field `spec` of an item's form (docs/design.md)."""
    plain = unicodedata.normalize("NFKC", text).strip()
    readers = {"phone": _phone, "address": _address,
               "description": _text, "place": _place, "photo": _photo}  # fmt: skip
    kind = str(spec["kind"])
    if kind == "name":
        return read_name(spec, text)
    if kind == "id_number":
        return _id_number(plain, today)
    if kind == "date":
        return _date(spec, plain, today)
    if kind == "choice":
        return _choice(plain, spec.get("choices") or ())
    if kind == "number":
        return _number(spec, plain, today)
    if kind == "text":
        return _shaped(spec, text.strip())
    # Free words are kept as they were typed, full-width punctuation included.
    return readers[kind](text.strip() if kind in FREE_WORDS else plain)


def read_name(
    spec: Mapping[str, Any], text: str, *, elsewhere: Collection[str] = (), insisted: bool = False
) -> Reading:
    """Read the name of the person a field asks for.

    Args:
        spec: the field.
        text: the answer.
        elsewhere: of whom the form asks in other fields (see `standards.acceptors.names`).
        insisted: whether it was asked before, so that whatever can be a name is one.
    """
    read_as = names.accept(text, whose=whose(spec), elsewhere=elsewhere, insisted=insisted)
    if read_as.value is None:
        return Reading(problem=read_as.problem, shown={"ask": spec.get("ask", "")})
    return _reading(spec, read_as)


def _id_number(text: str, today: date) -> Reading:
    read_as = documents.accept(text, today)
    if read_as.value is not None:
        return Reading(read_as.value)
    shown = dict(read_as.shown)
    if read_as.problem == "id_paper":
        return Reading(problem=f"paper.{shown['paper']}")
    masked = {"shown": mask_id(str(shown["number"])), "count": shown["count"]}
    return Reading(problem=read_as.problem, shown=masked)


def _phone(text: str) -> Reading:
    read_as = phones.accept(text)
    shown = {**read_as.shown, "shown": mask_phone(str(read_as.shown.get("number", "")))}
    return Reading(read_as.value, read_as.problem, shown)


def _text(text: str) -> Reading:
    if not re.search(r"\w", text):
        return Reading(problem="text_empty")
    return Reading(problem="text_long") if len(text) > MAX_TEXT else Reading(text)


def looks_like_address(text: str) -> bool:
    """Tell whether a text has a sign of an address: a road, a village, the number of a house."""
    return bool(_ADDRESS.search(text))


def _address(text: str) -> Reading:
    address = _ADDRESS_LEAD.sub("", text)
    if len(address) < 3 or address.isdigit() or _ONLY_DATE.fullmatch(address):
        return Reading(problem="address_short")
    return Reading(problem="text_long") if len(address) > MAX_ADDRESS else Reading(address)


def _place(text: str) -> Reading:
    if vague_place(text):
        return Reading(problem="place_vague")
    return _text(_PLACE_LEAD.sub("", text))


def _shaped(spec: Mapping[str, Any], text: str) -> Reading:
    """Read free words as the field's label says they must look."""
    shape = str(shape_of(spec)["shape"])
    if shape == "name":
        return read_name(spec, text)
    wanted = _SHAPES.get(shape)
    if wanted is None:
        return _text(text)
    unbroken = re.sub(r"[\s\-.·]", "", solid(text))
    found = wanted.search(unbroken)
    if found is None:
        digits = re.sub(r"\D", "", unbroken)
        slip = shape == "card" and len(digits) >= MIN_CODE
        return Reading(problem="card_length" if slip else f"{shape}_missing",
                       shown={"count": len(digits)})  # fmt: skip
    if shape in ("card", "phone"):
        return Reading(found.group())
    return _text(text)


def _number(spec: Mapping[str, Any], text: str, today: date) -> Reading:
    shape = shape_of(spec)
    read_as = _counted(spec, shape, text, today)
    if read_as.value is None:
        return Reading(problem=read_as.problem, shown=read_as.shown)
    least = float(shape.get("least", 0))
    most = float(today.year if shape.get("most") == "year" else shape.get("most", "inf"))
    if not least <= float(read_as.value) <= most:
        return Reading(problem="number_range", shown={"shown": read_as.value})
    return _reading(spec, read_as, period=say(f"understood.period.{shape.get('per', 'all')}"))


def _counted(spec: Mapping[str, Any], shape: Mapping[str, Any], text: str, today: date) -> Accepted:
    """Read what the label of `spec` says is counted: years, people, money or anything else."""
    asked = f"{spec.get('label', '')}，{spec.get('ask', '')}"
    kind = shape.get("shape")
    if kind == "year":
        return years.accept(text, today)
    if kind == "heads":
        return heads.accept(text, asked=asked)
    if kind == "money":
        unit = int(shape.get("unit", 1))
        return money.accept(text, per=shape.get("per"), unit=unit, asked=asked)
    return number.accept(text, asked=asked)


def _reading(spec: Mapping[str, Any], read_as: Accepted, **shown: object) -> Reading:
    """Return a value with the question it needs before it counts, where it needs one."""
    if not read_as.asks:
        return Reading(read_as.value, told=read_as.told_back)
    value = read_as.value or ""
    known = {**read_as.shown, **shown, "label": spec.get("label", ""), "value": value}
    words = say(f"understood.ask.{read_as.way or 'plain'}", **known)
    return Reading(value, question=words)


def _photo(_text: str) -> Reading:
    return Reading(problem="photo_missing")


def _date(spec: Mapping[str, Any], text: str, today: date) -> Reading:
    label = str(spec.get("label", ""))
    asked = f"{label}，{spec.get('ask', '')}"
    tense: Tense = "past"
    if looks_ahead(spec):
        tense = "ahead"
    elif _BORN.search(label):
        tense = "born"
    read_as = dates.accept(text, today, tense=tense, asked=asked)
    if read_as.value is None:
        return Reading(problem=read_as.problem, shown=read_as.shown)
    day = date.fromisoformat(read_as.value)
    if _GONE_BY.search(label) and day > today:
        return Reading(problem="date_future")
    if tense == "ahead" and day < today:
        return Reading(problem="date_past")
    if shape_of(spec)["shape"] == VISIT and not is_working_day(day):
        return _closed(day, today)
    return _reading(spec, read_as)


def _closed(day: date, today: date) -> Reading:
    """Refuse a day on which nobody is at the window, with the next one on which somebody is."""
    shown = {"day": day_words(day, today), "next": day_words(working_day_after(day, 1), today)}
    return Reading(problem="date_closed", shown=shown)


def looks_ahead(spec: Mapping[str, Any]) -> bool:
    """Tell whether a field asks for a day that is still to come."""
    return bool(_AHEAD.search(f"{spec.get('label', '')}，{spec.get('ask', '')}"))


def _choice(text: str, offered: Sequence[str]) -> Reading:
    read_as = choices.accept(text, offered, alike=synonyms())
    return Reading(read_as.value, read_as.problem, read_as.shown)


def match_choice(text: str, offered: Sequence[str]) -> str | None:
    """Return the one choice `text` names, by its words, by its place or by a word like it."""
    return choices.accept(text, offered, alike=synonyms()).value


@functools.lru_cache(maxsize=1)
def synonyms() -> dict[str, list[str]]:
    """Return the words people use for a choice, by a word that stands in the choice."""
    path = data_dir() / "dialogue" / "choices.yml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
