"""The engine under the embedder: multilingual-e5-small, run by onnxruntime."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from components.e5_file import E5File, weights, weights_file
from components.e5_graph import TOKENS, E5Graph
from components.e5_tokens import E5Tokens

Vectors = NDArray[np.float32]

PREFIX = "query: "
"""A question and the phrases it is compared with are both short utterances: e5's query prefix."""

LONGEST = 1000
"""Characters read; the model itself reads 512 pieces at most."""

TOGETHER = 512
"""Pieces computed in one run: more is no faster and takes more memory (measured)."""

_SOURCES = ("e5_file.py", "e5_tokens.py", "e5_graph.py", "sentence_engine.py")


@lru_cache(maxsize=1)
def engine_id() -> str:
    """Name what vectors depend on: the weights and the code that uses them."""
    digest = hashlib.sha256()
    for path in (weights_file(), *(Path(__file__).with_name(name) for name in _SOURCES)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class SentenceEngine:
    """Gives unit vectors of texts; safe to call from threads."""

    def __init__(self) -> None:
        """Read the weights and build the graph, which takes a third of a second."""
        file = E5File(weights_file())
        self.dim = file.width
        self._tokens = E5Tokens(file)
        self._words = file.blocks("emb.word", file.words)
        self._places = (
            file.vector("emb.pos").reshape(-1, self.dim) + file.vector("emb.type")[: self.dim]
        )
        options = onnxruntime.SessionOptions()
        # A second thread inside one short text costs more than it gives; batches use all cores
        # by running side by side.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            bytes(E5Graph(file)), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """Embed texts → (n, 384)."""
        found = np.empty((len(texts), self.dim), dtype=np.float32)
        runs = list(self._runs([self._tokens(PREFIX + text[:LONGEST]) for text in texts]))

        def compute(run: tuple[list[int], NDArray[np.int64]]) -> None:
            places, numbers = run
            found[places] = self._run(numbers)

        if len(runs) == 1:
            compute(runs[0])
        else:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                list(pool.map(compute, runs))
        unit: Vectors = found / np.linalg.norm(found, axis=1, keepdims=True)
        return unit

    def _runs(self, tokens: list[list[int]]) -> Iterator[tuple[list[int], NDArray[np.int64]]]:
        """Divide texts into runs of one length, so that nothing is padded → places, numbers."""
        order = sorted(range(len(tokens)), key=lambda place: len(tokens[place]))
        for length, group in groupby(order, key=lambda place: len(tokens[place])):
            places = list(group)
            size = max(1, TOGETHER // length)
            for start in range(0, len(places), size):
                part = places[start : start + size]
                yield part, np.array([tokens[place] for place in part])

    def _run(self, numbers: NDArray[np.int64]) -> Vectors:
        """Compute texts of one length → (texts, 384), not yet of length one."""
        words = weights(self._words[numbers.ravel()]).reshape(*numbers.shape, self.dim)
        inputs = {TOKENS: words + self._places[: numbers.shape[1]]}
        return np.asarray(self._session.run(None, inputs)[0], dtype=np.float32)
