"""Keeps a working tracker short without losing what the dialogue knows.

A tracker is replayed at every turn, and at several places of it, so a turn would cost more with
every turn before it. Turns that are over are replaced by events that set the slots and the open
form as they stand; the whole conversation stands in the office's log.
"""

from __future__ import annotations

from collections.abc import Sequence

from rasa.shared.core.constants import ACTION_LISTEN_NAME, SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker


def shorten(tracker: DialogueStateTracker, domain: Domain, keep_turns: int) -> Sequence[Event]:
    """Return the events to keep: all of them, until there are twice too many turns.

    Args:
        tracker: as it stands after a turn.
        domain: whose slots are kept.
        keep_turns: turns that stay whole when older ones are folded away; with 0 none does.
    """
    events = list(tracker.events)
    if not keep_turns:
        return _snapshot(tracker, events[-1].timestamp) if events else events
    turns = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= 2 * keep_turns:
        return events
    cut = turns[-keep_turns]
    past = DialogueStateTracker.from_events(
        tracker.sender_id, events[:cut], slots=domain.slots, domain=domain
    )
    return [*_snapshot(past, events[cut].timestamp), *events[cut:]]


def _snapshot(past: DialogueStateTracker, at: float) -> list[Event]:
    """Return events after which a new tracker knows what `past` knows."""
    events: list[Event] = [SessionStarted(timestamp=at)]
    if past.active_loop_name:
        events.append(ActiveLoop(past.active_loop_name, timestamp=at))
        if past.is_active_loop_rejected:
            events.append(ActionExecutionRejected(past.active_loop_name, timestamp=at))
    events += [
        SlotSet(name, slot.value, timestamp=at)
        for name, slot in past.slots.items()
        if slot.value != slot.initial_value and name != SESSION_START_METADATA_SLOT
    ]
    events.append(ActionExecuted(ACTION_LISTEN_NAME, timestamp=at))
    if past.is_paused():
        events.append(ConversationPaused(timestamp=at))
    return events
