"""样式 What a field's label says about its answer, beside its kind (data/dialogue/shapes.yml)."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

import yaml

from actions.texts import data_dir
from standards.acceptors import names

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
    return bool(spec["kind"] == "text" and shape_of(spec)["shape"] == PROSE)


def vague_place(text: str) -> bool:
    """Tell whether `text` names a place that only the speaker knows ("就那里")."""
    return bool(re.search(_rules()["vague_place"], re.sub(r"[\s,，。.!！]", "", text)))


def names_no_place(text: str) -> bool:
    """Tell whether `text` tells of something where a place is asked ("没得人受伤", "三天了")."""
    return bool(re.search(_rules()["no_place"], re.sub(r"[\s,，。.!！]", "", text)))


def is_same_place(text: str) -> bool:
    """Tell whether `text` says that something is where the thing told before is."""
    return bool(re.search(_rules()["same_place"], text))


def declines(kind: str, text: str) -> bool:
    """Tell whether `text` says that no photo or phone is to come ("没照片，电话也不留")."""
    return bool(re.search(_rules()["declines"][kind], re.sub(r"\s", "", text)))


def is_anonymous(text: str) -> bool:
    """Tell whether `text` asks that nobody hears who reports."""
    return bool(re.search(_rules()["anonymous"], re.sub(r"\s", "", text)))


def whose(spec: Mapping[str, Any]) -> str:
    """Return whose name, number or birthday a field asks for (see `standards.acceptors.names`)."""
    return names.whose_of(str(spec.get("label") or "")) or names.whose_of(
        str(spec.get("ask") or "")
    )


def asks_name(spec: Mapping[str, Any]) -> bool:
    """Tell whether a field asks for somebody's name."""
    kind = spec["kind"]
    return bool(kind == "name" or (kind == "text" and shape_of(spec)["shape"] == "name"))


@functools.lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    path = data_dir() / "dialogue" / "shapes.yml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))
