"""等您补 What is said while the office waits for the supplement of a case that it sent back. Pure.

What follows such a notice is likely meant for it: a photo or a file, and words that are no wish of
another kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dialogue.digressions import REPORT_INTENTS, UNHEARD
from dialogue.in_form import APPLICATION, is_question
from dialogue.readings import ParseData, direct, intent
from dialogue.short_words import whole
from dialogue.state import DialogueState
from dialogue.words import LEXICON_TEXT, Words

SHOWS = ("photo", "file")
# Heard so where something is only told, too.
TELLS = (*UNHEARD, "inform", "ask_guide", *REPORT_INTENTS)
# What answers do to a form, and what says nothing to one.
ANSWERS = ("answer", "change")
SAYS_NOTHING = ("question", "why", "pause", "leave", "resume", "submit")

SURE = 0.4
"""From this chance on a text answers what the notice asked for."""

SURE_REPORT = 0.6
"""From this confidence and score on a trouble is told, and no paper spoken of."""

SURE_CHAT = 0.6
"""From this chance on a text says nothing."""


def hands_in(message: Mapping[str, Any], state: DialogueState, words: Words) -> ParseData | None:
    """Return the reading of what leaves an application that is open for a case sent back.

    Args:
        message: the InboundMessage.
        state: what the conversation is about.
        words: the lexicon.

    Returns:
        None where the form keeps it: a photo that it asks for itself, too.
    """
    if not state.expects or state.active_loop != APPLICATION:
        return None
    text = str(message.get("text") or "")
    shown = message.get("kind") in SHOWS and not (state.awaiting or {}).get("photos")
    if shown or words.says("hands_in", text, limit=LEXICON_TEXT):
        return direct("supplement", text)
    return None


def may_supplement(parsed: ParseData, text: str, words: Words) -> bool:
    """Tell whether words outside a form may be what the office waits for, by all but their sound.

    Args:
        parsed: how they were read.
        text: what was said.
        words: the lexicon.
    """
    name, sure = parsed["intent"]["name"], float(parsed["intent"].get("confidence", 0.0))
    if name not in TELLS or any(one["entity"] == "word" for one in parsed["entities"]):
        return False
    if parsed.get("elsewhere") or parsed.get("item_outcome") == "confident" or parsed.get("pair"):
        return False
    if name in REPORT_INTENTS:
        category = (parsed.get("category") or [{}])[0]
        if sure >= SURE_REPORT and float(category.get("score", 0.0)) >= SURE_REPORT:
            return False
    return not is_question(text, words) and not whole(words, "yes", text)


def as_supplement(parsed: ParseData, acts: Mapping[str, float]) -> ParseData:
    """Return a text as the supplement that is waited for, or as it was read.

    Args:
        parsed: how it was read.
        acts: the chance of what its words would do to a form.
    """
    best = max(acts, key=lambda name: acts[name])
    unclear = parsed["intent"]["name"] in UNHEARD and best not in SAYS_NOTHING
    told = unclear and not (best == "chat" and acts[best] >= SURE_CHAT)
    if told or (best in ANSWERS and acts[best] >= SURE):
        return {**parsed, **intent("supplement"), "expected": True}
    return parsed
