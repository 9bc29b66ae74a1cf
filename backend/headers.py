"""Headers of every answer: what a browser may keep, show and tell of it."""

from __future__ import annotations

from aiohttp import web

from backend.conversion import is_ours
from backend.desk_page import CONTENT_POLICY, PREFIX
from backend.settings import Settings

_DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_A_YEAR = "max-age=31536000"


def answer_headers(settings: Settings, *, page: bool) -> dict[str, str]:
    """Return the headers an answer carries unless it has its own.

    Args:
        settings: tells whether the street comes over https.
        page: whether it is of the desk's page, which may be kept and runs scripts.
    """
    headers = dict(_EVERYWHERE)
    if page:
        headers["Content-Security-Policy"] = CONTENT_POLICY
    else:
        headers["Content-Security-Policy"] = _DATA_POLICY
        headers["Cache-Control"] = "no-store"
    if settings.public_url.startswith("https://"):
        headers["Strict-Transport-Security"] = _A_YEAR
    return headers


def add_headers(app: web.Application, settings: Settings, *, alone: bool) -> None:
    """Let every answer of the office carry its headers, and none the server's version.

    Args:
        app: the application.
        settings: of the office.
        alone: whether every path is the office's.
    """

    async def add(request: web.Request, answer: web.StreamResponse) -> None:
        if not (alone or is_ours(request.path)):
            return
        answer.headers.popall("Server", None)
        page = request.path.startswith(PREFIX) and answer.status < 400
        for name, value in answer_headers(settings, page=page).items():
            answer.headers.setdefault(name, value)

    app.on_response_prepare.append(add)
