"""The citizen page: built files, served as they are, under headers that trust nobody else."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web

from bot.errors import REPLIES, NotFoundError
from bot.settings import Settings

_A_YEAR = "public, max-age=31536000, immutable"
# A file goes out as its .br or .gz sibling to whoever takes that.
_BY_ENCODING = {"Vary": "Accept-Encoding"}


class CitizenPages:
    """Serves `index.html` at `/` with the files built beside it, and the privacy notice.

    Args:
        folder: the built page.
        data_dir: where `privacy.html` lies, which an office writes itself.
    """

    def __init__(self, folder: Path, data_dir: Path) -> None:
        self._folder = folder.resolve()
        self._notice = data_dir.resolve() / "privacy.html"

    def setup_routes(self, app: web.Application) -> None:
        """Add the paths of the page."""
        app.add_routes(
            [
                web.get("/", self.index),
                web.get("/privacy", self.notice),
                web.get("/assets/{path:.+}", self.asset),
                web.get(r"/{name:[\w-]+\.(?:svg|png|ico|webmanifest|txt)}", self.beside_index),
            ]
        )

    async def index(self, request: web.Request) -> web.StreamResponse:
        """Return the page, or say plainly that it has not been built."""
        page = self._folder / "index.html"
        if not await asyncio.to_thread(page.is_file):
            text = request.config_dict[REPLIES].error("page.not_built")
            return web.Response(text=text, status=503, headers={"Retry-After": "30"})
        return web.FileResponse(page, headers={**_BY_ENCODING, "Cache-Control": "no-cache"})

    async def notice(self, _: web.Request) -> web.StreamResponse:
        """隐私说明: return what is used of a citizen's data, what for, and how long (PIPL 17)."""
        return web.FileResponse(self._notice, headers={"Cache-Control": "no-cache"})

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """Return a built file, whose name changes with its content."""
        return await self._file(Path("assets") / request.match_info["path"], _A_YEAR)

    async def beside_index(self, request: web.Request) -> web.StreamResponse:
        """Return an icon or manifest."""
        return await self._file(Path(request.match_info["name"]), "no-cache")

    async def _file(self, path: Path, caching: str) -> web.FileResponse:
        """Return a file of the folder.

        Raises:
            NotFoundError: there is none, or the path leads out of the folder.
        """
        found = await asyncio.to_thread(self._find, path)
        if found is None:
            raise NotFoundError("path.not_found")
        return web.FileResponse(found, headers={**_BY_ENCODING, "Cache-Control": caching})

    def _find(self, path: Path) -> Path | None:
        """Return the file behind a path if it lies within the folder."""
        try:
            file = (self._folder / path).resolve()
            return file if file.is_relative_to(self._folder) and file.is_file() else None
        except (OSError, ValueError):
            # A name no file can have: too long, or with a NUL in it.
            return None


def security_headers(settings: Settings) -> dict[str, str]:
    """Return the headers an answer of the door carries unless it has its own."""
    policy = [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        # Inline style attributes only: the component library sets sizes with them.
        "style-src-attr 'unsafe-inline'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        f"frame-ancestors {settings.frame_ancestors}",
    ]
    headers = {
        "Content-Security-Policy": "; ".join(policy),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(self)",
        "Cross-Origin-Opener-Policy": "same-origin",
        # What may be kept says so itself.
        "Cache-Control": "no-store",
    }
    if settings.public_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers
