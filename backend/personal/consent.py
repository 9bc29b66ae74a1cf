"""单独同意 Whether a citizen agrees to the use of sensitive data (《个人信息保护法》第二十九条)."""

from __future__ import annotations

from backend.conversations import service as conversations
from backend.db import Transaction
from backend.document import Document
from backend.events import Event, Who, emit
from backend.office import Inside, Office
from backend.people.model import Identity
from backend.personal import store
from backend.personal.part import Part
from backend.personal.subject import Subject


async def agreed(office: Inside, identity: Identity, tx: Transaction | None = None) -> str | None:
    """Return the version of the notice that somebody agreed to; None where they did not."""
    return await store.consent(office.database, office.privacy, identity, tx)


async def agree(
    office: Inside, tx: Transaction, conversation_id: str, identity: Identity, version: str
) -> None:
    """同意 Keep that somebody agreed, to which notice and when; agreeing again changes nothing.

    Raises:
        NotFoundError: there is no such conversation.
    """
    await conversations.get(office, conversation_id, tx)
    if await agreed(office, identity, tx) != version:
        await _keep(office, tx, identity, version)
        await _tell(office, tx, conversation_id, "consent.given", {"version": version})


async def withdraw(
    office: Inside, tx: Transaction, conversation_id: str, identity: Identity
) -> bool:
    """撤回同意 Keep that somebody agrees no more; return whether they had agreed.

    It is as easy as agreeing.

    Raises:
        NotFoundError: there is no such conversation.
    """
    await conversations.get(office, conversation_id, tx)
    if (version := await agreed(office, identity, tx)) is not None:
        await _keep(office, tx, identity, None)
        await _tell(office, tx, conversation_id, "consent.withdrawn", {"version": version})
    return version is not None


async def personal(office: Office, subject: Subject) -> list[Document]:
    """Return to which notice they agreed, and when."""
    kept = await store.consents(office.database, office.privacy, subject.identities)
    return [
        {"as": identity, "version": row["version"], "at": row["at"]}
        for identity, row in kept.items()
    ]


async def erase(office: Office, subject: Subject) -> int:
    """Forget what they agreed to; the events keep that somebody did."""
    return await store.forget_consents(office.database, office.privacy, subject.identities)


async def _keep(office: Inside, tx: Transaction, identity: Identity, version: str | None) -> None:
    now = office.clock.now()
    await store.keep_consent(office.database, office.privacy, tx, identity, version, now)


async def _tell(
    office: Inside, tx: Transaction, conversation_id: str, type: str, data: Document
) -> None:
    who, now = Who("citizen"), office.clock.now()
    event = Event("conversation", conversation_id, type, who, now, data=data)
    await emit(office.database, tx, event)


PART = Part("consents", ("consents",), personal, erase)
