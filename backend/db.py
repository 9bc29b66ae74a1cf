"""MongoDB: the client, indexes, and transactions that try again after a conflict.

Only this module and the `store.py` files know the driver.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog
from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession, AsyncIOMotorDatabase
from pymongo import DeleteOne, IndexModel
from pymongo.errors import ConnectionFailure, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from backend.clock import SHANGHAI
from backend.document import Document as Document
from backend.errors import UnavailableError

Database = AsyncIOMotorDatabase[Document]
Client = AsyncIOMotorClient[Document]
# Each capability exports `INDEXES: Indexes` from its store: collection name → its indexes.
Indexes = Mapping[str, Sequence[IndexModel]]
StorageError = PyMongoError

T = TypeVar("T")

ATTEMPTS = 12
LINE_PATIENCE_SECONDS = 10.0
START_PATIENCE_SECONDS = 60.0

# Whether the code that runs is part of a transaction; a task takes it over from whoever starts it.
_inside: ContextVar[bool] = ContextVar("inside_a_transaction", default=False)

log = structlog.get_logger(__name__)


class NestedTransactionError(RuntimeError):
    """Code inside a transaction opens another one; it takes the one under way as `tx` instead."""


@dataclass(slots=True)
class Transaction:
    """A transaction under way: pass `session=tx.session` to every driver call.

    `wakeups` are the names to ring once the transaction is committed.
    """

    session: AsyncIOMotorClientSession
    wakeups: set[str] = field(default_factory=set)


def connect(uri: str) -> Client:
    """Return a client for `uri`; no connection is made yet."""
    return AsyncIOMotorClient(uri, serverSelectionTimeoutMS=2000, connectTimeoutMS=2000)


def database(client: Client, name: str) -> Database:
    """Return the database `name`; times come back aware, in Asia/Shanghai."""
    options: CodecOptions[Document] = CodecOptions(tz_aware=True, tzinfo=SHANGHAI)
    return client.get_database(name, codec_options=options)


async def wait_until_there(database: Database, patience: float) -> None:
    """Wait for a server that starts at the same time as we do, so that nobody has to start twice.

    Args:
        database: on that server.
        patience: seconds to wait; with 0 it is asked once.

    Raises:
        ConnectionFailure: it is still away after `patience` seconds.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    while loop.time() < end and not await _answers(database):
        log.warning("storage.away")
    await database.command("ping")


async def _answers(database: Database) -> bool:
    """Say whether the server answers; one that is away is waited for for two seconds."""
    try:
        await database.command("ping")
    except ConnectionFailure:
        return False
    return True


async def ensure_indexes(database: Database, indexes: Sequence[Indexes]) -> None:
    """Create the collections and indexes that do not exist yet."""
    present = set(await database.list_collection_names())
    for capability in indexes:
        for collection, models in capability.items():
            if models:
                await database[collection].create_indexes(list(models))
            elif collection not in present:
                await database.create_collection(collection)


def one_of(values: Sequence[str]) -> Any:
    """Return what finds any of some values; a single one is looked up as itself."""
    return values[0] if len(values) == 1 else {"$in": list(values)}


async def delete_each(database: Database, collection: str, query: Document) -> int:
    """Delete what a query finds, one write a document; return how many there were.

    One write of many documents that meets a transaction stops the embedded server.
    """
    found = [row["_id"] async for row in database[collection].find(query, {"_id": 1})]
    if found:
        await database[collection].bulk_write([DeleteOne({"_id": id}) for id in found], False)
    return len(found)


class Transactor:
    """Runs pieces of work in transactions.

    While there is no trouble they run side by side. After a write conflict the losers stand in
    one line a process, and whoever comes meanwhile stands behind them: most conflicts are about
    the same counter, and a newcomer that runs freely would only beat those who wait already.

    A transaction inside another one would wait in the line that the outer one holds, and its
    effects would stay where the outer one is tried again. It is refused, in tasks that the outer
    one starts too: those run while it goes on, and start anew with every attempt.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._line = asyncio.Lock()
        self._in_line = 0

    async def run(self, work: Callable[[Transaction], Awaitable[T]]) -> tuple[T, set[str]]:
        """Run `work` in a transaction, again after a conflict; return its result and wake-ups.

        `work` may run several times, so its only effects are writes through its transaction.

        Raises:
            NestedTransactionError: it is called inside a transaction.
            UnavailableError: too many stand in the line.
        """
        if _inside.get():
            raise NestedTransactionError("hand on the transaction under way instead")
        if not self._in_line:
            try:
                return await self._attempt(work)
            except PyMongoError as error:
                if not _transient(error):
                    raise
        self._in_line += 1
        try:
            async with self._turn():
                return await self._persist(work)
        finally:
            self._in_line -= 1

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Stand in the line until it is one's turn, and leave it afterwards.

        Raises:
            UnavailableError: it did not come within `LINE_PATIENCE_SECONDS`.
        """
        try:
            async with asyncio.timeout(LINE_PATIENCE_SECONDS):
                await self._line.acquire()
        except TimeoutError:
            raise UnavailableError("office.busy") from None
        try:
            yield
        finally:
            self._line.release()

    async def _persist(self, work: Callable[[Transaction], Awaitable[T]]) -> tuple[T, set[str]]:
        """Run `work` until nobody else, in another process, was faster; not for ever."""
        for attempt in range(1, ATTEMPTS):
            try:
                return await self._attempt(work)
            except PyMongoError as error:
                if not _transient(error):
                    raise
            await asyncio.sleep(random.uniform(0, 0.002 * 2**attempt))  # noqa: S311 (jitter)
        return await self._attempt(work)

    async def _attempt(self, work: Callable[[Transaction], Awaitable[T]]) -> tuple[T, set[str]]:
        async with await self._database.client.start_session() as session:
            async with session.start_transaction(
                read_concern=ReadConcern("snapshot"),
                write_concern=WriteConcern("majority"),
            ):
                tx = Transaction(session)
                inside = _inside.set(True)
                try:
                    result = await work(tx)
                finally:
                    _inside.reset(inside)
            return result, tx.wakeups


def _transient(error: PyMongoError) -> bool:
    """Tell whether the same transaction may succeed when it is tried again.

    It may also where somebody else took the same place of a log in the same moment.
    """
    if isinstance(error, DuplicateKeyError):
        return "seq" in ((error.details or {}).get("keyPattern") or {})
    return error.has_error_label("TransientTransactionError")
