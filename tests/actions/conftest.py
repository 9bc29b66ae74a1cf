"""The stage of the dialogue's tests: the real office, the real rules, a citizen who speaks."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from dialogue.lean_start import leave_out_tensorflow

leave_out_tensorflow()  # as the service does, before Rasa is imported

from desk import Desk  # noqa: E402
from no_blocking import nothing_blocks  # noqa: E402
from servers import ROOT, free_port, running  # noqa: E402
from stage import Citizen, Clerk, office_environment, train_rules  # noqa: E402

from actions import office  # noqa: E402

# What Rasa 3.6 says at every start, whatever the project does.
RASA_SAYS = (
    "ignore:Slot auto-fill has been removed",
    "ignore:Deprecated API features detected",
    "ignore:.*was not found in.*:UserWarning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Rasa's own warnings pass; any other warning still fails a test."""
    here = Path(__file__).resolve().parent
    for item in items:
        if here in item.path.parents:
            for warning in RASA_SAYS:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture(autouse=True)
def blocking_calls() -> Iterator[list[str]]:
    """Fail whatever blocks the event loop from within the service or an action it runs."""
    with nothing_blocks("dialogue", "actions") as found:
        yield found


@pytest.fixture(scope="session")
def office_server(mongo_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Base address of a real office with the sample catalogue and the sample staff."""
    port, folder = free_port(), tmp_path_factory.mktemp("office")
    env = office_environment(mongo_server, port)
    command = [str(ROOT / ".venv/bin/python"), "-m", "paoyici.cli", "serve", "--room", "backend"]
    with running(command, port, folder / "log", cwd=ROOT, env=env):
        previous = dict(os.environ)
        os.environ["SERVICE_TOKEN"] = env["SERVICE_TOKEN"]
        os.environ["BACKEND_URL"] = f"http://127.0.0.1:{port}/api/v1"
        yield os.environ["BACKEND_URL"]
        os.environ.clear()
        os.environ.update(previous)


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dialogue's rules, trained without an ear."""
    return train_rules(tmp_path_factory.mktemp("rules"))


@pytest.fixture(scope="session")
def clerk(rules: Path) -> Clerk:
    """The clerk: rules and actions, as the dialogue service loads them."""
    return asyncio.run(Clerk.load(rules))


@pytest.fixture
async def citizen(office_server: str, clerk: Clerk) -> AsyncIterator[Citizen]:
    """A citizen in a conversation of their own."""
    somebody = Citizen(clerk)
    await somebody.arrive()
    yield somebody
    await office.close()


@pytest.fixture
async def desk(office_server: str) -> AsyncIterator[Desk]:
    """Staff at their desk."""
    async with Desk.open(office_server) as staff:
        yield staff
