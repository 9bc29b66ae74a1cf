"""办事指南 The journey of asking how something is done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from reading.near import Near

from actions import eligibility, facts, guide_text, listing, reply
from actions.asked import (
    DOUBLED,
    also_asked,
    asks_amount,
    asks_for,
    asks_opening,
    names_nothing,
    own_words,
    presses_for_time,
    tells_expiry,
)
from actions.catalogue import (
    ASKED_BACK,
    ELEMENTS,
    MAX_CANDIDATES,
    Item,
    asked_back,
    can_apply,
    choose,
    item_of,
    items_of,
    offer_of,
    other_names,
)
from actions.cited import (
    TOLD,
    decided,
    decides,
    remembered,
    tell_beside,
    tell_line,
    tell_silent,
)
from actions.comparing import (
    compare,
    next_in_order,
    one_of_pair,
    pair_of,
    side_by_side,
    tell_order,
)
from actions.decided_text import quote
from actions.decides import decide, kind_of
from actions.elsewhere import matter, tell_elsewhere
from actions.guide_cards import element_card, overview_card
from actions.halls import tell_day
from actions.journey import Journey
from actions.life_events import LifeEvent, life_event
from actions.meant import Meant, called, heard, meant, near, readings, spoken_of
from actions.progress import tell_number
from actions.scene import Scene
from actions.texts import say
from standards.guide_lines import SITUATIONS, names_of, without

# Characters with which a case can be told.
TELLS = 4
# Elements of one line, which the element itself tells as well.
SINGLE = ("time", "place", "fee")
# A likeliest line that is less likely is no answer to lead with.
FAINT = 0.3
# One that is as likely, of a guide that answers as surely, is what was asked for.
CLEAR = 0.8
# A guide that answers less surely does not: about an item that was spoken of, or is only named.
DOUBTED, DOUBTED_AT_FIRST = 0.6, 0.35
_ONLINE = re.compile(r"(网上|手机上|线上|在线).{0,6}(办|申请|弄|搞|交)")
# Kinds of lines that what is told of a case can be about.
CASES = ("conditions", "materials", SITUATIONS)
# In the text about the fee: it says what is paid out, beside that applying is free.
_PAID_OUT = re.compile(r"[发领补报按倍%％]")
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
        if found.code is None:
            # What is asked back stands below the other answers.
            return [*await _tell_also(scene), *await _without_item(scene, found, element)]
        offer = _say_presumed(scene, found.candidates) if found.candidates else None
        if _ONLINE.search(scene.turn.spoken):
            told = await _online(scene, found.code)
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


async def answer(
    scene: Scene, code: str, element: str | None, seen: Near | None = None
) -> list[EventType]:
    """Answer about an item with the line, the element or the overview that fits what was said.

    Args:
        scene: what the action has before it.
        code: the item's.
        element: what was asked for, if it is an element.
        seen: the lines of the item's guide for this turn, where they were looked for.
    """
    item = await item_of(code)
    if item is None:
        return nothing_found(scene)
    if not scene.turn.spoken or _asks_plainly(scene, element):
        return await tell_item(scene, code, element)
    lines = seen or await near(scene, item)
    topic = spoken_of(scene) == code
    form = readings().form(heard(scene), called(item), lines, topic=topic)
    if decides(scene, item):
        if element and _asked_beside(scene, item, element):
            return tell_beside(scene, item, element)
        return await tell_line(scene, item, lines, decided(scene, item, lines))
    if _finds_nothing(scene, item, element, lines, DOUBTED if topic else DOUBTED_AT_FIRST):
        return tell_silent(scene, item, "guide.not_found")
    whole = _asks_for_whole(lines, element, topic=topic)
    if form == "line" and lines.lines and not whole:
        return await tell_line(scene, item, lines, decided(scene, item, lines))
    if form == "silent" and element is None:
        return tell_silent(scene, item)
    return await tell_item(scene, code, element, first=_leading(scene, item, lines))


def _asked_beside(scene: Scene, item: Item, element: str) -> bool:
    """Tell whether an element is asked for by its word beside what was told and decides."""
    told = decide(item, scene.turn.spoken, scene.turn.today)
    asks = element in DOUBLED and asks_for(scene.turn, element)
    return asks and all(kind_of(one.line) != element for one in told)


def _finds_nothing(
    scene: Scene, item: Item, element: str | None, near: Near, doubted: float
) -> bool:
    """Tell whether the guide hardly answers, and something is asked that is no whole element."""
    whole = element in DOUBLED and asks_for(scene.turn, str(element))
    if not near.lines or near.told >= doubted or whole:
        return False
    return len(own_words(without(scene.turn.spoken, names_of(item)))) > 1


def _leading(scene: Scene, item: Item, near: Near) -> str | None:
    """Return the condition to lead with: the one told of just before, or the likeliest."""
    last = scene.slot("item") or {}
    told = str(last.get("line") or "") if last.get("code") == item["code"] else ""
    likely = near.best.key if near.best and near.lines[0][1] >= FAINT else ""
    return next((key for key in (told, likely) if kind_of(key) == "conditions"), None)


def _asks_plainly(scene: Scene, element: str | None) -> bool:
    """Tell whether elements are asked for and nothing else is said: 都要带些啥, 多少钱要几天."""
    if element is None:
        return False
    doubled = element in DOUBLED and also_asked(scene.turn, element) is not None
    return doubled or names_nothing(scene.turn.spoken)


def _asks_for_whole(near: Near, element: str | None, *, topic: bool) -> bool:
    """Tell whether the element itself answers rather than the likeliest line.

    An element of one line tells that line. Who comes to an item and asks for an element has not
    seen it yet, so that a line of another kind does not answer.
    """
    kind, chance = (near.best.kind, near.lines[0][1]) if near.best else (None, 0.0)
    # 多久签注一次 sounds like the time that it takes.
    clear = element in SINGLE and chance >= CLEAR and near.told >= CLEAR
    return (kind == element and element in SINGLE) or (
        not topic and element is not None and kind != element and not clear
    )


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


def _say_presumed(scene: Scene, candidates: Sequence[Item]) -> dict[str, Any]:
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


async def _online(scene: Scene, code: str) -> list[EventType]:
    """Say whether the item can be applied for here."""
    item = await item_of(code)
    if item is None:
        return nothing_found(scene)
    if can_apply(item):
        scene.tell("guide.online", reply.chip("apply", "start_application", item_code=code),
                   reply.chip("materials", "ask_guide", item_code=code, element="materials"),
                   item=item["name"])  # fmt: skip
    else:
        scene.tell("application.guide_only" if item["mode"] == "guide" else "application.no_form",
                   reply.person(), item=item["name"], **guide_text.contact(item))  # fmt: skip
    return [remembered(scene, item)]


def asked_element(scene: Scene) -> str | None:
    """Return the element that was pressed or asked for."""
    element = scene.turn.values.get("element") or scene.turn.element
    if asks_opening(scene.turn.spoken):
        return "place"
    if element is None and presses_for_time(scene.turn.spoken):
        return "time"
    if element == "time" and tells_expiry(scene.turn.spoken):
        return "procedure"
    return str(element) if element in ELEMENTS else None


def nothing_found(scene: Scene) -> list[EventType]:
    """Say that no item fits, and offer a person."""
    scene.tell("guide.nothing", reply.person(), reply.chip("capability", "ask_capability"))
    return [SlotSet("awaiting", {"form": "", "field": "person", "kind": "confirm"})]


async def tell_item(
    scene: Scene, code: str, element: str | None, *, first: str | None = None
) -> list[EventType]:
    """Tell what the catalogue says about an item.

    Args:
        scene: what the action has before it.
        code: the item's.
        element: what was asked for, if it is an element.
        first: the key of the line that leads where the conditions are told.
    """
    item = await item_of(code)
    if item is None:
        return nothing_found(scene)
    also = also_asked(scene.turn, element) if element else None
    if element == "place":
        await tell_day(scene, str((item["elements"].get("place") or {}).get("address") or ""))
    if element == "fee" and _asks_what_one_gets(item, scene.turn.spoken):
        scene.tell("guide.amount", **guide_text.contact(item))
    lead = quote(item, first) if first and element == "conditions" else ""
    scene.utter(element_card(item, element, also, before=lead) if element else overview_card(item))
    return [remembered(scene, item)]


def _asks_what_one_gets(item: Item, spoken: str) -> bool:
    """Tell whether "how much" asks for the money an item gives, of which its guide says nothing."""
    written = guide_text.first_line(item, "fee").replace(item["name"], "")
    return asks_amount(spoken, of=item["name"]) and not _PAID_OUT.search(written)
