"""The dialogue service takes bodies as they are sent: it inflates none."""

from __future__ import annotations

import asyncio
import time
import zlib

import pytest
from aiohttp.test_utils import TestClient, TestServer
from dialogue.http import create_app


class Deaf:
    """A service that is never reached."""


@pytest.fixture
def bomb() -> bytes:
    """400 MB of zeros, as some 400 kB of gzip."""
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(2**20)
    return b"".join(packer.compress(zeros) for _ in range(400)) + packer.flush()


async def test_a_bomb_is_refused_and_delays_nobody(bomb: bytes) -> None:
    async with TestClient(TestServer(create_app(Deaf()))) as client:

        async def throw() -> None:
            headers = {"Content-Encoding": "gzip"}
            async with client.post("/turn", data=bomb, headers=headers) as answer:
                assert answer.status == 415
                assert (await answer.json())["error"]["key"] == "request.encoded"
                assert answer.headers["Connection"] == "close"
                assert "Server" not in answer.headers

        thrown = asyncio.gather(*(throw() for _ in range(4)))
        slowest = 0.0
        while not thrown.done():
            began = time.monotonic()
            async with client.get("/alive") as answer:
                assert answer.status == 200
            slowest = max(slowest, time.monotonic() - began)
        await thrown
        assert slowest < 0.5


async def test_after_too_large_a_body_the_connection_ends() -> None:
    async with (
        TestClient(TestServer(create_app(Deaf()))) as client,
        client.post("/turn", data=b"x" * 300_000) as answer,
    ):
        assert answer.status == 413
        assert answer.headers["Connection"] == "close"
