"""What the door depends on, and whether each part answers."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.canary import Canary
from bot.dialogue import Dialogue
from bot.inbox.set_aside import SetAsideCount
from bot.office import Office
from bot.wakeups import Wakeups


class Health:
    """Answers `/healthz`: 503 without a store that keeps things, `degraded` without a neighbour.

    `set_aside` is how many messages a defect set aside; they hold nobody up, so all may be well.
    """

    def __init__(
        self,
        canary: Canary,
        wakeups: Wakeups,
        office: Office,
        dialogue: Dialogue,
        set_aside: SetAsideCount,
    ) -> None:
        self._canary = canary
        self._wakeups = wakeups
        self._office = office
        self._dialogue = dialogue
        self._set_aside = set_aside

    def setup_routes(self, app: web.Application) -> None:
        """Add the path."""
        app.router.add_get("/healthz", self.handle)

    async def handle(self, _: web.Request) -> web.Response:
        """Say how each dependency is."""
        store, *neighbours = await asyncio.gather(
            self._canary.state(),
            self._wakeups.ping(),
            self._office.healthy(),
            self._dialogue.healthy(),
        )
        names = ("redis", "office", "dialogue")
        parts = {name: "ok" if up else "away" for name, up in zip(names, neighbours, strict=True)}
        status = "down" if store != "ok" else "ok" if all(neighbours) else "degraded"
        content = {
            "status": status,
            "parts": {"mongodb": store} | parts,
            "set_aside": self._set_aside.known,
        }
        return web.json_response(content, status=503 if status == "down" else 200)
