"""The two sides of the turns contest: our whole house and a stock Rasa project, on free ports."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from house import House, running_house
from servers import free_port, mongo_command, redis_command, running

from paoyici.home import keys
from tests.bench.rooms import PYTHON, ROOT
from tests.bench.turns_load import Begin

NO_LIMITS = {"MESSAGES_PER_MINUTE": "100000000", "OPENINGS_PER_MINUTE": "100000000"}
_PATIENCE = 300
_PARTS = ("street", "dialogue", "mongodb", "redis")


@dataclass
class Side:
    """One side, running: how a citizen begins to talk, and its processes."""

    name: str
    begin: Begin
    pids: dict[str, int]
    dialogue: str = ""
    """Address of our dialogue service, which counts the texts it has heard before."""

    def parses(self) -> tuple[int, int]:
        """Return how many texts were to be understood, and how many of them were known."""
        with urllib.request.urlopen(f"{self.dialogue}/health", timeout=30) as answer:
            parses = json.load(answer)["parses"]
        return parses["asked"], parses["known"]


class WebTalk:
    """A conversation over the public web channel, as the citizen page speaks it."""

    def __init__(self, session: aiohttp.ClientSession, base: str, token: str) -> None:
        self._session = session
        self._base = base
        self._headers = {"Authorization": f"Bearer {token}", "Prefer": "wait=60"}

    async def say(self, text: str) -> str:
        """Send a message and wait for what is answered; an apology is no answer yet."""
        body = {"client_msg_id": uuid.uuid4().hex, "kind": "text", "text": text}
        for _ in range(_PATIENCE):
            async with self._session.post(
                f"{self._base}/messages", json=body, headers=self._headers
            ) as answer:
                content = await answer.json()
            if answer.status == 200 and content["done"]:
                said = (message["body"].get("text") for message in content["messages"])
                return "\n".join(map(str, said))
            if answer.status >= 400:
                raise RuntimeError(f"{answer.status}: {content}")
            # The same message once more changes nothing and waits for the same turn.
            await asyncio.sleep(0.2)
        raise RuntimeError("no answer")


class RestTalk:
    """A conversation over stock Rasa's REST channel."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self._base = base
        self._sender = uuid.uuid4().hex

    async def say(self, text: str) -> str:
        """Send a message; the answer carries the replies."""
        body = {"sender": self._sender, "message": text}
        async with self._session.post(f"{self._base}/webhooks/rest/webhook", json=body) as answer:
            content: list[dict[str, Any]] = await answer.json()
        return "\n".join(str(part.get("text") or "") for part in content)


@contextmanager
def ours(folder: Path, **settings: str) -> Iterator[tuple[Side, House]]:
    """Run our house on fresh data as `paoyici run` starts it."""
    folder.mkdir(parents=True)
    with running_house(folder, **NO_LIMITS, **settings) as house:
        base = f"{house.origin}/channels/web"

        async def begin(session: aiohttp.ClientSession) -> WebTalk:
            async with session.post(f"{base}/conversations", json={}) as answer:
                return WebTalk(session, base, (await answer.json())["token"])

        port = house.environment["EMBEDDED_DIALOGUE_PORT"]
        yield Side("paoyici", begin, _pids(house), f"http://127.0.0.1:{port}"), house


def _pids(house: House) -> dict[str, int]:
    """Return the process of each part; more than one of a part are numbered."""
    found: dict[str, int] = {}
    for part in _PARTS:
        pids = house.serving(part)
        found |= {f"{part}{n or ''}": pid for n, pid in enumerate(pids)}
    return found


@contextmanager
def stock(folder: Path, project: Path) -> Iterator[Side]:
    """Run the stock project: `rasa run`, `rasa run actions`, the office, MongoDB and Redis."""
    folder.mkdir(parents=True)
    mongo, redis, office, actions, rasa = (free_port() for _ in range(5))
    uri = f"mongodb://127.0.0.1:{mongo}/?directConnection=true&retryWrites=false"
    os.environ["PAOYICI_HOME"] = str(folder)
    environment = os.environ | keys() | {
        "HOST": "127.0.0.1", "PORT": str(office), "MONGODB_URI": uri,
        "REDIS_URL": f"redis://127.0.0.1:{redis}/0", "DATA_DIR": str(ROOT / "data"),
        "BACKEND_URL": f"http://127.0.0.1:{office}/api/v1",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "3",
    }  # fmt: skip
    del os.environ["PAOYICI_HOME"]
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(_endpoints(mongo, redis, actions), encoding="utf-8")
    serve = [sys.executable, "-m", "paoyici.cli", "serve", "--room", "backend"]
    rasa_run = [str(PYTHON), "-W", "ignore", "-m", "rasa", "run"]
    parts = {
        "mongodb": (mongo_command(mongo, folder / "mongodb"), mongo, ROOT),
        "redis": (redis_command(redis, folder), redis, ROOT),
        "office": (serve, office, ROOT),
        "actions": ([*rasa_run, "actions", "--actions", "actions", "--port", str(actions)],
                    actions, project),
        "rasa": ([*rasa_run, "--port", str(rasa), "--endpoints", str(endpoints), "--credentials",
                  "credentials.yml", "--model", "models/stock.tar.gz"], rasa, project),
    }  # fmt: skip
    with ExitStack() as stack:
        pids = {
            name: stack.enter_context(
                running(command, port, folder / f"{name}.log", cwd=cwd, env=environment,
                        ready=_patient)
            ).pid
            for name, (command, port, cwd) in parts.items()
        }  # fmt: skip
        _wait_for_model(f"http://127.0.0.1:{rasa}/webhooks/rest/webhook")

        async def begin(session: aiohttp.ClientSession) -> RestTalk:
            return RestTalk(session, f"http://127.0.0.1:{rasa}")

        yield Side("stock Rasa", begin, pids)


def _patient(port: int, process: Any) -> None:
    from servers import wait_for_port

    wait_for_port(port, process, 180)


def _wait_for_model(address: str, seconds: float = 180) -> None:
    """Wait until the server answers a first message: it listens before its model is loaded."""
    end = time.monotonic() + seconds
    body = json.dumps({"sender": "first", "message": "您好"}).encode()
    asked = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    assert urlsplit(address).scheme == "http"
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                if json.load(answer):
                    return
        except urllib.error.URLError:
            pass
        time.sleep(0.5)
    raise RuntimeError("the stock project does not answer")


def _endpoints(mongo: int, redis: int, actions: int) -> str:
    """Return the ordinary endpoints.yml of such a project."""
    return f"""action_endpoint:
  url: http://127.0.0.1:{actions}/webhook
tracker_store:
  type: mongod
  url: mongodb://127.0.0.1:{mongo}/?directConnection=true&retryWrites=false
  db: rasa
lock_store:
  type: redis
  url: 127.0.0.1
  port: {redis}
  db: 1
"""
