"""一件事 What somebody has to see to when life changes: several items, in their order. Pure."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any

import yaml

from actions.texts import data_dir
from actions.turn import Turn

# From here on a candidate is what the words name, whatever else happened.
NAMED = 0.5


@dataclass(frozen=True)
class LifeEvent:
    """人生大事 Something that happened, and the codes of the items it brings, in their order."""

    name: str
    codes: tuple[str, ...]


def life_event(turn: Turn) -> LifeEvent | None:
    """Return what happened, where a turn asks in general what is to be done about it."""
    named = turn.items and float(turn.items[0]["score"]) >= NAMED
    plain = re.sub(r"\s", "", turn.spoken)
    if named or turn.item_outcome == "confident" or not re.search(_rules()["asks_within"], plain):
        return None
    return next((event for within, event in _events() if re.search(within, plain)), None)


@functools.lru_cache(maxsize=1)
def _events() -> tuple[tuple[str, LifeEvent], ...]:
    return tuple(
        (str(rule["within"]), LifeEvent(name, tuple(rule["items"])))
        for name, rule in _rules()["events"].items()
    )


@functools.lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    path = data_dir() / "dictionaries" / "life_events.yml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
