"""其他服务 What cannot be done in the conversation today: said plainly, with who can."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions import reply
from actions.answering import tell_item
from actions.asked import asks_visit, names_nothing
from actions.catalogue import can_apply, item_of, offered
from actions.cited import remembered
from actions.elsewhere import goes_on
from actions.guide import Guide, tell_circumstance
from actions.hall_question import without_days
from actions.halls import follows, tell_hall
from actions.journey import Journey
from actions.scene import Scene

# 帮办代办上门服务, in the catalogue.
VISIT = "ZH005"
_HALLS = re.compile(r"大厅|政务|中心|上班|下班|开门|关门|电话")


async def signpost(scene: Scene, text: str, code: str | None = None) -> list[EventType]:
    """Say what can be done today, with the related item's guide and form where there is one."""
    item = await item_of(code) if code else None
    if item is None:
        scene.tell(text, reply.person())
        return []
    chips = [reply.chip("guide", "ask_guide", item_code=code)]
    if can_apply(item):
        chips.append(reply.chip("apply", "start_application", item_code=code))
    scene.tell(text, *chips, reply.person())
    # What is asked next is asked of it: 上门收钱不.
    return [remembered(scene, item)]


class Proxy(Journey):
    """帮办 Help at home, or acting for somebody."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_proxy"

    async def act(self, scene: Scene) -> list[EventType]:
        """Let the guide of the item that is meant decide, and point to help at home."""
        if offered(scene) or scene.turn.item_outcome == "confident":
            told = await Guide().act(scene)
        else:
            told = await tell_circumstance(scene)
        if told and asks_visit(scene.turn.spoken):
            scene.tell("services.visit", reply.chip("guide", "ask_guide", item_code=VISIT))
        return told or await signpost(scene, "services.proxy", VISIT)


class Topic(Journey):
    """议事 Proposing a topic to the neighbours."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_topic"

    async def act(self, scene: Scene) -> list[EventType]:
        """Point to the item for proposals."""
        return await signpost(scene, "services.topic", "ZH007")


class Rating(Journey):
    """好差评 Rating the service."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_rating"

    async def act(self, scene: Scene) -> list[EventType]:
        """Say that ratings are not taken here yet; a complaint is."""
        scene.tell("services.rating", reply.chip("complain", "complain"), reply.person())
        return []


class Notice(Journey):
    """通知公告 New policies and notices."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_notice"

    async def act(self, scene: Scene) -> list[EventType]:
        """Say that notices are not here yet."""
        return await signpost(scene, "services.notice")


class Offices(Journey):
    """大厅 Where the halls are and when they are open."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_office"

    async def act(self, scene: Scene) -> list[EventType]:
        """Say where the item spoken of is done, or answer what is asked about the halls."""
        if not follows(scene):
            if goes_on(scene):
                return await Guide().act(scene)
            if code := _place_of_item(scene):
                return await tell_item(scene, code, "place")
        told = await tell_hall(scene)
        return told if told is not None else await signpost(scene, "services.no_office")


def _place_of_item(scene: Scene) -> str | None:
    """Return the item whose place is asked ("在哪儿办"), unless the halls themselves are."""
    code = (scene.slot("item") or {}).get("code")
    turn = scene.turn
    if not code or turn.element != "place" or _HALLS.search(turn.text):
        return None
    linked = any(item["code"] == code for item in turn.items)
    return str(code) if linked or names_nothing(without_days(turn.text)) else None
