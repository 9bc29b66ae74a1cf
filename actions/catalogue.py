"""事项 Items as the catalogue tells them, and which of several is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from actions import office, reply
from actions.office import BackendRefusedError
from actions.scene import Scene
from actions.texts import say

Item = dict[str, Any]
ELEMENTS = ("basis", "conditions", "materials", "forms", "procedure", "time", "place", "fee")
MAX_CANDIDATES = 3
# Whoever is asked this often which item they mean, and goes on asking, is told the likeliest.
ASKED_BACK = 2


def offered(scene: Scene) -> tuple[Mapping[str, Any], ...]:
    """Return the items that were offered a moment ago and not chosen from yet."""
    awaiting = scene.slot("awaiting") or {}
    if awaiting.get("field") != "item" or awaiting.get("picked"):
        return ()
    pairs = zip(awaiting["codes"], awaiting["choices"], strict=True)
    return tuple({"code": code, "name": name} for code, name in pairs)


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


async def choose(
    scene: Scene, candidates: Sequence[Mapping[str, Any]], intent: str, **more: object
) -> dict[str, Any]:
    """Offer the candidates as buttons; return what is then awaited."""
    codes = [str(item["code"]) for item in candidates]
    items = {item["code"]: item for item in await items_of(codes)}
    times = asked_back(scene, codes) + 1
    which = say("guide.which_item" if times == 1 else "guide.which_item_again")
    payloads = [reply.payload(intent, item_code=code, **more) for code in codes]
    names = [str(item["name"]) for item in candidates]
    none = reply.chip("none_of_these", "deny", about="item")
    if len(codes) > MAX_CANDIDATES:
        rows = [(name, "", payload) for name, payload in zip(names, payloads, strict=True)]
        scene.utter(reply.listing(which, rows, chips=[none]))
    else:
        chips = [{"title": name, "payload": payload}
                 for name, payload in zip(names, payloads, strict=True)]  # fmt: skip
        scene.utter(reply.text(which, [*chips, none]))
    hints = [other_names(items.get(code)) for code in codes]
    return {**offer_of(candidates, hints, intent, more), "times": times}


def offer_of(
    items: Sequence[Mapping[str, Any]],
    hints: Sequence[object] = (),
    intent: str = "ask_guide",
    more: Mapping[str, object] = MappingProxyType({}),
) -> dict[str, Any]:
    """Return what is awaited where one of several items can be picked.

    Args:
        items: the items.
        hints: other names of each.
        intent: what is done with the one that is picked.
        more: values that this needs besides the item.
    """
    return {
        "form": "", "field": "item", "kind": "choice", "intent": intent, "more": dict(more),
        "choices": [str(item["name"]) for item in items],
        "codes": [str(item["code"]) for item in items],
        "hints": list(hints),
    }  # fmt: skip


def asked_back(scene: Scene, codes: Sequence[str]) -> int:
    """Return how often in a row the citizen was asked which of these items they mean."""
    awaiting = scene.slot("awaiting") or {}
    offer = awaiting.get("offered") or awaiting
    same = sorted(offer.get("codes") or ()) == sorted(codes)
    return int(offer.get("times") or 0) if same else 0


def other_names(item: Mapping[str, Any] | None) -> list[str]:
    """Return the words and situations people name an item by beside its own name."""
    if item is None:
        return []
    situations = [str(case["name"]) for case in item.get("situations") or ()]
    return [*map(str, item.get("aliases") or ()), *situations]
