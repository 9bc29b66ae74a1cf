"""场景 What an action has before it, and how it keeps or changes the form that is open."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import reply
from actions.texts import say
from actions.turn import Turn, read_turn

ACTION_LISTEN = "action_listen"


class Scene:
    """What an action has before it: the turn, the slots, and a mouth."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.turn: Turn = read_turn(tracker)
        self.open_form: str | None = tracker.active_loop_name
        self._slots = tracker.slots
        self._dispatcher = dispatcher

    def slot(self, name: str) -> Any:
        """Return a slot's value, or None."""
        return self._slots.get(name)

    def after(self, events: Iterable[EventType], turn: Turn) -> Scene:
        """Return what a further part of the message has before it, once events have happened."""
        other = copy.copy(self)
        changed = {one["name"]: one["value"] for one in events if one["event"] == "slot"}
        other.turn, other._slots = turn, {**self._slots, **changed}
        return other

    def utter(self, message: reply.Reply) -> None:
        """Send a reply."""
        self._dispatcher.utter_message(json_message=message)

    def tell(self, name: str, *chips: reply.Chip, **values: object) -> None:
        """Send the text `name` with chips below it."""
        self.utter(reply.text(say(name, seed=self.turn.key, **values), chips))


def stay_in(form: str, awaiting: object) -> list[EventType]:
    """Keep `form` open, waiting for what it waits for, without asking again."""
    return [
        ActiveLoop(form),
        SlotSet("requested_slot", "answer"),
        SlotSet("awaiting", awaiting),
        FollowupAction(ACTION_LISTEN),
    ]


def switch_to(form: str) -> list[EventType]:
    """Open `form`; whatever form was open rests with its draft in its slot."""
    return [*leave_form(), FollowupAction(form)]


def leave_form() -> list[EventType]:
    """Close whatever form is open; its sheet and draft are the caller's business."""
    return [ActiveLoop(None), SlotSet("requested_slot", None)]
