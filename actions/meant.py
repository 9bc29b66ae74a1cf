"""所指 Which item a turn is about: a button, or the reading that fits best."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reading.lines import line_reader
from reading.near import Near
from reading.readings import NONE, Candidate, Context, Heard, Readings, papers_of

from actions.asked import names_nothing
from actions.catalogue import MAX_CANDIDATES, Item, items_of, offered
from actions.scene import Scene
from actions.texts import data_dir
from standards.guide_lines import lines_of, longest_shared

# From this chance on a reading acts alone.
LEADS = 0.66
# From this chance on, so much likelier than the next, one is answered while the others can be
# picked; else they are asked back.
PRESUMED, PRESUMED_LEAD = 0.45, 0.1
LEADS_OVER_OTHERS = 0.8
# As much the others must be linked together to stand in the way.
OTHERS = 0.4
# What is less likely than this is not offered.
FAINT = 0.08
# While a form is open, an item is meant from this chance on: who fills it in is asked enough.
IN_FORM = 0.4
# Shorter words may stand in any sentence.
TITLE = 3
# Share of a name by which an item is called, and from which chance on it is meant then.
TITLED, LEADS_TITLED = 0.6, 0.15


@dataclass(frozen=True)
class Meant:
    """Which item was meant: one, several to choose from, or none.

    `unnamed` tells that the turn did not even try to name one; `near` is what its guide says to
    the turn, where that was looked at. With one that is only presumed, the candidates are that one
    and the others.
    """

    code: str | None = None
    candidates: tuple[Mapping[str, Any], ...] = ()
    unnamed: bool = False
    near: Near | None = None


@functools.lru_cache(maxsize=1)
def readings() -> Readings:
    """Return what weighs the readings of a turn."""
    return Readings.read(data_dir())


def heard(scene: Scene) -> Heard:
    """Return what the ear made of the turn."""
    turn = scene.turn
    return Heard.of(turn.spoken, turn.items, turn.item_outcome, turn.element)


def spoken_of(scene: Scene) -> str | None:
    """Return the code of the item that was spoken of last."""
    code = (scene.slot("item") or {}).get("code")
    return str(code) if code else None


def called(item: Item) -> tuple[str, ...]:
    """Return what an item is called."""
    return (str(item["name"]), *map(str, item.get("aliases") or ()))


async def near(scene: Scene, item: Item) -> Near:
    """Return what the guide of an item says to the turn."""
    return await line_reader().near(scene.turn.spoken, item, scene.turn.element)


async def meant(scene: Scene) -> Meant:
    """Decide which item the turn is about: a button, or what fits best of all that may be meant."""
    if plain := _plainly(scene):
        return plain
    turn, topic = scene.turn, spoken_of(scene)
    choices = tuple(str(one["code"]) for one in offered(scene))
    earlier = tuple((scene.slot("item") or {}).get("before") or ())
    linked = [str(one["code"]) for one in turn.items]
    codes = dict.fromkeys([*([topic] if topic else []), *earlier, *choices, *linked])
    items = {str(item["code"]): item for item in await items_of(codes)}
    first = items.get(linked[0]) if linked else None
    told = lines_of(items[topic]) if topic in items else ()
    before = [items[code] for code in earlier if code in items and code not in linked[:1]]
    known = [line.heard for line in told] + [name for item in before for name in called(item)]
    share = _titled(first, turn.spoken, known) if first and not scene.open_form else 0.0
    share = share if turn.item_outcome == "confident" else 0.0
    if share == 1:
        return Meant(linked[0])
    found = {code: await near(scene, item) for code, item in items.items()}
    candidates = [Candidate(code, called(item), found[code]) for code, item in items.items()]
    context = Context(topic, earlier, choices, papers_of(told))
    chances = readings().about(heard(scene), candidates, context)
    if share >= TITLED and chances[linked[0]] >= LEADS_TITLED:
        return Meant(linked[0], near=found[linked[0]])
    return _decided(scene, chances, items, found)


def _plainly(scene: Scene) -> Meant | None:
    """Return what is meant where nothing has to be weighed."""
    turn, topic = scene.turn, spoken_of(scene)
    if pressed := turn.values.get("item_code"):
        return Meant(str(pressed))
    choices = offered(scene)
    sure = turn.item_outcome == "confident" and bool(turn.items)
    first = str(turn.items[0]["code"]) if turn.items else None
    alone = topic in (None, first) and not choices
    if sure and (alone or turn.intent == "start_application"):
        return Meant(first)
    if not names_nothing(turn.text):
        return None
    if len(choices) > 1:
        return Meant(candidates=choices)
    only = str(choices[0]["code"]) if choices else topic
    return Meant(only, unnamed=only is None)


def _titled(item: Item, spoken: str, known: Sequence[str]) -> float:
    """Return the share of one of its names by which an item is called, at most 1.

    Who names what is known, a paper of which the guide of the item spoken of tells or an item
    spoken of earlier, has not called another item.
    """
    parts = ((longest_shared(spoken, name), name) for name in called(item))
    return max((
        len(part) / len(name) for part, name in parts
        if len(part) >= TITLE and not any(part in one for one in known)
    ), default=0.0)  # fmt: skip


def _decided(
    scene: Scene, chances: Mapping[str, float], items: Mapping[str, Item], found: Mapping[str, Near]
) -> Meant:
    """Act on the best reading if it leads, else name the likeliest."""
    likely = sorted((c for c in chances if c != NONE), key=lambda code: -chances[code])
    if not likely or chances[NONE] >= LEADS:
        return Meant()
    best, topic = likely[0], spoken_of(scene)
    turn = scene.turn
    # What asks for an element of several likely items is rather about one of these.
    linked = sum(float(one["score"]) for one in turn.items if one["code"] != topic)
    others = linked >= OTHERS and turn.item_outcome == "ambiguous" and turn.element is not None
    needed = LEADS_OVER_OTHERS if best == topic and others else LEADS
    if chances[best] >= needed:
        return Meant(best, near=found[best])
    if scene.open_form and chances[best] >= IN_FORM:
        return Meant(best, near=found[best])
    kept = tuple(items[code] for code in likely if chances[code] >= FAINT)[:MAX_CANDIDATES]
    if topic and [str(item["code"]) for item in kept] == [topic]:
        # Nothing else could be meant, so that nothing is to be asked back.
        return Meant(topic, near=found[topic])
    clear = chances[best] - max((chances[code] for code in likely[1:]), default=0.0)
    presumed = chances[best] >= PRESUMED and clear >= PRESUMED_LEAD
    if presumed and not (best == topic and others):
        # With nothing to pick instead there is nothing to be said of it.
        return Meant(best, kept if len(kept) > 1 else (), near=found[best])
    return Meant(candidates=kept or (items[best],))
