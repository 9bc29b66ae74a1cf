"""What the rules predicted for a dialogue, remembered: the same dialogue gets the same prediction.

The rules see intents, kinds of entities, actions, loops and featurised slots, and never a word of
what was said; so few different dialogues exist, and evaluating all rules again for each is waste.
"""

from __future__ import annotations

import copy
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

CAPACITY = 5_000

Signature = tuple[Hashable, ...]


class Predictions:
    """The predictions of the last dialogues; a tracker has to be short to be worth it."""

    def __init__(self, domain: Domain) -> None:
        featurised = {slot.name for slot in domain.slots if slot.influence_conversation}
        self._seen_slots = frozenset(featurised | {REQUESTED_SLOT})
        self._known: OrderedDict[Signature, PolicyPrediction] = OrderedDict()

    def recall(
        self,
        tracker: DialogueStateTracker,
        predict: Callable[[DialogueStateTracker], PolicyPrediction],
    ) -> PolicyPrediction:
        """Return the prediction for a tracker, asking `predict` only for a new dialogue."""
        signature = self._signature(tracker)
        known = self._known.get(signature)
        if known is None:
            known = _fresh(predict(tracker))
            self._known[signature] = known
            if len(self._known) > CAPACITY:
                self._known.popitem(last=False)
        self._known.move_to_end(signature)
        return _fresh(known)

    def _signature(self, tracker: DialogueStateTracker) -> Signature:
        """Return all that a prediction can depend on."""
        parts = (self._part(event) for event in tracker.applied_events())
        return tuple(part for part in parts if part is not None)

    def _part(self, event: Event) -> Hashable | None:
        """Return what the rules see of one event; None where they see nothing."""
        if isinstance(event, BotUttered):
            return None
        if isinstance(event, SlotSet):
            if event.key not in self._seen_slots:
                return None
            return (event.type_name, event.key, repr(event.value))
        if isinstance(event, UserUttered):
            return (event.type_name, event.intent_name, _entities(event))
        return (event.type_name, _named(event))


def _entities(event: UserUttered) -> frozenset[tuple[Any, ...]]:
    """Return the kinds of entities in a message."""
    return frozenset(
        (entity.get("entity"), entity.get("role"), entity.get("group")) for entity in event.entities
    )


def _named(event: Event) -> Hashable:
    """Return what tells one event of a type from another."""
    if isinstance(event, (ActionExecuted, ActionExecutionRejected)):
        return str(event.action_name)
    if isinstance(event, ActiveLoop):
        return str(event.name)
    if isinstance(event, LoopInterrupted):
        return bool(event.is_interrupted)
    if isinstance(event, DefinePrevUserUtteredFeaturization):
        return bool(event.use_text_for_featurization)
    return repr({**event.as_dict(), "timestamp": None})


def _fresh(prediction: PolicyPrediction) -> PolicyPrediction:
    """Return a copy whose parts may be changed, made now."""
    made = copy.copy(prediction)
    made.probabilities = list(prediction.probabilities)
    made.optional_events = list(prediction.optional_events)
    made.events = [copy.copy(event) for event in prediction.events]
    for event in made.events:
        event.timestamp = time.time()
    return made
