"""Pipeline step 9: 听 learns what people do while a form waits, and which choice they mean.

What a message is to a form depends on the form, which the pipeline never sees: the dialogue asks
what was learnt here directly (`reading/`), and as a step of the pipeline it only learns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.choice_scorer import ChoiceScorer, Question, Said
from components.normalisation import Dictionaries, Normaliser
from components.normaliser import normalised
from components.project_files import catalogue_files, data_folder, dictionary_folder
from components.stored_state import LearningStep
from components.text_classifier import TextClassifier
from components.vector_store import training_vectors
from components.yaml_files import content_hash, read_yaml

ANSWER, QUESTION, WISH, LEAVE, CHAT = "answer", "question", "wish", "leave", "chat"

DOES = {
    "ask_guide": QUESTION, "ask_eligibility": QUESTION, "ask_office": QUESTION,
    "ask_notice": QUESTION, "ask_capability": QUESTION, "query_progress": WISH,
    "book_appointment": WISH, "start_application": WISH, "report_problem": WISH,
    "complain": WISH, "propose_topic": WISH, "rate_service": WISH, "ask_human": WISH,
    "ask_personal_data": WISH, "cancel": LEAVE, "out_of_scope": CHAT, "thank": CHAT,
    "goodbye": CHAT,
}  # fmt: skip
"""What the examples of an intent do where a form is open; the others may be anything there."""

REPORTS = ("report_problem", "complain")
"""Intents whose examples tell what a report is about, which answers its form."""


@dataclass
class FormState:
    """What was learnt: what a message does to a form or a report's form, which choice it means."""

    acts: TextClassifier
    report_acts: TextClassifier
    choices: ChoiceScorer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FormListener(LearningStep):
    """Learns; what it has learnt is taken out of the model by `reading.models`."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make changed text about forms retrain the model."""
        words = (dictionary_folder() / name for name in ("elements.yml", "dialect.yml"))
        data = data_folder()
        written = (turns_file(data), report_turns_file(data), choices_file(data))
        return content_hash([*written, *words, *catalogue_files()])

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from what was written for forms, and the intents' examples as what else is said."""
        normaliser = Normaliser(Dictionaries.read(dictionary_folder()))
        told = [
            Said(one.question, normaliser(one.words), one.choice)
            for one in read_choices(data_folder())
        ]
        examples = {
            normalised(message): str(message.get("intent"))
            for message in training_data.intent_examples
            if message.get("intent") in DOES
        }
        does = {text: DOES[name] for text, name in examples.items()}
        turns = [(normaliser(text), act) for text, act in read_turns(data_folder())]
        of_reports = {text: ANSWER for text, name in examples.items() if name in REPORTS}
        report_turns = [(normaliser(text), act) for text, act in read_report_turns(data_folder())]
        apart = [(text, act) for text, act in turns if act != ANSWER]
        choices = ChoiceScorer()
        choices.fit(told, training_vectors)
        return self.keep(
            FormState(
                # 公租房 alone, said to a form, is rather what was asked for.
                _taught({**does, **{one.words: ANSWER for one in told}, **dict(turns)}),
                _taught({**does, **of_reports, **dict(apart), **dict(report_turns)}),
                choices,
            )
        )


def _taught(labelled: dict[str, str]) -> TextClassifier:
    """Return what has learnt to tell what texts in normal form do."""
    acts = TextClassifier()
    texts = list(labelled)
    acts.fit(texts, training_vectors(texts), list(labelled.values()))
    return acts


def turns_file(data: Path) -> Path:
    """Give the file of what people do while a form waits."""
    return data / "forms" / "turns.yml"


def report_turns_file(data: Path) -> Path:
    """Give the file of what people do while the form of a report waits."""
    return data / "forms" / "report_turns.yml"


def choices_file(data: Path) -> Path:
    """Give the file of words that mean a choice."""
    return data / "training" / "choices.jsonl"


def read_turns(data: Path) -> Iterator[tuple[str, str]]:
    """Yield what people say while a form waits, with what they do with it."""
    asked = read_yaml(data / "dictionaries" / "elements.yml")["examples"]
    for element, texts in asked.items():
        yield from ((str(text), QUESTION) for text in texts if element != "none")
    for act, texts in read_yaml(turns_file(data)).items():
        yield from ((str(text), act) for text in texts)


def read_report_turns(data: Path) -> Iterator[tuple[str, str]]:
    """Yield what people say while the form of a report waits, with what they do with it."""
    for act, texts in read_yaml(report_turns_file(data)).items():
        yield from ((str(text), act) for text in texts)


def read_choices(data: Path) -> Iterator[Said]:
    """Yield what people say for a choice of a field.

    Raises:
        KeyError: the catalogue has no such field.
    """
    questions = choice_fields(data)
    for line in choices_file(data).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Said(questions[row["field"]], row["said"], row["choice"])


def choice_fields(data: Path) -> dict[str, Question]:
    """Return the catalogue's fields that offer choices, by item and name (GA004.reason)."""
    return {
        f"{item['code']}.{spec['name']}": Question(spec["label"], tuple(spec["choices"]))
        for path in sorted((data / "catalogue").glob("*.yaml"))
        for item in read_yaml(path)["items"]
        for spec in (item.get("application") or {}).get("fields", ())
        if spec["kind"] == "choice"
    }
