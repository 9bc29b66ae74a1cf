"""Errors of the door, and the one place that turns them into answers."""

from __future__ import annotations

from typing import Any

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler
from pymongo.errors import PyMongoError

from bot.bodies import is_encoded, is_gone, let_go
from bot.replies import Replies

logger = structlog.get_logger(__name__)

REPLIES = web.AppKey("replies", Replies)


class DoorError(Exception):
    """Something the caller is told about: a status, a key and no personal data.

    Args:
        key: machine-readable key; its sentence stands in `data/replies/bot.yml`.
        detail: what helps the caller, without what the citizen wrote.
    """

    status = 400
    retry_after = 5
    """Seconds after which trying again helps, where it does."""

    def __init__(self, key: str, **detail: Any) -> None:
        super().__init__(key)
        self.key = key
        self.detail = detail


class BadMessageError(DoorError):
    """The message cannot be understood or breaks a rule of the contract."""


class TooLargeError(DoorError):
    """The text or the file is over its limit."""

    status = 413


class UnsupportedError(DoorError):
    """The office does not take this kind of file."""

    status = 415


class NotAuthorisedError(DoorError):
    """The token is missing, wrong or forgotten."""

    status = 401


class NotFoundError(DoorError):
    """It does not exist, or not for this caller: both are answered alike."""

    status = 404


class TooManyError(DoorError):
    """More messages than a person sends.

    Args:
        key: as of every error.
        retry_after: seconds after which trying again helps.
    """

    status = 429

    def __init__(self, key: str, *, retry_after: int = 5) -> None:
        super().__init__(key)
        self.retry_after = retry_after


class AwayError(DoorError):
    """Something the door depends on does not answer; trying again helps.

    Args:
        upstream: the neighbour's own error key where it answered with a defect, for the log.
        detail: as of every error of the door.
    """

    status = 503
    away_key = "store.away"

    def __init__(self, *, upstream: str | None = None, **detail: Any) -> None:
        super().__init__(self.away_key, **detail)
        self.upstream = upstream


class OfficeAwayError(AwayError):
    """The office does not answer."""

    away_key = "office.away"


class DialogueAwayError(AwayError):
    """The dialogue service does not answer."""

    away_key = "dialogue.away"


class PlatformAwayError(AwayError):
    """The messaging platform does not give what is needed for a turn."""

    away_key = "platform.away"


class RefusedError(DoorError):
    """A neighbour answered 4xx: trying the same again does not help.

    Args:
        upstream: the neighbour's own error key, for the log and never for the citizen.
        upstream_status: its HTTP status.
    """

    status = 502

    def __init__(self, upstream: str, upstream_status: int) -> None:
        super().__init__("upstream.refused")
        self.upstream = upstream
        self.upstream_status = upstream_status


class SealedError(Exception):
    """No key of ours opens what a citizen wrote."""

    key = "key_wrong"


class DefectError(Exception):
    """A defect of ours ended a turn; `key` names it, without what was written."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class LeaseLostError(Exception):
    """Another process has the conversation now; what was being done is theirs to redo."""


_RETRY_AFTER = str(DoorError.retry_after)
_BY_STATUS = {
    404: "path.not_found",
    405: "method.not_allowed",
    413: "message.too_long",
    415: "message.broken",
}


def is_elsewhere(path: str) -> bool:
    """Say whether a path belongs to another room that shares the public origin."""
    return path.startswith(("/api/", "/desk/")) or path in {"/api", "/desk"}


def error_answer(replies: Replies, status: int, key: str, detail: Any = None) -> web.Response:
    """Build the error body that every path of the door shares."""
    error = {"key": key, "message": replies.error(key)}
    if detail:
        error["detail"] = detail
    return web.json_response({"error": error}, status=status)


def refusal(replies: Replies, status: int) -> web.Response:
    """Build the error body of an error that is aiohttp's own."""
    key = "internal" if status >= 500 else _BY_STATUS.get(status, "request.bad")
    return error_answer(replies, status, key)


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error into the one error body, and never show what caused it."""
    if is_elsewhere(request.path):
        return await handler(request)
    replies = request.config_dict[REPLIES]
    if is_encoded(request):
        answer: web.StreamResponse = error_answer(replies, 415, "body.encoded")
    else:
        answer = await _answer(request, handler, replies)
    let_go(request, answer)
    return answer


async def _answer(request: web.Request, handler: Handler, replies: Replies) -> web.StreamResponse:
    """Let the handler answer, or what it raises."""
    try:
        return await handler(request)
    except DoorError as error:
        answer = error_answer(replies, error.status, error.key, error.detail)
        if error.status in {429, 503}:
            answer.headers["Retry-After"] = str(error.retry_after)
        return answer
    except web.HTTPException as error:
        if error.status < 400:
            raise
        answer = refusal(replies, error.status)
        if allow := error.headers.get("Allow"):
            answer.headers["Allow"] = allow
        return answer
    except (web.RequestPayloadError, HttpProcessingError):
        # The body broke off, or is broken in its own framing.
        return error_answer(replies, 400, "request.bad")
    except PyMongoError as error:
        logger.warning("store.away", route=_route(request), error=type(error).__name__)
        answer = error_answer(replies, 503, "store.away")
        answer.headers["Retry-After"] = _RETRY_AFTER
        return answer
    except Exception as error:
        if isinstance(error, ConnectionError) and is_gone(request):
            raise
        # The last line: a defect of ours must reach the log and must not reach the street.
        logger.exception("request.failed", route=_route(request))
        return error_answer(replies, 500, "internal")


def _route(request: web.Request) -> str:
    """Return a request's path as it was declared: what a client put into it stands in no log."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "?"
