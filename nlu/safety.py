"""Measure the safety reader: recall and false alarms a kind, on questions it has not learnt from.

    cd nlu && .venv/bin/python -m safety [--model PATH] [--show]

Dangers and their harmless twins are in `tests/nlu/questions/safety_*.jsonl`. On the other test
splits what two people called a danger, who knew nothing of this reader, is one (`danger`); other
alarms count as false, but for reports whose category cannot wait.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from components.catalogue import read_rows
from components.project_files import data_folder

QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "nlu" / "questions"
OTHER_SPLITS = ("test", "strangers_test", "elements_test")
DEFAULT_MODEL = Path(__file__).resolve().parent / "models" / "current.tar.gz"


@dataclass
class Tally:
    """What became of the questions of a kind."""

    dangers: int = 0
    heard: int = 0
    right_kind: int = 0
    twins: int = 0
    alarms: int = 0
    missed: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)


def questions(name: str) -> Iterator[dict[str, Any]]:
    """Yield the questions of a file."""
    with (QUESTIONS / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def kinds() -> list[str]:
    """Return the kinds of danger that have questions."""
    return sorted(path.stem.removeprefix("safety_") for path in QUESTIONS.glob("safety_*.jsonl"))


def cannot_wait() -> frozenset[str]:
    """Return the report categories that are urgent whatever is heard in a text."""
    rows = read_rows(data_folder() / "report_categories.csv")
    return frozenset(row["code"] for row in rows if row["priority"] == "urgent")


def measured(model: Path) -> dict[str, Tally]:
    """Return the tally of each kind, and of the other splits under `others`."""
    from dialogue.agent import project_reader
    from dialogue.state import DialogueState
    from understand import Ear

    ear = Ear.load(model)
    reader = project_reader(data_folder(), ThreadPoolExecutor(1), model)

    async def parse(text: str) -> dict[str, Any]:
        # In a thread, as in the service: the pipeline computes, and may wait for other threads.
        return await asyncio.to_thread(asyncio.run, ear.parse(text))

    async def heard(text: str) -> str | None:
        danger = await reader.hears({"kind": "text", "text": text}, DialogueState(), parse)
        return danger.kind if danger else None

    return asyncio.run(_tallies(heard))


async def _tallies(heard: Callable[[str], Awaitable[str | None]]) -> dict[str, Tally]:
    tallies = {kind: Tally() for kind in (*kinds(), "others")}
    for kind in kinds():
        for asked in questions(f"safety_{kind}"):
            _count(tallies[kind], asked["text"], asked["danger"], await heard(asked["text"]))
    urgent = cannot_wait()
    for split in OTHER_SPLITS:
        for asked in questions(split):
            danger = asked.get("danger")
            if danger or asked.get("category") not in urgent:
                _count(tallies["others"], asked["text"], danger, await heard(asked["text"]))
    return tallies


def _count(tally: Tally, text: str, wanted: str | None, heard: str | None) -> None:
    if wanted is None:
        tally.twins += 1
        tally.alarms += heard is not None
        tally.raised += [f"{text} ({heard})"] if heard else []
        return
    tally.dangers += 1
    tally.heard += heard is not None
    tally.right_kind += heard == wanted
    tally.missed += [] if heard else [text]


def table(tallies: dict[str, Tally]) -> str:
    """Return the tallies as a table."""
    lines = ["kind          recall   kind right   false alarms"]
    for kind, one in tallies.items():
        recall = f"{one.heard / one.dangers:.3f}" if one.dangers else "-"
        right = f"{one.right_kind / one.dangers:.3f}" if one.dangers else "-"
        lines.append(
            f"{kind:12} {recall:>7} {right:>12} {one.alarms / one.twins:>10.3f} "
            f"({one.alarms}/{one.twins})"
        )
    total = Counter[str]()
    for one in tallies.values():
        total += Counter(dangers=one.dangers, heard=one.heard)
    lines.append(f"{'all':12} {total['heard'] / total['dangers']:>7.3f}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="safety", description="Measure the safety reader.")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    parser.add_argument("--show", action="store_true", help="print what was missed and raised")
    options = parser.parse_args(arguments)
    from dialogue.lean_start import leave_out_tensorflow
    from dialogue.logs import be_quiet

    leave_out_tensorflow()
    be_quiet("WARNING")
    tallies = measured(options.model)
    if options.show:
        for kind, one in tallies.items():
            for name, texts in (("missed", one.missed), ("raised", one.raised)):
                print(*(f"{kind} {name}: {text}" for text in texts), sep="\n")
    print(table(tallies))
    return 0


if __name__ == "__main__":
    sys.exit(main())
