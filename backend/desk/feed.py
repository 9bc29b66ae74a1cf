"""One desk page's live feed: events from MongoDB in order; wake-ups only save waiting."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Annotated, Literal

from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import Field, StringConstraints, ValidationError

from backend import events
from backend.conversion import error_body
from backend.db import StorageError
from backend.desk.model import frame, visible
from backend.errors import ForbiddenError, MalformedError, OfficeError, UnauthenticatedError
from backend.office import Office
from backend.staff.login import authenticate
from backend.staff.model import StaffMember
from backend.validation import After, Body
from backend.wakeups import Bell

HELLO_WITHIN_SECONDS = 10.0
PING_SECONDS = 20.0
LOOK_AGAIN_SECONDS = 1.0
BATCH = 200
MAX_FRAME_BYTES = 8192
# 4000 and above are for applications: log in again, or send a proper hello.
CLOSE_MALFORMED = 4400
CLOSE_UNAUTHENTICATED = 4401


class Hello(Body):
    """A page's first words: who it is, and the last position it has seen."""

    type: Literal["hello"]
    token: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    after: After | None = Field(default=None)


async def serve(office: Office, socket: web.WebSocketResponse) -> None:
    """Serve one page until it goes, its session ends or the office closes."""
    closer = asyncio.create_task(_close_with_office(office, socket))
    try:
        await _serve(office, socket)
    finally:
        closer.cancel()
        with contextlib.suppress(asyncio.CancelledError, ConnectionResetError):
            await closer


async def _close_with_office(office: Office, socket: web.WebSocketResponse) -> None:
    """Close the socket when the office closes, so that nothing holds up the process."""
    with office.wakeups.bell("closing") as bell:
        while not office.wakeups.closing:
            await bell.wait(PING_SECONDS)
    await socket.close(code=WSCloseCode.GOING_AWAY)


async def _serve(office: Office, socket: web.WebSocketResponse) -> None:
    try:
        hello = await _hello(socket)
        member = await authenticate(office, hello.token)
    except OfficeError as error:
        await _refuse(office, socket, error)
        return
    writer = asyncio.create_task(_write(office, socket, hello, member))
    try:
        async for _ in socket:
            # A pong says nothing that the protocol's own heartbeat does not know.
            continue
    finally:
        writer.cancel()
        with contextlib.suppress(asyncio.CancelledError, ConnectionResetError):
            await writer


async def _hello(socket: web.WebSocketResponse) -> Hello:
    """Read the hello.

    Raises:
        MalformedError: it is no hello, or did not come in time.
    """
    try:
        message = await socket.receive(timeout=HELLO_WITHIN_SECONDS)
    except TimeoutError:
        raise MalformedError("desk.hello_missing") from None
    if message.type is not WSMsgType.TEXT:
        raise MalformedError("desk.hello_missing")
    try:
        return Hello.model_validate_json(message.data)
    except ValidationError:
        raise MalformedError("desk.hello_missing") from None


async def _refuse(office: Office, socket: web.WebSocketResponse, error: OfficeError) -> None:
    """Say why, and close."""
    unknown = isinstance(error, UnauthenticatedError | ForbiddenError)
    if not socket.closed:
        await socket.send_json({"type": "error", **error_body(office.replies, error)})
        code = CLOSE_UNAUTHENTICATED if unknown else CLOSE_MALFORMED
        await socket.close(code=code, message=error.key.encode())


async def _write(
    office: Office, socket: web.WebSocketResponse, hello: Hello, member: StaffMember
) -> None:
    """Send events and pings until the session ends."""
    try:
        with office.wakeups.bell(events.WAKEUP) as bell:
            position = hello.after
            if position is None:
                position = await events.last_position(office.database)
            await socket.send_json({"type": "ready", "position": position})
            while not office.wakeups.closing:
                position = await _until_next_ping(office, socket, bell, member, position)
                member = await authenticate(office, hello.token, touch=False)
                await socket.send_json({"type": "ping"})
    except OfficeError as error:
        await _refuse(office, socket, error)
    except StorageError:
        # The page comes back with its position, so nothing is missed.
        await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)


async def _until_next_ping(
    office: Office,
    socket: web.WebSocketResponse,
    bell: Bell,
    member: StaffMember,
    position: int,
) -> int:
    """Send what happens until the next ping is due, or the account's sessions may have changed.

    Returns:
        The last position seen.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + PING_SECONDS
    while not office.wakeups.closing and loop.time() < until:
        found = await events.after(office.database, position, BATCH)
        for event in found:
            if visible(event, member.roles):
                await socket.send_json(frame(event))
            position = event["position"]
        if any(event["entity_id"] == member.id for event in found if event["entity"] == "staff"):
            break
        if not found:
            await bell.wait(LOOK_AGAIN_SECONDS)
    return position
