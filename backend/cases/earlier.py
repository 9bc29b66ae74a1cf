"""旧办件 Cases that an earlier version of the house wrote."""

from __future__ import annotations

from backend.cases import store
from backend.cases.record import from_document, to_document
from backend.conversations import service as conversations
from backend.db import Transaction
from backend.document import Document
from backend.office import Office


async def seal_identities(office: Office) -> None:
    """Seal whose cases they are, where an earlier version wrote it in clear."""

    def sealed(document: Document) -> Document:
        anew = to_document(from_document(document, office.privacy), office.privacy)
        change = {"owner": anew["owner"], "sealed": anew["sealed"]}
        return {"$set": change, "$unset": {"identity": ""}}

    await store.seal_identities(office.database, sealed)


async def expect_supplements(office: Office) -> None:
    """等您补 Let conversations expect what cases wait for that an earlier version sent back."""
    found = await store.returned(office.database)
    records = [from_document(document, office.privacy) for document in found]
    unaware = await conversations.unaware(office, {record.conversation_id for record in records})

    async def tell(tx: Transaction) -> None:
        for record in records:
            if record.conversation_id in unaware:
                sent_back = record.case.history[-1].at
                await conversations.expect(
                    office, tx, record.conversation_id, record.number, sent_back
                )

    if unaware:
        await office.transact(tell)
