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

from dialogue.answer_and_question import divided
from dialogue.answers import chooses, names_other
from dialogue.corrections import after_slip, corrected
from dialogue.digressions import REPORT_INTENTS, judge
from dialogue.in_form import (
    FormEar,
    asked_of_form,
    changed,
    resumed,
    said_after_leaving,
    tells_trouble,
    weighed,
)
from dialogue.in_report import FORM as REPORT_FORM
from dialogue.in_report import weighed_report
from dialogue.offers import picked
from dialogue.readings import ParseData, as_answer, direct, intent, pick, pressed, word
from dialogue.short_words import steering, whole
from dialogue.unasked import BARE_NUMBER, MANNERS, REQUEST_TEXT, UNCLEAR, own_data, unasked
from dialogue.wishes import after_breaking_off, leads_elsewhere, with_all_wishes
from dialogue.words import LEXICON_TEXT, Words, load_words, squeeze
from standards.acceptors.choices import place_of

__all__ = ["decide", "load_words", "read"]

Parse = Callable[[str], Awaitable[ParseData]]

MEDIA_INTENTS = {"photo": "send_media", "voice": "send_media", "file": "send_media",
                 "location": "send_location", "event": "greet"}  # fmt: skip

_NUMBER = re.compile(r"^[BbGg][JjDd]\d{13}$")


async def read(
    message: Mapping[str, Any],
    active_loop: str | None,
    awaiting: Mapping[str, Any] | None,
    parse: Parse,
    *,
    words: Words,
    places: PlaceFinder,
    ear: FormEar,
) -> ParseData:
    """Read an InboundMessage as `decide` does, and name a place it tells, whatever is asked.

    Args:
        message: the InboundMessage of docs/design.md.
        active_loop: name of the form that is open, if one is.
        awaiting: slot `awaiting`.
        parse: the trained pipeline.
        words: the lexicon.
        places: finds the first place somebody could be sent to.
        ear: what was learnt of forms.
    """
    parsed = await decide(message, active_loop, awaiting, parse, words, ear)
    said = next((one["value"] for one in parsed["entities"] if one["entity"] == "said"), None)
    # Of a correction the new words count: "不是青石路，是人民路".
    words_of_it = str(said or parsed.get("corrected") or parsed.get("first") or parsed["text"])
    place = places.named(after_slip(words_of_it)) or places.named(words_of_it)
    return {**parsed, "place_named": place}


async def decide(
    message: Mapping[str, Any],
    active_loop: str | None,
    awaiting: Mapping[str, Any] | None,
    parse: Parse,
    words: Words,
    ear: FormEar,
) -> ParseData:
    """Decide how an InboundMessage is read.

    Args:
        message: the InboundMessage of docs/design.md.
        active_loop: name of the form that is open, if one is.
        awaiting: slot `awaiting`: `{"form", "field", "kind", "choices"?, "optional"?}`.
        parse: the trained pipeline; only asked when words alone do not decide.
        words: the lexicon.
        ear: what was learnt of forms.

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
        return await unasked(text, parse, words)
    if active_loop is None:
        return await _offered(text, awaiting, parse, words)
    return await _while_awaiting(text, awaiting, parse, words, ear)


def _whatever_is_open(text: str, words: Words) -> ParseData | None:
    """Read what is never an answer to a form: a person is wanted, or one's own data."""
    if words.says("human", text, limit=REQUEST_TEXT):
        return direct("ask_human", text)
    return own_data(text, words)


async def _offered(text: str, awaiting: Mapping[str, Any], parse: Parse, words: Words) -> ParseData:
    """Read a text after an offer outside a form: a pick, a yes or no, or something else."""
    if awaiting["kind"] == "confirm":
        offered = pressed(str(awaiting.get("payload") or ""), text, words.payloads)
        if offered and whole(words, "yes", text):
            # A yes presses the button that was offered.
            return offered
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
    return await unasked(text, parse, words)


async def _left_for_a_person(text: str, parse: Parse, words: Words) -> ParseData:
    """Read what is said where words for a person may be left: words for them, or another wish."""
    if whole(words, "no", text) or whole(words, "cancel", text):
        return word("no", text)
    parsed = await unasked(text, parse, words)
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
    parsed = await unasked(text, parse, words)
    short = len(squeeze(text)) <= LEXICON_TEXT and not words.says("question", text)
    if short and parsed["intent"]["name"] in UNCLEAR:
        return {**parsed, **intent("ask_eligibility")}
    return parsed


async def _while_awaiting(
    text: str, awaiting: Mapping[str, Any], parse: Parse, words: Words, ear: FormEar
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
    if leaving := await _left(text, awaiting, parse, words, ear):
        return leaving
    if short := steering(text, "confirm" if awaiting.get("understood") else kind, words):
        return await _steered(short, awaiting, parse, words, ear)
    return await _weighed(text, awaiting, parse, words, ear)


async def _weighed(
    text: str, awaiting: Mapping[str, Any], parse: Parse, words: Words, ear: FormEar
) -> ParseData:
    """Read what no word of the lexicon decides, by the form that waits for it."""
    if awaiting.get("field") == "cancel":
        return judge(await parse(text), text, words)
    if awaiting.get("form") == REPORT_FORM:
        if awaiting["kind"] == "description":
            return await _described(text, parse, words)
        return await weighed_report(await parse(text), text, awaiting, parse, words, ear)
    if parts := divided(text, awaiting, words):
        return await _answered_and_asked(*parts, text, awaiting, parse)
    return await weighed(await parse(text), text, awaiting, words, ear)


async def _answered_and_asked(
    answer: str, question: str, text: str, awaiting: Mapping[str, Any], parse: Parse
) -> ParseData:
    """Read a message that answers the form and then asks something: both are kept."""
    asked = asked_of_form(await parse(question), awaiting)
    entity = {"entity": "answered", "value": answer, "start": 0, "end": len(answer),
              "extractor": "gate"}  # fmt: skip
    return {**asked, "text": text, "first": question, "entities": [*asked["entities"], entity]}


async def _steered(
    short: ParseData, awaiting: Mapping[str, Any], parse: Parse, words: Words, ear: FormEar
) -> ParseData:
    """Read words that steer a form: what a correction changes, which form is gone on with."""
    text = str(short["text"])
    if short["intent"]["name"] == "correct":
        return await _correction(short, awaiting, parse, words, ear)
    if any(entity["value"] == "resume" for entity in short["entities"]) and awaiting.get("parked"):
        return resumed(await parse(text), text, awaiting)
    return short


def _chosen(text: str, kind: str, awaiting: Mapping[str, Any], words: Words) -> ParseData | None:
    """Read a choice by name or place: of the form's own, or of what was offered beside."""
    if kind == "choice" and chooses(text, awaiting, words):
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
    if BARE_NUMBER.match(squeeze(text)) or names_other(text, awaiting, words):
        return direct("inform", text)
    return None


async def _left(
    text: str, awaiting: Mapping[str, Any], parse: Parse, words: Words, ear: FormEar
) -> ParseData | None:
    """Read the wish for whose sake a form is broken off in the same breath."""
    reporting = awaiting.get("form") == REPORT_FORM
    rest = after_breaking_off(text, words)
    rest = rest or await said_after_leaving(text, ear, report=reporting)
    if not rest:
        return None
    wish = await unasked(rest, parse, words)
    reports = wish["intent"]["name"] in REPORT_INTENTS
    if not leads_elsewhere(wish):
        if not wish.get("element") or not words.says("question", rest):
            return None
        return {**asked_of_form(wish, awaiting), "text": text, "leaves_form": True}
    if reports and reporting:
        return None
    if reports and not await tells_trouble(wish, rest, words, ear):
        return None
    return {**wish, "text": text, "first": wish.get("first", rest), "leaves_form": True}


async def _correction(
    short: ParseData, awaiting: Mapping[str, Any], parse: Parse, words: Words, ear: FormEar
) -> ParseData:
    """Read a correction with its new words; in a report they may be of another category."""
    text = str(short["text"])
    new = corrected(text, words)
    parsed = await parse(new or text)
    if awaiting.get("form") != REPORT_FORM:
        return await changed({**parsed, "corrected": new}, text, awaiting, ear)
    return {**as_answer(parsed), **intent("correct"), "text": text, "corrected": new}


async def _described(text: str, parse: Parse, words: Words) -> ParseData:
    """Read the description of a report: an answer that still carries category and urgency.

    Two troubles of one message are told apart here as they are where the form opens.
    """
    parsed = await parse(text)
    both = await with_all_wishes(parsed, parse)
    # A single wish in it is no reason to leave out the rest of what is told.
    parsed = both if both.get("also") else parsed
    if not words.says("question", text, limit=60):
        return as_answer(parsed)
    return judge(parsed, text, words, told=True)
