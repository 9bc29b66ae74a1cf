"""Tells how the store is by writing, reading and opening one sealed document: the canary.

A store can answer `ping` while its disk is full, its engine has panicked or our keys do not open
what it holds; only using it as the office does tells. The result is remembered for a moment, so
that whoever asks for it often costs nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, get_args

import structlog
from cryptography.fernet import InvalidToken
from pymongo.errors import ConnectionFailure, PyMongoError

from backend import canary_store as store
from backend.db import Database, Document
from backend.metrics import DISK_FREE, STORE
from backend.privacy import Privacy
from backend.settings import Settings, SettingsError
from standards.tasks import ended

State = Literal["ok", "away", "disk_full", "panic", "refused", "key_wrong"]
STATES: tuple[State, ...] = get_args(State)

PERIOD_SECONDS = 10.0
_REMEMBERED_SECONDS = 3.0
_PATIENCE_SECONDS = 2.0
_FULL_BYTES = 16 * 1024**2
SONG = "canary"
INDEXES = "BLIND_INDEX_KEY"
_OUT_OF_DISK, _INTERNAL = 14031, 1

log = structlog.get_logger(__name__)


class Canary:
    """The store's well-being, and whether our keys are those it was written with.

    Args:
        database: the office's.
        privacy: its keys.
        marks: what each key that seals nothing makes of the canary, by its setting; several
            where an earlier key still counts.
        folder: where the store keeps its files, where that is this machine; None elsewhere.
        least_free: bytes of free disk below which somebody is warned.

    Attributes:
        disk_low: the store's disk has less than `least_free`.
    """

    def __init__(
        self,
        database: Database,
        privacy: Privacy,
        marks: Mapping[str, Sequence[str]],
        folder: Path | None,
        least_free: int,
    ) -> None:
        self._database = database
        self._privacy = privacy
        self._marks = marks
        self._folder = folder
        self._least_free = least_free
        self._state: State = "ok"
        self._known_until = 0.0
        self._looking: asyncio.Task[State] | None = None
        self.disk_low = False

    async def begin(self) -> None:
        """Write the canary at the first start, and make sure at every start that our keys open it.

        A canary of an earlier version gets the marks it has none of, once the others prove our
        keys; a mark of a later version is left as it is.

        Raises:
            SettingsError: a key is not the one the store was written with; the message names it.
            PyMongoError: the store does not answer or refuses.
        """
        kept = await store.read(self._database)
        first = {setting: marks[0] for setting, marks in self._marks.items()}
        if kept is None:
            for sealed in await store.evidence(self._database):
                self._open(sealed)
            await store.put(self._database, self._privacy.seal_text(SONG), first)
        else:
            self._prove(kept)
            await store.complete(self._database, first)
        await self._sing()

    async def settle(self) -> None:
        """Note with which keys is written from now on, so that nobody goes on without them.

        What an earlier key has signed may be given up at any time; what is found by an earlier key
        only once it is found by the first one too.
        """
        kept = await self._kept()
        for setting, marks in self._marks.items():
            found_by = _listed(kept["marks"][setting]) if setting == INDEXES else []
            await store.mark(self._database, setting, list(dict.fromkeys([*found_by, marks[0]])))

    async def all_found_by_first(self) -> None:
        """Note that nothing is found by an earlier key of `BLIND_INDEX_KEY` alone any more."""
        await store.mark(self._database, INDEXES, self._marks[INDEXES][:1])

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

    async def _look(self) -> State:
        free = await self._free()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._sing()
            found: State = "ok"
        except (PyMongoError, TimeoutError) as error:
            full = free is not None and free < _FULL_BYTES
            found = "disk_full" if full else _trouble(error)
        except SettingsError:
            found = "key_wrong"
        if found != self._state:
            tell = log.info if found == "ok" else log.error
            tell(f"store.{found}", before=self._state)
        self._state = found
        STORE.state(found)
        self._known_until = time.monotonic() + _REMEMBERED_SECONDS
        return found

    async def _free(self) -> int | None:
        """Measure the store's disk in bytes, and warn once when little is left."""
        if self._folder is None:
            return None
        try:
            free = (await asyncio.to_thread(shutil.disk_usage, self._folder)).free
        except OSError:
            return None
        DISK_FREE.set(free)
        low = free < self._least_free
        if low and not self.disk_low:
            log.warning("disk.low", free_bytes=free)
        self.disk_low = low
        return free

    async def _sing(self) -> None:
        """Write, read and open the canary.

        Raises:
            SettingsError: a key is wrong, or the canary was taken away.
            PyMongoError: the store does not answer or refuses.
        """
        await store.touch(self._database)
        self._prove(await self._kept())

    async def _kept(self) -> Document:
        """Return the canary.

        Raises:
            SettingsError: it was taken away.
        """
        kept = await store.read(self._database)
        if kept is None:
            raise SettingsError("DATA_KEYS: the store has lost the document that proves the keys")
        return kept

    def _prove(self, kept: Document) -> None:
        """Compare our keys with a canary; a mark it does not have proves nothing.

        Raises:
            SettingsError: a key is wrong; the message names it.
        """
        self._open(kept["sealed"])
        known = kept.get("marks", {})
        for setting, marks in self._marks.items():
            if not {*_listed(known.get(setting, []))} <= {*marks}:
                raise SettingsError(f"{setting}: not the key this store was written with")

    def _open(self, sealed: bytes) -> None:
        try:
            self._privacy.unseal(sealed)
        except InvalidToken:
            raise SettingsError("DATA_KEYS: none of the keys opens what this store holds") from None


def marks_of(settings: Settings, privacy: Privacy) -> dict[str, list[str]]:
    """Return what each key that seals nothing makes of the canary, by its setting."""
    return {
        INDEXES: list(privacy.blind_indexes(SONG, SONG)),
        "TOKEN_KEY": [
            hmac.new(bytes.fromhex(key), SONG.encode(), hashlib.sha256).hexdigest()
            for key in settings.token_keys
        ],
    }


def _listed(marks: str | list[str]) -> list[str]:
    """Return what is kept of a setting's keys; an earlier version kept one mark."""
    return [marks] if isinstance(marks, str) else marks


def _trouble(error: Exception) -> State:
    """Name what a failed write or read says about the store."""
    if isinstance(error, TimeoutError | ConnectionFailure):
        return "away"
    code = getattr(error, "code", None)
    if code == _OUT_OF_DISK:
        return "disk_full"
    # The embedded server names nothing more precise for an engine that has panicked.
    return "panic" if code == _INTERNAL else "refused"
