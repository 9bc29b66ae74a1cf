"""发件 documents as the rest of the door sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

OPEN_STATES = ["pending", "sending"]
"""States of a reply that still has to be said."""
PARKED = "parked"
"""State of a reply that only the citizen can set free, by writing again."""


@dataclass(frozen=True)
class NewReply:
    """One reply to be said.

    Attributes:
        id: `{inbox id}:{n}`, `{inbox id}:handoff-{n}`, `{inbox id}:apology` or `log:{message id}`;
            also its key in the log.
        body: a Reply.
        logged: it already stands in the office's log (staff messages and notices).
        apology: it only says that the real answer takes longer.
    """

    id: str
    body: dict[str, Any]
    inbox_id: str | None = None
    logged: bool = False
    apology: bool = False


@dataclass(frozen=True)
class Outgoing:
    """One reply on its way to the citizen."""

    id: str
    conversation_id: str
    order: int
    body: dict[str, Any]
    state: str
    at: datetime
    next_try_at: datetime
    attempts: int
    logged: bool
    apology: bool
    log_seq: int | None = None
    last_error: str | None = field(default=None)
    inbox_id: str | None = None
    sealed: bool = False
    """No key of ours opens it, so its body is empty."""


@dataclass(frozen=True)
class Outcome:
    """What became of one reply that a channel was given together with others.

    Attributes:
        state: `sent`; `held`, to be looked at again at `at` without counting as an attempt;
            `again` after a failed attempt; `parked` until the citizen writes; `failed` for good.
        reason: for the record and for staff, without personal data.
    """

    reply_id: str
    state: Literal["sent", "held", "again", "parked", "failed"]
    reason: str = ""
    at: datetime | None = None
