"""送达: which replies go back in the callback, which by customer message, and what becomes of each.

The caller holds the conversation's lease, so one process at a time plans for a citizen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Any

import structlog

from bot.channels.wechat.articles import Article, article_of
from bot.channels.wechat.errcodes import Course, PlatformError, delay_after
from bot.channels.wechat.guests import Guests
from bot.channels.wechat.offers import Offers
from bot.channels.wechat.pictures import Pictures
from bot.channels.wechat.plan import Parcel, Piece, merge, plan
from bot.channels.wechat.quota import Counting
from bot.channels.wechat.render import PressLine, Rendered, Words, link, render
from bot.channels.wechat.windows import Window, Windows
from bot.clock import Clock
from bot.inbox.model import Address
from bot.outbox.model import Outcome, Outgoing

logger = structlog.get_logger(__name__)

_RETRY_SECONDS = 3.0
_RETRY_AFTER = timedelta(seconds=_RETRY_SECONDS)
"""How long a platform whose callback broke off has to ask again."""

SendArticle = Callable[[Address, Article], Awaitable[None]]
"""Sends one card."""
SendText = Callable[[Address, str, str], Awaitable[None]]
"""Sends one customer message: to whom, the text, and a key that is the same at every try."""
Subscribed = Callable[[Address, Outgoing], Awaitable[bool]]
"""Sends a notice on a consent; False when there is none."""


class Delivery:
    """Brings the replies of one channel to its citizens.

    Args:
        name: the channel's name, with which the ids of its messages begin.
        guests: the callbacks that wait in this process.
        at_page: whether somebody has only the page, which reads the log.
        origin: public origin; `page` below it opens the whole conversation.
    """

    def __init__(
        self,
        *,
        name: str,
        windows: Windows,
        guests: Guests,
        quota: Counting,
        offers: Offers,
        words: Words,
        origin: str,
        page: str,
        press: PressLine,
        send: SendText,
        subscribed: Subscribed,
        clock: Clock,
        at_page: Callable[[Address], bool] = lambda _: False,
        send_article: SendArticle | None = None,
        pictures: Pictures | None = None,
    ) -> None:
        self._prefix = f"{name}:"
        self._windows = windows
        self._guests = guests
        self._quota = quota
        self._offers = offers
        self._words = words
        self._origin = origin
        self._more = link(origin + page, words["more"])
        self._last = link(origin + page, words["last"])
        self._press = press
        self._send = send
        self._subscribed = subscribed
        self._clock = clock
        self._at_page = at_page
        self._send_article = send_article
        self._pictures = pictures

    async def deliver(self, address: Address, replies: Sequence[Outgoing]) -> list[Outcome]:
        """Deliver what can be delivered now; every reply gets an outcome."""
        outcomes: list[Outcome] = []
        older: list[Outgoing] = []
        for inbox_id, group in groupby(replies, key=lambda reply: reply.inbox_id):
            rows = list(group)
            if inbox_id is None:
                older += rows
            elif not self._was_ours(rows[0]):
                # Asked at the page, which reads the log: nothing to send here.
                outcomes += [Outcome(row.id, "sent") for row in rows]
            else:
                decided = await self._in_callback(address, inbox_id, [*older, *rows])
                decided = decided or await self._decided_otherwise(inbox_id, rows)
                done = {one.reply_id for one in decided}
                outcomes += decided
                older = [row for row in [*older, *rows] if row.id not in done]
        outcomes += await self._by_customer_message(address, older)
        if self._pictures and not self._at_page(address):
            said = {one.reply_id for one in outcomes if one.state == "sent"}
            mine = [one for one in replies if one.id in said and self._was_ours(one)]
            self._pictures.follow(address, mine)
        return outcomes

    def _was_ours(self, reply: Outgoing) -> bool:
        """Say whether a reply was not asked for at the page."""
        return reply.inbox_id is None or reply.inbox_id.startswith(self._prefix)

    async def _in_callback(
        self, address: Address, inbox_id: str, rows: Sequence[Outgoing]
    ) -> list[Outcome]:
        """Let the waiting callback say what fits into one message; nothing when none waits."""
        window = self._guests.window(inbox_id) or await self._windows.read(inbox_id)
        if window is None or window.state not in {"open", "filled"}:
            return []
        first = self._dressed(merge([self._piece(row) for row in rows], self._more)[0], rows)
        if all(row.apology for row in rows if row.id in first.reply_ids):
            return await self._fill(address, window, first, rows, final=False)
        if self._guests.expect(inbox_id):
            return await self._hand(address, window, first, rows)
        return await self._fill(address, window, first, rows, final=True)

    async def _hand(
        self, address: Address, window: Window, first: Parcel, rows: Sequence[Outgoing]
    ) -> list[Outcome]:
        """Hand the answer to a callback of this process; what it cannot carry goes otherwise."""
        await self._remember(address, first, rows)
        mine = await self._windows.give(window.id, first)
        # Given already, if the store took it before and could not say so any more.
        given = mine or await self._windows.read(window.id)
        if given and given.state == "given" and await self._guests.hand(given):
            return [Outcome(row.id, "sent") for row in rows if row.id in given.reply_ids]
        if mine is None:
            return []
        await self._windows.give_back(window.id, _RETRY_SECONDS)
        return [Outcome(row.id, "held", at=self._clock() + _RETRY_AFTER) for row in rows]

    async def _fill(
        self,
        address: Address,
        window: Window,
        first: Parcel,
        rows: Sequence[Outgoing],
        *,
        final: bool,
    ) -> list[Outcome]:
        """Leave the answer where a callback of another process finds it."""
        if not await self._windows.fill(window.id, first, final=final):
            return []
        await self._remember(address, first, rows)
        return [Outcome(row.id, "held", at=window.until) for row in rows]

    async def _decided_otherwise(self, inbox_id: str, rows: Sequence[Outgoing]) -> list[Outcome]:
        """Return the outcomes of replies that the callback gave, or may still give."""
        unsaid = self._guests.unsaid(inbox_id)
        window = await self._windows.leave_to_customer_message(inbox_id, unsaid=unsaid)
        if window is None or window.state == "customer":
            return []
        if window.state == "given":
            return [Outcome(row.id, "sent") for row in rows if row.id in window.reply_ids]
        return [Outcome(row.id, "held", at=window.until) for row in rows]

    async def _by_customer_message(
        self, address: Address, rows: Sequence[Outgoing]
    ) -> list[Outcome]:
        """Send what no callback takes any more."""
        outcomes: list[Outcome] = []
        mine: list[Outgoing] = []
        for row in rows:
            if row.body.get("kind") == "notice" and await self._subscribed(address, row):
                outcomes.append(Outcome(row.id, "sent"))
            elif self._at_page(address):
                # Whoever has only the page reads it there, in the log.
                outcomes.append(Outcome(row.id, "sent"))
            else:
                mine.append(row)
        return outcomes + await self._send_planned(address, mine) if mine else outcomes

    async def _send_planned(self, address: Address, rows: Sequence[Outgoing]) -> list[Outcome]:
        """Send as few messages as possible; the first refusal stops the others."""
        left = await self._quota.left(address.conversation_id)
        last = self._last if await self._quota.asked(address.conversation_id) else ""
        parcels = plan([self._piece(row) for row in rows], left, self._more, last)
        done: dict[str, Outcome] = {}
        for parcel in parcels:
            error = await self._send_parcel(address, parcel, rows)
            mine = [row for row in rows if row.id in parcel.reply_ids]
            done |= {row.id: self._outcome(row, error) for row in mine}
            if error:
                break
        return [done.get(row.id) or self._parked(row) for row in rows]

    async def _send_parcel(
        self, address: Address, parcel: Parcel, rows: Sequence[Outgoing]
    ) -> PlatformError | None:
        """Send one message within the quota; return why it was not taken."""
        cid = address.conversation_id
        right = await self._quota.spend(cid)
        if right is None:
            return PlatformError(45047, "quota.spent")
        try:
            # The key covers everything in the message: the same one again must not hide a reply
            # that joined it meanwhile.
            await self._say(address, self._dressed(parcel, rows))
        except PlatformError as error:
            logger.warning("platform.refused", conversation=cid, reason=error.reason)
            if error.course is Course.MERGE:
                await self._quota.exhaust(cid)
            elif error.certainly_not_sent:
                await self._quota.give_back(cid, right)
            return error
        await self._remember(address, parcel, rows)
        return None

    def _dressed(self, parcel: Parcel, rows: Sequence[Outgoing]) -> Parcel:
        """Return a message as a card, where it is a single reply that makes one."""
        mine = [row for row in rows if row.id in parcel.reply_ids]
        if self._send_article is None or len(mine) != 1:
            return parcel
        whole = self._render(mine[0].body).text == parcel.text
        article = article_of(mine[0].body, self._origin) if whole else None
        return replace(parcel, article=article)

    async def _say(self, address: Address, parcel: Parcel) -> None:
        """Send a message as a card, or as text where it is none or the platform takes none.

        Raises:
            PlatformError: it was not taken.
        """
        if parcel.article and self._send_article:
            try:
                await self._send_article(address, parcel.article)
            except PlatformError as error:
                if error.course is not Course.GIVE_UP:
                    raise
                logger.info("card.refused", reason=error.reason)
            else:
                return
        await self._send(address, parcel.text, " ".join(parcel.reply_ids))

    def _outcome(self, row: Outgoing, error: PlatformError | None) -> Outcome:
        """Return what a sending or a refusal means for one reply."""
        now = self._clock()
        if error is None:
            return Outcome(row.id, "sent")
        if error.course is Course.GIVE_UP:
            return Outcome(row.id, "failed", error.reason)
        if error.course is Course.MERGE:
            return Outcome(row.id, "parked", error.reason)
        return Outcome(row.id, "again", error.reason, now + delay_after(row.attempts, error.code))

    def _parked(self, row: Outgoing) -> Outcome:
        """Return the outcome of a reply that the quota has no room for."""
        if row.apology:
            return Outcome(row.id, "failed", "quota.kept_for_answers")
        return Outcome(row.id, "parked", "quota.waiting_for_citizen")

    async def _remember(self, address: Address, parcel: Parcel, rows: Sequence[Outgoing]) -> None:
        """Keep what the message offers to press."""
        mine = [row for row in rows if row.id in parcel.reply_ids]
        offers = [one for row in mine for one in self._render(row.body).offers]
        if offers:
            await self._offers.remember(address.conversation_id, offers)

    def _piece(self, row: Outgoing) -> Piece:
        """Return a reply ready for the plan."""
        notice = row.body.get("kind") == "notice" and row.inbox_id is None
        return Piece(row.id, self._render(row.body), row.apology, notice)

    def _render(self, body: dict[str, Any]) -> Rendered:
        """Write a reply in the platform's way."""
        return render(body, self._words, self._origin, self._press)
