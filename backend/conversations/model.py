"""What a conversation and a message of its log are: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from backend.document import Document

Owner = Literal["bot", "staff"]
Direction = Literal["in", "out"]
AuthorKind = Literal["citizen", "bot", "staff", "system", "proxy"]
DeliveryState = Literal["pending", "parked", "failed", "sent"]


@dataclass(frozen=True, slots=True)
class Expected:
    """等您补 What the office waits for: the supplement of the case `number`, since then."""

    number: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """会话: one citizen in one channel.

    `handoff_id` is set while a person is asked for; `expects` is what the office waits for here.
    """

    id: str
    channel: str
    identity: str
    elder: bool
    owner: Owner
    handoff_id: str | None
    last_seq: int
    expects: tuple[Expected, ...] = ()


@dataclass(frozen=True, slots=True)
class Author:
    """Who said something; `name` is what the citizen sees of staff."""

    kind: AuthorKind
    id: str | None = None
    name: str | None = None


SYSTEM = Author("system")


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of a log; `position` is its place in the outgoing feed, if it has one."""

    id: str
    conversation_id: str
    seq: int
    key: str
    direction: Direction
    author: Author
    body: Document
    at: datetime
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """送达: how it stands with a reply that did not reach the citizen at the first attempt.

    Attributes:
        reason: why the last attempt failed, as the channel names it.
        next_try_at: None once it was sent or given up.
    """

    state: DeliveryState
    attempts: int
    reason: str | None = None
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewMessage:
    """What is about to be appended; `key` makes it happen once."""

    key: str
    direction: Direction
    author: Author
    body: Document
    at: datetime
