"""个人信息 HTTP of personal data for the other rooms: consent, and what a citizen asks for."""

from __future__ import annotations

from datetime import datetime

from backend.auth import SERVICE
from backend.clock import local
from backend.db import Transaction
from backend.people import service as people
from backend.people.identity import IdentityBody, OwnerBody
from backend.people.model import Identity
from backend.personal import (
    consent,
    desk_routes,
    door_routes,
    door_store,
    requests,
    store,
)
from backend.personal.request import RequestKind, RequestState
from backend.routing import Call, Capability, Routes
from backend.validation import Answer, Body, Identifier

routes = Routes("personal")


class Withdrawn(Answer):
    """撤回同意 Whether there was a consent to withdraw; nothing is used without one."""

    withdrawn: bool


class Standing(Answer):
    """单独同意、核验 What the office may use of whoever asks, and whether it knows who they are.

    `consent` is the version of the notice that they agreed to.
    """

    consent: str | None
    verified: bool


class Consent(Body):
    """单独同意 Who agrees, where, and to which version of the notice."""

    conversation_id: Identifier
    identity: IdentityBody
    version: Identifier


class Withdrawal(Body):
    """撤回同意 Who agrees no more, and where they said so."""

    conversation_id: Identifier
    identity: IdentityBody


@routes.post("/personal/standing", SERVICE)
async def standing(call: Call, body: OwnerBody) -> Standing:
    """单独同意、核验: tell to what somebody agreed and whether they proved who they are."""
    return await _standing(call, body.owner)


@routes.post("/personal/consents", SERVICE)
async def agree(call: Call, tx: Transaction, body: Consent) -> Standing:
    """单独同意: keep that a citizen agrees to the use of sensitive data."""
    identity = body.identity.identity
    await consent.agree(call.office, tx, body.conversation_id, identity, body.version)
    return await _standing(call, identity, tx)


@routes.post("/personal/consents/withdraw", SERVICE)
async def withdraw(call: Call, tx: Transaction, body: Withdrawal) -> Withdrawn:
    """撤回同意: keep that a citizen agrees no more."""
    identity = body.identity.identity
    had_agreed = await consent.withdraw(call.office, tx, body.conversation_id, identity)
    return Withdrawn(withdrawn=had_agreed)


async def _standing(call: Call, identity: Identity, tx: Transaction | None = None) -> Standing:
    link = await people.link_of(call.office, identity, tx)
    version = await consent.agreed(call.office, identity, tx)
    return Standing(consent=version, verified=link is not None)


class NewRequest(Body):
    """个人信息请求 What a citizen asks for."""

    conversation_id: Identifier
    identity: IdentityBody
    kind: RequestKind


class RequestView(Answer):
    """个人信息请求 What a citizen is told of it; `verified` once they proved who they are."""

    number: str
    kind: RequestKind
    state: RequestState
    verified: bool
    due_at: datetime


@routes.post("/personal/requests", SERVICE)
async def ask(call: Call, tx: Transaction, body: NewRequest) -> RequestView:
    """个人信息请求: file what a citizen asks for; asked again it is the same request."""
    request = await requests.ask(
        call.office, tx, body.conversation_id, body.identity.identity, body.kind
    )
    return RequestView(
        number=request.number,
        kind=request.kind,
        state=request.state,
        verified=request.verified,
        due_at=local(request.due_at),
    )


CAPABILITY = Capability(
    "personal",
    [*routes.endpoints, *door_routes.routes.endpoints, *desk_routes.routes.endpoints],
    {**store.INDEXES, **door_store.INDEXES},
)
