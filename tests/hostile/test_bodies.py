"""A compressed body costs its sender a refusal, and nobody else anything."""

from __future__ import annotations

import asyncio
import time
import zlib

import pytest

from hostile.street import Street, error_of
from hostile.wire import Attempt, connected, read_answer, send

MEGABYTE = 2**20
BOMB_MEGABYTES = 400
# One route of each kind: anonymous JSON, signed XML, log-in, the other rooms' JSON, a file, a page.
TARGETS = [
    ("POST", "/channels/web/conversations"),
    ("POST", "/channels/web/media"),
    ("POST", "/channels/wechat"),
    ("POST", "/channels/wecom"),
    ("POST", "/api/v1/staff/login"),
    ("POST", "/api/v1/media"),
    ("POST", "/desk/"),
    ("GET", "/"),
]


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """400 MB of zeros, as some 400 kB of gzip."""
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(MEGABYTE)
    return b"".join(packer.compress(zeros) for _ in range(BOMB_MEGABYTES)) + packer.flush()


def request(method: str, path: str, body: bytes, *headers: str) -> bytes:
    """Return a request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def page_seconds(street: Street) -> float:
    """Return how long a static file takes."""
    began = time.monotonic()
    answer = await send(street.port, Attempt("page", request("GET", "/assets/app.js", b"")))
    assert answer
    assert (answer.status, answer.body) == (200, b"1")
    return time.monotonic() - began


async def test_a_bomb_delays_nobody_whichever_route_it_is_sent_to(
    street: Street, bomb: bytes
) -> None:
    assert len(bomb) < MEGABYTE
    await page_seconds(street)
    calm = max([await page_seconds(street) for _ in range(20)])
    memory = street.memory()
    for method, path in TARGETS:
        sent = request(method, path, bomb, "Content-Encoding: gzip")
        thrown = [asyncio.create_task(send(street.port, Attempt("bomb", sent))) for _ in range(4)]
        slowest = 0.0
        while not all(one.done() for one in thrown):
            slowest = max(slowest, await page_seconds(street))
        # An inflated bomb stops the street for seconds.
        assert slowest < calm + 0.5, (path, slowest, calm)
        for answer in await asyncio.gather(*thrown):
            assert answer, path
            assert answer.status == 415, path
            assert answer.headers["connection"] == "close"
            assert error_of(answer.body)["key"] in {"body.encoded", "request.encoded"}
    assert street.memory() - memory < 40 * MEGABYTE


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, identity", "x-none"])
@pytest.mark.parametrize(("method", "path"), TARGETS)
async def test_no_encoding_of_a_body_is_taken(
    street: Street, method: str, path: str, encoding: str
) -> None:
    sent = request(method, path, b"garbage", f"Content-Encoding: {encoding}")
    answer = await send(street.port, Attempt("encoded", sent))
    assert answer
    assert answer.status == 415
    assert answer.headers["connection"] == "close"
    assert error_of(answer.body)["message"]


async def test_a_body_that_says_it_is_plain_is_taken(street: Street) -> None:
    sent = request("POST", "/channels/web/conversations", b"{}", "Content-Encoding: identity")
    answer = await send(street.port, Attempt("identity", sent))
    assert answer
    assert answer.status == 201


async def go_on(writer: asyncio.StreamWriter) -> None:
    """Send more and more.

    Raises:
        ConnectionError: nobody listens any more.
    """
    while True:
        writer.write(b" " * MEGABYTE)
        await asyncio.wait_for(writer.drain(), 10)
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/channels/web/conversations", ()),
        ("/api/v1/handoffs", ("Authorization: Bearer service-token-of-the-tests",)),
    ],
)
async def test_after_too_large_a_body_the_connection_ends_and_the_rest_is_not_read(
    street: Street, path: str, headers: tuple[str, ...]
) -> None:
    head = request("POST", path, b"", *headers)
    head = head.replace(b"Content-Length: 0", b"Content-Length: 9999999999")
    async with connected(street.port) as (reader, writer):
        writer.write(head + b"{" + b" " * 2 * MEGABYTE)
        answer = await asyncio.wait_for(read_answer(reader), 10)
        assert answer
        assert (answer.status, answer.headers["connection"]) == (413, "close")
        assert error_of(answer.body)["message"]
        began = time.monotonic()
        with pytest.raises(ConnectionError):
            await go_on(writer)
        assert time.monotonic() - began < 5
