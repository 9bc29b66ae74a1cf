"""The ear's own text: what it learns from contradicts itself nowhere."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest
import yaml
from components.normalisation import Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder
from scoring import read_questions, right_items

TUNED = ("dev", "strangers_dev")
HELD_BACK = ("test", "strangers_test")
COMMON = 7
"""Characters of what everybody says in the same words: 今天天气怎么样."""

normalise = Normaliser(Dictionaries.read(dictionary_folder()))


def written_examples() -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for path in sorted((data_folder() / "training" / "intents").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = block["examples"].splitlines()
            pairs += [(line.removeprefix("- ").strip(), block["intent"]) for line in lines]
    return pairs


def codes(name: str, column: str) -> set[str]:
    with (data_folder() / name).open(encoding="utf-8") as file:
        return {row[column] for row in csv.DictReader(file)}


def test_no_phrase_stands_under_two_intents() -> None:
    intents = defaultdict(set)
    for text, intent in written_examples():
        intents[normalise(text)].add(intent)
    assert {text: found for text, found in intents.items() if len(found) > 1} == {}


def test_every_intent_of_the_contract_has_at_least_fifty_examples() -> None:
    counted: dict[str, int] = defaultdict(int)
    for _, intent in written_examples():
        counted[intent] += 1
    assert set(counted) == codes("intents.csv", "intent")
    assert min(counted.values()) >= 50


def test_every_report_category_has_twenty_phrases_and_no_phrase_two_categories() -> None:
    written = yaml.safe_load((dictionary_folder() / "report_phrases.yml").read_text("utf-8"))
    assert set(written) == codes("report_categories.csv", "code")
    assert min(len(phrases) for phrases in written.values()) >= 20
    every = [phrase for phrases in written.values() for phrase in phrases]
    assert len(every) == len(set(every))


def test_no_question_that_is_reported_was_tuned_on() -> None:
    tuned = {question["text"] for split in TUNED for question in read_questions(split)}
    reported = {question["text"] for split in HELD_BACK for question in read_questions(split)}
    assert len(tuned & reported) == 0


@pytest.mark.parametrize("split", TUNED + HELD_BACK)
def test_a_split_is_large_and_uses_known_labels(split: str) -> None:
    questions = read_questions(split)
    assert len(questions) >= 300
    items, categories = codes("items.csv", "code"), codes("report_categories.csv", "code")
    for question in questions:
        assert question["intent"] in codes("intents.csv", "intent")
        assert right_items(question) <= items
        assert question.get("category", "C901") in categories


@pytest.mark.parametrize("split", HELD_BACK)
def test_no_long_question_that_is_reported_was_trained_on(split: str) -> None:
    trained = {normalise(text) for text, _ in written_examples()}
    asked = {normalise(question["text"]) for question in read_questions(split)}
    # Only counted: who tunes the ear must not see the questions it will be judged by.
    learned = sum(1 for text in asked & trained if len(text) > COMMON)
    assert learned == 0
