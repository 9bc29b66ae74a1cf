"""打岔 Decides when a text leaves the form that is open, and when a guess is too weak. Pure."""

from __future__ import annotations

from dialogue.answers import SHORT_TEXT
from dialogue.readings import DIGRESSIONS, ParseData, as_answer
from dialogue.words import Words, squeeze

# A digression must be surer of itself the less it looks like a question.
SURE_QUESTION, SURE_STATEMENT, SURE_SHORT = 0.35, 0.55, 0.8
# A "yes" that submits something is never taken from a doubtful guess.
SURE_YES = 0.85
# Greetings, thanks and short yes and no are in the lexicon; a guess at them must be surer.
SURE_MANNERS = 0.7
# Who names an item and no number asks for progress only from this on: 我还没得居住证.
SURE_PROGRESS = 0.6
# Below this the parse knows nothing, so the clerk says so instead of acting on it.
TOO_WEAK = 0.2
COURTESIES = ("greet", "thank", "goodbye")
MANNERLY = (*COURTESIES, "cancel", "deny", "affirm")
# What the ear takes for no business of the office, or does not know.
UNHEARD = ("out_of_scope", "nlu_fallback")
REPORT_INTENTS = frozenset({"report_problem", "complain"})


def judge(parsed: ParseData, text: str, words: Words, *, told: bool = False) -> ParseData:
    """Decide between a digression and an answer that does not fit.

    Args:
        parsed: what the trained pipeline made of it.
        text: what was said.
        words: the lexicon.
        told: whether a trouble is being told, so that what sounds like a report is part of it.
    """
    name = parsed["intent"].get("name") or ""
    sure = float(parsed["intent"].get("confidence", 0.0))
    if told and name in (*REPORT_INTENTS, "out_of_scope", *COURTESIES):
        # Who really greets or thanks says so in words of the lexicon, which were looked for first.
        return as_answer(parsed)
    leaves = name in DIGRESSIONS and sure >= _needed(text, words)
    return parsed if leaves else as_answer(parsed)


def misheard(parsed: ParseData, text: str, words: Words) -> str:
    """Return what a doubtful guess is rather: a short word of manners is known by the lexicon."""
    name, sure = parsed["intent"].get("name"), float(parsed["intent"].get("confidence", 1.0))
    asks = words.says("question", text)
    if sure >= (SURE_YES if asks else SURE_MANNERS):
        return ""
    named = parsed.get("item_outcome") == "confident"
    if named and (name in UNHEARD or (name == "query_progress" and sure < SURE_PROGRESS)):
        return "ask_guide"
    if name in REPORT_INTENTS and asks and parsed.get("element") and sure < SURE_MANNERS:
        # 上门收钱不 asks; nobody is put into a report for that.
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
