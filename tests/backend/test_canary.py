"""Health writes, reads and opens: what a ping does not see is told by its right name."""

from __future__ import annotations

import asyncio
from collections import namedtuple
from typing import Any

import pytest
import structlog
from cryptography.fernet import Fernet
from full_disk import fill, make_room
from pymongo.errors import NotPrimaryError, OperationFailure
from servers import free_port, mongo_command, running

from backend import canary, canary_store
from backend.app import open_office
from backend.metrics import STORE
from backend.replies import load_replies
from backend.settings import Settings, SettingsError

Usage = namedtuple("Usage", "total used free")


def told() -> str:
    """Return the state of the store that the metric shows."""
    samples = STORE.collect()[0].samples
    return next(sample.labels["office_store"] for sample in samples if sample.value)


@pytest.fixture
def look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remember no result."""
    monkeypatch.setattr(canary, "_REMEMBERED_SECONDS", 0.0)


@pytest.mark.usefixtures("look_at_once")
async def test_a_store_in_panic_is_told_though_it_answers(
    tmp_path: Any, settings: Settings
) -> None:
    port = free_port()
    command = mongo_command(port, tmp_path / "data")
    with running(command, port, tmp_path / "log") as server:
        uri = f"mongodb://127.0.0.1:{port}/?directConnection=true&retryWrites=false"
        settings = settings.model_copy(update={"mongodb_uri": uri})
        replies = await asyncio.to_thread(load_replies, settings.data_dir / "replies")
        async with open_office(settings, replies) as office:
            assert (await office.canary.state(), told()) == ("ok", "ok")
            fill(server.pid)
            with structlog.testing.capture_logs() as lines:
                assert [await office.canary.state() for _ in range(3)] == ["panic"] * 3
            assert await office.database.command("ping")
            make_room(server.pid)
            assert (await office.canary.state(), told()) == ("panic", "panic")
    assert [line["event"] for line in lines] == ["store.panic"]


async def test_a_store_in_trouble_is_503_with_its_name(
    stranger: Any, office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for failure, key in (
        (OperationFailure("no space", 14031), "office.storage_disk_full"),
        (OperationFailure("internal server error", 1), "office.storage_panic"),
        (OperationFailure("not allowed", 13), "office.storage_refused"),
        (NotPrimaryError("stepping down"), "office.storage_away"),
        (TimeoutError(), "office.storage_away"),
    ):

        async def fail(*_: Any, error: Exception = failure) -> None:
            raise error

        monkeypatch.setattr(canary_store, "touch", fail)
        monkeypatch.setattr(office.canary, "_known_until", 0.0)
        status, answer = await stranger.get("/healthz")
        assert (status, answer["error"]["key"]) == (503, key)
    monkeypatch.undo()
    monkeypatch.setattr(office.canary, "_known_until", 0.0)
    assert await stranger.get("/healthz") == (200, {"status": "ok"})


async def test_a_flood_of_health_checks_writes_once(
    stranger: Any, office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, touch = [], canary_store.touch

    async def count(database: Any) -> None:
        written.append(database)
        await touch(database)

    monkeypatch.setattr(canary_store, "touch", count)
    monkeypatch.setattr(office.canary, "_known_until", 0.0)
    answers = await asyncio.gather(*(stranger.get("/healthz") for _ in range(100)))
    assert answers == [(200, {"status": "ok"})] * 100
    assert len(written) == 1


async def test_a_disk_with_little_room_is_warned_of_once_and_a_full_one_named(
    office: Any, stranger: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = {"free": 2 * 1024**3}
    monkeypatch.setattr(canary.shutil, "disk_usage", lambda _: Usage(0, 0, room["free"]))
    monkeypatch.setattr(office.canary, "_folder", tmp_path)
    monkeypatch.setattr(canary, "_REMEMBERED_SECONDS", 0.0)
    assert await office.canary.state() == "ok"
    room["free"] = 900 * 1024**2
    with structlog.testing.capture_logs() as lines:
        await office.canary.state()
        assert await stranger.get("/healthz") == (200, {"status": "disk_low"})
    assert [line["event"] for line in lines] == ["disk.low"]
    assert canary.DISK_FREE.collect()[0].samples[0].value == room["free"]

    async def fail(*_: Any) -> None:
        raise OperationFailure("internal server error", 1)

    room["free"] = 0
    monkeypatch.setattr(canary_store, "touch", fail)
    assert (await stranger.get("/healthz"))[1]["error"]["key"] == "office.storage_disk_full"


async def start(settings: Settings) -> None:
    """Open an office and close it."""
    replies = await asyncio.to_thread(load_replies, settings.data_dir / "replies")
    async with open_office(settings, replies):
        pass


@pytest.mark.parametrize(
    ("setting", "other"),
    [
        ("data_keys", Fernet.generate_key().decode()),
        ("blind_index_key", "12" * 32),
        ("token_key", "34" * 32),
    ],
)
async def test_an_office_with_a_wrong_key_does_not_start_and_says_which(
    settings: Settings, setting: str, other: str
) -> None:
    await start(settings)
    with pytest.raises(SettingsError, match=setting.upper()) as refused:
        await start(settings.model_copy(update={setting: other}))
    assert other not in str(refused.value)
    await start(settings)


async def test_a_key_in_front_of_the_old_one_opens_and_the_old_one_alone_too(
    settings: Settings,
) -> None:
    await start(settings)
    both = f"{Fernet.generate_key().decode()},{settings.data_keys}"
    await start(settings.model_copy(update={"data_keys": both}))
    await start(settings)


async def test_a_store_older_than_its_canary_proves_the_keys_by_what_it_holds(
    office: Any, service: Any, settings: Settings
) -> None:
    await service.put("/conversations/c1", {"channel": "web", "identity": "c1"})
    said = {
        "key": "c1:1", "direction": "in", "author": {"kind": "citizen"},
        "body": {"kind": "text", "text": "你好"}, "at": "2026-11-23T09:00:00+08:00",
    }  # fmt: skip
    assert (await service.post("/conversations/c1/messages", said))[0] == 200
    await office.database["office_canary"].delete_many({})
    other = settings.model_copy(update={"data_keys": Fernet.generate_key().decode()})
    with pytest.raises(SettingsError, match="DATA_KEYS"):
        await start(other)
    assert await office.database["office_canary"].find_one({}) is None
    await start(settings)


async def test_a_key_that_goes_wrong_while_the_office_runs_is_told(
    office: Any, stranger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = {"$set": {"sealed": Fernet(Fernet.generate_key()).encrypt(b"canary")}}
    await office.database["office_canary"].update_one({}, strange)
    monkeypatch.setattr(office.canary, "_known_until", 0.0)
    status, answer = await stranger.get("/healthz")
    assert (status, answer["error"]["key"]) == (503, "office.storage_key_wrong")


async def test_a_canary_of_an_earlier_version_gets_the_mark_it_has_not(
    office: Any, settings: Settings
) -> None:
    canaries = office.database["office_canary"]
    whole = (await canaries.find_one({}))["marks"]
    await canaries.update_one({}, {"$unset": {"marks.TOKEN_KEY": ""}})
    await start(settings)
    assert (await canaries.find_one({}))["marks"] == whole
    known = {"BLIND_INDEX_KEY": whole["BLIND_INDEX_KEY"], "LATER_KEY": "x"}
    await canaries.update_one({}, {"$set": {"marks": known}})
    wrong = settings.model_copy(update={"blind_index_key": "12" * 32})
    with pytest.raises(SettingsError, match="BLIND_INDEX_KEY"):
        await start(wrong)
    assert (await canaries.find_one({}))["marks"] == known, "a wrong key completes nothing"
    await start(settings)
    assert (await canaries.find_one({}))["marks"] == whole | known
