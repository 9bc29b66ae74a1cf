"""几件事 Finds the wishes of one message, so that none is lost. Pure but for the parse."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from dialogue.readings import ParseData
from dialogue.stories import LONG, told_at_length
from dialogue.words import Words

Parse = Callable[[str], Awaitable[ParseData]]

# Only what clearly begins something new divides a message; a comma does not.
_DIVIDES = re.compile(
    r"[。？！；?!;\n]+|(?:还有就是|还有一?个?[件事]|再就是|另外|另一?[个件](?:事|问题)?是|顺便|顺带|对了|还想问|再问一?下?|还要问|还有(?!没))"
)
# People who dictate, and young people, divide by a pause; a part counts only if it asks by itself.
_PAUSES = re.compile(r"[。？！；?!;\n,，、\s]+")
# Says itself that it tells of one thing more: 院门口的路灯也不亮.
_BESIDE = re.compile(r"[也还]|另外?")
_LEAD = re.compile(r"^[\s,，、]*(?:就是|一?下|一个|件|事|是|问|那个|我)*[\s,，、]*")
# A shorter part is no wish of its own, and a message of more parts is a story.
LEAST, MOST_PARTS, MOST_PAUSES = 5, 4, 6
MOST_WISHES = 3
SURE, SURE_REPORT = 0.5, 0.6
# From this score on a part tells of a trouble of its own, or names an item of its own.
SURE_CATEGORY, SURE_ITEM = 0.5, 0.9
# Shorter parts ask for nothing.
LEAST_QUESTION = 3
ABOUT_ITEMS = ("ask_guide", "start_application")
# What may go on with a fragment, or be one.
UNFINISHED = ("ask_guide", "ask_eligibility", "ask_proxy", "nlu_fallback", "inform",
              "out_of_scope")  # fmt: skip
ABOUT_THE_CITY = ("report_problem", "complain")
# What a part that asks for something outweighs, where the whole was taken for it.
NOBODYS = ("out_of_scope", "nlu_fallback", "greet", "thank", "goodbye", "ask_guide", "ask_notice")
ALSO = ("text", "items", "element", "elsewhere", "category", "urgent")
QUESTION = ("element", "items", "item_outcome")
OTHER_WISHES = ("query_progress", "book_appointment", "ask_office", "ask_human", "ask_proxy",
                "ask_eligibility")  # fmt: skip
# A long text that is surely one of these is no story.
OF_THEIR_OWN = (*ABOUT_THE_CITY, *OTHER_WISHES, "propose_topic", "rate_service",
                "ask_personal_data", "ask_capability", "elder_mode")  # fmt: skip

_CLAUSE_END = re.compile(r"[,，.。!！;；\s]+")


async def with_all_wishes(parsed: ParseData, parse: Parse) -> ParseData:
    """Return the parse of the first wish with up to two more as `also`.

    A part that asks for something of the office's decides for a message whose other part does not.
    """
    text = str(parsed["text"])
    if parsed.get("pair"):
        return parsed
    found = await _wishes(_parts(_DIVIDES, text, MOST_PARTS), parse)
    if len(found) < 2:
        paused = await _wishes(_parts(_PAUSES, text, MOST_PAUSES), parse)
        asking = [wish for wish in paused if wish.get("element") or wish.get("elsewhere")]
        named = [wish for wish in paused if _score(wish) >= SURE_ITEM]
        troubles = [wish for wish in paused if _is_trouble(wish)]
        beside = len(troubles) > 1 and _BESIDE.search(str(troubles[1]["text"]))
        # 身份证丢了，护照也到期了: two, where no part asks, which would make the other its story.
        both = named if len(named) > 1 and not asking else found
        found = asking if len(asking) > 1 else troubles if beside else both
    if len(found) > 1:
        return _together(text, found[:MOST_WISHES])
    if _is_wish(parsed):
        return parsed
    if found and parsed["intent"]["name"] in NOBODYS:
        return {**found[0], "text": text, "first": found[0]["text"]}
    return await told_at_length(parsed, parse) if _is_story(parsed) else parsed


async def with_fragments(parsed: ParseData, before: str, parse: Parse) -> ParseData:
    """Return a parse with the fragments said just before, where only these tell which item."""
    if not before or parsed["intent"]["name"] not in UNFINISHED:
        return parsed
    text = str(parsed["text"])
    heard = await parse(before + text)
    surer = heard.get("item_outcome") == "confident" and _score(heard) > _score(parsed)
    another = heard["intent"]["name"] not in UNFINISHED or heard.get("form") != parsed.get("form")
    if not surer or another:
        return parsed
    return {**heard, "text": text, "first": before + text,
            "place_named": parsed.get("place_named")}  # fmt: skip


def _score(parsed: ParseData) -> float:
    items = list(parsed.get("items") or [])
    return float(items[0].get("score", 0.0)) if items else 0.0


async def several_questions(parsed: ParseData, parse: Parse, words: Words) -> ParseData:
    """Return a parse with the `questions` of its message, if there are several, as `QUESTION`.

    本人要去吗？照片要自己带吗: what surely has an item of its own is a wish, and what only names
    one asks for nothing by itself.
    """
    parts = _parts(_PAUSES, str(parsed["text"]), MOST_PARTS, LEAST_QUESTION)
    if parsed.get("also") or parsed["intent"]["name"] != "ask_guide" or len(parts) < 2:
        return parsed
    asked = []
    for part in parts:
        heard = await parse(part)
        names = heard.get("item_outcome") == "confident" and not heard.get("element")
        if words.says("question", part, limit=LONG) and not names:
            asked.append({"text": part, **{name: heard.get(name) for name in QUESTION}})
    return {**parsed, "questions": asked[:MOST_WISHES]} if len(asked) > 1 else parsed


async def _wishes(parts: list[str], parse: Parse) -> list[ParseData]:
    """Read parts of a message; keep those that surely wish for something, each for another."""
    wishes: list[ParseData] = []
    for part in parts:
        wish = await parse(part.strip(" ,，、"))
        if _is_wish(wish) and all(_subject(wish) != _subject(other) for other in wishes):
            wishes.append(wish)
    return wishes


def _parts(divides: re.Pattern[str], text: str, most: int, least: int = LEAST) -> list[str]:
    """Divide a message; none where there are too many parts, which make a story."""
    parts = [part for part in divides.split(text) if len(_LEAD.sub("", part)) >= least]
    return parts if 2 <= len(parts) <= most else []


def _together(text: str, wishes: list[ParseData]) -> ParseData:
    """Return the first wish with the others beside it."""
    first, *others = wishes
    also = [
        {**{name: other.get(name) for name in ALSO}, "intent": other["intent"]["name"]}
        for other in others
    ]
    return {**first, "text": text, "first": first["text"], "also": also}


def _is_story(parsed: ParseData) -> bool:
    """Tell whether a text is so long that it is read in pieces, and surely no other wish."""
    name, sure = parsed["intent"].get("name"), float(parsed["intent"].get("confidence", 0.0))
    its_own = name in OF_THEIR_OWN and sure >= SURE
    return len(str(parsed["text"])) >= LONG and not its_own


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


def _is_trouble(parsed: ParseData) -> bool:
    """Tell whether a text surely tells of a trouble of a certain kind."""
    name, sure = parsed["intent"].get("name"), float(parsed["intent"].get("confidence", 0.0))
    category = (parsed.get("category") or [{}])[0]
    known = float(category.get("score", 0.0)) >= SURE_CATEGORY
    return name in ABOUT_THE_CITY and sure >= SURE_REPORT and known


def _subject(parsed: ParseData) -> str:
    """Return what a wish is about: its item, or the kind of trouble in the city."""
    if other := parsed.get("elsewhere"):
        return str(other["code"])
    if parsed["intent"]["name"] in ABOUT_ITEMS:
        return str(parsed["items"][0]["code"])
    return str((parsed.get("category") or [{}])[0].get("code") or "city")
