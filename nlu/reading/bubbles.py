"""碎句 Joins a message with the fragments sent just before it: 居住证 | 要到期了 | 咋个续. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

QUIET = timedelta(seconds=20)
"""Time without a message after which a new one goes on with nothing."""

FRAGMENT = 10
"""Characters of a message that may be a part of a sentence."""

MOST = 40
"""Characters of all fragments together that are joined."""

WHOLE = frozenset({"greet", "thank", "goodbye", "affirm", "deny", "cancel", "ask_human", "danger"})
"""Intents of what is complete by itself."""


def goes_on(before: Mapping[str, Any] | None, at: datetime) -> str:
    """Return the fragments that a message at a time goes on with.

    Args:
        before: slot `before`: `{said, at}`, what was kept of the last message.
        at: when the new one was sent.
    """
    if not before or at - datetime.fromisoformat(str(before["at"])) > QUIET:
        return ""
    return str(before["said"])


def kept(
    said: str, before: Mapping[str, Any] | None, at: datetime, *, intent: str, element: str | None
) -> dict[str, str] | None:
    """Return what slot `before` is after a message: None where it is no fragment.

    Args:
        said: what was said, in the citizen's words, alone or with the fragments before it.
        before: the slot as it was.
        at: when it was said.
        intent: what it was taken for.
        element: the element of a guide that it asks for, which makes it a question.
    """
    earlier = goes_on(before, at)
    new = said.removeprefix(earlier)
    length, joined = sum(sign.isalnum() for sign in new), earlier + new
    if not 0 < length <= FRAGMENT or intent in WHOLE or element or len(joined) > MOST:
        return None
    return {"said": joined, "at": at.isoformat()}
