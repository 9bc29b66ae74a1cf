"""Compose the rooms that face the street and serve them: together, or one a container.

Each room is imported only where it is served: the door's container does not hold the office, and a
room that starts again after a crash need not load the other one.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import structlog
import uvloop
from aiohttp import web

from paoyici.doorstep import Doorstep, Refuse, stand_open
from paoyici.log_lines import LogLinesFactory
from paoyici.tracebacks import BareText, bare

_GRACE = 3.0
_KEEP_ALIVE = 75.0

Clock = Callable[[], datetime]


def machine() -> datetime:
    """Return the present moment of the machine, aware."""
    return datetime.now(UTC)


class RefusedError(Exception):
    """A room does not start with these settings; the message says which is wrong."""


def _door(clock: Clock) -> web.Application:
    import bot.app
    import bot.settings

    try:
        return bot.app.create_app(bot.settings.load_settings(), clock)
    except bot.settings.SettingsError as error:
        raise RefusedError(str(error)) from error


def _office(clock: Clock) -> web.Application:
    import backend.app
    import backend.settings
    from backend.clock import OfficeClock

    try:
        return backend.app.create_app(backend.settings.load_settings(), OfficeClock(clock))
    except backend.settings.SettingsError as error:
        raise RefusedError(str(error)) from error


def _street(clock: Clock) -> web.Application:
    """Return both rooms as one application: one process, one public origin, one clock."""
    import backend.app
    import backend.settings
    import bot.app
    import bot.settings
    from backend.clock import OfficeClock
    from bot.bodies import HANDLER_ARGS
    from bot.errors import answer_errors
    from paoyici.next_door import NextDoor

    app = web.Application(
        middlewares=[answer_errors],
        client_max_size=backend.app.MAX_BODY_BYTES,
        handler_args=HANDLER_ARGS,
    )
    try:
        bot.app.setup(app, bot.settings.load_settings(), clock, partial(NextDoor, app))
        backend.app.mount(app, backend.settings.load_settings(), OfficeClock(clock))
    except (bot.settings.SettingsError, backend.settings.SettingsError) as error:
        raise RefusedError(str(error)) from error
    return app


_ROOMS: dict[str, Callable[[Clock], web.Application]] = {
    "street": _street,
    "bot": _door,
    "backend": _office,
}


def compose(room: str, clock: Clock = machine) -> web.Application:
    """Return `room` (`street`, `bot` or `backend`) as an application, with settings from outside.

    Args:
        room: what is to be served.
        clock: gives the present moment, aware; every room it holds goes by it.

    Raises:
        RefusedError: a setting is missing or wrong.
    """
    return _ROOMS[room](clock)


def doorstep(room: str, app: web.Application) -> Doorstep:
    """Return what runs a composed room, with that room's words for what never reaches it."""
    return Doorstep(
        app,
        _refusals(room, app),
        access_log=None,
        shutdown_timeout=_GRACE,
        keepalive_timeout=_KEEP_ALIVE,
    )


def _refusals(room: str, app: web.Application) -> Refuse:
    if room == "backend":
        import backend.app

        return partial(backend.app.refuse, app)
    import bot.app

    return partial(bot.app.refuse, app)


def log_as_json(level: str) -> None:
    """Write log records as JSON lines to standard output; they carry ids, never what was said."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(bare),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=LogLinesFactory(sys.stdout),
    )
    lines = logging.StreamHandler()
    lines.setFormatter(BareText())
    logging.basicConfig(level=logging.WARNING, handlers=[lines])


def serve(room: str, clock: Clock = machine) -> int:
    """Serve `room` (see `compose`) on HOST:PORT until SIGTERM or SIGINT; return the exit code."""
    log_as_json(os.environ.get("LOG_LEVEL", "INFO").upper())
    try:
        app = compose(room, clock)
    except RefusedError as error:
        print(f"settings: {error}", file=sys.stderr)
        return 2
    # What stands by now stays: looking for garbage in it took a thirtieth of every turn.
    gc.freeze()
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8080"))
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
            loop.run(stand_open(doorstep(room, app), host, port))
    except _wrong_settings() as error:
        print(f"settings: {error}", file=sys.stderr)
        return 2
    return 0


def _wrong_settings() -> tuple[type[Exception], ...]:
    """Return what the rooms that are loaded raise at their start when a key is the wrong one."""
    loaded = (sys.modules.get("bot.settings"), sys.modules.get("backend.settings"))
    return tuple(module.SettingsError for module in loaded if module is not None)
