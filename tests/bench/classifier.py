"""`make benchmark-nlu` beside a plain SVM on the stand-ins for public sets."""

from __future__ import annotations

from statistics import mean
from typing import Any

from tests.bench.rooms import ROOT, Bench, last_json, run, table

SEEDS = (1, 2, 3)
SETS = ("questions", "stories")
_JUDGED = ("accuracy", "macro_f1")


def measure(bench: Bench) -> dict[str, Any]:
    """Train and measure both on each draw of each stand-in, then their means."""
    rows, found = [], {}
    draws = {name: [_contest(bench, name, seed) for seed in _seeds(bench)] for name in SETS}
    heads = ["", "seed", *(f"{key} {who}" for key in _JUDGED for who in ("plain", "ours"))]
    costs = ["train_s", "p50_ms", "p99_ms", "n_train", "n_test"]
    for name, contests in draws.items():
        for seed, (plain, ours) in zip(_seeds(bench), contests, strict=True):
            scores = [side[key] for key in _JUDGED for side in (plain, ours)]
            rows.append([name, seed, *scores, *(ours[key] for key in costs)])
        means = [
            round(mean(pair[side][key] for pair in contests), 4)
            for key in _JUDGED
            for side in (0, 1)
        ]
        rows.append([name, "mean", *means, *("" for _ in costs)])
        found[name] = dict(zip(heads[2:], means, strict=True))
    table([*heads, *costs], rows)
    return found


def _seeds(bench: Bench) -> tuple[int, ...]:
    return SEEDS[:1] if bench.quick else SEEDS


def _contest(bench: Bench, name: str, seed: int) -> tuple[dict[str, float], dict[str, float]]:
    """Give what the plain SVM and ours measured on one draw."""
    folder = bench.folder / f"standins{seed}"
    if not folder.exists():
        folder.mkdir()
        run(ROOT / "nlu", ["-m", "bench.standins", str(folder), str(seed)])
    files = [str(folder / f"{name}.{part}.jsonl") for part in ("train", "test")]
    plain = last_json(run(ROOT / "nlu", ["-m", "bench.plain_svm", *files]))
    return plain, last_json(run(ROOT / "nlu", ["-m", "benchmark", *files]))
