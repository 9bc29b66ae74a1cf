"""The staff desk's built page under /desk/."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

PREFIX = "/desk/"
# The page is one application: its own scripts only, no frames, no plugins.
CONTENT_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def add_desk_page(app: web.Application, folder: Path) -> None:
    """Serve the built page; paths that are no file are the page itself, for its router."""

    async def page(request: web.Request) -> web.StreamResponse:
        index = folder / "index.html"
        if not index.is_file():
            raise web.HTTPNotFound(text="build the staff desk first: make build\n")
        return web.FileResponse(index, headers={"Cache-Control": "no-cache"})

    async def vary(request: web.Request, response: web.StreamResponse) -> None:
        # A file goes out as its .br or .gz sibling to whoever takes that.
        if request.path.startswith(PREFIX):
            response.headers["Vary"] = "Accept-Encoding"

    async def to_page(request: web.Request) -> web.StreamResponse:
        raise web.HTTPPermanentRedirect(PREFIX)

    app.on_response_prepare.append(vary)
    if (folder / "assets").is_dir():
        app.router.add_static(f"{PREFIX}assets", folder / "assets")
    app.router.add_get(PREFIX.rstrip("/"), to_page)
    app.router.add_get(PREFIX, page)
    app.router.add_get(PREFIX + "{rest:.*}", page)
