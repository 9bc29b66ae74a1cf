"""HTTP as bytes: what polite clients refuse to send is sent, and what comes back is read."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

_ANSWER_SECONDS = 20.0
_UNFINISHED_SECONDS = 0.3
_NO_BODY = {204, 304}


@dataclass
class Attempt:
    """One thing to send.

    Attributes:
        name: what is hostile about it.
        sent: the bytes.
        frames: what is sent after a WebSocket was opened.
        unfinished: no answer need come, because the request never ends or is none.
        head: the answer has no body.
    """

    name: str
    sent: bytes
    frames: list[bytes] = field(default_factory=list)
    unfinished: bool = False
    head: bool = False


@dataclass
class Answer:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes


async def send(port: int, attempt: Attempt) -> Answer | None:
    """Send something from an address of its own; return the answer, None where none came.

    Raises:
        TimeoutError: a finished request was not answered.
    """
    # All of 127.0.0.0/8 is this machine: no stranger fills another one's limits.
    source = f"127.{random.randrange(1, 250)}.{random.randrange(250)}.{random.randrange(1, 250)}"
    try:
        async with connected(port, source) as (reader, writer):
            writer.write(attempt.sent)
            seconds = _UNFINISHED_SECONDS if attempt.unfinished else _ANSWER_SECONDS
            async with asyncio.timeout(seconds):
                answer = await read_answer(reader, head=attempt.head)
                if answer and answer.status == 101:
                    for frame in attempt.frames:
                        writer.write(frame)
                    await reader.read(64 * 1024)
            return answer
    except (ConnectionError, asyncio.IncompleteReadError):
        return None
    except TimeoutError:
        if attempt.unfinished:
            return None
        raise


@asynccontextmanager
async def connected(
    port: int, source: str = "127.0.0.1"
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Hold a connection until the block ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def read_answer(reader: asyncio.StreamReader, *, head: bool = False) -> Answer | None:
    """Read one answer; None where the connection ends before it."""
    status = 100
    while status == 100:
        line = await reader.readline()
        if not line:
            return None
        status = int(line.split()[1])
        headers = await _headers(reader)
    return Answer(status, headers, b"" if head else await _body(reader, status, headers))


async def _headers(reader: asyncio.StreamReader) -> dict[str, str]:
    found = {}
    while line := (await reader.readline()).strip():
        name, _, value = line.decode("latin-1").partition(":")
        found[name.lower()] = value.strip()
    return found


async def _body(reader: asyncio.StreamReader, status: int, headers: dict[str, str]) -> bytes:
    if status in _NO_BODY or status == 101:
        return b""
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    if headers.get("transfer-encoding") != "chunked":
        return await reader.read()
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    return body
