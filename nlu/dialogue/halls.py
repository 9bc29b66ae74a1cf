"""大厅 Hears that a message is about a hall or a number at its window, and what it asks of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from components.yaml_files import read_yaml
from reading.districts import Districts, known_districts

from dialogue.ports import ParseData
from dialogue.readings import intent
from standards.acceptors import dates, times
from standards.acceptors.plain import leftover, masked, plain

SITUATIONS = {"ask_office": "hall", "book_appointment": "appointment"}
"""What is asked about, by the intent that asks."""

HEARD = -0.25
"""Under the bar by no more than this, a topic is meant where the intent is known."""

NEAR = -0.12
"""Under the bar by no more than this, a topic is meant by what follows an answer about a hall."""

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
# What says nothing by itself, so that it goes on about what was spoken of.
_UNSURE = frozenset({"ask_guide", "nlu_fallback", "out_of_scope", "inform", "ask_capability"})
_SHORT = 16
# Which day is meant matters to nobody who only asks whether one is named.
_SOME_DAY = date(2026, 1, 1)
_NOTHING = re.compile(r"(?!)")

Topic = tuple[str, float]


@dataclass(frozen=True)
class HallNames:
    """What the halls are called, and which districts are others."""

    names: tuple[str, ...]
    called: tuple[str, ...]
    districts: Districts

    def named(self, text: str) -> bool:
        """Tell whether `text` names one of the halls."""
        return any(name in text for name in self.names)

    def spoken_of(self, text: str) -> bool:
        """Tell whether `text` names a hall, or speaks of halls at all."""
        return self.named(text) or any(word in text for word in self.called)


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
    districts = known_districts(names, ours)
    return HallNames(tuple(names), tuple(written.get("called", ())), districts)


def situation_of(parsed: ParseData, awaiting: Mapping[str, Any] | None) -> str | None:
    """Return what a text may be asked about: hall or appointment; None where it is neither."""
    name = parsed["intent"]["name"]
    if name in SITUATIONS:
        return SITUATIONS[name]
    return "hall" if name in (_GOES_ON if _follows(awaiting) else _MISHEARD) else None


def outweighs_talk(parsed: ParseData, topic: Topic | None) -> bool:
    """Tell whether a fact is asked of a hall so surely that it is no talk about the talk.

    A telephone may be the one for complaints, which is.
    """
    asks = topic is not None and parsed["intent"]["name"] in SITUATIONS
    return asks and topic is not None and topic[1] >= 0 and topic[0] != "phone"


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
    asked = {**parsed, **intent("ask_office"), "follow": heard, "district": elsewhere}
    if _follows(awaiting) and _only_when(text):
        # A day alone asks for the same fact on another day.
        return {**asked, "follow": ""}
    if name in SITUATIONS:
        return {**parsed, "follow": heard, "district": elsewhere}
    if _follows(awaiting):
        return asked if _goes_on(text, parsed, topic, halls, away=bool(elsewhere)) else None
    return asked if topic[1] >= SURE and halls.spoken_of(text) else None


def _follows(awaiting: Mapping[str, Any] | None) -> bool:
    return bool(awaiting) and (awaiting or {}).get("kind") == "hall"


def _goes_on(text: str, parsed: ParseData, topic: Topic, halls: HallNames, *, away: bool) -> bool:
    """Tell whether a text goes on about the hall that was spoken of."""
    if parsed.get("item_outcome") == "confident" or parsed["intent"]["name"] not in _UNSURE:
        return topic[1] >= SURE
    return topic[1] >= NEAR or (len(text) <= _SHORT and (away or halls.named(text)))


def _only_when(text: str) -> bool:
    """Tell whether a text says days or hours and nothing else ("那元旦呢")."""
    said = plain(text).text
    when = [(one.start, one.end) for one in dates.find(text, _SOME_DAY, "ahead")]
    when += times.spans(said)
    return bool(when) and not leftover(masked(said, when), _NOTHING)
