"""办事指南 The journey of asking how something is done."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from reading.near import Near

from actions import eligibility, facts, guide_text, listing, reply
from actions.answering import answer, asked_element, nothing_found, online, tell_item
from actions.asked import also_asked
from actions.catalogue import (
    ASKED_BACK,
    ELEMENTS,
    MAX_CANDIDATES,
    asked_back,
    choose,
    item_of,
    items_of,
    offer_of,
    other_names,
)
from actions.cited import TOLD, decided, decides, remembered, tell_line
from actions.comparing import (
    compare,
    next_in_order,
    one_of_pair,
    pair_of,
    side_by_side,
    tell_order,
)
from actions.elsewhere import matter, tell_elsewhere
from actions.guide_cards import element_card, overview_card
from actions.journey import Journey
from actions.life_events import LifeEvent, life_event
from actions.meant import Meant, meant, near, spoken_of
from actions.progress import tell_number
from actions.scene import Scene
from actions.texts import say
from standards.guide_lines import SITUATIONS

# Characters with which a case can be told.
TELLS = 4
_ONLINE = re.compile(r"(网上|手机上|线上|在线).{0,6}(办|申请|弄|搞|交)")
# Kinds of lines that what is told of a case can be about.
CASES = ("conditions", "materials", SITUATIONS)
# What whoever reports something asks about who will see to it.
HANDLED = {"place": "report.asked.who", "procedure": "report.asked.who",
           "time": "report.asked.due"}  # fmt: skip


class Guide(Journey):
    """Answer the asked element of the item, or give an overview of it."""

    answers_also = frozenset({"ask_guide"})

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_guide"

    async def act(self, scene: Scene) -> list[EventType]:
        """Answer, offer the candidates, or say honestly that nothing fits."""
        _say_how_many(scene)
        if (told := await _tell_without_item(scene)) is not None:
            return [*told, *await _tell_also(scene)]
        found, element = await meant(scene), asked_element(scene)
        if found.code is None and scene.turn.questions and (topic := spoken_of(scene)):
            # Several questions that name nothing together are each about the item spoken of.
            return [*await _answer_each(scene, topic), *await _tell_also(scene, topic)]
        if found.code is None:
            # What is asked back stands below the other answers.
            return [*await _tell_also(scene), *await _without_item(scene, found, element)]
        offer = _say_presumed(scene, found.candidates) if found.candidates else None
        if _ONLINE.search(scene.turn.spoken):
            told = await online(scene, found.code)
        elif scene.turn.questions and (element is None or also_asked(scene.turn, element) is None):
            told = await _answer_each(scene, found.code)
        else:
            told = await answer(scene, found.code, element, found.near)
        picked = [SlotSet("awaiting", offer)] if offer else []
        return [*told, *picked, *await _tell_also(scene, found.code)]


async def _tell_without_item(scene: Scene) -> list[EventType] | None:
    """Answer what is no question about one item: a matter of another body, several items."""
    if other := matter(scene):
        return await tell_elsewhere(scene, other)
    return None if scene.turn.values else await _tell_several(scene)


async def _tell_several(scene: Scene) -> list[EventType] | None:
    """Answer what is asked of several items: a pair, their order, an event in life, a list."""
    element = asked_element(scene)
    if names := next_in_order(scene):
        return tell_order(scene, names)
    if (codes := pair_of(scene)) and (told := await compare(scene, codes, element)):
        return told
    if code := one_of_pair(scene):
        return await tell_item(scene, code, element)
    event = life_event(scene.turn) or await listing.event_meant(scene)
    if event is not None:
        return await _tell_event(scene, event)
    return await listing.tell_list(scene) if scene.turn.form in listing.FORMS else None


async def _answer_each(scene: Scene, code: str) -> list[EventType]:
    """Answer the several questions of a message, none with the same line again.

    Args:
        scene: what the action has before it.
        code: the item that a question is about which turns to no other.
    """
    events: list[EventType] = []
    told: set[tuple[str, str]] = set()
    for question in scene.turn.questions:
        one = scene.after(events, scene.turn.narrowed_to(question))
        meant_now = (await meant(one)).code or code
        item = await item_of(meant_now)
        best = (await near(one, item)).best if item else None
        answers = {(meant_now, str(one.turn.element)), (meant_now, best.key if best else "")}
        if not answers & told:
            events += await answer(one, meant_now, one.turn.element)
            last = one.after(events, one.turn).slot("item") or {}
            told.add((meant_now, str(last.get("line") or one.turn.element)))
    return events


async def _without_item(scene: Scene, found: Meant, element: str | None) -> list[EventType]:
    """Ask which item is meant, or say that none was named or none fits."""
    codes = [str(item["code"]) for item in found.candidates]
    enough = _listed(found) and element is not None
    if enough or (codes and asked_back(scene, codes) >= ASKED_BACK):
        return await _presume(scene, found, element)
    if codes:
        more = {"element": element} if element else {}
        return [SlotSet("awaiting", await choose(scene, found.candidates, "ask_guide", **more))]
    last = scene.slot("last_thing") or {}
    if not scene.open_form and last.get("kind") == "report" and element in HANDLED:
        return await tell_number(scene, str(last["number"]))
    if scene.open_form == "report_form" and element in HANDLED:
        scene.tell(HANDLED[element])
        return []
    if facts.turned_to(scene.slot("facts"), scene.turn.spoken):
        return [FollowupAction("action_eligibility")]
    if found.unnamed:
        scene.tell("guide.unnamed", reply.chip("capability", "ask_capability"), reply.person())
        return []
    if eligibility.tells_enough(facts.heard(scene.turn.spoken, scene.turn.today)):
        return [FollowupAction("action_eligibility")]
    return nothing_found(scene)


async def _tell_event(scene: Scene, event: LifeEvent) -> list[EventType]:
    """一件事 List what comes up when life changes; one of the items is picked next."""
    items = await items_of(event.codes)
    rows = [
        (str(item["name"]), str(item.get("summary") or item["department"]),
         reply.payload("ask_guide", item_code=item["code"]))
        for item in items
    ]  # fmt: skip
    words = f"{say(f'guide.event.{event.name}')}{say('guide.event_order')}"
    scene.utter(reply.listing(words, rows, chips=[reply.person()]))
    return [SlotSet("awaiting", {**offer_of(items), "ordered": True})]


def _listed(found: Meant) -> bool:
    """Tell whether there are too many candidates for chips, so that they stand in a list."""
    return len(found.candidates) > MAX_CANDIDATES


async def _presume(scene: Scene, found: Meant, element: str | None) -> list[EventType]:
    """Answer for the likeliest of the items offered; the others can still be picked."""
    offer = _say_presumed(scene, found.candidates)
    told = await tell_item(scene, str(found.candidates[0]["code"]), element)
    return [*told, SlotSet("awaiting", offer)]


def _say_presumed(scene: Scene, candidates: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Say which of several items is answered for; return what can be picked instead."""
    first, *others = candidates
    listed = len(candidates) > MAX_CANDIDATES
    chips = [] if listed else [
        {"title": str(item["name"]),
         "payload": reply.payload("ask_guide", item_code=item["code"])}
        for item in others
    ]  # fmt: skip
    words = "guide.presumed_of_list" if listed else "guide.presumed"
    scene.tell(words, *chips, item=first["name"])
    offer = offer_of(candidates, [other_names(item) for item in candidates])
    times = asked_back(scene, [str(item["code"]) for item in candidates])
    return {**offer, "times": times, "picked": True}


def _say_how_many(scene: Scene) -> None:
    """Say which questions of a message were understood, where there are several."""
    turn = scene.turn
    also = [wish for wish in turn.also if wish["intent"] == "ask_guide"]
    if not also or not (turn.elsewhere or turn.item_outcome == "confident"):
        return
    first = {"items": turn.items, "elsewhere": turn.elsewhere}
    names = [str((wish.get("elsewhere") or wish["items"][0])["name"]) for wish in (first, *also)]
    listed = "、".join(f"“{name}”" for name in names)
    scene.tell("guide.asked_several", count=guide_text.numeral(len(names)), names=listed)


async def _tell_also(scene: Scene, code: str | None = None) -> list[EventType]:
    """Answer the other questions of the message; `code` is the item the first one was about."""
    events: list[EventType] = []
    told = [code] if code else []
    for wish in scene.turn.also:
        if other := wish.get("elsewhere"):
            events = await tell_elsewhere(scene, str(other["code"]))
            continue
        item = (
            await item_of(str(wish["items"][0]["code"])) if wish["intent"] == "ask_guide" else None
        )
        if item is not None:
            element = wish.get("element")
            scene.utter(element_card(item, element) if element in ELEMENTS else overview_card(item))
            events = [remembered(scene, item), SlotSet("elsewhere", None)]
            told.append(str(item["code"]))
    if len(told) == 2 and events:
        events.append(SlotSet("awaiting", side_by_side(await items_of(told), picked=True)))
    return events


async def tell_circumstance(scene: Scene) -> list[EventType]:
    """Answer what is told of a case ("女方是外地的") with the guide spoken of.

    Returns:
        What changes; nothing where something else is meant, or the guide has no line about it.
    """
    code = spoken_of(scene)
    says = len(re.sub(r"\W", "", scene.turn.spoken)) >= TELLS
    this = await meant(scene) if code and says else None
    if this is None or this.code != code:
        return []
    item = await item_of(str(code))
    if item is None:
        return []
    lines = _of_cases(this.near or await near(scene, item))
    found = decided(scene, item, lines)
    fits = decides(scene, item) or (lines.told >= TOLD and bool(lines.lines))
    return await tell_line(scene, item, lines, found) if fits else []


def _of_cases(near: Near) -> Near:
    """Keep the lines that can be about somebody's case; a fee or an address answers no telling."""
    kept = tuple(one for one in near.lines if one[0].kind in CASES)
    return replace(near, lines=kept)
