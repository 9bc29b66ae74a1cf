"""The ear against a stock Rasa pipeline trained on the same text in the same run."""

from __future__ import annotations

from typing import Any

from tests.bench.rooms import ROOT, Bench, last_json, run, table

OUTSIDE = (None, "none")
COSTS = (
    "train_s",
    "train_cpu_s",
    "train_mb",
    "parse_mb",
    "p50_ms",
    "p99_ms",
    "cpu_ms",
    "cached_p50_ms",
    "cached_p99_ms",
    "cached_cpu_ms",
)


def compare(bench: Bench) -> dict[str, Any]:
    """Compare accuracy and cost; stock needs one classifier for intents and one for items."""
    ours = bench.ours
    intents, items = bench.measured_together("stock_intents", "stock_items")
    mine = {
        "intent": share(bench.questions, ours, "intent", 1),
        "item@1": share(bench.questions, ours, "item", 1),
        "item@3": share(bench.questions, ours, "item", 3),
    }
    stock = {
        "intent": share(bench.questions, intents, "intent", 1),
        "item@1": share(bench.questions, items, "item", 1),
        "item@3": share(bench.questions, items, "item", 3),
    }
    rows: list[list[object]] = [
        [name, mine[name], stock[name], f"{100 * (mine[name] - stock[name]):+.1f} points"]
        for name in mine
    ]
    for name in COSTS:
        mine[name] = ours[name]
        # Both stock models are needed to know what ours tells: times add up, so does memory held.
        stock[name] = round(intents[name] + items[name], 1)
        if name == "train_mb":
            stock[name] = max(intents[name], items[name])
        rows.append([name, mine[name], stock[name], f"× {stock[name] / max(mine[name], 0.1):.1f}"])
    table(["", "paoyici", "stock Rasa", "stock to ours"], rows)
    return {"paoyici": mine, "stock": stock, "stock_intents_train_s": intents["train_s"]}


def share(
    questions: list[dict[str, Any]], measured: dict[str, Any], part: str, first: int
) -> float:
    """Give the share of questions whose intent or item is among the first answers.

    A stock item model names its label where ours lists items.
    """
    right = [
        question[part] in (_named(answer, part)[:first])
        for question, answer in zip(questions, measured["answers"], strict=True)
        if question.get(part) not in OUTSIDE
    ]
    return round(sum(right) / len(right), 4)


def _named(answer: dict[str, Any], part: str) -> list[str]:
    listed: list[str] = answer["items"] if part == "item" and answer["items"] else answer["labels"]
    return listed


def other_forms(bench: Bench) -> dict[str, Any]:
    """Measure what each other form of the same questions costs, in points."""
    bench.ours  # noqa: B018 - trains the model that is asked
    project = bench.projects / "ours" / "nlu"
    script = ROOT / "tests" / "nlu" / "metamorphic" / "measuring.py"
    split = "dev" if bench.quick else "test"
    asked = [str(script), "--model", str(project / "model.tar.gz"), "--split", split]
    lost: dict[str, dict[str, float]] = last_json(run(ROOT / "nlu", asked))
    table(
        ["form", "intent, points lost", "item, points lost"],
        [[family, points["intent"], points["item@1"]] for family, points in lost.items()],
    )
    return lost
