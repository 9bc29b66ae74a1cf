"""A kept part comes back whenever it dies, and what it left open in the storage is ended."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pymongo import AsyncMongoClient
from servers import free_port

from paoyici.keeper import Keeper
from paoyici.parts import Part, layout_from_environment
from paoyici.supervisor import Supervisor
from paoyici.transactions import release


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path / "home"))


def listener(name: str) -> Part:
    """Return a part that really listens: Python's own HTTP server."""
    port = free_port()
    command = (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port))
    return Part(name, command, f"tcp://127.0.0.1:{port}")


@asynccontextmanager
async def kept(
    *parts: Part, only_spared: bool = False
) -> AsyncIterator[tuple[Supervisor, asyncio.Queue[str], list[str]]]:
    """Keep parts alive; give their supervisor, who came back, and what was asked to settle."""
    supervisor, back, settled = Supervisor(dict(os.environ)), asyncio.Queue[str](), list[str]()

    async def settle(part: Part) -> None:
        settled.append(part.name)

    for part in parts:
        await supervisor.start(part)
    keeping = asyncio.create_task(
        Keeper(supervisor, settle, lambda part: back.put_nowait(part.name)).keep(
            only_spared=only_spared
        )
    )
    try:
        yield supervisor, back, settled
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await supervisor.stop()


async def test_a_part_comes_back_after_every_death_with_its_storage_settled_twice() -> None:
    part = listener("victim")
    async with kept(part) as (supervisor, back, settled):
        for _ in range(2):
            before = supervisor.pid(part)
            supervisor.kill(part)
            assert await asyncio.wait_for(back.get(), 20) == "victim"
            assert supervisor.pid(part) != before
    assert settled == ["victim"] * 4


async def test_two_parts_that_die_together_come_back_together() -> None:
    one, two = listener("one"), listener("two")
    async with kept(one, two) as (supervisor, back, _):
        supervisor.kill(one)
        supervisor.kill(two)
        assert {await asyncio.wait_for(back.get(), 20) for _ in range(2)} == {"one", "two"}
        assert [part.name for part in supervisor.parts] == ["one", "two"]


async def test_a_part_others_can_spare_is_kept_where_any_other_death_is_the_end() -> None:
    spared, needed = replace(listener("spared"), spared=True), listener("needed")
    async with kept(spared, needed, only_spared=True) as (supervisor, back, _):
        end = asyncio.create_task(supervisor.first_death())
        supervisor.kill(spared)
        assert await asyncio.wait_for(back.get(), 20) == "spared"
        assert not end.done()
        supervisor.kill(needed)
        assert (await asyncio.wait_for(end, 20)).startswith("needed: ended with code -9")
        assert back.empty()


async def test_what_a_killed_room_had_open_holds_nobody_up(
    mongo_server: str, mongo_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = mongo_server.split(":")[2].split("/")[0]
    monkeypatch.setenv("EMBEDDED_MONGO_PORT", port)
    monkeypatch.delenv("MONGODB_URI", raising=False)
    async with AsyncMongoClient(mongo_server) as dying, AsyncMongoClient(mongo_server) as living:
        await living[mongo_database].things.insert_one({"_id": 1, "n": 0})
        session = dying.start_session()
        await session.start_transaction()
        write = {"$inc": {"n": 1}}
        await dying[mongo_database].things.update_one({"_id": 1}, write, session=session)
        blocked = asyncio.create_task(living[mongo_database].things.update_one({"_id": 1}, write))
        assert await asyncio.wait({blocked}, timeout=0.5) == (set(), {blocked})
        await release(layout_from_environment(), Part("bot", (), ""))
        await asyncio.wait_for(blocked, 10)
        assert await living[mongo_database].things.find_one({"_id": 1}) == {"_id": 1, "n": 1}
        await session.end_session()


async def test_a_storage_that_is_away_or_foreign_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EMBEDDED_MONGO_PORT", str(free_port()))
    await release(layout_from_environment(), Part("bot", (), ""))
    assert "ServerSelectionTimeoutError" in capsys.readouterr().out
    await release(layout_from_environment(), Part("redis", (), ""))
    monkeypatch.setenv("MONGODB_URI", f"mongodb://127.0.0.1:{free_port()}")
    await release(layout_from_environment(), Part("bot", (), ""))
    assert capsys.readouterr().out == ""
