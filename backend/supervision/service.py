"""Note every look of staff at personal data (GB/T 35273: access logged), and tell an auditor.

The log is a chain (等保三级: a tamper-evident audit log): each record holds a keyed hash of itself
and of the record before, so whoever can write to the database but has not the office's key cannot
change, remove or add a record without its showing. Cutting records off at the end together with
their counter shows only to whoever noted the last record's number and code, and asks for it again.
"""

from __future__ import annotations

from dataclasses import replace

from backend import events
from backend.db import Transaction
from backend.numbers import count
from backend.office import Inside, Office
from backend.privacy import mask_text
from backend.staff import service as staff
from backend.staff.model import StaffMember
from backend.supervision import store
from backend.supervision.model import START, Access, AccountEvent, Link, Noted, Verdict, vouched
from backend.supervision.reasons import RevealReason, require_substance

COUNTER = "access_log"
_REASONS_COMPARED = 3


async def note_access(
    office: Inside,
    tx: Transaction,
    member: StaffMember,
    action: str,
    entity: str,
    entity_id: str,
    why: str = "",
) -> None:
    """Append to the access log that `member` looks at an entity, in the transaction of the look.

    Args:
        office: the office.
        tx: the transaction under way.
        member: who looks.
        action: what is read, such as `messages.reveal` or `case.read`.
        entity: `handoff`, `case`, `report` or `media`.
        entity_id: its number or id.
        why: the reason given, where one is asked for; masked when it is written.
    """
    access = Access(member.id, action, entity, entity_id, office.clock.now(), mask_text(why))
    seq = await count(office.database, tx, COUNTER)
    before = await store.mac_at(office.database, tx, seq - 1)
    await store.insert(office.database, tx, access, _link(office, access, seq, before))


async def note_reveal(
    office: Inside,
    tx: Transaction,
    member: StaffMember,
    action: str,
    entity: str,
    entity_id: str,
    reason: RevealReason,
) -> None:
    """查看明文 Append to the access log that `member` sees an entity in clear, and why.

    Args:
        office: the office.
        tx: the transaction under way.
        member: who looks.
        action: `case.reveal`, `report.reveal` or `messages.reveal`.
        entity: `handoff`, `case` or `report`.
        entity_id: its number or id.
        reason: why.

    Raises:
        InvalidError: the reason tells nothing.
    """
    await require_reason(office, tx, member, reason)
    await note_access(office, tx, member, action, entity, entity_id, reason.text)


async def require_reason(
    office: Inside, tx: Transaction, member: StaffMember, reason: RevealReason
) -> None:
    """查看事由 Refuse a reason before anything is fetched for the look.

    Raises:
        InvalidError: it tells nothing.
    """
    before = await store.reasons(
        office.database, tx, member.id, office.clock.now(), _REASONS_COMPARED
    )
    # Masked as those before are kept, so that a number in it makes no old reason another one.
    masked = replace(reason, text=mask_text(reason.text))
    require_substance(masked, office.replies.say("reveal.reason_thin"), before)


async def note_look(
    office: Office, member: StaffMember, action: str, entity: str, entity_id: str, why: str = ""
) -> None:
    """Append to the access log a look with no transaction of its own; call it before the look."""
    await office.transact(
        lambda tx: note_access(office, tx, member, action, entity, entity_id, why)
    )


async def accesses(
    office: Office, staff_id: str | None, entity_id: str | None, page: int, limit: int
) -> tuple[list[Access], int]:
    """Return one page of looks, newest first, and how many there are.

    Args:
        office: the office.
        staff_id: only the looks of this account.
        entity_id: only the looks at what has this number or id.
        page: from 1.
        limit: looks a page.
    """
    return await store.page(office.database, staff_id, entity_id, (page - 1) * limit, limit)


async def verify(office: Office, noted: Noted | None = None) -> Verdict:
    """核对 Look through the whole chain.

    Args:
        office: the office.
        noted: number and code of a record that somebody wrote down earlier.
    """
    ends_at, rows = await office.transact(lambda tx: store.extent(office.database, tx, COUNTER))
    last, broken_at, in_place = START, None, 0
    same = None if noted is None else False
    for begins in range(1, ends_at + 1, store.BATCH):
        ends = min(ends_at, begins + store.BATCH - 1)
        records = await store.numbered(office.database, begins, ends)
        if broken_at and not any(records):
            # A counter that was set far forward is not followed to its end.
            break
        for seq, record in enumerate(records, begins):
            in_place += record is not None
            if noted and record and seq == noted.seq:
                same = any(mac.startswith(noted.code) for mac in record[1].macs)
            if broken_at is None:
                if record and vouches(office, record, seq, last):
                    last = record[1]
                else:
                    broken_at = seq
    return Verdict(last, broken_at, rows - in_place, same)


async def account_events(office: Office, staff_id: str, limit: int) -> list[AccountEvent]:
    """账号变动 Return what was done to an account and its log-ins, newest first.

    Args:
        office: the office.
        staff_id: whose account.
        limit: events at most.
    """
    found = await events.latest(office.database, "staff", staff_id, limit)
    names = await staff.names(office, {event["who"]["id"] for event in found} - {None})
    return [
        AccountEvent(
            at=event["at"],
            type=event["type"],
            by=names.get(event["who"]["id"], event["who"]["id"] or ""),
            at_machine=event["who"]["kind"] == "system",
            own=event["who"]["id"] == staff_id,
            roles=tuple(event["data"].get("roles", ())),
        )
        for event in found
    ]


async def names_of(office: Office, looks: list[Access]) -> dict[str, str]:
    """Return the names of those who looked, by account."""
    return await staff.names(office, {look.staff_id for look in looks})


def vouches(office: Office, record: tuple[Access, Link], seq: int, before: Link) -> bool:
    """Tell whether a record stands where it was written, after the one before.

    Args:
        office: the office.
        record: with its link.
        seq: where it was found.
        before: the link of the record before.
    """
    access, link = record
    vouching = {
        key.of("access_log", vouched(access, seq, mac))
        for key in office.privacy.index_keys
        for mac in before.macs
    }
    return link.seq == seq and link.mac in vouching


def _link(office: Inside, access: Access, seq: int, before: str) -> Link:
    return Link(seq, office.privacy.blind_index("access_log", vouched(access, seq, before)))
