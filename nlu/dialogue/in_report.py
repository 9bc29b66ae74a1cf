"""诉求里的话 Weighs what a text may be to the open form of a report, and what it asks of one.

Whoever reports goes on telling, asks what becomes of it, or has a second trouble; none of these
is taken for the other by words alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dialogue.answers import fits
from dialogue.corrections import corrected
from dialogue.digressions import REPORT_INTENTS, SURE_YES
from dialogue.in_form import FormEar, is_question, may_leave, plain_of, resumed, steers
from dialogue.ports import Parse
from dialogue.readings import DIGRESSIONS, ParseData, as_answer, intent, word
from dialogue.wishes import ABOUT_ITEMS, with_all_wishes
from dialogue.words import Words
from standards.acceptors import phones

FORM = "report_form"
IN_FORM = ("due", "who", "privacy", "anonymous", "after", "cost", "no_photo_ok")
"""Topics of data/follow_ups/report.yml that are asked while the form is open."""

SURE = 0.45
"""From this score on a text is something else than an answer."""

SURE_TOPIC = 0.1
"""Over the bar by this much, a topic is meant even where another trouble is heard."""

NEAR = -0.05
"""Under the bar by no more than this, a topic is meant by what says nothing else."""

SURE_CATEGORY = 0.5
"""From this score on a text tells of a trouble of its own."""

_ASKS, _TELLS, _WISHES, _ITEM, _TROUBLE, _WORDS = 0.3, 0.3, 0.3, 0.4, 0.4, 0.15
_PLACED = 0.6
# The least chance of telling of one thing more that counts beside its being of another kind.
_HINTS = 0.1
_QUESTIONS = ("about_report", "ask_guide", "query_progress")
_ANSWERED_BESIDE = ("ask_office", "ask_proxy", "ask_eligibility", "book_appointment")
_UNCLEAR = ("nlu_fallback", "out_of_scope", "inform", "ask_guide", "ask_notice", "ask_capability")
_MISHEARD = frozenset({*_UNCLEAR, *REPORT_INTENTS, "ask_office", "ask_eligibility", "ask_human",
                       "query_progress", "rate_service", "propose_topic", "withdraw",
                       "supplement", "cancel", "ask_personal_data", "about_report"})  # fmt: skip


async def weighed_report(
    parsed: ParseData, text: str, awaiting: Mapping[str, Any], parse: Parse, words: Words,
    ear: FormEar,
) -> ParseData:  # fmt: skip
    """Return the likeliest reading of a text that is said to the open form of a report.

    Args:
        parsed: what the trained pipeline made of it.
        text: what was said.
        awaiting: slot `awaiting`.
        parse: the trained pipeline, for the parts of a question.
        words: the lexicon.
        ear: what was learnt of forms.
    """
    if awaiting["kind"] == "phone" and phones.accept(text).problem != "phone_missing":
        return {**as_answer(parsed), "text": text}
    acts = await ear.acts(plain_of(parsed, text), report=True)
    does = _does(_scores(acts, parsed, text, awaiting, words), parsed, awaiting)
    if does == "change":
        changed = {**as_answer(parsed), **intent("correct")}
        return {**changed, "text": text, "corrected": corrected(text, words)}
    if does == "another":
        return _another(parsed, text)
    if does == "wish" and may_leave(parsed, text, words):
        return parsed
    if does == "question":
        return _asked(await with_all_wishes(parsed, parse))
    if does == "submit":
        # Before the check it says that nothing more is to come.
        return steers(does, parsed, text) if _checks(awaiting) else word("finish", text)
    if does == "resume":
        return resumed(parsed, text, awaiting)
    if does in ("answer", "wish", "unsure"):
        return {**as_answer(parsed), "text": text}
    return steers(does, parsed, text)


def about_report(parsed: ParseData, topic: tuple[str, float], *, open_form: bool) -> ParseData:
    """Return how a text is read that may be about a report; as it was where it is not.

    Args:
        parsed: how it was read so far.
        topic: the likeliest topic of data/follow_ups/report.yml, and its score over the bar.
        open_form: whether the report is being made; else one was filed lately.
    """
    name, over = topic
    heard = str(parsed["intent"]["name"])
    asked = {**parsed, **intent("about_report"), "follow": name}
    if any(one["entity"] == "word" for one in parsed["entities"]) or heard not in _MISHEARD:
        return parsed
    if open_form:
        sure = parsed.get("item_outcome") == "confident"
        needed = SURE_TOPIC if sure else NEAR if heard in _QUESTIONS else 0.0
        return asked if name in IN_FORM and over >= needed else parsed
    needed = _bar(parsed, name)
    return asked if over >= needed else parsed


def _bar(parsed: ParseData, topic: str) -> float:
    """Return how far over the bar a topic must be, by what else the text may be."""
    category = (parsed.get("category") or [{}])[0]
    troubled = parsed["intent"]["name"] in REPORT_INTENTS and topic in ("add", "unhappy", "urge")
    if parsed.get("item_outcome") == "confident":
        return SURE_TOPIC
    if troubled and float(category.get("score", 0.0)) >= SURE_CATEGORY:
        return SURE_TOPIC
    return NEAR if parsed["intent"]["name"] in _UNCLEAR else 0.0


def _scores(
    acts: Mapping[str, float],
    parsed: ParseData,
    text: str,
    awaiting: Mapping[str, Any],
    words: Words,
) -> dict[str, float]:
    """Return how much speaks for each thing that a text may do to a report."""
    name, sure = parsed["intent"].get("name"), float(parsed["intent"].get("confidence", 0.0))
    asks = is_question(text, words)
    item = parsed.get("item_outcome") == "confident"
    scores = dict(acts)
    trouble = _TROUBLE * sure * (name in REPORT_INTENTS)
    scores["answer"] += _WORDS + trouble
    if trouble and _is_of_another_kind(parsed, awaiting) and scores["another"] >= _HINTS:
        scores["another"] += _WORDS + trouble
    if awaiting["kind"] == "place" and fits(text, {"kind": "address"}, words):
        scores["answer"] += _PLACED
    scores["question"] += _ASKS if asks else -_TELLS
    scores["chat"] -= _ASKS * asks
    wishes = name in DIGRESSIONS and name not in REPORT_INTENTS and not asks
    scores["wish"] += _WISHES * sure * wishes + _ITEM * (item and not asks)
    return scores


def _is_of_another_kind(parsed: ParseData, awaiting: Mapping[str, Any]) -> bool:
    """Tell whether a text surely tells of another kind of trouble than the one being reported."""
    category = (parsed.get("category") or [{}])[0]
    sure = float(category.get("score", 0.0)) >= SURE_CATEGORY
    return sure and category.get("code") != awaiting.get("category")


def _does(scores: Mapping[str, float], parsed: ParseData, awaiting: Mapping[str, Any]) -> str:
    """Return what a text does to the report: what has the best score, if that is good enough."""
    best = max(scores, key=lambda one: scores[one])
    name, sure = parsed["intent"].get("name"), float(parsed["intent"].get("confidence", 0.0))
    if best == "chat" and _checks(awaiting) and name == "affirm" and sure >= SURE_YES:
        return "submit"
    return best if scores[best] >= SURE else "answer"


def _checks(awaiting: Mapping[str, Any]) -> bool:
    return bool(awaiting["kind"] == "confirm")


def _another(parsed: ParseData, text: str) -> ParseData:
    """Read a second trouble, which is kept until the first one is filed."""
    wish: dict[str, Any] = {
        "text": text, "items": [], "element": None, "elsewhere": None,
        "category": parsed.get("category"), "urgent": parsed.get("urgent"),
        "intent": "report_problem",
    }  # fmt: skip
    return {**parsed, **intent("report_problem"), "text": text, "also": [wish]}


def _asked(parsed: ParseData) -> ParseData:
    """Read a question: about an item or the office, else about the report itself."""
    name = parsed["intent"].get("name")
    item = parsed.get("item_outcome") != "none" or parsed.get("elsewhere")
    if (name in ABOUT_ITEMS and item) or name in _ANSWERED_BESIDE:
        return parsed
    # How far it is, before there is a number, is asked of the report that is being made.
    topic = "due" if name == "query_progress" else ""
    return {**parsed, **intent("about_report"), "follow": topic}
