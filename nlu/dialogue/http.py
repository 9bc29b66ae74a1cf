"""The HTTP edge of the dialogue service; it is never reachable from outside."""

from __future__ import annotations

import json
import logging
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from dialogue.errors import BadTurnError, TurnError
from dialogue.service import DialogueService
from dialogue.turn_request import read_turn

logger = logging.getLogger(__name__)

SERVICE = web.AppKey("service", DialogueService)
_MAX_BODY = 256 * 1024
# Bodies are never inflated, and what is left of a refused one is thrown away for a second only.
_HANDLER_ARGS = {"auto_decompress": False, "lingering_time": 1.0}


def create_app(service: DialogueService) -> web.Application:
    """Return the application around a service."""
    app = web.Application(
        middlewares=[answer_errors], client_max_size=_MAX_BODY, handler_args=_HANDLER_ARGS
    )
    # aiohttp 3.9 writes its signals for an older aiosignal than the one that is installed.
    app.on_response_prepare.append(_name_no_version)  # type: ignore[arg-type]
    app[SERVICE] = service
    app.add_routes(
        [
            web.post("/turn", turn),
            web.post("/parse", parse),
            web.get("/conversations/{id}", remembered),
            web.delete("/conversations/{id}", forget),
            web.get("/health", health),
            web.get("/alive", alive),
        ]
    )
    return app


async def turn(request: web.Request) -> web.Response:
    """Run a turn."""
    wanted = read_turn(await _content(request))
    done = await request.app[SERVICE].turn(wanted)
    return _answer({"replies": done.replies, "intent": done.intent})


async def parse(request: web.Request) -> web.Response:
    """Understand a text."""
    content = await _content(request)
    text = content.get("text") if isinstance(content, dict) else None
    if not isinstance(text, str):
        raise BadTurnError
    return _answer(await request.app[SERVICE].parse(text))


async def remembered(request: web.Request) -> web.Response:
    """Tell what is remembered of a conversation, for the citizen it belongs to."""
    return _answer(await request.app[SERVICE].remembered(request.match_info["id"]))


async def forget(request: web.Request) -> web.Response:
    """Forget a conversation."""
    known = await request.app[SERVICE].forget(request.match_info["id"])
    return _answer({"forgotten": int(known)})


async def health(request: web.Request) -> web.Response:
    """Say whether turns can be run, and by which model."""
    service: DialogueService = request.app[SERVICE]
    up = await service.healthy()
    return _answer(
        {"status": "ok" if up else "away", "model": service.model, "parses": service.parses},
        status=200 if up else 503,
    )


async def alive(_: web.Request) -> web.Response:
    """Give a sign of life that waits for nothing: asked when a turn takes long."""
    return _answer({"status": "ok"})


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error into `{"error": {"key", "message"}}`, without what caused it."""
    try:
        if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            return _hang_up(request, _error(415, "request.encoded"))
        return await handler(request)
    except TurnError as error:
        if not isinstance(error, BadTurnError):
            logger.warning("turn failed: %s", error.key)
        return _error(error.status, error.key)
    except web.HTTPException as error:
        answer = _error(error.status, "request.bad")
        return _hang_up(request, answer) if error.status == 413 else answer
    except web.RequestPayloadError:
        return _error(400, "request.bad")
    except Exception:
        logger.exception("request failed")
        return _error(500, "internal")


def _hang_up(request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
    """Return an answer after which the connection ends; nothing more of the body is read."""
    answer.force_close()
    request.protocol.close()
    return answer


async def _name_no_version(_: web.Request, answer: web.StreamResponse) -> None:
    """Leave out which server this is."""
    answer.headers.popall("Server", None)


async def _content(request: web.Request) -> Any:
    """Return the JSON of a request.

    Raises:
        BadTurnError: it is not JSON.
    """
    try:
        return json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise BadTurnError from error


def _answer(content: dict[str, Any], status: int = 200) -> web.Response:
    """Return JSON."""
    return web.json_response(content, status=status)


def _error(status: int, key: str) -> web.Response:
    """Return the error body; its reader is the door, which has its own words for citizens."""
    return _answer({"error": {"key": key, "message": key}}, status)
