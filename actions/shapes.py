"""样式 What a field's label says about its answer, beside its kind (data/dialogue/shapes.yml)."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

import yaml

from actions.texts import data_dir

PROSE = "prose"
# A day on which somebody comes to the window.
VISIT = "visit"


def shape_of(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the label of `spec` tells: `{"shape"?, "least"?, "most"?}`; prose if nothing."""
    label = str(spec.get("label") or "")
    for entry in _rules().get(str(spec["kind"])) or ():
        if re.search(entry["label"], label):
            return dict(entry)
    return {"shape": PROSE}


def is_prose(spec: Mapping[str, Any]) -> bool:
    """Tell whether "none" and "I don't know" answer the field, because any words do."""
    return spec["kind"] == "text" and shape_of(spec)["shape"] == PROSE


def vague_place(text: str) -> bool:
    """Tell whether `text` names a place that only the speaker knows ("就那里")."""
    return bool(re.search(_rules()["vague_place"], re.sub(r"[\s,，。.!！]", "", text)))


def names_no_place(text: str) -> bool:
    """Tell whether `text` tells of something where a place is asked ("没得人受伤", "三天了")."""
    return bool(re.search(_rules()["no_place"], re.sub(r"[\s,，。.!！]", "", text)))


def relative_called(text: str) -> tuple[str, str] | None:
    """Return which labels stand for the relative of whom a name is said, and the name.

    "娃儿叫李小明" is the 孩子 of a form.
    """
    plain = re.sub(r"\s", "", text)
    for relative in _rules()["relatives"]:
        if said := re.search(f"(?:{relative['said']})(?:{_rules()['called']})", plain):
            return str(relative["label"]), said.group("name")
    return None


@functools.lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    path = data_dir() / "dialogue" / "shapes.yml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
