"""Fixtures of the office's tests: a real office on real servers, and callers of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from accounts import own_password
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from blockbuster import BlockBuster, blockbuster_ctx
from cryptography.fernet import Fernet
from lone_office import open_accounts
from pymongo import MongoClient
from pymongo.database import Database

from backend.app import create_app, open_office
from backend.clock import SHANGHAI
from backend.office import OFFICE, Office
from backend.replies import load_replies
from backend.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
# A busy machine is slow, which is no failure of a rule.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")
SERVICE_TOKEN = "service-token-of-the-tests"
PASSWORDS = {
    username: own_password(username)
    for username in ("agent", "agent2", "supervisor", "approver", "dispatcher", "admin", "auditor")
}
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def event_loop_is_never_blocked() -> Iterator[BlockBuster]:
    """Fail a test in which the office's code blocks the event loop."""
    with blockbuster_ctx("backend") as guard:
        # The drivers import parts of themselves when they are first used, which looks for files.
        guard.functions["os.stat"].deactivate()
        yield guard


class Hands:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)

    def now(self) -> datetime:
        """Return the time the test wants."""
        return self.time

    def advance(self, **units: float) -> None:
        """Let time go by, such as `minutes=3`."""
        self.time += timedelta(**units)


@dataclass
class Caller:
    """Somebody who calls the office."""

    client: TestClient[Any, Any]
    headers: dict[str, str]

    async def ask(
        self, method: str, path: str, body: object = None, key: str | None = None
    ) -> tuple[int, Any]:
        """Send one request; return status and JSON answer (None where there is no body)."""
        headers = dict(self.headers)
        if key is not None:
            headers["Idempotency-Key"] = key
        data = None if body is None else json.dumps(body).encode()
        async with self.client.request(method, "/api/v1" + path, data=data, headers=headers) as got:
            text = await got.text()
            return got.status, json.loads(text) if text else None

    async def get(self, path: str) -> tuple[int, Any]:
        """Read."""
        return await self.ask("GET", path)

    async def post(self, path: str, body: object = None, key: str | None = None) -> tuple[int, Any]:
        """Do."""
        return await self.ask("POST", path, {} if body is None else body, key)

    async def put(self, path: str, body: object) -> tuple[int, Any]:
        """Set."""
        return await self.ask("PUT", path, body)


@pytest.fixture
def hands() -> Hands:
    """A clock at nine on a Monday."""
    return Hands()


# Read by tests, written by none: they stay, so that they are imported once a session.
KEPT = {"catalogue_items", "catalogue_versions"}


@pytest.fixture(scope="session")
def furnished(mongo_server: str) -> Iterator[tuple[Database[Json], list[Json]]]:
    """A database with all its indexes and a catalogue, and accounts that are ready for work.

    Making some forty collections and indexes costs seconds, emptying them milliseconds.
    """
    settings = office_settings(mongo_server, "test_office", None)

    async def furnish() -> None:
        async with open_office(settings, load_replies(settings.data_dir / "replies")) as office:
            await open_accounts(office)

    asyncio.run(furnish())
    with MongoClient[Json](mongo_server) as client:
        database = client[settings.mongodb_database]
        yield database, list(database["staff"].find({}))


@pytest.fixture
def mongo_database(furnished: tuple[Database[Json], list[Json]]) -> str:
    """Name of a database that holds the sample district and nothing else."""
    database, staff = furnished
    for name in set(database.list_collection_names()) - KEPT:
        database[name].delete_many({})
    database["staff"].insert_many(staff)
    return database.name


@pytest.fixture
def settings(mongo_server: str, mongo_database: str, redis_url: str) -> Settings:
    """Settings of an office that nobody has used yet, with the sample district."""
    return office_settings(mongo_server, mongo_database, redis_url)


def office_settings(mongodb_uri: str, database: str, redis_url: str | None) -> Settings:
    """Settings of an office for tests, with keys of its own."""
    return Settings(
        mongodb_uri=mongodb_uri,
        mongodb_database=database,
        redis_url=redis_url,
        service_token=SERVICE_TOKEN,
        data_keys=Fernet.generate_key().decode(),
        blind_index_key="ab" * 32,
        token_key="cd" * 32,
        data_dir=ROOT / "data",
        staff_logins_per_minute=1000,
    )


@pytest.fixture
def app(settings: Settings, hands: Hands) -> web.Application:
    """An office that is not open yet."""
    return create_app(settings, hands)


@pytest.fixture
async def client(app: web.Application) -> AsyncIterator[TestClient[Any, Any]]:
    """An open office."""
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def office(client: TestClient[Any, Any]) -> Office:
    """The open office's parts."""
    assert client.app is not None
    return client.app[OFFICE]


@pytest.fixture
def service(client: TestClient[Any, Any]) -> Caller:
    """Another room."""
    return Caller(client, {"Authorization": f"Bearer {SERVICE_TOKEN}"})


@pytest.fixture
def stranger(client: TestClient[Any, Any]) -> Caller:
    """Somebody without a token."""
    return Caller(client, {})


@pytest.fixture
def holder(client: TestClient[Any, Any]) -> Callable[[str], Caller]:
    """Somebody with a session: `holder(token)`."""
    return lambda token: Caller(client, {"Authorization": f"Bearer {token}"})


Login = Callable[[str], Awaitable[Caller]]


@pytest.fixture
def login(holder: Callable[[str], Caller], stranger: Caller) -> Login:
    """Log an account in: `await login("agent")`."""

    async def log_in(username: str) -> Caller:
        credentials = {"username": username, "password": PASSWORDS[username]}
        status, answer = await stranger.post("/staff/login", credentials)
        assert status == 200, answer
        return holder(answer["token"])

    return log_in


ID_NUMBERS = ("999999199001010016", "999999199001010024", "000000195503120016")
PHONES = ("19900000001", "19900000002", "19900000003")


@dataclass
class Citizen:
    """Somebody with a conversation, in the web channel unless another is said."""

    service: Caller
    name: str
    id_number: str
    phone: str
    channel: str = "web"
    id: str = ""

    @property
    def identity(self) -> Json:
        """Return who asks, as bodies say it."""
        return {"channel": self.channel, "id": self.id or self.name}

    @property
    def owner(self) -> Json:
        """Return the body with which somebody asks for what is theirs."""
        return {"identity": self.identity}

    async def application(self, item_code: str, **changes: object) -> Json:
        """Return a complete application for an item, filled by its own form."""
        status, item = await self.service.get(f"/catalogue/items/{item_code}")
        assert status == 200, item
        fields = {
            field["name"]: self._value(field)
            for field in item["application"]["fields"]
            if not field.get("optional") and not field.get("when")
        }
        return {
            "item_code": item_code,
            "conversation_id": self.name,
            "identity": self.identity,
            "fields": fields | changes,
            "media": [],
        }

    async def apply(self, item_code: str = "MZ001") -> Json:
        """Hand an application in and return the case."""
        status, case = await self.service.post("/cases", await self.application(item_code))
        assert status == 200, case
        return case

    def report(self, **changes: object) -> Json:
        """Return a report of a missing manhole cover."""
        return {
            "conversation_id": self.name,
            "identity": self.identity,
            "text": "门口的井盖没了",
            "category": "P101",
        } | changes

    def _value(self, field: Json) -> object:
        if field["kind"] == "choice":
            return field["choices"][0]
        return {
            "name": "测试甲",
            "id_number": self.id_number,
            "phone": self.phone,
            "text": "测试",
            "date": "2026-01-31",
            "number": 3,
            "address": "云溪区清河街道石桥路 18 号",
        }[field["kind"]]


Arrive = Callable[[str], Awaitable[Citizen]]


@pytest.fixture
def arrive(service: Caller) -> Arrive:
    """Open a conversation for somebody: `await arrive("a")`, `"b"` or `"c"`."""

    async def open_conversation(letter: str) -> Citizen:
        place = "abc".index(letter)
        name = f"citizen-{letter}"
        status, answer = await service.put(
            f"/conversations/{name}", {"channel": "web", "identity": name}
        )
        assert status == 200, answer
        return Citizen(service, name, ID_NUMBERS[place], PHONES[place])

    return open_conversation


@pytest.fixture
async def citizen(arrive: Arrive) -> Citizen:
    """Somebody with a conversation."""
    return await arrive("a")
