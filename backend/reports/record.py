"""工单档案 A report as it is kept: what the rules need, where it is, and the sealed words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from backend.people.model import Identity, Link
from backend.privacy import Privacy
from backend.reports.coordinates import Point
from backend.reports.grid import Cell
from backend.reports.limits import Priority
from backend.reports.model import Entry, Report, State, Step


@dataclass(frozen=True)
class Note:
    """补充 What the citizen added later."""

    at: datetime
    text: str
    media_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sorting:
    """分类 What a category makes of a report; without one the dispatcher still has to sort it."""

    category: str | None
    name: str | None
    department: str | None
    priority: Priority
    due_at: datetime
    due_provisional: bool
    accept_by: datetime


@dataclass(frozen=True)
class Record:
    """工单档案 One report; the words are in clear only while they are being worked with."""

    number: str
    version: int
    conversation_id: str
    identity: Identity
    link: Link | None
    text: str
    place: str
    contact_phone: str
    location: Point | None
    label: str
    cell: Cell | None
    media_ids: tuple[str, ...]
    notes: tuple[Note, ...]
    sorting: Sorting
    registered_at: datetime
    report: Report

    def moved(self, report: Report) -> Record:
        """Return the record after a step, one version later."""
        return replace(self, report=report, version=self.version + 1)

    def with_note(self, note: Note) -> Record:
        """Return the record with something added."""
        return replace(self, notes=(*self.notes, note), version=self.version + 1)

    def belongs_to(self, identity: Identity, link: Link | None) -> bool:
        """Tell whether this identity made the report, or proved to be who made it."""
        return identity == self.identity or (link is not None and link == self.link)


def to_document(record: Record, privacy: Privacy) -> dict[str, Any]:
    """Return a record as MongoDB keeps it: whatever somebody wrote is sealed, and the place."""
    report = record.report
    sealed = {
        "text": record.text,
        "place": record.place,
        "contact_phone": record.contact_phone,
        "location": asdict(record.location) if record.location else None,
        "label": record.label,
        "notes": [
            {"at": n.at.isoformat(), "text": n.text, "media_ids": list(n.media_ids)}
            for n in record.notes
        ],
        "history": [
            {
                "step": e.step.value,
                "state": e.state.value,
                "at": e.at.isoformat(),
                "why": e.why,
                "unit": e.unit,
            }
            for e in report.history
        ],
    }
    return {
        "_id": record.number,
        "version": record.version,
        "state": report.state.value,
        "owner": report.owner,
        "centre": report.centre,
        "unit": report.unit,
        "bounces": report.bounces,
        "conversation_id": record.conversation_id,
        "identity": asdict(record.identity),
        "reporter": record.identity.key,
        "person_id": record.link.person_id if record.link else None,
        "phone_index": record.link.phone_index if record.link else None,
        "grid": asdict(record.cell) if record.cell else None,
        "media_ids": list(record.media_ids),
        "sorting": asdict(record.sorting),
        "registered_at": record.registered_at,
        "sealed": privacy.seal_document(sealed),
    }


def from_document(document: Mapping[str, Any], privacy: Privacy) -> Record:
    """Return the record that `to_document` wrote."""
    sealed = privacy.unseal_document(document["sealed"])
    person, location, grid = document["person_id"], sealed["location"], document["grid"]
    sorting = document["sorting"]
    return Record(
        number=document["_id"],
        version=document["version"],
        conversation_id=document["conversation_id"],
        identity=Identity(**document["identity"]),
        link=Link(person, document["phone_index"]) if person else None,
        text=sealed["text"],
        place=sealed["place"],
        contact_phone=sealed["contact_phone"],
        location=Point(**location) if location else None,
        label=sealed["label"],
        cell=Cell(**grid) if grid else None,
        media_ids=tuple(document["media_ids"]),
        notes=tuple(
            Note(datetime.fromisoformat(n["at"]), n["text"], tuple(n["media_ids"]))
            for n in sealed["notes"]
        ),
        sorting=Sorting(**{**sorting, "priority": Priority(sorting["priority"])}),
        registered_at=document["registered_at"],
        report=Report(
            state=State(document["state"]),
            centre=document["centre"],
            history=tuple(_entry(entry) for entry in sealed["history"]),
            unit=document["unit"],
            bounces=document["bounces"],
        ),
    )


def _entry(entry: Mapping[str, Any]) -> Entry:
    return Entry(
        step=Step(entry["step"]),
        state=State(entry["state"]),
        at=datetime.fromisoformat(entry["at"]),
        why=entry["why"],
        unit=entry["unit"],
    )
