"""The same questions when the catalogue holds thousands of items instead of 312."""

from __future__ import annotations

from typing import Any

from tests.bench.rooms import Bench, table
from tests.bench.understanding import share


def compare(bench: Bench) -> dict[str, Any]:
    """Compare parse time and accuracy on the questions about the 312."""
    small, grown = bench.ours, bench.measured("grown/nlu")
    result: dict[str, Any] = {}
    rows: list[list[object]] = []
    for first in (1, 3):
        before = share(bench.questions, small, "item", first)
        after = share(bench.questions, grown, "item", first)
        lost = round(100 * (before - after), 2)
        rows.append([f"item@{first}", before, after, f"{lost} points lost"])
        result[f"item@{first}_points_lost"] = lost
    for name in (
        "p50_ms",
        "cpu_ms",
        "cached_p50_ms",
        "cached_cpu_ms",
        "train_s",
        "train_cpu_s",
        "train_mb",
        "parse_mb",
    ):
        ratio = round(grown[name] / small[name], 2)
        rows.append([name, small[name], grown[name], f"× {ratio}"])
        result[f"{name}_ratio"] = ratio
    table(["", "312 items", "grown", ""], rows)
    return result
