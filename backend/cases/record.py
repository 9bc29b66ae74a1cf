"""办件档案 A case as it is kept: what the rules need, whose it is, and the sealed application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from backend.cases.form import Field
from backend.cases.model import Case, Entry, State, Step
from backend.clear import Clear, Mask, Reader
from backend.people.at_rest import identity_in, index_of
from backend.people.model import Identity, Link
from backend.privacy import Privacy, mask_address, mask_id, mask_name, mask_phone
from backend.workdays import Span

_MASKS: Mapping[str, Callable[[str], str]] = {
    "name": mask_name,
    "id_number": mask_id,
    "phone": mask_phone,
    "address": mask_address,
}


@dataclass(frozen=True)
class Attachment:
    """附件 A file under the name of what it shows."""

    name: str
    media_id: str


@dataclass(frozen=True)
class Record:
    """办件档案 One case; `fields` are in clear only while they are being worked with."""

    number: str
    version: int
    item_code: str
    item_name: str
    department: str
    catalogue_version: str
    conversation_id: str
    identity: Identity
    link: Link | None
    form: tuple[Field, ...]
    fields: Mapping[str, str]
    media: tuple[Attachment, ...]
    submitted_at: datetime
    case: Case

    def moved(self, case: Case) -> Record:
        """Return the record after a step, one version later."""
        return replace(self, case=case, version=self.version + 1)

    def belongs_to(self, identity: Identity, link: Link | None) -> bool:
        """Tell whether this identity handed the case in, or proved to be the applicant."""
        return identity == self.identity or (link is not None and link == self.link)

    def value_of(self, kind: str) -> str:
        """Return the first field of a kind, empty where the form has none."""
        names = (entry.name for entry in self.form if entry.kind == kind)
        return next((self.fields[name] for name in names if self.fields.get(name)), "")

    @property
    def names(self) -> frozenset[str]:
        """姓名 All names the application gives."""
        fields = (entry.name for entry in self.form if entry.kind == "name")
        return frozenset(self.fields[name] for name in fields if self.fields.get(name))

    @property
    def applicant_masked(self) -> Clear:
        """申请人 The applicant's name, masked for everybody."""
        return Clear(self.value_of("name"), mask_name)

    def shown_fields(self, mask: Mask, reader: Reader) -> dict[str, Clear]:
        """申请内容 The application as its reader sees it, each field masked by its kind."""
        kinds = {entry.name: entry.kind for entry in self.form}
        return {
            name: Clear(value, _MASKS.get(kinds[name], mask.of), reader)
            for name, value in self.fields.items()
        }


def to_document(record: Record, privacy: Privacy) -> dict[str, Any]:
    """Return a record as MongoDB keeps it: whatever a citizen or a clerk wrote is sealed."""
    case, deadline = record.case, record.case.deadline
    sealed = {
        "identity": asdict(record.identity),
        "fields": dict(record.fields),
        "missing": list(case.missing),
        "told": list(case.told),
        "history": [
            {"step": e.step.value, "state": e.state.value, "at": e.at.isoformat(), "why": e.why}
            for e in case.history
        ],
    }
    return {
        "_id": record.number,
        "version": record.version,
        "state": case.state.value,
        "promised_days": case.promised_days,
        "spans": [
            {"start": s.start.isoformat(), "stop": s.stop.isoformat() if s.stop else None}
            for s in case.spans
        ],
        "deadline": deadline.at if deadline else None,
        "item_code": record.item_code,
        "item_name": record.item_name,
        "department": record.department,
        "catalogue_version": record.catalogue_version,
        "conversation_id": record.conversation_id,
        "owner": index_of(privacy, record.identity.key),
        "person_id": record.link.person_id if record.link else None,
        "phone_index": record.link.phone_index if record.link else None,
        "form": [asdict(entry) for entry in record.form],
        "media": [asdict(attachment) for attachment in record.media],
        "submitted_at": record.submitted_at,
        "sealed": privacy.seal_document(sealed),
    }


def from_document(document: Mapping[str, Any], privacy: Privacy) -> Record:
    """Return the record that `to_document` wrote."""
    sealed = privacy.unseal_document(document["sealed"])
    person = document["person_id"]
    case = Case(
        state=State(document["state"]),
        promised_days=document["promised_days"],
        spans=tuple(_span(entry) for entry in document["spans"]),
        history=tuple(
            Entry(Step(e["step"]), State(e["state"]), datetime.fromisoformat(e["at"]), e["why"])
            for e in sealed["history"]
        ),
        missing=tuple(sealed["missing"]),
        told=tuple(sealed["told"]),
    )
    return Record(
        number=document["_id"],
        version=document["version"],
        item_code=document["item_code"],
        item_name=document["item_name"],
        department=document["department"],
        catalogue_version=document["catalogue_version"],
        conversation_id=document["conversation_id"],
        identity=identity_in(document, sealed),
        link=Link(person, document["phone_index"]) if person else None,
        form=tuple(
            Field(**{**entry, "choices": tuple(entry["choices"])}) for entry in document["form"]
        ),
        fields=sealed["fields"],
        media=tuple(Attachment(**entry) for entry in document["media"]),
        submitted_at=document["submitted_at"],
        case=case,
    )


def _span(entry: Mapping[str, Any]) -> Span:
    stop = entry["stop"]
    return Span(date.fromisoformat(entry["start"]), date.fromisoformat(stop) if stop else None)
