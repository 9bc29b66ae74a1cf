"""Learn from written conversations how much each sign of a reading weighs.

    cd nlu && .venv/bin/python -m learn_readings [--model PATH]

Reads data/training/conversations/weighing_*.jsonl, which the model has not learnt from, holds
every fifth conversation out in turn to say how good the readings are, and writes
data/dialogue/readings.yml.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from components.catalogue import Item, read_catalogue
from components.elements import ELEMENTS
from components.embedding import shared_embedder
from components.line_listener import read_guides
from components.normalisation import Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder
from components.written_talks import weighing_talks
from components.yaml_files import read_yaml
from numpy.typing import NDArray
from reading.lines import LineReader
from reading.models import load_lines
from reading.near import Near
from reading.readings import FORMS, NONE, Candidate, Context, Heard, form_signs, papers_of, signs
from scipy.optimize import minimize
from understand import DEFAULT_MODEL, Ear

Floats = NDArray[np.float64]
RIDGE = 1.0
PARTS = 5
PLAIN = "plain"
PLAIN_QUESTIONS = 2
"""Plain questions that are made up for an item, beside what people wrote."""
GOES_ON = ("new_topic", "goes_on", "back", "corrects", "picks")
_EXACT = 3


@dataclass
class Lesson:
    """One message: the signs of its readings by name, and the one that is right.

    Attributes:
        part: which of the parts that are held out in turn; `PLAIN` is never held out.
        right: the right reading; None where nothing is to be learnt.
    """

    part: str
    readings: dict[str, dict[str, float]]
    right: str | None


@dataclass
class Lessons:
    """What conversations teach: which item is meant, and which form of answer fits."""

    about: list[Lesson] = field(default_factory=list)
    forms: list[Lesson] = field(default_factory=list)


class Teacher:
    """Turns written conversations into lessons, with what the trained ear makes of them."""

    def __init__(self, ear: Ear, model: Path) -> None:
        """Take a loaded ear, and the model it was loaded from."""
        self._ear = ear
        normalise = Normaliser(Dictionaries.read(dictionary_folder()))
        thread = ThreadPoolExecutor(1)
        self._lines = LineReader(load_lines(model), shared_embedder(), normalise, thread)
        self._items = {item.code: item for item in read_catalogue(data_folder())}
        self._guides = read_guides(data_folder())

    async def lessons(self, written: Sequence[Mapping[str, Any]]) -> Lessons:
        """Return what conversations teach, and plain questions for an element of an item."""
        found = Lessons()
        for turn in self._plain_questions():
            await self._learn(PLAIN, turn, (), found)
        for talk in written:
            spoken: list[str] = []
            part = str(zlib.crc32(talk["id"].encode()) % PARTS)
            for turn in talk["turns"]:
                await self._learn(part, turn, spoken, found)
                if turn.get("item"):
                    spoken.append(str(turn["item"]))
        return found

    def _plain_questions(self) -> list[dict[str, Any]]:
        """Return questions for a whole element of an item that is called by its name."""
        asked = read_yaml(dictionary_folder() / "elements.yml")["examples"]
        examples = [(text, element) for element in ELEMENTS for text in asked[element]]
        chance = random.Random(7)  # noqa: S311  the same questions every time
        return [
            {"say": item.name + text, "reading": "new_topic", "item": code, "element": element}
            for code, item in self._items.items()
            for text, element in chance.sample(examples, PLAIN_QUESTIONS)
            if any(line.kind == element for line in self._guides[code].lines)
        ]

    async def _learn(
        self, part: str, turn: Mapping[str, Any], spoken: Sequence[str], found: Lessons
    ) -> None:
        parsed = await self._ear.parse(turn["say"])
        heard = Heard.of(
            turn["say"],
            parsed.get("items") or (),
            str(parsed.get("item_outcome")),
            parsed.get("element"),
        )
        offered = tuple(turn.get("offered") or ())
        topic = spoken[-1] if spoken else None
        papers = papers_of(self._guides[topic].lines) if topic in self._guides else ()
        context = Context(topic, tuple(dict.fromkeys(spoken)), offered, papers)
        known = [*spoken[-_EXACT:], *offered, *heard.scores]
        codes = dict.fromkeys(code for code in known if code in self._guides)
        near = {code: await self._near(heard, code) for code in codes}
        candidates = [Candidate(code, _names(self._items[code]), near[code]) for code in codes]
        right = turn.get("item") if turn["reading"] in GOES_ON else None
        if right in near or turn["reading"] == "elsewhere":
            seen = signs(heard, candidates, context)
            found.about.append(Lesson(part, seen, str(right) if right else NONE))
        if right:
            fits = near.get(right) or await self._near(heard, right)
            named = _names(self._items[right])
            fitting = form_signs(heard, named, fits, topic=right == topic)
            found.forms.append(Lesson(part, _by_form(fitting), _form(turn)))

    async def _near(self, heard: Heard, code: str) -> Near:
        guide = self._guides[code]
        return await self._lines.near_lines(heard.text, guide.names, guide.lines, heard.element)


def _names(item: Item) -> tuple[str, ...]:
    return (item.name, *item.aliases)


def _form(turn: Mapping[str, Any]) -> str:
    """Return the form of answer that is right for a message about an item."""
    if turn.get("line"):
        return "line"
    if turn.get("element"):
        return "element"
    return "silent" if turn["reading"] == "goes_on" else "overview"


def _by_form(seen: Mapping[str, float]) -> dict[str, dict[str, float]]:
    return {form: {f"{form}.{sign}": value for sign, value in seen.items()} for form in FORMS}


def fit(lessons: Sequence[Lesson]) -> dict[str, float]:
    """Return the weight of every sign: softmax over the readings of a message, held back."""
    names = sorted({sign for one in lessons for told in one.readings.values() for sign in told})
    place = {name: at for at, name in enumerate(names)}
    rows, right, owner = [], [], []
    for number, one in enumerate(lessons):
        for reading, told in one.readings.items():
            row = np.zeros(len(names))
            for sign, value in told.items():
                row[place[sign]] = value
            rows.append(row)
            right.append(float(reading == one.right))
            owner.append(number)
    table, hits, whose = np.array(rows), np.array(right), np.array(owner)
    starts = np.searchsorted(whose, np.arange(len(lessons)))

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = table @ weights
        grown = np.exp(scores - np.maximum.reduceat(scores, starts)[whose])
        chances = grown / np.add.reduceat(grown, starts)[whose]
        value = -np.log(chances[hits > 0] + 1e-12).sum() + RIDGE * (weights**2).sum() / 2
        return value, table.T @ (chances - hits) + RIDGE * weights

    weights = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return dict(zip(names, map(float, weights), strict=True))


def guess(weights: Mapping[str, float], one: Lesson) -> str:
    """Return the reading that fits best."""
    return max(one.readings, key=lambda name: sum(
        weights.get(sign, 0.0) * value for sign, value in one.readings[name].items()
    ))  # fmt: skip


def held_out(lessons: Sequence[Lesson]) -> float:
    """Return the share of messages read rightly, each part's by what the others taught."""
    right, told = 0, [one for one in lessons if one.part != PLAIN]
    for part in {one.part for one in lessons} - {PLAIN}:
        weights = fit([one for one in lessons if one.part != part])
        right += sum(guess(weights, one) == one.right for one in lessons if one.part == part)
    return right / len(told)


def main() -> int:
    """Learn, say how good it is, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    chosen = parser.parse_args()
    lessons = asyncio.run(
        Teacher(Ear.load(chosen.model), chosen.model).lessons([*weighing_talks(data_folder())])
    )
    about, forms = fit(lessons.about), fit(lessons.forms)
    print(f"items: {len(lessons.about)} messages, right {held_out(lessons.about):.3f}")
    print(f"forms: {len(lessons.forms)} messages, right {held_out(lessons.forms):.3f}")
    by_form = {
        form: {sign.split(".", 1)[1]: round(weight, 3) for sign, weight in forms.items()
               if sign.startswith(f"{form}.")}
        for form in FORMS
    }  # fmt: skip
    written = {"about": {sign: round(weight, 3) for sign, weight in about.items()},
               "forms": by_form}  # fmt: skip
    head = "# Weights of the signs of readings, learnt by `make readings` from conversations.\n"
    path = data_folder() / "dialogue" / "readings.yml"
    path.write_text(head + yaml.safe_dump(written, sort_keys=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
