"""事项 Which item a turn is about, and the item as the catalogue tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions import office, reply
from actions.asked import (
    adds_to_it,
    asks_whether,
    names_nothing,
    own_words,
    presses_for_time,
    tells_case,
    without_papers,
)
from actions.office import BackendRefusedError
from actions.scene import Scene
from actions.texts import say
from actions.turn import Turn

Item = dict[str, Any]
ELEMENTS = ("basis", "conditions", "materials", "forms", "procedure", "time", "place", "fee")
MAX_CANDIDATES = 3
# Whoever is asked this often which item they mean, and goes on asking, is told the likeliest.
ASKED_BACK = 2
# A question this short names no item of its own; it goes on about the one spoken of.
FOLLOW_UP = 8
# Whoever says more than this many characters that are no common words speaks of something else.
OWN = 4
# Below this no candidate fits; a question for an element goes on about what was spoken of.
FAINT = 0.2
# From here on a candidate whose words stand in a yes-or-no question is what it asks about.
NAMED = 0.3


@dataclass(frozen=True)
class Meant:
    """Which item was meant: one, several to choose from, or none.

    `unnamed` tells that the turn did not even try to name one.
    """

    code: str | None = None
    candidates: tuple[Mapping[str, Any], ...] = ()
    unnamed: bool = False


def meant(scene: Scene) -> Meant:
    """Decide which item the turn is about: a button, the linker, or the item spoken of before."""
    turn = scene.turn
    if pressed := turn.values.get("item_code"):
        return Meant(str(pressed))
    spoken_of = (scene.slot("item") or {}).get("code")
    if spoken_of and adds_to_it(turn.spoken):
        return Meant(spoken_of)
    if (going_on := _goes_on(scene)) is not None:
        return going_on
    if turn.item_outcome == "confident" and turn.items:
        return Meant(str(turn.items[0]["code"]))
    return _unsure(scene, spoken_of)


def _unsure(scene: Scene, spoken_of: str | None) -> Meant:
    """Decide for a turn that names no item for sure."""
    turn = scene.turn
    lost = turn.item_outcome == "none" and bool(turn.element) and _says_little(turn)
    if (lost or tells_case(turn.spoken)) and offered(scene):
        return Meant(candidates=offered(scene))
    faint = not turn.items or turn.items[0]["score"] < NAMED
    if spoken_of and faint and tells_case(turn.spoken):
        return Meant(spoken_of)
    if spoken_of and presses_for_time(turn.spoken) and not _names_any(turn):
        return Meant(spoken_of)
    short = len(re.sub(r"\W", "", turn.text)) <= FOLLOW_UP
    if turn.item_outcome == "ambiguous" and turn.items:
        on_it = spoken_of == turn.items[0]["code"] or (
            short and bool(turn.element) and any(item["code"] == spoken_of for item in turn.items)
        )
        vague = bool(turn.element) and turn.items[0]["score"] < FAINT and _says_little(turn)
        if spoken_of and (on_it or ((short or vague) and not _names_any(turn))):
            return Meant(spoken_of)
        return Meant(candidates=turn.items[:MAX_CANDIDATES])
    if short and not turn.element and turn.items and not _names(scene, turn.text):
        return Meant(candidates=turn.items[:MAX_CANDIDATES])
    if short:
        # Words of its own that fit nothing known are another matter, not the one spoken of.
        goes_on = _names(scene, turn.text) or bool(turn.element and turn.items)
        return Meant(spoken_of if goes_on else None)
    return Meant(spoken_of if turn.element and _says_little(turn) else None)


def _says_little(turn: Turn) -> bool:
    """Tell whether a turn has hardly words of its own, so that it may go on about an item."""
    return len(own_words(turn.text)) <= OWN


def _goes_on(scene: Scene) -> Meant | None:
    """Decide for a question that names no item of its own: it is about what was said before."""
    turn = scene.turn
    spoken_of = (scene.slot("item") or {}).get("code")
    nothing = names_nothing(turn.text)
    sure = bool(turn.items) and turn.items[0]["score"] >= NAMED
    if not nothing and (not asks_whether(turn.spoken) or (sure and _names_any(turn))):
        return None
    if choices := offered(scene):
        only = str(choices[0]["code"]) if len(choices) == 1 else None
        return Meant(only, candidates=() if only else choices)
    if spoken_of is None and (not nothing or turn.item_outcome == "confident"):
        return None
    return Meant(spoken_of, unnamed=spoken_of is None)


def offered(scene: Scene) -> tuple[Mapping[str, Any], ...]:
    """Return the items that were offered a moment ago and not chosen from yet."""
    awaiting = scene.slot("awaiting") or {}
    if awaiting.get("field") != "item" or awaiting.get("picked"):
        return ()
    pairs = zip(awaiting["codes"], awaiting["choices"], strict=True)
    return tuple({"code": code, "name": name} for code, name in pairs)


def _names(scene: Scene, text: str) -> bool:
    """Tell whether `text` shares two neighbouring characters with the item spoken of."""
    name = str((scene.slot("item") or {}).get("name") or "")
    return any(text[at : at + 2] in name for at in range(len(text) - 1))


def _names_any(turn: Turn) -> bool:
    """Tell whether the text shares two neighbouring characters with a candidate's name."""
    text = without_papers(turn.text)
    pairs = {text[at : at + 2] for at in range(len(text) - 1)}
    return any(pair in str(item["name"]) for item in turn.items for pair in pairs)


async def item_of(code: str) -> Item | None:
    """Return the item from the catalogue; None when it is not (or no longer) there."""
    try:
        return await office.get("catalogue", "items", code)
    except BackendRefusedError as refused:
        if refused.is_absent:
            return None
        raise


async def items_of(codes: Iterable[str]) -> list[Item]:
    """Return several items from the catalogue with one call, in order; absent ones are left out."""
    if not (wanted := ",".join(codes)):
        return []
    answer = await office.get("catalogue", "guides", params={"codes": wanted})
    items: list[Item] = answer["guides"]
    return items


def can_apply(item: Item) -> bool:
    """Tell whether the item has a form that can be filled here."""
    return item["mode"] in ("pre", "direct") and bool((item.get("application") or {}).get("fields"))


async def choose(scene: Scene, found: Meant, intent: str, **more: object) -> dict[str, Any]:
    """Offer the candidates as buttons; return what is then awaited."""
    codes = [str(item["code"]) for item in found.candidates]
    items = {item["code"]: item for item in await items_of(codes)}
    times = asked_back(scene, codes) + 1
    which = say("guide.which_item" if times == 1 else "guide.which_item_again")
    payloads = [reply.payload(intent, item_code=code, **more) for code in codes]
    names = [str(item["name"]) for item in found.candidates]
    none = reply.chip("none_of_these", "deny", about="item")
    if len(codes) > MAX_CANDIDATES:
        rows = [(name, "", payload) for name, payload in zip(names, payloads, strict=True)]
        scene.utter(reply.listing(which, rows, chips=[none]))
    else:
        chips = [{"title": name, "payload": payload}
                 for name, payload in zip(names, payloads, strict=True)]  # fmt: skip
        scene.utter(reply.text(which, [*chips, none]))
    return {
        "form": "", "field": "item", "kind": "choice", "intent": intent, "more": more,
        "choices": names,
        "codes": codes,
        "hints": [other_names(items.get(code)) for code in codes],
        "times": times,
    }  # fmt: skip


def asked_back(scene: Scene, codes: Sequence[str]) -> int:
    """Return how often in a row the citizen was asked which of these items they mean."""
    awaiting = scene.slot("awaiting") or {}
    offer = awaiting.get("offered") or awaiting
    return int(offer.get("times") or 0) if offer.get("codes") == list(codes) else 0


def other_names(item: Item | None) -> list[str]:
    """Return the words and situations people name an item by beside its own name."""
    if item is None:
        return []
    situations = [str(case["name"]) for case in item.get("situations") or ()]
    return [*map(str, item.get("aliases") or ()), *situations]
