"""The one place where errors become answers: JSON with a key and a Chinese sentence."""

from __future__ import annotations

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from backend.bodies import is_encoded, is_gone, let_go
from backend.db import Document, StorageError
from backend.errors import MalformedError, OfficeError, UnavailableError, UnsupportedError
from backend.metrics import ERRORS
from backend.office import OFFICE
from backend.replies import Replies

log = structlog.get_logger(__name__)


def is_ours(path: str) -> bool:
    """Say whether a path is the office's where other rooms share the application."""
    return path.startswith(("/api/", "/desk/")) or path in {"/api", "/desk"}


def converter(*, alone: bool) -> Middleware:
    """Return the middleware that answers errors as `{"error": {"key", "message", "detail"}}`.

    Args:
        alone: whether every path is the office's, because no other room is in the application.
    """

    @web.middleware
    async def convert_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not (alone or is_ours(request.path)):
            return await handler(request)
        answer = await _answer(request, handler)
        let_go(request, answer)
        return answer

    return convert_errors


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the handler answer, or what it raises."""
    try:
        if is_encoded(request):
            raise UnsupportedError("request.encoded")
        return await handler(request)
    except OfficeError as error:
        return error_answer(request, error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        answer = refusal(request.app, error.status)
        if allow := error.headers.get("Allow"):
            answer.headers["Allow"] = allow
        return answer
    except (web.RequestPayloadError, HttpProcessingError):
        # The body broke off, or is broken in its own framing.
        return error_answer(request, MalformedError("request.broken_off"))
    except StorageError as error:
        # The driver's own text may quote a document, so only kind and code are written down.
        log.error("storage.failed", error=type(error).__name__, code=getattr(error, "code", None))
        return error_answer(request, UnavailableError("office.storage_away"))
    except Exception as error:
        if isinstance(error, ConnectionError) and is_gone(request):
            raise
        # The last line: a defect of ours must reach the log and must not reach the caller.
        log.exception("request.failed", route=_route(request))
        return refusal(request.app, 500)


def _route(request: web.Request) -> str:
    """Return the pattern of the route, which names nobody, unlike the path."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "?"


def error_answer(request: web.Request, error: OfficeError) -> web.Response:
    """Return the answer of one of the office's own errors."""
    body = error_body(request.app[OFFICE].replies, error)
    wait = {"Retry-After": str(error.retry_after)} if error.retry_after else None
    return web.json_response(body, status=error.status, headers=wait)


def error_body(replies: Replies, error: OfficeError) -> Document:
    """Return an error as the contract has it: key, Chinese sentence, detail."""
    return _body(replies, error.key, error.detail)


def refusal(app: web.Application, status: int) -> web.Response:
    """Return the answer of an error that is aiohttp's own."""
    return web.json_response(_body(app[OFFICE].replies, f"http.{status}", {}), status=status)


def _body(replies: Replies, key: str, detail: dict[str, object]) -> Document:
    ERRORS.labels(key).inc()
    message = replies.say(key if key in replies else "http.other", **detail)
    body: Document = {"key": key, "message": message}
    if detail:
        body["detail"] = detail
    return {"error": body}
