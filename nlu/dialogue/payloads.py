"""按钮内容 What a button's payload may carry: a citizen's device sends it, so it is only data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Scalar = str | bool
Shape = Callable[[Any], bool]
Line = Mapping[str, Shape]

_PAYLOAD = re.compile(r"/([a-z_]+)\s*(\{.*\})?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Payloads:
    """The payloads of `data/dialogue/payloads.yml`.

    Attributes:
        anywhere: what every intent may carry.
        lines: what an intent may carry besides; the values of one line count only together.
    """

    anywhere: tuple[Line, ...]
    lines: Mapping[str, tuple[Line, ...]]

    def read(self, payload: str) -> tuple[str, dict[str, Scalar]] | None:
        """Read a payload `/intent{json}`.

        Returns:
            The intent and those of its values that fit; None where it is no payload at all.
        """
        match = _PAYLOAD.fullmatch(payload)
        if match is None:
            return None
        try:
            values = json.loads(match.group(2) or "{}")
        except (ValueError, RecursionError):
            return None
        return match.group(1), self._fitting(match.group(1), values)

    def _fitting(self, intent: str, values: Mapping[str, Any]) -> dict[str, Scalar]:
        kept: dict[str, Scalar] = {}
        for line in (*self.anywhere, *self.lines.get(intent, ())):
            if all(name in values and fits(values[name]) for name, fits in line.items()):
                kept |= {name: values[name] for name in line}
        return kept


def load_payloads(data_dir: Path) -> Payloads:
    """Read once, at start, what payloads may carry.

    Raises:
        KeyError: an entity has a shape that is not declared.
    """
    raw = _yaml(data_dir / "dialogue" / "payloads.yml")
    facts = _yaml(data_dir / "eligibility.yml")["facts"]
    shapes = {name: _shape(written, facts) for name, written in raw["shapes"].items()}

    def lines(written: Iterable[Mapping[str, str]]) -> tuple[Line, ...]:
        return tuple({name: shapes[shape] for name, shape in line.items()} for line in written)

    return Payloads(lines(raw["any"]), {name: lines(own) for name, own in raw["intents"].items()})


def _shape(written: Any, facts: Mapping[str, Any]) -> Shape:
    if isinstance(written, str):
        pattern = re.compile(written)
        return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None
    if isinstance(written, Mapping):
        written = [name for name, fact in facts.items() if fact["kind"] == written["facts"]]
    # Python takes 1 for true.
    meant = {(type(value), value) for value in written}
    return lambda value: isinstance(value, (str, bool)) and (type(value), value) in meant


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
