"""身份 HTTP of people."""

from __future__ import annotations

from datetime import datetime

from backend.auth import SERVICE
from backend.db import Transaction
from backend.people import service, store
from backend.people.model import Identity
from backend.routing import Call, Capability, Routes
from backend.validation import Answer, Body, Identifier, ShortText

routes = Routes("people")


class Claim(Body):
    """核验 An ID number and the phone that belongs to it."""

    channel: Identifier
    identity: Identifier
    id_number: ShortText
    phone: ShortText


class VerificationView(Answer):
    """核验结果 The same answer for a wrong phone and for somebody unknown."""

    verified: bool
    locked_until: datetime | None = None


@routes.post("/people/verify", SERVICE)
async def verify(call: Call, tx: Transaction, body: Claim) -> VerificationView:
    """核验身份: link a channel identity to the person it proves to be."""
    identity = Identity(body.channel, body.identity)
    result = await service.verify(call.office, tx, identity, body.id_number, body.phone)
    return VerificationView(verified=result.verified, locked_until=result.locked_until)


CAPABILITY = Capability("people", routes.endpoints, store.INDEXES)
