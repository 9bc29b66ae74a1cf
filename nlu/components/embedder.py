"""Pipeline step 3: the sentence vector every later step shares."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.embedding import Vectors, shared_embedder
from components.normaliser import normalised
from components.sentence_engine import engine_id
from components.vector_store import training_vectors

_ORIGIN = "SentenceEmbedder"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbedder(GraphComponent):
    """Add multilingual-e5's sentence vector as a dense feature."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbedder:
        """Make the step; the engine itself is shared by the process."""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make vectors of another engine retrain whatever learned from them."""
        return engine_id()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Embed all training examples in one batch."""
        training_vectors([normalised(message) for message in training_data.training_examples])
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Embed messages."""
        vectors = shared_embedder()([normalised(message) for message in messages])
        for message, vector in zip(messages, vectors, strict=True):
            message.add_features(
                Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, _ORIGIN)
            )
        return messages


def sentence_vector(message: Message) -> Vectors:
    """Read the shared vector (384,) of a message."""
    _, sentence = message.get_dense_features(TEXT, [_ORIGIN])
    if sentence is None:
        vector: Vectors = shared_embedder()([normalised(message)])[0]
        return vector
    return np.asarray(sentence.features[0], dtype=np.float32)
