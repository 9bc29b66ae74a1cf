"""What a component learned, kept in Rasa's model storage."""

from __future__ import annotations

import pickle
from typing import Any, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

STATE_FILE = "state.pickle"
Self = TypeVar("Self", bound="StatefulComponent")


class StatefulComponent(GraphComponent):
    """A graph component with one learned object, written at training and read at start."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, state: Any = None
    ) -> None:
        """Remember where the state belongs."""
        self.config = config
        self.state = state
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls: type[Self],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Make an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls: type[Self],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """Make a component from a trained model."""
        with model_storage.read_from(resource) as folder:
            state = pickle.loads((folder / STATE_FILE).read_bytes())  # noqa: S301  as safe as the model
        return cls(config, model_storage, resource, state)

    def keep(self, state: Any) -> Resource:
        """Write the learned state into the model.

        Whoever uses it loads it from there: two copies would stand in memory until the end.
        """
        with self._storage.write_to(self._resource) as folder:
            (folder / STATE_FILE).write_bytes(pickle.dumps(state, pickle.HIGHEST_PROTOCOL))
        return self._resource


class LearningStep(StatefulComponent):
    """A step of the pipeline that only learns; `reading.models` takes out what it has learnt."""

    @classmethod
    def load(
        cls: type[Self],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """Make the step without what it has learnt, which would stand in memory twice."""
        return cls.create(config, model_storage, resource, execution_context)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add nothing to messages: what was learnt is asked with what no pipeline knows."""
        return messages
