"""Rasa's agent with our processor, stores and actions; nothing of Rasa is changed."""

from __future__ import annotations

import warnings
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

from components.places import load_finder
from rasa.core.agent import Agent
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa_sdk.executor import ActionExecutor

from dialogue.action import Actions
from dialogue.gate import load_words, read
from dialogue.lock_store import WakingLockStore
from dialogue.ports import Gate
from dialogue.processor import TurnProcessor
from dialogue.read_ahead import read_ahead
from dialogue.tracker_store import MongoTrackerStore


class TurnAgent(Agent):
    """An agent whose turns run in this process.

    Args:
        store: where trackers are kept; Rasa would wrap it so that failures go unnoticed.
        executor: knows the project's actions.
        gate: decides how a message is read.
        thread: where the trained pipeline runs.
    """

    processor: TurnProcessor

    def __init__(
        self, store: MongoTrackerStore, executor: ActionExecutor, gate: Gate, thread: Executor
    ) -> None:
        super().__init__(domain=Domain.empty(), lock_store=WakingLockStore())
        self.tracker_store = store
        self._executor = executor
        self._gate = gate
        self._thread = thread

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a trained model.

        Raises:
            FileNotFoundError: it is not there; Rasa would load another one instead.
        """
        if not Path(model_path).is_file():
            raise FileNotFoundError(str(model_path))
        with warnings.catch_warnings():
            # Every loaded domain is greeted with a note on how Rasa 2 filled slots.
            warnings.simplefilter("ignore")
            self.processor = TurnProcessor(
                model_path=model_path,
                tracker_store=self.tracker_store,
                lock_store=self.lock_store,
                generator=self.nlg,
            )
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint or self.processor.model_metadata.model_id)
        self.tracker_store.domain = self.domain
        if isinstance(self.nlg, TemplatedNaturalLanguageGenerator):
            self.nlg.responses = self.domain.responses
        self.processor.actions = Actions(self._executor, self.domain)
        self.processor.action_endpoint = self.processor.actions.endpoint
        self.processor.gate = self._gate
        self.processor.thread = self._thread


def project_gate(data_dir: Path) -> Gate:
    """Return the project's gate with its lexicon and the places of its grid."""
    return partial(read, words=load_words(data_dir), places=load_finder(data_dir))


def project_actions() -> ActionExecutor:
    """Return an executor that knows every action of the package `actions`, ready for a turn."""
    executor = ActionExecutor()
    executor.register_package("actions")
    read_ahead("actions")
    return executor
