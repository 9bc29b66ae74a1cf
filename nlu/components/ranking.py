"""What a ranker answers, and what a calibration asks of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass
class Ranking:
    """The best labels of n texts, best first: their places among the labels and scores, (n, k)."""

    places: Places
    scores: Scores

    @classmethod
    def of(cls, scores: Scores, count: int) -> Ranking:
        """Keep the best `count` labels of scores for all of them (n, labels)."""
        best = np.array([largest(row, count) for row in scores], dtype=np.int64)
        best = best.reshape(len(scores), count)
        found = np.take_along_axis(scores, best, axis=1)
        order = np.argsort(-found, axis=1)
        return cls(
            np.take_along_axis(best, order, axis=1), np.take_along_axis(found, order, axis=1)
        )

    @classmethod
    def joined(cls, parts: Iterable[Ranking], count: int) -> Ranking:
        """Put rankings of `count` labels each below each other."""
        listed = [cls.of(np.zeros((0, count), dtype=np.float32), count), *parts]
        return cls(
            np.concatenate([part.places for part in listed]),
            np.concatenate([part.scores for part in listed]),
        )


class Ranker(Protocol):
    """Knows what it would answer had it not learned a phrase, or a whole label."""

    def held_out_phrases(self) -> tuple[Ranking, Places]:
        """Rank each phrase as if it had not been learned → (ranking, true label)."""

    def held_out_labels(self) -> Ranking:
        """Rank phrases as if their whole label had not been learned."""


def largest(values: Scores, count: int) -> Places:
    """Give the places of the `count` largest values, in no order."""
    if count >= len(values):
        return np.arange(len(values))
    places: Places = np.argpartition(-values, count - 1)[:count]
    return places
