"""The last step from a platform's words to the contract's InboundMessage. Pure."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from bot.messages import InboundMessage


def kept_or_excused(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body that keeps the contract, or one that is answered politely instead."""
    try:
        return InboundMessage.model_validate(body).body()
    except ValidationError as error:
        long = any(problem["type"] == "string_too_long" for problem in error.errors())
        return {"kind": "event", "platform": {"say": "too_long" if long else "unreadable"}}
