"""副本 The share of a copy that lies at the door and in the dialogue, out of the office's reach.

The office asks, as it does for erasures, and the running door answers within seconds. What it sends
lies sealed in the store until it is read, and no longer than somebody waits for it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta

from backend.clock import let_go_after
from backend.db import Transaction
from backend.document import Document
from backend.errors import NotFoundError, UnavailableError
from backend.numbers import new_id
from backend.office import Inside, Office
from backend.personal import door_store as store
from backend.personal.door_store import Piece
from backend.personal.part import Part
from backend.personal.subject import Subject

PATIENCE_SECONDS = 20.0
LOOK_AGAIN_SECONDS = 1.0
# For an office that died while it waited; else the share goes as soon as it was read.
LIFE = timedelta(minutes=10)
_WAKEUP = "personal_copies"


async def share(office: Office, conversations: Sequence[str]) -> Document:
    """Return what the door and the dialogue have of some conversations, by room.

    Raises:
        UnavailableError: one of them does not answer, so that a copy would not be whole.
    """
    copy_id = new_id()
    try:
        with office.wakeups.bell(_WAKEUP) as bell:
            until = office.clock.now() + LIFE
            await store.order(
                office.database,
                office.privacy,
                copy_id,
                conversations,
                until,
                let_go_after(LIFE),
            )
            loop = asyncio.get_running_loop()
            deadline = loop.time() + PATIENCE_SECONDS
            while not office.wakeups.closing and (left := deadline - loop.time()) > 0:
                came = _whole(await store.pieces(office.database, office.privacy, copy_id))
                if came is not None:
                    return came
                await bell.wait(min(left, LOOK_AGAIN_SECONDS))
        raise UnavailableError("personal.door_away")
    finally:
        await store.drop(office.database, [copy_id])


async def waited_for(office: Office) -> list[tuple[str, tuple[str, ...]]]:
    """Return the id and the conversations of each share that somebody waits for."""
    return await store.ordered(office.database, office.privacy, office.clock.now())


async def take(office: Inside, tx: Transaction, copy_id: str, piece: Piece) -> None:
    """Take one piece of a share in; the same piece again changes nothing.

    Raises:
        NotFoundError: nobody waits for it any more.
    """
    let_go_at = await store.end_of(office.database, tx, copy_id)
    if let_go_at is None:
        raise NotFoundError("personal.no_copy")
    await store.keep(office.database, office.privacy, tx, copy_id, piece, let_go_at)
    tx.wakeups.add(_WAKEUP)


async def personal(_office: Office, _subject: Subject) -> list[Document]:
    """Give no copy: what waits here is a copy itself."""
    return []


async def erase(office: Office, subject: Subject) -> int:
    """Forget the shares that hold anything of theirs."""
    theirs = {*subject.conversations}
    found = await store.ordered(office.database, office.privacy, office.clock.now() - LIFE)
    ids = [copy_id for copy_id, conversations in found if theirs & {*conversations}]
    return await store.drop(office.database, ids)


def _whole(pieces: Sequence[Piece]) -> Document | None:
    """Return what one delivery says once all of its pieces are there."""
    deliveries: dict[str, list[Piece]] = {}
    for piece in pieces:
        deliveries.setdefault(piece.delivery, []).append(piece)
    for parts in deliveries.values():
        if len(parts) == parts[0].of:
            said: Document = json.loads("".join(part.text for part in parts))
            return said
    return None


PART = Part("copies", tuple(store.INDEXES), personal, erase)
