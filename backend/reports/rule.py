"""派单规则 Whom an urgent report is sent to before anybody has looked at it."""

from __future__ import annotations

from backend.db import Transaction
from backend.events import SYSTEM
from backend.office import Inside
from backend.reports.model import State, Step, advance
from backend.reports.record import Record
from backend.reports.service import announce, write


def unit_for(record: Record) -> str:
    """Return the unit: who handles the category where the place is known, else the centre.

    The dispatcher on duty (指挥中心) is sent what nobody could find.
    """
    centre = record.report.centre
    return (record.sorting.department or centre) if record.knows_where else centre


def waits_for_a_place(record: Record) -> bool:
    """Tell whether the rule sent it to the centre for want of a place, and nobody took it on."""
    sent = record.report.state is State.DISPATCHED and record.report.with_centre
    return record.danger is not None and sent


async def send(office: Inside, tx: Transaction, record: Record) -> Record:
    """先派后补 Dispatch an urgent report at once, by rule: nobody's confirmation is waited for.

    Raises:
        ConflictError: somebody else wrote it first.
    """
    unit = unit_for(record)
    key = "report.rule.place_known" if record.knows_where else "report.rule.place_unknown"
    why = office.replies.say(key, danger=danger_in_words(office, record), unit=unit)
    now = office.clock.now()
    report = advance(record.report, Step.DISPATCH, now, why=why, unit=unit, by_rule=True)
    sent = record.moved(report)
    await write(office, tx, sent)
    await announce(office, tx, sent, SYSTEM)
    return sent


async def send_on(office: Inside, tx: Transaction, record: Record) -> Record:
    """Send a report on from the centre once its place is known; whoever is sent must know where.

    Raises:
        ConflictError: somebody else wrote it first.
    """
    if not (waits_for_a_place(record) and record.knows_where):
        return record
    return record if unit_for(record) == record.report.unit else await send(office, tx, record)


def danger_in_words(office: Inside, record: Record) -> str:
    """Return the kind of danger as people say it."""
    key = f"report.danger.{record.danger}"
    return office.replies.say(key if key in office.replies else "report.danger.other")
