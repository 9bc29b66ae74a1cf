"""Read written conversations, one a line of a JSON Lines file.

    {"id", "group", "turns": [TURN, …]}

A turn is what a citizen does, and what must be true of everything that comes back to it:

    {"say": "…"} | {"press": "title of a chip or list line, or its beginning"}
    | {"photo": "name"} (a plain picture) | {"location": [30.66, 104.08, "label"]} (GCJ-02)
    "must":    [regex, …]  every one is found in the answer: texts, titles, fields, lists, chips
    "first":   [regex, …]  every one is found in the first line of the first reply
    "never":   [regex, …]  none is found anywhere
    "item":    "GA004" | ["GA004", "GA005"] | null  what an answer's source is; null: no guide
    "element": "fee" | ["fee", "materials"]         the source's element
    "chip":    [regex, …]  each names a chip or a list line that can be pressed
    "why":     for readers

A turn without a check only goes on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACTS = ("say", "press", "photo", "location")
_PATTERNS = ("must", "first", "never", "chip")
_GROUNDS = ("item", "element")


class UnreadableError(Exception):
    """A file is not one of conversations; the message names the line and what is wrong there."""


@dataclass(frozen=True)
class Turn:
    """What a citizen does, and what must be true of the answer.

    Attributes:
        act: one of ACTS.
        what: the words, title, name or place of it.
        item, element: what may be told, None among them for nothing; None: not checked.
        checked: anything is.
    """

    act: str
    what: Any
    must: tuple[re.Pattern[str], ...] = ()
    first: tuple[re.Pattern[str], ...] = ()
    never: tuple[re.Pattern[str], ...] = ()
    chip: tuple[re.Pattern[str], ...] = ()
    item: tuple[str | None, ...] | None = None
    element: tuple[str | None, ...] | None = None
    checked: bool = False


@dataclass(frozen=True)
class Talk:
    """One conversation."""

    id: str
    group: str
    turns: tuple[Turn, ...]


def read_talks(paths: list[Path], only: str = "") -> list[Talk]:
    """Return the conversations of files whose id or group `only` is found in.

    Raises:
        UnreadableError: a file is absent, or a line is no conversation.
    """
    wanted = re.compile(only)
    talks = [talk for path in paths for talk in _talks(path)]
    return [talk for talk in talks if wanted.search(f"{talk.id} {talk.group}")]


def _talks(path: Path) -> Iterator[Talk]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _talk(json.loads(line))
        except (ValueError, KeyError, TypeError, re.error) as error:
            raise UnreadableError(f"{path}:{number}: {type(error).__name__} {error}") from error


def _talk(raw: dict[str, Any]) -> Talk:
    return Talk(str(raw["id"]), str(raw["group"]), tuple(map(read_turn, raw["turns"])))


def read_turn(raw: dict[str, Any]) -> Turn:
    """Return a turn as it is written.

    Raises:
        ValueError: nothing is done in it, or more than one thing.
        re.error: a pattern is none.
    """
    acts = [act for act in ACTS if act in raw]
    if len(acts) != 1:
        raise ValueError(f"a turn does one of {', '.join(ACTS)}, this one {acts or 'nothing'}")
    patterns = {name: tuple(map(re.compile, _listed(raw.get(name, [])))) for name in _PATTERNS}
    grounds = {name: tuple(_listed(raw[name])) for name in _GROUNDS if name in raw}
    checked = any(name in raw for name in (*_PATTERNS, *_GROUNDS))
    return Turn(acts[0], raw[acts[0]], **patterns, **grounds, checked=checked)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
