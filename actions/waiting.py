"""排队 Waiting for a person: how long, until when, no longer, and words left for later."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import office, reply
from actions.journey import Journey
from actions.person import MESSAGE, when
from actions.scene import Scene
from actions.texts import say


class Wait(Journey):
    """Say how it stands with the person who was asked for, and when people are there."""

    asks_again = False
    strays = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_wait"

    async def act(self, scene: Scene) -> list[EventType]:
        """Tell the place in the queue, or the hours."""
        handoff = await office.get(*_path(scene))
        people = handoff.get("people") or {}
        lines = [_place(handoff)]
        if not people.get("open", True):
            lines.append(say("person.closed", when=when(people.get("next_open_at"), scene.turn.at)))
        elif handoff.get("state") == "waiting" and people.get("present") == 0:
            lines.append(say("person.nobody_yet"))
        if scene.turn.follow == "hours":
            lines = [say("person.hours", hours=hours)] if (hours := people.get("hours")) else []
            lines.append(_now(people, scene))
        chips = [] if handoff.get("handoff_id") else [reply.person()]
        scene.utter(reply.text("\n".join(lines), chips))
        return []


class LeavePerson(Journey):
    """Take back the wish for a person: the queue is left, or the talk is over."""

    strays = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_leave_person"

    async def act(self, scene: Scene) -> list[EventType]:
        """Leave, and go on."""
        left = await office.post(*_path(scene), "leave", body={}, key=f"{scene.turn.key}:leave")
        words = {"waiting": "person.left", "claimed": "person.left_talk"}
        scene.tell(words.get(str(left.get("was")), "person.not_waiting"))
        return [SlotSet("person_called", None),
                SlotSet("person_left", scene.turn.at.isoformat())]  # fmt: skip


class LeaveWords(Journey):
    """Leave words for whoever comes next morning."""

    strays = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_leave_words"

    async def act(self, scene: Scene) -> list[EventType]:
        """Pass the words on, and wait for more of them."""
        body = {"text": scene.turn.text}
        if phone := scene.turn.values.get("phone"):
            body["phone"] = str(phone)
        kept = await office.post(*_path(scene), "words", body=body, key=f"{scene.turn.key}:words")
        opens = kept.get("opens_at")
        if opens:
            scene.tell("person.words_left", when=when(str(opens), scene.turn.at))
        else:
            scene.tell("person.words_left_open")
        return [SlotSet("awaiting", MESSAGE)]


def _path(scene: Scene) -> tuple[str, str, str]:
    return "conversations", scene.turn.conversation_id, "handoff"


def _place(handoff: dict[str, Any]) -> str:
    """Return where somebody stands in the queue."""
    if not handoff.get("handoff_id"):
        return say("person.not_waiting")
    if handoff.get("state") == "claimed":
        return say("person.claimed", name=handoff.get("claimed_by") or "")
    if handoff.get("priority"):
        return say("person.waiting_priority")
    waiting = int(handoff.get("waiting") or 0)
    return say("person.waiting", count=waiting) if waiting else say("person.waiting_first")


def _now(people: dict[str, Any], scene: Scene) -> str:
    """Return whether people are there now, or when."""
    if people.get("open", True):
        return say("person.hours_open")
    return say("person.closed", when=when(people.get("next_open_at"), scene.turn.at))
