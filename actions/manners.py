"""礼貌 The small journeys: greeting, thanks, farewell, what the clerk can do, large print."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, SlotSet

from actions import reply
from actions.asked import asks_whether
from actions.guide import tell_circumstance
from actions.journey import Journey
from actions.person import hand_over, misunderstood, person_is_missed
from actions.scene import Scene
from actions.texts import say

# Asks for larger print or for reading aloud.
_PRINT = re.compile(r"[字大读念听声版]")
_ASKS_TRUST = re.compile(r"骗|假的|正规|官方|政府")
_ASKS_WHO = re.compile(r"机器人|真人|人工智能|是人还是|你是(谁|哪个|什么人|啥子?人)|你谁")


class Greet(Journey):
    """Welcome a citizen and say what can be asked."""

    strays = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_greet"

    async def act(self, scene: Scene) -> list[EventType]:
        """Greet; inside a form briefly, and honestly whoever asks whom they are dealing with."""
        if person_is_missed(scene):
            return await hand_over(scene, "asked")
        if _ASKS_TRUST.search(scene.turn.spoken):
            scene.tell("manners.trust", *(() if scene.open_form else (reply.person(),)))
        elif _ASKS_WHO.search(scene.turn.spoken):
            scene.tell("manners.who", *(() if scene.open_form else _doors()))
        elif scene.open_form:
            scene.tell("manners.greet_short")
        else:
            scene.tell("manners.greet", *_doors())
        return []


class Thank(Journey):
    """Take thanks."""

    strays = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_thank"

    async def act(self, scene: Scene) -> list[EventType]:
        """Answer kindly."""
        scene.tell("manners.thank")
        return []


class Goodbye(Journey):
    """Say goodbye; what is half filled in stays."""

    asks_again = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_goodbye"

    async def act(self, scene: Scene) -> list[EventType]:
        """Say goodbye."""
        scene.tell("manners.goodbye_kept" if scene.open_form else "manners.goodbye")
        return []


class Capability(Journey):
    """Say what can be done here."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_capability"

    async def act(self, scene: Scene) -> list[EventType]:
        """Tell the five things, with an example each."""
        words = say("manners.capability")
        lines = say("manners.capability_lines").splitlines()
        scene.utter(reply.card(words, say("manners.capability_title"),
                               sections=[(say("manners.capability_title"), lines)],
                               chips=_doors()))  # fmt: skip
        return []


class Vent(Journey):
    """Hear anger out: no lesson, a way on and a person."""

    strays = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_vent"

    async def act(self, scene: Scene) -> list[EventType]:
        """Apologise and offer a person."""
        scene.tell("manners.vent", reply.person(), reply.chip("complain", "complain"))
        return []


class OutOfScope(Journey):
    """Say plainly that this is not what the office does; a second time, fetch a person."""

    understands = False
    strays = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_out_of_scope"

    async def act(self, scene: Scene) -> list[EventType]:
        """Decline, and say what can be asked and whom; who tells of a case goes on about it."""
        if told := await tell_circumstance(scene):
            return [*told, SlotSet("misunderstood", 0)]
        return await misunderstood(scene, "manners.out_of_scope")


class Elder(Journey):
    """适老 Offer the large print and reading aloud, which the page does itself."""

    strays = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_elder"

    async def act(self, scene: Scene) -> list[EventType]:
        """Send the switch as a notice; who asks whether bad eyes matter asks about the item."""
        asks = asks_whether(scene.turn.spoken) and not _PRINT.search(scene.turn.spoken)
        if asks and (told := await tell_circumstance(scene)):
            return told
        wanted = scene.turn.values.get("on")
        if wanted is False:
            scene.utter(reply.notice(say("manners.elder_off")))
        elif wanted or scene.turn.elder:
            chips = [reply.chip("elder_off", "elder_mode", on=False)]
            scene.utter(reply.notice(say("manners.elder_on"), chips))
        else:
            chips = [reply.chip("elder_on", "elder_mode", on=True)]
            scene.utter(reply.notice(say("manners.elder"), chips))
        return []


def _doors() -> list[reply.Chip]:
    return [
        reply.chip("door_guide", "ask_capability"),
        reply.chip("door_report", "report_problem"),
        reply.chip("door_progress", "query_progress"),
        reply.person(),
    ]
