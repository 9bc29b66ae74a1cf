"""The one place that asks every capability for its share of a person's data.

A collection that holds personal data and is in no part, or in neither list below, fails a test.
"""

from __future__ import annotations

from backend import events, idempotency
from backend.cases.personal import PART as CASES
from backend.conversations.personal import PART as CONVERSATIONS
from backend.document import Document
from backend.handoffs.personal import PART as HANDOFFS
from backend.media.personal import PART as MEDIA
from backend.office import Office
from backend.people.personal import PART as PEOPLE
from backend.personal.consent import PART as CONSENTS
from backend.personal.door import PART as COPIES
from backend.personal.part import Part
from backend.personal.requests import PART as REQUESTS
from backend.personal.subject import Subject
from backend.reports.personal import PART as REPORTS


async def _nothing(_office: Office, _subject: Subject) -> list[Document]:
    """Give no copy: what is kept here says nothing that another part does not say."""
    return []


async def _forget_events(office: Office, subject: Subject) -> int:
    entities = {
        "case": subject.cases,
        "report": subject.reports,
        "handoff": subject.handoffs,
        "conversation": subject.conversations,
        "person": tuple(link.person_id for link in subject.links),
    }
    return sum(
        [
            await events.forget(office.database, entity, id)
            for entity, ids in entities.items()
            for id in ids
        ]
    )


async def _forget_answers(office: Office, subject: Subject) -> int:
    return await idempotency.forget(office, subject.names())


# In this order: what leads to other data goes last.
PARTS: tuple[Part, ...] = (
    HANDOFFS,
    REPORTS,
    CASES,
    Part("events", ("events",), _nothing, _forget_events),
    Part("answers", ("idempotency",), _nothing, _forget_answers),
    CONSENTS,
    REQUESTS,
    COPIES,
    MEDIA,
    CONVERSATIONS,
    PEOPLE,
)
# Nothing of a citizen's: whose it is, or why it stays.
WITHOUT_PERSONAL_DATA = {
    "access_log": "who of the staff looked, when and why; evidence, kept at least six months",
    "catalogue_items": "what the office publishes",
    "catalogue_versions": "what the office publishes",
    "counters": "how many there were",
    "erasures": "receipts; pointers are sealed and dropped at the end",
    "office_canary": "what the keys are tried on",
    "staff": "accounts of staff",
    "staff_pace": "log-ins of staff in a minute by hashed place, for two minutes",
    "staff_guesses": "failed log-ins of staff by hashed name and place, for a day",
    "staff_sessions": "log-ins of staff",
}
