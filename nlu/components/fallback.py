"""Last pipeline step: say plainly when nothing was understood."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

FALLBACK = "nlu_fallback"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FallbackJudge(GraphComponent):
    """Replace the intent where it is unsure and neither an item nor a category carries it."""

    def __init__(self, config: dict[str, Any]) -> None:
        """Take the thresholds."""
        self._config = config

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Thresholds, tuned on the development questions."""
        return {"unsure_below": 0.3, "category_from": 0.5}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FallbackJudge:
        """Make the step."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge messages; the ranking of the known intents stays readable."""
        for message in messages:
            intent = message.get("intent") or {}
            confidence = float(intent.get("confidence") or 0.0)
            if confidence < self._config["unsure_below"] and not self._is_carried(message):
                verdict = {"name": FALLBACK, "confidence": round(1 - confidence, 4)}
                message.set("intent", verdict, add_to_output=True)
        return messages

    def _is_carried(self, message: Message) -> bool:
        """Say whether an item or a report category is plausible enough to go on."""
        category = message.get("category") or []
        return message.get("item_outcome") == "confident" or bool(
            category and category[0]["score"] >= self._config["category_from"]
        )
