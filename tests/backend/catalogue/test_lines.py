"""The questions in data/lines/ name items and lines that the catalogue has."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from backend.catalogue.files import digest_of, read_catalogue
from standards.guide_lines import lines_of

DATA = Path(__file__).resolve().parents[3] / "data"
LEAST_AN_ITEM = 8


def _items() -> dict[str, dict[str, Any]]:
    """Return the items as the office gives them, whose place may be their department's."""
    return {item["code"]: item for item in read_catalogue(DATA, digest_of(DATA))}


def _rows() -> list[dict[str, Any]]:
    files = sorted((DATA / "lines").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def test_every_line_that_answers_a_question_is_there() -> None:
    rows = _rows()
    there = {code: {line.key for line in lines_of(item)} for code, item in _items().items()}
    wrong = [
        (row["item"], line)
        for row in rows
        for line in (row["line"], *row["also"])
        if line is not None and line not in there[row["item"]]
    ]
    assert rows
    assert wrong == []


def test_every_item_is_asked_about_and_no_question_stands_twice() -> None:
    rows = _rows()
    asked = Counter(row["item"] for row in rows)
    assert {code for code in _items() if asked[code] < LEAST_AN_ITEM} == set()
    assert len({row["text"] for row in rows}) == len(rows)
