"""旧办件 Cases that an earlier version of the house wrote."""

from __future__ import annotations

from backend.cases import store
from backend.cases.record import from_document, to_document
from backend.document import Document
from backend.office import Office


async def seal_identities(office: Office) -> None:
    """Seal whose cases they are, where an earlier version wrote it in clear."""

    def sealed(document: Document) -> Document:
        anew = to_document(from_document(document, office.privacy), office.privacy)
        change = {"owner": anew["owner"], "sealed": anew["sealed"]}
        return {"$set": change, "$unset": {"identity": ""}}

    await store.seal_identities(office.database, sealed)
