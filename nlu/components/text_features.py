"""Two views of a text: centred sentence vector and character n-grams, joined only by weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from components.character_ngrams import CharacterNgrams
from components.embedding import Vectors


@dataclass
class TextViews:
    """What a model sees of n texts: dense (n, 384) and lexical (n, vocabulary)."""

    dense: Vectors
    lexical: csr_matrix


class TextFeatures:
    """Learn the vector's centre and the n-grams' weights from training text."""

    def __init__(self, longest: int = 3, rarest: int = 1) -> None:
        """Choose the n-grams: up to `longest` characters, in at least `rarest` texts."""
        self._ngrams = CharacterNgrams(longest, rarest)
        self._centre: Vectors

    def fit(self, texts: Sequence[str], vectors: Vectors) -> TextViews:
        """Learn from texts and give their views."""
        # e5's vectors share a large common part; without it cosines spread over (-1, 1).
        self._centre = vectors.mean(axis=0)
        self._ngrams.fit(texts)
        return self(texts, vectors)

    def __call__(self, texts: Sequence[str], vectors: Vectors) -> TextViews:
        """Give the views of texts."""
        dense = vectors - self._centre
        dense /= np.linalg.norm(dense, axis=1, keepdims=True) + 1e-9
        return TextViews(dense.astype(np.float32), self._ngrams(texts))
