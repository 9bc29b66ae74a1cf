"""What the door depends on, and whether each part answers."""

from __future__ import annotations

import asyncio

from aiohttp import web
from pymongo.errors import PyMongoError

from bot.db import Database
from bot.dialogue import Dialogue
from bot.office import Office
from bot.wakeups import Wakeups


class Health:
    """Answers `/healthz`: 503 without the store, 200 with `degraded` without a neighbour."""

    def __init__(
        self, database: Database, wakeups: Wakeups, office: Office, dialogue: Dialogue
    ) -> None:
        self._database = database
        self._wakeups = wakeups
        self._office = office
        self._dialogue = dialogue

    def setup_routes(self, app: web.Application) -> None:
        """Add the path."""
        app.router.add_get("/healthz", self.handle)

    async def handle(self, _: web.Request) -> web.Response:
        """Say how each dependency is."""
        names = ("mongodb", "redis", "office", "dialogue")
        states = await asyncio.gather(
            self._store_answers(),
            self._wakeups.ping(),
            self._office.healthy(),
            self._dialogue.healthy(),
        )
        parts = {name: "ok" if up else "away" for name, up in zip(names, states, strict=True)}
        status = "ok" if all(states) else "degraded" if states[0] else "down"
        return web.json_response(
            {"status": status, "parts": parts}, status=503 if status == "down" else 200
        )

    async def _store_answers(self) -> bool:
        """Say whether MongoDB answers."""
        try:
            await self._database.command("ping")
        except PyMongoError:
            return False
        return True
