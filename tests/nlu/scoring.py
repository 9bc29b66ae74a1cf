"""Score parses against labelled questions.

A question may carry `item` (a code, `none` or null) or `items` (any of them is right), `outside`
(asked like a service, in no catalogue), `ambiguous` (so short that several items fit), `element`
(null: none is asked) with `element_also` (what a careful reader might hear as well), `category`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

QUESTIONS = Path(__file__).resolve().parent / "questions"
OUTSIDE = "none"
Question = dict[str, Any]
Pair = tuple[Question, dict[str, Any]]


def read_questions(split: str) -> list[Question]:
    """Read one split: dev, test, strangers_dev or strangers_test."""
    text = (QUESTIONS / f"{split}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def right_items(question: Question) -> set[str]:
    """Give the items that answer a question; none where it is about no item."""
    named = question.get("items") or [question.get("item")]
    return {code for code in named if code not in (None, OUTSIDE)}


def is_outside(question: Question) -> bool:
    """Say whether a question asks for a service that is not in the catalogue."""
    return bool(question.get("outside")) or question.get("item") == OUTSIDE


def right_elements(question: Question) -> set[str | None]:
    """Give the elements that may be heard in a question; None is: no element."""
    return {question["element"], *question.get("element_also", ())}


def understood(question: Question, answer: dict[str, Any]) -> dict[str, bool]:
    """Judge one parse → whether each part that the question tells was right."""
    outcome = answer["item_outcome"]
    verdicts = {"intent": question["intent"] == answer["intent_ranking"][0]["name"]}
    if "element" in question:
        verdicts["element"] = answer.get("element") in right_elements(question)
    if "category" in question:
        verdicts |= _first_and_third("category", {question["category"]}, answer["category"])
    if is_outside(question):
        verdicts["outside confident"] = outcome == "confident"
        verdicts["outside not none"] = outcome != "none"
    if question.get("ambiguous"):
        verdicts["ambiguous confident"] = outcome == "confident"
    if right := right_items(question):
        verdicts |= _first_and_third("item", right, answer["items"])
        verdicts["inside none"] = outcome == "none"
        if not question.get("ambiguous"):
            verdicts["inside confident"] = outcome == "confident"
        if outcome == "confident":
            verdicts["confident wrong"] = not verdicts["item@1"]
    return verdicts


def scores(pairs: Iterable[Pair]) -> dict[str, float]:
    """Give the share of each verdict among the questions it was passed on."""
    judged = [understood(question, answer) for question, answer in pairs]
    parts = dict.fromkeys(part for verdicts in judged for part in verdicts)
    return {part: _share(v[part] for v in judged if part in v) for part in parts}


def _first_and_third(part: str, right: set[str], ranked: list[dict[str, Any]]) -> dict[str, bool]:
    codes = [entry["code"] for entry in ranked]
    return {f"{part}@{count}": bool(right & set(codes[:count])) for count in (1, 3)}


def _share(outcomes: Iterable[bool]) -> float:
    counted = list(outcomes)
    return round(sum(counted) / len(counted), 4) if counted else 0.0
