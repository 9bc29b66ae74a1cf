"""写下的对话 Conversations that were written for training, with what each message is about.

One conversation a line of data/training/conversations/*.jsonl; see the README there. What weighs
the readings must not have been learnt by what they are made of, so it has conversations of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def talk_files(data: Path) -> list[Path]:
    """List the files of conversations that the rankers learn from, one a hand."""
    return sorted((data / "training" / "conversations").glob("hand_*.jsonl"))


def weighing_talks(data: Path) -> Iterator[dict[str, Any]]:
    """Read the conversations that only weigh the readings."""
    for path in sorted((data / "training" / "conversations").glob("weighing_*.jsonl")):
        yield from _read(path)


def turns(data: Path) -> Iterator[dict[str, Any]]:
    """Read the messages of the conversations that the rankers learn from."""
    for path in talk_files(data):
        for talk in _read(path):
            yield from talk["turns"]


def _read(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)
