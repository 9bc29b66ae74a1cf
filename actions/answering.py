"""答复 How an item is answered about: by a line of its guide, an element, or an overview."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, SlotSet
from reading.near import Near

from actions import guide_text, reply
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
from actions.catalogue import ELEMENTS, Item, can_apply, item_of
from actions.cited import decided, decides, remembered, tell_beside, tell_line, tell_silent
from actions.decided_text import quote
from actions.decides import decide, kind_of
from actions.guide_cards import element_card, overview_card
from actions.halls import tell_day
from actions.meant import called, heard, near, readings, spoken_of
from actions.scene import Scene
from standards.guide_lines import names_of, without

# Elements of one line, which the element itself tells as well.
SINGLE = ("time", "place", "fee")
# A likeliest line that is less likely is no answer to lead with.
FAINT = 0.3
# One that is as likely, of a guide that answers as surely, is what was asked for.
CLEAR = 0.8
# A guide that answers less surely does not: about an item that was spoken of, or is only named.
DOUBTED, DOUBTED_AT_FIRST = 0.6, 0.35
# In the text about the fee: it says what is paid out, beside that applying is free.
_PAID_OUT = re.compile(r"[发领补报按倍%％]")


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


async def online(scene: Scene, code: str) -> list[EventType]:
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


def nothing_found(scene: Scene) -> list[EventType]:
    """Say that no item fits, and offer a person."""
    scene.tell("guide.nothing", reply.person(), reply.chip("capability", "ask_capability"))
    return [SlotSet("awaiting", {"form": "", "field": "person", "kind": "confirm"})]
