"""The web channel: the citizen page and the terminal client, over HTTP and a WebSocket."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.background import Background
from bot.channels.base import Channel
from bot.channels.upload_places import UploadPlaces
from bot.channels.upload_quota import UploadQuota
from bot.channels.uploads import read_file, read_json_body
from bot.channels.web_first import FirstMessages
from bot.channels.web_media import WebMedia
from bot.channels.web_sessions import Session, WebSessions, ended_topic
from bot.channels.web_socket import Sockets
from bot.channels.web_wait import Waiter
from bot.errors import BadMessageError, NotFoundError, TooManyError
from bot.inbox.model import Address
from bot.inbox.store import Inbox
from bot.messages import InboundMessage, read_message
from bot.metrics import ACCEPTED
from bot.office import Office
from bot.outbox.model import Outgoing
from bot.turns.pool import HEARD, WORK
from bot.visitors import Visitors
from bot.wakeups import Wakeups

_ROOT = "/channels/web"
_LONGEST_WAIT = 60.0
_PREFER_WAIT = re.compile(r"(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])")
_PIECE = 64 * 1024
_UPLOAD_SECONDS = 120.0
"""A file that takes longer to arrive gives its place to others."""
_SHOWN_AS_IS = re.compile(r"(?:image/(?:jpeg|png|gif|webp|heic)|audio/[\w.+-]+|application/pdf)")


def conversation_topic(conversation_id: str) -> str:
    """Return the wake-up topic of those who watch a conversation."""
    return f"conversation:{conversation_id}"


class NewConversation(BaseModel):
    """What a browser says when it opens a conversation."""

    model_config = ConfigDict(extra="ignore")

    elder: bool = False


class WebMessage(InboundMessage):
    """A message with the id its sender gave it, and the sender's present view."""

    client_msg_id: str = Field(min_length=1, max_length=64, pattern=r"^[\w.:-]+$")
    elder: bool | None = None


@dataclass(frozen=True)
class Limits:
    """What the channel takes.

    Attributes:
        messages_per_minute: messages, and uploads, of a conversation.
        max_media_bytes: size of a file.
        uploads_at_once: files held in memory at the same time.
    """

    messages_per_minute: int
    max_media_bytes: int
    uploads_at_once: int


class WebChannel(Channel):
    """Conversations of browsers; to deliver means to wake whoever reads the log.

    Args:
        background: work that goes on as long as the door is open.
    """

    name: ClassVar[str] = "web"
    told_by_log: ClassVar[bool] = True

    def __init__(
        self,
        *,
        sessions: WebSessions,
        media: WebMedia,
        first: FirstMessages,
        quota: UploadQuota,
        visitors: Visitors,
        inbox: Inbox,
        office: Office,
        wakeups: Wakeups,
        sockets: Sockets,
        waiter: Waiter,
        limits: Limits,
        background: Sequence[Background],
    ) -> None:
        self._sessions = sessions
        self._media = media
        self._first = first
        self._quota = quota
        self._visitors = visitors
        self._inbox = inbox
        self._office = office
        self._wakeups = wakeups
        self._sockets = sockets
        self._waiter = waiter
        self._limits = limits
        self._places = UploadPlaces(limits.uploads_at_once)
        self._background = background

    def setup_routes(self, app: web.Application) -> None:
        """Add the paths of the web channel."""
        app.add_routes(
            [
                web.post(f"{_ROOT}/conversations", self.open_conversation),
                web.delete(f"{_ROOT}/conversations", self.end_session),
                web.post(f"{_ROOT}/messages", self.post_message),
                web.get(f"{_ROOT}/messages", self.get_messages),
                web.post(f"{_ROOT}/media", self.post_media),
                web.get(f"{_ROOT}/media/{{media_id}}", self.get_media),
                web.get(f"{_ROOT}/ws", self._sockets.handle),
            ]
        )
        app.on_shutdown.append(self._sockets.close)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Sweep, and hear of sessions that end elsewhere, as long as the door is open."""
        async with AsyncExitStack() as stack:
            for work in self._background:
                await stack.enter_async_context(work)
            yield

    async def deliver(self, address: Address, reply: Outgoing) -> None:
        """Nothing to send: the reply stands in the log, and `stir` follows."""

    def stir(self, conversation_id: str) -> None:
        """Wake the sockets and waiting requests of the conversation."""
        self._wakeups.ring(conversation_topic(conversation_id))

    async def open_conversation(self, request: web.Request) -> web.Response:
        """Open a conversation and hand out its token; nothing is stored before it is used."""
        raw = await read_json_body(request)
        new = read_message(NewConversation, raw or b"{}")
        delay = await self._first.delay(request)
        conversation_id, token = self._sessions.open(delay, elder=new.elder)
        return web.json_response({"conversation_id": conversation_id, "token": token}, status=201)

    async def end_session(self, request: web.Request) -> web.Response:
        """清空并退出: end the caller's session, and close its socket."""
        token = _token(request)
        if opening := self._sessions.opening_of(token):
            # The end of a conversation without a message is written too, so it waits like one.
            await self._first.turn(request, opening)
        hashed = await self._sessions.end(token)
        self._wakeups.ring(ended_topic(hashed))
        return web.Response(status=204)

    async def post_message(self, request: web.Request) -> web.Response:
        """Accept a message; with `Prefer: wait=N`, answer with the replies if they come in time."""
        session = await self._at_turn(request)
        conversation_id = session.conversation_id
        message = read_message(WebMessage, await read_json_body(request))
        await self._media.send(conversation_id, message.media_ids)
        if message.elder is not None:
            await self._inbox.update_mailbox(conversation_id, elder=message.elder)
        accepted = await self._inbox.accept(
            Address(conversation_id, self.name, conversation_id, elder=_elder(message, session)),
            f"{conversation_id}:{message.client_msg_id}",
            message.body(),
        )
        await self._sessions.keep(session)
        ACCEPTED.labels(self.name, str(accepted.duplicate).lower()).inc()
        wait = _wanted_wait(request)
        self.stir(conversation_id)
        with self._wakeups.listen(conversation_topic(conversation_id)) as bell:
            # A changed view is read from the mailbox, so all of it has to be looked at again.
            news = HEARD if message.elder is None else WORK
            with self._waiter.expecting(accepted) as expected:
                self._wakeups.ring(f"{news}:{conversation_id}")
                outcome = await self._waiter.wait(expected, bell, wait) if wait else None
        if outcome is None:
            return web.json_response({"accepted": True}, status=202)
        return web.json_response({"accepted": True} | outcome)

    async def get_messages(self, request: web.Request) -> web.Response:
        """Return the log after a place, as the citizen may see it."""
        conversation_id = await self._conversation(request)
        after = _number(request, "after", 0)
        limit = max(1, min(200, _number(request, "limit", 100)))
        mailbox = await self._inbox.mailbox(conversation_id)
        if not (mailbox and mailbox["registered"]):
            return web.json_response({"messages": []})
        page = await self._office.messages(conversation_id, after, limit)
        return web.json_response({"messages": page["messages"]})

    async def post_media(self, request: web.Request) -> web.Response:
        """Take a photo, recording or file; the office looks at what it really is."""
        session = await self._at_turn(request)
        conversation_id, largest = session.conversation_id, self._limits.max_media_bytes
        most = min(request.content_length or largest, largest)
        address = self._visitors.address(request)
        async with (
            self._places.place(address),
            self._quota.room(most, conversation_id, address) as room,
        ):
            content, name = await _read_in_time(request, largest)
            stored = await self._office.store_media(content, name)
            room.used = len(content)
        media_id = str(stored["media_id"])
        await self._media.own(conversation_id, media_id)
        await self._sessions.keep(session)
        return web.json_response({"media_id": media_id, "mime": stored["mime"]}, status=201)

    async def get_media(self, request: web.Request) -> web.StreamResponse:
        """Return a file of the caller's own conversation."""
        conversation_id = await self._conversation(request)
        media_id = request.match_info["media_id"]
        await self._media.check(conversation_id, [media_id])
        async with self._office.open_media(media_id) as stored:
            if stored.status != 200:
                raise NotFoundError("media.not_found")
            answer = web.StreamResponse(headers=_media_headers(stored.headers))
            await answer.prepare(request)
            async for piece in stored.content.iter_chunked(_PIECE):
                await answer.write(piece)
        return answer

    async def _conversation(self, request: web.Request) -> str:
        """Return the conversation that the caller's token opens."""
        return (await self._sessions.session_of(_token(request))).conversation_id

    async def _at_turn(self, request: web.Request) -> Session:
        """Return the session of a caller who may send something now.

        Raises:
            TooManyError: the conversation sends faster than a person.
        """
        session = await self._sessions.session_of(_token(request))
        per_minute = self._limits.messages_per_minute
        if not await self._wakeups.allow(session.conversation_id, per_minute):
            raise TooManyError("message.too_many")
        if session.opening and await self._first.turn(request, session.opening):
            # The session may have ended while this one waited.
            return await self._sessions.session_of(_token(request))
        return session


async def _read_in_time(request: web.Request, limit: int) -> tuple[bytes, str]:
    """Read an uploaded file; return its content and its name.

    Raises:
        BadMessageError: it did not arrive in time, or as of `read_file`.
    """
    try:
        async with asyncio.timeout(_UPLOAD_SECONDS):
            return await read_file(request, limit)
    except TimeoutError:
        raise BadMessageError("media.missing") from None


def _token(request: web.Request) -> str:
    """Return the token that the caller shows, empty without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Bearer" else ""


def _elder(message: WebMessage, session: Session) -> bool:
    """Return the view of a conversation that begins: what the message says, else the opening."""
    if message.elder is not None:
        return message.elder
    return session.opening.elder if session.opening else False


def _wanted_wait(request: web.Request) -> float:
    """Return how many seconds the caller is willing to wait (RFC 7240)."""
    wanted = _PREFER_WAIT.search(request.headers.get("Prefer", ""))
    return min(_LONGEST_WAIT, float(wanted[1])) if wanted else 0.0


def _number(request: web.Request, name: str, default: int) -> int:
    """Return a whole number from the query.

    Raises:
        BadMessageError: it is something else.
    """
    text = request.query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise BadMessageError("request.bad", parameter=name)
    return int(text)


def _media_headers(headers: Any) -> dict[str, str]:
    """Return headers under which no uploaded file can act as a page of ours."""
    mime = headers.get("Content-Type", "").partition(";")[0].strip()
    if not _SHOWN_AS_IS.fullmatch(mime):
        mime = "application/octet-stream"
    return {"Content-Type": mime, "Cache-Control": "private, no-store"}
