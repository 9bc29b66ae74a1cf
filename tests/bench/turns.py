"""A turn of ours against a turn of a stock Rasa project, in the same run on the same machine."""

from __future__ import annotations

import asyncio
import itertools
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.rooms import ROOT, Bench, run, table
from tests.bench.turns_cpu import Meter
from tests.bench.turns_houses import Side, ours, stock
from tests.bench.turns_load import Outcome, Script, Timed, talk_at_once
from tests.bench.turns_long import full_over_empty, late_over_early
from tests.bench.turns_texts import AGAIN, DONE, GREETINGS, Zipf, questions, report

TURNS_A_TALK = 10
FORM_TURNS = 5
TRIES = 3
EPOCHS = 10
KINDS = ("guide", "greet", "form")


@dataclass(frozen=True)
class Size:
    """How much is said in a round."""

    rounds: int
    clients: tuple[int, ...]
    seconds: float
    """Of one cell on the stock side, as far as can be told beforehand."""
    pairs: int
    """How often a late turn is compared with an early one."""
    conversations: int
    """How many fill the store."""
    stock_per_second: float = 8.0
    ours_per_second: float = 60.0


FULL = Size(rounds=3, clients=(1, 8, 32), seconds=12, pairs=20, conversations=100_000)
QUICK = Size(rounds=1, clients=(32,), seconds=4, pairs=4, conversations=1_000)


@dataclass
class Cell:
    """The rounds of one kind of turn at one number of clients on one side."""

    outcomes: list[Outcome] = field(default_factory=list)
    cpu: list[dict[str, float]] = field(default_factory=list)
    known: list[float] = field(default_factory=list)
    """Share of the texts that our dialogue service had understood before."""

    def median(self, what: str) -> float:
        """Return the median over the rounds."""
        values = {
            "per_second": lambda one: one.per_second,
            "p50": lambda one: one.milliseconds(50),
            "p99": lambda one: one.milliseconds(99),
        }
        return statistics.median(values[what](one) for one in self.outcomes)

    def cpu_per_turn(self) -> dict[str, float]:
        """Return CPU seconds a turn of every process, the median over the rounds."""
        return {
            part: statistics.median(
                used[part] / len(one.took)
                for used, one in zip(self.cpu, self.outcomes, strict=True)
            )
            for part in self.cpu[0]
        }


Cells = dict[tuple[str, str, int], Cell]


def compare(bench: Bench) -> dict[str, Any]:
    """Run alternating rounds; a round starts both sides anew, so that caches are cold."""
    size = QUICK if bench.quick else FULL
    project = _stock_project(bench)
    cells: Cells = {}
    for number in range(size.rounds):
        print(f"turns: round {number + 1} of {size.rounds}", flush=True)
        with ours(bench.folder / f"turns-ours-{number}") as (side, _):
            asyncio.run(_round(side, size, number, cells, size.ours_per_second))
        with stock(bench.folder / f"turns-stock-{number}", project) as side:
            asyncio.run(_round(side, size, number, cells, size.stock_per_second))
    return _report(cells, size) | _growth(bench, size)


def _growth(bench: Bench, size: Size) -> dict[str, Any]:
    """Measure how a turn's cost grows with its conversation and with the store."""
    print("turns: turn 500, and a full store", flush=True)
    with ours(bench.folder / "turns-growth") as (side, house):
        late = asyncio.run(late_over_early(side, size.pairs))
        port = house.environment["EMBEDDED_MONGO_PORT"]
        uri = f"mongodb://127.0.0.1:{port}/?directConnection=true&retryWrites=false"
        full = asyncio.run(full_over_empty(side, uri, size.conversations, clients=8, turns=400))
    table(
        ["", "ratio"],
        [
            ["turn 500 to turn 10, median wall time", late],
            [f"{full.conversations} conversations ({full.documents} documents) to an empty store,"
             " CPU a turn", full.ratio],
        ],
    )  # fmt: skip
    return {
        "turn500_over_turn10": late,
        "conversations_in_store": full.conversations,
        "full_store_over_empty": full.ratio,
    }


def _stock_project(bench: Bench) -> Path:
    """Write and train the stock project, until it knows its own examples.

    One that understands nothing asks the office nothing, and is fast.
    """
    folder = bench.folder / "turns-project"
    print(f"turns: training the stock project ({EPOCHS} epochs) …", flush=True)
    share = ["--every", "8"] if bench.quick else []
    arguments = ["-m", "bench.turns_project", str(folder), "--epochs", str(EPOCHS), *share]
    run(ROOT / "nlu", arguments)
    return folder


async def _round(side: Side, size: Size, number: int, cells: Cells, guess: float) -> None:
    """Measure every cell of one side once."""
    for kind, clients in itertools.product(KINDS, size.clients):
        turns = max(2 * TURNS_A_TALK * clients, int(size.seconds * guess))
        scripts = _scripts(kind, turns, seed=1000 * number + clients)
        cell = cells.setdefault((side.name, kind, clients), Cell())
        heard = side.parses() if side.dialogue else (0, 0)
        meter = Meter(side.pids)
        outcome = await talk_at_once(side.begin, scripts, clients)
        if side.dialogue and (outcome.silent or outcome.unfinished):
            raise RuntimeError(f"silent {outcome.silent}, forms lost {outcome.unfinished}")
        cell.cpu.append(meter.used())
        cell.outcomes.append(outcome)
        if side.dialogue:
            asked, known = (now - then for now, then in zip(side.parses(), heard, strict=True))
            cell.known.append(known / asked if asked else 0.0)


def _scripts(kind: str, turns: int, seed: int) -> Iterator[Script]:
    """Give conversations until there are enough turns of a kind."""
    texts = iter(Zipf(questions(), seed))
    greetings = itertools.cycle(GREETINGS)

    async def chat(talk: Timed) -> None:
        for _ in range(TURNS_A_TALK):
            await talk.say(next(texts) if kind == "guide" else next(greetings))

    def form(serial: int) -> Script:
        async def fill(talk: Timed) -> None:
            answer = ""
            for words in report(serial):
                answer = await talk.say(words)
            for _ in range(TRIES):
                if DONE in answer:
                    return
                # The office was slower than it may be; the bot says so and keeps what was told.
                answer = await talk.say(AGAIN)
            talk.outcome.unfinished += 1

        return fill

    if kind == "form":
        return (form(seed + serial) for serial in range(turns // FORM_TURNS))
    return (chat for _ in range(turns // TURNS_A_TALK))


def _report(cells: Cells, size: Size) -> dict[str, Any]:
    """Print the tables and give the ratios."""
    rows: list[list[object]] = []
    for (name, kind, clients), cell in sorted(cells.items(), key=lambda item: item[0][1:]):
        cpu = cell.cpu_per_turn()
        rows.append(
            [kind, clients, name, sum(len(one.took) for one in cell.outcomes),
             sum(one.silent for one in cell.outcomes),
             sum(one.unfinished for one in cell.outcomes),
             f"{cell.median('per_second'):.1f}", f"{cell.median('p50'):.0f}",
             f"{cell.median('p99'):.0f}",
             f"{statistics.median(cell.known):.2f}" if cell.known else "",
             sum(one.misheard for one in cell.outcomes) if kind == "guide" else "",
             f"{1000 * sum(cpu.values()):.1f}",
             ", ".join(f"{part} {1000 * used:.1f}" for part, used in cpu.items())]
        )  # fmt: skip
    table(["turn", "clients", "side", "turns", "silent", "forms lost", "turns/s", "p50 ms",
           "p99 ms", "known", "no guide", "CPU ms", "of which"], rows)  # fmt: skip
    most = max(size.clients)

    def ratio(kind: str, what: str) -> float:
        mine = cells["paoyici", kind, most].median(what)
        return round(mine / cells["stock Rasa", kind, most].median(what), 3)

    return {
        "guide_ratio": ratio("guide", "per_second"),
        "greet_ratio": ratio("greet", "per_second"),
        "form_ratio": ratio("form", "per_second"),
        "p99_ratio": ratio("guide", "p99"),
        "cpu_s_per_turn_ours": _cpu(cells["paoyici", "guide", most]),
        "cpu_s_per_turn_stock": _cpu(cells["stock Rasa", "guide", most]),
    }


def _cpu(cell: Cell) -> float:
    return round(sum(cell.cpu_per_turn().values()), 5)
