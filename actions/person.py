"""转人工 The journey to a person: asked for, or after two misunderstandings."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import answering, drafts, guide, office, reply
from actions.asked import names_nothing
from actions.journey import Journey
from actions.masks import mask_text
from actions.office import BackendUnavailableError
from actions.progress import number_just_filed, tell_number
from actions.scene import Scene
from actions.texts import say
from actions.turn import SHANGHAI
from standards.acceptors.plain import is_chinese

PATIENCE = 2
# What is awaited where words for a person may be left.
MESSAGE = {"form": "", "field": "message", "kind": "message"}
_STILL_WAITING = timedelta(minutes=30)
_ANYBODY = re.compile(
    r"有人[吗没么嘛不在]|没人|没得人|莫得人|人呢|人嘞|人在哪|[在来]不[在来]|在[吗么嘛]|来了?没|还没来"
)
_LATIN = re.compile(r"[A-Za-z]{2,} +[A-Za-z]")


class Human(Journey):
    """Hand the conversation over because the citizen asks for a person."""

    asks_again = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_human"

    async def act(self, scene: Scene) -> list[EventType]:
        """Hand over."""
        return await hand_over(scene, "asked")


class Misunderstood(Journey):
    """Say once that it was not understood; the second time, fetch a person."""

    understands = False
    strays = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_misunderstood"

    async def act(self, scene: Scene) -> list[EventType]:
        """Count, ask to say it otherwise, or hand over."""
        if number := number_just_filed(scene):
            return await tell_number(scene, number)
        spoken_of = (scene.slot("item") or {}).get("code")
        if spoken_of and scene.turn.element and names_nothing(scene.turn.text):
            return await answering.tell_item(scene, spoken_of, scene.turn.element)
        if told := await guide.tell_circumstance(scene):
            return [*told, SlotSet("misunderstood", 0)]
        if scene.turn.spoken and not is_chinese(scene.turn.spoken):
            words = "person.chinese_only" if _LATIN.search(scene.turn.spoken) else "person.unclear"
            return await misunderstood(scene, words)
        return await misunderstood(scene)


async def misunderstood(scene: Scene, words: str = "person.unclear") -> list[EventType]:
    """Count one misunderstanding; at the second one hand the conversation over.

    Whoever waits for a person and asks where that person is was understood.

    Args:
        scene: the turn.
        words: the reply to the first one.
    """
    if person_is_missed(scene):
        return await hand_over(scene, "asked")
    count = int(scene.slot("misunderstood") or 0) + 1
    if count >= PATIENCE:
        handed_over = await hand_over(scene, "misunderstood")
        return [*handed_over, SlotSet("misunderstood", 0 if handed_over else count)]
    scene.tell(words, reply.chip("capability", "ask_capability"), reply.person())
    return [SlotSet("misunderstood", count)]


async def hand_over(scene: Scene, reason: str) -> list[EventType]:
    """Open a handoff, and say honestly how long the queue is.

    Args:
        scene: the turn.
        reason: `asked`, `misunderstood` or `failure`.

    Returns:
        What changes in the conversation; nothing where the office was not reached.
    """
    turn = scene.turn
    body = {"conversation_id": turn.conversation_id, "reason": reason, "summary": summary(scene)}
    try:
        handoff = await office.post("handoffs", body=body, key=f"{turn.key}:handoff")
    except BackendUnavailableError:
        scene.tell("person.not_reached")
        return []
    people = handoff.get("people") or {}
    lead = "person.after_misunderstanding" if reason == "misunderstood" else "person.coming"
    if called_lately(scene):
        lead = "person.still_coming"
    called = SlotSet("person_called", turn.at.isoformat())
    kept = say("person.form_kept") if scene.open_form else ""
    if not people.get("open", True):
        closed = say("person.closed", when=when(people.get("next_open_at"), turn.at))
        scene.utter(reply.text("\n".join(filter(None, (closed, say("person.leave_words"), kept)))))
        return [called] if scene.open_form else [called, SlotSet("awaiting", MESSAGE)]
    parts = (say(lead, seed=turn.key), _queue(handoff, people), kept)
    scene.utter(reply.text("\n".join(filter(None, parts))))
    return [called]


def _queue(handoff: dict[str, Any], people: dict[str, Any]) -> str:
    """Return how many are before somebody who waits; nothing of them to whom priority was given."""
    waiting = int(handoff.get("waiting") or 0)
    if handoff.get("priority"):
        return say("person.waiting_priority")
    queue = say("person.queue", count=waiting) if waiting else say("person.queue_empty")
    nobody = people.get("present") == 0
    return f"{queue}\n{say('person.nobody_yet')}" if nobody else queue


def when(opens_at: str | None, now: datetime) -> str:
    """Return when people are there again, in words ("明天（12月1日 周二）9:00")."""
    if not opens_at:
        return say("person.day.more")
    opens = datetime.fromisoformat(opens_at.replace("Z", "+00:00")).astimezone(SHANGHAI)
    days = (opens.date() - now.astimezone(SHANGHAI).date()).days
    return say("person.opens", day=say(f"person.day.{days if days < 3 else 'more'}"),
               month=opens.month, date=opens.day,
               weekday=say("person.weekdays")[opens.weekday()],
               time=f"{opens.hour}:{opens.minute:02}")  # fmt: skip


def called_lately(scene: Scene) -> bool:
    """Tell whether a person was called within the last half hour."""
    called = scene.slot("person_called")
    return bool(called) and scene.turn.at - datetime.fromisoformat(called) < _STILL_WAITING


def person_is_missed(scene: Scene) -> bool:
    """Tell whether somebody who waits for a person asks whether one is there ("没人吗")."""
    return called_lately(scene) and bool(_ANYBODY.search(scene.turn.spoken))


def summary(scene: Scene) -> str:
    """Return what staff should know at a glance, without personal data."""
    lines = []
    if filling := drafts.current(scene):
        sheet, draft = filling[0].asked(filling[1].values), filling[1]
        done = sum(draft.has(spec) for spec in sheet.fields)
        lines.append(say("person.summary.form", title=sheet.title, done=done,
                         total=len(sheet.fields)))  # fmt: skip
    if item := scene.slot("item"):
        lines.append(say("person.summary.item", name=item["name"], code=item["code"]))
    if last := scene.slot("last_thing"):
        lines.append(say("person.summary.last", number=last["number"]))
    if scene.turn.text:
        lines.append(say("person.summary.said", text=mask_text(scene.turn.text)[:200]))
    return "\n".join(lines)
