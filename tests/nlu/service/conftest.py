"""The dialogue service on a tiny Rasa project, trained in seconds, on a real store."""

from __future__ import annotations

import sys
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

sys.path.insert(0, str(Path(__file__).resolve().parent))

from dialogue.agent import TurnAgent
from dialogue.logs import be_quiet
from dialogue.privacy import Envelope
from dialogue.replies import OwnReplies
from dialogue.service import DialogueService
from dialogue.tracker_store import MongoTrackerStore
from no_blocking import nothing_blocks
from tiny_project import TinyActions, TinyReader, write_project

be_quiet("WARNING")

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def blocking_calls() -> Iterator[list[str]]:
    """Fail whatever blocks the event loop from within the service or an action it runs."""
    with nothing_blocks("dialogue", "actions") as found:
        yield found


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained model of the tiny project."""
    from rasa.model_training import train

    folder = tmp_path_factory.mktemp("project")
    write_project(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Rasa explains its history to everybody who trains.
        result = train(
            domain=str(folder / "domain.yml"),
            config=str(folder / "config.yml"),
            training_files=[str(folder / "data.yml")],
            output=str(folder / "models"),
            fixed_model_name="tiny",
        )
    return Path(result.model)


@pytest.fixture
def tiny_actions() -> TinyActions:
    """The tiny project's actions, which can be told to fail."""
    return TinyActions()


@pytest.fixture
def data_key() -> str:
    """The key that seals trackers."""
    return Fernet.generate_key().decode()


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    """Where the pipeline runs."""
    with ThreadPoolExecutor(1) as executor:
        yield executor


StartService = Callable[[], DialogueService]


@pytest.fixture
async def start_service(
    mongo_server: str,
    mongo_database: str,
    tiny_model: Path,
    tiny_actions: TinyActions,
    data_key: str,
    thread: ThreadPoolExecutor,
) -> AsyncIterator[StartService]:
    """Starts services on one database, as processes would be."""
    stores: list[MongoTrackerStore] = []

    def start() -> DialogueService:
        store = MongoTrackerStore(mongo_server, mongo_database, Envelope([data_key]), keep_turns=4)
        stores.append(store)
        agent = TurnAgent(store, tiny_actions.executor(), lambda _: TinyReader(), thread)
        agent.load_model(tiny_model)
        return DialogueService(agent, store, OwnReplies(ROOT / "data"))

    yield start
    for store in stores:
        await store.close()


@pytest.fixture
def service(start_service: StartService) -> DialogueService:
    """One running service."""
    return start_service()
