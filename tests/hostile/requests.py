"""Makes hostile requests: a seed gives the same ones, and every route gets its share of them."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Sequence

from hostile.frames import BINARY, CLOSE, PING, TEXT, frame, opening
from hostile.street import Route
from hostile.wire import Attempt
from hostile.words import (
    BROKEN,
    CHUNKS,
    DISPOSITIONS,
    FIELDS,
    HEADERS,
    METHODS,
    NAMES,
    NO_HTTP,
    NUMBERS,
    PART_HEADERS,
    QUERIES,
    TEXTS,
)


class Hostile:
    """Makes attempts.

    Args:
        seed: the same seed makes the same attempts.
        routes: of the application.
        tokens: what opens something.
    """

    def __init__(self, seed: int, routes: Sequence[Route], tokens: Sequence[str]) -> None:
        self._random = random.Random(seed)
        self._routes = list(routes)
        self._tokens = [token.encode() for token in tokens]
        self._made = 0

    def make(self) -> Attempt:
        """Return the next attempt."""
        route = self._routes[self._made % len(self._routes)]
        self._made += 1
        chance = self._random.random()
        if route.path.endswith("/ws") and chance < 0.8:
            return self._socket(route)
        if chance < 0.06:
            return Attempt("no http", self._random.choice(NO_HTTP), unfinished=True)
        return self._request(route)

    def _request(self, route: Route) -> Attempt:
        """Return a request to a route, with something wrong in some of its parts."""
        method = route.method if self._random.random() < 0.8 else self._random.choice(METHODS)
        lines = [b" ".join([method.encode(), self._target(route), b"HTTP/1.1"]), b"Host: x"]
        lines += self._authorization(route)
        noise = self._random.choices([0, 1, 2, 4], [5, 4, 2, 1])[0]
        lines += self._random.choices(HEADERS, k=noise)
        if self._random.random() < 0.05:
            lines.append(self._random.choice(BROKEN))
        kind, length, body = self._body()
        attempt = Attempt(
            kind,
            b"\r\n".join([*lines, *length, b"", b""]) + body,
            # A GET may stand open for as long as it was asked to, or have no end of its own.
            unfinished=kind in {"chunked", "cut"} or _has_no_plain_end(lines),
            head=method == "HEAD",
        )
        self._maul(attempt)
        return attempt

    def _maul(self, attempt: Attempt) -> None:
        """Change a byte or two now and then."""
        if self._random.random() < 0.08:
            sent = bytearray(attempt.sent)
            for _ in range(self._random.randint(1, 4)):
                sent[self._random.randrange(len(sent))] = self._random.randrange(256)
            attempt.sent, attempt.unfinished, attempt.name = bytes(sent), True, "mauled"

    def _target(self, route: Route) -> bytes:
        def fill(_: re.Match[bytes]) -> bytes:
            return self._random.choice(NAMES)

        path = re.sub(rb"{\w+}", fill, route.path.encode())
        return path + (self._random.choice(QUERIES) if self._random.random() < 0.5 else b"")

    def _authorization(self, route: Route) -> list[bytes]:
        """Return a token that opens the route's door, or something near one."""
        citizen, service, *staff = self._tokens
        near = [citizen] if route.path.startswith("/channels") else [service, *staff]
        token = self._random.choice(near if self._random.random() < 0.9 else self._tokens)
        chance = self._random.random()
        # Who logs out takes part no more.
        if chance < 0.8 and not route.path.endswith("/logout"):
            return [b"Authorization: Bearer " + token]
        odd = [
            b"Bearer \xff",
            b"Bearer \xed\xa0\x80abc",
            b"Basic x",
            b"\xff",
            b"Bearer " + token * 50,
        ]
        return [b"Authorization: " + self._random.choice(odd)] if chance < 0.9 else []

    def _body(self) -> tuple[str, list[bytes], bytes]:
        """Return a kind, the headers it needs, and the bytes."""
        kind = self._random.choice(
            ["none", "json", "json", "json", "multipart", "multipart", "noise", "xml", "gzip",
             "deep", "chunked", "cut", "large"]
        )  # fmt: skip
        if kind == "none":
            return kind, [], b""
        if kind == "chunked":
            return kind, [b"Transfer-Encoding: chunked"], self._random.choice(CHUNKS)
        body, more = self._content(kind)
        length = len(body) + (1000 if kind == "cut" else 0)
        return kind, [*more, b"Content-Length: %d" % length], body

    def _content(self, kind: str) -> tuple[bytes, list[bytes]]:
        if kind == "multipart":
            return self._multipart()
        if kind == "gzip":
            return gzip.compress(self._json()), [b"Content-Encoding: gzip"]
        made = {
            "json": self._json,
            "cut": self._json,
            "noise": lambda: self._random.randbytes(self._random.randrange(600)),
            "xml": lambda: b"<xml><Encrypt>" + self._noise() + b"\xff</Encrypt></xml>",
            "deep": lambda: self._random.choice([b"[", b'{"a":']) * 20_000,
            "large": lambda: b'{"text":"' + b"x" * self._random.choice([70_000, 1_200_000]) + b'"}',
        }
        return made[kind](), [b"Content-Type: application/json"]

    def _noise(self) -> bytes:
        return self._random.randbytes(40).hex().encode()

    def _json(self) -> bytes:
        """Return a JSON object, or something near one."""
        fields = self._random.choices(FIELDS, k=self._random.randrange(8))
        return ("{" + ",".join(f'"{name}":{self._value(2)}' for name in fields) + "}").encode()

    def _value(self, depth: int) -> str:
        chance = self._random.random()
        if chance < 0.35:
            return self._random.choice(TEXTS)
        if chance < 0.6:
            return self._random.choice(NUMBERS)
        if chance < 0.7 or not depth:
            return json.dumps(
                self._random.choice(["text", "web", "hello", "x1", "2026-11-30T09:00:00Z"])
            )
        if chance < 0.85:
            return "[" + ",".join(self._value(depth - 1) for _ in range(3)) + "]"
        return '{"kind":' + self._value(depth - 1) + ',"id":' + self._value(depth - 1) + "}"

    def _multipart(self) -> tuple[bytes, list[bytes]]:
        """Return a multipart body, broken in its own framing more often than not."""
        disposition = self._random.choice(DISPOSITIONS)
        more = self._random.choice(PART_HEADERS)
        content = self._random.choice(
            [
                b"\xff\xd8\xff\xe0" + b"0" * 64,
                b"",
                b"--y\r\n\r\nz\r\n--y--",
                b"=\xff==",
                b"--x",
                b"%PDF-1.4",
            ]
        )
        start = self._random.choice(
            [b"--x\r\n", b"--x\r\n", b"preamble\r\n--x\r\n", b"--y\r\n", b"--x--"]
        )
        end = self._random.choice(
            [b"\r\n--x--\r\n", b"\r\n--x--\r\n", b"\r\n--x", b"", b"\r\n--x--garbage"]
        )
        head = b"Content-Disposition: " + disposition + b"\r\n" + more + b"\r\n"
        return start + head + content + end, [b"Content-Type: multipart/form-data; boundary=x"]

    def _socket(self, route: Route) -> Attempt:
        """Return a WebSocket that is opened properly and greeted badly."""
        token = self._random.choice(self._tokens).decode()
        given = self._random.choice(
            [json.dumps(token), '"\\ud800abc"', '"\\u0000"', "5", "[]", '"x"']
        )
        after = self._random.choice([*NUMBERS, '"x"', "[]"])
        hello = f'{{"type":"hello","token":{given},"after":{after}}}'
        frames = self._random.choice(
            [
                [frame(hello.encode())],
                [frame(hello.encode())],
                [frame(self._json())],
                [frame(self._random.randbytes(90), BINARY)],
                [frame(b"\xff\xfe" * 9, TEXT)],
                [frame(b"[" * 9000)],
                [frame(b" " * 20_000)],
                [frame(b"\x03\xe8\xff", CLOSE)],
                [frame(b"\0", CLOSE)],
                [frame(b"x" * 200, PING)],
                [frame(b"{}", 3)],
                [frame(b"{}", bits=7)],
                [frame(b"{", end=False), frame(b"}", TEXT)],
                [frame(b"}", 0)],
                [b"\x81\x02{}"],
                [b"\xff" * 40],
            ]
        )
        return Attempt("socket", opening(route.path), frames, unfinished=True)


def _has_no_plain_end(lines: list[bytes]) -> bool:
    """Say whether headers may keep the server waiting for more."""
    text = b"\n".join(lines).lower()
    return any(
        part in text for part in (b"transfer-encoding", b"content-length", b"upgrade", b"wait=")
    )
