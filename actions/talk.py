"""闲话 Answers talk about the talk itself, and sends on what is nobody's business here."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions import reply
from actions.journey import Journey
from actions.progress import tell_number
from actions.scene import Scene

# Where a person is the way on.
_TO_A_PERSON = ("who", "answers_bad", "insult", "privacy", "genuine")


class Talk(Journey):
    """Answer a topic of talk in words of its own."""

    strays = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_talk"

    async def act(self, scene: Scene) -> list[EventType]:
        """Answer; whoever asks whether something was filed is told what was."""
        topic = scene.turn.follow
        last = scene.slot("last_thing")
        if topic == "was_it_filed" and last:
            return await tell_number(scene, str(last["number"]))
        offers = topic in _TO_A_PERSON and not scene.open_form
        scene.tell(f"talk.{topic}", *([reply.person()] if offers else []))
        return []
