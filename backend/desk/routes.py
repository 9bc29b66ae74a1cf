"""Route of the desk's live feed."""

from __future__ import annotations

from aiohttp import web

from backend.auth import PUBLIC
from backend.desk.feed import MAX_FRAME_BYTES, serve
from backend.routing import Call, Capability, Routes

routes = Routes("desk")


# Public, because a browser's WebSocket sends no header: the first frame carries the token.
@routes.get("/desk/ws", PUBLIC)
async def socket(call: Call) -> web.WebSocketResponse:
    """Follow what happens (WebSocket): send hello, receive events after a position."""
    answer = web.WebSocketResponse(timeout=2, heartbeat=30, max_msg_size=MAX_FRAME_BYTES)
    await answer.prepare(call.request)
    await serve(call.office, answer)
    return answer


CAPABILITY = Capability("desk", routes.endpoints)
