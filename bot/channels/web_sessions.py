"""Who a browser is: tokens, each of which opens one conversation until it is not used any more."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from pymongo.errors import DuplicateKeyError

from bot.background import Background
from bot.channels.web_openings import Opening, Openings, new_opening
from bot.clock import Clock
from bot.db import Database
from bot.errors import NotAuthorisedError
from bot.hashing import Hashing
from bot.wakeups import Wakeups

_KNOWN_SESSIONS = 20_000
_KNOWN_SECONDS = timedelta(seconds=5)
"""A session that was moved in another process is found where it was for this long."""
OPENING_LIFE = timedelta(days=1)
"""How long a token without a message is good."""
_TICKET_LIFE = timedelta(minutes=2)
_USE_NOTED_EVERY = timedelta(hours=1)
_ENDED = "ended"


def ended_topic(hashed: str) -> str:
    """Return the wake-up topic of a session's end."""
    return f"{_ENDED}:{hashed}"


@dataclass(frozen=True)
class Session:
    """What a token opens.

    Attributes:
        hashed: what is stored of the token.
        opening: where no message came yet, and so nothing is stored.
    """

    conversation_id: str
    hashed: str
    opening: Opening | None = None


class WebSessions:
    """`web_sessions` (hashes of tokens) and `web_tickets` (hashes of what becomes one, once).

    `at` is when a token was last used, by the hour; `forget_at` is when the store drops it. A
    document without `forget_at` is of an earlier version and counts as used when it is met.

    Args:
        token_keys: hex keys that sign openings, the first one new ones.
        hashing: hashes tokens.
        idle: time without use after which a token opens nothing.
    """

    def __init__(
        self,
        database: Database,
        token_keys: Sequence[str],
        hashing: Hashing,
        idle: timedelta,
        clock: Clock,
    ) -> None:
        self._sessions = database["web_sessions"]
        self._tickets = database["web_tickets"]
        self._hashing = hashing
        self._idle = idle
        self._clock = clock
        self._opening_life = min(OPENING_LIFE, idle)
        self._openings = Openings(token_keys, self._opening_life)
        self._known: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    async def prepare(self) -> None:
        """Let the idle time of an earlier version's sessions begin."""
        await self._sessions.update_many({"forget_at": None}, {"$set": self._used()})

    def open(self, delay: timedelta, *, elder: bool) -> tuple[str, str]:
        """Open a conversation, which writes nothing; return its id and token.

        Args:
            delay: before its first message is taken.
            elder: the view its citizen wants.
        """
        opening = new_opening(self._clock(), delay, elder=elder)
        return opening.conversation_id, self._openings.sign(opening)

    def opening_of(self, token: str) -> Opening | None:
        """Return the opening that a token says, whatever has become of it; None for any other."""
        return self._openings.read(token, self._clock())

    async def create(self, conversation_id: str) -> str:
        """Open one more view of a conversation; return its token, which is never stored."""
        token = secrets.token_urlsafe(32)
        await self._sessions.insert_one(
            {"_id": self.hashed(token), "conversation_id": conversation_id, **self._used()}
        )
        return token

    async def keep(self, session: Session) -> None:
        """Store a session whose first message or file was taken; doing it again changes nothing."""
        if session.opening is None:
            return
        known = {"conversation_id": session.conversation_id, **self._used()}
        try:
            await self._sessions.update_one(
                {"_id": session.hashed}, {"$setOnInsert": known}, upsert=True
            )
        except DuplicateKeyError:
            # Two first messages at once: the other one stored it.
            return

    async def session_of(self, token: str, *, used: bool = True) -> Session:
        """Return what a token opens.

        Args:
            token: as the caller shows it.
            used: whether its citizen does something, and not only a page that was left open.

        Raises:
            NotAuthorisedError: the token is empty, unknown, ended or was not used for too long.
        """
        if not token:
            raise NotAuthorisedError("session.missing")
        hashed, now = self.hashed(token), self._clock()
        known = self._known.get(hashed)
        if known and known[1] > now:
            return Session(known[0], hashed)
        row = await self._sessions.find_one({"_id": hashed})
        if row is None:
            opening = self.opening_of(token)
            if opening is None:
                raise NotAuthorisedError("session.unknown")
            return Session(opening.conversation_id, hashed, opening)
        dated = row.get("forget_at") is not None
        if row.get("ended") or (dated and row["at"] + self._idle <= now):
            raise NotAuthorisedError("session.unknown")
        noted_until = row["at"] + min(_USE_NOTED_EVERY, self._idle / 10)
        if used and (not dated or noted_until <= now):
            await self._sessions.update_one({"_id": hashed}, {"$set": self._used()})
        self._remember(hashed, str(row["conversation_id"]))
        return Session(str(row["conversation_id"]), hashed)

    async def end(self, token: str) -> str:
        """End a session for good; return the hash of its token. Ending it again changes nothing.

        What is left says only that the token is used up, as long as its signature would be good.

        Raises:
            NotAuthorisedError: there never was such a session.
        """
        hashed = self.hashed(token)
        row = await self._sessions.find_one({"_id": hashed}) if token else None
        if not (row and row.get("ended")):
            session = await self.session_of(token)
            await self._sessions.replace_one(
                {"_id": session.hashed},
                {"ended": True, "forget_at": self._clock() + self._opening_life},
                upsert=True,
            )
        self.forget(hashed)
        return hashed

    async def issue_ticket(self, conversation_id: str) -> str:
        """Return a ticket that becomes a session once, within two minutes."""
        ticket = secrets.token_urlsafe(32)
        until = self._clock() + _TICKET_LIFE
        await self._tickets.insert_one(
            {"_id": self.hashed(ticket), "conversation_id": conversation_id, "until": until}
        )
        return ticket

    async def redeem(self, ticket: str) -> tuple[str, str]:
        """Exchange a ticket for a session; return the conversation's id and the token.

        Raises:
            NotAuthorisedError: the ticket is unknown, old, or was redeemed.
        """
        mine = {"_id": self.hashed(ticket)}
        row = await self._tickets.find_one(mine)
        if row is None or row["until"] <= self._clock():
            raise NotAuthorisedError("session.unknown")
        if not (await self._tickets.delete_one(mine)).deleted_count:
            raise NotAuthorisedError("session.unknown")
        return row["conversation_id"], await self.create(row["conversation_id"])

    async def move(self, old: str, new: str) -> None:
        """Let whoever looked at one conversation look at another: both belong to one person."""
        self._known.clear()
        for collection in (self._sessions, self._tickets):
            await collection.update_many(
                {"conversation_id": old}, {"$set": {"conversation_id": new}}
            )

    def hashed(self, token: str) -> str:
        """Return what is stored of a token."""
        return self._hashing.of(token)

    def forget(self, hashed: str) -> None:
        """Look a session up in the store when it is used next."""
        self._known.pop(hashed, None)

    def _remember(self, hashed: str, conversation_id: str) -> None:
        """Spare the store a look-up for some seconds."""
        self._known[hashed] = (conversation_id, self._clock() + _KNOWN_SECONDS)
        self._known.move_to_end(hashed)
        if len(self._known) > _KNOWN_SESSIONS:
            self._known.popitem(last=False)

    def _used(self) -> dict[str, datetime]:
        """Return what says that a session is used now."""
        now = self._clock()
        return {"at": now, "forget_at": now + self._idle}


class EndedElsewhere(Background):
    """Hears of sessions that ended in another process, so that this one forgets them too."""

    work_name: ClassVar[str] = "ended-sessions"

    def __init__(self, sessions: WebSessions, wakeups: Wakeups) -> None:
        self._sessions = sessions
        self._wakeups = wakeups

    async def _run(self) -> None:
        with self._wakeups.listen(f"{_ENDED}:*") as bell:
            while True:
                for topic in await bell.wait(_KNOWN_SECONDS.total_seconds()):
                    self._sessions.forget(topic.partition(":")[2])
