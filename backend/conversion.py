"""The one place where errors become answers: JSON with a key and a Chinese sentence."""

from __future__ import annotations

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from backend.db import StorageError
from backend.errors import OfficeError, UnavailableError
from backend.office import OFFICE

API = "/api/"

log = structlog.get_logger(__name__)


@web.middleware
async def convert_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error under /api/ as `{"error": {"key", "message", "detail"}}`."""
    if not request.path.startswith(API):
        return await handler(request)
    try:
        return await handler(request)
    except OfficeError as error:
        return error_answer(request, error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        allowed = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
        return _answer(request, error.status, f"http.{error.status}", {}, allowed)
    except StorageError as error:
        log.exception("storage.failed", error=type(error).__name__)
        return error_answer(request, UnavailableError("office.storage_away"))


def error_answer(request: web.Request, error: OfficeError) -> web.Response:
    """Return the answer of one of the office's own errors."""
    return _answer(request, error.status, error.key, error.detail)


def _answer(
    request: web.Request,
    status: int,
    key: str,
    detail: dict[str, object],
    headers: dict[str, str] | None = None,
) -> web.Response:
    replies = request.app[OFFICE].replies
    message = replies.say(key if key in replies else "http.other", **detail)
    body: dict[str, object] = {"key": key, "message": message}
    if detail:
        body["detail"] = detail
    return web.json_response({"error": body}, status=status, headers=headers)
