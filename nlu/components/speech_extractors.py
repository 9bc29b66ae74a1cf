"""Pipeline step 5b: amounts, days, times and places as entities, by rule.

Positions and text are the citizen's own; the values are plain: yuan, ISO dates, HH:MM.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.dates import find_dates
from components.money import find_money
from components.places import PlaceFinder, finder_files, load_finder
from components.project_files import data_folder
from components.spans import Span
from components.spoken_numbers import LOOKED_AT
from components.stored_state import StatefulComponent
from components.times import find_times
from components.yaml_files import content_hash

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_NUMBERED = {"id_number", "phone", "case_number"}
Self = TypeVar("Self", bound="_Untaught")


class _Finds(EntityExtractorMixin):
    """Add what a rule finds to the entities, outside of identifiers."""

    def _find(self, text: str, message: Message) -> list[Span]:
        raise NotImplementedError

    def process(self, messages: list[Message]) -> list[Message]:
        """Find entities in the citizen's own words."""
        for message in messages:
            known: list[dict[str, Any]] = message.get(ENTITIES, [])
            numbered = [one for one in known if one["entity"] in _NUMBERED]
            found = [
                span.as_entity()
                for span in self._find((message.get(TEXT) or "")[:LOOKED_AT], message)
                if not any(span.start < n["end"] and n["start"] < span.end for n in numbered)
            ]
            message.set(ENTITIES, known + self.add_extractor_name(found), add_to_output=True)
        return messages


class _Untaught(_Finds, GraphComponent):
    """A step that has nothing to learn."""

    @classmethod
    def create(
        cls: type[Self],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Make the step."""
        return cls()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MoneyExtractor(_Untaught):
    """Set `money`: yuan as a decimal number."""

    def _find(self, text: str, message: Message) -> list[Span]:
        return find_money(text)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class DateExtractor(_Untaught):
    """Set `date` (ISO, with `working_day`) and `time` (HH:MM or a part of the day)."""

    def _find(self, text: str, message: Message) -> list[Span]:
        spans = find_dates(text, spoken_on(message)) + find_times(text)
        return sorted(spans, key=lambda span: span.start)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PlaceExtractor(_Finds, StatefulComponent):
    """Set `address`, `community` (with its code) and `place_phrase`."""

    state: PlaceFinder

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Make a changed grid or word list retrain the model."""
        return content_hash(finder_files(data_folder()))

    def train(self, training_data: TrainingData) -> Resource:
        """Put the grid's names and the words for places into the model."""
        return self.keep(load_finder(data_folder()))

    def _find(self, text: str, message: Message) -> list[Span]:
        return self.state(text)


def spoken_on(message: Message) -> date:
    """Give the day in Shanghai a message was said on: its turn's `at`, else today."""
    at = (message.get("metadata") or {}).get("at")
    moment = datetime.fromisoformat(at.replace("Z", "+00:00")) if at else datetime.now(_SHANGHAI)
    return moment.astimezone(_SHANGHAI).date()
