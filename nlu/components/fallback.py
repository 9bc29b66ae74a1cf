"""Last pipeline step: say plainly when nothing was understood."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message

from components.normaliser import normalised
from components.question_forms import LISTS

FALLBACK = "nlu_fallback"
ABOUT_ITEMS = ("ask_guide", "start_application")
SURE_OF_ITSELF = ("report_problem", "complain", "ask_capability")
"""Outweighed unless it is very sure: 你们能办哪些户口的事 asks for no demonstration."""
ASKED_ELSEWHERE = (*ABOUT_ITEMS, "ask_office", "ask_notice", "ask_eligibility", "ask_proxy",
                   "book_appointment", "out_of_scope")  # fmt: skip
"""What somebody may seem to want who asks for what another body does, or for several items."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FallbackJudge(GraphComponent):
    """Replace the intent where it is unsure and neither an item nor a category carries it."""

    def __init__(self, config: dict[str, Any]) -> None:
        """Take the thresholds."""
        self._config = config

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Thresholds, tuned on the development questions."""
        return {
            "unsure_below": 0.3,
            "category_from": 0.5,
            "report_unsure_below": 0.9,
            "report_category_from": 0.2,
        }

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
            confidence = _confidence(message)
            if message.get("elsewhere") or message.get("pair") or message.get("form") in LISTS:
                self._judge_question(message, confidence)
            elif (
                self._is_unsure(message, confidence)
                or self._reports_nothing(message, confidence)
                or _asks_about_nothing(message)
            ):
                verdict = {"name": FALLBACK, "confidence": round(1 - confidence, 4)}
                message.set("intent", verdict, add_to_output=True)
        return messages

    def _judge_question(self, message: Message, confidence: float) -> None:
        """Take what is done elsewhere, two items or a list for a question, unless talk is surer."""
        name = (message.get("intent") or {}).get("name")
        bar = self._config["report_unsure_below" if name in SURE_OF_ITSELF else "unsure_below"]
        if name in ASKED_ELSEWHERE or confidence < bar:
            asked = {"name": "ask_guide", "confidence": max(confidence, bar)}
            message.set("intent", asked, add_to_output=True)
        else:
            for other in ("elsewhere", "pair", "form"):
                message.set(other, None, add_to_output=True)

    def _is_unsure(self, message: Message, confidence: float) -> bool:
        """Say whether the intent is unsure and neither item nor category is plausible."""
        carried = (
            message.get("item_outcome") == "confident"
            or _best_category(message) >= self._config["category_from"]
        )
        return confidence < self._config["unsure_below"] and not carried

    def _reports_nothing(self, message: Message, confidence: float) -> bool:
        """Say whether this sounds like a report of nothing the city looks after.

        A form that opens for "why does my cat somersault" costs the citizen more than one
        question whether it was meant as a report.
        """
        return (
            (message.get("intent") or {}).get("name") == "report_problem"
            and confidence < self._config["report_unsure_below"]
            and _best_category(message) < self._config["report_category_from"]
            and not message.get("urgent")
        )


def _asks_about_nothing(message: Message) -> bool:
    """Say whether an item is asked about where no item is even near: 张大山."""
    asks = (message.get("intent") or {}).get("name") in ABOUT_ITEMS
    words = any(sign.isalnum() for sign in normalised(message))
    return asks and words and not message.get("items")


def _confidence(message: Message) -> float:
    """Return how sure the classifier is of its intent, 0 to 1."""
    return float((message.get("intent") or {}).get("confidence") or 0.0)


def _best_category(message: Message) -> float:
    """Return the score of the likeliest report category, 0 to 1."""
    category = message.get("category") or []
    return float(category[0]["score"]) if category else 0.0
