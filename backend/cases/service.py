"""办件 What a citizen does with a case: hand in, look, supplement, withdraw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from backend.cases import store
from backend.cases.form import Field, asked_of, check
from backend.cases.model import CITIZEN_STEPS, Step, advance, submit
from backend.cases.record import Attachment, Record, from_document, to_document
from backend.catalogue import service as catalogue
from backend.clear import Mask
from backend.clock import local
from backend.conversations import service as conversations
from backend.db import Transaction
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.events import Event, Who, emit
from backend.media import service as media_service
from backend.numbers import CASE, next_number, normalise_number
from backend.office import Inside, Office
from backend.offices.service import public_numbers
from backend.people import service as people
from backend.people.at_rest import citizen, indexes_of
from backend.people.model import Identity, Link
from backend.privacy import mask_text

# A photo nobody asked for by name is still a material somebody may want to see.
OTHER_MATERIAL = "other"


@dataclass(frozen=True)
class Application:
    """申请 What a citizen confirmed in the dialogue; nothing in it has been checked yet."""

    item_code: str
    conversation_id: str
    identity: Identity
    fields: Mapping[str, object]
    media: Sequence[Attachment]


@dataclass(frozen=True)
class Standing:
    """办件进展 What a receipt may tell anyone about a case."""

    number: str
    item_code: str
    item_name: str
    department: str
    submitted_at: datetime
    state: str
    state_label: str


async def hand_in(office: Inside, tx: Transaction, application: Application) -> Record:
    """预受理 Open a case for an application.

    Raises:
        NotFoundError: there is no such item, or no such conversation.
        ConflictError: the item cannot be applied for online.
        InvalidError: fields are missing, unknown or wrong; the detail names them.
    """
    item = await catalogue.get_item(office, application.item_code)
    if item["mode"] == "guide" or not item["application"]:
        raise ConflictError("case.item_not_online")
    form = tuple(_field(entry) for entry in item["application"]["fields"])
    await conversations.get(office, application.conversation_id, tx)
    now = office.clock.now()
    fields = await _checked(office, form, application.fields, application.media, _papers(item))
    record = Record(
        number=await next_number(office.database, tx, CASE, now),
        version=1,
        item_code=item["code"],
        item_name=item["name"],
        department=item["department"],
        catalogue_version=item["version"],
        conversation_id=application.conversation_id,
        identity=application.identity,
        link=None,
        form=form,
        fields=fields,
        media=tuple(application.media),
        submitted_at=now,
        case=submit(item["promised_working_days"], now),
    )
    record = replace(record, link=await _applicant(office, tx, record))
    await store.insert(office.database, tx, to_document(record, office.privacy))
    await announce(office, tx, record, citizen(office.privacy, application.identity))
    return record


async def look(office: Inside, number: str, identity: Identity) -> Record:
    """Return a citizen's own case.

    Raises:
        NotFoundError: there is none of this number, or it is somebody else's: told alike.
    """
    return await _own(office, number, identity)


async def look_at_all(office: Office, identity: Identity) -> list[Record]:
    """Return a citizen's own cases, newest first."""
    link = await people.link_of(office, identity)
    owners = indexes_of(office.privacy, identity.key)
    documents = await store.owned(office.database, owners, link)
    return [from_document(document, office.privacy) for document in documents]


async def mask_for(office: Office, identity: Identity) -> Mask:
    """脱敏 Return how texts about a citizen are masked: by the names in all their applications."""
    records = await look_at_all(office, identity)
    names = frozenset(name for record in records for name in record.names)
    return Mask(names, await public_numbers(office))


async def supplement(
    office: Inside,
    tx: Transaction,
    number: str,
    identity: Identity,
    fields: Mapping[str, object],
    media: Sequence[Attachment],
    why: str,
) -> Record:
    """补正 Hand in what was missing; the clock runs again.

    Raises:
        NotFoundError: not this citizen's case.
        ConflictError: the case was not returned.
        InvalidError: nothing was handed in, or a field is wrong.
    """
    record = await _own(office, number, identity, tx)
    if not fields and not media and not why.strip():
        raise InvalidError("case.supplement_empty")
    item = await catalogue.get_item(office, record.item_code)
    allowed = {*_papers(item), *record.case.told}
    clean = await _checked(office, record.form, fields, media, allowed, before=record.fields)
    moved = record.moved(advance(record.case, Step.SUPPLEMENT, office.clock.now(), why=why))
    told = {**record.fields, **clean}
    shown = asked_of(record.form, told)
    told = {name: value for name, value in told.items() if name in shown}
    fuller = replace(moved, fields=told, media=(*record.media, *media))
    fuller = replace(fuller, link=await _applicant(office, tx, fuller))
    await save(office, tx, fuller, citizen(office.privacy, identity))
    return fuller


async def withdraw(
    office: Inside, tx: Transaction, number: str, identity: Identity, why: str
) -> Record:
    """撤回 Take an application back before it is accepted.

    Raises:
        NotFoundError: not this citizen's case.
        ConflictError: it is accepted already, or ended.
    """
    record = await _own(office, number, identity, tx)
    moved = record.moved(advance(record.case, Step.WITHDRAW, office.clock.now(), why=why))
    await save(office, tx, moved, citizen(office.privacy, identity))
    return moved


async def exists(office: Office, number: str) -> bool:
    """Say whether there is such a case."""
    return await store.get(office.database, number) is not None


async def standing(office: Office, number: str) -> Standing:
    """Return what a genuine receipt may tell anyone.

    Raises:
        NotFoundError: the case does not exist.
    """
    document = await store.get(office.database, number)
    if document is None:
        raise NotFoundError("receipt.not_genuine")
    return Standing(
        number=number,
        item_code=document["item_code"],
        item_name=document["item_name"],
        department=document["department"],
        submitted_at=document["submitted_at"],
        state=document["state"],
        state_label=office.replies.say(f"case.state.{document['state']}"),
    )


async def with_file(office: Office, media_id: str) -> list[str]:
    """Return the numbers of cases that have a file among their papers."""
    return await store.with_file(office.database, media_id)


async def save(office: Inside, tx: Transaction, record: Record, who: Who) -> None:
    """Write a case's next version and the event that tells of it.

    Raises:
        ConflictError: somebody else wrote it first.
    """
    document = to_document(record, office.privacy)
    if not await store.replace(office.database, tx, document):
        raise ConflictError("case.changed")
    await announce(office, tx, record, who)
    await _expect(office, tx, record)


async def _expect(office: Inside, tx: Transaction, record: Record) -> None:
    """Let the conversation know whether its citizen's supplement is waited for."""
    newest, conversation = record.case.history[-1], record.conversation_id
    if newest.step is Step.RETURN:
        await conversations.expect(office, tx, conversation, record.number, newest.at)
    elif newest.step in CITIZEN_STEPS:
        await conversations.expect_no_more(office, tx, conversation, record.number)


async def announce(office: Inside, tx: Transaction, record: Record, who: Who) -> None:
    """Emit the event of a case's newest step."""
    newest = record.case.history[-1]
    await emit(
        office.database,
        tx,
        Event(
            entity="case",
            entity_id=record.number,
            type=f"case.{newest.state.value}",
            who=who,
            at=newest.at,
            why=mask_text(newest.why, record.names) or None,
            data={
                "step": newest.step.value,
                "state": newest.state.value,
                "item_code": record.item_code,
                "department": record.department,
            },
        ),
    )


async def _own(
    office: Inside, number: str, identity: Identity, tx: Transaction | None = None
) -> Record:
    """Return a case by number if it is this identity's; a foreign one is as absent as none."""
    link = await people.link_of(office, identity, tx)
    document = await store.get(office.database, normalise_number(number) or "", tx)
    record = from_document(document, office.privacy) if document else None
    if record is None or not record.belongs_to(identity, link):
        raise NotFoundError("case.not_found")
    return record


async def _checked(
    office: Inside,
    form: Sequence[Field],
    fields: Mapping[str, object],
    media: Sequence[Attachment],
    papers: set[str],
    *,
    before: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return clean fields; names of files are photo fields or materials of the item."""
    photos = [attached.name for attached in media if attached.name not in papers]
    today = local(office.clock.now()).date()
    checked = check(form, fields, photos, today, before=before)
    if checked.problems:
        raise InvalidError("case.fields_invalid", fields=checked.problems)
    await media_service.mimes(office, [attached.media_id for attached in media])
    return checked.values


async def _applicant(office: Inside, tx: Transaction, record: Record) -> Link | None:
    """Return the person applied for, where the form asks for an ID number and a phone."""
    id_number, phone = record.value_of("id_number"), record.value_of("phone")
    if not id_number or not phone:
        return None
    return await people.remember(office, tx, id_number, phone, source=record.number)


def _papers(item: Mapping[str, Any]) -> set[str]:
    materials = item["elements"]["materials"] or []
    return {OTHER_MATERIAL, *(material["name"] for material in materials)}


def _field(entry: Mapping[str, Any]) -> Field:
    return Field(
        name=entry["name"],
        label=entry["label"],
        kind=entry["kind"],
        choices=tuple(entry.get("choices") or ()),
        optional=bool(entry.get("optional")),
        when=entry.get("when"),
    )
