"""The office as the door knows it: conversations, their log, handoffs and media."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.errors import OfficeAwayError, RefusedError, TooLargeError, UnsupportedError
from bot.http import HttpClient, Neighbour
from bot.inbox.model import Address
from bot.outbox.model import OPEN_STATES, Outgoing

# What the office says of a file it does not take, and the door has a sentence for.
_MEDIA_TOLD = frozenset(
    {"media.too_many_pixels", "media.broken", "media.sound_broken", "media.paper_broken",
     "media.paper_locked", "media.paper_acts"}
)  # fmt: skip


@dataclass(frozen=True)
class Logged:
    """Where a message stands in the log, who owns the conversation, what the office waits for."""

    message_id: str
    seq: int
    owner: str
    expects: Sequence[dict[str, Any]] = ()


class Office:
    """Client of the office's API."""

    def __init__(self, client: HttpClient, base: str, token: str) -> None:
        self._api = Neighbour(client, base, OfficeAwayError, token=token, life="/healthz")

    async def register(self, address: Address) -> None:
        """Tell the office about a conversation; saying it again changes nothing."""
        await self._introduce(address, elder=address.elder)

    async def owner(self, address: Address) -> str:
        """Return who answers in a conversation now: `bot` or `staff`."""
        return str((await self._introduce(address)).get("owner", "bot"))

    async def _introduce(self, address: Address, **more: Any) -> dict[str, Any]:
        """Open the conversation at the office, or find it open."""
        return await self._api.json(
            "PUT",
            _conversation(address.conversation_id),
            json={"channel": address.channel, "identity": address.identity, **more},
        )

    async def append(
        self, conversation_id: str, *, key: str, direction: str, author: str, body: Any, at: str
    ) -> Logged:
        """Append to the message log; the same key always gives the same place."""
        content = await self._api.json(
            "POST",
            _conversation(conversation_id) + "/messages",
            json={
                "key": key,
                "direction": direction,
                "author": {"kind": author},
                "body": body,
                "at": at,
            },
        )
        return Logged(
            message_id=str(content["message_id"]),
            seq=int(content["seq"]),
            owner=str(content["owner"]),
            expects=content.get("expects", ()),
        )

    async def append_replies(
        self, conversation_id: str, replies: Sequence[tuple[str, dict[str, Any]]], at: str
    ) -> list[int]:
        """Append what the bot says to the log; return the places, the same for the same keys.

        Args:
            conversation_id: to whom.
            replies: key and Reply of each, in order.
            at: the moment, for all of them.
        """
        said = [
            {"key": key, "direction": "out", "author": {"kind": "bot"}, "body": body, "at": at}
            for key, body in replies
        ]
        content = await self._api.json(
            "POST", _conversation(conversation_id) + "/messages/batch", json={"messages": said}
        )
        return [int(place["seq"]) for place in content["messages"]]

    async def messages(self, conversation_id: str, after: int, limit: int = 100) -> dict[str, Any]:
        """Return the log after a place: `{messages: […]}`."""
        return await self._api.json(
            "GET",
            _conversation(conversation_id) + "/messages",
            params={"after": str(after), "limit": str(limit)},
        )

    async def outgoing(self, after: str, wait: int) -> dict[str, Any]:
        """Wait for what the office itself has to say: `{messages: […], next}`."""
        return await self._api.json(
            "GET",
            "/conversations/outgoing",
            params={"after": after, "wait": str(wait)},
            seconds=wait + 5,
        )

    async def hand_over(self, conversation_id: str, reason: str, summary: str, key: str) -> None:
        """Ask for a person; while one is already asked for this changes nothing."""
        await self._api.json(
            "POST",
            "/handoffs",
            headers={"Idempotency-Key": key},
            json={"conversation_id": conversation_id, "reason": reason, "summary": summary},
        )

    async def note_delivery(self, reply: Outgoing) -> None:
        """Say how it stands with a reply that did not arrive at the first attempt."""
        waits = reply.state in OPEN_STATES
        await self._api.json(
            "PUT",
            f"{_conversation(reply.conversation_id)}/deliveries/{quote(reply.id, safe='')}",
            json={
                "state": "pending" if waits else reply.state,
                "attempts": reply.attempts,
                "reason": reply.last_error,
                "next_try_at": reply.next_try_at.isoformat() if waits else None,
            },
        )

    async def store_media(self, content: bytes, name: str) -> dict[str, Any]:
        """Store a file, whose content decides what it is: `{media_id, mime, size}`.

        Raises:
            TooLargeError, UnsupportedError: the office does not take it.
        """
        form = aiohttp.FormData()
        form.add_field("file", content, filename=name)
        try:
            return await self._api.json("POST", "/media", data=form, seconds=30)
        except RefusedError as error:
            told = error.upstream if error.upstream in _MEDIA_TOLD else None
            if error.upstream_status == 413:
                raise TooLargeError(told or "media.too_large") from error
            if error.upstream_status == 415:
                raise UnsupportedError(told or "media.unsupported") from error
            raise

    async def erasures(self) -> list[dict[str, Any]]:
        """Return what the door has to erase: `{id, conversations}` each."""
        content = await self._api.json("GET", "/personal/erasures/door")
        return list(content["erasures"])

    async def erased(self, erasure_id: str, touched: int) -> None:
        """Say that the door's share of an erasure is gone."""
        path = f"/personal/erasures/{quote(erasure_id, safe='')}/door"
        await self._api.json("POST", path, json={"touched": touched})

    async def copies(self) -> list[dict[str, Any]]:
        """Return of which conversations somebody waits for a copy: `{id, conversations}` each."""
        content = await self._api.json("GET", "/personal/copies/door")
        return list(content["copies"])

    async def hand_in(self, copy_id: str, delivery: str, pieces: Sequence[str]) -> None:
        """Hand in the door's share of a copy, a JSON text in pieces.

        Args:
            copy_id: which copy.
            delivery: random; a new try is a new delivery.
            pieces: in order.
        """
        path = f"/personal/copies/{quote(copy_id, safe='')}/door"
        for place, text in enumerate(pieces):
            piece = {"delivery": delivery, "place": place, "of": len(pieces), "text": text}
            await self._api.json("POST", path, json=piece)

    def open_media(self, media_id: str) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Open a stored file for reading."""
        return self._api.stream(f"/media/{quote(media_id, safe='')}")

    async def remove_media(self, media_id: str) -> None:
        """Remove a stored file; removing it again changes nothing."""
        await self._api.json("DELETE", f"/media/{quote(media_id, safe='')}", seconds=10)

    async def unsent_media(self, after: str) -> tuple[list[str], str | None]:
        """Return old files that no matter has, after the place `after`, and the place to go on."""
        content = await self._api.json("GET", "/media/unsent", params={"after": after})
        return list(content["media_ids"]), content["next"]

    async def knows_number(self, number: str) -> bool:
        """办件号 or 工单号: say whether a case or a report has this number."""
        return await self._exists(f"/receipts/numbers/{quote(number, safe='')}")

    async def knows_item(self, code: str) -> bool:
        """事项编码: say whether a service item has this code."""
        return await self._exists(f"/catalogue/items/{quote(code, safe='')}")

    async def _exists(self, path: str) -> bool:
        """Say whether the office has something under a path."""
        try:
            await self._api.json("GET", path)
        except RefusedError as error:
            if error.upstream_status == 404:
                return False
            raise
        return True

    async def healthy(self) -> bool:
        """Say whether the office answers at all."""
        try:
            await self._api.json("GET", "/healthz", seconds=2)
        except RefusedError:
            return True
        except OfficeAwayError:
            return False
        return True


def _conversation(conversation_id: str) -> str:
    """Return the path of a conversation."""
    return f"/conversations/{quote(conversation_id, safe='')}"
