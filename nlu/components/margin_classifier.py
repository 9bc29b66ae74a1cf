"""Label texts of any kind: linear margins on n-grams and sentence vectors, and the nearest text.

The ear's own intents keep `TextClassifier`, whose chances their thresholds are calibrated on; this
one gives labels only and chooses its few settings on held-out training text.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

from components.embedding import Vectors
from components.hashed_ngrams import HashedNgrams
from components.nearest_phrase import NearestPhrases, Scores
from components.text_features import TextViews

Places = NDArray[np.int64]

FOLDS = 3
HELD_TEXTS, HELD_WORK = 3000, 200_000
"""Texts, and texts × labels, that settings are chosen on; more cost time."""

ALONE = 200
"""Texts compared with all kept ones at a time, which bounds memory."""

LONG = 100
"""Mean characters from which texts are too unlike each other for a nearest one."""

HABIT = 0.002
"""What other settings must gain before they are believed."""

_LEXICAL_SCALE = 1.4
_COSTS, _SCALES, _SHARES = (0.1, 0.3, 1.0), (1.0, 2.0), (0.0, 0.5, 1.0, 2.0)


@dataclass(frozen=True)
class Settings:
    """What the evidence weighs: an error, the vector's length, the nearest text's similarity."""

    cost: float
    dense: float
    nearest: float


class MarginClassifier:
    """One balanced linear SVM a label, which serves labels with one example too."""

    def __init__(self, seed: int = 0) -> None:
        """Take the seed of every draw."""
        self._seed = seed
        self._ngrams = HashedNgrams()
        self.labels: list[str] = []

    def fit(self, texts: Sequence[str], vectors: Vectors, labels: Sequence[str]) -> None:
        """Learn from labelled texts and their sentence vectors."""
        self.labels = sorted(set(labels))
        target = np.searchsorted(self.labels, labels)
        self._centre = vectors.mean(axis=0)
        views = TextViews(self._centred(vectors), self._ngrams.fit(texts))
        short = sum(map(len, texts)) < LONG * len(texts)
        self.settings = self._chosen(views, target, short)
        self._margins = _Margins(views, target, self.settings)
        self._nearest = _Nearest(views, target) if self.settings.nearest else None

    def label(self, texts: Sequence[str], vectors: Vectors) -> list[str]:
        """Give each text's label."""
        views = TextViews(self._centred(vectors), self._ngrams(texts))
        scores = self._margins(views)
        if self._nearest:
            scores += self.settings.nearest * self._nearest(views)
        return [self.labels[place] for place in self._margins.known[scores.argmax(axis=1)]]

    def _centred(self, vectors: Vectors) -> Vectors:
        """Take away what all vectors share; rows of length one."""
        dense = vectors - self._centre
        dense /= np.linalg.norm(dense, axis=1, keepdims=True) + 1e-9
        return np.asarray(dense, dtype=np.float32)

    def _chosen(self, views: TextViews, target: Places, short: bool) -> Settings:
        """Choose the settings that label texts best which were left out of training."""
        usual = Settings(0.3, 2.0, 1.0) if short else Settings(0.1, 1.0, 0.0)
        size = min(len(target), HELD_TEXTS, HELD_WORK // len(self.labels))
        drawn = np.random.default_rng(self._seed).permutation(len(target))[:size]
        gained: dict[Settings, float] = {usual: HABIT}
        for number in range(FOLDS):
            held = np.arange(size) % FOLDS == number
            learned = target[drawn[~held]]
            if not held.any() or len(np.unique(learned)) < 2:
                continue
            fold = _Fold(
                _rows(views, drawn[~held]), learned, _rows(views, drawn[held]), target[drawn[held]]
            )
            for settings, gain in fold.gains(_SHARES if short else (0.0,)):
                gained[settings] = gained.get(settings, 0.0) + gain / FOLDS
        return max(gained, key=lambda settings: gained[settings])


class _Margins:
    """The SVM: for each known label, how far on its side a text stands."""

    def __init__(self, views: TextViews, target: Places, settings: Settings) -> None:
        """Learn from views and the places of their labels."""
        self.known, near = np.unique(target, return_inverse=True)
        self._dense = settings.dense
        # The solver refuses a single label, which needs none.
        self._svm = LinearSVC(C=settings.cost, class_weight="balanced", tol=1e-3, random_state=0)
        if len(self.known) > 1:
            self._svm.fit(self._joined(views), near)

    def __call__(self, views: TextViews) -> Scores:
        """Give margins → (n, known)."""
        if len(self.known) == 1:
            return np.zeros((len(views.dense), 1), dtype=np.float32)
        found = self._svm.decision_function(self._joined(views))
        return np.asarray(np.c_[-found, found] if found.ndim == 1 else found, dtype=np.float32)

    def _joined(self, views: TextViews) -> csr_matrix:
        parts = [views.lexical * _LEXICAL_SCALE, csr_matrix(views.dense * self._dense)]
        return hstack(parts, format="csr")


class _Nearest:
    """The similarity of each known label's most similar text."""

    def __init__(self, views: TextViews, target: Places) -> None:
        """Keep views with the places of their labels."""
        self._phrases = NearestPhrases()
        self._phrases.fit(views, np.unique(target, return_inverse=True)[1])

    def __call__(self, views: TextViews) -> Scores:
        """Give similarities → (n, known)."""
        starts = range(0, len(views.dense), ALONE)
        parts = [np.arange(start, min(start + ALONE, len(views.dense))) for start in starts]
        return np.vstack([self._phrases(_rows(views, part)) for part in parts])


@dataclass(frozen=True)
class _Fold:
    """Texts to learn from and texts to be judged by."""

    learned: TextViews
    target: Places
    held: TextViews
    wanted: Places

    def gains(self, shares: Sequence[float]) -> list[tuple[Settings, float]]:
        """Judge all settings: the mean of accuracy and macro-F1."""
        similar = _Nearest(self.learned, self.target)(self.held) if any(shares) else None
        pairs = list(product(_COSTS, _SCALES))
        # The solver works outside the interpreter's lock, so every core tries a pair.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = list(pool.map(partial(self._tried, shares, similar), pairs))
        return [one for part in found for one in part]

    def _tried(
        self, shares: Sequence[float], similar: Scores | None, pair: tuple[float, float]
    ) -> list[tuple[Settings, float]]:
        margins = _Margins(self.learned, self.target, Settings(*pair, 0.0))
        scores = margins(self.held)
        results = []
        for share in shares:
            weighed = scores if similar is None else scores + share * similar
            gain = _judged(self.wanted, margins.known[weighed.argmax(axis=1)])
            results.append((Settings(*pair, share), gain))
        return results


def _judged(wanted: Places, found: Places) -> float:
    macro = f1_score(wanted, found, labels=np.unique(wanted), average="macro", zero_division=0)
    return (float((wanted == found).mean()) + float(macro)) / 2


def _rows(views: TextViews, places: Places) -> TextViews:
    return TextViews(views.dense[places], views.lexical[places])
