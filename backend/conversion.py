"""The one place where errors become answers: JSON with a key and a Chinese sentence."""

from __future__ import annotations

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from backend.db import Document, StorageError
from backend.errors import OfficeError, UnavailableError
from backend.metrics import ERRORS
from backend.office import OFFICE
from backend.replies import Replies

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
        return _http_answer(request, error)
    except StorageError as error:
        # The driver's own text may quote a document, so only kind and code are written down.
        log.error("storage.failed", error=type(error).__name__, code=getattr(error, "code", None))
        return error_answer(request, UnavailableError("office.storage_away"))


def error_answer(request: web.Request, error: OfficeError) -> web.Response:
    """Return the answer of one of the office's own errors."""
    body = error_body(request.app[OFFICE].replies, error)
    wait = {"Retry-After": str(error.retry_after)} if error.retry_after else None
    return web.json_response(body, status=error.status, headers=wait)


def error_body(replies: Replies, error: OfficeError) -> Document:
    """Return an error as the contract has it: key, Chinese sentence, detail."""
    return _body(replies, error.key, error.detail)


def _http_answer(request: web.Request, error: web.HTTPException) -> web.Response:
    """Return the answer of one of aiohttp's errors."""
    allowed = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
    body = _body(request.app[OFFICE].replies, f"http.{error.status}", {})
    return web.json_response(body, status=error.status, headers=allowed)


def _body(replies: Replies, key: str, detail: dict[str, object]) -> Document:
    ERRORS.labels(key).inc()
    message = replies.say(key if key in replies else "http.other", **detail)
    body: Document = {"key": key, "message": message}
    if detail:
        body["detail"] = detail
    return {"error": body}
