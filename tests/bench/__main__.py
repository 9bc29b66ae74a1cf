"""`make bench`: measure, print tables, end with one JSON line of all numbers, keep nothing.

    python -m tests.bench [--quick] [--only understanding growth …] [--names FILE.jsonl …]

Every contest is a function that prints its table and gives its part of the JSON line. One that
fails says so there, under `failed`, and ends the whole with exit code 1; the others go on.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp

from tests.bench import classifier, embedder, growth, turns, understanding
from tests.bench.rooms import Bench

CONTESTS: dict[str, Callable[[Bench], dict[str, Any]]] = {
    "turns": turns.compare,
    "embedder": embedder.compare,
    "classifier": classifier.measure,
    "metamorphic": understanding.other_forms,
    "growth": growth.compare,
    # Last: two stock models of 100 epochs take longer than all the rest.
    "understanding": understanding.compare,
}
# What may befall one contest without making the numbers of the others worthless.
TROUBLE = (RuntimeError, OSError, subprocess.SubprocessError, aiohttp.ClientError, TimeoutError)
# Contests whose numbers stand by themselves in the last line, as `make bench` promises them.
AT_THE_TOP = frozenset({"turns"})


@dataclass(frozen=True)
class _Machine:
    date: str
    cpus: int
    system: str


def main() -> int:
    """Run the contests."""
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run: few epochs and items")
    parser.add_argument("--only", nargs="*", choices=CONTESTS, default=list(CONTESTS))
    parser.add_argument(
        "--names", type=Path, nargs="*", default=[], help="JSON lines with real item names"
    )
    options = parser.parse_args()
    machine = _Machine(str(date.today()), os.cpu_count() or 1, platform.platform())
    results: dict[str, Any] = {"machine": vars(machine), "quick": options.quick}
    with tempfile.TemporaryDirectory(prefix="paoyici-bench-") as folder:
        bench = Bench(Path(folder), options.quick, [path.resolve() for path in options.names])
        for name in options.only:
            print(f"== {name}", flush=True)
            try:
                found = CONTESTS[name](bench)
            except TROUBLE as error:
                traceback.print_exc()
                results.setdefault("failed", {})[name] = str(error)
            else:
                results |= found if name in AT_THE_TOP else {name: found}
            # After each, so that a run that is cut off ends with what it has measured.
            print(json.dumps(results, ensure_ascii=False), flush=True)
    return 1 if "failed" in results else 0


if __name__ == "__main__":
    sys.exit(main())
