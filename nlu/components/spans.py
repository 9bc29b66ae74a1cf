"""What a rule found in a text: a kind, a value and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Span:
    """One value read from `text[start:end]`, with what else is known of it."""

    kind: str
    value: str
    start: int
    end: int
    more: dict[str, Any] = field(default_factory=dict)

    def as_entity(self) -> dict[str, Any]:
        """Give Rasa's form."""
        place = {"start": self.start, "end": self.end}
        return {"entity": self.kind, "value": self.value, **place, **self.more}
