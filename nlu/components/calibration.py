"""Turn raw scores into chances: that the first is right, and that the right one is there at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from components.phrase_ranker import PhraseRanker, Scores

SHARPNESS = 12.0
"""Steepness of the softmax that divides the chance among candidates."""


def evidence(scores: Scores) -> NDArray[np.float64]:
    """Describe rankings by few numbers: best score, lead, depth and concentration → (n, 4)."""
    best = -np.sort(-scores, axis=1)[:, :4]
    exp = np.exp(SHARPNESS * (scores - best[:, :1]))
    return np.stack(
        [best[:, 0], best[:, 0] - best[:, 1], best[:, 0] - best[:, 3], 1 / exp.sum(axis=1)], axis=1
    )


class Calibration:
    """Chances learned from phrases held out one by one, labels held out whole, and other talk."""

    def fit(self, ranker: PhraseRanker, other_talk: Scores) -> None:
        """Learn from the ranker's own held-out scores and from scores of unrelated talk."""
        scores, target = ranker.scores_without_each_phrase()
        absent = np.vstack([ranker.scores_without_each_label(), other_talk])
        right = scores.argmax(axis=1) == target
        described = np.vstack([evidence(scores), evidence(absent)])
        # Held-out labels leave near twins behind (换领 without 补领), which a citizen's question
        # outside the catalogue does not have: they count less than talk of other things.
        weights = np.concatenate(
            [
                np.ones(len(scores)),
                np.full(len(absent) - len(other_talk), 0.3),
                np.ones(len(other_talk)),
            ]
        )
        nobody = np.zeros(len(absent), dtype=bool)
        self._first = _fitted(described, np.concatenate([right, nobody]), weights)
        present = np.ones(len(scores), dtype=bool)
        self._present = _fitted(described, np.concatenate([present, nobody]), weights)

    def chances(self, scores: Scores) -> tuple[float, float]:
        """Give (P(first is right), P(right one is known)) for one row of scores."""
        described = evidence(scores[np.newaxis, :])
        first, present = (m.predict_proba(described)[0, 1] for m in (self._first, self._present))
        return float(first), float(present)


def divided(scores: Scores, chance: float, count: int) -> list[tuple[int, float]]:
    """Divide a chance among the best `count` labels of one row, best first."""
    order = np.argsort(-scores)[:count]
    parts = np.exp(SHARPNESS * (scores[order] - scores[order[0]]))
    return [
        (int(i), float(chance * part / parts.sum())) for i, part in zip(order, parts, strict=True)
    ]


def _fitted(
    described: NDArray[np.float64], outcome: NDArray[np.bool_], weights: NDArray[np.float64]
) -> LogisticRegression:
    model = LogisticRegression(C=10.0, max_iter=500)
    model.fit(described, outcome, sample_weight=weights)
    return model
