"""像不像回答 Tells whether a text can be an answer of the kind that is waited for. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from dialogue.words import LEXICON_TEXT, Words, squeeze
from standards.acceptors import choices, dates, documents, heads, money, names, number, phones
from standards.acceptors.name_signs import is_foreign
from standards.acceptors.plain import is_chinese

SHORT_TEXT = 4

_ENGLISH = re.compile(
    r"\b(?:the|a|an|my|your|how|what|where|when|why|i|is|are|do|does|did|can|could|you|get|want|need"
    r"|cost|card|please|lost|to|for|of|and|it|have|has|apply|help)\b",
    re.IGNORECASE,
)
ENGLISH_WORDS = 2
_ADDRESS = re.compile(
    r"路|街|巷|村|组|号|栋|幢|楼|单元|小区|社区|镇|乡|县|区|市|室|院|坝|湾|苑|广场|门口|对面"
)
# Whatever day it is, a text names a day or it does not.
_ANY_DAY = date(2026, 1, 1)


def fits(text: str, awaiting: Mapping[str, Any], words: Words) -> bool:
    """Tell whether `text` can be an answer of the awaited kind, or to the question after it."""
    if awaiting.get("next") and _fits_next(text, awaiting["next"], words):
        return True
    kind = str(awaiting.get("kind"))
    plain = squeeze(text)
    if kind == "id_number":
        return documents.tries(text)
    if kind == "phone":
        return phones.accept(text).problem != "phone_missing"
    if kind == "name" and (documents.stands_in(text) or phones.stand_in(text)):
        return True
    if words.says("question", text, limit=80):
        return False
    if kind == "name":
        return looks_like_name(text, words)
    readers: Mapping[str, Callable[[str], bool]] = {
        "date": _names_day, "number": _counts, "address": lambda said: bool(_ADDRESS.search(said)),
    }  # fmt: skip
    if kind in readers:
        return readers[kind](plain)
    return kind in ("text", "place")


def _fits_next(text: str, following: Mapping[str, Any], words: Words) -> bool:
    if following["kind"] == "choice":
        return chooses(text, following, words)
    return following["kind"] != "text" and fits(text, following, words)


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


def looks_like_name(text: str, words: Words) -> bool:
    """Tell whether a text looks like the name of a person, or says who somebody is."""
    told = names.told(text)
    if any(one.said or is_foreign(one.name) for one in told):
        return not is_english(text)
    return any(len(one.name) <= SHORT_TEXT and one.name[0] in words.surnames for one in told)


def may_be_name(text: str) -> bool:
    """Tell whether nothing in a text speaks against its being a name."""
    return names.accept(text).value is not None and not is_english(text)


def is_english(text: str) -> bool:
    """Tell whether `text` is an English sentence, and not Chinese written in pinyin."""
    return not is_chinese(text) and len(_ENGLISH.findall(text)) >= ENGLISH_WORDS


def points(text: str) -> bool:
    """Tell whether `text` points at a place in a list ("第二个", "1", "上面那个")."""
    return choices.points(text)


def named_choice(text: str, awaiting: Mapping[str, Any], words: Words) -> str | None:
    """Return the choice that a text names by its words or by words like them, if it does."""
    return choices.accept(text, list(awaiting.get("choices") or ()), alike=words.alike).value


def chooses(text: str, awaiting: Mapping[str, Any], words: Words) -> bool:
    """Tell whether a text is no more than a choice, by its place, its words or words like them."""
    if points(text):
        return True
    short = len(squeeze(text)) <= LEXICON_TEXT and not words.says("question", text)
    return short and named_choice(text, awaiting, words) is not None


def names_other(text: str, awaiting: Mapping[str, Any], words: Words) -> bool:
    """Tell whether `text` names a choice of a field that is asked for later."""
    if points(text) or len(squeeze(text)) > 2 * SHORT_TEXT:
        return False
    # 男 and 女 stand in many words that name nothing.
    later = [choice for choice in awaiting.get("others") or () if len(choice) > 1]
    return chooses(text, {"choices": later}, words)
