"""办事指南 The journey of asking how something is done."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from reading.near import Near

from actions import eligibility, facts, guide_text, listing, reply
from actions.asked import (
    DOUBLED,
    also_asked,
    asks_amount,
    asks_opening,
    names_nothing,
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
)
from actions.cited import TOLD, decided, decides, remembered, tell_line, tell_silent
from actions.comparing import (
    compare,
    next_in_order,
    one_of_pair,
    pair_of,
    side_by_side,
    tell_order,
)
from actions.elsewhere import matter, tell_elsewhere
from actions.halls import tell_day
from actions.journey import Journey
from actions.life_events import LifeEvent, life_event
from actions.meant import Meant, called, heard, meant, near, readings, spoken_of
from actions.progress import tell_number
from actions.scene import Scene
from actions.texts import say

# Elements of which the citizen's own situation changes the answer.
SITUATED = ("materials", "conditions", "procedure")
# Characters with which a case can be told.
TELLS = 4
# Elements of one line, which the element itself tells as well.
SINGLE = ("time", "place", "fee")
_ONLINE = re.compile(r"(网上|手机上|线上|在线).{0,6}(办|申请|弄|搞|交)")
# In the text about the fee: it says what is paid out, beside that applying is free.
_PAID_OUT = re.compile(r"[发领补报按倍%％]")
# What whoever reports something asks about who will see to it.
HANDLED = {"place": "report.asked.who", "procedure": "report.asked.who",
           "time": "report.asked.due"}  # fmt: skip
OVERVIEW = ("materials", "procedure", "time", "fee", "place", "conditions")


class Guide(Journey):
    """Answer the asked element of the item, or give an overview of it."""

    answers_also = frozenset({"ask_guide"})

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_guide"

    async def act(self, scene: Scene) -> list[EventType]:
        """Answer, offer the candidates, or say honestly that nothing fits."""
        _say_how_many(scene)
        if other := matter(scene):
            return [*await tell_elsewhere(scene, other), *await _tell_also(scene)]
        if not scene.turn.values and (told := await _tell_several(scene)) is not None:
            return told
        found = await meant(scene)
        element = asked_element(scene)
        if found.code is None:
            return await _without_item(scene, found, element)
        if _ONLINE.search(scene.turn.spoken):
            return await _online(scene, found.code)
        events = await answer(scene, found.code, element, found.near)
        return await _tell_also(scene, found.code) or events


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
    found = decided(scene, item, lines)
    whole = _asks_for_whole(lines, element, topic=topic)
    if decides(scene, item) or (form == "line" and lines.lines and not whole):
        return await tell_line(scene, item, lines, found)
    if form == "silent" and element is None:
        return tell_silent(scene, item)
    return await tell_item(scene, code, element)


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
    kind = near.best.kind if near.best else None
    return (kind == element and element in SINGLE) or (
        not topic and element is not None and kind != element
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
    return [SlotSet("awaiting", {
        "form": "", "field": "item", "kind": "choice", "intent": "ask_guide", "more": {},
        "choices": [str(item["name"]) for item in items],
        "codes": [str(item["code"]) for item in items], "ordered": True,
    })]  # fmt: skip


def _listed(found: Meant) -> bool:
    """Tell whether there are too many candidates for chips, so that they stand in a list."""
    return len(found.candidates) > MAX_CANDIDATES


async def _presume(scene: Scene, found: Meant, element: str | None) -> list[EventType]:
    """Answer for the likeliest of the items offered; the others can still be picked."""
    first, *others = found.candidates
    chips = [
        {"title": str(item["name"]),
         "payload": reply.payload("ask_guide", item_code=item["code"])}
        for item in others
    ] if not _listed(found) else []  # fmt: skip
    words = "guide.presumed_of_list" if _listed(found) else "guide.presumed"
    scene.tell(words, *chips, item=first["name"])
    awaiting = scene.slot("awaiting") or {}
    offer = {**(awaiting.get("offered") or awaiting), "picked": True}
    told = await tell_item(scene, str(first["code"]), element)
    return [*told, SlotSet("awaiting", offer)]


def _say_how_many(scene: Scene) -> None:
    """Say which questions of a message were understood, where there are several."""
    also = [wish for wish in scene.turn.also if wish["intent"] == "ask_guide"]
    first = {"items": scene.turn.items, "elsewhere": scene.turn.elsewhere}
    names = [str((wish.get("elsewhere") or wish["items"][0])["name"]) for wish in (first, *also)
             if also]  # fmt: skip
    if names:
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
            scene.utter(_element(item, element) if element in ELEMENTS else _overview(item))
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
    lines = this.near or await near(scene, item)
    found = decided(scene, item, lines)
    fits = decides(scene, item) or (lines.told >= TOLD and bool(lines.lines))
    return await tell_line(scene, item, lines, found) if fits else []


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


async def tell_item(scene: Scene, code: str, element: str | None) -> list[EventType]:
    """Tell what the catalogue says about an item."""
    item = await item_of(code)
    if item is None:
        return nothing_found(scene)
    also = also_asked(scene.turn, element) if element else None
    if element == "place":
        await tell_day(scene)
    if element == "fee" and _asks_what_one_gets(item, scene.turn.spoken):
        scene.tell("guide.amount", **guide_text.contact(item))
    scene.utter(_element(item, element, also) if element else _overview(item))
    return [remembered(scene, item)]


def _asks_what_one_gets(item: Item, spoken: str) -> bool:
    """Tell whether "how much" asks for the money an item gives, of which its guide says nothing."""
    written = guide_text.first_line(item, "fee").replace(item["name"], "")
    return asks_amount(spoken, of=item["name"]) and not _PAID_OUT.search(written)


def _element(item: Item, element: str, also: str | None = None) -> reply.Reply:
    words = guide_text.first_line(item, element)
    if also:
        words = f"{words}\n{guide_text.first_line(item, also)}"
    if not item["elements"].get(element):
        known = _facts(item) if element != "time" else _facts(item)[:-1]
        return reply.card(words, item["name"], fields=known,
                          source=guide_text.source(item, element),
                          chips=_chips(item, element, silent=True))  # fmt: skip
    sections = [guide_text.section(item, element)]
    if element in SITUATED:
        sections.append(guide_text.situations(item))
    if also:
        sections.append(guide_text.section(item, also))
    return reply.card(words, item["name"], fields=_facts(item), sections=sections,
                      source=guide_text.source(item, element),
                      chips=_chips(item, element))  # fmt: skip


def _overview(item: Item) -> reply.Reply:
    if not guide_text.known(item):
        words = say("guide.only_name", item=item["name"], **guide_text.contact(item))
    else:
        lead = "materials" if item["elements"].get("materials") else guide_text.known(item)[0]
        words = guide_text.first_line(item, lead)
        if item.get("summary"):
            words = f"{item['summary']}\n{words}"
    sections = [guide_text.section(item, element) for element in OVERVIEW]
    return reply.card(words, item["name"], fields=_facts(item),
                      sections=[*sections, guide_text.situations(item)],
                      source=guide_text.source(item, None), chips=_chips(item, None))  # fmt: skip


def _facts(item: Item) -> list[tuple[str, object]]:
    return [
        (say("guide.fact.code"), item["code"]),
        (say("guide.fact.department"), item["department"]),
        (say("guide.fact.phone"), item.get("department_phone")),
        (say("guide.fact.time"), guide_text.promise(item)),
    ]  # fmt: skip


def _chips(item: Item, element: str | None, *, silent: bool = False) -> list[reply.Chip]:
    """Return the next steps: what people ask next, applying online, a person."""
    code = item["code"]
    nexts = [
        reply.chip(other, "ask_guide", item_code=code, element=other)
        for other in ("materials", "time", "fee", "place")
        if other != element and item["elements"].get(other)
    ]
    apply = [reply.chip("apply", "start_application", item_code=code)] if can_apply(item) else []
    count = reply.MAX_CHIPS - len(apply) - 1
    return [*nexts[: 1 if silent else count], *apply, reply.person()]
