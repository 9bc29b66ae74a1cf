"""A street as in production, door and office in one process, with its neighbours played."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from subprocess import Popen
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from cryptography.fernet import Fernet
from emulators.wechat_platform import WeChatPlatform
from emulators.wecom_platform import WeComPlatform
from servers import BIN, ROOT, free_port, running, wait_for_port

sys.path.insert(0, str(ROOT / "tests" / "bot"))

from dialogue_double import DialogueDouble

_PATIENCE_SECONDS = 120
SERVICE_TOKEN = "service-token-of-the-tests"
STAFF = {
    name: f"paoyici-{name}-1" for name in ("agent", "approver", "dispatcher", "admin", "auditor")
}


@dataclass(frozen=True)
class Route:
    """One route of the application's router: its method and its path with {places}."""

    method: str
    path: str


@dataclass
class Street:
    """A running street.

    Attributes:
        routes: every route of door and office.
        log: what the process prints.
        opened: the token of a citizen's conversation, once there is one.
    """

    port: int
    process: Popen[bytes]
    log: Path
    routes: list[Route]
    opened: str = ""

    @property
    def origin(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"

    def memory(self) -> int:
        """Return the bytes of memory the process has."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) * 1024

    def defects(self) -> list[str]:
        """Return what the process printed of errors nobody expected."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if "Traceback" in line or '"level": "error"' in line]

    async def citizen(self) -> str:
        """Return the token of a citizen's conversation; it is opened once."""
        if not self.opened:
            async with aiohttp.ClientSession() as http:
                answer = await _post(http, f"{self.origin}/channels/web/conversations", {})
            self.opened = answer["token"]
        return self.opened

    async def tokens(self) -> list[str]:
        """Return tokens that open something: of a citizen, of the other rooms, of staff."""
        url = f"{self.origin}/api/v1/staff/login"
        async with aiohttp.ClientSession() as http:
            logged_in = [
                await _post(http, url, {"username": name, "password": password})
                for name, password in STAFF.items()
            ]
        return [await self.citizen(), SERVICE_TOKEN, *(one["token"] for one in logged_in)]


async def _post(http: aiohttp.ClientSession, url: str, body: Any) -> Any:
    async with http.post(url, json=body) as answer:
        content = await answer.json()
        assert answer.status < 300, content
        return content


@contextmanager
def running_street(mongodb_uri: str, redis_url: str, folder: Path) -> Iterator[Street]:
    """Run a street with every channel on until the block ends."""
    _build_pages(folder)
    wechat, wecom = WeChatPlatform(_now), WeComPlatform(_now)
    with (
        _serving(DialogueDouble().app()) as dialogue_url,
        _serving(wechat.app()) as wechat_url,
        _serving(wecom.app()) as wecom_url,
    ):
        port = free_port()
        settings = {
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "MONGODB_URI": mongodb_uri,
            "MONGODB_DATABASE": "hostile",
            "REDIS_URL": redis_url,
            "BACKEND_URL": f"http://127.0.0.1:{port}/api/v1",
            "DIALOGUE_URL": dialogue_url,
            "PUBLIC_URL": "https://office.invalid",
            "SERVICE_TOKEN": SERVICE_TOKEN,
            "DATA_KEYS": Fernet.generate_key().decode(),
            "BLIND_INDEX_KEY": "ab" * 32,
            "TOKEN_KEY": "cd" * 32,
            "DATA_DIR": str(ROOT / "data"),
            "STATIC_DIR_CITIZEN": str(folder / "page"),
            "STATIC_DIR_DESK": str(folder / "page"),
            "SEED_SAMPLE": "1",
            "MESSAGES_PER_MINUTE": "1000000",
            "WECHAT_APP_ID": wechat.app_id,
            "WECHAT_APP_SECRET": wechat.secret,
            "WECHAT_TOKEN": wechat.token,
            "WECHAT_AES_KEYS": wechat.aes_key,
            "WECHAT_API_URL": wechat_url,
            "WECHAT_MINI_APP_ID": wechat.mini_app[0],
            "WECHAT_MINI_APP_SECRET": wechat.mini_app[1],
            "WECOM_CORP_ID": wecom.corp_id,
            "WECOM_SECRET": wecom.secret,
            "WECOM_TOKEN": wecom.token,
            "WECOM_AES_KEYS": wecom.aes_key,
            "WECOM_API_URL": wecom_url,
            "WECOM_APP_AGENT_ID": str(wecom.app_agent),
            "WECOM_APP_SECRET": wecom.app_secret,
            "WECOM_APP_TOKEN": wecom.app_token,
            "WECOM_APP_AES_KEYS": wecom.app_aes_key,
        }
        log = folder / "street.log"
        command = [str(BIN / "paoyici"), "serve"]
        ready = partial(wait_for_port, timeout=_PATIENCE_SECONDS)
        with running(
            command, port, log, cwd=ROOT, env=os.environ | settings, ready=ready
        ) as process:
            yield Street(port, process, log, _routes(settings))


def _now() -> datetime:
    return datetime.now(UTC)


def _build_pages(folder: Path) -> None:
    """Write a page that both rooms serve."""
    (folder / "page" / "assets").mkdir(parents=True)
    (folder / "page" / "index.html").write_text("<title>page</title>")
    (folder / "page" / "assets" / "app.js").write_text("1")
    (folder / "page" / "icon.svg").write_text("<svg/>")


def _routes(settings: dict[str, str]) -> list[Route]:
    """Return the routes of the application that such settings make."""
    from bot.app import DOOR
    from paoyici.serve import compose

    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        app = compose("street")
    found = {
        Route(route.method, resource.canonical)
        for resource in app.router.resources()
        for route in resource
    }
    app[DOOR].client.close()
    return sorted(found, key=lambda route: (route.path, route.method))


@contextmanager
def _serving(app: web.Application) -> Iterator[str]:
    """Serve an application from a thread of its own until the block ends; give its address."""
    port, ready, end = free_port(), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        ready.set()
        await end.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait(10)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(10)
        loop.close()


def error_of(body: bytes) -> dict[str, Any]:
    """Return the error of an answer that follows the contract.

    Raises:
        AssertionError: it does not.
    """
    content = json.loads(body)
    assert set(content) == {"error"}, content
    error: dict[str, Any] = content["error"]
    assert isinstance(error["key"], str)
    assert re.search(r"[\u4e00-\u9fff]", error["message"]), error
    return error
