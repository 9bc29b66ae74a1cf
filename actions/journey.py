"""一段路 What every action that is not a form shares: read the turn, act, answer, stay on course.

A journey started while a form is open is an interruption: when it has answered, the form asks
again; after two in a row that are about something else it rests. A journey that understood
forgets earlier misunderstandings, and what was awaited before it is awaited no more.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from reading.bubbles import kept

from actions import drafts, facts, reply
from actions.office import BackendRefusedError, BackendUnavailableError
from actions.scene import Scene, stay_in
from actions.texts import say

# After this many interruptions in a row the citizen has gone on to something else.
PATIENCE = 2
# Characters of a trouble that are said again when a second one waits.
SHOWN = 24
# Asked in between, these are answered as often as it takes.
ASKING = ("ask_guide", "ask_office", "ask_eligibility", "ask_proxy", "ask_notice", "out_of_scope")
REPORTS = ("report_problem", "complain")
ABOUT_ITEMS = ("ask_guide", "start_application")
# Questions and wishes in which people tell of themselves.
TELLING = ("ask_guide", "start_application", "ask_eligibility", "ask_proxy", "nlu_fallback")


class Journey(Action, ABC):
    """An action that answers one intent."""

    # Second wishes of this kind are answered at once, not only offered.
    answers_also: frozenset[str] = frozenset()
    # False where an open form stays open but does not ask again (a person takes over).
    asks_again = True
    # False where nothing else was asked for (thanks, a greeting, anger): the form goes on.
    strays = True
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
        if _sets(events, "item") and not _sets(events, "elsewhere"):
            events = [*events, SlotSet("elsewhere", None)]
        second = self._offer_second(scene, events)
        told = [*self._forgotten(events), *_told(scene, events), *_said_before(scene)]
        return [*told, *events, *second, *self._course(scene, events)]

    def _offer_second(self, scene: Scene, events: list[EventType]) -> list[EventType]:
        """Offer to go on with the second wish of the message, after the form that opens first."""
        new = [wish for wish in scene.turn.also if wish["intent"] not in self.answers_also]
        waiting = [*(scene.slot("later") or ()), *new]
        if not waiting:
            return []
        opens = any(event["event"] == "active_loop" and event["name"] for event in events)
        opens = opens or any(event["event"] == "followup" for event in events)
        if opens or scene.open_form:
            for wish in new:
                scene.tell(waits_by(wish), said=wish["text"], first=_first_of(scene))
            return [SlotSet("later", waiting)]
        wish = waiting[-1]
        payload = reply.payload(wish["intent"], said=wish["text"], **_about(wish))
        chip = {"title": say("chips.second"), "payload": payload}
        scene.tell("common.second", chip, said=wish["text"])
        offered = [SlotSet("later", waiting[:-1] or None)]
        if any(event.get("name") == "awaiting" and event.get("value") for event in events):
            return offered
        return [*offered, SlotSet("awaiting", {"form": "", "field": "second", "kind": "confirm",
                                               "payload": payload})]  # fmt: skip

    def _forgotten(self, events: list[EventType]) -> list[EventType]:
        forgotten: list[EventType] = []
        if not _sets(events, "awaiting"):
            forgotten.append(SlotSet("awaiting", None))
        if self.understands and not _sets(events, "misunderstood"):
            forgotten.append(SlotSet("misunderstood", 0))
        return forgotten

    def _course(self, scene: Scene, events: list[EventType]) -> list[EventType]:
        decided = any(event["event"] in ("followup", "active_loop") for event in events)
        if not scene.open_form or decided:
            return []
        if not self.asks_again:
            # The loop was rejected for this turn; opening it again un-rejects it for the next one.
            return stay_in(scene.open_form, scene.slot("awaiting"))
        filling = drafts.current(scene)
        if filling and scene.turn.leaves_form:
            return drafts.left(scene)
        if filling is None or not self.strays:
            return [FollowupAction(scene.open_form)]
        sheet, draft = filling
        strayed = draft.having(strayed=draft.strayed + _about_else(scene, sheet.subject))
        patient = strayed.strayed < PATIENCE and draft.stage != "cancel"
        if patient or draft.facts.get("urgent"):
            return [SlotSet("draft", strayed.to_slot()), FollowupAction(scene.open_form)]
        scene.tell("forms.resting", reply.chip("go_on", "resume"), title=sheet.title)
        offered = _sets(events, "awaiting")
        return [*drafts.rested(scene), *([] if offered else [drafts.may_go_on()])]


def waits_by(wish: Mapping[str, Any]) -> str:
    """Return the name of the reply that says that a second wish waits."""
    return "report.second" if wish["intent"] in REPORTS else "common.second_later"


def _first_of(scene: Scene) -> str:
    """Return the trouble that is registered first: the one being told, or told before."""
    filling = drafts.current(scene) if scene.open_form else None
    told = filling[1].values.get("description") if filling else None
    return str(told or scene.turn.text)[:SHOWN]


def _about_else(scene: Scene, subject: str) -> bool:
    """Tell whether a turn is about something else than the form that is open."""
    turn = scene.turn
    if turn.values.get("item_code") == subject:
        return False
    other = turn.item_outcome == "confident" and turn.items[0]["code"] != subject
    return other or turn.intent not in ASKING


def _about(wish: Mapping[str, Any]) -> dict[str, str]:
    """Return what the parse of a second wish knows, as far as its button must carry it."""
    if other := wish.get("elsewhere"):
        return {"elsewhere": str(other["code"])}
    if wish["intent"] in ABOUT_ITEMS:
        return {"item_code": str(wish["items"][0]["code"])}
    category = wish.get("category")
    return {"category": str(category[0]["code"])} if category else {}


def _told(scene: Scene, events: list[EventType]) -> list[EventType]:
    """Keep what the citizen tells of somebody in passing, for a later question about benefits."""
    turn = scene.turn
    if turn.intent not in TELLING or _sets(events, "facts"):
        return []
    heard = facts.heard(turn.spoken, turn.today)
    if not facts.told_of_somebody(turn.spoken):
        heard = {name: heard[name] for name in facts.PERSONAL if name in heard}
    return [SlotSet("facts", facts.merged(scene.slot("facts"), heard))] if heard else []


def _said_before(scene: Scene) -> list[EventType]:
    """Keep a fragment for the message that goes on with it."""
    turn, before = scene.turn, scene.slot("before")
    alone = turn.kind == "text" and not scene.open_form
    new = kept(turn.spoken, before, turn.at, intent=turn.intent,
               element=turn.element) if alone else None  # fmt: skip
    return [SlotSet("before", new)] if new or before else []


def _sets(events: list[EventType], slot: str) -> bool:
    return any(event["event"] == "slot" and event["name"] == slot for event in events)
