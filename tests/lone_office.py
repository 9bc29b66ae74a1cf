"""The office alone, for page tests of the desk: real servers, a clock that tests set, no bot."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts import own_password
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet

from backend.app import create_app
from backend.clock import SHANGHAI
from backend.events import SYSTEM
from backend.handoffs.clock import tick
from backend.office import OFFICE, Office
from backend.settings import Settings
from backend.staff import service
from backend.staff.samples import sample_accounts

SERVICE_TOKEN = "service-token-of-the-tests"


class Hands:
    """A clock that tests set, at nine on a Monday."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)

    def now(self) -> datetime:
        """Return the time the test wants."""
        return self.time


@dataclass
class LoneOffice:
    """A running office.

    Attributes:
        origin: where its desk is.
    """

    origin: str
    server: TestServer
    session: ClientSession
    hands: Hands
    said: int = field(default=0)

    async def post(self, path: str, body: Any, method: str = "POST") -> Any:
        """Do something as another room would."""
        async with self.session.request(
            method, f"{self.origin}/api/v1{path}", json=body,
            headers={"Authorization": f"Bearer {SERVICE_TOKEN}"},
        ) as answer:  # fmt: skip
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def ask(self, cid: str, reason: str = "asked", **more: Any) -> str:
        """Ask for a person in a conversation; return the handoff."""
        await self.post(f"/conversations/{cid}", {"channel": "web", "identity": cid}, "PUT")
        body = {"conversation_id": cid, "reason": reason, "summary": f"最后一句：{cid}"} | more
        handoff_id: str = (await self.post("/handoffs", body))["handoff_id"]
        self.hands.time += timedelta(seconds=1)
        return handoff_id

    async def say(self, cid: str, text: str) -> None:
        """Let a citizen say something."""
        self.said += 1
        message = {
            "key": f"{cid}:{self.said}",
            "direction": "in",
            "author": {"kind": "citizen"},
            "body": {"kind": "text", "text": text},
            "at": self.hands.now().isoformat(),
        }
        await self.post(f"/conversations/{cid}/messages", message)

    async def tick(self) -> None:
        """Let the office do what is due."""
        await tick(self.server.app[OFFICE])


async def open_accounts(office: Office) -> None:
    """Open an account for each of the sample's people, ready for work."""
    for entry in await asyncio.to_thread(sample_accounts, office.settings.data_dir):
        username, name, roles = entry["username"], entry["name"], frozenset(entry["roles"])
        await office.transact(
            lambda tx, u=username, n=name, r=roles: service.create(
                office, tx, u, n, own_password(u), r, SYSTEM, given=False
            )
        )


@contextlib.asynccontextmanager
async def lone_office(mongodb_uri: str, database: str) -> AsyncIterator[LoneOffice]:
    """Run an office with an account of each role until the block ends."""
    hands = Hands()
    settings = Settings(
        mongodb_uri=mongodb_uri,
        mongodb_database=database,
        redis_url=None,
        service_token=SERVICE_TOKEN,
        data_keys=Fernet.generate_key().decode(),
        blind_index_key="ab" * 32,
        token_key="cd" * 32,
        staff_logins_per_minute=1000,
    )
    async with (
        TestServer(create_app(settings, hands)) as server,
        ClientSession() as session,
    ):
        await open_accounts(server.app[OFFICE])
        yield LoneOffice(str(server.make_url("")).rstrip("/"), server, session, hands)
