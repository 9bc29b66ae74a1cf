"""Rasa's message processor with our way of reading a message and of running an action."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Executor
from functools import cached_property, partial
from typing import Any

import aiohttp
from pymongo.errors import PyMongoError
from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import (
    ActionExecutionRejected,
    Event,
    LoopInterrupted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from dialogue.action import Actions
from dialogue.errors import ActionAwayError, ActionFailedError
from dialogue.parses import Parses
from dialogue.ports import ParseData, Reader
from dialogue.predictions import Predictions
from dialogue.state import day_of, state_of

logger = logging.getLogger(__name__)

_AWAY = (ConnectionError, TimeoutError, asyncio.TimeoutError, aiohttp.ClientError, PyMongoError)
_SLASH = "/"
_WIDE_SLASH = "／"


class TurnMessage(UserMessage):
    """A message of the contract on its way through Rasa.

    Args:
        inbound: the InboundMessage.
    """

    def __init__(self, inbound: dict[str, Any], **options: Any) -> None:
        super().__init__(text=inbound.get("text") or inbound.get("payload") or "", **options)
        self.inbound = inbound


class TurnProcessor(MessageProcessor):
    """Runs turns: the reader reads, actions run in process, failures end the turn.

    Set by the agent once the model is loaded: `actions`, `reader`, `thread`.
    """

    actions: Actions
    reader: Reader
    thread: Executor

    def __init__(self, **options: Any) -> None:
        self._circling: set[str] = set()
        self.parses = Parses()
        super().__init__(**options, on_circuit_break=self._note_circle)

    async def concerns(self, message: TurnMessage, tracker: DialogueStateTracker) -> bool:
        """Tell whether a message to a clerk tells of danger, or ends the talk."""
        if self.reader.leaves(message.inbound):
            return True
        state = state_of(tracker, message.metadata)
        parse = partial(self.parse_text, at=_at(message))
        return await self.reader.hears(message.inbound, state, parse) is not None

    async def run_turn(self, message: TurnMessage, tracker: DialogueStateTracker) -> None:
        """Run one turn on `tracker`; its replies are in the message's output channel.

        Raises:
            ActionAwayError: an action could not reach what it needs.
            ActionFailedError: an action has a defect, or the dialogue runs in circles.
        """
        tracker.model_id = self.model_metadata.model_id
        tracker.assistant_id = self.model_metadata.assistant_id
        channel = message.output_channel
        await self._update_tracker_session(tracker, channel, message.metadata)
        await self._handle_message_with_tracker(message, tracker)
        tracker = await self.run_action_extract_slots(channel, tracker)
        await self._run_prediction_loop(channel, tracker)

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> ParseData:
        """Let the reader read a turn; anything else is plain text."""
        if tracker is None or not isinstance(message, TurnMessage):
            return await self.parse_text(message.text or "")
        state = state_of(tracker, message.metadata)
        return await self.reader(message.inbound, state, partial(self.parse_text, at=_at(message)))

    async def parse_text(self, text: str, at: str | None = None) -> ParseData:
        """Ask the trained pipeline, in a thread of its own.

        A leading slash is Rasa's notation for commands; a citizen's slash is only a slash.

        Args:
            text: what was said.
            at: when, by ISO 8601: "tomorrow" is another day every day. None for now.
        """
        plain = text.lstrip()
        spoken = _WIDE_SLASH + plain[1:] if plain.startswith(_SLASH) else text
        day = day_of(at) if at else ""
        parsed = self.parses.recall(spoken, day)
        if parsed is None:
            loop = asyncio.get_running_loop()
            parsed = await loop.run_in_executor(self.thread, self.parse_here, spoken, at)
            self.parses.keep(spoken, day, parsed)
        return {**parsed, "text": text}

    def parse_here(self, text: str, at: str | None = None) -> ParseData:
        """Run the pipeline on a text in this thread; it sees no conversation, and the day."""
        message = UserMessage(text, metadata={"at": at} if at else None)
        parsed: ParseData = self._parse_message_with_graph(
            message, DialogueStateTracker.from_events(message.sender_id, [])
        )
        return parsed

    def _get_action(self, action_name: str) -> Action | None:
        """Return the action to run, ours in process."""
        return self.actions.find(action_name) or super()._get_action(action_name)

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Fill slots from the message, where the domain has any that this turn can fill."""
        if tracker.active_loop_name is None and self._only_forms_fill:
            return tracker
        return await super().run_action_extract_slots(output_channel, tracker)

    @cached_property
    def _only_forms_fill(self) -> bool:
        """Say whether no slot is filled from a message outside a form."""
        return (
            all(
                (mapping["type"] == "custom" and "action" not in mapping)
                or all(
                    condition.get("active_loop") for condition in mapping.get("conditions") or [{}]
                )
                for slot in self.domain.slots
                for mapping in slot.mappings
            )
            and "action_validate_slot_mappings" not in self.domain.user_actions
        )

    @cached_property
    def _predictions(self) -> Predictions:
        """Return the memory of what the rules predicted."""
        return Predictions(self.domain)

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        """Predict the next action, the same for the same dialogue."""
        predict = super()._predict_next_with_tracker
        return (
            predict(tracker)
            if tracker.followup_action
            else self._predictions.recall(tracker, predict)
        )

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """Predict the next action, and let it run in process if it is ours."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        return self.actions.find(action.name()) or action, prediction

    async def _run_prediction_loop(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> None:
        """Predict and act until the dialogue listens; a dialogue in circles is a defect."""
        await super()._run_prediction_loop(output_channel, tracker)
        if tracker.sender_id in self._circling:
            self._circling.discard(tracker.sender_id)
            raise ActionFailedError("the dialogue runs in circles")

    def _note_circle(self, tracker: DialogueStateTracker, *_: Any) -> None:
        """Remember that the dialogue of a conversation did not come to an end."""
        self._circling.add(tracker.sender_id)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Run an action; Rasa would go on without a word after a failure, we do not.

        Raises:
            ActionAwayError: it could not reach what it needs.
            ActionFailedError: it has a defect.
        """
        name = action.name()
        seen = self._seen_by_action(tracker, prediction)
        try:
            events = await action.run(output_channel, nlg, seen, self.domain)
        except ActionExecutionRejection:
            tracker.update(
                ActionExecutionRejected(name, prediction.policy_name, prediction.max_confidence)
            )
            return bool(self.should_predict_another_action(name))
        except _AWAY as error:
            logger.warning("action %s: %s", name, type(error).__name__)
            raise ActionAwayError(name) from error
        except Exception as error:
            logger.exception("action %s failed", name)
            raise ActionFailedError(name) from error
        self._log_action_on_tracker(tracker, action, events, prediction)
        if any(isinstance(event, UserUttered) for event in events):
            tracker = await self.run_action_extract_slots(output_channel, tracker)
        await self.execute_side_effects(events, tracker, output_channel)
        return bool(self.should_predict_another_action(name))

    def _seen_by_action(
        self, tracker: DialogueStateTracker, prediction: PolicyPrediction
    ) -> DialogueStateTracker:
        """Return the tracker with what the prediction brings; copied only where that matters."""
        if not any(isinstance(event, LoopInterrupted) for event in prediction.events):
            return tracker
        seen = tracker.copy()
        seen.update_with_events(prediction.events, self.domain)
        return seen

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Event] | None,
        prediction: PolicyPrediction,
    ) -> None:
        """Write down that an action ran; Rasa would also copy every event for its debug log."""
        happened = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in happened):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(happened, self.domain)


def _at(message: UserMessage) -> str | None:
    """Return the time of a message, by ISO 8601."""
    at = (message.metadata or {}).get("at")
    return str(at) if at else None
