"""打岔 Decides when a text leaves the form that is open, and when a guess is too weak. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dialogue.answers import SHORT_TEXT
from dialogue.readings import DIGRESSIONS, ParseData, as_answer
from dialogue.words import Words, squeeze

# A digression must be surer of itself the less it looks like a question.
SURE_QUESTION, SURE_STATEMENT, SURE_SHORT = 0.35, 0.55, 0.8
# A "yes" that submits something is never taken from a doubtful guess.
SURE_YES = 0.85
# Greetings, thanks and short yes and no are in the lexicon; a guess at them must be surer.
SURE_MANNERS = 0.7
# Below this the parse knows nothing, so the clerk says so instead of acting on it.
TOO_WEAK = 0.2
COURTESIES = ("greet", "thank", "goodbye")
MANNERLY = (*COURTESIES, "cancel", "deny", "affirm")
REPORT_INTENTS = frozenset({"report_problem", "complain"})
# What a report asks for: whatever sounds like a report here is part of the one being told.
REPORT_KINDS = ("description", "report_photo", "report_phone", "report_confirm")

_NEGATION = re.compile(r"[不没莫别未]|等|错|改")


def judge(parsed: ParseData, text: str, kind: str, words: Words) -> ParseData:
    """Decide between a digression and an answer that does not fit."""
    name = parsed["intent"].get("name") or ""
    sure = float(parsed["intent"].get("confidence", 0.0))
    if kind in REPORT_KINDS and name in (*REPORT_INTENTS, "out_of_scope", *COURTESIES):
        # Who really greets or thanks says so in words of the lexicon, which were looked for first.
        return as_answer(parsed)
    if kind in REPORT_KINDS and name == "ask_office" and not words.says("question", text, limit=80):
        # "It was in the hall on the third floor" tells where; it does not ask where the hall is.
        return as_answer(parsed)
    if kind in REPORT_KINDS and name == "ask_guide" and not _asks_guide(parsed, text, words):
        # "云溪花园5栋2单元" tells more of the place; it asks for no guide.
        return as_answer(parsed)
    if words.says("tells_age", text, limit=80) and not words.says("question", text, limit=80):
        # "He was born in 2020" tells of somebody, whatever it was taken for.
        return as_answer(parsed)
    asks_yes = kind == "report_confirm"
    if name == "affirm" and asks_yes and sure >= SURE_YES and not _NEGATION.search(text):
        return parsed
    if name in ("deny", "cancel") and asks_yes and sure >= SURE_STATEMENT:
        return parsed
    if name in DIGRESSIONS and sure >= _needed(text, words):
        return parsed
    return as_answer(parsed)


def _asks_guide(parsed: ParseData, text: str, words: Words) -> bool:
    """Tell whether a guide is asked for: in a question, or by an item that is surely meant."""
    return words.says("question", text, limit=80) or parsed.get("item_outcome") == "confident"


def kind_in_report(kind: str, awaiting: Mapping[str, Any]) -> str:
    """Return the awaited kind, marked where a report asks for it."""
    in_report = awaiting.get("form") == "report_form" and awaiting.get("field") != "cancel"
    return f"report_{kind}" if in_report and kind in ("photo", "phone", "confirm") else kind


def misheard(parsed: ParseData, text: str, words: Words) -> str:
    """Return what a doubtful guess is rather: a short word of manners is known by the lexicon."""
    name, sure = parsed["intent"].get("name"), float(parsed["intent"].get("confidence", 1.0))
    if sure >= (SURE_YES if words.says("question", text) else SURE_MANNERS):
        return ""
    if name == "out_of_scope" and parsed.get("item_outcome") == "confident":
        return "ask_guide"
    return "nlu_fallback" if name in MANNERLY else ""


def too_weak(parsed: ParseData) -> bool:
    """Tell whether the parse knows nothing of the text."""
    knows = parsed.get("item_outcome") == "confident" or bool(parsed.get("urgent"))
    return float(parsed["intent"].get("confidence", 1.0)) < TOO_WEAK and not knows


def _needed(text: str, words: Words) -> float:
    """Return how sure a parse must be to leave a form."""
    if words.says("question", text, limit=80):
        return SURE_QUESTION
    if len(squeeze(text)) <= SHORT_TEXT:
        return SURE_SHORT
    return SURE_STATEMENT
