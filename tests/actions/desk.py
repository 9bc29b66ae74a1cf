"""Staff, as far as a citizen's conversation needs them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import yaml
from accounts import take_over
from servers import ROOT


class Desk:
    """Logged-in staff of each role."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self._base = base
        self._session = session

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, base: str) -> AsyncIterator[Desk]:
        """Open the desk for a test."""
        async with aiohttp.ClientSession() as session:
            yield cls(base, session)

    async def send_back(self, number: str, missing: list[str]) -> None:
        """补正: send a case back with what is missing."""
        await self._do("approver", "POST", f"/desk/cases/{number}/return",
                       {"why": "材料不全", "missing": missing})  # fmt: skip

    async def handoffs(self) -> list[dict[str, Any]]:
        """Return the open handoffs."""
        return list((await self._do("agent", "GET", "/desk/handoffs"))["handoffs"])

    async def _do(
        self, who: str, method: str, path: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        accounts = yaml.safe_load((ROOT / "data/seed/staff.yml").read_text(encoding="utf-8"))
        account = next(entry for entry in accounts["staff"] if entry["username"] == who)
        own = await asyncio.to_thread(take_over, self._base, who, account["password"])
        login = {"username": who, "password": own}
        async with self._session.post(f"{self._base}/staff/login", json=login) as answer:
            token = (await answer.json())["token"]
        headers = {"Authorization": f"Bearer {token}"}
        async with self._session.request(
            method, self._base + path, json=body, headers=headers
        ) as answer:
            content: dict[str, Any] = await answer.json()
            assert answer.status < 300, content
            return content
