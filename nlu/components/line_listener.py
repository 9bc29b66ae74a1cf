"""Pipeline step 9: 指南 learns which line of a guide answers a question.

The clerk asks what was learnt here directly (`reading/lines.py`), with the lines of the guide as
it stands today: as a step of the pipeline it only learns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.elements import ElementFinder
from components.embedding import Vectors
from components.line_ranker import Asked, LineRanker
from components.normalisation import Dictionaries, Normaliser
from components.project_files import catalogue_files, data_folder, dictionary_folder
from components.stored_state import LearningStep
from components.vector_store import training_vectors
from components.written_talks import talk_files, turns
from components.yaml_files import content_hash, read_yaml
from standards.guide_lines import GuideLine, lines_of, names_of, without

KEPT_OUT = 10
"""Every so many items, by code, are kept out of training: the test asks about them."""


@dataclass
class LineState:
    """What was learnt.

    Attributes:
        ranker: scores the lines of a guide for a question.
        vectors: sentence vector by `heard` of every line of the catalogue, in half precision.
    """

    ranker: LineRanker
    vectors: dict[str, Vectors]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LineListener(LearningStep):
    """Learns; what it has learnt is taken out of the model by `reading.models`."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make a changed guide or pair retrain the model."""
        return content_hash(
            [
                *catalogue_files(),
                *pair_files(data_folder()),
                *talk_files(data_folder()),
                elements_file(),
            ]
        )

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the pairs of all items that are not kept out."""
        guides = read_guides(data_folder())
        lines = {line.heard: None for guide in guides.values() for line in guide.lines}
        vectors = dict(zip(lines, training_vectors(list(lines)), strict=True))
        out = kept_out(guides)
        asked = [one for one in pairs(data_folder(), guides) if one.item not in out]
        normaliser = Normaliser(Dictionaries.read(dictionary_folder()))
        whole = [normaliser(one.text) for one in asked]
        elements = ElementFinder.trained(read_yaml(elements_file()), training_vectors)
        heard = [
            replace(
                one,
                text=without(one.text, guides[one.item].names),
                element=elements(text, vector, one.text),
            )
            for one, text, vector in zip(asked, whole, training_vectors(whole), strict=True)
        ]
        ranker = LineRanker()
        questions = training_vectors([normaliser(one.text) for one in heard])
        ranker.fit(heard, questions, vectors)
        half = {text: vector.astype(np.float16) for text, vector in vectors.items()}
        return self.keep(LineState(ranker, half))


@dataclass(frozen=True)
class Guide:
    """A guide's lines, and what its item is called."""

    names: tuple[str, ...]
    lines: tuple[GuideLine, ...]


def read_guides(data: Path) -> dict[str, Guide]:
    """Read the guide of every item of the catalogue, by code."""
    return {
        str(item["code"]): Guide(names_of(item), tuple(lines_of(item)))
        for path in sorted((data / "catalogue").glob("*.yaml"))
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["items"]
    }


def elements_file() -> Path:
    """Give the file of words and examples by which elements are heard."""
    return dictionary_folder() / "elements.yml"


def kept_out(guides: Mapping[str, Guide]) -> frozenset[str]:
    """Return the items that nothing is learnt of."""
    return frozenset(sorted(guides)[::KEPT_OUT])


def pairs(data: Path, guides: Mapping[str, Guide]) -> Iterator[Asked]:
    """Read the questions and the lines that answer them; what a guide leaves empty answers none.

    They have all their words, of which the ear hears the element; the ranker is told them without
    what the item is called.
    """
    for code, text, wanted in (*written_pairs(data), *_told_in_talks(data)):
        guide = guides[code]
        places = {line.key: place for place, line in enumerate(guide.lines)}
        answers = tuple(places[key] for key in wanted if key in places)
        yield Asked(text, code, guide.lines, answers)


def written_pairs(data: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the item's code, the question and the keys of the lines that answer it."""
    for path in pair_files(data):
        for written in path.read_text(encoding="utf-8").splitlines():
            pair = json.loads(written)
            wanted = [pair["line"], *(pair.get("also") or ())] if pair["line"] else []
            yield pair["item"], pair["text"], wanted


def _told_in_talks(data: Path) -> Iterator[tuple[str, str, list[str]]]:
    for turn in turns(data):
        if turn.get("item") and turn.get("line"):
            yield turn["item"], turn["say"], [turn["line"]]


def pair_files(data: Path) -> list[Path]:
    """List the files of questions with the lines that answer them."""
    return sorted((data / "lines").glob("*.jsonl"))
