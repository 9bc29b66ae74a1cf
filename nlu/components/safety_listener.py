"""Pipeline step 8: 听 learns to hear danger, what follows it, and talk about the talk itself.

The dialogue reads these before the gate, and asks what was learnt here directly (`reading/`): as a
step of the pipeline it only learns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.catalogue import Item, read_catalogue
from components.follow_ups import FollowUps, read_follow_ups
from components.form_listener import choices_file, turns_file
from components.line_listener import pair_files
from components.neighbours import Neighbours
from components.normalisation import Dictionaries, Normaliser
from components.normaliser import normalised
from components.other_talk import (
    catalogue_phrases,
    life,
    other_talk,
    phrases_of,
    short_words,
    topics,
)
from components.project_files import (
    catalogue_files,
    data_folder,
    dictionary_folder,
    lexicon_file,
)
from components.sign_model import NOTHING, SignModel, plain
from components.stored_state import LearningStep
from components.vector_store import training_vectors
from components.written_talks import talk_files
from components.yaml_files import content_hash, read_yaml

SUSPECT = {"danger": -2.5, "talk": -4.0}
"""Log odds of the n-grams from which a second look learns from a text, and takes one, unless it is
asked for more. Talk has little text to learn from, so that half of what is new falls under -2."""

CONTRADICTED = (-1.5, 0.0)
"""Log odds of n-grams that have not learnt a text, under which what was written for a category of
reports is no danger after all, and from which what was written for anything else may be one: such
texts teach neither. 电梯停运好几天 is filed with those who are shut in, 有人晕倒了 with
what can wait."""

AKIN, AKIN_PHRASES = 0.6, 3
"""Likeness to the nearest text about a danger from which an item has to do with it, in the mean of
so many of the item's phrases that are nearest."""

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
    """What was learnt.

    Attributes:
        akin: kinds of danger that an item has to do with, by its code.
    """

    danger: Hearing
    talk: Hearing
    follow_ups: FollowUps
    akin: dict[str, frozenset[str]]


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
                *pair_files(data_folder()),
                *talk_files(data_folder()),
                turns_file(data_folder()),
                choices_file(data_folder()),
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
        danger = taught(
            dangers(data_folder()),
            [*said, *other_talk(data_folder()), *life(data_folder())],
            SUSPECT["danger"],
            normaliser,
            sure=dict(written(data_folder())),
        )
        talk = taught(
            topics(data_folder()),
            [*elsewhere, *_not_talk(data_folder())],
            SUSPECT["talk"],
            normaliser,
        )
        others = {normalised(one): str(one.get("intent")) for one in examples}
        items = akin(read_catalogue(data_folder()), danger.neighbours, normaliser)
        return self.keep(SafetyState(danger, talk, _follow_ups(others, normaliser), items))


def taught(
    labelled: Mapping[str, str],
    others: Iterable[str],
    suspect: float,
    normaliser: Normaliser,
    sure: Collection[str] | None = None,
) -> Hearing:
    """Return what has learnt to hear labelled texts among others.

    Args:
        labelled: label by text; `NOTHING` for what only sounds like one.
        others: texts that say none of them.
        suspect: log odds of the n-grams from which a text gets a second look.
        normaliser: gives the form whose sentence vector is known.
        sure: texts that were written for what they are taught as; all where None. Others are left
            out where what was learnt of the rest contradicts them.
    """
    known = dict.fromkeys(others, NOTHING) | dict(labelled)
    signs = _signs(known)
    if sure is not None:
        known = _uncontradicted(known, signs, sure)
        signs = _signs(known)
    texts, labels = list(known), list(known.values())
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


def _signs(known: Mapping[str, str]) -> SignModel:
    signs = SignModel()
    signs.fit([plain(text) for text in known], list(known.values()))
    return signs


def _uncontradicted(
    known: Mapping[str, str], signs: SignModel, sure: Collection[str]
) -> dict[str, str]:
    """Return the texts that are sure, and those that the n-grams do not read otherwise."""
    least, most = CONTRADICTED
    return {
        text: label
        for (text, label), odds in zip(known.items(), signs.held_out, strict=True)
        if text in sure or (odds > least if label else odds < most)
    }


def dangers(data: Path) -> dict[str, str]:
    """Return what was written and reported about each danger, and what only sounds like it."""
    return dict(reported(data)) | dict(written(data))


def _not_talk(data: Path) -> list[str]:
    """Return what is said to the office, or while a person is waited for."""
    return [
        *catalogue_phrases(data),
        *(phrase for phrase, _ in reported(data)),
        *(phrase for phrase, _ in read_follow_ups(data / "follow_ups")["person"]),
        *short_words(),
    ]


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


def akin(
    items: Iterable[Item], neighbours: Neighbours, normaliser: Normaliser
) -> dict[str, frozenset[str]]:
    """Return the kinds of danger that an item has to do with, by its code: 工伤认定 is medical."""
    kinds = [label.split(".")[0] for label in neighbours.labels]
    found = {}
    for item in items:
        near = neighbours.likeness(
            training_vectors([normaliser(phrase) for phrase in phrases_of(item)])
        )
        nearest = np.sort(near, axis=0)[-AKIN_PHRASES:].mean(axis=0)
        found[item.code] = frozenset(
            kind for kind, likeness in zip(kinds, nearest, strict=True) if likeness >= AKIN
        )
    return found


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
