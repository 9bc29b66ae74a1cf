"""哪一项 Finds which field a citizen speaks of, and the new value that is said with it."""

from __future__ import annotations

import re
from datetime import date

from actions.beside import loose_values, shares_word
from actions.draft import Draft, Field, Sheet
from actions.fields import Reading, read
from actions.retelling import restated
from actions.texts import entry
from actions.turn import Turn
from standards.acceptors.choices import place_of

_PREVIOUS = re.compile(r"上一?[个项步]|前一?[个项]")
_BEFORE = ("刚才", "刚刚", "返回", "回去")
# Says that something is to be changed, and not what.
_CHANGES = re.compile(r"修改|改|错了?|填|我要|的|吧|不对|一下|换")
_NEW_VALUE = re.compile(
    r"(?:应该是|改成|换成|更正为|改为|该是|而是|[她他我]叫|[,，。\s]是|(?<!不)是)(?!不)(.+)$"
)
_SWAP = re.compile(
    r"^(?:(?:不对|错了|搞错了|说错了)[,，。\s]*)*不是(.+?)"
    r"(?:[,，。\s]+(?:而?是|应该是)|而是|应该是|是)(.+?)[。！!]?$"
)
SLACK = 3
# What a short part may be the name of; a longer one is a sentence.
SHORT = 8


def named_field(sheet: Sheet, draft: Draft, text: str) -> Field | None:
    """Return the field `text` names ("手机号", "名字", "第三项", "上一个"), if it names one."""
    if _PREVIOUS.search(text) and draft.order:
        return sheet.field(draft.order[-1])
    labelled = [spec for spec in sheet.fields if spec["label"] in text]
    if labelled:
        return max(labelled, key=lambda spec: len(spec["label"]))
    spoken_kinds = [
        kind for kind, words in entry("forms.kind_words").items() if any(w in text for w in words)
    ]
    candidates = sheet.of_kind(*spoken_kinds) or [
        spec for spec in sheet.fields if shares_word(spec["label"], text)
    ]
    if candidates:
        said = [spec for spec in candidates if draft.has(spec)]
        return (said or candidates)[-1] if len(candidates) > 1 else candidates[0]
    core = _CHANGES.sub("", text)
    if 1 <= len(core) <= SHORT // 2:
        holding = [spec for spec in sheet.fields if core in spec["label"]]
        if len(holding) == 1:
            return holding[0]
    if "第" in text and (placed := placed_field(sheet, text)):
        return placed
    if draft.order and any(word in text for word in _BEFORE):
        return sheet.field(draft.order[-1])
    return None


def placed_field(sheet: Sheet, text: str) -> Field | None:
    """Return the field that "第三项" or "3" points at."""
    place = place_of(_CHANGES.sub("", text), len(sheet.fields))
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
