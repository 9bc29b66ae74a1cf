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
    if named or turn.item_outcome == "confident" or names_own_matter(plain):
        return None
    asks = bool(re.search(_rules()["asks_within"], plain))
    return next((event for said, event in _events(asks=asks) if re.search(said, plain)), None)


def asks_what_to_do(turn: Turn) -> bool:
    """Tell whether a turn asks in general what is to be done, and names nothing known."""
    plain = re.sub(r"\s", "", turn.spoken)
    asks = re.search(_rules()["asks_within"], plain)
    return turn.item_outcome == "none" and bool(asks) and not names_own_matter(plain)


def names_own_matter(plain: str) -> bool:
    """Tell whether a text without spaces names a matter of its own beside what happened."""
    return bool(re.search(_rules()["own_matter"], plain))


def named(name: str) -> LifeEvent | None:
    """Return the event of this name, if its items are known."""
    rule = _rules()["events"].get(name)
    return LifeEvent(name, tuple(rule["items"])) if rule else None


@functools.lru_cache(maxsize=2)
def _events(*, asks: bool) -> tuple[tuple[str, LifeEvent], ...]:
    """Return the events and how they are told: within a question, or as a plan that is one."""
    how = "within" if asks else "plan"
    return tuple(
        (str(rule[how]), LifeEvent(name, tuple(rule["items"])))
        for name, rule in _rules()["events"].items()
        if how in rule
    )


@functools.lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    path = data_dir() / "dictionaries" / "life_events.yml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
