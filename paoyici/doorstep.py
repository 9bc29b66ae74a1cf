"""What is answered before a room sees the request, or after it could not answer: in its words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from signal import SIGINT, SIGTERM
from typing import Any

import structlog
from aiohttp import web

log = structlog.get_logger(__name__)

Refuse = Callable[[int], web.StreamResponse]
"""Gives a room's answer to an error of this HTTP status."""


class _Connection(web.RequestHandler):
    """One connection of the street; what breaks HTTP itself is refused as everything else is."""

    __slots__ = ("_refuse",)

    def __init__(self, server: web.Server, refuse: Refuse, **options: Any) -> None:
        super().__init__(server, **options)
        self._refuse = refuse

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP, or what a room did not catch.

        Raises:
            ConnectionError: the caller is gone, or has got half an answer already.
        """
        if isinstance(exc, ConnectionError) or request.writer.output_size > 0:
            raise ConnectionError("nobody to answer") from exc
        if isinstance(exc, UnicodeError):
            # aiohttp's own words quote what was sent, which is no text.
            status = 400
        # The error's own text quotes it, too, so only its kind is written down.
        kind = type(exc).__name__
        if status < 500:
            log.info("request.malformed", error=kind)
        else:
            log.error("request.failed", status=status, error=kind)
        answer = self._refuse(status)
        answer.force_close()
        return answer

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send an answer; aiohttp's own refusal, as of an unmet `Expect`, becomes a room's."""
        if isinstance(resp, web.HTTPException) and resp.status >= 400:
            resp = self._refuse(resp.status)
        return await super().finish_response(request, resp, start_time)


class _Server(web.Server):
    """Makes the connections."""

    refuse: Refuse

    def __call__(self) -> _Connection:
        return _Connection(self, self.refuse, loop=self._loop, **self._kwargs)


class Doorstep(web.AppRunner):
    """Runs an application, with its own words for what is refused outside of it.

    Args:
        app: what is served.
        refuse: gives those words.
        options: as for `web.AppRunner`.
    """

    def __init__(self, app: web.Application, refuse: Refuse, **options: Any) -> None:
        super().__init__(app, **options)
        self._refuse = refuse

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        server = _Server(
            made.request_handler,
            request_factory=made.request_factory,
            **made._kwargs,
        )
        server.refuse = self._refuse
        return server


async def stand_open(runner: Doorstep, host: str, port: int) -> None:
    """Serve on a TCP port until SIGTERM or SIGINT."""
    end = partial(_end, asyncio.current_task())
    for signal in (SIGTERM, SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal, end)
    with suppress(asyncio.CancelledError):
        try:
            await runner.setup()
            await web.TCPSite(runner, host, port).start()
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()


def _end(task: asyncio.Task[None] | None) -> None:
    """End the task once: a second signal must not disturb its tidying up."""
    if task and not task.cancelling():
        task.cancel()
