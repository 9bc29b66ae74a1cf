"""Rasa's message processor with our way of reading a message and of running an action."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Executor
from typing import Any

import aiohttp
from pymongo.errors import PyMongoError
from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from dialogue.action import Actions
from dialogue.errors import ActionAwayError, ActionFailedError
from dialogue.ports import Gate, ParseData

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
    """Runs turns: the gate reads, actions run in process, failures end the turn.

    Set by the agent once the model is loaded: `actions`, `gate`, `thread`.
    """

    actions: Actions
    gate: Gate
    thread: Executor

    def __init__(self, **options: Any) -> None:
        self._circling: set[str] = set()
        super().__init__(**options, on_circuit_break=self._note_circle)

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
        """Let the gate read a turn; anything else is plain text."""
        if tracker is None or not isinstance(message, TurnMessage):
            return await self.parse_text(message.text or "")
        return await self.gate(
            message.inbound,
            tracker.active_loop_name,
            tracker.get_slot("awaiting") if "awaiting" in tracker.slots else None,
            self.parse_text,
        )

    async def parse_text(self, text: str) -> ParseData:
        """Ask the trained pipeline, in a thread of its own.

        A leading slash is Rasa's notation for commands; a citizen's slash is only a slash.
        """
        plain = text.lstrip()
        spoken = _WIDE_SLASH + plain[1:] if plain.startswith(_SLASH) else text
        loop = asyncio.get_running_loop()
        parsed = await loop.run_in_executor(self.thread, self._parse_in_thread, spoken)
        return {**parsed, "text": text}

    def _parse_in_thread(self, text: str) -> ParseData:
        """Run the pipeline on a text; it sees no conversation."""
        message = UserMessage(text)
        return self._parse_message_with_graph(
            message, DialogueStateTracker.from_events(message.sender_id, [])
        )

    def _get_action(self, action_name: str) -> Action | None:
        """Return the action to run, ours in process."""
        return self.actions.find(action_name) or super()._get_action(action_name)

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
        """Run an action; Rasa would go on without a word after a failure, we do not."""
        watched = Watched(action)
        goes_on = await super()._run_action(watched, tracker, output_channel, nlg, prediction)
        if watched.failure is None:
            return goes_on
        if isinstance(watched.failure, _AWAY):
            raise ActionAwayError(action.name()) from watched.failure
        raise ActionFailedError(action.name()) from watched.failure


class Watched(Action):
    """An action whose failure is remembered after Rasa has swallowed it."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self.failure: Exception | None = None

    def name(self) -> str:
        """Return the action's name."""
        return self._action.name()

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> Event:
        """Return the event the action is recorded as."""
        return self._action.event_for_successful_execution(prediction)

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Run the action, remembering why it failed; a rejection is no failure."""
        try:
            return await self._action.run(output_channel, nlg, tracker, domain)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            logger.exception("action %s failed", self.name())
            self.failure = error
            return []
