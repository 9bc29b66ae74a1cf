"""A running door between an office and a dialogue service of the tests, on real stores."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer
from blockbuster import blockbuster_ctx
from cryptography.fernet import Fernet

from bot.app import DOOR, create_app
from bot.channels.wechat.settings import WeChatSettings
from bot.channels.wechat.words import ChannelWords
from bot.settings import Settings
from bot.wiring import Door

sys.path.insert(0, str(Path(__file__).resolve().parent))

from citizen import Citizen
from dialogue_double import DialogueDouble
from emulators.wechat_platform import WeChatPlatform
from office_double import OfficeDouble
from servers import free_port, redis_command, running

ROOT = Path(__file__).resolve().parents[2]
REPLIES_WECHAT = ChannelWords.load(ROOT / "data").replies


def _name_exception(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Name an exception in the log; a traceback would read source files in the event loop."""
    if event.pop("exc_info", None):
        event["exception"] = repr(sys.exc_info()[1])
    return event


structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        _name_exception,
        structlog.processors.KeyValueRenderer(),
    ]
)


@pytest.fixture(autouse=True)
def _no_blocking_calls() -> Iterator[None]:
    """Fail whatever blocks the event loop from within the door."""
    with blockbuster_ctx("bot"):
        yield


class MovableClock:
    """A clock that shows real time, plus what tests add to it, or stands still."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.stopped: datetime | None = None

    def __call__(self) -> datetime:
        return (self.stopped or datetime.now(UTC)) + self.ahead

    def stop(self) -> None:
        """Stand still at a whole second, so that a boundary can be met exactly."""
        self.stopped = datetime.now(UTC).replace(microsecond=0)

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.ahead += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> MovableClock:
    """A clock the test can move."""
    return MovableClock()


@pytest.fixture
async def office() -> AsyncIterator[OfficeDouble]:
    """The office, listening."""
    double = OfficeDouble()
    async with TestServer(double.app()) as server:
        double.url = str(server.make_url("")).rstrip("/")  # type: ignore[attr-defined]
        yield double


@pytest.fixture
async def dialogue() -> AsyncIterator[DialogueDouble]:
    """The dialogue service, listening."""
    double = DialogueDouble()
    async with TestServer(double.app()) as server:
        double.url = str(server.make_url("")).rstrip("/")  # type: ignore[attr-defined]
        yield double
        double.gate.set()


@pytest.fixture
def settings(
    mongo_server: str,
    mongo_database: str,
    redis_url: str,
    office: Any,
    dialogue: Any,
    tmp_path: Path,
) -> Settings:
    """Settings of a door in tests."""
    return Settings(
        mongodb_uri=mongo_server,
        mongodb_database=mongo_database,
        redis_url=redis_url,
        backend_url=office.url,
        dialogue_url=dialogue.url,
        service_token="a-service-token-of-tests",
        data_keys=Fernet.generate_key().decode(),  # type: ignore[arg-type]
        token_key="ab" * 32,
        data_dir=ROOT / "data",
        static_dir_citizen=tmp_path / "dist",
    )


@dataclass
class Running:
    """A door that listens."""

    url: str
    door: Door
    app: web.Application
    server: TestServer


StartDoor = Callable[..., Awaitable[Running]]


@pytest.fixture
async def start_door(settings: Settings, clock: MovableClock) -> AsyncIterator[StartDoor]:
    """Starts doors on the same database, as processes would be; all end with the test."""
    async with contextlib.AsyncExitStack() as stack:

        async def start(**changes: Any) -> Running:
            own = settings.model_copy(update=changes)
            app = await asyncio.to_thread(create_app, own, clock)
            server = TestServer(app)
            await server.start_server()
            stack.push_async_callback(server.close)
            return Running(str(server.make_url("")).rstrip("/"), app[DOOR], app, server)

        yield start


@pytest.fixture
async def door(start_door: StartDoor) -> Running:
    """One running door."""
    return await start_door()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """A client for raw requests."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def citizen(door: Running, http: aiohttp.ClientSession) -> Citizen:
    """A citizen with an open conversation."""
    return await Citizen.arrive(http, door.url)


@pytest.fixture
async def platform(clock: MovableClock) -> AsyncIterator[WeChatPlatform]:
    """The emulated WeChat platform, listening."""
    emulated = WeChatPlatform(clock)
    async with TestServer(emulated.app()) as server:
        emulated.url = str(server.make_url("")).rstrip("/")
        yield emulated


def wechat_settings(platform: WeChatPlatform, **changes: Any) -> WeChatSettings:
    """Return the settings an office enters for the emulated account."""
    values = {
        "app_id": platform.app_id,
        "app_secret": platform.secret,
        "token": platform.token,
        "aes_keys": platform.aes_key,
        "mode": platform.mode,
        "api_url": platform.url,
        "mini_app_id": platform.mini_app[0],
        "mini_app_secret": platform.mini_app[1],
    }
    return WeChatSettings(**(values | changes))


StartWeChat = Callable[..., Awaitable[WeChatPlatform]]


@pytest.fixture
def start_wechat(start_door: StartDoor, platform: WeChatPlatform) -> StartWeChat:
    """Starts a door with the WeChat channel on, and lets the platform call it."""

    async def start(door: dict[str, Any] | None = None, **changes: Any) -> WeChatPlatform:
        own = {"public_url": "https://office.invalid"} | (door or {})
        running_door = await start_door(wechat=wechat_settings(platform, **changes), **own)
        platform.callback_url = f"{running_door.url}/channels/wechat"
        platform.door = running_door  # type: ignore[attr-defined]
        return platform

    return start


@pytest.fixture
async def wechat(start_wechat: StartWeChat) -> WeChatPlatform:
    """The platform, with a door behind its callback."""
    return await start_wechat()


@pytest.fixture
def free_redis() -> str:
    """An address where no Redis listens."""
    return f"redis://127.0.0.1:{free_port()}/0"


class OwnRedis:
    """A Redis of this test alone, which it may stop."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        self._life = contextlib.ExitStack()
        self._life.enter_context(running(redis_command(port, folder), port, folder / "log"))

    def stop(self) -> None:
        """Stop it for good."""
        self._life.close()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    """A Redis that can be stopped."""
    server = OwnRedis(tmp_path)
    yield server
    server.stop()
