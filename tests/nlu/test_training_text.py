"""The ear's own text: what it learns from contradicts itself nowhere."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date

import pytest
import yaml
from components.form_listener import ANSWER, DOES, read_choices, read_turns
from components.normalisation import Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder
from dialogue.words import load_words
from scoring import read_questions, right_items

from standards.acceptors import documents

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


def test_no_phrase_does_two_things_to_a_form() -> None:
    forms, written = defaultdict(set), defaultdict(set)
    for text, act in read_turns(data_folder()):
        forms[normalise(text)].add(act)
    for text, intent in written_examples():
        if intent in DOES:
            written[normalise(text)].add(DOES[intent])
    for text, acts in forms.items():
        written[text] |= acts
    for one in read_choices(data_folder()):
        # What is said in few words is a choice where one is asked for, whatever else it may mean.
        forms[normalise(one.words)].add(ANSWER)
    assert {text: acts for text, acts in forms.items() if len(acts) > 1} == {}
    assert {text: acts for text, acts in written.items() if len(acts) > 1} == {}


def test_no_word_for_a_choice_gives_the_form_up() -> None:
    words = load_words(data_folder())
    told = [one.words for one in read_choices(data_folder())]
    assert [text for text in told if words.says("cancel", text)] == []


def test_every_id_number_that_is_learnt_from_is_right_and_nobodys() -> None:
    learnt = [*(text for text, _ in read_turns(data_folder())),
              *(text for text, _ in written_examples())]  # fmt: skip
    numbers = [number for text in learnt if (number := documents.stands_in(text))]
    assert numbers
    assert [one for one in numbers if documents.accept(one, date.max).value is None] == []
    assert [one for one in numbers if one[:2] != "99"] == []


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
