"""被动回复窗口: whether a reply goes back in the callback or by customer message, decided once.

`passive_windows` has one document a message. The worker fills it with the finished answer, the
callback takes it; whoever wins the compare-and-set decides, so that nothing is said twice:

    open → given               a callback of this process got the answer, and so does every retry
    open → filled → given      the same, where the callback waits in another process
    open, filled → shut        the callback did not wait any longer
    shut, expired → customer   the worker sends it as a customer message
    shut → open                the platform asks again before that
    given → customer           the platform asks for the last time: answers get lost on the way;
                               or nobody knows whether it was written, and no retry will tell
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo.errors import DuplicateKeyError

from bot.channels.wechat.articles import Article
from bot.channels.wechat.plan import Parcel
from bot.clock import Clock
from bot.db import Database, Document
from bot.privacy import Envelope

_KEEP = timedelta(days=2)
_WAITING = ["open", "filled"]
_RETRIES = timedelta(seconds=16)
"""How long after an answer that got lost the platform may still ask for it."""


@dataclass(frozen=True)
class Window:
    """What is decided so far about the answer to one message.

    Attributes:
        until: until when a callback waits for the answer.
        answer: what the callback says, once it is filled in.
        reply_ids: the replies that are in the answer.
        final: whether it is the answer, or only an apology that the answer may still replace.
        tries: how often the platform has asked.
        given_at: since when a callback has the answer.
        article: the answer as a card, where it is one.
    """

    id: str
    state: str
    until: datetime
    answer: str = ""
    reply_ids: tuple[str, ...] = ()
    final: bool = False
    tries: int = 1
    given_at: datetime | None = None
    article: Article | None = None


class Windows:
    """The collection `passive_windows`."""

    def __init__(self, database: Database, envelope: Envelope, clock: Clock) -> None:
        self._windows = database["passive_windows"]
        self._envelope = envelope
        self._clock = clock

    async def open(self, inbox_id: str, seconds: float) -> Window:
        """Begin to wait, or see what was decided when the platform asked before."""
        now = self._clock()
        until = now + timedelta(seconds=seconds)
        document = {
            "_id": inbox_id,
            "state": "open",
            "until": until,
            "tries": 1,
            "expire_at": now + _KEEP,
        }
        try:
            await self._windows.insert_one(document)
        except DuplicateKeyError:
            return await self._open_again(inbox_id, until)
        return self._window(document)

    async def _open_again(self, inbox_id: str, until: datetime) -> Window:
        """Wait with a retry of the platform unless the matter is decided."""
        await self._windows.update_one({"_id": inbox_id}, {"$inc": {"tries": 1}})
        window = await self.read(inbox_id)
        if window is None:
            return Window(inbox_id, "customer", until)
        if window.state == "shut":
            await self._change(inbox_id, ["shut"], {"state": "open", "until": until})
        elif window.state in _WAITING:
            await self._change(inbox_id, _WAITING, {"until": until})
        else:
            return window
        return await self.read(inbox_id) or Window(inbox_id, "customer", until)

    async def read(self, inbox_id: str) -> Window | None:
        """Return the window of a message, None for a message that never had one."""
        row = await self._windows.find_one({"_id": inbox_id})
        return self._window(row) if row else None

    async def fill(self, inbox_id: str, parcel: Parcel, *, final: bool) -> bool:
        """Put the answer where the callback finds it; say whether a callback still waits."""
        return await self._write("filled", inbox_id, parcel, final=final)

    async def give(self, inbox_id: str, parcel: Parcel) -> Window | None:
        """Give the answer to a callback that waits in this process; None when that is too late."""
        if not await self._write("given", inbox_id, parcel, final=True):
            return None
        return Window(
            inbox_id, "given", self._clock(), parcel.text, parcel.reply_ids,
            final=True, article=parcel.article,
        )  # fmt: skip

    async def _write(self, state: str, inbox_id: str, parcel: Parcel, *, final: bool) -> bool:
        """Write the answer down while a callback still waits; say whether one does."""
        sealed: dict[str, Any] = {"text": parcel.text}
        if parcel.article:
            sealed["article"] = parcel.article.fields()
        changed = await self._windows.update_one(
            {"_id": inbox_id, "state": {"$in": _WAITING}, "until": {"$gt": self._clock()}},
            {
                "$set": {
                    "state": state,
                    "answer": self._envelope.seal(sealed),
                    "reply_ids": list(parcel.reply_ids),
                    "final": final,
                    "given_at": self._clock() if state == "given" else None,
                }
            },
        )
        return changed.matched_count == 1

    async def take(self, inbox_id: str) -> Window | None:
        """Take the answer for giving it, or see what was decided; a retry gets the same answer."""
        await self._change(inbox_id, ["filled"], {"state": "given", "given_at": self._clock()})
        return await self.read(inbox_id)

    async def give_back(self, inbox_id: str, seconds: float) -> None:
        """Undo a giving that never reached the platform; its retry has `seconds` to come."""
        until = self._clock() + timedelta(seconds=seconds)
        await self._change(inbox_id, ["given"], {"state": "filled", "until": until})

    async def renounce(self, window: Window) -> bool:
        """Stop giving an answer that gets lost on the way again and again; say if it was ours."""
        return await self._change(window.id, ["given"], {"state": "customer"})

    async def shut(self, window: Window) -> bool:
        """Stop waiting, unless a retry waits on; say whether there is nothing to give."""
        result = await self._windows.update_one(
            {"_id": window.id, "state": "open", "until": window.until}, {"$set": {"state": "shut"}}
        )
        return result.matched_count == 1

    async def leave_to_customer_message(
        self, inbox_id: str, *, unsaid: bool = False
    ) -> Window | None:
        """Decide for a customer message if no callback waits; return how it stands now.

        Only asked about a reply of which nobody has recorded that it was said.

        Args:
            inbox_id: the message.
            unsaid: whether its callback is known to have left without the answer.
        """
        customer = {"state": "customer"}
        if not await self._change(inbox_id, ["shut"], customer):
            await self._windows.update_one(
                {"_id": inbox_id, "state": {"$in": _WAITING}, "until": {"$lte": self._clock()}},
                {"$set": customer},
            )
        window = await self.read(inbox_id)
        if window and window.given_at and (unsaid or window.given_at + _RETRIES <= self._clock()):
            # Whoever was to write it died, and nobody was there when the platform asked again.
            await self.renounce(window)
            return await self.read(inbox_id)
        return window

    async def _change(self, inbox_id: str, states: list[str], change: Document) -> bool:
        """Change the window if it is in one of the states.

        No findAndModify here: the embedded server looks through the whole collection for it.
        """
        result = await self._windows.update_one(
            {"_id": inbox_id, "state": {"$in": states}}, {"$set": change}
        )
        return result.matched_count == 1

    def _window(self, row: Document) -> Window:
        """Open a stored window."""
        answer: Document = {"text": ""}
        if "answer" in row:
            answer = self._envelope.unseal(row["answer"])
        return Window(
            row["_id"],
            row["state"],
            row["until"],
            answer["text"],
            tuple(row.get("reply_ids", ())),
            row.get("final", False),
            row.get("tries", 1),
            row.get("given_at"),
            Article(**answer["article"]) if "article" in answer else None,
        )
