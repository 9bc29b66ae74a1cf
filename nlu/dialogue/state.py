"""What the conversation's state tells whoever reads its next message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker
from reading.bubbles import goes_on

_SHANGHAI = timezone(timedelta(hours=8))

DANGER_LASTS = timedelta(hours=2)
"""How long what follows is read in the light of a danger that was heard."""

REPORT_LASTS = timedelta(days=30)
"""How long what is said may go on about a report that was filed."""

PERSON_LASTS = timedelta(hours=12)
"""How long somebody who called a person may still wait for one."""


@dataclass(frozen=True)
class DialogueState:
    """State of a conversation before a message.

    Attributes:
        active_loop: name of the form that is open.
        awaiting: slot `awaiting`, what kind of answer is waited for (docs/design.md).
        danger: slot `danger`, the danger heard last, while it lasts.
        person_called: whether a person was called lately.
        person_left: whether the citizen took that back lately.
        with_clerk: whether a clerk owns the conversation.
        spoken_of: whether an item of the catalogue was spoken of.
        before: what was said in fragments just before.
        filed: whether the last thing of this conversation is a report that was filed lately.
        expects: whether the office waits for the supplement of a case.
    """

    active_loop: str | None = None
    awaiting: Mapping[str, Any] | None = None
    danger: Mapping[str, Any] | None = None
    person_called: bool = False
    person_left: bool = False
    with_clerk: bool = False
    filed: bool = False
    spoken_of: bool = False
    before: str = ""
    expects: bool = False


def state_of(tracker: DialogueStateTracker, turn: Mapping[str, Any]) -> DialogueState:
    """Return the state of a tracker.

    Args:
        tracker: the conversation so far.
        turn: metadata of the message: `at` (ISO 8601) and `owner`.
    """
    at = turn.get("at")
    slots = tracker.slots
    values: dict[str, Any] = {
        name: slots[name].value if name in slots else None
        for name in (
            "awaiting",
            "danger",
            "person_called",
            "person_left",
            "last_thing",
            "item",
            "before",
        )
    }
    danger = values["danger"]
    return DialogueState(
        tracker.active_loop_name,
        values["awaiting"],
        danger if danger and _lately(danger["at"], at, DANGER_LASTS) else None,
        bool(values["person_called"]) and _lately(values["person_called"], at, PERSON_LASTS),
        bool(values["person_left"]) and _lately(values["person_left"], at, PERSON_LASTS),
        turn.get("owner") == "staff",
        _filed(values["last_thing"] or {}, at),
        bool(values["item"]),
        goes_on(values["before"], _moment(at)) if at else "",
        bool(turn.get("expects")),
    )


def _filed(last: Mapping[str, Any], now: str | None) -> bool:
    """Tell whether a report was filed lately; what an earlier version kept has no time."""
    filed_at = last.get("at")
    return last.get("kind") == "report" and (
        not filed_at or _lately(str(filed_at), now, REPORT_LASTS)
    )


def _lately(since: str, now: str | None, within: timedelta) -> bool:
    """Tell whether no more than `within` lies between two times; without a clock it always does."""
    if now is None:
        return True
    return _moment(now) - _moment(since) <= within


def day_of(at: str) -> str:
    """Return the day in Shanghai of a time by ISO 8601."""
    return _moment(at).astimezone(_SHANGHAI).date().isoformat()


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written.replace("Z", "+00:00"))
