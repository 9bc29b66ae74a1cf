"""Items are asked for once a version, and a new version is told within a second."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from actions import items, office
from actions.items import SURE_SECONDS, Shelf
from actions.office import BackendUnavailableError


class Catalogue:
    """An office that serves one item, and counts how often it is asked."""

    def __init__(self) -> None:
        self.version = "2026.1"
        self.codes = {"A001"}
        self.away = False
        self.items_asked = 0
        self.versions_asked = 0

    async def item(self, request: web.Request) -> web.Response:
        """Answer with an item."""
        self.items_asked += 1
        code = request.match_info["code"]
        if code not in self.codes:
            return web.json_response({"error": {"key": "catalogue.item_not_found"}}, status=404)
        return web.json_response({"code": code, "version": self.version})

    async def versions(self, _: web.Request) -> web.Response:
        """Answer which version is served."""
        self.versions_asked += 1
        status = 503 if self.away else 200
        return web.json_response({"current": self.version, "versions": []}, status=status)


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def catalogue(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Catalogue]:
    """The office, listening."""
    served = Catalogue()
    application = web.Application()
    application.router.add_get("/catalogue/items/{code}", served.item)
    application.router.add_get("/catalogue/versions", served.versions)
    async with TestServer(application) as server:
        monkeypatch.setenv("BACKEND_URL", str(server.make_url("")))
        monkeypatch.setenv("SERVICE_TOKEN", "a-service-token-of-tests")
        yield served
        await office.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_an_item_is_asked_for_once(catalogue: Catalogue, clock: Clock) -> None:
    shelf = Shelf(clock)
    for _ in range(5):
        assert await shelf.item("A001") == {"code": "A001", "version": "2026.1"}
    assert (catalogue.items_asked, catalogue.versions_asked) == (1, 1)


async def test_a_new_version_is_told_after_a_second(catalogue: Catalogue, clock: Clock) -> None:
    shelf = Shelf(clock)
    await shelf.item("A001")
    catalogue.version = "2026.2"
    clock.now += SURE_SECONDS
    found: dict[str, Any] | None = await shelf.item("A001")
    assert found is not None
    assert found["version"] == "2026.2"
    assert await shelf.item("A001") == found
    assert catalogue.items_asked == 2


async def test_what_a_new_version_no_longer_has_is_not_told(
    catalogue: Catalogue, clock: Clock
) -> None:
    shelf = Shelf(clock)
    await shelf.item("A001")
    catalogue.version, catalogue.codes = "2026.2", set()
    clock.now += SURE_SECONDS
    assert await shelf.item("A001") is None


async def test_an_office_that_is_away_is_noticed(catalogue: Catalogue, clock: Clock) -> None:
    shelf = Shelf(clock)
    await shelf.item("A001")
    catalogue.away = True
    clock.now += SURE_SECONDS
    with pytest.raises(BackendUnavailableError):
        await shelf.item("A001")


async def test_the_memory_is_bounded(
    catalogue: Catalogue, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items, "REMEMBERED", 2)
    catalogue.codes = {"A001", "A002", "A003"}
    shelf = Shelf(clock)
    for code in ("A001", "A002", "A003", "A003"):
        await shelf.item(code)
    assert catalogue.items_asked == 3
    await shelf.item("A001")
    assert catalogue.items_asked == 4
