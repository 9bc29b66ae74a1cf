"""The door's health writes, reads and opens; a door whose keys are not its store's stays shut."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import pytest
from cryptography.fernet import Fernet
from full_disk import fill, make_room
from pymongo.errors import OperationFailure
from servers import free_port, mongo_command, running

from bot import canary
from bot.metrics import STORE
from bot.settings import SettingsError

Usage = namedtuple("Usage", "total used free")


async def test_a_store_in_panic_is_down_though_it_answers(
    start_door: Any, http: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canary, "_REMEMBERED_SECONDS", 0.0)
    port = free_port()
    with running(mongo_command(port, tmp_path / "data"), port, tmp_path / "log") as server:
        uri = f"mongodb://127.0.0.1:{port}/?directConnection=true&retryWrites=false"
        door = await start_door(mongodb_uri=uri)

        async def health() -> tuple[int, str, str]:
            async with http.get(f"{door.url}/healthz") as answer:
                content = await answer.json()
                return answer.status, content["status"], content["parts"]["mongodb"]

        assert await health() == (200, "ok", "ok")
        fill(server.pid)
        assert await health() == (503, "down", "panic")
        make_room(server.pid)
        assert await health() == (503, "down", "panic")
        shown = [sample for sample in STORE.collect()[0].samples if sample.value]
        assert [sample.labels["paoyici_store"] for sample in shown] == ["panic"]
        await door.server.close()


async def test_a_store_whose_disk_is_full_is_told_by_that_name(
    start_door: Any, http: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canary, "_REMEMBERED_SECONDS", 0.0)
    door = await start_door(store_dir=tmp_path)

    async def fail(_: Any) -> None:
        raise OperationFailure("internal server error", 1)

    monkeypatch.setattr(canary.store, "touch", fail)
    names = []
    for free in (0, 1024**3):
        monkeypatch.setattr(canary.shutil, "disk_usage", lambda _, free=free: Usage(0, 0, free))
        async with http.get(f"{door.url}/healthz") as answer:
            names.append((await answer.json())["parts"]["mongodb"])
    assert names == ["disk_full", "panic"]


@pytest.mark.parametrize(
    ("setting", "other"),
    [("data_keys", (Fernet.generate_key().decode(),)), ("token_key", "34" * 32)],
)
async def test_a_door_with_a_wrong_key_does_not_open_and_says_which(
    start_door: Any, setting: str, other: Any
) -> None:
    await start_door()
    with pytest.raises(SettingsError, match=setting.upper()) as refused:
        await start_door(**{setting: other})
    assert str(other) not in str(refused.value)


async def test_a_store_older_than_its_canary_proves_the_keys_by_what_it_holds(
    start_door: Any, citizen: Any, door: Any
) -> None:
    await citizen.say("办社保")
    await door.door.database["door_canary"].delete_many({})
    with pytest.raises(SettingsError, match="DATA_KEYS"):
        await start_door(data_keys=(Fernet.generate_key().decode(),))
    await start_door()


async def test_a_canary_of_an_earlier_version_gets_the_mark_it_has_not(start_door: Any) -> None:
    canaries = (await start_door()).door.database["door_canary"]
    whole = (await canaries.find_one({}))["marks"]
    await canaries.update_one({}, {"$unset": {"marks": ""}})
    await start_door()
    assert (await canaries.find_one({}))["marks"] == whole
    await canaries.update_one({}, {"$set": {"marks": {"LATER_KEY": "x"}}})
    await start_door()
    assert (await canaries.find_one({}))["marks"] == whole | {"LATER_KEY": "x"}
    with pytest.raises(SettingsError, match="TOKEN_KEY"):
        await start_door(token_key="34" * 32)
