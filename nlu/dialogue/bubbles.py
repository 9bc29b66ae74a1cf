"""碎句 Joins a message with the fragments sent just before it: 居住证 | 要到期了 | 咋个续."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from rasa.shared.core.events import Event, UserUttered

from dialogue.readings import ParseData
from dialogue.words import squeeze

Parse = Callable[[str], Awaitable[ParseData]]

QUIET = timedelta(seconds=20)
"""Time without a message after which a new one goes on with nothing."""

FRAGMENT = 10
"""Characters of a message that may be a part of a sentence."""

MOST = 40
"""Characters of all fragments together that are looked at."""

OF_ITEMS = frozenset({"ask_guide", "ask_eligibility", "ask_proxy", "start_application"})
WHOLE = frozenset({"greet", "thank", "goodbye", "affirm", "deny", "cancel", "ask_human", "danger"})
"""What is complete by itself."""


def fragments(events: Iterable[Event], at: str | None) -> str:
    """Return what was said in fragments just before a message, joined.

    Args:
        events: those of the conversation so far, oldest first.
        at: time of the message (ISO 8601); nothing is joined without a clock.
    """
    said: list[str] = []
    later = at
    for event in reversed([one for one in events if isinstance(one, UserUttered)]):
        before = (event.metadata or {}).get("at")
        if not later or not before or _moment(later) - _moment(before) > QUIET:
            break
        if not _is_fragment(event):
            break
        said.insert(0, str(event.text))
        later = before
    joined = "".join(said)
    return joined if len(joined) <= MOST else ""


async def joined(text: str, parsed: ParseData, before: str, parse: Parse) -> ParseData:
    """Return how a message is read with the fragments before it, where these tell which item.

    Args:
        text: what was said.
        parsed: how it is read by itself.
        before: the fragments.
        parse: the trained pipeline.
    """
    if not before or parsed["intent"]["name"] in WHOLE:
        return parsed
    heard = await parse(before + text)
    surer = heard.get("item_outcome") == "confident" and _score(heard) > _score(parsed)
    if not surer or heard["intent"]["name"] not in OF_ITEMS:
        return parsed
    return {**heard, "text": text, "first": before + text,
            "place_named": parsed.get("place_named")}  # fmt: skip


def _is_fragment(event: UserUttered) -> bool:
    """Tell whether a message is short, asks for nothing by itself and is no button."""
    told: Mapping[str, Any] = event.parse_data or {}
    kind = str((event.metadata or {}).get("kind") or "text")
    name = str((told.get("intent") or {}).get("name") or "")
    short = 0 < len(squeeze(str(event.text or ""))) <= FRAGMENT
    return kind == "text" and short and name not in WHOLE and not told.get("element")


def _score(parsed: Mapping[str, Any]) -> float:
    items = parsed.get("items") or ()
    return float(items[0]["score"]) if items else 0.0


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written.replace("Z", "+00:00"))
