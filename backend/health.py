"""Health of the office, for process supervisors, and its metrics for Prometheus."""

from __future__ import annotations

import asyncio
from typing import Literal

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from backend.auth import PUBLIC, SERVICE
from backend.errors import UnavailableError
from backend.routing import Call, Capability, Routes
from backend.validation import Answer

routes = Routes("health")


class Health(Answer):
    """The office can write and read; wake-ups may be away without harm."""

    status: Literal["ok", "disk_low"]


@routes.get("/healthz", PUBLIC)
async def healthz(call: Call) -> Health:
    """Tell whether the office can write and read its store, as of some seconds ago."""
    state = await call.office.canary.state()
    if state != "ok":
        raise UnavailableError(f"office.storage_{state}")
    return Health(status="disk_low" if call.office.canary.disk_low else "ok")


@routes.get("/metrics", SERVICE)
async def metrics(_call: Call) -> web.Response:
    """Give the counters of this process in Prometheus' text format."""
    content = await asyncio.to_thread(generate_latest)
    return web.Response(body=content, headers={"Content-Type": CONTENT_TYPE_LATEST})


CAPABILITY = Capability("health", routes.endpoints)
