"""Words for choices are of fields and choices that the catalogue has, and teach what they mean."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from components.choice_scorer import ChoiceScorer, Said
from components.form_listener import (
    choice_fields,
    choices_file,
    read_choices,
    read_turns,
)
from components.normalisation import Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder
from components.vector_store import training_vectors

DATA = data_folder()
HELD = 12


def test_every_word_is_of_a_choice_that_its_field_offers() -> None:
    fields = choice_fields(DATA)
    rows = [json.loads(line) for line in choices_file(DATA).read_text("utf-8").splitlines()]
    assert len(rows) >= 1000
    assert [row for row in rows if row["choice"] not in fields[row["field"]].choices] == []
    said = Counter((row["field"], row["said"]) for row in rows)
    assert [words for words, count in said.items() if count > 1] == []


def test_nothing_that_people_do_to_a_form_stands_under_two_heads() -> None:
    acts: dict[str, set[str]] = {}
    for text, act in read_turns(DATA):
        acts.setdefault(text, set()).add(act)
    assert {text: found for text, found in acts.items() if len(found) > 1} == {}


@pytest.mark.slow
def test_words_never_heard_before_mean_the_right_choice() -> None:
    """Floors below what was measured (docs/benchmarks.md): one of twelve is held back."""
    normaliser = Normaliser(Dictionaries.read(dictionary_folder()))
    told = [Said(one.question, normaliser(one.words), one.choice) for one in read_choices(DATA)]
    held = told[::HELD]
    scorer = ChoiceScorer()
    scorer.fit([one for at, one in enumerate(told) if at % HELD], training_vectors)
    right = first_two = 0
    for one in held:
        likely = scorer.likely(one.words, one.question, training_vectors)
        ranked = sorted(range(len(likely)), key=lambda at: -likely[at].chance)
        meant = one.question.choices.index(one.choice)
        right += ranked[0] == meant
        first_two += meant in ranked[:2]
    assert right / len(held) >= 0.64
    assert first_two / len(held) >= 0.8
