"""The page's WebSocket: everything in the log after a place, each message once, as it comes."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Literal
from weakref import WeakSet

import structlog
from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import BaseModel, ConfigDict, Field
from pymongo.errors import PyMongoError

from bot.channels.web_sessions import Session, WebSessions, ended_topic
from bot.channels.web_stream import Stream
from bot.errors import BadMessageError, DoorError, NotAuthorisedError
from bot.inbox.store import Inbox
from bot.messages import read_message
from bot.office import Office
from bot.outbox.store import Outbox
from bot.replies import Replies
from bot.wakeups import Bell, Wakeups

logger = structlog.get_logger(__name__)

_HELLO_SECONDS = 10.0
_PING_SECONDS = 20.0
_MAX_FRAME = 16 * 1024
_LONGEST_TOKEN = 200


class Hello(BaseModel):
    """A page's first words: its token, and the place in the log of the last message it has."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["hello"]
    token: str = Field(max_length=_LONGEST_TOKEN)
    after: int | None = Field(default=None, ge=0, le=2**53 - 1)


class Sockets:
    """All open sockets of the citizen pages."""

    def __init__(
        self,
        *,
        sessions: WebSessions,
        inbox: Inbox,
        outbox: Outbox,
        office: Office,
        wakeups: Wakeups,
        replies: Replies,
        poll_seconds: float,
    ) -> None:
        self._sessions = sessions
        self._inbox = inbox
        self._outbox = outbox
        self._office = office
        self._wakeups = wakeups
        self._replies = replies
        self._poll_seconds = poll_seconds
        self._open: WeakSet[web.WebSocketResponse] = WeakSet()

    async def close(self, _: web.Application) -> None:
        """Say good-bye to every page; each reconnects and goes on after its last message."""
        for socket in list(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one page until it leaves."""
        socket = web.WebSocketResponse(heartbeat=30, max_msg_size=_MAX_FRAME)
        await socket.prepare(request)
        self._open.add(socket)
        try:
            token, session, after = await self._hello(socket)
        except DoorError as error:
            await self._refuse(socket, error)
            return socket
        except PyMongoError as error:
            # The page dials again by itself; an HTTP answer cannot be given any more.
            logger.warning("store.away", error=type(error).__name__)
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
            return socket
        topics = (f"conversation:{session.conversation_id}", ended_topic(session.hashed))
        with self._wakeups.listen(*topics) as bell:
            reader = asyncio.create_task(_read(socket, bell))
            try:
                await self._follow(socket, token, session, after, bell)
            except DoorError as error:
                await self._refuse(socket, error)
            except ConnectionError:
                logger.info("socket.gone", conversation=session.conversation_id)
            finally:
                reader.cancel()
                await asyncio.gather(reader, return_exceptions=True)
        return socket

    async def _follow(
        self,
        socket: web.WebSocketResponse,
        token: str,
        session: Session,
        after: int,
        bell: Bell,
    ) -> None:
        """Show what happens until the page leaves.

        Raises:
            NotAuthorisedError: the session ended meanwhile.
        """
        stream = Stream(
            session.conversation_id,
            after,
            inbox=self._inbox,
            outbox=self._outbox,
            office=self._office,
            send=socket.send_json,
        )
        clock = asyncio.get_running_loop().time
        next_ping = clock() + _PING_SECONDS
        while not socket.closed:
            shown = await stream.push()
            patience = _PING_SECONDS if shown and self._wakeups.connected else self._poll_seconds
            rang = await bell.wait(min(patience, max(0.0, next_ping - clock())))
            if ended_topic(session.hashed) in rang:
                raise NotAuthorisedError("session.unknown")
            if clock() >= next_ping and not socket.closed:
                await self._check(token)
                await socket.send_json({"type": "ping"})
                next_ping = clock() + _PING_SECONDS

    async def _check(self, token: str) -> None:
        """Check that the session goes on; looking on is no use of it.

        Raises:
            NotAuthorisedError: it ended.
        """
        try:
            await self._sessions.session_of(token, used=False)
        except PyMongoError as error:
            logger.warning("store.away", error=type(error).__name__)

    async def _hello(self, socket: web.WebSocketResponse) -> tuple[str, Session, int]:
        """Read the first frame: the token, what it opens, and what the page has already.

        Raises:
            BadMessageError: it is not a hello.
            NotAuthorisedError: the token opens nothing.
        """
        try:
            frame = await socket.receive(timeout=_HELLO_SECONDS)
        except TimeoutError:
            raise BadMessageError("message.broken") from None
        if frame.type is not WSMsgType.TEXT:
            raise BadMessageError("message.broken")
        hello = read_message(Hello, frame.data.encode())
        session = await self._sessions.session_of(hello.token, used=False)
        return hello.token, session, hello.after or 0

    async def _refuse(self, socket: web.WebSocketResponse, error: DoorError) -> None:
        """Say why, and close."""
        with contextlib.suppress(ConnectionError):
            await socket.send_json(
                {
                    "type": "error",
                    "error": {"key": error.key, "message": self._replies.error(error.key)},
                }
            )
        await socket.close(code=WSCloseCode.POLICY_VIOLATION)


async def _read(socket: web.WebSocketResponse, bell: Bell) -> None:
    """Read until the page leaves; its pongs need no answer."""
    async for frame in socket:
        if frame.type is WSMsgType.ERROR:
            break
    bell.ring("left")
