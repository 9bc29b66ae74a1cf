"""比一比 Two items side by side: which is which, what each asks for, and which comes first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import guide_text, reply
from actions.asked import asks_who_handles, names_nothing, own_words
from actions.catalogue import ELEMENTS, Item, items_of, offer_of, other_names
from actions.cited import remembered
from actions.scene import Scene
from actions.texts import say
from standards.guide_lines import SITUATIONS, lines_of, shared_pairs

# Forms of a question (data/dictionaries/question_forms.yml) that set two things side by side.
COMPARING = ("same", "difference", "order")
BOTH = "both"
# What stands of each item below the sentence that answers.
SHOWN = ("conditions", "materials", "time", "fee")
# Lines that may speak of another item.
SPEAKING = ("conditions", "materials", SITUATIONS)
MOST_LINES = 4
# Shorter words stand in the names of papers by chance.
PAPER = 3


def pair_of(scene: Scene) -> tuple[str, ...]:
    """Return the codes of two items that stand side by side: named now, or compared before."""
    named = tuple(str(part["code"]) for part in scene.turn.pair)
    return named or (tuple(_offer(scene)["codes"]) if goes_on(scene) else ())


def goes_on(scene: Scene) -> bool:
    """Tell whether a turn asks more of two items that were compared or answered together."""
    turn = scene.turn
    offer = _offer(scene)
    if not offer.get("pair") or turn.item_outcome == "confident" or not turn.spoken:
        return False
    if turn.form in (*COMPARING, BOTH):
        return True
    nameless = names_nothing(turn.spoken) or asks_who_handles(turn.spoken)
    return nameless and not offer.get("picked")


def one_of_pair(scene: Scene) -> str | None:
    """Return the one of two compared items whose names a question shares more words with."""
    offer = _offer(scene)
    confident = scene.turn.item_outcome == "confident"
    if not offer.get("pair") or offer.get("picked") or confident:
        return None
    names = [
        " ".join([name, *hints])
        for name, hints in zip(offer["choices"], offer["hints"], strict=True)
    ]
    own = set(own_words(scene.turn.spoken))
    said = "".join(re.findall(r"\w", scene.turn.spoken))
    pairs = [said[at : at + 2] for at in range(len(said) - 1) if own & set(said[at : at + 2])]
    return _leader(offer["codes"], [sum(pair in name for pair in pairs) for name in names])


def next_in_order(scene: Scene) -> tuple[str, ...]:
    """Return the names of items that were listed in their order, where the order is asked."""
    offer = _offer(scene)
    asks = scene.turn.form == "order" and not scene.turn.pair
    names = tuple(offer["choices"]) if offer.get("ordered") and asks else ()
    return names if len(names) > 1 else ()


async def compare(
    scene: Scene, codes: Sequence[str], element: str | None
) -> list[EventType] | None:
    """Put two items side by side and answer what is asked of both; None where one is unknown."""
    items = await items_of(dict.fromkeys(codes))
    if len(items) == 1 and len(set(codes)) == 1:
        return _one_thing(scene, items[0], element)
    if len(items) != 2:
        return None
    asked = element if element in ELEMENTS else None
    words = [
        _lead(scene, items),
        *(_told(item, asked, _other(items, item, scene)) for item in items),
    ]
    sections = [(str(item["name"]), _lines(item, asked)) for item in items]
    chips = [
        {"title": str(item["name"]),
         "payload": reply.payload("ask_guide", item_code=item["code"])}
        for item in items
    ]  # fmt: skip
    scene.utter(reply.card("\n".join(words), say("comparing.title"), sections=sections,
                           source=guide_text.source(items[0], asked),
                           chips=[*chips, reply.person()]))  # fmt: skip
    return [SlotSet("item", None), SlotSet("awaiting", side_by_side(items))]


def tell_order(scene: Scene, names: Sequence[str]) -> list[EventType]:
    """Say which of the items listed comes first; they can still be picked."""
    scene.tell("comparing.first_of_list", reply.person(), first=names[0], second=names[1])
    return [SlotSet("awaiting", scene.slot("awaiting"))]


def side_by_side(items: Sequence[Item], *, picked: bool = False) -> dict[str, Any]:
    """Return what may be picked after two items were told.

    A nameless question is about both, or about the last one where that counts as picked.
    """
    offer = offer_of(items, [other_names(item) for item in items])
    return {**offer, "pair": True, "picked": picked}


def _offer(scene: Scene) -> Mapping[str, Any]:
    awaiting = scene.slot("awaiting") or {}
    offer: Mapping[str, Any] = awaiting.get("offered") or awaiting
    return offer if offer.get("field") == "item" else {}


def _one_thing(scene: Scene, item: Item, element: str | None) -> list[EventType]:
    """Say that two names mean one item."""
    words = [say("comparing.one_thing", item=item["name"]), _told(item, element, "")]
    scene.utter(reply.card("\n".join(words), item["name"],
                           sections=[(str(item["name"]), _lines(item, element))],
                           source=guide_text.source(item, element),
                           chips=[reply.chip("materials", "ask_guide", item_code=item["code"],
                                             element="materials"), reply.person()]))  # fmt: skip
    return [remembered(scene, item)]


def _lead(scene: Scene, items: Sequence[Item]) -> str:
    """Return the sentence that answers, as far as the guides themselves do."""
    form = scene.turn.form
    if form == "order" and (first := _needed_first(scene, items)):
        return first
    if form == "difference" and (fits := _fitting(scene, items)):
        return say("comparing.fits", item=fits)
    names = {"first": items[0]["name"], "second": items[1]["name"]}
    return say(f"comparing.{form if form in (*COMPARING, BOTH) else BOTH}", **names)


def _needed_first(scene: Scene, items: Sequence[Item]) -> str:
    """Say which item comes first: the one whose paper the other's guide asks for."""
    papers = [_paper(item, items[1 - at], _other(items, item, scene))
              for at, item in enumerate(items)]  # fmt: skip
    if bool(papers[0]) == bool(papers[1]):
        return ""
    later = 0 if papers[0] else 1
    return say("comparing.needed_first", first=items[1 - later]["name"], paper=papers[later],
               second=items[later]["name"])  # fmt: skip


def _paper(item: Item, other: Item, said: str) -> str:
    """Return what a guide asks for of another item, as that was called or is; empty for nothing."""
    materials = guide_text.section(item, "materials")[1]
    conditions = guide_text.section(item, "conditions")[1]
    if said and any(said in line for line in (*materials, *conditions)):
        return said
    papers = [str(paper["name"]) for paper in item["elements"].get("materials") or ()]
    names = [str(name) for name in other.get("aliases") or ()]
    pairs = (sorted((paper, name), key=len) for paper in papers for name in names)
    found = (short for short, long in pairs if len(short) >= PAPER and short in long)
    # What an item is itself about (an old card that is changed) does not come before it.
    return next((paper for paper in found if paper not in item["name"]), "")


def _fitting(scene: Scene, items: Sequence[Item]) -> str | None:
    """Return the name of the item whose guide speaks more of the circumstances that are told."""
    if scene.turn.pair:
        return None
    own = own_words(scene.turn.spoken)
    return _leader([str(item["name"]) for item in items],
                   [shared_pairs(own, _who(item)) for item in items])  # fmt: skip


def _who(item: Item) -> str:
    """Return what a guide says of whom it is for."""
    parts = [item.get("summary") or "", *other_names(item)]
    return " ".join([*map(str, parts), *guide_text.section(item, "conditions")[1]])


def _other(items: Sequence[Item], item: Item, scene: Scene) -> str:
    """Return what the other of two items was called, by whose words lines about it are found."""
    place = 0 if item is items[0] else 1
    said = [str(part.get("said") or "") for part in scene.turn.pair]
    return said[1 - place] if len(said) == 2 else ""


def _told(item: Item, element: str | None, other: str) -> str:
    """Return what an item is, the element that is asked, and what its guide says of the other."""
    lines = [
        guide_text.first_line(item, element) if element else str(item.get("summary") or ""),
        _line_about(item, other),
    ]
    words = "".join(line.rstrip("。") + "。" for line in lines if line)
    return say("comparing.item", item=item["name"], words=words)


def _line_about(item: Item, other: str) -> str:
    """Return the line of a guide that speaks of the other item by its words; empty without one."""
    told = [part for line in lines_of(item) if line.kind in SPEAKING for part in line.parts]
    best = max(told, key=lambda line: shared_pairs(other, line), default="")
    return best if shared_pairs(other, best) else ""


def _lines(item: Item, element: str | None) -> list[str]:
    """Return what stands of an item beside the other one."""
    shown = [one for one in (element,) if one] or SHOWN
    return [
        say("comparing.line", element=guide_text.title(one), line=line)
        for one in shown
        for line in guide_text.section(item, one)[1][:MOST_LINES]
    ]


def _leader(names: Sequence[str], counts: Sequence[int]) -> str | None:
    """Return the name with the highest count, where it leads alone."""
    best = max(counts, default=0)
    return names[counts.index(best)] if best and list(counts).count(best) == 1 else None
