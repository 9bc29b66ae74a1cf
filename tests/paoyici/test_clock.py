"""The clock of a composition is the clock of every room in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from servers import free_port

from backend.clock import SHANGHAI, OfficeClock
from paoyici.home import keys
from paoyici.serve import compose

ROOT = Path(__file__).resolve().parents[2]
# In Shanghai the next day has begun.
EVE = datetime(2031, 5, 6, 17, 30, tzinfo=UTC)
SAID = {"client_msg_id": "m1", "kind": "text", "text": "您好"}


class Running:
    """A clock that begins at EVE and runs on: what is tried again is due a moment later."""

    def __init__(self) -> None:
        self._ahead = EVE - datetime.now(UTC)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead


@dataclass
class Ear:
    """A dialogue service that notes the turns it is given."""

    turns: list[dict[str, Any]] = field(default_factory=list)

    def app(self) -> web.Application:
        """Return it as an application."""
        app = web.Application()
        app.router.add_post("/turn", self._turn)
        return app

    async def _turn(self, request: web.Request) -> web.Response:
        self.turns.append(await request.json())
        return web.json_response({"replies": [{"kind": "text", "text": "在"}], "intent": "greet"})


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
async def street(
    ear: Ear,
    mongo_server: str,
    mongo_database: str,
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[aiohttp.ClientSession]:
    """A session with a street whose clock begins at EVE."""
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path))
    port = free_port()
    async with TestServer(ear.app()) as dialogue:
        settings = keys() | {
            "MONGODB_URI": mongo_server,
            "MONGODB_DATABASE": mongo_database,
            "REDIS_URL": redis_url,
            "BACKEND_URL": f"http://127.0.0.1:{port}/api/v1",
            "DIALOGUE_URL": str(dialogue.make_url("")),
            "DATA_DIR": str(ROOT / "data"),
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        async with TestServer(compose("street", Running()), port=port) as server:
            headers = {"Authorization": f"Bearer {settings['SERVICE_TOKEN']}"}
            async with aiohttp.ClientSession(server.make_url("/"), headers=headers) as session:
                yield session


async def called(session: aiohttp.ClientSession, path: str, body: Any, **headers: str) -> Any:
    """Post and return what is answered."""
    async with session.post(path, json=body, headers=headers) as answer:
        assert answer.status < 300, await answer.text()
        return await answer.json()


def is_that_evening(text: str) -> bool:
    """Say whether a moment of an answer is one of this test's."""
    return EVE <= datetime.fromisoformat(text) < EVE + timedelta(minutes=5)


async def test_door_office_and_the_turn_between_them_tell_the_same_time(street, ear):
    opened = await called(street, "/channels/web/conversations", {})
    own = {"Authorization": f"Bearer {opened['token']}", "Prefer": "wait=20"}
    answer = await called(street, "/channels/web/messages", SAID, **own)
    assert [is_that_evening(said["at"]) for said in answer["messages"]] == [True]
    assert {is_that_evening(turn["at"]) for turn in ear.turns} == {True}
    report = {
        "conversation_id": opened["conversation_id"],
        "identity": {"channel": "web", "id": opened["conversation_id"]},
        "text": "建设路的路灯不亮了",
        "media_ids": [],
    }
    filed = await called(street, "/api/v1/reports", report, **{"Idempotency-Key": "r1"})
    assert filed["number"].startswith("GD20310507")
    assert is_that_evening(filed["timeline"][0]["at"])
    assert datetime.fromisoformat(filed["due_at"]) > EVE


def test_the_offices_clock_shows_any_source_in_shanghai_and_whole_milliseconds() -> None:
    told = OfficeClock(lambda: EVE + timedelta(microseconds=1999)).now()
    assert told.tzinfo is SHANGHAI
    assert told == EVE + timedelta(milliseconds=1)


def test_without_a_source_it_is_the_machines_clock() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    assert before <= OfficeClock().now() <= datetime.now(UTC)
