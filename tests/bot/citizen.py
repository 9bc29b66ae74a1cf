"""A citizen's browser, as far as the web channel sees it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp

_numbers = itertools.count(1)


@dataclass
class Answer:
    """Status and JSON of an answer."""

    status: int
    json: dict[str, Any]

    @property
    def texts(self) -> list[str]:
        """Return what the replies say."""
        return [message["body"]["text"] for message in self.json["messages"]]

    @property
    def error(self) -> str:
        """Return the error's key."""
        return str(self.json["error"]["key"])


@dataclass
class Citizen:
    """One conversation over HTTP."""

    http: aiohttp.ClientSession
    url: str
    conversation_id: str
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def arrive(cls, http: aiohttp.ClientSession, url: str, **body: Any) -> Self:
        """Open a conversation."""
        async with http.post(f"{url}/channels/web/conversations", json=body) as answer:
            assert answer.status == 201
            content = await answer.json()
        return cls(http, url, content["conversation_id"], content["token"])

    async def say(
        self, text: str, *, wait: int = 10, id: str | None = None, url: str | None = None
    ) -> Answer:
        """Say a text and wait for the replies."""
        return await self.send({"kind": "text", "text": text}, wait=wait, id=id, url=url)

    async def send(
        self,
        message: dict[str, Any],
        *,
        wait: int = 10,
        id: str | None = None,
        url: str | None = None,
    ) -> Answer:
        """Send a message and wait for the replies."""
        headers = {"Prefer": f"wait={wait}"} if wait else {}
        return await self.request(
            "POST",
            "/messages",
            url=url,
            headers=headers,
            json={"client_msg_id": id or f"c{next(_numbers)}", **message},
        )

    async def request(
        self, method: str, path: str, *, url: str | None = None, headers: Any = None, **options: Any
    ) -> Answer:
        """Call a path of the web channel with the token."""
        all_headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        async with self.http.request(
            method, f"{url or self.url}/channels/web{path}", headers=all_headers, **options
        ) as answer:
            return Answer(answer.status, await answer.json())
