"""填表 Reads one answer as one kind of field, and names kindly what does not fit."""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml
from reading.days import day_named

from actions import spoken
from actions.masks import mask_id, mask_phone
from actions.shapes import shape_of, vague_place
from actions.texts import data_dir
from standards import id_number

MAX_TEXT, MAX_ADDRESS, MAX_NAME = 500, 120, 25
FREE_WORDS = ("text", "address", "description", "place")
_PHONE = re.compile(r"1[3-9]\d{9}")
# A whole number that stands by itself is meant, whatever other digits the message holds.
_PHONE_ALONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ID_ALONE = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_NAME = re.compile(r"[㐀-鿿·]{2,20}|[A-Za-z][A-Za-z .'\-]{1,40}")
_NAME_LEAD = re.compile(
    r"^(?:那|就|填|是|写)*(?:[^,，\s]{0,6}?(?:名字是|姓名是|名字叫|叫做|叫)|我是|名字|姓名)"
    r"[:\s]*"
)
_NAME_TAIL = re.compile(r"(?:先生|女士|同志|嘛|噻|哈|呀|哦|喔|啊)+$")
# How free words must look that are copied from a paper; a plate may be still to come.
_SHAPES = {
    "card": re.compile(r"\d{12,23}"),
    "phone": re.compile(r"\d{7,12}"),
    "plate": re.compile(r"[A-Za-z][A-Za-z0-9]{4,6}|没上牌|新车|临牌"),
    "code": re.compile(r"[A-Za-z0-9]{4,}"),
    "year": re.compile(r"[\d一二三四五六七八九十]|今年|去年|前年|现在|这个月|上个?月"),
}
MIN_CODE = 4
_DATED = re.compile(r"\d年\d{1,2}月|\d月\d{1,2}[日号]|\d{4}[-/.]\d{1,2}[-/.]\d")
# Days that are still to come: an appointment, a visit.
_AHEAD = re.compile(r"想哪天|哪天(方便)?来|到窗口|预约|上门日|几时来|什么时候来")
_ONLY_DATE = re.compile(r"(今年|去年|前年|\d{2,4}年)?\d{1,2}月\d{1,2}[号日]?")
# Not 发生日期, when something happened.
_BORN = re.compile("(?<!发)生")
_GONE_BY = re.compile(r"生|丢|掉|去世|结婚|离婚|发生")
_ADDRESS_LEAD = re.compile(
    r"^(?:我|他|她|老人|户口)?(?:现在|目前|就)?(?:住在|住|户口在|地址是|在)[:\s]*"
)
_PLACE_LEAD = re.compile(r"^(?:就是(?:在(?!建))?|[就是]?在(?!建))(?=..)")


@dataclass(frozen=True)
class Reading:
    """What an answer was read as: a value, or a reason key with what to show beside it."""

    value: str | None = None
    problem: str | None = None
    shown: Mapping[str, object] = field(default_factory=dict)


def read(spec: Mapping[str, Any], text: str, today: date) -> Reading:
    """Read `text` as an answer to the field `spec` of an item's form (docs/design.md)."""
    plain = unicodedata.normalize("NFKC", text).strip()
    readers = {"name": _name, "phone": _phone, "address": _address,
               "description": _text, "place": _place, "photo": _photo}  # fmt: skip
    kind = str(spec["kind"])
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


def _name(text: str) -> Reading:
    name = _NAME_LEAD.sub("", re.sub(r"^[\s,.!、。]+|[\s,.!、。]+$", "", text))
    name = re.split(r"[,，、。;；\s\d]", name)[0] if re.search(r"[㐀-鿿]", name) else name
    name = _NAME_TAIL.sub("", name.strip())
    if re.search(r"\d", text) and not name:
        return Reading(problem="name_digits")
    if len(name) < 2:
        return Reading(problem="name_short")
    if len(name) > MAX_NAME or not _NAME.fullmatch(name):
        return Reading(problem="name_strange")
    return Reading(name)


def _id_number(text: str, today: date) -> Reading:
    alone = _ID_ALONE.search(text)
    number = alone.group().upper() if alone else id_number.candidate(text)
    problem = id_number.problem_of(number, today)
    if problem is None:
        return Reading(number)
    missing = abs(id_number.FULL - len(number))
    return Reading(problem=problem.value, shown={"shown": mask_id(number), "count": missing})


def _phone(text: str) -> Reading:
    alone = _PHONE_ALONE.search(text)
    digits = alone.group() if alone else re.sub(r"\D", "", text)
    digits = digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits
    if _PHONE.fullmatch(digits):
        return Reading(digits)
    shown = {"shown": mask_phone(digits), "count": abs(11 - len(digits))}
    if not digits:
        return Reading(problem="phone_missing")
    if digits.startswith("0") or len(digits) in (7, 8):
        return Reading(problem="phone_landline", shown=shown)
    if len(digits) == 11:
        return Reading(problem="phone_start", shown=shown)
    return Reading(problem="phone_short" if len(digits) < 11 else "phone_long", shown=shown)


def _text(text: str) -> Reading:
    if not re.search(r"\w", text):
        return Reading(problem="text_empty")
    return Reading(problem="text_long") if len(text) > MAX_TEXT else Reading(text)


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
    plain = unicodedata.normalize("NFKC", text)
    if shape == "name":
        return _name(plain.strip())
    solid = re.sub(r"[\s\-.·]", "", plain)
    wanted = _SHAPES.get(shape)
    if wanted is None:
        return _text(text)
    found = wanted.search(solid)
    if found is None:
        digits = re.sub(r"\D", "", solid)
        slip = shape == "card" and len(digits) >= MIN_CODE
        return Reading(problem="card_length" if slip else f"{shape}_missing",
                       shown={"count": len(digits)})  # fmt: skip
    if shape in ("card", "phone"):
        return Reading(found.group())
    return _text(text)


def _number(spec: Mapping[str, Any], text: str, today: date) -> Reading:
    shape = shape_of(spec)
    if _DATED.search(spoken.in_figures(text)) and shape.get("shape") != "year":
        return Reading(problem="number_date")
    number = spoken.number_in(text)
    if number is None:
        return Reading(problem="number_missing")
    if shape.get("shape") == "year" and len(number) == len("98"):
        number = f"{20 if int(number) <= today.year % 100 else 19}{number}"
    least = float(shape.get("least", 0))
    most = float(today.year if shape.get("most") == "year" else shape.get("most", "inf"))
    if not least <= float(number) <= most:
        return Reading(problem="number_range", shown={"shown": number})
    return Reading(number)


def _photo(_text: str) -> Reading:
    return Reading(problem="photo_missing")


def _date(spec: Mapping[str, Any], text: str, today: date) -> Reading:
    ahead = bool(_AHEAD.search(f"{spec.get('label', '')}{spec.get('ask', '')}"))
    day = spoken.date_in(text, today, ahead=ahead)
    if not isinstance(day, date):
        day = day_named(text, today) or day
    if not isinstance(day, date):
        return Reading(problem=day or "date_missing")
    born = bool(_BORN.search(str(spec.get("label", ""))))
    if born and not re.search(r"[日号]|\d{8}|\d[./\-]\d{1,2}$|[零一二三四五六七八九十]$|\d$", text):
        return Reading(problem="date_missing")
    if born and not re.search(r"\d{4}|年|[一二]九", text):
        return Reading(problem="date_year")
    if _GONE_BY.search(str(spec.get("label", ""))) and day > today:
        return Reading(problem="date_future")
    if ahead and day < today:
        return Reading(problem="date_past")
    return Reading(day.isoformat())


def _choice(text: str, choices: Sequence[str]) -> Reading:
    chosen = match_choice(text, choices)
    if chosen:
        return Reading(chosen)
    return Reading(problem="choice_missing", shown={"choices": "、".join(choices)})


def match_choice(text: str, choices: Sequence[str]) -> str | None:
    """Return the one choice `text` names, by its words, by its place or by a word like it."""
    plain = re.sub(r"[\s,。.!?,、的了吧嘛]", "", unicodedata.normalize("NFKC", text))
    if not plain:
        return None
    if text.strip() in choices:
        return text.strip()
    for matches in (
        [choice for choice in choices if re.sub(r"[的了]", "", choice) == plain],
        _placed(text, choices),
        [choice for choice in choices if choice in plain],
        [choice for choice in choices if len(plain) > 1 and plain in choice],
        [choice for choice in choices if _alike(plain, choice)],
    ):
        if len(matches) == 1:
            return matches[0]
    close = difflib.get_close_matches(plain, list(choices), n=2, cutoff=0.6)
    return close[0] if len(close) == 1 else None


def _placed(text: str, choices: Sequence[str]) -> list[str]:
    place = spoken.ordinal_in(text)
    if place is None or not (place == -1 or 1 <= place <= len(choices)):
        return []
    return [choices[-1] if place == -1 else choices[place - 1]]


def _alike(text: str, choice: str) -> bool:
    """Tell whether a word that people use for `choice` stands in `text`."""
    return any(
        word in text for key, words in _synonyms().items() if key in choice for word in words
    )


@functools.lru_cache(maxsize=1)
def _synonyms() -> dict[str, list[str]]:
    path = data_dir() / "dialogue" / "choices.yml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
