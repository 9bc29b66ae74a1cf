"""Error rates of the three outcomes: answer, ask back with buttons, not in the catalogue.

    cd nlu && .venv/bin/python ../tests/nlu/outcomes.py [--model PATH] [--split dev …]

Prints a table and one JSON line. Questions that are so short that several items fit are left out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import warnings
from pathlib import Path
from typing import Any

import structlog

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "nlu"), str(Path(__file__).parent)]

from heard import Heard  # noqa: E402
from scoring import is_outside, right_items  # noqa: E402
from understand import DEFAULT_MODEL, Ear  # noqa: E402

OUTCOMES = ("confident", "ambiguous", "none")
BUTTONS = 3
Answered = list[tuple[dict[str, Any], dict[str, Any]]]
Rates = dict[str, dict[str, float]]


async def answered(heard: Heard, split: str) -> Answered:
    """Give what was heard in one split's questions about items, in the catalogue and outside."""
    return [
        (question, parse)
        for question, parse in await heard(split)
        if (right_items(question) or is_outside(question)) and not question.get("ambiguous")
    ]


def rates(pairs: Answered) -> Rates:
    """Give for each outcome how many questions had it and what share of these it failed.

    A confident answer fails with another item or a question from outside; buttons fail where the
    right item is not on them, or none is; none fails where the item was there all the time.
    """
    found = {}
    for outcome in OUTCOMES:
        had = [
            (question, answer) for question, answer in pairs if answer["item_outcome"] == outcome
        ]
        failed = sum(_fails(question, answer) for question, answer in had)
        found[outcome] = {
            "questions": len(had),
            "failed": failed,
            "error": round(failed / len(had), 4) if had else 0.0,
            "from_outside": sum(is_outside(question) for question, _ in had),
        }
    return found


def _fails(question: dict[str, Any], answer: dict[str, Any]) -> bool:
    outcome, right = answer["item_outcome"], right_items(question)
    if outcome == "none":
        return bool(right)
    shown = 1 if outcome == "confident" else BUTTONS
    return not right & {entry["code"] for entry in answer["items"][:shown]}


def as_table(split: str, found: Rates) -> str:
    """Write the rates of one split as lines."""
    lines = [f"{split:14} questions  failed  error   from outside"]
    for outcome, row in found.items():
        lines.append(
            f"{outcome:14} {row['questions']:9}  {row['failed']:6}  {row['error']:.3f}   "
            f"{row['from_outside']:12}"
        )
    return "\n".join(lines)


async def _report(model: Path, splits: list[str]) -> dict[str, Rates]:
    heard = Heard(Ear.load(model))
    found = {split: rates(await answered(heard, split)) for split in splits}
    for split, table in found.items():
        print(as_table(split, table), end="\n\n")
    return found


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Error rates of the three outcomes.")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    parser.add_argument("--split", nargs="*", default=["dev", "strangers_dev"])
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    print(json.dumps(asyncio.run(_report(options.model, options.split))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
