"""指南的一行 Answers with the line of the guide that decides, quoted first."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet
from reading.lines import line_reader
from reading.near import Near

from actions import guide_text, reply
from actions.asked import also_asked
from actions.catalogue import ELEMENTS, Item, can_apply
from actions.decides import Decided, decide, kind_of
from actions.guide_cards import element_card
from actions.meant import spoken_of
from actions.scene import Scene
from actions.texts import say
from standards.guide_lines import GuideLine

# How likely the guide must answer before what somebody tells of a case is taken for a question.
TOLD = 0.5
# The second line stands beside the first where it is hardly less likely.
CLOSE = 0.15
# Lines that are quoted at most, and what of the further ones is worth telling.
MOST = 2
MISSED = ("short", "over", "missed")
_PARTED = ("time", "place")


def decided(scene: Scene, item: Item, near: Near) -> list[Decided]:
    """Return what the lines of a guide decide of what was told, the likeliest line first."""
    best = near.best.key if near.best else None
    return decide(item, scene.turn.spoken, scene.turn.today, best)


def decides(scene: Scene, item: Item) -> bool:
    """Tell whether something was told that a line of the guide meets or misses."""
    told = decide(item, scene.turn.spoken, scene.turn.today)
    return any(one.state != "open" for one in told)


async def tell_line(
    scene: Scene, item: Item, near: Near, found: Sequence[Decided] = ()
) -> list[EventType]:
    """Quote the line that answers, with what it decides, and the next one where that is as likely.

    Args:
        scene: what the action has before it.
        item: the item.
        near: the lines of its guide, at least one.
        found: what lines decide of what was told.
    """
    best = near.lines[0][0]
    if found:
        words = [one.words for one in found if one.line == found[0].line or one.state in MISSED]
        best = next((line for line, _ in near.lines if line.key == found[0].line), best)
    else:
        words = [say("guide.says", line=await _quoted(scene, best))]
    if not found and near.lead < CLOSE and len(near.lines) > 1:
        words.append(say("guide.says_also", line=await _quoted(scene, near.lines[1][0])))
    element = element_of(best)
    new = spoken_of(scene) != item["code"]
    sections = [guide_text.section(item, element)] if element else [guide_text.situations(item)]
    scene.utter(
        reply.card(
            "\n".join(words[:MOST]),
            item["name"],
            sections=sections if new else (),
            source=guide_text.source(item, element),
            chips=_chips(item, element),
        )
    )
    return [remembered(scene, item, best.key)]


def tell_beside(scene: Scene, item: Item, element: str) -> list[EventType]:
    """Tell the element that was asked for, and what is decided of what was told with it.

    A line that is missed stands first, because then the rest may not matter.
    """
    told = decide(item, scene.turn.spoken, scene.turn.today)[0]
    missed, kind = told.state in MISSED, kind_of(told.line)
    scene.utter(element_card(
        item, element, also_asked(scene.turn, element), before=told.words if missed else "",
        after="" if missed else told.words, shown=kind if kind in ELEMENTS else "",
    ))  # fmt: skip
    return [remembered(scene, item, told.line)]


def tell_silent(scene: Scene, item: Item, words: str = "guide.not_written") -> list[EventType]:
    """Say that the guide does not write of it, or what else `words` say, and whom to ask."""
    words = say(words, item=item["name"], **guide_text.contact(item))
    chips = [reply.chip("materials", "ask_guide", item_code=item["code"], element="materials"),
             reply.person()]  # fmt: skip
    scene.utter(reply.card(words, item["name"], source=guide_text.source(item, None), chips=chips))
    return [remembered(scene, item)]


def remembered(scene: Scene, item: Item, line: str = "") -> EventType:
    """Keep the item as what is spoken of, its line that was told, and the items before it."""
    code = item["code"]
    last = scene.slot("item") or {}
    before = [*(last.get("before") or ()), last.get("code")]
    earlier = [one for one in dict.fromkeys(before) if one and one != code]
    return SlotSet(
        "item", {"code": code, "name": item["name"], "before": earlier[-2:], "line": line}
    )


def element_of(line: GuideLine) -> str | None:
    """Return the element a line belongs to; situations and the summary stand beside them."""
    return line.kind if line.kind in ELEMENTS else None


async def _quoted(scene: Scene, line: GuideLine) -> str:
    """Return the words of a line; of one that says several things, what is nearest."""
    if line.kind in _PARTED:
        told = await line_reader().part(scene.turn.spoken, line)
    else:
        told = "，".join(line.parts)
    return told.rstrip("。；;")


def _chips(item: Item, element: str | None) -> list[reply.Chip]:
    """Return the next steps: the whole element, applying online, a person."""
    code = item["code"]
    whole = element or "conditions"
    others = [whole, *(other for other in ("materials", "time") if other != whole)]
    told = [
        reply.chip(other, "ask_guide", item_code=code, element=other)
        for other in others
        if other and item["elements"].get(other)
    ]
    apply = [reply.chip("apply", "start_application", item_code=code)] if can_apply(item) else []
    return [*told[: reply.MAX_CHIPS - len(apply) - 1], *apply, reply.person()]
