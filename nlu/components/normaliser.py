"""Pipeline step 1: add the plain written form beside the citizen's own words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.catalogue import read_catalogue
from components.homophones import HomophoneReader
from components.normalisation import Dictionaries, Normaliser
from components.personal_names import bare_name
from components.pinyin import PinyinReader
from components.project_files import (
    catalogue_files,
    data_folder,
    dictionary_folder,
    lexicon_file,
)
from components.stored_state import StatefulComponent
from components.yaml_files import content_hash, read_yaml

NORMALISED = "normalised"
_REPORTS = "report_phrases.yml"
_FILES = ("typos.yml", "dialect.yml", "fillers.yml", _REPORTS)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TextNormaliser(StatefulComponent):
    """Write `normalised` beside `text`; the text itself stays as it was said."""

    _normaliser: Normaliser | None = None

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make a changed word list retrain the model."""
        files = (dictionary_folder() / name for name in _FILES)
        return content_hash([*files, *catalogue_files(), lexicon_file()])

    def train(self, training_data: TrainingData) -> Resource:
        """Put the word lists into the model, and how the project's words are spelt."""
        said = [str(message.get(TEXT) or "") for message in training_data.training_examples]
        pinyin = PinyinReader.trained([*said, *known_phrases()])
        return self.keep(
            {
                "words": asdict(Dictionaries.read(dictionary_folder())),
                "pinyin": pinyin,
                "homophones": HomophoneReader(pinyin, names=bare_name(lexicon_file())),
            }
        )

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise the training examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalise messages."""
        for message in messages:
            plain = self._plain(message.get(TEXT) or "")
            message.set(NORMALISED, plain, add_to_output=True)
        return messages

    def _plain(self, text: str) -> str:
        """Read letters as Chinese, drop what means nothing, then mend what sounds right."""
        plain = self.normaliser(self.state["pinyin"](text))
        mended: str = self.state["homophones"](plain)
        # A mended word may be dialect or filler, which could not be seen before.
        return plain if mended == plain else self.normaliser(mended)

    @property
    def normaliser(self) -> Normaliser:
        """The compiled normaliser."""
        if self._normaliser is None:
            self._normaliser = Normaliser(Dictionaries(**self.state["words"]))
        return self._normaliser


def known_phrases() -> list[str]:
    """List the catalogue's and the report categories' phrases."""
    items = read_catalogue(data_folder())
    reports = read_yaml(dictionary_folder() / _REPORTS)
    return [
        *(phrase for item in items for phrase in (item.name, *item.aliases, *item.questions)),
        *(phrase for phrases in reports.values() for phrase in phrases),
    ]


def normalised(message: Message) -> str:
    """Read the plain form a message carries."""
    return str(message.get(NORMALISED) or "")
