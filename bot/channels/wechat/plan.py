"""发送安排: few messages, none too long, and the last one always says where the rest stands. Pure.

WeChat takes 2,048 bytes of content a message and five messages within 48 hours, so replies are
merged; what does not fit stands behind a link to the page, which shows the whole conversation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.wechat.articles import Article
from bot.channels.wechat.render import Rendered

LIMIT = 2048
"""Bytes of content a message may have."""
_GAP = "\n\n"
_APOLOGY_NEEDS = 3
_NOTICE_NEEDS = 2
_TWO_MESSAGES_NEED = 4


@dataclass(frozen=True)
class Piece:
    """一条待发: a rendered reply on its way."""

    reply_id: str
    rendered: Rendered
    apology: bool = False
    notice: bool = False


@dataclass(frozen=True)
class Parcel:
    """一次发送: one message, the replies it says, and the same as a card where it is one."""

    text: str
    reply_ids: tuple[str, ...]
    article: Article | None = None


def size(text: str) -> int:
    """Return the length the platform counts."""
    return len(text.encode())


def fits(texts: Sequence[str], limit: int = LIMIT) -> bool:
    """Say whether texts may stand in one message."""
    return size(_GAP.join(texts)) <= limit


def shorten(rendered: Rendered, more: str, limit: int = LIMIT) -> str:
    """Return a reply that fits: details go first, then the end; the link says where they are."""
    if size(rendered.text) <= limit:
        return rendered.text
    tail = "\n".join(filter(None, (more, rendered.foot)))
    if size(tail) > limit // 2:
        tail = more
    room = limit - size(tail) - 1
    return f"{_cut(_join(rendered.head, rendered.detail), room)}\n{tail}"


def merge(pieces: Sequence[Piece], more: str, limit: int = LIMIT) -> list[Parcel]:
    """Put replies into as few messages as they need, in order, each reply in one piece."""
    parcels: list[Parcel] = []
    texts: list[str] = []
    ids: list[str] = []
    for piece in pieces:
        text = shorten(piece.rendered, more, limit)
        if texts and not fits([*texts, text], limit):
            parcels.append(Parcel(_GAP.join(texts), tuple(ids)))
            texts, ids = [], []
        texts.append(text)
        ids.append(piece.reply_id)
    if texts:
        parcels.append(Parcel(_GAP.join(texts), tuple(ids)))
    return parcels


def plan(pieces: Sequence[Piece], left: int, more: str, last: str) -> list[Parcel]:
    """Decide what is sent now, with `left` messages allowed.

    Apologies and notices never use up what an answer may need: they are left out while little is
    left. With four messages or more a long answer may take two; the last message of all ends
    with `last`, which says how the rest is reached.

    Args:
        pieces: what waits to be said, in order.
        left: messages the platform still takes.
        more: line with the link to the page, for what was cut.
        last: line that stands at the end of the last message; empty where nobody would miss one.
    """
    worth = [piece for piece in pieces if left >= needs(piece)]
    if not worth or left <= 0:
        return []
    whole = merge(worth, more)
    allowed = 2 if left >= _TWO_MESSAGES_NEED else 1
    is_last = left == 1 and bool(last)
    if not is_last and len(whole) <= allowed:
        return whole
    ends = last if is_last else more
    return [*whole[: allowed - 1], _squeezed(whole[allowed - 1 :], worth, ends)]


def needs(piece: Piece) -> int:
    """Return how many messages must be left for a reply to be worth one of them."""
    if piece.apology:
        return _APOLOGY_NEEDS
    return _NOTICE_NEEDS if piece.notice else 1


def _squeezed(parcels: Sequence[Parcel], pieces: Sequence[Piece], end: str) -> Parcel:
    """Return one message for everything that is left: the first lines of each, and the link."""
    ids = tuple(id for parcel in parcels for id in parcel.reply_ids)
    mine = [piece.rendered for piece in pieces if piece.reply_id in ids]
    room = LIMIT - size(end) - 1
    whole = _GAP.join(one.text for one in mine)
    if size(whole) <= room:
        return Parcel(f"{whole}\n{end}", ids)
    heads = _cut(_GAP.join(one.head for one in mine), room)
    return Parcel(f"{heads}\n{end}", ids)


def _join(*parts: str) -> str:
    """Join what is there."""
    return "\n".join(filter(None, parts))


def _cut(text: str, room: int) -> str:
    """Cut at a character, and never within a link."""
    if size(text) <= room:
        return text
    cut = text.encode()[: max(0, room - len("…".encode()))].decode(errors="ignore")
    if cut.rfind("<a ") > cut.rfind("</a>"):
        cut = cut[: cut.rfind("<a ")]
    return f"{cut.rstrip()}…"
