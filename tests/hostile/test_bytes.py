"""Garbage in headers, cookies, files and first frames is refused in the contract's words."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest

from hostile.frames import CLOSE, TEXT, frame, frames_of, opening
from hostile.street import Street, error_of
from hostile.wire import Answer, Attempt, connected, read_answer, send


async def ask(street: Street, *lines: bytes, body: bytes = b"") -> Answer:
    """Send a request, line by line as given; return the answer."""
    length = b"Content-Length: %d" % len(body)
    sent = b"\r\n".join([lines[0], b"Host: x", *lines[1:], length, b"", b""]) + body
    answer = await send(street.port, Attempt("bytes", sent))
    assert answer is not None, lines
    return answer


@pytest.fixture
async def token(street: Street) -> str:
    """The token of a citizen's conversation."""
    return await street.citizen()


@pytest.mark.parametrize(
    ("lines", "status", "key"),
    [
        ([b"GET /channels/web/messages", b"Authorization: Bearer \xff"], 401, "session.unknown"),
        ([b"POST /channels/web/media", b"Authorization: Bearer \xff"], 401, "session.unknown"),
        (
            [b"GET /metrics", b"Authorization: Bearer \xff", b"X-Forwarded-For: x"],
            404,
            "path.not_found",
        ),
        ([b"GET /api/v1/staff", b"Authorization: Bearer \xff"], 401, "auth.token_invalid"),
        (
            [b"POST /channels/wechat/h5/session", b"Cookie: paoyici_ticket=\xff"],
            401,
            "session.unknown",
        ),
        (
            [b"GET /channels/wechat/h5/back?state=x&code=y", b"Cookie: paoyici_state=\xff"],
            401,
            "session.unknown",
        ),
        ([b"GET /channels/web/messages", b"Expect: \xff"], 400, "request.bad"),
        ([b"GET /channels/web/messages", b"Expect: everything"], 417, "request.bad"),
        ([b"GET /", b"Bad Name: x"], 400, "request.bad"),
        ([b"GET /", b"Content-Length: -1"], 400, "request.bad"),
        ([b"GET /", b"X: " + b"y" * 9000], 400, "request.bad"),
        ([b"GET /\xff\xfe"], 400, "request.bad"),
        ([b"POST /api/v1/staff/login", b"Transfer-Encoding: \xff"], 400, "request.bad"),
    ],
)
async def test_bytes_that_are_no_text_are_refused(
    street: Street, lines: list[bytes], status: int, key: str
) -> None:
    answer = await ask(street, lines[0] + b" HTTP/1.1", *lines[1:])
    assert (answer.status, error_of(answer.body)["key"]) == (status, key)


PART = b'Content-Disposition: form-data; name="file"; filename='
FILES = {
    "NUL in the name": PART + b'"a\0b"\r\n\r\nx\r\n',
    "a name of 9,000 bytes": PART + b'"' + b"x" * 9000 + b'"\r\n\r\nx\r\n',
    "400 headers": PART + b'"a"\r\n' + b"X: y\r\n" * 400 + b"\r\nx\r\n",
    "nested and broken": PART + b'"a"\r\nContent-Type: multipart/mixed\r\n\r\nx\r\n',
}


@pytest.mark.parametrize("part", FILES.values(), ids=list(FILES))
@pytest.mark.parametrize("path", [b"/channels/web/media", b"/api/v1/media"])
async def test_a_file_in_a_broken_envelope_is_refused(
    street: Street, token: str, path: bytes, part: bytes
) -> None:
    opens = token.encode() if path.startswith(b"/channels") else b"service-token-of-the-tests"
    answer = await ask(
        street,
        b"POST " + path + b" HTTP/1.1",
        b"Authorization: Bearer " + opens,
        b"Content-Type: multipart/form-data; boundary=x",
        body=b"--x\r\n" + part + b"--x--\r\n",
    )
    assert 400 <= answer.status < 500
    assert error_of(answer.body)["key"].startswith("media.")


@pytest.mark.parametrize(
    ("given", "after"),
    [
        ('"\\ud800abc"', "0"),
        ("5", "0"),
        ('"%s"', "Infinity"),
        ('"%s"', "NaN"),
        ('"%s"', "1e999"),
        ('"%s"', "-5"),
        ('"%s"', "9" * 30),
        ('"%s"', "[]"),
        ('"' + "x" * 201 + '"', "0"),
        ('"\\u0000"', "0"),
    ],
)
@pytest.mark.parametrize("path", ["/channels/web/ws", "/api/v1/desk/ws"])
async def test_a_hello_that_is_garbage_is_refused_and_the_socket_closed(
    street: Street, token: str, path: str, given: str, after: str
) -> None:
    hello = f'{{"type":"hello","token":{given.replace("%s", token)},"after":{after}}}'
    async with connected(street.port) as (reader, writer), asyncio.timeout(10):
        writer.write(opening(path))
        answer = await read_answer(reader)
        assert answer
        assert answer.status == 101
        writer.write(frame(hello.encode()))
        said: list[tuple[int, bytes]] = []
        while CLOSE not in [kind for kind, _ in said]:
            said += frames_of(await reader.read(4096))
    assert [kind for kind, _ in said] == [TEXT, CLOSE]
    assert json.loads(said[0][1])["type"] == "error"


async def test_garbage_leaves_no_defect_in_the_log(street: Street) -> None:
    assert street.defects() == []


PERSONAL = ["/channels/web/messages", "/api/v1/staff/me", "/api/v1/desk/cases", "/healthz"]
PAGES = ["/", "/assets/app.js", "/icon.svg", "/desk/", "/desk/assets/app.js", "/api/docs"]
REFUSED = ["/nothing", "/api/v1/nothing", "/channels/wechat/qr/x", "/desk/assets/nothing"]


@pytest.mark.parametrize("path", [*PERSONAL, *PAGES, *REFUSED])
async def test_every_answer_says_what_a_browser_may_do_with_it(street: Street, path: str) -> None:
    async with aiohttp.ClientSession() as http, http.get(street.origin + path) as answer:
        headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Server" not in headers
    if path not in PAGES:
        assert "no-store" in headers["Cache-Control"]


async def test_a_refusal_before_any_room_carries_the_headers_and_no_version(
    street: Street,
) -> None:
    answer = await ask(street, b"GET / HTTP/1.1", b"Bad Name: x")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["server"] == "paoyici"
