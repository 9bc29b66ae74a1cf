"""人生大事 A birth, a death, a wedding: events that lead to several items at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

LONGEST = 24
"""Characters; a longer text tells more than the event."""


@dataclass(frozen=True)
class LifeEvents:
    """Knows a text that says an event, a general question, and nothing else."""

    events: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]

    @classmethod
    def read(cls, words: dict[str, Any]) -> LifeEvents:
        """Take life_events.yml."""
        beside, asks = f"(?:{words['besides']})*", words["asks"]
        return cls(
            tuple(
                (
                    re.compile(f"{beside}(?:{event['said']}){beside}(?:{asks}){beside}"),
                    tuple(event["items"]),
                )
                for event in words["events"].values()
            )
        )

    def __call__(self, text: str) -> tuple[str, ...]:
        """Give the items of the event a normalised text asks about, first things first."""
        if len(text) > LONGEST:
            return ()
        return next((items for said, items in self.events if said.fullmatch(text)), ())
