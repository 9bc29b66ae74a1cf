"""收件 documents as the rest of the door sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Address:
    """Who is at the other end: the channel and who they are there."""

    conversation_id: str
    channel: str
    identity: str
    elder: bool = False


@dataclass(frozen=True)
class Accepted:
    """The answer to a platform: it is stored; `duplicate` says it already was."""

    inbox_id: str
    duplicate: bool


@dataclass(frozen=True)
class Received:
    """One message on its way through a turn.

    Attributes:
        id: unique over all channels; also the idempotency key of everything the turn does.
        seq: place in the conversation.
        attempts: turns that failed so far, the first of them begun at `first_tried_at`.
        apologised: the citizen already knows that it takes longer.
        sealed: no key of ours opens it, so its body is empty.
    """

    id: str
    conversation_id: str
    seq: int
    body: dict[str, Any]
    at: datetime
    due_at: datetime
    attempts: int = 0
    first_tried_at: datetime | None = None
    apologised: bool = False
    sealed: bool = False
