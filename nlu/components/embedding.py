"""The sentence embedder: one a process, one computation a distinct text."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

import numpy as np

from components.sentence_engine import SentenceEngine, Vectors

__all__ = ["CACHED_TEXTS", "Embedder", "Vectors", "shared_embedder"]

CACHED_TEXTS = 40_000
"""About 60 MB of vectors."""


class Embedder:
    """Multilingual-e5 vectors (384, unit length), cached by text and safe to call from threads."""

    def __init__(self, capacity: int = CACHED_TEXTS) -> None:
        """Load the engine."""
        self._engine = SentenceEngine()
        # A batch fills all cores, so a second one beside it would only slow both down.
        self._computing = Lock()
        self._lock = Lock()
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        self._capacity = capacity

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Embed texts → (n, 384); only unknown ones are computed."""
        known, missing = self._recall(texts)
        if missing:
            with self._computing:
                # Another thread may have computed some of them meanwhile.
                found, missing = self._recall(missing)
                known |= found | self._compute(missing)
        if not texts:
            return np.zeros((0, self._engine.dim), dtype=np.float32)
        return np.stack([known[text] for text in texts])

    def unknown(self, texts: Sequence[str]) -> list[str]:
        """Give the distinct texts that would have to be computed."""
        return self._recall(texts)[1]

    def learn(self, vectors: dict[str, Vectors]) -> None:
        """Take vectors computed earlier, dropping the oldest beyond the cache's size."""
        with self._lock:
            self._cache.update(vectors)
            while len(self._cache) > self._capacity:
                self._cache.popitem(last=False)

    def _recall(self, texts: Sequence[str]) -> tuple[dict[str, Vectors], list[str]]:
        """Give the known vectors and the texts that have none."""
        with self._lock:
            known = {text: self._cache[text] for text in texts if text in self._cache}
            for text in known:
                self._cache.move_to_end(text)
        return known, [text for text in dict.fromkeys(texts) if text not in known]

    def _compute(self, texts: list[str]) -> dict[str, Vectors]:
        """Run the engine and remember."""
        if not texts:
            return {}
        vectors = self._engine([text or "。" for text in texts])
        fresh = dict(zip(texts, vectors, strict=True))
        self.learn(fresh)
        return fresh


@lru_cache(maxsize=1)
def shared_embedder() -> Embedder:
    """Give the process's one embedder."""
    return Embedder()
