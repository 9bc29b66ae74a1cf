"""A Rasa project of a few lines: greet, a form of one slot, an action that can fail."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dialogue.ports import Parse, ParseData
from dialogue.state import DialogueState
from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

CONFIG = """
recipe: default.v1
assistant_id: tiny
language: zh
pipeline:
  - name: KeywordIntentClassifier
policies:
  - name: RulePolicy
    enable_fallback_prediction: false
"""

DOMAIN = """
version: "3.1"
intents: [greet, count, apply, inform, bye]
entities: []
slots:
  turns:
    type: any
    influence_conversation: false
    mappings: [{type: custom}]
  answer:
    type: any
    influence_conversation: false
    mappings:
      - {type: from_text, conditions: [{active_loop: name_form, requested_slot: answer}]}
forms:
  name_form: {required_slots: [answer]}
actions: [action_count, validate_name_form, action_ask_answer]
responses:
  utter_hello:
    - text: 您好，{turns}
      buttons: [{title: 找人工, payload: /ask_human}]
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
"""

DATA = """
version: "3.1"
nlu:
  - intent: greet
    examples: |
      - 您好
      - 你好
  - intent: count
    examples: |
      - 数一数
      - 几次
  - intent: apply
    examples: |
      - 申请
      - 要申请
  - intent: inform
    examples: |
      - 填写
      - 填好
  - intent: bye
    examples: |
      - 再见
      - 拜拜
rules:
  - rule: greet
    steps: [{intent: greet}, {action: utter_hello}]
  - rule: count
    steps: [{intent: count}, {action: action_count}]
  - rule: open the form
    steps: [{intent: apply}, {action: name_form}, {active_loop: name_form}]
  - rule: close the form
    condition: [{active_loop: name_form}]
    steps: [{action: name_form}, {active_loop: null}, {action: action_count}]
"""


def write_project(folder: Path) -> None:
    """Write the project's files."""
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    (folder / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (folder / "data.yml").write_text(DATA, encoding="utf-8")


class TinyReader:
    """Takes buttons at their word, answers to the form as such, and parses the rest."""

    async def __call__(
        self, message: Mapping[str, Any], state: DialogueState, parse: Parse
    ) -> ParseData:
        payload = str(message.get("payload") or "")
        if message["kind"] == "button":
            return _as(payload.lstrip("/"), payload)
        if state.active_loop:
            return _as("inform", str(message["text"]))
        parsed = await parse(str(message.get("text") or ""))
        return {**parsed, "items": [], "category": []}

    async def hears(
        self, message: Mapping[str, Any], state: DialogueState, parse: Parse
    ) -> object | None:
        return "danger" if "救命" in str(message.get("text")) else None

    def leaves(self, message: Mapping[str, Any]) -> bool:
        return message.get("text") == "退出人工"


def _as(intent: str, text: str) -> ParseData:
    return {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": []}


class TinyActions:
    """The actions; `failure` is raised by the counting action when set.

    Attributes:
        runs: how often the counting action ran.
        blocks: the counting action blocks the event loop, as no action may.
    """

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.runs = 0
        self.blocks = False
        self.metadata: dict[str, Any] = {}

    def executor(self) -> ActionExecutor:
        """Return an executor that knows them."""
        executor = ActionExecutor()
        for action in (_Count(self), _Validate(), _Ask()):
            executor.register_action(action)
        return executor


class _Count(Action):
    def __init__(self, told: TinyActions) -> None:
        self._told = told

    def name(self) -> str:
        return "action_count"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        self._told.runs += 1
        self._told.metadata = tracker.latest_message["metadata"]
        if self._told.blocks:
            time.sleep(0.01)
        if self._told.failure:
            raise self._told.failure
        turns = (tracker.get_slot("turns") or 0) + 1
        name = tracker.get_slot("answer")
        dispatcher.utter_message(
            json_message={"kind": "card", "title": "计数", "text": f"{name}第{turns}次"}
        )
        return [{"event": "slot", "name": "turns", "value": turns}]


class _Validate(FormValidationAction):
    def name(self) -> str:
        return "validate_name_form"

    def validate_answer(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        if len(value) > 4:
            dispatcher.utter_message(json_message={"kind": "text", "text": "太长了"})
            return {"answer": None}
        return {"answer": value}


class _Ask(Action):
    def name(self) -> str:
        return "action_ask_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
        dispatcher.utter_message(json_message={"kind": "text", "text": "您叫什么？"})
        return []
