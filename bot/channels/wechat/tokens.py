"""接口凭证: the access token, refreshed early by one process and shared by all.

The token is sealed in MongoDB with a lease beside it: whoever holds the lease asks the platform,
the others go on with the old token while it lives, or wait a moment for the new one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from pymongo.errors import DuplicateKeyError

from bot.channels.wechat.errcodes import PlatformError
from bot.clock import Clock
from bot.db import Database, Document
from bot.lease_store import FREE, Lease, Leases
from bot.privacy import Envelope

logger = structlog.get_logger(__name__)

_LEASE_SECONDS = 10.0
_LOOK_EVERY = 0.05
_PATIENCE = 5.0
_EARLY = 0.2
"""The last fifth of a token's life is for refreshing it."""

Fetch = Callable[[bool], Awaitable[tuple[str, int]]]
"""Asks the platform (forced or not): the token, and its life in seconds."""


@dataclass(frozen=True)
class Token:
    """接口凭证 with the time it ends, and the time to ask for the next one."""

    value: str
    refresh_at: datetime
    until: datetime


class Tokens:
    """The token of one account in `platform_tokens`."""

    def __init__(
        self,
        database: Database,
        envelope: Envelope,
        name: str,
        fetch: Fetch,
        clock: Clock,
        owner: str,
    ) -> None:
        self._tokens = database["platform_tokens"]
        self._leases = Leases(self._tokens, owner, _LEASE_SECONDS, clock)
        self._envelope = envelope
        self._name = name
        self._fetch = fetch
        self._clock = clock
        self._known: Token | None = None

    async def get(self) -> str:
        """Return a token that lives.

        Raises:
            PlatformError: the platform gives none.
        """
        if self._known and self._known.refresh_at > self._clock():
            return self._known.value
        return (await self._current(bad="")).value

    async def renew(self, bad: str) -> str:
        """Return another token than `bad`, which the platform has just refused.

        Raises:
            PlatformError: the platform gives none.
        """
        self._known = None
        return (await self._current(bad=bad)).value

    async def _current(self, bad: str) -> Token:
        """Return the stored token, after having refreshed it where that is our part."""
        clock = asyncio.get_running_loop().time
        end = clock() + _PATIENCE
        while True:
            stored = await self._read()
            good = stored is not None and stored.value != bad and stored.until > self._clock()
            if stored and good and stored.refresh_at > self._clock():
                return self._keep(stored)
            if lease := await self._leases.take(self._name):
                return await self._refresh(lease, bad, stored if good else None)
            if stored and good:
                return stored
            if clock() >= end:
                raise PlatformError(0, "token.nobody_refreshes")
            await asyncio.sleep(_LOOK_EVERY)

    async def _refresh(self, lease: Lease, bad: str, old: Token | None) -> Token:
        """Ask the platform under the lease; a failure is hidden while the old token lives."""
        try:
            latest = self._open(lease.document)
            if latest and latest.value != bad and latest.refresh_at > self._clock():
                return self._keep(latest)
            value, seconds = await self._fetch(bool(bad))
            return self._keep(await self._write(lease, value, seconds))
        except PlatformError as error:
            logger.warning("token.not_refreshed", account=self._name, reason=error.reason)
            if old is None:
                raise
            return old
        finally:
            await self._leases.release(lease)

    async def _write(self, lease: Lease, value: str, seconds: int) -> Token:
        """Store a new token under the fence of the lease."""
        now = self._clock()
        token = Token(
            value,
            now + timedelta(seconds=seconds * (1 - _EARLY)),
            now + timedelta(seconds=seconds),
        )
        await self._tokens.update_one(
            {"_id": self._name, "fence": lease.fence},
            {
                "$set": {
                    "token": self._envelope.seal({"token": value}),
                    "refresh_at": token.refresh_at,
                    "until": token.until,
                }
            },
        )
        return token

    async def _read(self) -> Token | None:
        """Return the stored token; the first caller creates its place."""
        row = await self._tokens.find_one({"_id": self._name})
        if row is None:
            try:
                await self._tokens.insert_one(
                    {"_id": self._name, "lease_owner": None, "lease_until": FREE, "fence": 0}
                )
            except DuplicateKeyError:
                # Another process created it in the same moment.
                return None
            return None
        return self._open(row)

    def _open(self, row: Document) -> Token | None:
        """Open a stored token."""
        if "token" not in row:
            return None
        value = self._envelope.unseal(row["token"])["token"]
        return Token(value, row["refresh_at"], row["until"])

    def _keep(self, token: Token) -> Token:
        """Remember a token in this process."""
        self._known = token
        return token
