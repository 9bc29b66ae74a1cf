"""Find the label, one of a few dozen, whose phrases a text resembles: exact kernel regression.

Both kernels (centred sentence vectors, character n-grams) are plain inner products, so the
regression is solved in closed form in about a second and, unlike an iterative model, tells for
free what it would have answered had a phrase, or a whole label, not been there. The calibration
needs exactly that: honest scores for phrases never seen and for labels never seen. The price grows
with the cube of the phrases; `item_ranker` serves where there are thousands of labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from components.embedding import Vectors
from components.ranking import Places, Ranking, Scores
from components.text_features import TextFeatures, TextViews


@dataclass(frozen=True)
class RankerSettings:
    """How the evidence is weighed."""

    dense_share: float = 0.8
    """Share of the sentence vectors in the kernel; the n-grams have the rest."""

    ridge: float = 1.0
    """Regularisation of the regression."""

    nearest_share: float = 0.7
    """Share of the nearest phrase in the score; the regression has the rest."""


class PhraseRanker:
    """Score every label for a text from labelled phrases."""

    def __init__(self, settings: RankerSettings) -> None:
        """Take the weights of the evidence."""
        self._settings = settings
        self._features = TextFeatures()
        self.labels: list[str] = []

    def fit(self, phrases: Sequence[str], vectors: Vectors, labels: Sequence[str]) -> None:
        """Learn from labelled phrases (several a label)."""
        order = np.argsort(np.asarray(labels), kind="stable")
        phrases = [phrases[i] for i in order]
        sorted_labels = [labels[i] for i in order]
        self.labels = sorted(set(labels))
        self._target = np.searchsorted(self.labels, sorted_labels)
        self._starts = np.searchsorted(self._target, np.arange(len(self.labels)))
        views = self._features.fit(phrases, vectors[order])
        self._dense = np.ascontiguousarray(views.dense.T)
        self._lexical = views.lexical.T.tocsr()
        self._kernel = self._similarity(views)
        system = self._kernel + self._settings.ridge * np.eye(len(phrases), dtype=np.float32)
        self._inverse = cho_solve(
            cho_factor(system), np.eye(len(phrases), dtype=np.float32), overwrite_b=True
        )
        self._outputs = np.eye(len(self.labels), dtype=np.float32)[self._target]
        self._weights = self._inverse @ self._outputs

    def rank(self, texts: Sequence[str], vectors: Vectors) -> Ranking:
        """Rank all labels for texts."""
        kernel = self._similarity(self._features(texts, vectors))
        return self._ranked(kernel @ self._weights, self._nearest(kernel))

    def held_out_phrases(self) -> tuple[Ranking, Places]:
        """Rank each phrase as if it had not been learned → (ranking, true label)."""
        regression = self._outputs - self._weights / np.diag(self._inverse)[:, None]
        kernel = self._kernel.copy()
        np.fill_diagonal(kernel, -1)
        return self._ranked(regression, self._nearest(kernel)), self._target

    def held_out_labels(self) -> Ranking:
        """Rank each phrase as if its whole label had not been learned."""
        regression = np.empty_like(self._weights)
        nearest = self._nearest(self._kernel)
        ends = [*self._starts[1:], len(self._target)]
        for label, (start, end) in enumerate(zip(self._starts, ends, strict=True)):
            block = self._inverse[start:end, start:end]
            held_out = np.linalg.solve(block, self._weights[start:end])
            regression[start:end] = self._outputs[start:end] - held_out
            nearest[start:end, label] = -1
            regression[start:end, label] = -1
        return self._ranked(regression, nearest)

    def forget_training(self) -> None:
        """Drop what only the calibration needed, to keep the model small."""
        self._kernel = self._inverse = self._outputs = np.zeros(0, dtype=np.float32)

    def _similarity(self, views: TextViews) -> Scores:
        """Compare views with all phrases → (n, phrases)."""
        share = self._settings.dense_share
        dense = views.dense @ self._dense
        lexical = (views.lexical @ self._lexical).toarray()
        return np.asarray(share * dense + (1 - share) * lexical, dtype=np.float32)

    def _nearest(self, kernel: Scores) -> Scores:
        """Give each label's nearest phrase → (n, labels)."""
        return np.maximum.reduceat(kernel, self._starts, axis=1)

    def _ranked(self, regression: Scores, nearest: Scores) -> Ranking:
        share = self._settings.nearest_share
        return Ranking.of((1 - share) * regression + share * nearest, len(self.labels))
