"""Sentence vectors kept between trainings, so that a changed phrase costs one vector, not all."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from threading import Lock

import numpy as np

from components.embedding import CACHED_TEXTS, Embedder, Vectors, shared_embedder
from components.sentence_engine import engine_id

_WIDTH = 16
_PORTION = CACHED_TEXTS // 2
# Two threads that extend the store at once would lose each other's vectors.
_extending = Lock()


def store_folder() -> Path:
    """Give the git-ignored folder of Rasa's own training cache."""
    return Path(__file__).resolve().parents[1] / ".rasa"


def store_file() -> Path:
    """Give the file of this engine's vectors."""
    return store_folder() / f"vectors-{engine_id()}.npz"


def training_vectors(texts: Sequence[str]) -> Vectors:
    """Embed training texts → (n, 384), extending the store; safe to call from threads.

    They are embedded in portions that the embedder can remember, so that none is computed twice.
    """
    embedder = shared_embedder()
    parts = []
    for at in range(0, max(len(texts), 1), _PORTION):
        portion = texts[at : at + _PORTION]
        with _extending:
            _extend(embedder, portion)
        parts.append(embedder(portion))
    return np.concatenate(parts)


def _extend(embedder: Embedder, texts: Sequence[str]) -> None:
    """Let the embedder know the texts, from the store or by computing and storing them."""
    unknown = embedder.unknown(texts)
    if unknown:
        kept = _read(store_file())
        embedder.learn({text: kept[_key(text)] for text in unknown if _key(text) in kept})
        fresh = embedder.unknown(unknown)
        if fresh:
            vectors = zip(fresh, embedder(fresh), strict=True)
            _write(store_file(), kept | {_key(text): vector for text, vector in vectors})


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
