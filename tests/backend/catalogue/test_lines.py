"""The questions in data/lines/ name items and lines that the catalogue has."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parents[3] / "data"
LEAST_AN_ITEM = 8


def _items() -> dict[str, dict[str, Any]]:
    files = sorted((DATA / "catalogue").glob("*.yaml"))
    read = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)
    return {item["code"]: item for one in read for item in one["items"]}


def _rows() -> list[dict[str, Any]]:
    files = sorted((DATA / "lines").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def _is_there(item: dict[str, Any], line: str) -> bool:
    part, _, place = line.partition(".")
    found = {**item, **item["elements"]}.get(part)
    return int(place) < len(found or ()) if place else part in {**item, **item["elements"]}


def test_every_line_that_answers_a_question_is_there() -> None:
    items, rows = _items(), _rows()
    wrong = [
        (row["item"], line)
        for row in rows
        for line in (row["line"], *row["also"])
        if line is not None and not _is_there(items[row["item"]], line)
    ]
    assert rows
    assert wrong == []


def test_every_item_is_asked_about_and_no_question_stands_twice() -> None:
    rows = _rows()
    asked = Counter(row["item"] for row in rows)
    assert {code for code in _items() if asked[code] < LEAST_AN_ITEM} == set()
    assert len({row["text"] for row in rows}) == len(rows)
