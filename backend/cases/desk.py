"""办件 What staff do with a case: list, read, reveal, and move it on with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from backend.cases import store
from backend.cases.model import DESK_STEPS, State, Step, advance
from backend.cases.record import Record, from_document
from backend.cases.service import save
from backend.conversations import service as conversations
from backend.db import Document, Transaction
from backend.errors import NotFoundError
from backend.events import Event, Who, emit
from backend.numbers import normalise_number
from backend.office import Inside, Office
from backend.staff.model import StaffMember
from backend.supervision.reasons import RevealReason
from backend.supervision.service import note_look, note_reveal


async def page(
    office: Office, state: State | None, page_number: int, limit: int
) -> tuple[list[Record], int]:
    """Return one page of the desk's list and how many cases there are in all."""
    skip = (page_number - 1) * limit
    documents, total = await store.page(
        office.database, state.value if state else None, skip, limit
    )
    return [from_document(document, office.privacy) for document in documents], total


async def read(office: Office, number: str, member: StaffMember) -> Record:
    """Return one case; the look is noted.

    Raises:
        NotFoundError: there is none.
    """
    record = await _load(office, number)
    await note_look(office, member, "case.read", "case", record.number)
    return record


async def reveal(
    office: Inside, tx: Transaction, number: str, member: StaffMember, reason: RevealReason
) -> Record:
    """Return a case whose personal data will be shown in clear; who asked and why is kept.

    Raises:
        NotFoundError: there is none.
        InvalidError: the reason tells nothing.
    """
    record = await _load(office, number, tx)
    await note_reveal(office, tx, member, "case.reveal", "case", record.number, reason)
    who, now = Who("staff", member.id), office.clock.now()
    event = Event("case", record.number, "case.revealed", who, now, why=reason.text)
    await emit(office.database, tx, event)
    return record


async def move(
    office: Inside,
    tx: Transaction,
    number: str,
    step: Step,
    member: StaffMember,
    why: str,
    missing: Sequence[str] = (),
) -> Record:
    """Take a case one step on and tell the citizen, in one transaction.

    Raises:
        NotFoundError: there is none.
        ConflictError: the step is not open to it, or somebody else was faster.
        InvalidError: a reason or the missing papers are not named.
    """
    assert step in DESK_STEPS, f"{step} is the citizen's own"
    record = await _load(office, number, tx)
    case = advance(record.case, step, office.clock.now(), why=why, missing=missing)
    moved = record.moved(case)
    await save(office, tx, moved, Who("staff", member.id))
    await conversations.say(
        office,
        tx,
        moved.conversation_id,
        notice(office, moved),
        key=f"case:{moved.number}:{moved.version}",
    )
    return moved


def notice(office: Inside, record: Record) -> Document:
    """办理通知 Return what the citizen is told about the newest step."""
    newest = record.case.history[-1]
    say = office.replies.say
    body: Document = {
        "kind": "text",
        "text": say(
            f"case.notice.{newest.step.value}",
            item=record.item_name,
            number=record.number,
            why=newest.why,
            outcome=say(f"case.outcome.{record.case.outcome}") if record.case.outcome else "",
        ),
        "chips": [
            _chip(office, "progress", "query_progress", record.number),
            {"title": say("case.chip.person"), "payload": "/ask_human"},
        ],
    }
    if newest.step is Step.RETURN:
        title = say("case.notice.missing")
        body |= {
            "kind": "card",
            "chips": [_chip(office, "supplement", "supplement", record.number), *body["chips"]],
            "title": title,
            "sections": [{"title": title, "lines": list(record.case.missing)}],
        }
    return body


def _chip(office: Inside, name: str, intent: str, number: str) -> Document:
    """Return a chip whose press is about the case `number`."""
    payload = f'/{intent}{{"case_number":"{number}"}}'
    return {"title": office.replies.say(f"case.chip.{name}"), "payload": payload}


async def _load(office: Inside, number: str, tx: Transaction | None = None) -> Record:
    document = await store.get(office.database, normalise_number(number) or "", tx)
    if document is None:
        raise NotFoundError("case.not_found")
    return from_document(document, office.privacy)
