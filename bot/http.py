"""The one HTTP client of the door: JSON to a neighbour, with short patience."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from types import TracebackType
from typing import Any, NoReturn, Self

import aiohttp

from bot.errors import AwayError, RefusedError
from bot.vitals import Vitals

_NO_ANSWER = (aiohttp.ClientError, TimeoutError, OSError)
_SIGN_OF_LIFE_SECONDS = 0.4
_DEFECT = 500
"""Status of a neighbour that is there and has failed: the same may fail again."""


class HttpClient:
    """The connections to all neighbours, open while the door is."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._asides: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Open."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        for task in self._asides:
            task.cancel()
        await asyncio.gather(*self._asides, return_exceptions=True)
        if self._session:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        """Return the open session."""
        if self._session is None:
            raise RuntimeError("the door is not open")
        return self._session

    def aside(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Let work go on by itself until it ends or the door closes."""
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)
        return task


class Neighbour:
    """One room we talk to over HTTP.

    Args:
        client: shared by the whole door.
        base: URL that every path is appended to.
        token: bearer token between rooms, or None.
        away: raised when the neighbour does not answer, or answers 5xx.
        seconds: patience for one call.
        life: path whose answer, whatever it is, is a sign of life; without one, calls are only
            given up when their time is over.
        back: told when it gives a sign of life again after it was away.
    """

    def __init__(
        self,
        client: HttpClient,
        base: str,
        away: type[AwayError],
        *,
        token: str | None = None,
        seconds: float = 3.0,
        life: str | None = None,
        back: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._base = base
        self._away = away
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._seconds = seconds
        self._life = life
        self.vitals = Vitals(self._lives, client.aside, back)

    async def json(
        self, method: str, path: str, *, seconds: float | None = None, **options: Any
    ) -> dict[str, Any]:
        """Call and return the JSON answer.

        Raises:
            AwayError: no answer, an answer that is not JSON, 5xx or 429.
            RefusedError: any other 4xx.
        """
        headers = self._headers | options.pop("headers", {})
        timeout = aiohttp.ClientTimeout(total=seconds or self._seconds, sock_connect=1.0)
        watched = self.vitals.watched() if self._life and seconds is None else nullcontext()
        try:
            async with (
                watched,
                self._client.session.request(
                    method, self._base + path, headers=headers, timeout=timeout, **options
                ) as answer,
            ):
                self.vitals.heard()
                if answer.status == _DEFECT:
                    raise self._away(status=answer.status, upstream=await _key(answer))
                if answer.status > _DEFECT or answer.status == 429:
                    raise self._away(status=answer.status)
                if answer.status >= 400:
                    await _refuse(answer)
                content: dict[str, Any] = await answer.json()
                return content
        except (*_NO_ANSWER, ValueError) as error:
            raise self._away(cause=type(error).__name__) from error

    async def _lives(self) -> bool:
        """Say whether the neighbour answers anything at all."""
        timeout = aiohttp.ClientTimeout(total=_SIGN_OF_LIFE_SECONDS)
        try:
            async with self._client.session.get(f"{self._base}{self._life}", timeout=timeout):
                return True
        except _NO_ANSWER:
            return False

    def stream(
        self, path: str, *, seconds: float = 30.0
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Open a GET whose body the caller reads piece by piece."""
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=1.0)
        return self._client.session.get(self._base + path, headers=self._headers, timeout=timeout)


async def _refuse(answer: aiohttp.ClientResponse) -> NoReturn:
    """Raise what a 4xx answer says."""
    raise RefusedError(await _key(answer), answer.status)


async def _key(answer: aiohttp.ClientResponse) -> str:
    """Return the error key of an answer."""
    try:
        return str((await answer.json())["error"]["key"])
    except (ValueError, KeyError, TypeError, aiohttp.ClientError):
        return "unknown"
