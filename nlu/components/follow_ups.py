"""Which topic of a situation a text takes up ("没满24小时能不能报" after somebody was missed)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from components.embedding import Vectors
from components.phrase_ranker import PhraseRanker, RankerSettings
from components.yaml_files import read_yaml

# The best of a small grid, topics left out one by one; neighbouring topics have like answers.
_SETTINGS = RankerSettings(dense_share=0.6, ridge=0.5, nearest_share=0.2)

OWN = {"hall": "ask_office", "appointment": "book_appointment"}
"""The intent whose examples are about a situation, and no other talk to tell it from."""

STRAY = 0.02
"""Share of unrelated talk that may be taken for a topic, by which the bar is chosen."""


@dataclass(frozen=True)
class _Situation:
    """What was learnt of one situation: its topics, and the bar that tells them from other talk."""

    ranker: PhraseRanker
    bar: float


class FollowUps:
    """Score the topics of a situation for a text; each situation is learnt by itself."""

    def __init__(self) -> None:
        """Begin with no situation."""
        self._situations: dict[str, _Situation] = {}

    def fit(
        self,
        phrases: Mapping[str, Sequence[tuple[str, str]]],
        vectors: Mapping[str, Vectors],
        others: Mapping[str, str],
        other_vectors: Vectors,
    ) -> None:
        """Learn from phrases with their topics, by situation, and from talk that is none of them.

        Args:
            phrases: (phrase in normal form, topic) by situation.
            vectors: the phrases' sentence vectors by situation (n, 384).
            others: other talk in normal form, with its intent.
            other_vectors: its sentence vectors.
        """
        texts = list(others)
        for situation, pairs in phrases.items():
            ranker = PhraseRanker(_SETTINGS)
            ranker.fit(
                [phrase for phrase, _ in pairs],
                vectors[situation],
                [topic for _, topic in pairs],
            )
            apart = [at for at, text in enumerate(texts) if others[text] != OWN.get(situation)]
            ranking = ranker.rank([texts[at] for at in apart], other_vectors[apart])
            best = ranking.scores[:, 0]
            ranker.forget_training()
            self._situations[situation] = _Situation(ranker, float(np.quantile(best, 1 - STRAY)))

    def topic(self, situation: str, text: str, vector: Vectors) -> tuple[str, float]:
        """Return the likeliest topic of a situation, and its score over the bar.

        Args:
            situation: self_harm, …, person, hall, appointment.
            text: its normal form.
            vector: its sentence vector (384,).
        """
        learnt = self._situations[situation]
        ranking = learnt.ranker.rank([text], vector[np.newaxis, :])
        topic = learnt.ranker.labels[int(ranking.places[0, 0])]
        return topic, float(ranking.scores[0, 0]) - learnt.bar


def read_follow_ups(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Read `data/follow_ups/*.yml` as (phrase, topic) pairs by situation."""
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(folder.glob("*.yml")):
        for topic, phrases in read_yaml(path).items():
            pairs[path.stem] += [(str(phrase), topic) for phrase in phrases]
    return pairs
