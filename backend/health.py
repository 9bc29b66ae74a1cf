"""Health of the office, for process supervisors, and its metrics for Prometheus."""

from __future__ import annotations

import asyncio
from typing import Literal

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from backend.auth import PUBLIC, SERVICE
from backend.routing import Call, Capability, Routes
from backend.validation import Answer

routes = Routes("health")


class Health(Answer):
    """The office answers; wake-ups may be away without harm."""

    status: Literal["ok"]


@routes.get("/healthz", PUBLIC)
async def healthz(call: Call) -> Health:
    """Tell whether the office and its database answer."""
    await call.office.database.command("ping")
    return Health(status="ok")


@routes.get("/metrics", SERVICE)
async def metrics(_call: Call) -> web.Response:
    """Give the counters of this process in Prometheus' text format."""
    content = await asyncio.to_thread(generate_latest)
    return web.Response(body=content, headers={"Content-Type": CONTENT_TYPE_LATEST})


CAPABILITY = Capability("health", routes.endpoints)
