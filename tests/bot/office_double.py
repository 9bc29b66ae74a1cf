"""The office's side of the contract over real HTTP, small enough to see through."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

from aiohttp import web


class OfficeDouble:
    """A conversation log, handoffs, media and the outgoing feed.

    Attributes:
        away: answers 503 to everything.
        owners: who owns a conversation, `bot` unless set.
        refused: paths asked for while it was away.
        asked_for: numbers and codes that were asked for.
        known: numbers of cases and reports, and codes of items, that exist.
        erasures: conversations of each erasure that the door has still to do.
        copies: conversations of each copy that somebody waits for.
        handed_in: pieces of each copy, as they came.
        deaf: replies that it answers with 503 before it takes one again.
        addresses: paths and queries as they came.
        unsent: its old files that no matter has, told two at a time.
    """

    def __init__(self) -> None:
        self.away = False
        self.owners: dict[str, str] = {}
        self.registered: dict[str, dict[str, Any]] = {}
        self.log: dict[str, list[dict[str, Any]]] = {}
        self.keys: dict[str, dict[str, Any]] = {}
        self.outgoing: list[dict[str, Any]] = []
        self.handoffs: list[dict[str, Any]] = []
        self.media: dict[str, tuple[bytes, str]] = {}
        self._media_numbers = itertools.count()
        self.feed_reads: list[str] = []
        self.deliveries: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.addresses: list[str] = []
        self.known = {"BJ2026112200001", "GA004"}
        self.asked_for: list[str] = []
        self.deaf = 0
        self.unsent: list[str] = []
        self.erasures: dict[str, list[str]] = {}
        self.erased: dict[str, int] = {}
        self.copies: dict[str, list[str]] = {}
        self.handed_in: dict[str, list[dict[str, Any]]] = {}

    def app(self) -> web.Application:
        """Return the double as an application."""
        app = web.Application(middlewares=[self._absence], client_max_size=12 * 1024**2)
        app.add_routes(
            [
                web.get("/healthz", self._health),
                web.put("/conversations/{cid}", self._register),
                web.post("/conversations/{cid}/messages", self._append),
                web.post("/conversations/{cid}/messages/batch", self._append_batch),
                web.get("/conversations/outgoing", self._outgoing),
                web.get("/conversations/{cid}/messages", self._messages),
                web.put("/conversations/{cid}/deliveries/{reply}", self._delivery),
                web.post("/handoffs", self._handoff),
                web.post("/media", self._store_media),
                web.get("/media/unsent", self._unsent),
                web.get("/media/{id}", self._media),
                web.delete("/media/{id}", self._remove_media),
                web.get("/receipts/numbers/{name}", self._known),
                web.get("/catalogue/items/{name}", self._known),
                web.get("/personal/erasures/door", self._erasures),
                web.post("/personal/erasures/{id}/door", self._erased),
                web.get("/personal/copies/door", self._copies),
                web.post("/personal/copies/{id}/door", self._copied),
            ]
        )
        return app

    def texts(self, conversation_id: str) -> list[str]:
        """Return what was said in a conversation, in the order of the log."""
        return [row["body"].get("text", "") for row in self.log.get(conversation_id, [])]

    def say(
        self, conversation_id: str, text: Any, author: str = "staff", channel: str = "web",
        identity: str = "",
    ) -> None:  # fmt: skip
        """Let staff say something: it stands in the log and in the feed."""
        row = self._add(conversation_id, f"staff:{len(self.outgoing)}", "out", author, text)
        self.outgoing.append(
            {
                "position": len(self.outgoing) + 1,
                "message_id": row["message_id"],
                "conversation_id": conversation_id,
                "channel": channel,
                "identity": identity or conversation_id,
                "body": row["body"],
            }
        )

    def note(self, conversation_id: str, text: str) -> None:
        """Let the log grow without a word to anybody."""
        self._add(conversation_id, f"note:{text}", "out", "staff", text)

    def _add(self, cid: str, key: str, direction: str, author: str, body: Any) -> dict[str, Any]:
        if key not in self.keys:
            rows = self.log.setdefault(cid, [])
            row = {
                "message_id": f"m{len(self.keys)}",
                "seq": len(rows) + 1,
                "direction": direction,
                "author": {"kind": author},
                "body": {"kind": "text", "text": body} if isinstance(body, str) else body,
                "at": "2026-11-22T09:00:00+08:00",
            }
            rows.append(row)
            self.keys[key] = row
        return self.keys[key]

    @web.middleware
    async def _absence(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.addresses.append(request.path_qs)
        if self.away:
            self.refused.append(request.path)
            return web.json_response({"error": {"key": "office.closed"}}, status=503)
        if self.deaf and request.method == "POST" and b'"out"' in await request.read():
            self.deaf -= 1
            return web.json_response({"error": {"key": "office.storage_away"}}, status=503)
        if request.headers.get("Authorization") != "Bearer a-service-token-of-tests":
            return web.json_response({"error": {"key": "auth.missing"}}, status=401)
        return await handler(request)

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _register(self, request: web.Request) -> web.Response:
        cid = request.match_info["cid"]
        self.registered.setdefault(cid, await request.json())
        return web.json_response({"conversation_id": cid, "owner": self.owners.get(cid, "bot")})

    async def _append(self, request: web.Request) -> web.Response:
        cid, content = request.match_info["cid"], await request.json()
        if cid not in self.registered:
            return web.json_response({"error": {"key": "conversation.not_found"}}, status=404)
        row = self._add(
            cid, content["key"], content["direction"], content["author"]["kind"], content["body"]
        )
        owner = self.owners.get(cid, "bot")
        return web.json_response(
            {"message_id": row["message_id"], "seq": row["seq"], "owner": owner}
        )

    async def _append_batch(self, request: web.Request) -> web.Response:
        cid, content = request.match_info["cid"], await request.json()
        if cid not in self.registered:
            return web.json_response({"error": {"key": "conversation.not_found"}}, status=404)
        rows = [
            self._add(cid, one["key"], one["direction"], one["author"]["kind"], one["body"])
            for one in content["messages"]
        ]
        places = [{"message_id": row["message_id"], "seq": row["seq"]} for row in rows]
        return web.json_response({"messages": places, "owner": self.owners.get(cid, "bot")})

    async def _delivery(self, request: web.Request) -> web.Response:
        content = await request.json()
        self.deliveries.append({"reply": request.match_info["reply"], **content})
        return web.json_response({"state": content["state"]})

    async def _messages(self, request: web.Request) -> web.Response:
        after, limit = int(request.query["after"]), int(request.query["limit"])
        rows = self.log.get(request.match_info["cid"], [])
        return web.json_response({"messages": [r for r in rows if r["seq"] > after][:limit]})

    async def _outgoing(self, request: web.Request) -> web.Response:
        after = int(request.query["after"])
        self.feed_reads.append(request.query["after"])
        end = asyncio.get_running_loop().time() + min(0.2, float(request.query["wait"]))
        while len(self.outgoing) <= after and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.02)
        rows = [row for row in self.outgoing if row["position"] > after]
        return web.json_response(
            {"messages": rows, "next": rows[-1]["position"] if rows else after}
        )

    async def _handoff(self, request: web.Request) -> web.Response:
        content = await request.json()
        self.handoffs.append(content)
        self.owners[content["conversation_id"]] = "staff"
        return web.json_response({"handoff_id": "h1", "state": "open", "waiting": 1})

    async def _store_media(self, request: web.Request) -> web.Response:
        part = (await request.post())["file"]
        assert isinstance(part, web.FileField)
        content = part.file.read()
        if not content.startswith(b"\xff\xd8"):
            return web.json_response({"error": {"key": "media.unsupported"}}, status=415)
        media_id = f"media{next(self._media_numbers)}"
        self.media[media_id] = (content, "image/jpeg")
        return web.json_response({"media_id": media_id, "mime": "image/jpeg", "size": len(content)})

    async def _unsent(self, request: web.Request) -> web.Response:
        found = [id for id in sorted(self.unsent) if id > request.query["after"]][:2]
        return web.json_response({"media_ids": found, "next": found[-1] if found else None})

    async def _media(self, request: web.Request) -> web.Response:
        content, mime = self.media[request.match_info["id"]]
        return web.Response(body=content, content_type=mime)

    async def _remove_media(self, request: web.Request) -> web.Response:
        self.media.pop(request.match_info["id"], None)
        return web.json_response({"removed": True})

    async def _known(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.asked_for.append(name)
        if name not in self.known:
            return web.json_response({"error": {"key": "number.not_found"}}, status=404)
        return web.json_response({"number": name})

    async def _erasures(self, _: web.Request) -> web.Response:
        ordered = [{"id": id, "conversations": ids} for id, ids in self.erasures.items()]
        return web.json_response({"erasures": ordered})

    async def _erased(self, request: web.Request) -> web.Response:
        id = request.match_info["id"]
        self.erased[id] = (await request.json())["touched"]
        del self.erasures[id]
        return web.json_response({"id": id})

    async def _copies(self, _: web.Request) -> web.Response:
        waited_for = [{"id": id, "conversations": ids} for id, ids in self.copies.items()]
        return web.json_response({"copies": waited_for})

    async def _copied(self, request: web.Request) -> web.Response:
        id = request.match_info["id"]
        if id not in self.copies:
            return web.json_response({"error": {"key": "personal.no_copy"}}, status=404)
        self.handed_in.setdefault(id, []).append(await request.json())
        return web.json_response({"id": id})
