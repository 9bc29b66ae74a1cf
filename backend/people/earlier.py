"""旧渠道身份 Identities and counts that an earlier version of the house wrote in clear."""

from __future__ import annotations

from backend.office import Office
from backend.people import store
from backend.people.at_rest import identity_of, index_of, seal


async def seal_identities(office: Office) -> None:
    """Seal who proved to be whom, and who was wrong how often; done again it changes nothing."""
    for document in await store.clear_identities(office.database):
        identity = identity_of(document["_id"])
        sealed = {**document, "sealed": seal(office.privacy, identity)}
        await store.move_identity(office.database, sealed, index_of(office.privacy, identity.key))
    for document in await store.clear_attempts(office.database):
        key = document["_id"].removeprefix(store.WHO)
        await store.move_attempts(office.database, document, index_of(office.privacy, key))
