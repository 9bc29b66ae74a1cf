"""图文: a reply with a link as the platform's own card, where it has nothing to press. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_LONGEST_TITLE = 64
_LONGEST_DESCRIPTION = 512
"""Bytes the platforms show of a card's title and of its description."""


@dataclass(frozen=True)
class Article:
    """图文 One card: it opens `url`; `picurl` is shown above it, empty for none."""

    title: str
    description: str
    url: str
    picurl: str = ""

    def fields(self) -> dict[str, str]:
        """Return it as a JSON object or as a stored one."""
        return asdict(self)


def article_of(reply: Mapping[str, Any], origin: str) -> Article | None:
    """Return a reply as a card; None where text says more, or something has to be pressed."""
    link, image = _text(reply, "link_url"), _text(reply, "image_url")
    pressable = reply.get("chips") or reply.get("items")
    details = reply.get("fields") or reply.get("sections") or reply.get("timeline")
    if not link or pressable or details or reply.get("source"):
        return None
    text = _text(reply, "text")
    title = _text(reply, "title") or _text(reply, "link_title") or text
    description = "" if title == text else text
    if len(title.encode()) > _LONGEST_TITLE or len(description.encode()) > _LONGEST_DESCRIPTION:
        return None
    picture = whole_url(image, origin) if image else ""
    return Article(title, description, whole_url(link, origin), picture)


def picture_of(reply: Mapping[str, Any], origin: str) -> str | None:
    """Return the address of a reply's picture in a form that messaging apps show.

    Only of our own: what stands elsewhere is not fetched from inside the house.
    """
    url = whole_url(_text(reply, "image_url"), origin)
    if not url.startswith(f"{origin}/"):
        return None
    return f"{url.removesuffix('.svg')}.png" if url.endswith(".svg") else url


def whole_url(url: str, origin: str) -> str:
    """Return a URL that works outside our page."""
    return url if url.startswith(("https://", "http://")) else origin + url


def _text(row: Mapping[str, Any], name: str) -> str:
    """Return a text, empty where there is none."""
    return str(row.get(name) or "")
