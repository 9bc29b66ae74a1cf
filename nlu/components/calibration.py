"""Turn raw scores into chances: that the first is right, and that the right one is there at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from components.ranking import Ranker, Ranking, Scores

SHARPNESS = 12.0
"""Steepness of the softmax that divides the chance among candidates."""

_LIKELY = 0.6
"""Best score that is as likely right as wrong where nothing could be learned."""


def evidence(scores: Scores) -> NDArray[np.float64]:
    """Describe rankings by few numbers: best score, lead, depth and concentration → (n, 4).

    Takes the scores of the best labels only, best first, so that a catalogue of thousands is
    described in the same numbers as a small one.
    """
    best = scores[:, 0]
    lead, depth = (best - scores[:, min(place, scores.shape[1] - 1)] for place in (1, 3))
    exp = np.exp(SHARPNESS * (scores - best[:, None]))
    return np.stack([best, lead, depth, 1 / exp.sum(axis=1)], axis=1)


class Calibration:
    """Chances learned from phrases held out one by one, labels held out whole, and other talk."""

    def fit(self, ranker: Ranker, other_talk: Ranking) -> None:
        """Learn from the ranker's own held-out scores and from scores of unrelated talk."""
        known, target = ranker.held_out_phrases()
        right = known.places[:, 0] == target
        absent = np.vstack([ranker.held_out_labels().scores, other_talk.scores])
        described = np.vstack([evidence(known.scores), evidence(absent)])
        # Held-out labels leave near twins behind (换领 without 补领), which a citizen's question
        # outside the catalogue does not have: they count less than talk of other things.
        weights = np.concatenate(
            [
                np.ones(len(target)),
                np.full(len(absent) - len(other_talk.scores), 0.3),
                np.ones(len(other_talk.scores)),
            ]
        )
        nobody = np.zeros(len(absent), dtype=bool)
        self._first = _fitted(described, np.concatenate([right, nobody]), weights)
        present = np.ones(len(target), dtype=bool)
        self._present = _fitted(described, np.concatenate([present, nobody]), weights)

    def chances(self, ranking: Ranking) -> tuple[float, float]:
        """Give (P(first is right), P(right one is known)) for the ranking of one text."""
        described = evidence(ranking.scores)[0]
        return self._first(described), self._present(described)


def divided(ranking: Ranking, chance: float, count: int) -> list[tuple[int, float]]:
    """Divide a chance among the best `count` labels of one text, best first."""
    places, scores = ranking.places[0, :count], ranking.scores[0, :count]
    parts = np.exp(SHARPNESS * (scores - scores[0]))
    return [
        (int(i), float(chance * part / parts.sum())) for i, part in zip(places, parts, strict=True)
    ]


@dataclass(frozen=True)
class _Chance:
    """A logistic curve over the evidence; scikit-learn's own call takes half a millisecond."""

    weights: NDArray[np.float64]
    bias: float

    def __call__(self, described: NDArray[np.float64]) -> float:
        """Give the chance for one description."""
        return float(expit(described @ self.weights + self.bias))


def _fitted(
    described: NDArray[np.float64], outcome: NDArray[np.bool_], weights: NDArray[np.float64]
) -> _Chance:
    if not outcome.any():
        # Bare names only: nothing shows how people ask, so likeness itself has to say.
        return _Chance(np.array([SHARPNESS, 0.0, 0.0, 0.0]), -SHARPNESS * _LIKELY)
    model = LogisticRegression(C=10.0, max_iter=500)
    model.fit(described, outcome, sample_weight=weights)
    return _Chance(model.coef_[0], float(model.intercept_[0]))
