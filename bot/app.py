"""The door as an aiohttp application: by itself, or set up beside the office."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from aiohttp import web

from bot.bodies import HANDLER_ARGS
from bot.clock import Clock, now
from bot.errors import REPLIES, answer_errors, is_elsewhere, refusal
from bot.metrics import metrics_handler
from bot.office import Office
from bot.pages import CitizenPages, security_headers
from bot.replies import Replies
from bot.settings import Settings
from bot.wiring import Door, OfficeOf, build_door

DOOR = web.AppKey("door", Door)
_HEADERS = web.AppKey("headers", dict[str, str])


def create_app(settings: Settings, clock: Clock = now) -> web.Application:
    """Return the door as an application of its own."""
    app = web.Application(middlewares=[answer_errors], handler_args=HANDLER_ARGS)
    setup(app, settings, clock)
    return app


def setup(
    app: web.Application, settings: Settings, clock: Clock = now, office_of: OfficeOf = Office
) -> None:
    """Add the door to `app`, which may hold other rooms: /api/ and /desk/ are not ours.

    The application needs `bot.errors.answer_errors` among its middlewares and
    `bot.bodies.HANDLER_ARGS`. `office_of` makes the client of the office, where it is within reach
    of a shorter way than HTTP.
    """
    replies = Replies.load(settings.data_dir)
    door = build_door(settings, replies, clock, office_of)
    app[REPLIES] = replies
    app[DOOR] = door
    app[_HEADERS] = security_headers(settings)
    _add_headers(app)
    door.health.setup_routes(app)
    app.router.add_get("/metrics", metrics_handler(settings))
    for channel in door.channels.values():
        channel.setup_routes(app)
    CitizenPages(settings.static_dir_citizen, settings.data_dir).setup_routes(app)
    _live(app, door)


def _live(app: web.Application, door: Door) -> None:
    """Tie the life of the door's parts to the application's.

    The workers stop at shutdown and not at cleanup: they talk to the office, which may be this
    very process, and would keep it from closing.
    """
    workers = AsyncExitStack()

    async def stop_workers(_: web.Application) -> None:
        await workers.aclose()

    async def open_door(_: web.Application) -> AsyncIterator[None]:
        try:
            async with door.http, door.wakeups:
                await door.prepare()
                await workers.enter_async_context(door.canary)
                await workers.enter_async_context(door.set_aside)
                await workers.enter_async_context(door.pool)
                await workers.enter_async_context(door.feed)
                await workers.enter_async_context(door.reporter)
                await workers.enter_async_context(door.eraser)
                await workers.enter_async_context(door.copier)
                for channel in door.channels.values():
                    await workers.enter_async_context(channel.at_work())
                yield
                await workers.aclose()
        finally:
            await door.canary.end()
            # The driver says good-bye to the server on a blocking socket.
            await asyncio.to_thread(door.client.close)

    app.cleanup_ctx.append(open_door)
    app.on_shutdown.append(stop_workers)


def refuse(app: web.Application, status: int) -> web.Response:
    """Return the door's answer to what no middleware sees: broken HTTP, an unmet `Expect`."""
    answer = refusal(app[REPLIES], status)
    # Not every such answer passes the signal below, and aiohttp would tell its version.
    answer.headers.update(app[_HEADERS] | {"Server": "paoyici"})
    return answer


def _add_headers(app: web.Application) -> None:
    """Let every answer of the door carry its headers, and none the server's version."""

    async def add_headers(request: web.Request, answer: web.StreamResponse) -> None:
        if not is_elsewhere(request.path):
            answer.headers.popall("Server", None)
            for name, value in app[_HEADERS].items():
                answer.headers.setdefault(name, value)

    app.on_response_prepare.append(add_headers)
