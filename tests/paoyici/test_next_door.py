"""The office next door does what the office over HTTP does, to the same log and with its errors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet
from servers import free_port, mongo_command, running

from backend.app import create_app
from backend.conversations import service as conversations
from backend.office import OFFICE
from backend.settings import Settings
from bot.errors import OfficeAwayError, RefusedError
from bot.http import HttpClient
from bot.inbox.model import Address
from bot.office import Office
from paoyici.next_door import NextDoor

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "service-token-of-the-tests"
AT = "2026-11-22T09:00:00+08:00"
HELLO = {"kind": "text", "text": "您好"}


def open_application(mongodb_uri: str, database: str) -> web.Application:
    """Return an office on a database of its own, not yet open."""
    return create_app(
        Settings(
            mongodb_uri=mongodb_uri, mongodb_database=database, redis_url=None,
            service_token=TOKEN, data_keys=Fernet.generate_key().decode(),
            blind_index_key="ab" * 32, token_key="cd" * 32, data_dir=ROOT / "data",
            seed_sample=False,
        )
    )  # fmt: skip


@pytest.fixture
def app(mongo_server: str, mongo_database: str) -> web.Application:
    return open_application(mongo_server, mongo_database)


@pytest.fixture
async def ways(app: web.Application) -> AsyncIterator[tuple[Office, NextDoor]]:
    """Two ways to one open office, which knows the conversation `c1`: over HTTP and next door."""
    async with TestServer(app) as server, HttpClient() as client:
        base = str(server.make_url("/api/v1"))
        far = Office(client, base, TOKEN)
        await far.register(Address("c1", "web", "c1", elder=False))
        yield far, NextDoor(app, client, base, TOKEN)


async def said(way: Office, key: str) -> Any:
    """Append a citizen's words."""
    return await way.append("c1", key=key, direction="in", author="citizen", body=HELLO, at=AT)


async def test_what_was_said_over_one_way_has_the_same_place_over_the_other(ways: Any) -> None:
    far, near = ways
    first = await said(far, "m1")
    assert await said(near, "m1") == first
    replies = [("m1:0", HELLO), ("m1:1", {"kind": "card", "text": "办事指南", "title": "…"})]
    places = await near.append_replies("c1", replies, AT)
    assert places == await far.append_replies("c1", replies, AT) == [2, 3]
    assert await said(near, "m2") == await said(far, "m2")
    log = (await far.messages("c1", 0))["messages"]
    assert [(m["seq"], m["direction"], m["author"]["kind"]) for m in log] == [
        (1, "in", "citizen"), (2, "out", "bot"), (3, "out", "bot"), (4, "in", "citizen"),
    ]  # fmt: skip
    assert [m["body"]["kind"] for m in log] == ["text", "text", "card", "text"]
    assert len({m["at"] for m in log}) == 1


async def test_both_ways_tell_who_owns_the_conversation(ways: Any, app: web.Application) -> None:
    far, near = ways
    office = app[OFFICE]
    assert (await said(near, "m1")).owner == "bot"
    await office.transact(
        lambda tx: conversations.set_owner(office, tx, "c1", "staff", "handoff-1")
    )
    assert (await said(near, "m2")).owner == (await said(far, "m3")).owner == "staff"


async def test_both_ways_tell_what_is_expected_of_the_citizen(
    ways: Any, app: web.Application
) -> None:
    far, near = ways
    office = app[OFFICE]
    since = office.clock.now()
    await office.transact(
        lambda tx: conversations.expect(office, tx, "c1", "BJ2026112300001", since)
    )
    [expected] = (await said(near, "m1")).expects
    assert expected["number"] == "BJ2026112300001"
    assert (await said(far, "m2")).expects == [expected]


async def test_a_conversation_nobody_knows_is_refused_alike(ways: Any) -> None:
    refusals = []
    for way in ways:
        with pytest.raises(RefusedError) as refused:
            await way.append_replies("c9", [("k", HELLO)], AT)
        refusals.append((refused.value.upstream, refused.value.upstream_status))
    assert refusals == [("conversation.not_found", 404)] * 2


async def test_an_office_that_is_not_open_yet_or_lost_its_storage_is_away(tmp_path: Path) -> None:
    port = free_port()
    with ExitStack() as stack:
        server = running(mongo_command(port, tmp_path / "data"), port, tmp_path / "log")
        stack.enter_context(server)
        app = open_application(f"mongodb://127.0.0.1:{port}/?directConnection=true", "away")
        async with HttpClient() as client:
            near = NextDoor(app, client, "http://127.0.0.1:9/api/v1", TOKEN)
            with pytest.raises(OfficeAwayError):
                await said(near, "m1")
            async with TestServer(app):
                with pytest.raises(RefusedError):
                    await said(near, "m1")
                stack.close()
                with pytest.raises(OfficeAwayError):
                    await said(near, "m1")


async def test_a_defect_of_the_office_is_an_office_that_is_away(
    ways: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, near = ways

    async def broken(*_: object) -> None:
        raise KeyError("a defect")

    monkeypatch.setattr(conversations, "append_all", broken)
    with pytest.raises(OfficeAwayError):
        await said(near, "m1")
