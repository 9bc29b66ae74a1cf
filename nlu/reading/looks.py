"""Looks at a text twice: at its n-grams always, at its meaning where they suspect something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from components.embedding import Vectors
from components.safety_listener import Hearing
from components.sign_model import Reading

MOST_PIECES = 4
"""Pieces of a long text that are looked at again."""


@dataclass(frozen=True)
class Seen:
    """What a text says, all counted.

    Attributes:
        piece: the piece of the text that says it.
        label: what is said.
        odds: log odds that it is.
    """

    piece: str
    label: str
    odds: float


class TwoLooks:
    """What was learnt, asked as cheaply as a text allows."""

    def __init__(self, learnt: Hearing) -> None:
        """Take what was learnt."""
        self._learnt = learnt
        # Reads what turns traditional characters into simplified ones before anybody waits for it.
        self.first("开始")

    def first(self, text: str, least: float | None = None) -> tuple[Reading, ...]:
        """Return the pieces of a text in which the n-grams suspect something, worst first.

        Args:
            text: what was said.
            least: log odds from which that is so; those of what was learnt where None.
        """
        suspect = self._learnt.suspect if least is None else least
        found = [one for one in self._learnt.signs.read(text) if one.evidence >= suspect]
        return tuple(sorted(found, key=lambda one: -one.evidence)[:MOST_PIECES])

    def second(self, readings: Sequence[Reading], vectors: Iterable[Vectors]) -> Seen | None:
        """Return what is said most likely, by what the pieces mean.

        Args:
            readings: the suspected pieces.
            vectors: sentence vectors of the pieces' normal forms (384,).
        """
        seen = []
        for reading, vector in zip(readings, vectors, strict=True):
            odds, label = self._learnt.neighbours.look(vector, reading)
            seen.append(Seen(reading.piece, label, odds))
        return max(seen, key=lambda one: one.odds, default=None)
