"""一段路 What every action that is not a form shares: read the turn, act, answer, stay on course.

A journey started while a form is open is an interruption: when it has answered, the form asks
again. A journey that understood forgets earlier misunderstandings, and what was awaited before it
is awaited no more.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import reply
from actions.office import BackendRefusedError, BackendUnavailableError
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

    def utter(self, message: reply.Reply) -> None:
        """Send a reply."""
        self._dispatcher.utter_message(json_message=message)

    def tell(self, name: str, *chips: reply.Chip, **values: object) -> None:
        """Send the text `name` with chips below it."""
        self.utter(reply.text(say(name, seed=self.turn.key, **values), chips))


class Journey(Action, ABC):
    """An action that answers one intent."""

    # False where an open form stays open but does not ask again (a person takes over).
    asks_again = True
    # False where the turn was not understood, so that the count of misunderstandings goes on.
    understands = True

    @abstractmethod
    def name(self) -> str:
        """Return the action's name in the domain."""

    @abstractmethod
    async def act(self, scene: Scene) -> list[EventType]:
        """Answer the turn; return what changes."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Act, and say honestly when the office could not."""
        scene = Scene(dispatcher, tracker)
        try:
            events = await self.act(scene)
        except BackendUnavailableError:
            scene.tell("common.office_away", reply.person())
            events = []
        except BackendRefusedError as refused:
            message = refused.message or say("common.refused")
            scene.utter(reply.text(message, [reply.person()]))
            events = []
        return [*self._forgotten(events), *events, *self._course(scene, events)]

    def _forgotten(self, events: list[EventType]) -> list[EventType]:
        set_here = {event.get("name") for event in events if event["event"] == "slot"}
        forgotten: list[EventType] = []
        if "awaiting" not in set_here:
            forgotten.append(SlotSet("awaiting", None))
        if self.understands and "misunderstood" not in set_here:
            forgotten.append(SlotSet("misunderstood", 0))
        return forgotten

    def _course(self, scene: Scene, events: list[EventType]) -> list[EventType]:
        decided = any(event["event"] in ("followup", "active_loop") for event in events)
        if not scene.open_form or decided:
            return []
        if self.asks_again:
            return [FollowupAction(scene.open_form)]
        # The loop was rejected for this turn; opening it again un-rejects it for the next one.
        return stay_in(scene.open_form, scene.slot("awaiting"))


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
    return [ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction(form)]
