"""Fixtures of what strangers send: one street for all of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hostile.street import Street, running_street


@pytest.fixture(scope="session")
def street(
    mongo_server: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Street]:
    """The whole street, as a process."""
    with running_street(mongo_server, redis_url, tmp_path_factory.mktemp("street")) as started:
        yield started
