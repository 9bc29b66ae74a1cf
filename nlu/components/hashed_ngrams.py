"""Weighted character n-grams of long texts, in bounded memory.

A dictionary of every n-gram in ten thousand letters takes more than a gigabyte before the rare ones
are dropped; hashed places need none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

LONGEST = 4
PLACES = 1 << 22
"""Hashed places: some ten for each n-gram that is kept from ten thousand letters."""

MUCH = 100_000
"""Characters of training text from which an n-gram of one text is dropped: it costs memory."""


class HashedNgrams:
    """Term frequency (sublinear) × inverse document frequency (smooth), rows of length one."""

    def __init__(self) -> None:
        """Prepare the hashing, which learns nothing."""
        self._hash = HashingVectorizer(
            analyzer="char",
            ngram_range=(1, LONGEST),
            n_features=PLACES,
            alternate_sign=False,
            norm=None,
            dtype=np.float32,
        )

    def fit(self, texts: Sequence[str]) -> csr_matrix:
        """Learn which n-grams there are and how rare each is → (n, kept)."""
        counts = self._hash.transform(texts)
        found = np.bincount(counts.indices, minlength=PLACES)
        kept = np.flatnonzero(found >= (2 if sum(map(len, texts)) > MUCH else 1))
        self._places = np.full(PLACES, -1, dtype=np.int32)
        self._places[kept] = np.arange(len(kept), dtype=np.int32)
        self._rarity = (np.log((1 + len(texts)) / (1 + found[kept])) + 1).astype(np.float32)
        return self._weighed(counts)

    def __call__(self, texts: Sequence[str]) -> csr_matrix:
        """Weigh the known n-grams of texts → (n, kept)."""
        return self._weighed(self._hash.transform(texts))

    def _weighed(self, counts: csr_matrix) -> csr_matrix:
        """Keep the known n-grams and weigh them."""
        places = self._places[counts.indices]
        known = places >= 0
        ends = np.concatenate([[0], np.cumsum(known)])[counts.indptr]
        places = places[known]
        weights = (1 + np.log(counts.data[known])) * self._rarity[places]
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(ends))
        lengths = np.sqrt(np.bincount(rows, weights**2, minlength=counts.shape[0]))
        weights = (weights / lengths[rows]).astype(np.float32)
        return csr_matrix((weights, places, ends), shape=(counts.shape[0], len(self._rarity)))
