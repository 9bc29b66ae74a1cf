"""个人信息 HTTP of personal data: what the door has to erase."""

from __future__ import annotations

from pydantic import Field

from backend.auth import SERVICE
from backend.db import Transaction
from backend.personal import service, store
from backend.routing import Call, Capability, Routes
from backend.validation import Answer, Body

routes = Routes("personal")


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


@routes.get("/personal/erasures/door", SERVICE)
async def at_the_door(call: Call) -> DoorErasures:
    """删除: tell the door which talks it has to erase its share of."""
    found = await service.at_the_door(call.office)
    return DoorErasures(
        erasures=[
            DoorErasure(id=erasure.id, conversations=list(erasure.subject.conversations))
            for erasure in found
        ]
    )


@routes.post("/personal/erasures/{erasure_id}/door", SERVICE)
async def door_finished(call: Call, tx: Transaction, body: Touched) -> ErasureView:
    """删除: note that the door has erased its share."""
    erasure = await service.door_finished(call.office, tx, call.path("erasure_id"), body.touched)
    return ErasureView(
        id=erasure.id,
        done=dict(erasure.done),
        kept=list(erasure.kept),
        ended=erasure.ended_at is not None,
    )


CAPABILITY = Capability("personal", routes.endpoints, store.INDEXES)
