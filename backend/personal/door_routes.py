"""个人信息 HTTP for the door, which has a share of what is copied out or erased."""

from __future__ import annotations

from pydantic import Field

from backend.auth import SERVICE
from backend.db import Transaction
from backend.personal import door, service
from backend.personal.door_store import Piece
from backend.routing import Call, Routes
from backend.validation import Answer, Body, Identifier

routes = Routes("personal")
MOST_PIECES = 10_000
MOST_CHARACTERS = 100_000


class DoorErasure(Answer):
    """删除 Whose share the door has to erase: the talks and the identities at its channels."""

    id: str
    conversations: list[str]


class DoorErasures(Answer):
    """删除 What the door has still to erase."""

    erasures: list[DoorErasure]


class Touched(Body):
    """How many documents the door and the dialogue erased."""

    touched: int = Field(ge=0)


class ErasureView(Answer):
    """删除回执 How far an erasure is; nothing in it says whose data it was."""

    id: str
    done: dict[str, int]
    kept: list[str]
    ended: bool


class DoorCopy(Answer):
    """副本 Of which talks somebody waits for the door's share."""

    id: str
    conversations: list[str]


class DoorCopies(Answer):
    """副本 What the door has to copy out."""

    copies: list[DoorCopy]


class SharePiece(Body):
    """副本 Piece `place` of the `of` pieces of a JSON text; a new try is another `delivery`."""

    delivery: Identifier
    place: int = Field(ge=0, lt=MOST_PIECES)
    of: int = Field(ge=1, le=MOST_PIECES)
    text: str = Field(max_length=MOST_CHARACTERS)


class Taken(Answer):
    """副本 The piece is kept until the copy is made."""

    id: str


@routes.get("/personal/erasures/door", SERVICE)
async def to_erase(call: Call) -> DoorErasures:
    """删除: tell the door which talks it has to erase its share of."""
    found = await service.at_the_door(call.office)
    return DoorErasures(
        erasures=[
            DoorErasure(id=erasure.id, conversations=list(erasure.subject.conversations))
            for erasure in found
        ]
    )


@routes.post("/personal/erasures/{erasure_id}/door", SERVICE)
async def erased(call: Call, tx: Transaction, body: Touched) -> ErasureView:
    """删除: note that the door has erased its share."""
    erasure = await service.door_finished(call.office, tx, call.path("erasure_id"), body.touched)
    return ErasureView(
        id=erasure.id,
        done=dict(erasure.done),
        kept=list(erasure.kept),
        ended=erasure.ended_at is not None,
    )


@routes.get("/personal/copies/door", SERVICE)
async def to_copy(call: Call) -> DoorCopies:
    """副本: tell the door of which talks a copy waits for its share."""
    found = await door.waited_for(call.office)
    return DoorCopies(copies=[DoorCopy(id=id, conversations=list(talks)) for id, talks in found])


@routes.post("/personal/copies/{copy_id}/door", SERVICE)
async def copied(call: Call, tx: Transaction, body: SharePiece) -> Taken:
    """副本: take one piece of the door's share in."""
    copy_id = call.path("copy_id")
    piece = Piece(body.delivery, body.place, body.of, body.text)
    await door.take(call.office, tx, copy_id, piece)
    return Taken(id=copy_id)
