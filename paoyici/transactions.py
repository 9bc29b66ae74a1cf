"""What a killed room leaves behind in the embedded server: transactions nobody will end.

A killed client's transaction stays open, and what it has written blocks everybody else with write
conflicts. MongoDB itself bounds that by `transactionLifetimeLimitSeconds`, which
docker-compose.yml sets to 5; the embedded server has no such option and waits a minute. It knows
`killAllSessions`, which ends every transaction at once: those of the living are run again by their
drivers, as after any other conflict.
"""

from __future__ import annotations

import asyncio

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from paoyici.parts import Layout, Part
from paoyici.supervisor import say

_USE_TRANSACTIONS = frozenset({"street", "bot", "backend"})
_PATIENCE_MS = 1000


async def release(layout: Layout, part: Part) -> None:
    """End the transactions that `part` may have left open in the embedded server."""
    if part.name in _USE_TRANSACTIONS:
        await end_open(layout)


async def end_open(layout: Layout) -> None:
    """End the transactions that are open in the embedded server; the living run theirs again.

    A server that is away keeps no transactions either; another server is not ours to command.
    """
    if layout.embedded_mongo_port is None:
        return
    try:
        await asyncio.to_thread(_end_all, layout.mongodb_uri)
    except PyMongoError as error:
        say(f"mongodb: open transactions were not ended ({type(error).__name__})")


def _end_all(uri: str) -> None:
    """Send the command; the driver's asynchronous client would leave a half-open socket behind."""
    with MongoClient[dict[str, object]](
        uri, serverSelectionTimeoutMS=_PATIENCE_MS, connectTimeoutMS=_PATIENCE_MS
    ) as client:
        client.admin.command("killAllSessions", [])
