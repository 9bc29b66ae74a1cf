"""A passage between two rooms that notes at which addresses the one calls the other."""

from __future__ import annotations

import aiohttp
from aiohttp import web

_NOT_HANDED_ON = {"host", "content-length", "transfer-encoding", "content-encoding", "connection"}
_MOST_BYTES = 32 * 1024**2


class Passage:
    """Hands every call on and its answer back.

    Attributes:
        url: its own origin, set once it listens.
        onward: origin of the room behind it, set before the first call.
        addresses: path and query of every call, as they came.
    """

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self.url = self.onward = ""
        self.addresses: list[str] = []
        self._http = http

    def app(self) -> web.Application:
        """Return the passage as an application."""
        app = web.Application(client_max_size=_MOST_BYTES)
        app.router.add_route("*", "/{rest:.*}", self._hand_on)
        return app

    async def _hand_on(self, request: web.Request) -> web.Response:
        self.addresses.append(request.path_qs)
        kept = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in _NOT_HANDED_ON
        }
        async with self._http.request(
            request.method,
            self.onward + request.raw_path,
            headers=kept,
            data=await request.read(),
            skip_auto_headers=("Content-Type",),
        ) as answer:
            return web.Response(
                status=answer.status,
                body=await answer.read(),
                headers={"Content-Type": answer.headers.get("Content-Type", "")},
            )
