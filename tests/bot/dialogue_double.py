"""The dialogue service's side of the contract over real HTTP: an echo with a memory."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from aiohttp import web


class DialogueDouble:
    """Answers a text with `答:` and the text, the same key always alike.

    Attributes:
        scripts: other replies to a text than its echo.
        away: answers 503 to every turn.
        refuses: answers 422 to every turn.
        fails_at: texts whose turns have a defect: 500 every time.
        gate: while it is not set, turns of `held` conversations do not end.
        calls: keys as they came, repeated ones too.
        most_at_once: most turns of one conversation that ever ran at the same time.
        signs: how often it was asked for a sign of life.
        addresses: paths and queries as they came.

    Args:
        name: what its answers begin with.
    """

    def __init__(self, name: str = "答") -> None:
        self.name = name
        self.signs = 0
        self.addresses: list[str] = []
        self.scripts: dict[str, list[dict[str, Any]]] = {}
        self.away = False
        self.refuses = False
        self.fails_at: set[str] = set()
        self.gate = asyncio.Event()
        self.gate.set()
        self.held: set[str] = set()
        self.started = asyncio.Event()
        self.calls: list[str] = []
        self.turns: dict[str, list[dict[str, Any]]] = {}
        self.order: dict[str, list[str]] = {}
        self.requests: list[dict[str, Any]] = []
        self.most_at_once = 0
        self._running: Counter[str] = Counter()

    def app(self) -> web.Application:
        """Return the double as an application."""
        app = web.Application(middlewares=[self._noted])
        app.add_routes(
            [
                web.post("/turn", self._turn),
                web.get("/health", self._health),
                web.get("/conversations/{id}", self._known),
                web.delete("/conversations/{id}", self._forget),
                web.get("/alive", self._alive),
            ]
        )
        return app

    @web.middleware
    async def _noted(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.addresses.append(request.path_qs)
        return await handler(request)

    async def _known(self, request: web.Request) -> web.Response:
        if self.away:
            return web.json_response({"error": {"key": "tracker.away"}}, status=503)
        return web.json_response({"turns": self.order.get(request.match_info["id"], [])})

    async def _forget(self, request: web.Request) -> web.Response:
        if self.away:
            return web.json_response({"error": {"key": "tracker.away"}}, status=503)
        known = self.order.pop(request.match_info["id"], None)
        return web.json_response({"forgotten": int(known is not None)})

    async def _alive(self, _: web.Request) -> web.Response:
        self.signs += 1
        return web.json_response({"status": "ok"})

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "model": "double"})

    async def _turn(self, request: web.Request) -> web.Response:
        content = await request.json()
        key, cid = content["key"], content["conversation_id"]
        self.calls.append(key)
        self.requests.append(content)
        if self.away:
            return web.json_response({"error": {"key": "tracker.away"}}, status=503)
        if self.refuses:
            return web.json_response({"error": {"key": "turn.malformed"}}, status=422)
        if content["message"].get("text") in self.fails_at:
            return web.json_response({"error": {"key": "internal"}}, status=500)
        self._running[cid] += 1
        self.most_at_once = max(self.most_at_once, self._running[cid])
        self.started.set()
        try:
            if cid in self.held:
                await self.gate.wait()
            else:
                await asyncio.sleep(0)
            if key not in self.turns:
                text = content["message"].get("text") or content["message"].get("payload", "")
                echo = [{"kind": "text", "text": f"{self.name}:{text}"}]
                beside_staff = content.get("owner") == "staff"
                self.turns[key] = self.scripts.get(text, [] if beside_staff else echo)
                self.order.setdefault(cid, []).append(text)
        finally:
            self._running[cid] -= 1
        return web.json_response({"replies": self.turns[key], "intent": "greet"})
