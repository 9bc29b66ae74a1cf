"""The service's health writes, reads and opens; what no key opens is told by its name."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from dialogue import canary
from dialogue.errors import TrackerSealedError, WrongKeyError
from dialogue.privacy import Envelope
from dialogue.tracker_store import MongoTrackerStore
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import OperationFailure
from servers import free_port


@pytest.fixture
async def store(mongo_server: str, mongo_database: str, data_key: str):
    opened: list[MongoTrackerStore] = []

    def open_store(*keys: str, uri: str = mongo_server) -> MongoTrackerStore:
        opened.append(MongoTrackerStore(uri, mongo_database, Envelope(keys or [data_key]), 4))
        return opened[-1]

    yield open_store
    for one in opened:
        await one.close()


@pytest.fixture
async def database(mongo_server: str, mongo_database: str):
    client = AsyncIOMotorClient(mongo_server)
    yield client[mongo_database]
    client.close()


async def test_a_service_whose_keys_are_not_the_stores_does_not_start(store, data_key):
    await store().begin()
    other = Fernet.generate_key().decode()
    with pytest.raises(WrongKeyError):
        await store(other).begin()
    assert await store(other).healthy() is False
    await store(other, data_key).begin()
    assert await store(other, data_key).healthy() is True


async def test_a_store_older_than_its_canary_proves_the_keys_by_its_trackers(
    store, database, data_key
):
    await database["trackers"].insert_one(
        {"_id": "c", "sealed": Envelope([data_key]).seal({}), "version": 1}
    )
    with pytest.raises(WrongKeyError):
        await store(Fernet.generate_key().decode()).begin()
    assert await database["dialogue_canary"].count_documents({}) == 0
    await store().begin()


async def test_a_tracker_no_key_opens_is_told_by_its_name(store, database):
    sealed = Fernet(Fernet.generate_key()).encrypt(b"{}")
    await database["trackers"].insert_one({"_id": "c", "sealed": sealed, "version": 1})
    with pytest.raises(TrackerSealedError) as told:
        await store().load("c")
    assert (told.value.status, told.value.key) == (500, "key_wrong")


async def test_health_is_bad_when_nothing_is_kept_and_costs_one_write_a_while(store, monkeypatch):
    one, looks = store(), []
    await one.begin()
    sings = canary.Canary._sings

    async def count(self):
        looks.append(self)
        return await sings(self)

    monkeypatch.setattr(canary.Canary, "_sings", count)
    assert [await one.healthy() for _ in range(20)] == [True] * 20
    assert len(looks) == 1

    async def fail(self):
        raise OperationFailure("internal server error", 1)

    monkeypatch.setattr(canary.Canary, "_sings", fail)
    one._canary._known_until = 0.0
    assert await one.healthy() is False


async def test_a_store_that_is_away_at_the_start_keeps_nobody_from_starting(store):
    uri = f"mongodb://127.0.0.1:{free_port()}/?serverSelectionTimeoutMS=200"
    away = store(uri=uri)
    await away.begin()
    assert await away.healthy() is False
