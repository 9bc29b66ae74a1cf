"""Pipeline step 8: 听 learns to hear danger, what follows it, and talk about the talk itself.

The dialogue reads these before the gate, and asks what was learnt here directly (`reading/`): as a
step of the pipeline it only learns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.catalogue import read_catalogue
from components.follow_ups import FollowUps, read_follow_ups
from components.neighbours import Neighbours
from components.normalisation import Dictionaries, Normaliser
from components.normaliser import normalised
from components.project_files import (
    catalogue_files,
    data_folder,
    dictionary_folder,
    lexicon_file,
)
from components.sign_model import NOTHING, SignModel, plain
from components.stored_state import LearningStep
from components.vector_store import training_vectors
from components.yaml_files import content_hash, read_yaml

SUSPECT = {"danger": -2.5, "talk": -4.0}
"""Log odds of the n-grams from which a second look learns from a text, and takes one, unless it is
asked for more. Talk has little text to learn from, so that half of what is new falls under -2."""

DANGERS = ("self_harm", "violence", "lost", "medical", "hazard", "fraud", "hunger")
EVERYDAY = "everyday"
"""What strangers ask, tell and chat about all day long, which is no danger."""

ABOUT_THE_TALK = frozenset({"out_of_scope", "greet", "thank", "goodbye"})
"""Intents whose examples may be talk about the talk, and teach nothing of what is not."""
WORDS_READ = ("report_phrases.yml", "elements.yml", "dialect.yml")
_HARMLESS = "harmless"


@dataclass
class Hearing:
    """A first and a second look at a text.

    Attributes:
        suspect: log odds of the n-grams from which a text gets the second one.
    """

    signs: SignModel
    neighbours: Neighbours
    suspect: float


@dataclass
class SafetyState:
    """What was learnt."""

    danger: Hearing
    talk: Hearing
    follow_ups: FollowUps


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SafetyListener(LearningStep):
    """Learns; what it has learnt is taken out of the model by `reading.models`."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make changed text about danger and talk retrain the model."""
        folders = (data_folder() / name for name in ("safety", "follow_ups", "talk"))
        return content_hash(
            [
                *(path for folder in folders for path in folder.glob("*.yml")),
                *(dictionary_folder() / name for name in WORDS_READ),
                *catalogue_files(),
                lexicon_file(),
            ]
        )

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from text about danger and talk, with all other training text as what is none."""
        normaliser = Normaliser(Dictionaries.read(dictionary_folder()))
        examples = training_data.intent_examples
        said = {str(message.get(TEXT)): str(message.get("intent")) for message in examples}
        elsewhere = [text for text, name in said.items() if name not in ABOUT_THE_TALK]
        elsewhere += [text for text, label in written(data_folder(), DANGERS) if label == NOTHING]
        return self.keep(
            SafetyState(
                taught(
                    dangers(data_folder()),
                    [*said, *other_talk(data_folder())],
                    SUSPECT["danger"],
                    normaliser,
                ),
                taught(
                    topics(data_folder()),
                    [*elsewhere, *_not_talk(data_folder())],
                    SUSPECT["talk"],
                    normaliser,
                ),
                _follow_ups(
                    {normalised(one): str(one.get("intent")) for one in examples}, normaliser
                ),
            )
        )


def taught(
    labelled: Mapping[str, str], others: Iterable[str], suspect: float, normaliser: Normaliser
) -> Hearing:
    """Return what has learnt to hear labelled texts among others.

    Args:
        labelled: label by text; `NOTHING` for what only sounds like one.
        others: texts that say none of them.
        suspect: log odds of the n-grams from which a text gets a second look.
        normaliser: gives the form whose sentence vector is known.
    """
    known = dict.fromkeys(others, NOTHING) | dict(labelled)
    texts, labels = list(known), list(known.values())
    signs = SignModel()
    signs.fit([plain(text) for text in texts], labels)
    evidence = signs.held_out
    signs.held_out = evidence[:0]
    suspected = [place for place, label in enumerate(labels) if label or evidence[place] >= suspect]
    neighbours = Neighbours()
    neighbours.fit(
        training_vectors([normaliser(texts[place]) for place in suspected]),
        [labels[place] for place in suspected],
        evidence[suspected],
    )
    return Hearing(signs, neighbours, suspect)


def dangers(data: Path) -> dict[str, str]:
    """Return what was written and reported about each danger, and what only sounds like it."""
    return dict(reported(data)) | dict(written(data))


def topics(data: Path) -> dict[str, str]:
    """Return what people say about the talk itself, by topic."""
    listed = read_yaml(data / "talk" / "topics.yml")
    return {str(text): topic for topic, texts in listed.items() for text in texts}


def other_talk(data: Path) -> list[str]:
    """Return what else citizens say: of items, of the talk itself, of people, short answers."""
    asked = read_yaml(data / "dictionaries" / "elements.yml")["examples"].values()
    return [
        *_catalogue(data),
        *(text for texts in asked for text in texts),
        *topics(data),
        *(phrase for phrase, _ in read_follow_ups(data / "follow_ups")["person"]),
        *_short_words(),
    ]


def _not_talk(data: Path) -> list[str]:
    """Return what is said to the office, or while a person is waited for."""
    return [
        *_catalogue(data),
        *(phrase for phrase, _ in reported(data)),
        *(phrase for phrase, _ in read_follow_ups(data / "follow_ups")["person"]),
        *_short_words(),
    ]


def _short_words() -> list[str]:
    """Return the short words that the gate knows."""
    groups = [group for group in read_yaml(lexicon_file()).values() if isinstance(group, dict)]
    return [str(word) for group in groups for word in group.get("whole", ())]


def written(data: Path, kinds: Iterable[str] = (*DANGERS, EVERYDAY)) -> list[tuple[str, str]]:
    """Read what was written about each danger, and what only sounds like it."""
    return [
        (str(text), NOTHING if way == _HARMLESS else f"{kind}.{way}")
        for kind in kinds
        for way, texts in read_yaml(data / "safety" / f"{kind}.yml").items()
        for text in texts
    ]


def reported(data: Path) -> list[tuple[str, str]]:
    """Read the phrases of report categories: those with a ticket of their own are dangers."""
    ways = {
        code: way
        for way, codes in read_yaml(data / "safety" / "tickets.yml").items()
        for code in codes
    }
    phrases = read_yaml(data / "dictionaries" / "report_phrases.yml")
    return [
        (str(phrase), f"hazard.{ways[code]}" if code in ways else NOTHING)
        for code, listed in phrases.items()
        for phrase in listed
    ]


def _catalogue(data: Path) -> list[str]:
    items = read_catalogue(data)
    return [phrase for item in items for phrase in (item.name, *item.aliases, *item.questions)]


def _follow_ups(others: dict[str, str], normaliser: Normaliser) -> FollowUps:
    """Learn the topics, with the intents' examples in normal form, each with its intent, beside."""
    written = read_follow_ups(data_folder() / "follow_ups")
    pairs = {
        name: [(normaliser(phrase), topic) for phrase, topic in said]
        for name, said in written.items()
    }
    vectors = {
        name: training_vectors([phrase for phrase, _ in said]) for name, said in pairs.items()
    }
    model = FollowUps()
    model.fit(pairs, vectors, others, training_vectors(list(others)))
    return model
