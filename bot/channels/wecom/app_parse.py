"""自建应用回调: what a callback of the company's own app says, as the door knows it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

from bot.channels.wechat.parse import Incoming, read_incoming

_OFFICE_TIME = timezone(timedelta(hours=8))
_GREETED = frozenset({"enter_agent", "subscribe"})


def read_app_message(fields: dict[str, Any]) -> Incoming:
    """Read the fields of an opened callback; they are WeChat's, with `AgentID` besides.

    The platform says `enter_agent` whenever somebody opens the app: once a day that is a reason
    for a greeting.

    Raises:
        BadMessageError: a part that every message has is missing or impossible.
    """
    incoming = read_incoming(fields)
    if incoming.event not in _GREETED:
        return incoming
    day = incoming.at.astimezone(_OFFICE_TIME).date().isoformat()
    return replace(incoming, key=f"greeted:{day}", body={"kind": "event"})
