"""Pipeline step 7: 诉求分类 which of the 73 report categories, and whether it can wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.calibration import Calibration, divided
from components.catalogue import read_rows
from components.embedder import sentence_vector
from components.normalisation import Dictionaries, Normaliser
from components.normaliser import normalised
from components.phrase_ranker import PhraseRanker, RankerSettings
from components.project_files import data_folder, dictionary_folder
from components.stored_state import StatefulComponent
from components.vector_store import training_vectors
from components.yaml_files import content_hash, read_yaml

REPORTING = {"report_problem", "complain"}
SERVICE_COMPLAINT = "C901"
"""办事推诿与服务态度: about the office itself, so it is a complaint, not a report."""

_LISTED = 3


@dataclass
class CategoriserState:
    """What the categoriser learned."""

    priorities: dict[str, str]
    ranker: PhraseRanker
    calibration: Calibration


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ReportCategoriser(StatefulComponent):
    """Set `category` (≤ 3, best first) and `urgent`; stands behind the intent classifier."""

    state: CategoriserState

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Weights and thresholds, tuned on the development questions."""
        return {"dense_share": 0.7, "ridge": 0.3, "nearest_share": 0.4, "urgent_from": 0.4}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make changed categories or phrases retrain the model."""
        words = dictionary_folder()
        return content_hash(
            [
                data_folder() / "report_categories.csv",
                words / "report_phrases.yml",
            ]
        )

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the categories' phrases and what other talk looks like."""
        phrases, labels = report_phrases(Normaliser(Dictionaries.read(dictionary_folder())))
        ranker = PhraseRanker(
            RankerSettings(
                self.config["dense_share"], self.config["ridge"], self.config["nearest_share"]
            )
        )
        ranker.fit(phrases, training_vectors(phrases), labels)
        others = [m for m in training_data.intent_examples if m.get("intent") not in REPORTING]
        calibration = Calibration()
        calibration.fit(
            ranker,
            ranker.rank(
                [normalised(m) for m in others], np.stack([sentence_vector(m) for m in others])
            ),
        )
        ranker.forget_training()
        return self.keep(
            CategoriserState(
                {row["code"]: row["priority"] for row in _categories()},
                ranker,
                calibration,
            )
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Categorise messages."""
        for message in messages:
            text = normalised(message)
            category = self._category(message, text) if text else []
            message.set("category", category, add_to_output=True)
            message.set("urgent", self._is_urgent(message, category), add_to_output=True)
        return messages

    def _category(self, message: Message, text: str) -> list[dict[str, Any]]:
        ranking = self.state.ranker.rank([text], sentence_vector(message)[np.newaxis, :])
        chance = max(self.state.calibration.chances(ranking))
        codes = self.state.ranker.labels
        return [
            {"code": codes[i], "score": round(score, 4)}
            for i, score in divided(ranking, chance, _LISTED)
        ]

    def _is_urgent(self, message: Message, category: list[dict[str, Any]]) -> bool:
        """Say whether a report is of a category that cannot wait; danger is read elsewhere."""
        if (message.get("intent") or {}).get("name") not in REPORTING:
            return False
        return any(
            self.state.priorities[entry["code"]] == "urgent"
            for entry in category[:1]
            if entry["score"] >= self.config["urgent_from"]
        )


def _categories() -> list[dict[str, str]]:
    return read_rows(data_folder() / "report_categories.csv")


def report_phrases(normaliser: Normaliser) -> tuple[list[str], list[str]]:
    """Write each category's name and colloquial phrases in normal form, with their codes."""
    written = read_yaml(dictionary_folder() / "report_phrases.yml")
    pairs = {
        (normaliser(phrase), row["code"]): None
        for row in _categories()
        for phrase in (row["name"], *written[row["code"]])
    }
    return [phrase for phrase, _ in pairs], [code for _, code in pairs]
