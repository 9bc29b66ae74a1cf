"""换钥匙 Indexes of consents and requests, written anew under the first key."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography.fernet import InvalidToken

from backend.conversations import renewal as conversations
from backend.document import Document
from backend.office import Office
from backend.people.at_rest import identity_of, unseal
from backend.people.model import Identity
from backend.personal import store
from backend.rewriting import Tally, UnknownValueError


async def renew_consents(office: Office) -> Tally:
    """Put every consent where it is found by the first key."""
    tally = Tally()
    rows = await store.every_consent(office.database)
    earlier = await _talking(office) if any("sealed" not in row for row in rows) else {}
    for row in rows:
        try:
            identity = _agreeing(office, row, earlier)
        except (InvalidToken, UnknownValueError):
            tally.left += 1
            continue
        tally.changed += await store.renew_consent(office.database, office.privacy, row, identity)
    return tally


async def renew_requests(office: Office) -> Tally:
    """Write every index of who asked anew that is of an earlier key."""
    requests = await store.owned_requests(office.database, office.privacy)
    asked_in = {one.conversation_id for one in requests if not one.identity}
    talking = await conversations.identities_in(office, asked_in)
    askers = {one.number: one.identity or talking.get(one.conversation_id) for one in requests}

    def change(document: Document) -> Document | None:
        asker = askers.get(document["_id"])
        if not asker:
            raise UnknownValueError
        index = office.privacy.blind_index("personal_request", asker)
        return {"$set": {"owner": index}} if document["owner"] != index else None

    return await store.renew_requests(office.database, change)


def _agreeing(office: Office, row: Document, earlier: Mapping[str, Identity]) -> Identity:
    """Return who agreed.

    Raises:
        UnknownValueError: an earlier version kept the index alone, and nobody who talks has it.
    """
    if "sealed" in row:
        return unseal(office.privacy, row["sealed"])
    if row["_id"] not in earlier:
        raise UnknownValueError
    return earlier[row["_id"]]


async def _talking(office: Office) -> dict[str, Identity]:
    """Return whoever has a conversation, by the indexes of a consent of theirs."""
    return {
        index: identity_of(key)
        async for key in conversations.identities(office)
        for index in office.privacy.blind_indexes("consent", key)
    }
