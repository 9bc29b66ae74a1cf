"""Pipeline step 6: which 事项 is meant, how surely, and which 要素 of it is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.brevity import ShortWords
from components.calibration import Calibration, divided
from components.catalogue import Item, known_catalogue
from components.elements import ElementFinder
from components.embedder import sentence_vector
from components.embedding import CACHED_TEXTS, Vectors
from components.item_ranker import ItemRanker, ItemRankerSettings
from components.normalisation import Dictionaries, Normaliser
from components.normaliser import normalised
from components.project_files import catalogue_files, dictionary_folder
from components.ranking import Ranking
from components.stored_state import StatefulComponent
from components.vector_store import training_vectors
from components.yaml_files import content_hash, read_yaml

CONFIDENT, AMBIGUOUS, NONE = "confident", "ambiguous", "none"
_BRACKETS = re.compile(r"[（(【\[〔][^）)】\]〕]*[）)】\]〕]")
ABOUT_ITEMS = {"ask_guide", "start_application", "ask_eligibility", "ask_proxy", "book_appointment"}


@dataclass
class LinkerState:
    """What the linker learned."""

    names: dict[str, str]
    ranker: ItemRanker
    calibration: Calibration
    elements: ElementFinder
    short_words: ShortWords


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CatalogueLinker(StatefulComponent):
    """Set `items` (≤ 5, calibrated), `item_outcome` and `element`."""

    state: LinkerState

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Thresholds, tuned on the development questions."""
        return {
            "confident": 0.55,
            "present": 0.3,
            "listed": 5,
            "dense_share": 0.8,
            "ridge": 3.0,
            "nearest_share": 0.7,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make a changed catalogue or element list retrain the model."""
        return content_hash([*catalogue_files(), dictionary_folder() / "elements.yml"])

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the catalogue's phrases and what talk about other things looks like."""
        items = known_catalogue()
        normaliser = Normaliser(Dictionaries.read(dictionary_folder()))
        phrases, labels = labelled_phrases(items, normaliser)
        ranker = ItemRanker(
            ItemRankerSettings(
                self.config["dense_share"], self.config["ridge"], self.config["nearest_share"]
            )
        )
        ranker.fit(phrases, _vectors(phrases), labels)
        calibration = Calibration()
        calibration.fit(ranker, _other_talk(ranker, training_data))
        ranker.forget_training()
        elements = ElementFinder.trained(
            read_yaml(dictionary_folder() / "elements.yml"), training_vectors
        )
        names = {item.code: item.name for item in items}
        short_words = ShortWords(
            (item.code, [normaliser(phrase) for phrase in (item.name, *item.aliases)])
            for item in items
        )
        return self.keep(LinkerState(names, ranker, calibration, elements, short_words))

    def process(self, messages: list[Message]) -> list[Message]:
        """Link messages to the catalogue."""
        for message in messages:
            self._link(message, normalised(message), sentence_vector(message))
        return messages

    def _link(self, message: Message, text: str, vector: Vectors) -> None:
        if not any(sign.isalnum() for sign in text):
            _write(message, [], NONE, None)
            return
        ranking = self.state.ranker.rank([text], vector[np.newaxis, :])
        first, present = self.state.calibration.chances(ranking)
        outcome = self._outcome(first, present)
        if outcome == CONFIDENT and self.state.short_words.fits_several(text):
            outcome = AMBIGUOUS
        _write(
            message,
            self._candidates(ranking, max(first, present)),
            outcome,
            self.state.elements(text, vector, str(message.get(TEXT) or "")),
        )

    def _candidates(self, ranking: Ranking, chance: float) -> list[dict[str, Any]]:
        """List the best items with their chances."""
        codes = self.state.ranker.labels
        return [
            {"code": codes[i], "name": self.state.names[codes[i]], "score": round(score, 4)}
            for i, score in divided(ranking, chance, self.config["listed"])
        ]

    def _outcome(self, first: float, present: float) -> str:
        """Decide between answering, asking back and saying it is not in the catalogue."""
        if present < self.config["present"]:
            return NONE
        return CONFIDENT if first >= self.config["confident"] else AMBIGUOUS


def labelled_phrases(items: list[Item], normaliser: Normaliser) -> tuple[list[str], list[str]]:
    """Write every distinct phrase of the catalogue once an item, in normal form."""
    pairs = {
        (normaliser(phrase), item.code): None
        for item in items
        for phrase in (item.name, *(item.aliases or _shorter(item.name)), *item.questions)
    }
    return [phrase for phrase, _ in pairs], [code for _, code in pairs]


def _shorter(name: str) -> list[str]:
    """Leave out what official names add in brackets: 企业投资项目备案（市级/县级）."""
    shorter = _BRACKETS.sub("", name).strip()
    return [shorter] if len(shorter) > 1 else []


def _vectors(phrases: list[str]) -> Vectors:
    """Embed phrases in portions that the embedder can remember."""
    step = CACHED_TEXTS // 2
    return np.vstack(
        [training_vectors(phrases[at : at + step]) for at in range(0, len(phrases), step)]
    )


def _other_talk(ranker: ItemRanker, training_data: TrainingData) -> Ranking:
    """Rank the training examples that are not about any item."""
    others = [m for m in training_data.intent_examples if m.get("intent") not in ABOUT_ITEMS]
    return ranker.rank(
        [normalised(message) for message in others],
        np.stack([sentence_vector(message) for message in others]),
    )


def _write(
    message: Message, items: list[dict[str, Any]], outcome: str, element: str | None
) -> None:
    message.set("items", items, add_to_output=True)
    message.set("item_outcome", outcome, add_to_output=True)
    message.set("element", element, add_to_output=True)
