"""Fixtures every room's tests share."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from house import House, running_house
from servers import free_port, mongo_command, redis_command, running


@pytest.fixture(scope="session")
def mongo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real MongoDB-protocol server, empty at the start of the session."""
    folder = tmp_path_factory.mktemp("mongo")
    port = free_port()
    with running(mongo_command(port, folder / "data"), port, folder / "log"):
        yield f"mongodb://127.0.0.1:{port}/?directConnection=true&retryWrites=false"


@pytest.fixture
def mongo_database() -> str:
    """Name of a database no other test uses."""
    return f"test_{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real Redis-protocol server."""
    folder = tmp_path_factory.mktemp("redis")
    port = free_port()
    with running(redis_command(port, folder), port, folder / "log"):
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The whole system, started once a session as `make run` starts it."""
    with running_house(tmp_path_factory.mktemp("house")) as started:
        yield started


@pytest.fixture(scope="session")
def street_url(house: House) -> str:
    """Public origin of the running system."""
    return house.origin


@pytest.fixture(scope="session")
def staff_logins(house: House) -> dict[str, tuple[str, str]]:
    """Log-ins of the running system that are ready for work: role → (username, password)."""
    return house.logins()
