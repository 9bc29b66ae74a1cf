"""接答 Read the whole answer to a question of one kind, and tell what could not be accounted for.

One module a kind; each `accept` is pure and returns an `Accepted`. An answer that leaves words
unread, or whose value was reckoned from several parts, is never taken in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Values that follow from what was said, but that nobody said: they are asked back.
ASKED_BACK = frozenset(
    {"per_head", "per_period", "nothing", "added", "lunar", "spaced", "nickname"}
)


@dataclass(frozen=True)
class Accepted:
    """What an answer was read as.

    Attributes:
        value: the value as plain text (a number, an ISO date, HH:MM, a choice); None without one.
        start: where the part that was read begins in the citizen's own words.
        end: where it ends.
        leftover: the words with a meaning that the value does not account for.
        problem: the key of what to say where there is no value.
        way: how the value came about; empty where it was said as it stands.
        shown: what to show beside the problem or the way.
    """

    value: str | None = None
    start: int = 0
    end: int = 0
    leftover: tuple[str, ...] = ()
    problem: str | None = None
    way: str = ""
    shown: Mapping[str, object] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Tell whether the value has to be said back and asked before it counts."""
        return self.value is not None and (bool(self.leftover) or self.way in ASKED_BACK)

    @property
    def told_back(self) -> bool:
        """Tell whether the value is worth a word, because it was not said in so many words."""
        return self.value is not None and bool(self.way)
