"""What an earlier version of the house wrote in clear, sealed when the office opens."""

from __future__ import annotations

from backend import events
from backend.cases import earlier as cases
from backend.conversations import service as conversations
from backend.office import Office
from backend.people import earlier as people
from backend.reports import earlier as reports


async def seal_identities(office: Office) -> None:
    """Seal who somebody is to their channel, wherever it stands in clear.

    It may be broken off at any moment; done again it changes nothing.
    """
    await conversations.seal_identities(office)
    await people.seal_identities(office)
    await cases.seal_identities(office)
    await reports.seal_identities(office)
    await events.seal_citizens(office.database, office.privacy)
