"""有哪些 Lists of items: what is done online, what is done at once, what is on a subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import life_events, office, reply
from actions.asked import own_words
from actions.catalogue import items_of
from actions.life_events import LifeEvent
from actions.scene import Scene
from actions.texts import say
from standards.guide_lines import shared_pairs

ONLINE, INSTANT, ABOUT = "list_online", "list_instant", "list_about"
FORMS = (ONLINE, INSTANT, ABOUT)
MOST = 8
# Candidates that bear one event in life, from which a list is about that event.
BEAR = 2
# The same where it is not said that a list is wanted.
MOSTLY = 3

Line = dict[str, Any]


async def event_meant(scene: Scene) -> LifeEvent | None:
    """Return the event in life most candidates bear, where a list is asked for."""
    listed = scene.turn.form == ABOUT
    if not listed and (scene.slot("item") or not life_events.asks_what_to_do(scene.turn)):
        return None
    candidates = await items_of(str(item["code"]) for item in scene.turn.items)
    borne = Counter(event for item in candidates for event in item.get("life_events") or ())
    known = [(count, name) for name, count in borne.items() if life_events.named(name)]
    count, name = max(known, default=(0, ""))
    return life_events.named(name) if count >= (BEAR if listed else MOSTLY) else None


async def tell_list(scene: Scene) -> list[EventType] | None:
    """List the items a question asks for; None where there are none."""
    form = scene.turn.form
    answer = await office.get("catalogue", "items", params={"limit": "500"})
    lines: list[Line] = list(answer["items"])
    if form == ONLINE:
        lines = [line for line in lines if line["mode"] != "guide"]
    if form == INSTANT:
        lines = [line for line in lines if line["instant"]]
    on_subject = _on_subject(scene, lines)
    if form == ABOUT and not on_subject:
        return None
    found = on_subject or lines
    if not found:
        return None
    shown = found[:MOST]
    rows = [(line["name"], line["department"],
             reply.payload("ask_guide", item_code=line["code"])) for line in shown]  # fmt: skip
    words = say(f"listing.{form}", count=len(found))
    more = say("listing.more") if len(found) > len(shown) else ""
    scene.utter(reply.listing(words + more, rows, chips=[reply.person()]))
    return [SlotSet("awaiting", {
        "form": "", "field": "item", "kind": "choice", "intent": "ask_guide", "more": {},
        "choices": [line["name"] for line in shown], "codes": [line["code"] for line in shown],
    })]  # fmt: skip


def _on_subject(scene: Scene, lines: Sequence[Line]) -> list[Line]:
    """Keep the lines that share most with what a question is about: a name or a department."""
    own = own_words(scene.turn.spoken)
    shared = [shared_pairs(own, line["name"] + line["department"]) for line in lines]
    best = max(shared, default=0)
    return [line for line, count in zip(lines, shared, strict=True) if best and count == best]
