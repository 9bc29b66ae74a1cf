"""工单档案 A report as it is kept: what the rules need, where it is, and the sealed words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from backend.people.at_rest import identity_in, index_of
from backend.people.model import Identity, Link
from backend.privacy import Privacy
from backend.reports.grid import Cell
from backend.reports.limits import Priority
from backend.reports.model import Entry, Report, State, Step
from backend.reports.order import rank
from standards.coordinates import Point


@dataclass(frozen=True)
class Note:
    """补充 What the citizen added later; where a place was corrected, the earlier one too."""

    at: datetime
    text: str = ""
    media_ids: tuple[str, ...] = ()
    place: str = ""
    location: Point | None = None
    label: str = ""
    contact_phone: str = ""
    earlier_place: str = ""
    earlier_location: Point | None = None

    @property
    def says_where(self) -> bool:
        """Tell whether it names a place or a point."""
        return bool(self.place or self.location)

    @property
    def added(self) -> tuple[str, ...]:
        """Return the names of what it brings, none of its words."""
        brought = {
            "text": self.text,
            "media": self.media_ids,
            "place": self.place,
            "location": self.location,
            "contact_phone": self.contact_phone,
        }
        return tuple(name for name, value in brought.items() if value)


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
    """工单档案 One report; the words are in clear only while they are being worked with.

    `danger` is the kind of danger (`fire`, `gas`…) of a report that was sent by rule.
    """

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
    danger: str | None = None

    @property
    def is_urgent(self) -> bool:
        """Tell whether life or property is at stake, by its category or because it was told so."""
        return self.sorting.priority is Priority.URGENT

    @property
    def knows_where(self) -> bool:
        """Tell whether anybody who is sent can find the place."""
        return bool(self.place or self.location)

    def moved(self, report: Report) -> Record:
        """Return the record after a step, one version later."""
        return replace(self, report=report, version=self.version + 1)

    def with_note(self, note: Note, cell: Cell | None = None) -> Record:
        """Return the record with something added; `cell` is the grid of the note's point.

        What it had not it has now. The newest place stands, the earlier one is kept in the note;
        a second phone stands in the note alone, for the first may still be right.
        """
        corrected = replace(
            note,
            earlier_place=self.place if note.place and note.place != self.place else "",
            earlier_location=self.location
            if note.location and note.location != self.location
            else None,
        )
        return replace(
            self,
            place=note.place or self.place,
            location=note.location or self.location,
            label=note.label if note.location else self.label,
            cell=cell if note.location else self.cell,
            contact_phone=self.contact_phone or note.contact_phone,
            notes=(*self.notes, corrected),
            version=self.version + 1,
        )

    def belongs_to(self, identity: Identity, link: Link | None) -> bool:
        """Tell whether this identity made the report, or proved to be who made it."""
        return identity == self.identity or (link is not None and link == self.link)


def to_document(record: Record, privacy: Privacy) -> dict[str, Any]:
    """Return a record as MongoDB keeps it: whatever somebody wrote is sealed, and the place."""
    report = record.report
    sealed = {
        "identity": asdict(record.identity),
        "text": record.text,
        "place": record.place,
        "contact_phone": record.contact_phone,
        "location": asdict(record.location) if record.location else None,
        "label": record.label,
        "notes": [{**asdict(note), "at": note.at.isoformat()} for note in record.notes],
        "history": [{**asdict(entry), "at": entry.at.isoformat()} for entry in report.history],
    }
    document = {
        "_id": record.number,
        "version": record.version,
        "state": report.state.value,
        "owner": report.owner,
        "centre": report.centre,
        "unit": report.unit,
        "bounces": report.bounces,
        "conversation_id": record.conversation_id,
        "reporter": index_of(privacy, record.identity.key),
        "person_id": record.link.person_id if record.link else None,
        "phone_index": record.link.phone_index if record.link else None,
        "grid": asdict(record.cell) if record.cell else None,
        "media_ids": list(record.media_ids),
        "note_media_ids": [one for note in record.notes for one in note.media_ids],
        "sorting": asdict(record.sorting),
        "registered_at": record.registered_at,
        "urgent": record.is_urgent,
        "danger": record.danger,
        "sealed": privacy.seal_document(sealed),
    }
    return document | {"rank": rank(document)}


def from_document(document: Mapping[str, Any], privacy: Privacy) -> Record:
    """Return the record that `to_document` wrote, in this version of the house or an earlier."""
    sealed = privacy.unseal_document(document["sealed"])
    person, location, grid = document["person_id"], sealed["location"], document["grid"]
    sorting = document["sorting"]
    return Record(
        number=document["_id"],
        version=document["version"],
        conversation_id=document["conversation_id"],
        identity=identity_in(document, sealed),
        link=Link(person, document["phone_index"]) if person else None,
        text=sealed["text"],
        place=sealed["place"],
        contact_phone=sealed["contact_phone"],
        location=Point(**location) if location else None,
        label=sealed["label"],
        cell=Cell(**grid) if grid else None,
        media_ids=tuple(document["media_ids"]),
        notes=tuple(_note(note) for note in sealed["notes"]),
        sorting=Sorting(**{**sorting, "priority": Priority(sorting["priority"])}),
        registered_at=document["registered_at"],
        report=Report(
            state=State(document["state"]),
            centre=document["centre"],
            history=tuple(_entry(entry) for entry in sealed["history"]),
            unit=document["unit"],
            bounces=document["bounces"],
        ),
        danger=document.get("danger"),
    )


def _note(note: Mapping[str, Any]) -> Note:
    points = {
        name: Point(**note[name]) if note.get(name) else None
        for name in ("location", "earlier_location")
    }
    return Note(
        **{
            **note,
            **points,
            "at": datetime.fromisoformat(note["at"]),
            "media_ids": tuple(note["media_ids"]),
        }
    )


def _entry(entry: Mapping[str, Any]) -> Entry:
    return Entry(
        **{
            **entry,
            "step": Step(entry["step"]),
            "state": State(entry["state"]),
            "at": datetime.fromisoformat(entry["at"]),
        }
    )
