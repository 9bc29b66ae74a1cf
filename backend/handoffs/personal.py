"""转人工 What `handoffs` keeps of one person, copied out and erased."""

from __future__ import annotations

from dataclasses import asdict

from backend.document import Document
from backend.handoffs import store
from backend.handoffs.model import OPEN, Handoff
from backend.office import Office
from backend.personal.part import Part
from backend.personal.subject import Subject


async def personal(office: Office, subject: Subject) -> list[Document]:
    """Return when they waited and talked, what the clerks were told, and what they left."""
    return [_copy(handoff) for handoff in await of_subject(office, subject)]


async def erase(office: Office, subject: Subject) -> int:
    """Remove the handoffs with their summaries, notes and words left."""
    return await store.remove(office.database, subject.handoffs)


async def of_subject(office: Office, subject: Subject) -> list[Handoff]:
    """Return every handoff of a subject's conversations."""
    return await store.all_of(office.database, office.privacy, subject.conversations)


async def under_way(office: Office, subject: Subject) -> bool:
    """Tell whether somebody waits for a person, or talks with one."""
    return any(handoff.state in OPEN for handoff in await of_subject(office, subject))


def _copy(handoff: Handoff) -> Document:
    return {
        "opened_at": handoff.opened_at,
        "answered_at": handoff.answered_at,
        "ended_at": handoff.ended_at,
        "state": handoff.state.value,
        "summary": handoff.summary,
        "notes": [{"at": note.at, "text": note.text} for note in handoff.notes],
        "words": [asdict(words) for words in handoff.words],
    }


PART = Part("handoffs", ("handoffs",), personal, erase)
