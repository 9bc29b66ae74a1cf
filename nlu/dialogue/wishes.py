"""两件事 Finds the wishes of one message, so that none is lost. Pure but for the parse."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from dialogue.readings import ParseData
from dialogue.words import Words

Parse = Callable[[str], Awaitable[ParseData]]

# Only what clearly begins something new divides a message; a comma does not.
_DIVIDES = re.compile(
    r"[。？！；?!;\n]+|(?:还有就是|还有一?个?[件事]|再就是|另外|顺便|顺带|对了|还想问|再问一?下?|还要问|还有(?!没))"
)
_LEAD = re.compile(r"^[\s,，、]*(?:就是|一?下|一个|件|事|是|问|那个|我)*[\s,，、]*")
# A shorter part is no wish of its own, and a message of more parts is a story.
LEAST, MOST_PARTS = 5, 4
SURE = 0.5
ABOUT_ITEMS = ("ask_guide", "start_application")
ABOUT_THE_CITY = ("report_problem", "complain")
OTHER_WISHES = ("query_progress", "book_appointment", "ask_office", "ask_human", "ask_proxy",
                "ask_eligibility")  # fmt: skip

_CLAUSE_END = re.compile(r"[,，.。!！;；\s]+")


async def with_second_wish(parsed: ParseData, parse: Parse) -> ParseData:
    """Return the parse of the first wish with the second as `also`, where there are two."""
    text = str(parsed["text"])
    parts = [part for part in _DIVIDES.split(text) if len(_LEAD.sub("", part)) >= LEAST]
    if not 2 <= len(parts) <= MOST_PARTS:
        return parsed
    wishes: list[ParseData] = []
    for part in parts:
        wish = await parse(part.strip(" ,，、"))
        if _is_wish(wish) and all(_subject(wish) != _subject(other) for other in wishes):
            wishes.append(wish)
    if len(wishes) < 2:
        return parsed
    first, second = wishes[:2]
    also = {
        name: second.get(name)
        for name in ("text", "items", "element", "elsewhere", "category", "urgent")
    }
    return {
        **first,
        "text": text,
        "first": first["text"],
        "also": [{**also, "intent": second["intent"]["name"]}],
    }


def after_breaking_off(text: str, words: Words) -> str:
    """Return what follows the words by which a text breaks off ("算了不办了，…"), if any do."""
    over = [word for word in words.groups["cancel"].whole if word.endswith("了")]
    said = sorted((opener + word for word in over for opener in ("", *words.openers)), key=len)
    rest = text.strip()
    while rest:
        clause = _CLAUSE_END.search(rest)
        if clause and words.says("cancel", rest[: clause.start()]):
            rest = rest[clause.end() :]
        elif word := next((word for word in reversed(said) if rest.startswith(word)), ""):
            rest = rest[len(word) :]
        else:
            break
    nothing_more = rest == text.strip() or len(rest) < LEAST or words.says("cancel", rest)
    return "" if nothing_more else rest


def leads_elsewhere(parsed: ParseData) -> bool:
    """Tell whether a text wishes for something that leaves what was being done."""
    sure = float(parsed["intent"].get("confidence", 0.0)) >= SURE
    return _is_wish(parsed) or (sure and parsed["intent"].get("name") in OTHER_WISHES)


def _is_wish(parsed: ParseData) -> bool:
    name = parsed["intent"].get("name")
    sure = float(parsed["intent"].get("confidence", 0.0)) >= SURE
    if name in ABOUT_ITEMS:
        return parsed.get("item_outcome") == "confident" or bool(parsed.get("elsewhere"))
    return sure and name in ABOUT_THE_CITY


def _subject(parsed: ParseData) -> str:
    """Return what a wish is about: its item, or the city."""
    if other := parsed.get("elsewhere"):
        return str(other["code"])
    if parsed["intent"]["name"] in ABOUT_ITEMS:
        return str(parsed["items"][0]["code"])
    return "city"
