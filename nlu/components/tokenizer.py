"""Pipeline step 2: jieba words, with the catalogue's own terms kept whole."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import Any

import jieba
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.catalogue import known_catalogue
from components.project_files import catalogue_files
from components.yaml_files import content_hash

jieba.setLogLevel(logging.WARNING)
_WORDS = "catalogue_words.txt"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class CatalogueTokenizer(Tokenizer):
    """Cut text with a jieba of its own, so that no other part's dictionary changes."""

    @staticmethod
    def supported_languages() -> list[str]:
        """Chinese only."""
        return ["zh"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own tokenizer settings, all off."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, words: list[str]
    ) -> None:
        """Remember the catalogue's words; jieba learns them when it is first asked."""
        super().__init__(config)
        self._storage = storage
        self._resource = resource
        self._words = words

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CatalogueTokenizer:
        """Make a tokenizer that knows general Chinese only."""
        return cls(config, model_storage, resource, [])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CatalogueTokenizer:
        """Make a tokenizer that knows the trained catalogue."""
        with model_storage.read_from(resource) as folder:
            words = (folder / _WORDS).read_text(encoding="utf-8").split("\n")
        ready = cls(config, model_storage, resource, words)
        # Now, not while the first citizen waits.
        ready._jieba.initialize()
        return ready

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make a changed catalogue retrain the model."""
        return content_hash(catalogue_files())

    @cached_property
    def _jieba(self) -> jieba.Tokenizer:
        """A jieba of our own, 60 MB: the component that only trains never makes one."""
        own = jieba.Tokenizer()
        for word in self._words:
            own.add_word(word)
        return own

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the catalogue's names as words."""
        words = sorted({item.name for item in known_catalogue()})
        with self._storage.write_to(self._resource) as folder:
            (folder / _WORDS).write_text("\n".join(words), encoding="utf-8")
        return self._resource

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Cut one attribute of a message."""
        text = str(message.get(attribute))[:4000]
        tokens = [Token(word, start) for word, start, _ in self._jieba.tokenize(text)]
        cut: list[Token] = self._apply_token_pattern(tokens)
        return cut
