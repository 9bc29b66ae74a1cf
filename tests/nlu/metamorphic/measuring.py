"""How much is lost when the same question is written in another way."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parents[1] / "nlu")]

from metamorphic.transformations import FAMILIES, transformed  # noqa: E402
from scoring import read_questions, understood  # noqa: E402
from understand import DEFAULT_MODEL, Ear  # noqa: E402

Question = dict[str, Any]
Outcome = dict[str, bool]
"""Whether the intent, and the item where one is meant, were right."""


@dataclass(frozen=True)
class Loss:
    """Points lost by a family, and the texts that were understood before and no more."""

    points: dict[str, float]
    broken: dict[str, list[str]]


async def outcomes(ear: Ear, questions: list[Question], texts: list[str]) -> list[Outcome]:
    """Judge one writing of each question."""
    answers = [await ear.parse(text) for text in texts]
    return [_judged(question, answer) for question, answer in zip(questions, answers, strict=True)]


def _judged(question: Question, answer: dict[str, Any]) -> Outcome:
    verdicts = understood(question, answer)
    return {part: verdicts[part] for part in ("intent", "item@1") if part in verdicts}


async def loss(ear: Ear, family: str, questions: list[Question], plain: list[Outcome]) -> Loss:
    """Measure one family against the outcomes of the plain questions."""
    texts = [transformed(family, question["text"]) for question in questions]
    changed = await outcomes(ear, questions, texts)
    points, broken = {}, {}
    for part in ("intent", "item@1"):
        pairs = [
            (before[part], after[part], f"{question['text']} → {text}")
            for question, text, before, after in zip(questions, texts, plain, changed, strict=True)
            if part in before
        ]
        gone = sum(before for before, _, _ in pairs) - sum(after for _, after, _ in pairs)
        points[part] = round(100 * gone / len(pairs), 2)
        broken[part] = [shown for before, after, shown in pairs if before and not after]
    return Loss(points, broken)


async def _report(ear: Ear, split: str, verbose: bool) -> dict[str, dict[str, float]]:
    questions = read_questions(split)
    plain = await outcomes(ear, questions, [question["text"] for question in questions])
    found = {}
    for family in FAMILIES:
        lost = await loss(ear, family, questions, plain)
        found[family] = lost.points
        for part, lines in lost.broken.items() if verbose else ():
            print(*(f"{family} {part}: {line}" for line in lines), sep="\n", file=sys.stderr)
    return found


def main() -> int:
    """Print the loss of every family as one JSON line; the broken texts go to stderr."""
    parser = argparse.ArgumentParser(description="Measure the loss of each family in points.")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    parser.add_argument(
        "--split", choices=["dev", "test", "strangers_dev", "strangers_test"], default="test"
    )
    parser.add_argument("--verbose", action="store_true", help="show the texts that break")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    ear = Ear.load(options.model)
    print(json.dumps(asyncio.run(_report(ear, options.split, options.verbose))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
