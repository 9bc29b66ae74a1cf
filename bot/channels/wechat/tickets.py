"""带参数二维码: codes whose scan opens a case, a ticket or a service item in the account's chat."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

import segno
from aiohttp import web

from bot.channels.wechat.client import Client
from bot.channels.wechat.errcodes import PlatformError
from bot.channels.wechat.parse import scene_payload
from bot.clock import Clock
from bot.db import Database
from bot.errors import NotFoundError, PlatformAwayError, TooManyError
from bot.office import Office
from bot.visitors import Visitors
from bot.wakeups import Wakeups

_PATH = "/channels/wechat/qr"
_LIFE = timedelta(days=30)
"""The longest a temporary code may live."""
_RENEWED_BEFORE = timedelta(days=3)
_AN_HOUR = 3600
_MOST_AN_HOUR = 2000
"""New codes an hour; the platform gives 100,000 a day."""
_SHOWN_BY_PLATFORM = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="


@dataclass(frozen=True)
class Ticket:
    """A code the platform gave: what it says, and until when it is good."""

    scene: str
    ticket: str
    url: str
    until: datetime


class Tickets:
    """The collection `wechat_qr_tickets`: one document a scene."""

    def __init__(self, database: Database, client: Client, clock: Clock) -> None:
        self._tickets = database["wechat_qr_tickets"]
        self._client = client
        self._clock = clock

    async def known(self, scene: str) -> Ticket | None:
        """Return a code that is good for some days yet."""
        row = await self._tickets.find_one({"_id": scene})
        if row is None or row["until"] <= self._clock() + _RENEWED_BEFORE:
            return None
        return Ticket(scene, row["ticket"], row["url"], row["until"])

    async def create(self, scene: str) -> Ticket:
        """Ask the platform for a code.

        Raises:
            PlatformError: it gives none.
        """
        answer = await self._client.call(
            "POST",
            "/cgi-bin/qrcode/create",
            body={
                "expire_seconds": int(_LIFE.total_seconds()),
                "action_name": "QR_STR_SCENE",
                "action_info": {"scene": {"scene_str": scene}},
            },
        )
        ticket, url = answer.get("ticket"), answer.get("url")
        seconds = answer.get("expire_seconds")
        if not (isinstance(ticket, str) and isinstance(url, str) and isinstance(seconds, int)):
            raise PlatformError(0, "qrcode.malformed")
        until = (self._clock() + timedelta(seconds=seconds)).replace(microsecond=0)
        made = Ticket(scene, ticket, url, until)
        await self._tickets.replace_one(
            {"_id": scene},
            {"_id": scene, "ticket": ticket, "url": url, "until": made.until},
            upsert=True,
        )
        return made


class TicketPages:
    """What a receipt's page or the desk asks for: the code as data, or drawn.

    It is public, because the code says no more than the number printed beside it: whoever scans
    it is asked who they are before a case is shown. A made-up number costs the platform nothing.

    Args:
        codes_per_hour: scenes without a code that one address may ask for in an hour.
    """

    def __init__(
        self,
        tickets: Tickets,
        office: Office,
        wakeups: Wakeups,
        visitors: Visitors,
        codes_per_hour: int,
    ) -> None:
        self._tickets = tickets
        self._office = office
        self._wakeups = wakeups
        self._visitors = visitors
        self._codes_per_hour = codes_per_hour

    def routes(self) -> list[web.RouteDef]:
        """Return the paths."""
        return [
            web.get(f"{_PATH}/{{scene}}.svg", self.drawn),
            web.get(f"{_PATH}/{{scene}}", self.told),
        ]

    async def told(self, request: web.Request) -> web.Response:
        """Return what the code says, and where the platform shows it."""
        ticket = await self._ticket(request)
        return web.json_response(
            {
                "scene": ticket.scene,
                "url": ticket.url,
                "image_url": _SHOWN_BY_PLATFORM + ticket.ticket,
                "expires_at": ticket.until.isoformat(),
            },
            headers={"Cache-Control": "private, no-store"},
        )

    async def drawn(self, request: web.Request) -> web.Response:
        """Draw the code, so that no page needs the platform's server for it."""
        ticket = await self._ticket(request)
        out = io.BytesIO()
        segno.make(ticket.url, error="m").save(out, kind="svg", scale=8, border=4, xmldecl=False)
        return web.Response(
            body=out.getvalue(),
            content_type="image/svg+xml",
            headers={"Cache-Control": "private, no-store"},
        )

    async def _ticket(self, request: web.Request) -> Ticket:
        """Return the code of a scene that means something.

        Raises:
            NotFoundError: the office knows nothing of the kind.
            TooManyError: this address, or everybody together, asked for too many new ones.
        """
        scene = request.match_info["scene"]
        scene = scene if scene.startswith("item:") else scene.upper()
        if scene_payload(scene) is None:
            raise NotFoundError("path.not_found")
        if known := await self._tickets.known(scene):
            return known
        await self._visitors.check(request, "wechat:qr", self._codes_per_hour, _AN_HOUR)
        if not await self._exists(scene):
            raise NotFoundError("path.not_found")
        if not await self._wakeups.allow("wechat:qr", _MOST_AN_HOUR, _AN_HOUR):
            raise TooManyError("message.too_many")
        try:
            return await self._tickets.create(scene)
        except PlatformError as error:
            raise PlatformAwayError(reason=error.reason) from error

    async def _exists(self, scene: str) -> bool:
        """Say whether the office has what a scene names: an item, a case or a report."""
        code = scene.removeprefix("item:")
        if code != scene:
            return await self._office.knows_item(code)
        return await self._office.knows_number(scene)
