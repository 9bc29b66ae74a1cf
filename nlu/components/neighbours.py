"""A second look at a text whose n-grams tell of something: what does it mean?

Three opinions are weighed: that of the n-grams, which texts it is nearest to, and that of a small
network, which has learnt what the two sides mean. Only texts in which the n-grams suspect something
are looked at, because a sentence vector costs ten milliseconds where nothing else needs it.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from components.embedding import Vectors
from components.sign_model import NOTHING, Floats, Places, Reading, held_out

NEAREST = 3
"""Neighbours on each side whose likeness counts."""

_MEANING = 4.0
"""What likeness to the nearest text of a label counts beside the n-grams' margin for it."""

_SCALE = 8.0
"""Brings likenesses to the size of log odds."""

_HIDDEN = 64
"""Units of the network's hidden layer."""

_AT_ONCE = 512
"""Texts whose likeness to all others is computed at once."""

_ROUNDS = 15
"""Times the network sees each text."""


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
        near = self._near_each_other()
        scaled, said = self._rows * _SCALE, said[order]

        def read(learnt: Places, held: Places) -> Floats:
            return _says(_network(scaled[learnt], said[learnt]), scaled[held])

        opinion = held_out(said, read)
        self._layers = _network(scaled, said)
        described = np.column_stack([evidence[order], near * _SCALE, opinion])
        model = LogisticRegression(C=1.0, max_iter=500).fit(described, said)
        self._weights, self._bias = model.coef_[0], float(model.intercept_[0])

    def __getstate__(self) -> dict[str, Any]:
        """Give what is written into a model: half the digits of the vectors are as good."""
        return {**self.__dict__, "_rows": self._rows.astype(np.float16)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take what was written into a model."""
        self.__dict__.update(state, _rows=state["_rows"].astype(np.float32))

    def look(self, vector: Vectors, reading: Reading) -> tuple[float, str]:
        """Return the log odds that something is said, all counted, and what it is.

        Args:
            vector: sentence vector of the text's normal form (384,).
            reading: what the n-grams say, by a model of the same labels.
        """
        row = self._centred(vector[np.newaxis, :])
        likeness = self._rows @ row[0]
        near = self._nearest(likeness)
        opinion = _says(self._layers, row * _SCALE)[0]
        described = np.array([reading.evidence, near[0] * _SCALE, near[1] * _SCALE, opinion])
        closest = np.maximum.reduceat(likeness[: self._count], self._starts)
        label = self.labels[int(np.argmax(reading.margins + _MEANING * closest))]
        return float(described @ self._weights + self._bias), label

    def likeness(self, vectors: Vectors) -> Floats:
        """Return how near the nearest text of each label is → (n, labels).

        Args:
            vectors: sentence vectors of normal forms (n, 384).
        """
        near = self._centred(vectors) @ self._rows[: self._count].T
        return np.asarray(np.maximum.reduceat(near, self._starts, axis=1), dtype=np.float32)

    def _near_each_other(self) -> Floats:
        """Return how near the other texts that were learnt are to each, on both sides → (n, 2)."""
        found = []
        for start in range(0, len(self._rows), _AT_ONCE):
            likeness = self._rows[start : start + _AT_ONCE] @ self._rows.T
            places = np.arange(len(likeness))
            likeness[places, start + places] = -1
            found.append(np.stack(self._nearest(likeness), axis=-1))
        return np.concatenate(found)

    def _nearest(self, likeness: Floats) -> tuple[Floats, Floats]:
        """Return how near the nearest texts that say it are, and the nearest that do not.

        Args:
            likeness: to every text that was learnt (…, n).
        """
        sides = likeness[..., : self._count], likeness[..., self._count :]
        first, second = (np.partition(side, -NEAREST)[..., -NEAREST:].mean(-1) for side in sides)
        return first, second

    def _centred(self, vectors: Vectors) -> Floats:
        """Take away what all vectors share; rows of length one."""
        rows = vectors - self._centre
        rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
        return np.asarray(rows, dtype=np.float32)


def _network(rows: Floats, said: NDArray[np.bool_]) -> list[tuple[Floats, Floats]]:
    """Learn from vectors whether something is said; return weights and biases layer by layer."""
    model = MLPClassifier((_HIDDEN,), alpha=0.01, max_iter=_ROUNDS, random_state=0)
    with warnings.catch_warnings():
        # It stops after a few rounds on purpose: more of them learn the texts by heart.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(rows, said)
    return [
        (weights.astype(np.float32), bias.astype(np.float32))
        for weights, bias in zip(model.coefs_, model.intercepts_, strict=True)
    ]


def _says(layers: list[tuple[Floats, Floats]], rows: Floats) -> Floats:
    """Return the log odds that something is said → (n,)."""
    (inward, hidden_bias), (outward, bias) = layers
    hidden = np.maximum(rows @ inward + hidden_bias, 0)
    return np.asarray((hidden @ outward + bias)[:, 0], dtype=np.float32)
