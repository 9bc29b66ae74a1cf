"""读法 The parse data the gate makes itself: a button, a short word, an answer, a pick. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dialogue.payloads import Payloads

ParseData = dict[str, Any]

DIGRESSIONS = frozenset(
    {
        "ask_guide", "start_application", "query_progress", "report_problem", "complain",
        "book_appointment", "ask_office", "ask_notice", "ask_eligibility", "ask_human",
        "ask_proxy", "rate_service", "propose_topic", "elder_mode", "ask_capability", "greet",
        "thank", "goodbye", "out_of_scope", "ask_personal_data",
    }
)  # fmt: skip
BUTTON_INTENTS = DIGRESSIONS | {
    "affirm", "deny", "cancel", "inform", "correct", "withdraw", "supplement", "resume",
    "ask_why", "verify_identity", "send_media", "vent",
}  # fmt: skip


def pressed(payload: str, title: str, payloads: Payloads) -> ParseData | None:
    """Read a button's payload; None when it is none of ours."""
    read = payloads.read(payload)
    if read is None or read[0] not in BUTTON_INTENTS:
        return None
    name, values = read
    entities = [{"entity": key, "value": value, "start": 0, "end": 0,
                 "extractor": "button"} for key, value in values.items()]  # fmt: skip
    return direct(name, title or payload, entities)


def intent(name: str, confidence: float = 1.0) -> ParseData:
    """Return the part of parse data that names an intent."""
    return {"intent": {"name": name, "confidence": confidence}}


def as_answer(parsed: ParseData) -> ParseData:
    """Keep what the parse carries, and let the form judge the text itself."""
    return {**parsed, **intent("inform"), "guessed": dict(parsed["intent"])}


def word(group: str, text: str) -> ParseData:
    """Return an `inform` that carries one steering word."""
    entity = {"entity": "word", "value": group, "start": 0, "end": len(text), "extractor": "gate"}
    return direct("inform", text, [entity])


def pick(place: int, text: str) -> ParseData:
    """Return the pick of one of the choices offered outside a form, by its place from 0."""
    entity = {"entity": "place", "value": place, "start": 0, "end": len(text), "extractor": "gate"}
    return direct("pick", text, [entity])


def direct(name: str, text: str, entities: Sequence[ParseData] = ()) -> ParseData:
    """Build parse data without the classifier."""
    return {
        "text": text, **intent(name), "intent_ranking": [{"name": name, "confidence": 1.0}],
        "entities": list(entities), "items": [], "item_outcome": "none", "element": None,
        "elsewhere": None, "form": None, "pair": None, "category": [], "urgent": False,
    }  # fmt: skip
