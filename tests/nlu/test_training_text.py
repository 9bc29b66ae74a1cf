"""The ear's own text: what it learns from contradicts itself nowhere."""

from __future__ import annotations

import csv
from collections import defaultdict

import yaml
from components.normalisation import Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder
from scoring import read_questions

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


def test_every_report_category_has_ten_phrases_and_no_phrase_two_categories() -> None:
    written = yaml.safe_load((dictionary_folder() / "report_phrases.yml").read_text("utf-8"))
    assert set(written) == codes("report_categories.csv", "code")
    assert min(len(phrases) for phrases in written.values()) >= 10
    every = [phrase for phrases in written.values() for phrase in phrases]
    assert len(every) == len(set(every))


def test_the_two_splits_share_no_question_and_use_known_labels() -> None:
    dev, test = read_questions("dev"), read_questions("test")
    assert not {q["text"] for q in dev} & {q["text"] for q in test}
    assert min(len(dev), len(test)) >= 300
    for question in dev + test:
        assert question["intent"] in codes("intents.csv", "intent")
        assert question.get("item", "none") in codes("items.csv", "code") | {"none"}
        assert question.get("category", "C901") in codes("report_categories.csv", "code")


def test_no_long_test_question_was_trained_on() -> None:
    trained = {normalise(text) for text, _ in written_examples()}
    asked = {normalise(q["text"]) for q in read_questions("test")}
    assert {text for text in asked & trained if len(text) > 6} == set()
