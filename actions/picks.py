"""点选 A pick from what was offered: an item, a case, a report; by its name or by its place."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import answering, application, benefits, progress
from actions.journey import Journey
from actions.scene import Scene


class Pick(Journey):
    """Do with what was picked what its button would have done."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_pick"

    async def act(self, scene: Scene) -> list[EventType]:
        """Find the pick in the offer, inside a form the one beside what the form awaits."""
        awaiting: dict[str, Any] = scene.slot("awaiting") or {}
        offer: dict[str, Any] = awaiting.get("offered") or awaiting
        code = offer["codes"][int(scene.turn.values["place"])]
        if offer["field"] == "fact":
            return await benefits.answered(scene, {offer["fact"]: benefits.value_of(code)})
        if offer["field"] == "number":
            if offer.get("intent") == "withdraw":
                return await progress.ask_withdrawal(scene, code)
            return await progress.tell_number(scene, code)
        if offer.get("intent") == "start_application":
            return await application.start(scene, code)
        element = answering.asked_element(scene) or (offer.get("more") or {}).get("element")
        events = await answering.answer(scene, code, element)
        # The other choices can still be picked; a question without a name is about this one.
        return [*events, SlotSet("awaiting", {**offer, "picked": True})]
