"""Pipeline step 1: add the plain written form beside the citizen's own words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.normalisation import Dictionaries, Normaliser
from components.project_files import dictionary_folder
from components.stored_state import StatefulComponent
from components.yaml_files import content_hash

NORMALISED = "normalised"
_FILES = ("typos.yml", "dialect.yml", "fillers.yml")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TextNormaliser(StatefulComponent):
    """Write `normalised` beside `text`; the text itself stays as it was said."""

    _normaliser: Normaliser | None = None

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make a changed word list retrain the model."""
        return content_hash(dictionary_folder() / name for name in _FILES)

    def train(self, training_data: TrainingData) -> Resource:
        """Put the word lists into the model."""
        return self.keep(asdict(Dictionaries.read(dictionary_folder())))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise the training examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalise messages."""
        for message in messages:
            plain = self.normaliser(message.get(TEXT) or "")
            message.set(NORMALISED, plain, add_to_output=True)
        return messages

    @property
    def normaliser(self) -> Normaliser:
        """The compiled normaliser."""
        if self._normaliser is None:
            self._normaliser = Normaliser(Dictionaries(**self.state))
        return self._normaliser


def normalised(message: Message) -> str:
    """Read the plain form a message carries."""
    return str(message.get(NORMALISED) or "")
