"""不在这里办 Tells who does what this office does not: whom to ask, where, and on which number."""

from __future__ import annotations

import functools
from typing import Any

import yaml
from rasa_sdk.events import EventType, SlotSet

from actions import reply
from actions.asked import asks_who_handles, names_nothing
from actions.catalogue import items_of
from actions.scene import Scene
from actions.texts import data_dir, say

MOST_NEAR = 2
# From here on what sounds alike in the catalogue is worth offering beside.
ALIKE = 0.1

Entry = dict[str, Any]


def matter(scene: Scene) -> str | None:
    """Return the key of the matter of another body that a turn asks about, or goes on about."""
    key = scene.turn.values.get("elsewhere") or (scene.turn.elsewhere or {}).get("code")
    if not key and goes_on(scene):
        key = scene.slot("elsewhere")["code"]
    return str(key) if key in _entries() else None


def goes_on(scene: Scene) -> bool:
    """Tell whether a turn asks more about what another body does ("那归谁管，打哪个电话")."""
    spoken = scene.turn.spoken
    return bool(
        scene.slot("elsewhere")
        and scene.turn.item_outcome != "confident"
        and (names_nothing(spoken) or asks_who_handles(spoken))
    )


async def tell_elsewhere(scene: Scene, key: str) -> list[EventType]:
    """Say that a matter is not dealt with here, who does, and offer what is near in the catalogue.

    Args:
        scene: the turn.
        key: of an entry of data/elsewhere.yml.
    """
    entry = _entries()[key]
    again = (scene.slot("elsewhere") or {}).get("code") == key
    words = {"matter": entry["name"], "who": entry["who"], "say": entry["say"],
             "where": entry["where"], "call": number(entry)}  # fmt: skip
    near = await items_of(_near(scene, entry))
    chips = [
        {"title": str(item["name"]),
         "payload": reply.payload("ask_guide", item_code=item["code"])}
        for item in near
    ]  # fmt: skip
    scene.tell("elsewhere.again" if again else "elsewhere.told", *chips, reply.person(), **words)
    return [
        SlotSet("elsewhere", {"code": key, "name": entry["name"]}),
        SlotSet("item", None),
        SlotSet("awaiting", _offer(near) if near else None),
    ]


def number(entry: Entry) -> str:
    """Return whom to ring about an entry: its own line, or the one that knows all others."""
    if line := entry.get("hotline"):
        return _hotlines()[line]
    return str(entry.get("call") or say("elsewhere.line"))


def _near(scene: Scene, entry: Entry) -> list[str]:
    """Return codes of items that somebody who asks this might mean, those written down first."""
    heard = [
        str(item["code"])
        for item in scene.turn.items
        if scene.turn.elsewhere and item["score"] >= ALIKE
    ]
    return list(dict.fromkeys([*entry.get("near", ()), *heard]))[:MOST_NEAR]


def _offer(items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what a text may pick; a question without a name is about none of it."""
    return {
        "form": "", "field": "item", "kind": "choice", "intent": "ask_guide", "more": {},
        "choices": [str(item["name"]) for item in items],
        "codes": [str(item["code"]) for item in items],
        "picked": True,
    }  # fmt: skip


@functools.lru_cache(maxsize=1)
def _entries() -> dict[str, Entry]:
    path = data_dir() / "elsewhere.yml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8"))) if path.is_file() else {}


@functools.lru_cache(maxsize=1)
def _hotlines() -> dict[str, str]:
    return dict(yaml.safe_load((data_dir() / "hotlines.yml").read_text(encoding="utf-8")))
