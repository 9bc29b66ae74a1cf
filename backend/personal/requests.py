"""个人信息请求 Use cases of requests: file one, list them, carry one out, refuse one."""

from __future__ import annotations

from datetime import datetime

from backend import events
from backend.conversations import service as conversations
from backend.db import Transaction
from backend.document import Document
from backend.errors import ConflictError, NotFoundError
from backend.events import Event, Who, emit
from backend.numbers import PERSONAL, next_number
from backend.office import Inside, Office
from backend.people import service as people
from backend.people.model import Identity
from backend.personal import store
from backend.personal.part import Part
from backend.personal.request import (
    Request,
    RequestKind,
    RequestState,
    RequestStep,
    bare,
    ended,
    opened,
)
from backend.personal.subject import Subject
from backend.staff.model import StaffMember


async def ask(
    office: Inside, tx: Transaction, conversation_id: str, identity: Identity, kind: RequestKind
) -> Request:
    """File a request, or return the open one of the same kind.

    Raises:
        NotFoundError: there is no such conversation.
    """
    await conversations.get(office, conversation_id, tx)
    owners = _owners(office, identity.key)
    for known in await store.requests_of(office.database, office.privacy, owners, tx):
        if (known.kind, known.state) == (kind, RequestState.OPEN):
            return known
    now = office.clock.now()
    link = await people.link_of(office, identity, tx)
    number = await next_number(office.database, tx, PERSONAL, now)
    request = opened(
        number, kind, owners[0], identity.key, conversation_id, now, verified=link is not None
    )
    # Who asked stands in the request alone, sealed.
    await _save(office, tx, request, RequestStep.ASKED, Who("citizen"))
    return request


async def page(
    office: Office, state: RequestState | None, page: int, limit: int
) -> tuple[list[Request], int]:
    """Return one page of requests and how many: what is open and due first on top.

    Args:
        office: the office.
        state: where they stand; None for all.
        page: from 1.
        limit: requests a page.
    """
    skip = (page - 1) * limit
    return await store.requests(office.database, office.privacy, state, skip, limit)


async def get(office: Inside, number: str, tx: Transaction | None = None) -> Request:
    """Return a request.

    Raises:
        NotFoundError: there is none of this number.
    """
    request = await store.request(office.database, office.privacy, number, tx)
    if request is None:
        raise NotFoundError("personal.request_not_found")
    return request


async def get_open(
    office: Inside, number: str, kind: RequestKind | None = None, tx: Transaction | None = None
) -> Request:
    """Return a request that is open.

    Raises:
        NotFoundError: there is none of this number.
        ConflictError: it has ended, or asks for something else than `kind`.
    """
    request = await get(office, number, tx)
    if request.state is not RequestState.OPEN:
        raise ConflictError("personal.request_ended")
    if kind not in (None, request.kind):
        raise ConflictError("personal.request_kind")
    return request


async def note_step(
    office: Inside, tx: Transaction, request: Request, step: RequestStep, member: StaffMember
) -> None:
    """Note on a request that its copy was given, or its erasure ordered, and by whom.

    An erasure is ordered once, however often it is asked for.
    """
    if step is RequestStep.ORDERED and await _is_ordered(office, request.number, tx):
        return
    await _tell(office, tx, request, step, Who("staff", member.id))


async def history(
    office: Inside, number: str, tx: Transaction | None = None
) -> list[tuple[RequestStep, datetime, str | None]]:
    """Return what was done with a request, when, and by which account where staff did it."""
    return [
        (RequestStep(event["type"].removeprefix("personal.")), event["at"], event["who"]["id"])
        for event in await events.history(office.database, "personal", number, tx)
    ]


async def end(
    office: Inside, tx: Transaction, number: str, state: RequestState, member: StaffMember, why: str
) -> Request:
    """End a request, and tell the citizen; an erasure is not done by hand.

    Raises:
        NotFoundError: there is none of this number.
        ConflictError: it has ended, or is an erasure that is to be carried out, or is already.
    """
    request = await get_open(office, number, tx=tx)
    if request.kind is RequestKind.ERASE and state is RequestState.DONE:
        raise ConflictError("personal.request_kind")
    if await _is_ordered(office, number, tx):
        raise ConflictError("personal.request_erasing")
    over = ended(request, state, office.clock.now(), member.id, why)
    await _save(office, tx, over, RequestStep(state.value), Who("staff", member.id))
    told = "refused" if state is RequestState.REFUSED else request.kind.value
    text = office.replies.say(f"personal.notice.{told}", number=number, why=why)
    body: Document = {"kind": "notice", "text": text}
    await conversations.say(office, tx, request.conversation_id, body, key=f"{number}:ended")
    return over


async def personal(office: Office, subject: Subject) -> list[Document]:
    """Return what they asked for, and what became of it."""
    return [
        {
            "number": request.number,
            "kind": request.kind.value,
            "state": request.state.value,
            "asked_at": request.opened_at,
            "why": request.why,
        }
        for request in await _of(office, subject)
    ]


async def erase(office: Office, subject: Subject) -> int:
    """Leave of each request its number, kind, state and times; an open one is thereby done."""
    found = await _of(office, subject)
    for request in found:

        async def strip(tx: Transaction, request: Request = request) -> None:
            over = request
            if request.state is RequestState.OPEN:
                over = ended(request, RequestState.DONE, office.clock.now(), None, "")
            await _save(office, tx, bare(over), RequestStep.DONE, Who("system"))

        await office.transact(strip)
    return len(found)


async def _is_ordered(office: Inside, number: str, tx: Transaction) -> bool:
    return any(step is RequestStep.ORDERED for step, _, _ in await history(office, number, tx))


async def _of(office: Office, subject: Subject) -> list[Request]:
    owners = [owner for key in subject.identities for owner in _owners(office, key)]
    return await store.requests_of(office.database, office.privacy, owners)


async def _save(
    office: Inside, tx: Transaction, request: Request, step: RequestStep, who: Who
) -> None:
    await store.save_request(office.database, office.privacy, tx, request)
    await _tell(office, tx, request, step, who)


async def _tell(
    office: Inside, tx: Transaction, request: Request, step: RequestStep, who: Who
) -> None:
    data: Document = {"kind": request.kind.value, "state": request.state.value}
    now = office.clock.now()
    event = Event("personal", request.number, f"personal.{step.value}", who, now, data=data)
    await emit(office.database, tx, event)


def _owners(office: Inside, key: str) -> tuple[str, ...]:
    return office.privacy.blind_indexes("personal_request", key)


PART = Part("requests", ("personal_requests",), personal, erase)
