"""答名字 Which messages of a log answer the bot's question for a name."""

from __future__ import annotations

from collections.abc import Iterable

from backend.conversations.model import Message
from backend.names import find_answered


def names_told(log: Iterable[Message]) -> dict[str, str]:
    """Return the names that a citizen told when asked for one: message id → name.

    Args:
        log: a piece of a conversation, oldest first; its bot's messages say what they ask (`asks`).
    """
    told, asked = {}, False
    for message in log:
        body = message.body
        if message.direction == "in":
            if asked and (name := find_answered(str(body.get("text") or ""))):
                told[message.id] = name
        elif body.get("kind") != "notice":
            # The grey line of the system stands beside the question, not in its place.
            asked = body.get("asks") == "name"
    return told
