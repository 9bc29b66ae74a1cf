"""`make benchmark-nlu` on the stand-ins for public sets."""

from __future__ import annotations

from typing import Any

from tests.bench.rooms import ROOT, Bench, last_json, run, table


def measure(bench: Bench) -> dict[str, Any]:
    """Train and measure the classifier on each stand-in."""
    run(ROOT / "nlu", ["-m", "bench.standins", str(bench.folder)])
    found = {}
    for name in ("stories",) if bench.quick else ("questions", "stories"):
        files = [str(bench.folder / f"{name}.{part}.jsonl") for part in ("train", "test")]
        found[name] = last_json(run(ROOT / "nlu", ["-m", "benchmark", *files]))
    heads = list(next(iter(found.values())))
    table(["", *heads], [[name, *row.values()] for name, row in found.items()])
    return found
