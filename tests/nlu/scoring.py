"""Score parses against labelled questions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

QUESTIONS = Path(__file__).resolve().parent / "questions"
OUTSIDE = "none"
Pair = tuple[dict[str, Any], dict[str, Any]]


def read_questions(split: str) -> list[dict[str, Any]]:
    """Read the dev or the test split."""
    text = (QUESTIONS / f"{split}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def scores(pairs: Iterable[Pair]) -> dict[str, float]:
    """Give the share of right answers for each part of a parse."""
    asked = list(pairs)
    linked = [(q, a) for q, a in asked if q.get("item") not in (None, OUTSIDE)]
    outside = [(q, a) for q, a in asked if q.get("item") == OUTSIDE]
    sure = [(q, a) for q, a in linked if a["item_outcome"] == "confident"]
    reported = [(q, a) for q, a in asked if "category" in q]
    return {
        "intent": _share(q["intent"] == a["intent_ranking"][0]["name"] for q, a in asked),
        "item@1": _share(q["item"] in _codes(a["items"], 1) for q, a in linked),
        "item@3": _share(q["item"] in _codes(a["items"], 3) for q, a in linked),
        "element": _share(q["element"] == a["element"] for q, a in asked if "element" in q),
        "category@1": _share(q["category"] in _codes(a["category"], 1) for q, a in reported),
        "category@3": _share(q["category"] in _codes(a["category"], 3) for q, a in reported),
        "outside confident": _share(a["item_outcome"] == "confident" for _, a in outside),
        "outside not none": _share(a["item_outcome"] != "none" for _, a in outside),
        "inside none": _share(a["item_outcome"] == "none" for _, a in linked),
        "inside confident": _share(a["item_outcome"] == "confident" for _, a in linked),
        "confident wrong": _share(q["item"] != a["items"][0]["code"] for q, a in sure),
    }


def _codes(entries: list[dict[str, Any]], count: int) -> list[str]:
    return [entry["code"] for entry in entries[:count]]


def _share(outcomes: Iterable[bool]) -> float:
    counted = list(outcomes)
    return round(sum(counted) / len(counted), 4) if counted else 0.0
