"""Which topic of a situation a text takes up ("没满24小时能不能报" after somebody was missed)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from components.embedding import Vectors
from components.phrase_ranker import PhraseRanker, RankerSettings
from components.yaml_files import read_yaml

_SETTINGS = RankerSettings(dense_share=0.7, ridge=0.3, nearest_share=0.4)

STRAY = 0.02
"""Share of unrelated talk that may be taken for a topic, by which the bar is chosen."""


class FollowUps:
    """Score the topics of a situation for a text; a bar tells topics from other talk."""

    def fit(
        self, phrases: Sequence[str], vectors: Vectors, labels: Sequence[str],
        others: Sequence[str], other_vectors: Vectors,
    ) -> None:  # fmt: skip
        """Learn from phrases labelled `situation.topic` and from talk that is none of them."""
        self._ranker = PhraseRanker(_SETTINGS)
        self._ranker.fit(phrases, vectors, labels)
        best = self._ranker.rank(others, other_vectors).scores[:, 0]
        self.bar = float(np.quantile(best, 1 - STRAY))
        self._ranker.forget_training()

    def topic(self, situation: str, text: str, vector: Vectors) -> tuple[str, float] | None:
        """Return the likeliest topic of a situation with its score over the bar, or None.

        Args:
            situation: self_harm, …, person.
            text: its normal form.
            vector: its sentence vector (384,).
        """
        ranking = self._ranker.rank([text], vector[np.newaxis, :])
        for place, score in zip(ranking.places[0], ranking.scores[0], strict=True):
            name, topic = self._ranker.labels[place].split(".")
            if name == situation:
                return (topic, float(score) - self.bar) if score >= self.bar else None
        return None


def read_follow_ups(folder: Path) -> list[tuple[str, str]]:
    """Read `data/follow_ups/*.yml` as (phrase, `situation.topic`) pairs."""
    return [
        (phrase, f"{path.stem}.{topic}")
        for path in sorted(folder.glob("*.yml"))
        for topic, phrases in read_yaml(path).items()
        for phrase in map(str, phrases)
    ]
