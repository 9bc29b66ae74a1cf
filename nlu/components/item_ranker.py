"""Find the label, one of thousands, whose phrases a text resembles: the nearest one, and all.

Cost and memory grow with the number of phrases, not with its square: a sketch of the sentence
vectors and an inverted index of the n-grams name the candidates, and only their phrases are
compared in full. All phrases together speak through a ridge regression on the sentence vectors,
which tells for free what it would have answered had a phrase, or a whole label, not been there.
The calibration needs exactly that: honest scores for phrases and for labels never seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from components.embedding import Vectors
from components.ranking import Places, Ranking, Scores, largest
from components.text_features import TextFeatures

_SKETCHED = 64
"""Dimensions of the sketch; with 50 candidates it loses no right label (measured, 10,000 items)."""

_LITERAL, _LITERAL_WEIGHT = 0.9, 4.0
"""Likeness from which a phrase counts as said word for word, and what that counts: else an item
known by its bare name would lose its own name to a similar item with many phrases."""

_HELD_OUT = 6000
"""Phrases the calibration looks at; more of them tell nothing new."""

_BATCH = 256


@dataclass(frozen=True)
class ItemRankerSettings:
    """How the evidence is weighed."""

    dense_share: float = 0.8
    """Share of the sentence vectors in the similarity; the n-grams have the rest."""

    ridge: float = 3.0
    """Regularisation of the regression."""

    nearest_share: float = 0.7
    """Share of the nearest phrase in the score; all phrases together have the rest."""

    candidates: int = 50
    """Labels compared in full."""


class ItemRanker:
    """Rank labels for a text from labelled phrases."""

    def __init__(self, settings: ItemRankerSettings) -> None:
        """Take the weights of the evidence."""
        self._settings = settings
        self._features = TextFeatures()
        self.labels: list[str] = []

    def fit(self, phrases: Sequence[str], vectors: Vectors, labels: Sequence[str]) -> None:
        """Learn from labelled phrases (one or more a label)."""
        order = np.argsort(np.asarray(labels), kind="stable")
        self.labels = sorted(set(labels))
        self._target = np.searchsorted(self.labels, [labels[i] for i in order])
        self._starts = np.searchsorted(self._target, np.arange(len(self.labels) + 1))
        self._views = self._features.fit([phrases[i] for i in order], vectors[order])
        self._lexical = self._views.lexical.T.tocsr()
        self._regress(self._views.dense)
        self._dense, self._step = _in_bytes(self._views.dense)

    def rank(self, texts: Sequence[str], vectors: Vectors) -> Ranking:
        """Rank the labels for texts."""
        views = self._features(texts, vectors)
        ranked = [self._rank_one(d, views.lexical[row]) for row, d in enumerate(views.dense)]
        return Ranking(
            np.stack([places for places, _ in ranked]), np.stack([scores for _, scores in ranked])
        )

    def held_out_phrases(self) -> tuple[Ranking, Places]:
        """Rank each phrase as if it had not been learned → (ranking, true label).

        Only labels with other phrases are asked for: without its one phrase a label is unknown.
        """
        chosen = _sample(np.flatnonzero(np.bincount(self._target)[self._target] > 1))
        parts = (self._without_phrases(rows) for rows in _batches(chosen))
        return Ranking.joined(parts, self._count), self._target[chosen]

    def held_out_labels(self) -> Ranking:
        """Rank the phrases of each label as if the whole label had not been learned."""
        counts = np.diff(self._starts)
        # Where most labels are bare names, the others show better how people really ask.
        chosen = np.flatnonzero(counts > 1) if (counts > 1).any() else np.arange(len(counts))
        chosen = _sample(chosen, int(_HELD_OUT // counts[chosen].mean()) + 1)
        groups = np.array_split(chosen, -(-counts[chosen].sum() // _BATCH))
        return Ranking.joined((self._without_labels(labels) for labels in groups), self._count)

    def forget_training(self) -> None:
        """Drop what only the calibration needed, to keep the model small."""
        del self._views, self._inverse

    def _regress(self, dense: Vectors) -> None:
        """Solve the regression and make the sketch; both come from the vectors' covariance."""
        share = self._settings.dense_share
        covariance = share * (dense.T @ dense)
        ridge = self._settings.ridge * np.eye(len(covariance), dtype=np.float32)
        self._inverse = share * np.linalg.inv(covariance + ridge)
        together = np.add.reduceat(dense, self._starts[:-1], axis=0)
        self._weights = (together @ self._inverse).astype(np.float16)
        self._axes = np.linalg.eigh(covariance)[1][:, -_SKETCHED:].astype(np.float32)
        self._sketch = np.ascontiguousarray((dense @ self._axes).T)

    def _rank_one(self, dense: Vectors, lexical: csr_matrix) -> tuple[Places, Scores]:
        """Rank one text: candidates by the sketch, then their phrases in full."""
        share = self._settings.dense_share
        shared = (lexical @ self._lexical).toarray()[0]
        rough = (dense @ self._axes * share) @ self._sketch + (1 - share) * shared
        places = largest(np.maximum.reduceat(rough, self._starts[:-1]), self._count)
        sizes = self._starts[places + 1] - self._starts[places]
        first = np.cumsum(sizes) - sizes
        phrases = np.arange(sizes.sum()) + np.repeat(self._starts[places] - first, sizes)
        alike = self._dense[phrases].astype(np.float32) @ (dense * self._step)
        scores = self._mixed(
            np.maximum.reduceat(share * alike + (1 - share) * shared[phrases], first),
            self._weights[places].astype(np.float32) @ dense,
            np.add.reduceat(shared[phrases], first),
        )
        order = np.argsort(-scores)
        return places[order], scores[order]

    def _without_phrases(self, rows: Places) -> Ranking:
        """Compare phrases with all others but themselves."""
        alike, shared, together = self._compared(rows)
        each, own = np.arange(len(rows)), self._target[rows]
        dense = self._views.dense[rows]
        leverage = np.einsum("ij,ij->i", dense @ self._inverse, dense)
        together[each, own] -= leverage
        together /= 1 - leverage[:, None]
        alike[each, rows] = -1
        shared[each, rows] = 0
        return self._best(alike, shared, together)

    def _without_labels(self, labels: Places) -> Ranking:
        """Compare the phrases of each label with those of all others; the labels in one go."""
        own = [np.arange(self._starts[label], self._starts[label + 1]) for label in labels]
        rows = np.concatenate([*own, np.zeros(0, dtype=np.int64)])
        alike, shared, together = self._compared(rows)
        start = 0
        for label, places in zip(labels, own, strict=True):
            part = slice(start, start + len(places))
            dense = self._views.dense[places]
            kept = np.eye(len(places), dtype=np.float32) - dense @ self._inverse @ dense.T
            together[part] = np.linalg.solve(kept, together[part])
            together[part, label] = -len(self._target)
            start += len(places)
        return self._best(alike, shared, together)

    def _compared(self, rows: Places) -> tuple[Scores, Scores, Scores]:
        """Compare learned phrases with all: likeness, shared n-grams, and the regression."""
        share = self._settings.dense_share
        dense = self._views.dense[rows]
        shared = (self._views.lexical[rows] @ self._lexical).toarray()
        alike = share * (dense @ self._views.dense.T) + (1 - share) * shared
        return alike, shared, dense @ self._weights.T.astype(np.float32)

    def _best(self, alike: Scores, shared: Scores, together: Scores) -> Ranking:
        """Rank all labels for learned phrases."""
        starts = self._starts[:-1]
        scores = self._mixed(
            np.maximum.reduceat(alike, starts, axis=1),
            together,
            np.add.reduceat(shared, starts, axis=1),
        )
        return Ranking.of(scores, self._count)

    def _mixed(self, nearest: Scores, together: Scores, shared: Scores) -> Scores:
        """Weigh a label's nearest phrase against all its phrases together."""
        near, dense = self._settings.nearest_share, self._settings.dense_share
        nearest = nearest + _LITERAL_WEIGHT * np.maximum(0, nearest - _LITERAL)
        return near * nearest + (1 - near) * (together + (1 - dense) * shared)

    @property
    def _count(self) -> int:
        """How many labels are compared in full."""
        return min(self._settings.candidates, len(self.labels))


def _in_bytes(vectors: Vectors) -> tuple[NDArray[np.int8], float]:
    """Store vectors as whole steps, a quarter of their size → (steps, size of a step).

    A cosine changes by less than a thousandth.
    """
    step = float(np.abs(vectors).max()) / 127
    return np.round(vectors / step).astype(np.int8), step


def _sample(places: Places, most: int = _HELD_OUT) -> Places:
    """Choose places by a fixed chance, so that every training gives the same model."""
    if len(places) <= most:
        return places
    return np.sort(np.random.default_rng(7).choice(places, most, replace=False))


def _batches(rows: Places) -> Iterator[Places]:
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))
