"""Rasa's agent with our processor, stores and actions; nothing of Rasa is changed."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from components.embedding import shared_embedder
from components.normalisation import Dictionaries, Normaliser
from components.places import load_finder
from rasa.core.agent import Agent
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa_sdk.executor import ActionExecutor
from reading.danger import DangerWords, SafetyReader
from reading.lines import LineReader, use
from reading.looks import TwoLooks
from reading.models import load_form, load_lines, load_safety

from dialogue.action import Actions
from dialogue.gate import load_words
from dialogue.halls import read_hall_names
from dialogue.lock_store import WakingLockStore
from dialogue.ports import Reader
from dialogue.processor import TurnProcessor
from dialogue.read_ahead import read_ahead
from dialogue.tracker_store import MongoTrackerStore
from dialogue.watch import Watch


class TurnAgent(Agent):
    """An agent whose turns run in this process.

    Args:
        store: where trackers are kept; Rasa would wrap it so that failures go unnoticed.
        executor: knows the project's actions.
        reader_of: makes what decides how a message is read, from the path of the trained model.
        thread: where the trained pipeline runs.
    """

    processor: TurnProcessor

    def __init__(
        self,
        store: MongoTrackerStore,
        executor: ActionExecutor,
        reader_of: Callable[[Path], Reader],
        thread: Executor,
    ) -> None:
        super().__init__(domain=Domain.empty(), lock_store=WakingLockStore())
        self.tracker_store = store
        self._executor = executor
        self._reader_of = reader_of
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
        self.processor.reader = self._reader_of(Path(model_path))
        self.processor.thread = self._thread

    def try_out(self) -> None:
        """Parse one text before the first citizen does, in this thread.

        A model that the components no longer fit loads and fails at its first text: then the
        service must not start, because it would fail everybody.
        """
        self.processor.parse_here("1")


def project_reader(data_dir: Path, thread: Executor, model_path: Path) -> Watch:
    """Return what reads messages: with the project's words and places, and what was learnt.

    The actions of this process find the lines of guides with the same model.

    Args:
        data_dir: the project's words and grid.
        thread: where sentence vectors are computed.
        model_path: the trained model.
    """
    learnt = load_safety(model_path)
    safety = SafetyReader(DangerWords.read(data_dir), TwoLooks(learnt.danger), learnt.akin)
    words, places = load_words(data_dir), load_finder(data_dir)
    halls = read_hall_names(data_dir)
    normalise = Normaliser(Dictionaries.read(data_dir / "dictionaries"))
    use(LineReader(load_lines(model_path), shared_embedder(), normalise, thread))
    talk, form = TwoLooks(learnt.talk), load_form(model_path)
    return Watch(safety, talk, learnt.follow_ups, words, places, halls, thread, form)


def project_actions() -> ActionExecutor:
    """Return an executor that knows every action of the package `actions`, ready for a turn."""
    executor = ActionExecutor()
    executor.register_package("actions")
    read_ahead("actions")
    return executor
