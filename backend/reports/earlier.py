"""旧工单 Reports that an earlier version of the house wrote."""

from __future__ import annotations

from backend.document import Document
from backend.office import Office
from backend.reports import store
from backend.reports.order import rank
from backend.reports.record import from_document, to_document

_AT_A_TIME = 200


async def give_ranks(office: Office) -> None:
    """Give every report its place in the desk's list that has none; done again it does nothing.

    One document at a time, and only while nobody else has written it: see `docs/design.md`, "When
    a part dies", for what the embedded server does otherwise.
    """
    while documents := await store.unranked(office.database, _AT_A_TIME):
        for document in documents:
            await store.give_rank(
                office.database, document["_id"], document["version"], rank(document)
            )


async def seal_identities(office: Office) -> None:
    """Seal whose reports they are, where an earlier version wrote it in clear."""

    def sealed(document: Document) -> Document:
        anew = to_document(from_document(document, office.privacy), office.privacy)
        change = {"reporter": anew["reporter"], "sealed": anew["sealed"]}
        return {"$set": change, "$unset": {"identity": ""}}

    await store.seal_identities(office.database, sealed)
