"""Multinomial logistic regression on sentence vectors and character n-grams."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from components.embedding import Vectors
from components.text_features import TextFeatures, TextViews

Floats = NDArray[np.float64]


class TextClassifier:
    """Label a text; scikit-learn's softmax objective with the dense half kept dense.

    One stacked sparse matrix makes every step of the solver forty times slower, because most
    of it would be the 384 dense columns; apart they cost one small matrix product.
    """

    def __init__(
        self, dense_scale: float = 3.0, lexical_scale: float = 3.0, ridge: float = 1.0
    ) -> None:
        """Choose how much each view counts and how strongly weights are held back."""
        self._scales = (dense_scale, lexical_scale)
        self._ridge = ridge
        # N-grams seen once double the training time and add no accuracy (measured).
        self._features = TextFeatures(longest=3, rarest=2)
        self.labels: list[str] = []

    def fit(self, texts: Sequence[str], vectors: Vectors, labels: Sequence[str]) -> None:
        """Learn from labelled texts; a rare label weighs more than its count."""
        self.labels = sorted(set(labels))
        target = np.searchsorted(self.labels, labels)
        counts = np.bincount(target)
        weights = np.sqrt(counts.mean() / counts)[target]
        views = self._scaled(self._features.fit(texts, vectors))
        self._solve(views, np.eye(len(self.labels))[target], weights / weights.mean())

    def probabilities(self, texts: Sequence[str], vectors: Vectors) -> Floats:
        """Give P(label | text) → (n, labels)."""
        return self.chances(self.views(texts, vectors))

    def views(self, texts: Sequence[str], vectors: Vectors) -> TextViews:
        """See texts as the classifier sees them."""
        return self._features(texts, vectors)

    def chances(self, views: TextViews) -> Floats:
        """Give P(label | text) of texts already seen → (n, labels)."""
        return np.asarray(softmax(self._logits(self._scaled(views)), axis=1), dtype=np.float64)

    def ranking(self, text: str, vector: Vectors) -> list[tuple[str, float]]:
        """Rank the labels for one text, best first."""
        chances = self.probabilities([text], vector[np.newaxis, :])[0]
        return [(self.labels[i], float(chances[i])) for i in np.argsort(-chances)]

    def _scaled(self, views: TextViews) -> TextViews:
        return TextViews(views.dense * self._scales[0], views.lexical * self._scales[1])

    def _logits(self, views: TextViews) -> Floats:
        return np.asarray(
            views.dense @ self._dense + views.lexical @ self._lexical + self._bias, dtype=np.float64
        )

    def _solve(self, views: TextViews, target: Floats, weights: Floats) -> None:
        """Minimise weighted cross-entropy + ridge with L-BFGS."""
        width, terms, count = views.dense.shape[1], views.lexical.shape[1], target.shape[1]
        transposed = views.lexical.T.tocsr()

        def unpack(flat: Floats) -> None:
            matrix = flat.reshape(width + terms + 1, count).astype(np.float32)
            self._dense, self._lexical = matrix[:width], matrix[width:-1]
            self._bias = matrix[-1]

        def loss(flat: Floats) -> tuple[float, Floats]:
            unpack(flat)
            logits = self._logits(views)
            log_chances = logits - logsumexp(logits, axis=1, keepdims=True)
            error = ((np.exp(log_chances) - target) * weights[:, None]).astype(np.float32)
            gradient = np.vstack(
                [views.dense.T @ error, transposed @ error, error.sum(axis=0, keepdims=True)]
            ).astype(np.float64)
            held = flat.reshape(gradient.shape).copy()
            held[-1] = 0
            gradient += self._ridge * held
            value = -(weights[:, None] * target * log_chances).sum()
            return value + self._ridge * (held**2).sum() / 2, gradient.ravel()

        start = np.zeros((width + terms + 1) * count)
        # Finer steps change the loss in its fifth digit and no answer on dev (measured).
        options = {"maxiter": 100, "ftol": 1e-5}
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
        unpack(found.x)
