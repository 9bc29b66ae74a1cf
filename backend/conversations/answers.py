"""答名字 Which messages of a log answer the bot's question for a name or an address."""

from __future__ import annotations

from collections.abc import Iterable

from backend.conversations.model import Message
from backend.homes import is_address
from backend.names import find_answered


def personal_told(log: Iterable[Message]) -> dict[str, str]:
    """Return names and addresses that a citizen told when asked for one: message id → these words.

    Args:
        log: a piece of a conversation, oldest first; its bot's messages say what they ask (`asks`).
    """
    told, asked = {}, ""
    for message in log:
        body = message.body
        if message.direction == "in":
            text = str(body.get("text") or "")
            if asked == "address" and is_address(text):
                told[message.id] = text
            elif asked == "name" and (name := find_answered(text)):
                told[message.id] = name
        elif body.get("kind") != "notice":
            # The grey line of the system stands beside the question, not in its place.
            asked = str(body.get("asks") or "")
    return told
