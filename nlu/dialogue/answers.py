"""像不像回答 Tells whether a text can be an answer of the kind that is waited for. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from dialogue.words import LEXICON_TEXT, Words, squeeze
from standards.acceptors import choices, dates, heads, money, number

SHORT_TEXT = 4

_NAME_LEAD = re.compile(
    r"^(?:我|他|她)?(?:们|家|屋头)?的?(?:娃儿?|孩子|小孩|宝宝|儿子|女儿|孙子|孙女|老公|老婆|爱人)(?:的?名字就?是|(?:的?名字)?就?叫)"
    r"|^(我叫|我是|我的名字是|我的名字叫|名字是|名字叫|姓名是|姓名|叫做|叫)[::]?"
)
_ANY_HAN = re.compile(r"[㐀-鿿]")
_ENGLISH = re.compile(
    r"\b(?:the|a|an|my|your|how|what|where|when|why|i|is|are|do|does|did|can|could|you|get|want|need"
    r"|cost|card|please|lost|to|for|of|and|it|have|has|apply|help)\b",
    re.IGNORECASE,
)
ENGLISH_WORDS = 2
_HAN = re.compile(r"^[㐀-鿿·]+$")
_ADDRESS = re.compile(
    r"路|街|巷|村|组|号|栋|幢|楼|单元|小区|社区|镇|乡|县|区|市|室|院|坝|湾|苑|广场|门口|对面"
)
# Whatever day it is, a text names a day or it does not.
_ANY_DAY = date(2026, 1, 1)


def fits(text: str, awaiting: Mapping[str, Any], words: Words) -> bool:
    """Tell whether `text` can be an answer of the awaited kind."""
    kind = str(awaiting.get("kind"))
    plain = squeeze(text)
    digits = len(re.sub(r"\D", "", plain))
    if kind == "id_number":
        return digits >= 6
    if kind == "phone":
        return digits >= 5
    if kind == "name" and digits >= 10:
        return True
    if words.says("question", text, limit=80):
        return False
    if kind == "name":
        return looks_like_name(plain, words)
    if kind == "choice":
        return len(plain) <= SHORT_TEXT
    readers: Mapping[str, Callable[[str], bool]] = {
        "date": _names_day, "number": _counts, "address": lambda said: bool(_ADDRESS.search(said)),
    }  # fmt: skip
    if kind in readers:
        return readers[kind](plain)
    return kind in ("text", "place")


def _names_day(plain: str) -> bool:
    """Tell whether a text names a day, or tries to."""
    return dates.accept(plain, _ANY_DAY).problem != "date_missing" or plain.isdigit()


def _counts(plain: str) -> bool:
    """Tell whether a text gives a number, an amount or how many people there are, or tries to."""
    people = heads.accept(plain)
    if people.value is not None and not people.leftover:
        return True
    reads = (number.accept(plain), money.accept(plain))
    return any(read.problem != "number_missing" for read in reads)


def looks_like_name(plain: str, words: Words) -> bool:
    """Tell whether a squeezed text looks like the name of a person."""
    lead = _NAME_LEAD.match(plain)
    name = plain[lead.end() :] if lead else plain
    if lead and 2 <= len(name) <= 6 and _HAN.match(name):
        return True
    if "·" in name:
        return True
    return 2 <= len(name) <= 4 and bool(_HAN.match(name)) and name[0] in words.surnames


def is_english(text: str) -> bool:
    """Tell whether `text` is an English sentence, and not Chinese written in pinyin."""
    return not _ANY_HAN.search(text) and len(_ENGLISH.findall(text)) >= ENGLISH_WORDS


def points(text: str) -> bool:
    """Tell whether `text` points at a place in a list ("第二个", "1", "上面那个")."""
    return choices.points(text)


def names_choice(text: str, awaiting: Mapping[str, Any], words: Words) -> bool:
    """Tell whether `text` names one of the offered choices, by word or by place in the list."""
    if points(text):
        return True
    plain = squeeze(text)
    named = [squeeze(str(choice)) for choice in awaiting.get("choices") or ()]
    if len(plain) <= LEXICON_TEXT and not words.says("question", text):
        for key, alike in words.alike.items():
            if any(key in choice for choice in named) and any(word in plain for word in alike):
                return True
    return any(
        plain == choice or (len(choice) > 1 and choice in plain and len(plain) <= len(choice) + 8)
        or (len(plain) > 1 and plain in choice)
        for choice in named
    )  # fmt: skip


def names_other(text: str, awaiting: Mapping[str, Any], words: Words) -> bool:
    """Tell whether `text` names a choice of a field that is asked for later."""
    if points(text) or len(squeeze(text)) > 2 * SHORT_TEXT:
        return False
    return names_choice(text, {"choices": awaiting.get("others")}, words)
