"""A second look at a text whose n-grams tell of something: what is it nearest to in meaning?

Only texts in which the n-grams suspect something are looked at, because a sentence vector
costs ten milliseconds where nothing else needs it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from components.embedding import Vectors
from components.sign_model import NOTHING, Reading

NEAREST = 3
"""Neighbours on each side whose likeness counts."""

_MEANING = 4.0
"""What likeness to the nearest text of a label counts beside the n-grams' margin for it."""

_SCALE = 8.0
"""Brings likenesses to the size of log odds."""

Floats = NDArray[np.float32]


class Neighbours:
    """Sentence vectors of what is meant and of what only sounds like it, weighed with n-grams."""

    def fit(self, vectors: Vectors, labels: Sequence[str], evidence: Floats) -> None:
        """Learn how much likeness and n-grams count.

        Args:
            vectors: of the training texts that need a second look (n, 384).
            labels: what is said, or `NOTHING`.
            evidence: of the n-grams, by a model that had not learnt the text (n,).
        """
        self._centre = vectors.mean(axis=0)
        rows = self._centred(vectors)
        self._labels = np.array(labels)
        said = self._labels != NOTHING
        # What says something comes first, label by label.
        order = np.lexsort((self._labels, ~said))
        self._rows, self._labels = rows[order], self._labels[order]
        self._count = int(said.sum())
        self.labels = sorted(set(self._labels[: self._count]))
        self._starts = np.searchsorted(self._labels[: self._count], self.labels)
        near = np.array([self._near(place) for place in range(len(self._rows))])
        described = np.column_stack([evidence[order], near * _SCALE])
        model = LogisticRegression(C=1.0, max_iter=500).fit(described, said[order])
        self._weights, self._bias = model.coef_[0], float(model.intercept_[0])

    def look(self, vector: Vectors, reading: Reading) -> tuple[float, str]:
        """Return the log odds that something is said, all counted, and what it is.

        Args:
            vector: sentence vector of the text's normal form (384,).
            reading: what the n-grams say, by a model of the same labels.
        """
        likeness = self._rows @ self._centred(vector[np.newaxis, :])[0]
        near = self._nearest(likeness)
        described = np.array([reading.evidence, near[0] * _SCALE, near[1] * _SCALE])
        closest = np.maximum.reduceat(likeness[: self._count], self._starts)
        label = self.labels[int(np.argmax(reading.margins + _MEANING * closest))]
        return float(described @ self._weights + self._bias), label

    def _near(self, place: int) -> tuple[float, float]:
        """Return how near the others are to a text that was learnt."""
        likeness = self._rows @ self._rows[place]
        likeness[place] = -1
        return self._nearest(likeness)

    def _nearest(self, likeness: Floats) -> tuple[float, float]:
        """Return how near the nearest texts that say it are, and the nearest that do not."""
        sides = likeness[: self._count], likeness[self._count :]
        first, second = (float(np.partition(side, -NEAREST)[-NEAREST:].mean()) for side in sides)
        return first, second

    def _centred(self, vectors: Vectors) -> Floats:
        """Take away what all vectors share; rows of length one."""
        rows = vectors - self._centre
        rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
        return np.asarray(rows, dtype=np.float32)
