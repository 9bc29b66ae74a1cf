"""大厅 Hears that a message is about a hall or a number at its window, and what it asks of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from components.yaml_files import read_yaml
from reading.districts import Districts, known_districts

from dialogue.ports import ParseData
from dialogue.readings import intent
from standards.acceptors import dates, times

SITUATIONS = {"ask_office": "hall", "book_appointment": "appointment"}
"""What is asked about, by the intent that asks."""

HEARD = -0.25
"""Under the bar by no more than this, a topic is meant where the intent is known."""

MEANT = 0.0
"""Over the bar by this much, a topic is meant by what follows an answer about a hall."""

SURE = 0.12
"""Over the bar by this much, a topic is meant even where an item or a report is heard too."""

# What another reading of a text may be where it really asks about a hall that it names.
_MISHEARD = frozenset(
    {"ask_guide", "nlu_fallback", "out_of_scope", "report_problem", "complain", "ask_notice",
     "ask_capability", "propose_topic", "ask_proxy", "ask_eligibility"}
)  # fmt: skip
# What may go on about a hall, whatever it was taken for, right after an answer about one.
_GOES_ON = _MISHEARD | {"inform", "affirm", "deny", "greet", "query_progress", "start_application",
                        "correct", "goodbye"}  # fmt: skip
_SHORT = 16

Topic = tuple[str, float]


@dataclass(frozen=True)
class HallNames:
    """What the halls are called, and which districts are others."""

    names: tuple[str, ...]
    districts: Districts

    def named(self, text: str) -> bool:
        """Tell whether `text` names a hall, or halls at all."""
        return any(name in text for name in self.names)


def read_hall_names(data: Path) -> HallNames:
    """Read the names of data/offices.yml; an older file has fewer."""
    written = read_yaml(data / "offices.yml")
    halls = written["offices"]
    names = [
        name
        for hall in halls
        for name in (hall["name"], *hall.get("also", ()), *hall.get("communities", ()))
    ]
    ours = "，".join([*names, *(hall["address"] for hall in halls)])
    return HallNames((*names, *written.get("called", ())), known_districts(ours))


def situation_of(parsed: ParseData, awaiting: Mapping[str, Any] | None) -> str | None:
    """Return what a text may be asked about: hall or appointment; None where it is neither."""
    name = parsed["intent"]["name"]
    if name in SITUATIONS:
        return SITUATIONS[name]
    return "hall" if name in (_GOES_ON if _follows(awaiting) else _MISHEARD) else None


def about_hall(
    text: str,
    parsed: ParseData,
    topic: Topic,
    awaiting: Mapping[str, Any] | None,
    halls: HallNames,
) -> ParseData | None:
    """Read a text as a question about a hall; None where it is about something else.

    Args:
        text: what was said.
        parsed: how it was read so far.
        topic: the likeliest topic of `situation_of`, and its score over the bar.
        awaiting: slot `awaiting`; its kind is `hall` right after an answer about one.
        halls: what halls are called.
    """
    elsewhere = halls.districts.elsewhere(text)
    name, heard = parsed["intent"]["name"], topic[0] if topic[1] >= HEARD else ""
    if name in SITUATIONS:
        return {**parsed, "follow": heard, "elsewhere": elsewhere}
    asked = {**parsed, **intent("ask_office"), "follow": heard, "elsewhere": elsewhere}
    if _follows(awaiting):
        return asked if _goes_on(text, parsed, topic, halls, away=bool(elsewhere)) else None
    return asked if topic[1] >= SURE and halls.named(text) else None


def _follows(awaiting: Mapping[str, Any] | None) -> bool:
    return bool(awaiting) and (awaiting or {}).get("kind") == "hall"


def _goes_on(text: str, parsed: ParseData, topic: Topic, halls: HallNames, *, away: bool) -> bool:
    """Tell whether a text goes on about the hall that was spoken of."""
    if _only_when(text) or (len(text) <= _SHORT and (away or halls.named(text))):
        return True
    other = parsed.get("item_outcome") == "confident" or parsed["intent"]["name"] not in _MISHEARD
    return topic[1] >= (SURE if other else MEANT)


def _only_when(text: str) -> bool:
    """Tell whether a text says a day or an hour and nothing else ("那元旦呢")."""
    some_day = date(2026, 1, 1)
    read: Iterable[Any] = (dates.accept(text, some_day, tense="ahead"), times.accept(text))
    return any(found.value and not found.leftover for found in read)
