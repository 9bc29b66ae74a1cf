"""受理前台 the gate: decides how a message is read before the classifier is asked.

A button, a photo or a place is never guessed at. While a form waits for an answer, what fits is an
answer; only a text that does not fit, and that the parse understands convincingly as something
else, leaves the form for a moment. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from components.places import PlaceFinder

from dialogue.answers import fits, is_english, names_choice, names_other, points
from dialogue.corrections import corrected
from dialogue.digressions import REPORT_INTENTS, judge, kind_in_report, misheard, too_weak
from dialogue.offers import picked
from dialogue.readings import ParseData, as_answer, direct, intent, pick, pressed, word
from dialogue.short_words import steering, whole
from dialogue.wishes import after_breaking_off, leads_elsewhere, with_all_wishes
from dialogue.words import LEXICON_TEXT, Words, load_words, squeeze
from standards.acceptors.choices import place_of

__all__ = ["decide", "load_words", "read"]

Parse = Callable[[str], Awaitable[ParseData]]

# Where a question about somebody's situation waits, a short text read as one of these answers it.
UNCLEAR = ("nlu_fallback", "out_of_scope", "inform", "affirm", "deny", "ask_guide")
# Whoever asks for a person in a sentence of this length means it.
REQUEST_TEXT = 30
MEDIA_INTENTS = {"photo": "send_media", "voice": "send_media", "file": "send_media",
                 "location": "send_location", "event": "greet"}  # fmt: skip
# What a citizen may ask for about their own data, by the group of words that says so.
PERSONAL = {"personal_withdraw": "withdraw", "personal_erase": "erase", "personal_copy": "copy",
            "personal_correct": "correct", "personal_notice": "notice"}  # fmt: skip
MANNERS = {"greet": "greet", "thank": "thank", "goodbye": "goodbye"}
# Said anywhere and meaning the same everywhere, in the order in which they are looked for.
ANYWHERE = {
    "human": "ask_human",
    "progress": "query_progress",
    "verify": "verify_identity",
    "withdraw": "withdraw",
    "supplement": "supplement",
    **MANNERS,
    "resume": "resume",
    "cancel": "cancel",
    "vent": "vent",
    "yes": "affirm",
    "no": "deny",
}
# Meant even inside a longer sentence; the others of this kind only when nothing else is said.
WORDY = ("human", "progress")
ALONE = ("yes", "no", "resume", "cancel")

_NUMBER = re.compile(r"^[BbGg][JjDd]\d{13}$")
_BARE_NUMBER = re.compile(r"^\+?[\d\-]{6,}x?$")


async def read(
    message: Mapping[str, Any],
    active_loop: str | None,
    awaiting: Mapping[str, Any] | None,
    parse: Parse,
    *,
    words: Words,
    places: PlaceFinder,
) -> ParseData:
    """Read an InboundMessage as `decide` does, and name a place it tells, whatever is asked.

    Args:
        message: the InboundMessage of docs/design.md.
        active_loop: name of the form that is open, if one is.
        awaiting: slot `awaiting`.
        parse: the trained pipeline.
        words: the lexicon.
        places: finds the first place somebody could be sent to.
    """
    parsed = await decide(message, active_loop, awaiting, parse, words)
    said = next((one["value"] for one in parsed["entities"] if one["entity"] == "said"), None)
    # Of a correction the new words count: "不是青石路，是人民路".
    words_of_it = said or parsed.get("corrected") or parsed.get("first") or parsed["text"]
    return {**parsed, "place_named": places.named(str(words_of_it))}


async def decide(
    message: Mapping[str, Any],
    active_loop: str | None,
    awaiting: Mapping[str, Any] | None,
    parse: Parse,
    words: Words,
) -> ParseData:
    """Decide how an InboundMessage is read.

    Args:
        message: the InboundMessage of docs/design.md.
        active_loop: name of the form that is open, if one is.
        awaiting: slot `awaiting`: `{"form", "field", "kind", "choices"?, "optional"?}`.
        parse: the trained pipeline; only asked when words alone do not decide.
        words: the lexicon.

    Returns:
        Rasa parse data with `text`, `intent`, `entities` and whatever else the parse carried.
    """
    kind = str(message.get("kind") or "text")
    text = str(message.get("text") or "")
    payload = str(message.get("payload") or "")
    if kind == "button" and (button := pressed(payload, text, words.payloads)):
        return button
    if kind in MEDIA_INTENTS:
        return direct(MEDIA_INTENTS[kind], text)
    if not re.search(r"[^\W_]", text):
        # Emoji and punctuation only: a thumb is a yes, the rest says nothing that could be read.
        return direct("affirm" if words.says("yes", text) else "nlu_fallback", text)
    if _NUMBER.match(re.sub(r"[\s\-_]", "", squeeze(text))):
        return {**await parse(text), **intent("query_progress")}
    if not awaiting or not awaiting.get("kind"):
        return await _unasked(text, parse, words)
    if active_loop is None:
        return await _offered(text, awaiting, parse, words)
    return await _while_awaiting(text, awaiting, parse, words)


async def _unasked(text: str, parse: Parse, words: Words) -> ParseData:
    """Read a text nobody waits for."""
    if asked := _own_data(text, words):
        return asked
    for group, name in ANYWHERE.items():
        if group in ALONE:
            if whole(words, group, text):
                return {**await parse(text), **intent(name)}
        elif words.says(group, text, limit=REQUEST_TEXT if group in WORDY else LEXICON_TEXT):
            return {**await parse(text), **intent(name)}
    if _BARE_NUMBER.match(squeeze(text)):
        return word("number", text)
    if points(text) or is_english(text):
        # Points at nothing that was offered, or speaks a language the clerk does not.
        return direct("nlu_fallback", text)
    parsed = await with_all_wishes(await parse(text), parse)
    if parsed.get("elsewhere") or parsed.get("pair"):
        return parsed
    sure = parsed["intent"].get("confidence", 0.0)
    rather = misheard(parsed, text, words)
    heard = {**parsed, **intent(rather, sure)} if rather else _meant(parsed, text, words)
    if _calls_somebody_home(heard, text, words):
        return {**heard, **intent("ask_proxy")}
    return heard


def _whatever_is_open(text: str, words: Words) -> ParseData | None:
    """Read what is never an answer to a form: a person is wanted, or one's own data."""
    if words.says("human", text, limit=REQUEST_TEXT):
        return direct("ask_human", text)
    return _own_data(text, words)


def _own_data(text: str, words: Words) -> ParseData | None:
    """Read what is asked for about one's own data: a right that no model is to miss."""
    for group, about in PERSONAL.items():
        if words.says(group, text, limit=REQUEST_TEXT):
            entity = {"entity": "about", "value": about, "start": 0, "end": len(text),
                      "extractor": "gate"}  # fmt: skip
            return direct("ask_personal_data", text, [entity])
    return None


def _meant(parsed: ParseData, text: str, words: Words) -> ParseData:
    """Return the parse with the intent that words beside it make certain."""
    if words.says("benefits", text, limit=40) and parsed.get("item_outcome") != "confident":
        return {**parsed, **intent("ask_eligibility")}
    if _applies(parsed, text, words):
        return {**parsed, **intent("start_application")}
    if parsed["intent"].get("name") in REPORT_INTENTS and words.says("own_plan", text, limit=40):
        return {**parsed, **intent("ask_guide")}
    if too_weak(parsed):
        return {**parsed, **intent("nlu_fallback", parsed["intent"].get("confidence", 0.0))}
    return parsed


def _applies(parsed: ParseData, text: str, words: Words) -> bool:
    """Tell whether an item is asked for by "申请" and the like, and not asked about."""
    return (
        parsed["intent"].get("name") in ("ask_guide", "ask_proxy", "nlu_fallback")
        and words.says("apply", text, limit=40)
        and not words.says("question", text, limit=40)
    )


def _calls_somebody_home(parsed: ParseData, text: str, words: Words) -> bool:
    """Tell whether it is said that somebody cannot come, and nothing else is asked for."""
    return (
        (too_weak(parsed) or parsed["intent"].get("name") in (*UNCLEAR, *MANNERS.values()))
        and parsed.get("item_outcome") != "confident"
        and not (parsed["intent"].get("name") == "ask_guide" and _names_candidate(parsed, text))
        and words.says("at_home", text, limit=40)
    )


def _names_candidate(parsed: ParseData, text: str) -> bool:
    """Tell whether two neighbouring characters of a text stand in the name of a likely item."""
    names = [str(item["name"]) for item in parsed.get("items") or ()][:3]
    return any(text[at : at + 2] in name for at in range(len(text) - 1) for name in names)


async def _offered(text: str, awaiting: Mapping[str, Any], parse: Parse, words: Words) -> ParseData:
    """Read a text after an offer outside a form: a pick, a yes or no, or something else."""
    if awaiting["kind"] == "confirm":
        for group, name in (("yes", "affirm"), ("no", "deny")):
            if whole(words, group, text):
                return direct(name, text)
    if awaiting["kind"] == "message":
        return await _left_for_a_person(text, parse, words)
    if awaiting["kind"] == "choice":
        if (place := picked(text, awaiting, words)) is not None:
            return pick(place, text)
        if awaiting.get("topic") == "benefits":
            return await _told_fact(text, awaiting, parse, words)
        if whole(words, "no", text):
            return word("no", text)
    return await _unasked(text, parse, words)


async def _left_for_a_person(text: str, parse: Parse, words: Words) -> ParseData:
    """Read what is said where words for a person may be left: words for them, or another wish."""
    if whole(words, "no", text) or whole(words, "cancel", text):
        return word("no", text)
    parsed = await _unasked(text, parse, words)
    if leads_elsewhere(parsed) or parsed["intent"]["name"] in MANNERS.values():
        return parsed
    return {**parsed, **intent("leave_words")}


async def _told_fact(
    text: str, awaiting: Mapping[str, Any], parse: Parse, words: Words
) -> ParseData:
    """Read what is said after a list of benefits: an answer to its question, or one fact more.

    The last choice of a question is "not sure".
    """
    if fact := awaiting.get("fact"):
        places = {"unknown": len(awaiting["choices"]) - 1}
        places.update({"yes": 0, "no": 1} if fact != "age" else {})
        for group, place in places.items():
            if whole(words, group, text):
                return pick(place, text)
    elif whole(words, "no", text):
        return word("no", text)
    parsed = await _unasked(text, parse, words)
    short = len(squeeze(text)) <= LEXICON_TEXT and not words.says("question", text)
    if short and parsed["intent"]["name"] in UNCLEAR:
        return {**parsed, **intent("ask_eligibility")}
    return parsed


async def _while_awaiting(
    text: str, awaiting: Mapping[str, Any], parse: Parse, words: Words
) -> ParseData:
    """Read a text while a field of a form (or a yes) is waited for."""
    kind = str(awaiting["kind"])
    if chosen := _chosen(text, kind, awaiting, words):
        return chosen
    if asked := _whatever_is_open(text, words):
        return asked
    for group, name in MANNERS.items():
        if words.says(group, text):
            return direct(name, text)
    if leaving := await _left(text, awaiting, parse, words):
        return leaving
    if short := steering(text, "confirm" if awaiting.get("understood") else kind, words):
        if short["intent"]["name"] == "correct":
            return await _correction(short, awaiting, parse, words)
        return short
    if kind in ("description", "place"):
        return await _described(text, parse, words)
    if fits(text, awaiting, words):
        return direct("inform", text)
    asked = "drop" if awaiting.get("field") == "cancel" else kind_in_report(kind, awaiting)
    return judge(await parse(text), text, asked, words)


def _chosen(text: str, kind: str, awaiting: Mapping[str, Any], words: Words) -> ParseData | None:
    """Read a choice by name or place: of the form's own, or of what was offered beside."""
    if kind == "choice" and names_choice(text, awaiting, words):
        return direct("inform", text)
    if awaiting.get("field") == "cancel" and (at := place_of(text, 2)) is not None:
        # Only two ways lead on from here: to drop the form, or to go on with it.
        return direct(("affirm", "deny")[at], text)
    counts = kind == "number" and re.search(r"\d", text)
    place = None if counts else picked(text, awaiting.get("offered") or {}, words)
    if place is not None:
        return pick(place, text)
    if kind == "name" and words.says("relative", text):
        return word("relative", text)
    if _BARE_NUMBER.match(squeeze(text)) or names_other(text, awaiting, words):
        return direct("inform", text)
    return None


async def _left(
    text: str, awaiting: Mapping[str, Any], parse: Parse, words: Words
) -> ParseData | None:
    """Read the wish for whose sake a form is broken off in the same breath."""
    rest = after_breaking_off(text, words)
    if not rest:
        return None
    wish = await _unasked(rest, parse, words)
    in_report = awaiting.get("form") == "report_form"
    if not leads_elsewhere(wish) or (in_report and wish["intent"]["name"] in REPORT_INTENTS):
        return None
    return {**wish, "text": text, "first": wish.get("first", rest), "leaves_form": True}


async def _correction(
    short: ParseData, awaiting: Mapping[str, Any], parse: Parse, words: Words
) -> ParseData:
    """Read a correction with its new words; in a report they may be of another category."""
    text = str(short["text"])
    new = corrected(text, words)
    if awaiting.get("form") != "report_form":
        return {**short, "corrected": new}
    parsed = await parse(new or text)
    return {**as_answer(parsed), **intent("correct"), "text": text, "corrected": new}


async def _described(text: str, parse: Parse, words: Words) -> ParseData:
    """Read the description of a report: an answer that still carries category and urgency."""
    parsed = await parse(text)
    if not words.says("question", text, limit=60):
        return as_answer(parsed)
    return judge(parsed, text, "description", words)
