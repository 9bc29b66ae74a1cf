"""填表时 Weighs what a text may be to the form that is open, and takes what it most likely is.

Every reading has a score: the chance that the text does this, and what else speaks for it (the
kind of answer that is asked for, a question's words, an item that is surely named). None of them
is looked for before another. Only what must never depend on a model stands in the gate before.
"""

from __future__ import annotations

import asyncio
import functools
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from datetime import date
from typing import Any

from components.choice_scorer import Likely
from reading.form import FormReader

from dialogue.answers import fits, may_be_name, named_choice
from dialogue.digressions import REPORT_INTENTS, SURE_YES
from dialogue.readings import DIGRESSIONS, ParseData, as_answer, direct, intent, word
from dialogue.wishes import ABOUT_ITEMS
from dialogue.words import Words, squeeze
from standards.acceptors import dates, documents, phones
from standards.acceptors.plain import is_chinese
from standards.guide_lines import named_part

SURE = 0.45
"""From this score on a text is something else than an answer."""

LEADS = 0.5
"""By so much the likeliest choice must lead before it is taken."""

LEAST_SAID = 3
MOST_PAUSES = 2

NEAR = 0.15
"""So near the words of a choice must be to an answer that may mean it."""

NEAR_UNASKED = 0.4
"""The same where nothing is asked, so that the answer may be about anything."""

HINTED = 0.25
"""The least chance of wishing for something with which another body's matter leaves a form."""

LIKELY = 0.4
"""From this score on a question is rather about an item than about the one that is applied for."""

OPTION = 0.6
"""Chance from which a choice of an answered field may be what somebody wants instead."""

ALIKE = 0.08
"""Of two fields whose choices are as near as that nobody can tell which one is meant."""

TELLS = 0.3
LIKE_ITS_KIND = 0.6
ANY_WORDS = 0.15
ASKS = 0.3
NAMES_ITEM = 0.4
WISHES = 0.3

# A yes that files something takes more than the likeliest reading.
SURE_SUBMIT = 0.6
SURE_INTENT = 0.5

# Wishes that name no item. Who says that somebody else comes answers the form.
ELSEWHERE = ("query_progress", "book_appointment", "ask_office", "ask_human", "ask_eligibility",
             "ask_personal_data", "elder_mode", "rate_service", "propose_topic", "ask_notice",
             "ask_capability")  # fmt: skip
ABOUT_THE_OFFICE = ("ask_office", "ask_notice", "query_progress", "ask_eligibility")
# 行不行, 有没有: whether something is so.
_FIGURES = re.compile(r"\d{3}")
# 有人没, 收费不; 通知还没 tells.
_WHETHER = re.compile(r"(.)[不没]\1|不[嘛哦]?$|有[^,，。]{0,8}(?<!还)没得?[嘛哦]?$")
_PAUSE = re.compile(r"[,，。；;]")
APPLICATION = "application_form"
FREE_KINDS = ("text", "place", "description")
# What an answer that is read whole is stronger than.
TAKEN = ("answer", "chat", "unsure", "change")
# What reads these tells by itself whether a text is one.
READ_WHOLE = ("name", "id_number", "phone", "date", "number", "address")


class FormEar:
    """Asks what was learnt of forms where it holds up nobody."""

    def __init__(self, reader: FormReader, thread: Executor) -> None:
        """Take what was learnt, and where vectors are computed."""
        self._reader = reader
        self._thread = thread

    async def acts(self, words: str, *, report: bool = False) -> dict[str, float]:
        """Return the chance of what words in normal form do to a form, or to that of a report."""
        loop = asyncio.get_running_loop()
        does = functools.partial(self._reader.acts, report=report)
        return await loop.run_in_executor(self._thread, does, words)

    async def weigh(self, words: str, field: Mapping[str, Any]) -> list[Likely]:
        """Tell how likely each choice of a field is meant."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._reader.weigh, words, field)


async def weighed(
    parsed: ParseData, text: str, awaiting: Mapping[str, Any], words: Words, ear: FormEar
) -> ParseData:
    """Return the likeliest reading of a text that is said to an open form.

    Args:
        parsed: what the trained pipeline made of it.
        text: what was said.
        awaiting: slot `awaiting`.
        words: the lexicon.
        ear: what was learnt of forms.
    """
    plain = plain_of(parsed, text)
    acts = await _acts(plain, text, ear)
    chooses = awaiting["kind"] == "choice" and len(awaiting.get("choices") or ()) > 1
    likely = await ear.weigh(plain, awaiting) if chooses else []
    scores = _scores(acts, parsed, text, awaiting, words)
    scores["answer"] += max((choice.near for choice in likely), default=0.0) ** 2
    does = _does(scores, parsed, text, awaiting)
    reads = awaiting["kind"] in READ_WHOLE and fits(text, awaiting, words)
    figures = awaiting["kind"] in ("id_number", "phone") and re.search(r"\d", text)
    surely = figures or _is_day(text, awaiting)
    if (reads and (surely or does in TAKEN)) or _sends_number(text):
        return direct("inform", text)
    if does in ("answer", "change") and awaiting["kind"] == "confirm":
        new = await changed(parsed, text, awaiting, ear)
        return new if does == "change" or new["options"] else {**as_answer(parsed), "text": text}
    if does == "change":
        return await changed(parsed, text, awaiting, ear)
    wished = not parsed.get("elsewhere") or acts["wish"] >= HINTED
    if does == "wish" and wished and may_leave(parsed, text, words):
        return parsed
    if does in ("answer", "wish"):
        answer = _answer(parsed, text, awaiting, words, likely)
        reports = does == "wish" and parsed["intent"].get("name") in REPORT_INTENTS
        chosen = "between" in answer or answer["entities"] != parsed["entities"]
        unclear = reports and not chosen and awaiting["kind"] not in FREE_KINDS
        return {**answer, "unclear": "report"} if unclear else answer
    if does == "question":
        return asked_of_form(parsed, awaiting)
    if does == "resume":
        return resumed(parsed, text, awaiting)
    return steers(does, parsed, text)


async def _acts(plain: str, text: str, ear: FormEar) -> dict[str, float]:
    """Return what a text does by its normal form and by its own words.

    The normal form leaves out 我问一下 and the like, which is all that a pause may say.
    """
    acts = await ear.acts(plain)
    if plain == squeeze(text):
        return acts
    said = await ear.acts(squeeze(text))
    return {name: (chance + said[name]) / 2 for name, chance in acts.items()}


def _does(
    scores: Mapping[str, float], parsed: ParseData, text: str, awaiting: Mapping[str, Any]
) -> str:
    """Return what a text does to the form: what has the best score, where that is good enough."""
    best = max(scores, key=lambda name: scores[name])
    if best == "chat" and awaiting["kind"] == "name" and may_be_name(text):
        # No model knows a rare name: the form asks back.
        return "answer"
    checks = awaiting["kind"] == "confirm"
    name, sure = parsed["intent"].get("name"), float(parsed["intent"].get("confidence", 0.0))
    if checks and best == "chat" and name == "affirm" and sure >= SURE_YES:
        return "submit"
    unsure = scores[best] < (SURE_SUBMIT if best == "submit" else SURE)
    return "answer" if unsure or (best == "submit" and not checks) else best


def _scores(
    acts: Mapping[str, float],
    parsed: ParseData,
    text: str,
    awaiting: Mapping[str, Any],
    words: Words,
) -> dict[str, float]:
    """Return how much speaks for each thing that a text may do to the form."""
    name, sure = parsed["intent"].get("name"), float(parsed["intent"].get("confidence", 0.0))
    asks = is_question(text, words)
    names = _names_other(parsed, awaiting)
    scores = dict(acts)
    scores["answer"] += _fit(text, awaiting, words)
    scores["answer"] += LIKE_ITS_KIND * words.says("tells_age", text, limit=80)
    scores["question"] += ASKS if asks else -TELLS
    # Figures, as of a plate or a card, are no talk about something else.
    scores["chat"] -= ASKS * asks + (not is_chinese(text)) + ASKS * bool(_FIGURES.search(text))
    wishes = name in DIGRESSIONS and not asks and name not in REPORT_INTENTS
    scores["wish"] += WISHES * sure * wishes + NAMES_ITEM * (names and not asks)
    if name in REPORT_INTENTS and words.says("reports", text, limit=80):
        scores["wish"] += WISHES
    elif name in REPORT_INTENTS and awaiting["kind"] in FREE_KINDS and not asks:
        # A trouble that is told where any words are an answer asks nothing.
        scores["answer"] += WISHES * sure
    return scores


def is_question(text: str, words: Words) -> bool:
    """Tell whether a text asks something."""
    return words.says("question", text, limit=80) or bool(_WHETHER.search(squeeze(text)))


def _names_other(parsed: ParseData, awaiting: Mapping[str, Any]) -> bool:
    """Tell whether another matter is surely named than the one that is applied for."""
    if parsed.get("elsewhere"):
        return True
    sure = parsed.get("item_outcome") == "confident"
    return sure and parsed["items"][0]["code"] != awaiting.get("subject")


def _names_one(parsed: ParseData) -> bool:
    """Tell whether a matter is surely named, the office's or another body's."""
    return parsed.get("item_outcome") == "confident" or bool(parsed.get("elsewhere"))


def _fit(text: str, awaiting: Mapping[str, Any], words: Words) -> float:
    """Return how well a text fits the kind of answer that is waited for."""
    kind = str(awaiting["kind"])
    if kind in FREE_KINDS:
        return ANY_WORDS
    if kind == "choice":
        return LIKE_ITS_KIND * (named_choice(text, awaiting, words) is not None)
    return LIKE_ITS_KIND * (kind != "confirm" and fits(text, awaiting, words))


def _answer(
    parsed: ParseData,
    text: str,
    awaiting: Mapping[str, Any],
    words: Words,
    likely: Sequence[Likely],
) -> ParseData:
    """Read an answer; a choice in other words is taken by its meaning, or asked between two."""
    answered = {**as_answer(parsed), "text": text}
    offered = [str(choice) for choice in awaiting.get("choices") or ()]
    named = [choice for choice in offered if len(choice) > 1 and choice in text]
    if not likely or len(named) == 1 or named_choice(text, awaiting, words):
        return answered
    if len(named) > 1:
        return {**answered, "between": named[:2]}
    best, next_best = sorted(range(len(likely)), key=lambda at: -likely[at].chance)[:2]
    if likely[best].near < NEAR or not is_chinese(text):
        # Nothing that is offered is near: the form says itself what it needs.
        return answered
    if likely[best].chance - likely[next_best].chance >= LEADS:
        chosen = _entity("value", offered[best])
        return {**answered, "entities": [*answered["entities"], chosen]}
    return {**answered, "between": [offered[best], offered[next_best]]}


def _sends_number(text: str) -> bool:
    """Tell whether a text holds a whole ID or phone: whoever sends one fills in the form."""
    return bool(documents.stands_in(text) or phones.stand_in(text))


def _is_day(text: str, awaiting: Mapping[str, Any]) -> bool:
    """Tell whether a text is a day and nothing else, whichever day it may be."""
    if awaiting["kind"] != "date":
        return False
    read = dates.accept(text, date.today())
    return read.value is not None and not read.leftover


async def changed(
    parsed: ParseData, text: str, awaiting: Mapping[str, Any], ear: FormEar
) -> ParseData:
    """Read a correction, with the choices of answered fields that its words may mean."""
    found: list[tuple[float, dict[str, str]]] = []
    for field in awaiting.get("fields") or ():
        likely = await ear.weigh(plain_of(parsed, text), field)
        best = max(range(len(likely)), key=lambda at: likely[at].chance)
        if likely[best].chance >= OPTION and likely[best].near >= NEAR_UNASKED:
            option = {"field": str(field["name"]), "value": str(field["choices"][best])}
            found.append((likely[best].near, option))
    nearest = max((near for near, _ in found), default=0.0)
    options = [option for near, option in found if near > nearest - ALIKE]
    kept = {"text": text, "corrected": parsed.get("corrected", ""), "options": options}
    return {**as_answer(parsed), **intent("correct"), **kept}


def resumed(parsed: ParseData, text: str, awaiting: Mapping[str, Any]) -> ParseData:
    """Read the wish to go on: with the form that is open, or with the parked one it names."""
    named = parked_named(parsed, text, awaiting.get("parked") or ())
    if named is None:
        return word("resume", text)
    return direct("start_application", text, [_entity("item_code", named)])


def parked_named(parsed: ParseData, text: str, parked: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the code of the parked form that a text names most plainly, if it names one."""
    sure = parsed.get("item_outcome") == "confident"
    likely = str(parsed["items"][0]["code"]) if sure else ""

    def told(form: Mapping[str, Any]) -> tuple[int, bool]:
        return len(named_part(text, str(form["title"]))), str(form["code"]) == likely

    named = [form for form in parked if form.get("code") and any(told(form))]
    return str(max(named, key=told)["code"]) if named else None


async def said_after_leaving(text: str, ear: FormEar, *, report: bool = False) -> str:
    """Return what follows the part of a text that leaves a form ("不弄这个了，我要…"), if any.

    Args:
        text: what was said.
        ear: what was learnt of forms.
        report: whether the form is that of a report.
    """
    for pause in list(_PAUSE.finditer(text))[:MOST_PAUSES]:
        head, rest = text[: pause.start()], text[pause.end() :].strip()
        if len(squeeze(rest)) < LEAST_SAID:
            return ""
        acts = await ear.acts(head, report=report)
        if acts["leave"] >= SURE_INTENT:
            return rest
    return ""


async def tells_trouble(wish: ParseData, text: str, words: Words, ear: FormEar) -> bool:
    """Tell whether what sounds like a report is one, and no word about going elsewhere."""
    if words.says("reports", text, limit=80):
        return True
    acts = await ear.acts(plain_of(wish, text))
    return max(acts, key=lambda name: acts[name]) not in ("leave", "pause", "change")


def asked_of_form(parsed: ParseData, awaiting: Mapping[str, Any]) -> ParseData:
    """Read a question: about the office or another item, else about what is being applied for."""
    name, sure = parsed["intent"].get("name"), float(parsed["intent"].get("confidence", 0.0))
    other = _names_one(parsed)
    if (name in ABOUT_THE_OFFICE and sure >= SURE_INTENT) or (other and name == "ask_guide"):
        return parsed
    subject = awaiting.get("subject") if awaiting.get("form") == APPLICATION else None
    asked = {**parsed, **intent("ask_guide", sure)}
    if not subject or _rather_another(parsed, str(subject)):
        return asked
    return {**asked, "entities": [*parsed["entities"], _entity("item_code", subject)]}


def _rather_another(parsed: ParseData, subject: str) -> bool:
    """Tell whether a question is likely about another item than the one that is applied for."""
    items = parsed.get("items") or [{"code": subject, "score": 0.0}]
    linked = {str(item["code"]): float(item["score"]) for item in items}
    return subject not in linked and max(linked.values()) >= LIKELY


def may_leave(parsed: ParseData, text: str, words: Words) -> bool:
    """Tell whether a text wishes for what the form is left for.

    An item must be surely named, and nobody is put into a report who did not ask for one.
    """
    name, sure = parsed["intent"].get("name"), float(parsed["intent"].get("confidence", 0.0))
    if name in REPORT_INTENTS:
        return words.says("reports", text, limit=80)
    if name in ABOUT_ITEMS:
        return _names_one(parsed)
    return name in ELSEWHERE and sure >= SURE_INTENT


def steers(does: str, parsed: ParseData, text: str) -> ParseData:
    """Read what steers the form: a pause, a way out, a yes, a reason that is asked for."""
    if does == "pause":
        return word("wait", text)
    if does == "leave":
        return {**direct("cancel", text), "rests": True}
    if does == "submit":
        return direct("affirm", text)
    if does == "why":
        return direct("ask_why", text)
    if does == "chat":
        return {**as_answer(parsed), "text": text, "unclear": "chat"}
    return word("repeat", text)


def plain_of(parsed: ParseData, text: str) -> str:
    """Return the words in the form that the models know."""
    return str(parsed.get("normalised") or text)


def _entity(name: str, value: str) -> dict[str, Any]:
    return {"entity": name, "value": value, "start": 0, "end": 0, "extractor": "gate"}
