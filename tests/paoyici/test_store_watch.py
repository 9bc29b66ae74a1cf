"""A store that answers and keeps nothing is started again, once its disk has room."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from pathlib import Path

import pytest
from full_disk import fill
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure
from servers import free_port

from paoyici.keeper import Keeper
from paoyici.parts import layout_from_environment, storage
from paoyici.store_watch import StoreWatch
from paoyici.supervisor import Supervisor


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("EMBEDDED_MONGO_PORT", str(free_port()))
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.delenv("MONGODB_URI", raising=False)


async def until(probe: object, seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not probe():  # type: ignore[operator]
            await asyncio.sleep(0.05)


async def test_a_panicked_store_comes_back_with_its_data_when_there_is_room_and_no_sooner(
    capsys: pytest.CaptureFixture[str],
) -> None:
    layout = layout_from_environment()
    (part,) = storage(layout)
    supervisor, room = Supervisor(dict(os.environ)), {"free": 0}
    # A store that was stopped well once: one killed while it is being made is beyond repair.
    await supervisor.start(part)
    async with AsyncMongoClient(layout.mongodb_uri) as client:
        await client["test"]["things"].insert_one({"_id": 1})
    await supervisor.stop()
    await supervisor.start(part)
    death = asyncio.create_task(supervisor.first_death())

    async def nothing(*_: object) -> None:
        return None

    keeping = asyncio.create_task(Keeper(supervisor, nothing).keep())
    restart = partial(supervisor.restart, part)
    watching = asyncio.create_task(
        StoreWatch(layout.mongodb_uri, restart, lambda: room["free"], period=0.1).watch()
    )
    try:
        async with AsyncMongoClient(layout.mongodb_uri) as client:
            things = client["test"]["things"]
            before = supervisor.pid(part)
            fill(before)
            with pytest.raises(OperationFailure):
                await things.insert_one({"_id": 2, "much": os.urandom(50_000)})
            assert (await client.admin.command("ping"))["ok"] == 1
            said = ""

            def complained() -> bool:
                nonlocal said
                said += capsys.readouterr().out
                return "make room" in said

            await until(complained)
            assert supervisor.pid(part) == before
            room["free"] = 10 * 1024**3
            await until(lambda: supervisor.pid(part) != before)

            def well() -> bool:
                nonlocal said
                said += capsys.readouterr().out
                return said.count("mongodb: well") == 3

            await until(well)
            await things.insert_one({"_id": 2})
            assert [row["_id"] async for row in things.find({})] == [1, 2]
            assert said.count("make room") == 1
            assert not death.done()
            assert not keeping.done()
    finally:
        for task in (watching, keeping, death):
            task.cancel()
        await asyncio.gather(watching, keeping, death, return_exceptions=True)
        await supervisor.stop()
