"""Custom actions in this process: rasa-sdk's executor, no HTTP, no schema compiled per call."""

from __future__ import annotations

import json
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection as ExecutionRejection

from dialogue.event_types import read_events


class InProcessEndpoint(EndpointConfig):
    """Stands where Rasa expects the address of an action server, and runs the action here."""

    def __init__(self, executor: ActionExecutor) -> None:
        super().__init__(url="in-process")
        self.executor = executor

    async def request(self, *_: Any, json: dict[str, Any], **__: Any) -> dict[str, Any]:
        """Run an action call, answering as an action server would."""
        try:
            return await self.executor.run(json) or {"events": [], "responses": []}
        except ExecutionRejection as rejection:
            raise ClientResponseError(
                400, rejection.message, _rejection_body(rejection)
            ) from rejection


class InProcessAction(RemoteAction):
    """A custom action; what it returns was made by rasa-sdk's own helpers and is not re-checked."""

    def __init__(self, name: str, endpoint: InProcessEndpoint, domain: dict[str, Any]) -> None:
        super().__init__(name, endpoint)
        self._executor = endpoint.executor
        self._domain = domain

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        """Build the call; the domain was put into a dictionary once, at start."""
        return {
            "next_action": self._name,
            "sender_id": tracker.sender_id,
            "tracker": tracker.current_state(EventVerbosity.AFTER_RESTART),
            "domain": self._domain,
        }

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Run the action; a form that rejects its turn says so by an exception."""
        call = self._action_call_format(tracker, domain)
        try:
            result = await self._executor.run(call) or {}
        except ExecutionRejection as rejection:
            raise ActionExecutionRejection(rejection.action_name, rejection.message) from rejection
        said = await self._utter_responses(
            result.get("responses", []), output_channel, nlg, tracker
        )
        return [*said, *read_events(result.get("events", []))]


class InProcessForm(FormAction):
    """A form whose validation and questions run in this process."""

    def __init__(self, name: str, actions: Actions) -> None:
        super().__init__(name, actions.endpoint)
        self._actions = actions

    async def validate_slots(
        self,
        slot_candidates: dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        """Let `validate_{form}` judge what was extracted, if the domain has it."""
        name = f"validate_{self.name()}"
        if name not in domain.action_names_or_texts:
            return []
        candidates = [SlotSet(slot, value) for slot, value in slot_candidates.items()]
        seen = self._temporary_tracker(tracker, candidates, domain)
        return await self._actions.custom(name).run(output_channel, nlg, seen, domain)

    async def _ask_for_slot(
        self,
        domain: Domain,
        nlg: NaturalLanguageGenerator,
        output_channel: OutputChannel,
        slot_name: str,
        tracker: DialogueStateTracker,
    ) -> list[Event]:
        """Ask for the next slot by action or response, whichever the domain has."""
        name = self._name_of_utterance(domain, slot_name)
        if name is None or not self._actions.is_custom(name):
            asked: list[Event] = await super()._ask_for_slot(
                domain, nlg, output_channel, slot_name, tracker
            )
            return asked
        return await self._actions.custom(name).run(output_channel, nlg, tracker, domain)


class Actions:
    """All custom actions of the project."""

    def __init__(self, executor: ActionExecutor, domain: Domain) -> None:
        self.endpoint = InProcessEndpoint(executor)
        self._domain = domain.as_dict()
        self._forms = frozenset(domain.form_names) - frozenset(domain.user_actions)

    def is_custom(self, name: str) -> bool:
        """Say whether the project itself defines the action."""
        return name in self.endpoint.executor.actions

    def custom(self, name: str) -> InProcessAction:
        """Return a custom action."""
        return InProcessAction(name, self.endpoint, self._domain)

    def find(self, name: str) -> Action | None:
        """Return a custom action or a form, or None for what Rasa itself does."""
        if name in self._forms:
            return InProcessForm(name, self)
        return self.custom(name) if self.is_custom(name) else None


def _rejection_body(rejection: ExecutionRejection) -> str:
    """Return the body by which Rasa recognises a rejection."""
    return json.dumps({"action_name": rejection.action_name, "error": rejection.message})
