"""Sentence vectors kept between trainings, so that a changed phrase costs one vector, not all."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from threading import Lock

import numpy as np

from components.embedding import Vectors, shared_embedder
from components.sentence_engine import engine_id

_WIDTH = 16
# Two threads that extend the store at once would lose each other's vectors.
_extending = Lock()


def store_folder() -> Path:
    """Give the git-ignored folder of Rasa's own training cache."""
    return Path(__file__).resolve().parents[1] / ".rasa"


def store_file() -> Path:
    """Give the file of this engine's vectors."""
    return store_folder() / f"vectors-{engine_id()}.npz"


def training_vectors(texts: Sequence[str]) -> Vectors:
    """Embed training texts → (n, 384), extending the store; safe to call from threads."""
    embedder = shared_embedder()
    with _extending:
        kept = _held.of(store_file())
        fresh = list(dict.fromkeys(text for text in texts if _key(text) not in kept))
        if fresh:
            kept.update(zip(map(_key, fresh), embedder(fresh), strict=True))
            _held.keep(store_file(), kept)
        if not texts:
            return embedder(texts)
        known = {text: kept[_key(text)] for text in texts}
        # The steps of the pipeline ask the embedder for the same texts next.
        embedder.learn(known)
        return np.stack([known[text] for text in texts])


class _Held:
    """The store as it was last read or written, so that a training reads the file once.

    A training asks for more texts than the embedder remembers, and for a few at a time.
    """

    def __init__(self) -> None:
        self._vectors: dict[bytes, Vectors] = {}
        self._written: tuple[Path, int] | None = None

    def of(self, path: Path) -> dict[bytes, Vectors]:
        """Return the vectors of a file, read anew where another process has replaced it."""
        written = _written(path)
        if written is None or written != self._written:
            self._vectors, self._written = _read(path), written
        return self._vectors

    def keep(self, path: Path, vectors: dict[bytes, Vectors]) -> None:
        """Write vectors and remember them."""
        _write(path, vectors)
        self._vectors, self._written = vectors, _written(path)


_held = _Held()


def _written(path: Path) -> tuple[Path, int] | None:
    """Return which file this is, by when it was written; None where there is none."""
    try:
        return path, path.stat().st_mtime_ns
    except FileNotFoundError:
        return None


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", errors="replace"), digest_size=_WIDTH).digest()


def _read(path: Path) -> dict[bytes, Vectors]:
    """Read the store; one that was cut short counts as none."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            keys, vectors = stored["keys"], stored["vectors"]
    except (FileNotFoundError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    return {key.tobytes(): vector for key, vector in zip(keys, vectors, strict=True)}


def _write(path: Path, vectors: dict[bytes, Vectors]) -> None:
    """Replace the store in one step, so that a second training never reads half of it.

    Vectors of another engine are of no use to this one and go.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = np.frombuffer(b"".join(vectors), dtype=np.uint8).reshape(-1, _WIDTH)
    draft = path.with_name(f"draft.{os.getpid()}.npz")
    np.savez(draft, keys=keys, vectors=np.stack(list(vectors.values())))
    draft.replace(path)
    for other in path.parent.glob("vectors*.npz"):
        if other != path:
            other.unlink(missing_ok=True)
