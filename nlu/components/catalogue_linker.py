"""Pipeline step 6: which 事项 is meant, how surely, and which 要素 of it is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
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
from components.circumstances import Circumstances
from components.elements import ElementFinder
from components.elsewhere import key_of, known_elsewhere
from components.embedder import sentence_vector
from components.embedding import Vectors, shared_embedder
from components.item_ranker import ItemRanker, ItemRankerSettings
from components.life_events import LifeEvents
from components.named_items import NamedItems
from components.normalisation import Dictionaries, Normaliser
from components.normaliser import normalised
from components.pairs import named_pair
from components.personal_names import bare_name
from components.project_files import (
    catalogue_files,
    dictionary_folder,
    lexicon_file,
)
from components.question_forms import COMPARING, LISTS, SAME, QuestionForms, ordinary_questions
from components.ranking import Ranking
from components.stored_state import StatefulComponent
from components.vector_store import training_vectors
from components.yaml_files import content_hash, read_yaml

_WORDS = ("elements.yml", "circumstances.yml", "life_events.yml", "question_forms.yml")
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
    named_items: NamedItems
    circumstances: Circumstances | None = None
    life_events: LifeEvents | None = None
    bare_name: re.Pattern[str] = re.compile(r"(?!)")
    elsewhere: dict[str, str] = field(default_factory=dict)
    forms: QuestionForms | None = None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CatalogueLinker(StatefulComponent):
    """Set `items` (≤ 5, calibrated), `item_outcome` and `element`, and what is beside an item.

    That is `elsewhere`, the matter of another body, `form`, how the question is put, and `pair`,
    the two items it sets side by side.
    """

    state: LinkerState

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Thresholds, tuned on the development questions."""
        return {
            "confident": 0.55,
            "present": 0.3,
            "elsewhere": 0.3,
            "elsewhere_lead": 2.0,
            "list": 0.4,
            "faint": 0.15,
            "listed": 5,
            "dense_share": 0.8,
            "ridge": 3.0,
            "nearest_share": 0.7,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make a changed catalogue or element list retrain the model."""
        words = (dictionary_folder() / name for name in _WORDS)
        return content_hash([*catalogue_files(), *words, lexicon_file()])

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the catalogue's phrases and what talk about other things looks like."""
        items, others = known_catalogue(), known_elsewhere()
        normaliser = Normaliser(Dictionaries.read(dictionary_folder()))
        phrases, labels = labelled_phrases([*items, *others], normaliser)
        ranker = ItemRanker(
            ItemRankerSettings(
                self.config["dense_share"], self.config["ridge"], self.config["nearest_share"]
            )
        )
        ranker.fit(phrases, training_vectors(phrases), labels)
        calibration = Calibration()
        calibration.fit(ranker, _other_talk(ranker, training_data))
        ranker.forget_training()
        elements = ElementFinder.trained(
            read_yaml(dictionary_folder() / "elements.yml"), training_vectors
        )
        names = {item.code: item.name for item in items}
        named = [
            (item.code, [normaliser(phrase) for phrase in (item.name, *item.aliases)])
            for item in [*items, *others]
        ]
        of_items = [(code, words) for code, words in named if code in names]
        state = LinkerState(
            names,
            ranker,
            calibration,
            elements,
            ShortWords(of_items),
            NamedItems(named),
            Circumstances.trained(read_yaml(dictionary_folder() / "circumstances.yml"), of_items),
            LifeEvents.read(read_yaml(dictionary_folder() / "life_events.yml")),
            bare_name(lexicon_file()),
            {other.code: other.name for other in others},
            QuestionForms.trained(
                read_yaml(dictionary_folder() / "question_forms.yml"),
                [normaliser(question) for question in ordinary_questions(items)],
                normaliser,
                training_vectors,
            ),
        )
        return self.keep(state)

    def process(self, messages: list[Message]) -> list[Message]:
        """Link messages to the catalogue."""
        for message in messages:
            self._link(message, normalised(message), sentence_vector(message))
        return messages

    def _link(self, message: Message, text: str, vector: Vectors) -> None:
        if not any(sign.isalnum() for sign in text):
            _write(message, [], NONE, None, None)
            return
        ranking = self.state.ranker.rank([text], vector[np.newaxis, :])
        first, present = self.state.calibration.chances(ranking)
        outcome = self._outcome(first, present)
        if outcome == CONFIDENT and self.state.short_words.fits_several(text):
            outcome = AMBIGUOUS
        said = str(message.get(TEXT) or "")
        listed = self._candidates(ranking, max(first, present))
        items = [entry for entry in listed if entry["code"] in self.state.names]
        called = self.state.named_items(text) if outcome != NONE else None
        other = self._done_elsewhere(listed, outcome, called)
        if other:
            outcome = NONE
        else:
            outcome = self._with_a_stranger_first(listed, outcome, items, called)
            items, outcome = self._said_so(text, said, items, outcome, called)
        _write(message, items, outcome, self.state.elements(text, vector, said), other)
        form, pair = (None, None) if other else self._form(text, vector)
        message.set("form", form, add_to_output=True)
        message.set("pair", pair, add_to_output=True)

    def _with_a_stranger_first(
        self,
        listed: list[dict[str, Any]],
        outcome: str,
        items: list[dict[str, Any]],
        called: str | None,
    ) -> str:
        """Judge a text that is nearest to what is done elsewhere, though not surely that."""
        if outcome == NONE or not key_of(listed[0]["code"]):
            return outcome
        by_name = called in self.state.names
        faint = not items or (items[0]["score"] < self.config["faint"] and not by_name)
        return NONE if faint else AMBIGUOUS

    def _form(self, text: str, vector: Vectors) -> tuple[str | None, list[dict[str, Any]] | None]:
        """Say how a question is put, and which two items it names where it compares."""
        heard = self.state.forms(text, vector) if self.state.forms else None
        if heard is None:
            return None, None
        form, chance = heard
        parts = named_pair(text, self._named) if form in COMPARING else None
        if parts is None or not all(part.label in self.state.names for part in parts):
            # The others act only where two things were spoken of before, a list by itself.
            heard_enough = form not in LISTS or chance >= self.config["list"]
            return (form if heard_enough else None), None
        if form != SAME and parts[0].label == parts[1].label:
            return None, None
        return form, [
            {"code": part.label, "name": self.state.names[part.label], "said": part.said}
            for part in parts
        ]

    def _named(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """Give the likeliest label of short texts, and how like it they are."""
        ranking = self.state.ranker.rank(texts, shared_embedder()(texts))
        labels, words = self.state.ranker.labels, self.state.short_words
        return [
            (words.first_of(text) or labels[places[0]], float(scores[0]))
            for text, places, scores in zip(texts, ranking.places, ranking.scores, strict=True)
        ]

    def _done_elsewhere(
        self, listed: list[dict[str, Any]], outcome: str, called: str | None
    ) -> dict[str, Any] | None:
        """Give the matter of another body that a text is about, unless it calls an item by name."""
        if outcome == NONE or called in self.state.names:
            return None
        first = listed[0]
        if called and outcome == AMBIGUOUS:
            first = next((entry for entry in listed if entry["code"] == called), first)
        key = key_of(first["code"])
        near = next((one["score"] for one in listed if one["code"] in self.state.names), 0.0)
        leads = first["score"] >= max(
            self.config["elsewhere"], self.config["elsewhere_lead"] * near
        )
        sure = outcome == CONFIDENT or leads
        return {**first, "code": key} if key and (sure or called == first["code"]) else None

    def _said_so(
        self,
        text: str,
        said: str,
        items: list[dict[str, Any]],
        outcome: str,
        called: str | None,
    ) -> tuple[list[dict[str, Any]], str]:
        """Judge texts that words alone decide: circumstances, an event in life, a bare name."""
        if outcome == NONE and self.state.bare_name.fullmatch(said.strip()):
            return [], NONE
        if self.state.circumstances is not None:
            named = self.state.circumstances(text)
            if named is not None:
                return self._led_by((named,), items), CONFIDENT if named else NONE
        if outcome != CONFIDENT and self.state.life_events is not None:
            event = self.state.life_events(text)
            if event:
                return self._led_by(event, items), AMBIGUOUS
        if outcome == AMBIGUOUS and called in self.state.names:
            return self._led_by((called,), items), CONFIDENT
        return items, outcome

    def _led_by(self, codes: tuple[str, ...], items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Put items first that words name; the chances stay where they are in the list."""
        listed = [code for code in codes if code in self.state.names]
        rest = [entry["code"] for entry in items if entry["code"] not in listed]
        return [
            entry | {"code": code, "name": self.state.names[code]}
            for entry, code in zip(items, [*listed, *rest], strict=False)
        ]

    def _candidates(self, ranking: Ranking, chance: float) -> list[dict[str, Any]]:
        """List the best items with their chances, and what is done elsewhere among them."""
        codes, names = self.state.ranker.labels, self.state.names | self.state.elsewhere
        places = ranking.places[0]
        ours = np.cumsum([codes[place] in self.state.names for place in places])
        count = int(np.searchsorted(ours, self.config["listed"])) + 1
        return [
            {"code": codes[i], "name": names[codes[i]], "score": round(score, 4)}
            for i, score in divided(ranking, chance, min(count, len(places)))
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


def _other_talk(ranker: ItemRanker, training_data: TrainingData) -> Ranking:
    """Rank the training examples that are not about any item."""
    others = [m for m in training_data.intent_examples if m.get("intent") not in ABOUT_ITEMS]
    return ranker.rank(
        [normalised(message) for message in others],
        np.stack([sentence_vector(message) for message in others]),
    )


def _write(
    message: Message,
    items: list[dict[str, Any]],
    outcome: str,
    element: str | None,
    elsewhere: dict[str, Any] | None,
) -> None:
    message.set("items", items, add_to_output=True)
    message.set("item_outcome", outcome, add_to_output=True)
    message.set("element", element, add_to_output=True)
    message.set("elsewhere", elsewhere, add_to_output=True)
