"""Tells how the store is by writing, reading and opening one sealed document: the canary.

A store can answer `ping` while its disk is full, its engine has panicked or our keys do not open
what it holds. The result is remembered for a moment, so that whoever asks often costs nothing.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path
from typing import ClassVar, Literal

import structlog
from cryptography.fernet import InvalidToken
from pymongo.errors import ConnectionFailure, PyMongoError

from bot import canary_store as store
from bot.background import Background
from bot.db import Database, Document
from bot.metrics import STORE
from bot.privacy import Envelope, token_hash
from bot.settings import Settings, SettingsError
from standards.tasks import ended

State = Literal["ok", "away", "disk_full", "panic", "refused", "key_wrong"]

_PERIOD_SECONDS = 10.0
_REMEMBERED_SECONDS = 3.0
_PATIENCE_SECONDS = 2.0
_FULL_BYTES = 16 * 1024**2
_SONG = "canary"
_TOKEN_KEY = "TOKEN_KEY"  # noqa: S105 (name of a setting)
_OUT_OF_DISK, _INTERNAL = 14031, 1

logger = structlog.get_logger(__name__)


class Canary(Background):
    """The store's well-being, and whether our keys are those it was written with.

    Args:
        database: the door's.
        envelope: seals and opens.
        settings: whose keys that seal nothing are proven too, and where the store's files are.
    """

    work_name: ClassVar[str] = "canary"

    def __init__(self, database: Database, envelope: Envelope, settings: Settings) -> None:
        self._database = database
        self._envelope = envelope
        self._token_keys = {token_hash(key, _SONG): key for key in settings.token_keys}
        self._folder = settings.store_dir
        self._state: State = "ok"
        self._known_until = 0.0
        self._looking: asyncio.Task[State] | None = None

    async def begin(self) -> None:
        """Write the canary at the first start, and make sure at every start that our keys open it.

        A canary of an earlier version gets the marks it has none of, once the others prove our
        keys; a mark of a later version is left as it is.

        Raises:
            SettingsError: a key is not the one the store was written with; the message names it.
            PyMongoError: the store does not answer or refuses.
        """
        kept = await store.read(self._database)
        first = {_TOKEN_KEY: next(iter(self._token_keys))}
        if kept is None:
            sealed = await store.evidence(self._database)
            if sealed is not None:
                self._open(sealed)
            await store.put(self._database, self._envelope.seal({"song": _SONG}), first)
        else:
            self._prove(kept)
            await store.complete(self._database, first)
        await self._sing()

    async def token_key(self) -> str:
        """Return the token key that signed last; called after `begin`."""
        kept = await store.read(self._database)
        assert kept is not None, "read a moment ago"
        return self._token_keys[kept["marks"][_TOKEN_KEY]]

    async def settle(self) -> None:
        """Note that the first token key signs from now on, so that nobody goes on without it."""
        await store.mark(self._database, _TOKEN_KEY, next(iter(self._token_keys)))

    async def state(self) -> State:
        """Tell how the store is, at most some seconds old; whoever asks meanwhile shares a look."""
        if time.monotonic() < self._known_until:
            return self._state
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(self._looking)

    async def end(self) -> None:
        """Stop looking."""
        if self._looking is not None:
            await ended([self._looking])

    async def _run(self) -> None:
        """Look now and then, so that log and metric tell though nobody asks."""
        while True:
            await self.state()
            await asyncio.sleep(_PERIOD_SECONDS)

    async def _look(self) -> State:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._sing()
            found: State = "ok"
        except (PyMongoError, TimeoutError) as error:
            full = await asyncio.to_thread(_is_full, self._folder)
            found = "disk_full" if full else _trouble(error)
        except SettingsError:
            found = "key_wrong"
        if found != self._state:
            tell = logger.info if found == "ok" else logger.error
            tell(f"store.{found}", before=self._state)
        self._state = found
        STORE.state(found)
        self._known_until = time.monotonic() + _REMEMBERED_SECONDS
        return found

    async def _sing(self) -> None:
        """Write, read and open the canary.

        Raises:
            SettingsError: a key is wrong, or the canary was taken away.
            PyMongoError: the store does not answer or refuses.
        """
        await store.touch(self._database)
        kept = await store.read(self._database)
        if kept is None:
            raise SettingsError("DATA_KEYS: the store has lost the document that proves the keys")
        self._prove(kept)

    def _prove(self, kept: Document) -> None:
        """Compare our keys with a canary; a mark it does not have proves nothing.

        Raises:
            SettingsError: a key is wrong; the message names it.
        """
        self._open(kept["sealed"])
        known = kept.get("marks", {})
        if known.get(_TOKEN_KEY, next(iter(self._token_keys))) not in self._token_keys:
            raise SettingsError(f"{_TOKEN_KEY}: not the key this store was written with")

    def _open(self, sealed: bytes) -> None:
        try:
            self._envelope.unseal(sealed)
        except InvalidToken:
            raise SettingsError("DATA_KEYS: none of the keys opens what this store holds") from None


def _is_full(folder: Path | None) -> bool:
    """Say whether the disk of a folder has no room; of a store elsewhere that is not known."""
    if folder is None:
        return False
    try:
        return shutil.disk_usage(folder).free < _FULL_BYTES
    except OSError:
        return False


def _trouble(error: Exception) -> State:
    """Name what a failed write or read says about the store."""
    if isinstance(error, TimeoutError | ConnectionFailure):
        return "away"
    code = getattr(error, "code", None)
    if code == _OUT_OF_DISK:
        return "disk_full"
    # The embedded server names nothing more precise for an engine that has panicked.
    return "panic" if code == _INTERNAL else "refused"
