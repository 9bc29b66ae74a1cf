"""答了又问 Divides a message that answers the form and then asks something. Pure.

赵桂英，对了存款有两万影响不: neither half may be lost, so that each is read by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dialogue.answers import fits
from dialogue.words import Words
from standards.acceptors import choices, documents, phones

# What reads these tells by itself whether a text is one.
READ_WHOLE = ("name", "id_number", "phone", "date", "number", "address")
_CLAUSE = re.compile(r"[^,，;；。!！?？\s]+[,，;；。!！?？\s]*")
_LONGEST = 80


def divided(text: str, awaiting: Mapping[str, Any], words: Words) -> tuple[str, str] | None:
    """Return the answer and the question of a message, or None where it is not both.

    Args:
        text: what was said.
        awaiting: slot `awaiting`.
        words: the lexicon; its `beside` are the words that lead over to a question.
    """
    clauses = list(_CLAUSE.finditer(text))
    says = (words.says("question", one.group(), limit=_LONGEST) for one in clauses)
    first = next((at for at, asks in enumerate(says) if asks), 0)
    while first > 0 and words.says("beside", clauses[first - 1].group()):
        first -= 1
    if first == 0:
        return None
    answer, question = text[: clauses[first].start()].strip(), text[clauses[first].start() :]
    return (answer, question) if _answers(answer, awaiting, words) else None


def _answers(text: str, awaiting: Mapping[str, Any], words: Words) -> bool:
    """Tell whether a text answers what is asked, or gives the number of a person."""
    if documents.stands_in(text) or phones.stand_in(text):
        return True
    if awaiting["kind"] == "choice":
        offered = [str(choice) for choice in awaiting.get("choices") or ()]
        return choices.accept(text, offered, alike=words.alike).value is not None
    return awaiting["kind"] in READ_WHOLE and fits(text, awaiting, words)
