"""哪一项 Finds which field a citizen speaks of, and new values said along the way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from actions.draft import Draft, Field, Sheet
from actions.fields import Reading, match_choice, read
from actions.retelling import restated
from actions.shapes import relative_called
from actions.texts import entry
from actions.turn import Turn
from standards import id_number
from standards.acceptors.choices import place_of, points

_PREVIOUS = re.compile(r"上一?个|上一?项|上一?步|前一?个|前一?项|刚才|刚刚|返回|回去")
_NEW_VALUE = re.compile(
    r"(?:应该是|改成|换成|更正为|改为|该是|而是|[她他我]叫|[,，。\s]是|(?<!不)是)(?!不)(.+)$"
)
_SWAP = re.compile(
    r"^(?:(?:不对|错了|搞错了|说错了)[,，。\s]*)*不是(.+?)"
    r"(?:[,，。\s]+(?:而?是|应该是)|而是|应该是|是)(.+?)[。！!]?$"
)
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ANNOUNCED = re.compile(r"(身份证号?码?|手机号?码?|电话号?码?|号码)[是:：\s]*")
_ADDRESS = re.compile(r"[路街巷村组镇乡]|街道|社区|小区|\d+[号栋幢]")
SLACK = 3
# A part this short may be the name of a choice; a longer one is a sentence.
SHORT = 8
_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


def named_field(sheet: Sheet, draft: Draft, text: str) -> Field | None:
    """Return the field `text` names ("手机号", "名字", "第三项", "上一个"), if it names one."""
    if re.search(r"上一?[个项步]|前一?[个项]", text) and draft.order:
        return sheet.field(draft.order[-1])
    labelled = [spec for spec in sheet.fields if spec["label"] in text]
    if labelled:
        return max(labelled, key=lambda spec: len(spec["label"]))
    spoken_kinds = [
        kind for kind, words in entry("forms.kind_words").items() if any(w in text for w in words)
    ]
    candidates = sheet.of_kind(*spoken_kinds) or [
        spec for spec in sheet.fields if _shares_word(spec["label"], text)
    ]
    if candidates:
        said = [spec for spec in candidates if draft.has(spec)]
        return (said or candidates)[-1] if len(candidates) > 1 else candidates[0]
    core = re.sub(r"修改|改|错了?|填|我要|的|吧|不对|一下|换", "", text)
    if 1 <= len(core) <= SHORT // 2:
        holding = [spec for spec in sheet.fields if core in spec["label"]]
        if len(holding) == 1:
            return holding[0]
    if "第" in text and (placed := placed_field(sheet, text)):
        return placed
    if _PREVIOUS.search(text) and draft.order:
        return sheet.field(draft.order[-1])
    return None


def placed_field(sheet: Sheet, text: str) -> Field | None:
    """Return the field that "第三项" or "3" points at."""
    plain = re.sub(r"修改|改|错了?|填|我要|的|吧|不对", "", text)
    place = place_of(plain, len(sheet.fields))
    return None if place is None else sheet.fields[place]


def field_with_value(sheet: Sheet, draft: Draft, text: str) -> Field | None:
    """Return the field whose present value stands in `text` ("不是张三是李四")."""
    return next(
        (
            sheet.field(name)
            for name, value in draft.values.items()
            if len(value) > 1 and value in text
        ),
        None,
    )


def wanted_choice(sheet: Sheet, draft: Draft, turn: Turn) -> tuple[Field, Reading] | None:
    """Return the answered field among whose choices a correction's words are, with the new choice.

    By their words first; by their meaning where one field is far likelier, and none is named.
    """
    words = turn.corrected or turn.spoken
    answered = [spec for spec in sheet.of_kind("choice") if draft.has(spec)]
    said = [
        (spec, choice)
        for spec in answered
        for choice in spec["choices"]
        if len(choice) > 1 and choice in words and choice != draft.values.get(spec["name"])
    ]
    if len(said) == 1:
        return said[0][0], Reading(said[0][1])
    named = named_field(sheet, draft, turn.spoken)
    free = named is None or named["kind"] == "choice"
    options = [
        (spec, str(option["value"]))
        for option in turn.options
        if (spec := sheet.field(option["field"])) in answered
        and option["value"] != draft.values.get(option["field"])
    ]
    if free and not loose_values(turn.spoken) and len(options) == 1:
        return options[0][0], Reading(options[0][1], told=True)
    return None


def swapped(draft: Draft, text: str) -> tuple[str, str] | None:
    """Return the field and its new words for "不是打麻将，是唱歌", if it has the old ones."""
    match = _SWAP.match(text.strip())
    if match is None:
        return None
    old, new = match.group(1).strip(), match.group(2).strip()
    # A place stands in the description too; what is nothing but the wrong words was meant.
    for name, value in sorted(draft.values.items(), key=lambda field: field[1] != old):
        if old and old in value:
            # A value that is hardly more than the wrong words is wrong as a whole.
            whole = len(value) <= len(old) + SLACK
            return name, new if whole else restated(value, old, new)
    return None


def new_value(spec: Field, text: str, today: date) -> Reading:
    """Read a new value said together with the correction ("手机号改成 199…")."""
    kind = spec["kind"]
    if kind in ("id_number", "phone"):
        found = loose_values(text).get(str(kind))
        return Reading(found) if found else Reading(problem="none")
    tail = _NEW_VALUE.search(text)
    if kind == "choice":
        return read(spec, tail.group(1) if tail else text.replace(spec["label"], ""), today)
    return read(spec, tail.group(1), today) if tail else Reading(problem="none")


def loose_values(text: str) -> dict[str, str]:
    """Return the ID number and the phone that stand anywhere in `text`, by kind."""
    plain = unicodedata.normalize("NFKC", text)
    found: dict[str, str] = {}
    for form in (plain, re.sub(r"(?<=[\dXx])[\s\-]+(?=[\dXx])", "", plain)):
        if (number := _ID.search(form)) and "id_number" not in found:
            found["id_number"] = number.group().upper()
        if (phone := _PHONE.search(form)) and "phone" not in found:
            found["phone"] = phone.group()
    return found


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
        strict: True where the message already answers what was asked; then a choice must stand
            there as the form writes it, because a name may look like anything.
    """
    found: dict[str, str] = {}
    loose = loose_values(text)
    segments = [part for part in re.split(r"[,，、;；。\s]+", text) if part]
    asked = sheet.field(skip)
    # Elsewhere "孩子叫车撞了" is a story.
    relative = relative_named(sheet, text) if asked and asked["kind"] == "name" else None
    for spec in sheet.fields:
        name, kind = str(spec["name"]), str(spec["kind"])
        if name == skip or draft.has(spec):
            continue
        if relative and relative[0] is spec:
            found[name] = relative[1]
        elif kind in loose and len(_open_of_kind(sheet, draft, kind)) == 1:
            value = loose[kind]
            if kind != "id_number" or id_number.problem_of(value, today) is None:
                found[name] = value
        elif kind == "choice" and (picked := _other_choice(spec, segments, strict)):
            found[name] = picked
        elif kind == "address" and loose and (address := _address_in(segments)):
            found[name] = address
    return found


def relative_named(sheet: Sheet, text: str) -> tuple[Field, str] | None:
    """Return the field for the name of a relative, and the name said for it ("娃儿叫李小明")."""
    said = relative_called(text)
    if said is None:
        return None
    labels, name = said
    specs = [spec for spec in sheet.of_kind("name") if re.search(labels, str(spec["label"]))]
    return (specs[0], name) if specs else None


def wrong_id(sheet: Sheet, draft: Draft, text: str, today: date) -> Reading | None:
    """Return what is wrong with an ID number said beside another answer, if something is."""
    spec = next(iter(_open_of_kind(sheet, draft, "id_number")), None)
    if spec is None or "id_number" not in loose_values(text):
        return None
    reading = read(spec, loose_values(text)["id_number"], today)
    return None if reading.value else reading


def without_loose(text: str) -> str:
    """Return `text` without the ID number, the phone and the words that announce them."""
    plain = unicodedata.normalize("NFKC", text)
    for pattern in (_ID, _PHONE):
        plain = pattern.sub(" ", plain)
    return re.sub(r"(身份证号?码?|手机号?码?|电话号?码?|号码)[是:：\s]*", " ", plain).strip(
        " ,，、;；。"
    )


def _open_of_kind(sheet: Sheet, draft: Draft, kind: str) -> list[Field]:
    return [spec for spec in sheet.of_kind(kind) if not draft.has(spec)]


def _other_choice(spec: Mapping[str, Any], segments: list[str], strict: bool) -> str | None:
    """Return the choice one of the parts names by its word; never by "the second one"."""
    for segment in segments:
        if strict or len(segment) > SHORT or points(segment):
            picked = segment if segment in spec.get("choices", ()) else None
        else:
            picked = match_choice(segment, spec.get("choices", ()))
        if picked:
            return picked
    return None


def _address_in(segments: list[str]) -> str | None:
    """Return the part that is an address, if one is."""
    for segment in segments:
        if _ADDRESS.search(segment) and not loose_values(segment):
            return read({"kind": "address"}, segment, date.min).value
    return None


def _shares_word(label: str, text: str) -> bool:
    """Tell whether two neighbouring characters of `label` stand in `text`."""
    return any(label[start : start + 2] in text for start in range(len(label) - 1))
