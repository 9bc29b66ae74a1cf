"""其他服务 What cannot be done in the conversation today: said plainly, with who can."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk.events import EventType

from actions import office, reply
from actions.asked import asks_visit, asks_whether, names_nothing
from actions.catalogue import can_apply, item_of, offered
from actions.elsewhere import goes_on
from actions.guide import Guide, tell_circumstance, tell_item, tell_whether
from actions.journey import Journey
from actions.scene import Scene
from actions.texts import say

MAX_OFFICES = 6
_HALLS = re.compile(r"大厅|政务|中心|上班|下班|开门|关门|星期|周末|电话")


async def signpost(scene: Scene, text: str, code: str | None = None) -> list[EventType]:
    """Say what can be done today, with the related item's guide and form where there is one."""
    chips = []
    item = await item_of(code) if code else None
    if item is not None:
        chips.append(reply.chip("guide", "ask_guide", item_code=code))
        if can_apply(item):
            chips.append(reply.chip("apply", "start_application", item_code=code))
    scene.tell(text, *chips, reply.person())
    return []


class Appointment(Journey):
    """预约 Booking a number at a hall."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_appointment"

    async def act(self, scene: Scene) -> list[EventType]:
        """Point to the item for booking."""
        return await signpost(scene, "services.appointment", "ZH004")


class Proxy(Journey):
    """帮办 Help at home, or acting for somebody."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_proxy"

    async def act(self, scene: Scene) -> list[EventType]:
        """Let the guide of the item spoken of, or offered, decide; or point to help at home."""
        if asks_visit(scene.turn.spoken):
            return await signpost(scene, "services.proxy", "ZH005")
        spoken_of = (scene.slot("item") or {}).get("code")
        if spoken_of and asks_whether(scene.turn.spoken):
            return await tell_whether(scene, spoken_of)
        if offered(scene):
            return await Guide().act(scene)
        if told := await tell_circumstance(scene):
            return told
        return await signpost(scene, "services.proxy", "ZH005")


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
        """List the halls, or say where the item spoken of is done."""
        if goes_on(scene):
            return await Guide().act(scene)
        if code := _place_of_item(scene):
            return await tell_item(scene, code, "place")
        answer = await office.get("offices")
        halls: list[dict[str, Any]] = list(answer.get("offices") or answer.get("halls") or ())
        if not halls:
            return await signpost(scene, "services.no_office")
        first = halls[0]
        words = say("services.office", name=first["name"], address=first.get("address") or "",
                    hours=first.get("hours") or "")  # fmt: skip
        sections = [
            (str(hall["name"]), [str(hall[key]) for key in ("address", "hours", "phone")
                                 if hall.get(key)])
            for hall in halls[:MAX_OFFICES]
        ]  # fmt: skip
        scene.utter(reply.card(words, say("services.office_title"), sections=sections,
                               chips=[reply.person()]))  # fmt: skip
        return []


def _place_of_item(scene: Scene) -> str | None:
    """Return the item whose place is asked ("在哪儿办"), unless the halls themselves are."""
    code = (scene.slot("item") or {}).get("code")
    turn = scene.turn
    if not code or turn.element != "place" or _HALLS.search(turn.text):
        return None
    linked = any(item["code"] == code for item in turn.items)
    return str(code) if linked or names_nothing(turn.text) else None
