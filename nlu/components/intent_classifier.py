"""Pipeline step 4: which of the 22 intents."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.catalogue import read_catalogue
from components.elsewhere import known_elsewhere
from components.embedder import sentence_vector
from components.follow_ups import OWN, read_follow_ups
from components.intent_model import IntentModel
from components.intent_text import catalogue_examples
from components.normalisation import Dictionaries, Normaliser
from components.normaliser import normalised
from components.project_files import catalogue_files, data_folder, dictionary_folder
from components.report_categoriser import SERVICE_COMPLAINT, report_phrases
from components.stored_state import StatefulComponent
from components.text_classifier import TextClassifier
from components.vector_store import training_vectors
from components.yaml_files import content_hash

_NO_WORDS = "out_of_scope"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(StatefulComponent):
    """Logistic regression and nearest phrase on the shared vector and character n-grams."""

    state: IntentModel

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Weights of the evidence, tuned on the development questions."""
        return {"dense_scale": 3.0, "lexical_scale": 3.0, "ridge": 1.0, "nearest_weight": 10.0}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make a changed catalogue or list of phrases retrain the model."""
        asked = (data_folder() / "follow_ups" / f"{situation}.yml" for situation in OWN)
        return content_hash(
            [*catalogue_files(), dictionary_folder() / "report_phrases.yml", *asked]
        )

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the written examples and from the phrases of items, categories and halls."""
        normaliser = Normaliser(Dictionaries.read(dictionary_folder()))
        written = {normalised(m): str(m.get("intent")) for m in training_data.intent_examples}
        items = [*read_catalogue(data_folder()), *known_elsewhere()]
        drawn = dict(catalogue_examples(items, normaliser))
        asked = read_follow_ups(data_folder() / "follow_ups")
        drawn |= {
            normaliser(phrase): name
            for situation, name in OWN.items()
            for phrase, _ in asked[situation]
        }
        drawn |= {
            phrase: "complain" if code == SERVICE_COMPLAINT else "report_problem"
            for phrase, code in zip(*report_phrases(normaliser), strict=True)
        }
        examples = drawn | written
        texts = list(examples)
        classifier = TextClassifier(
            self.config["dense_scale"], self.config["lexical_scale"], self.config["ridge"]
        )
        model = IntentModel(classifier, self.config["nearest_weight"])
        model.fit(texts, training_vectors(texts), list(examples.values()))
        return self.keep(model)

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents of messages."""
        for message in messages:
            ranking = self._ranking(message)
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        text = normalised(message)
        if not any(sign.isalnum() for sign in text):
            # Emoji, punctuation or nothing: there are no words to classify.
            even = float(np.round(1 / len(self.state.labels), 4))
            names = sorted(self.state.labels, key=lambda name: name != _NO_WORDS)
            return [{"name": name, "confidence": even} for name in names]
        ranking = self.state.ranking(text, sentence_vector(message))
        return [{"name": name, "confidence": round(chance, 4)} for name, chance in ranking]
