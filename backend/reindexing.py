"""换钥匙 Everything that is found by `BLIND_INDEX_KEY`, found by its first key alone.

The clear value of an index is had from the sealed copy beside it. It may be broken off at any
moment and begun anew, while the office is at work: what is written under an earlier key is found as
long as that stands in the setting.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from cryptography.fernet import InvalidToken

from backend.cases import renewal as cases
from backend.conversations import renewal as conversations
from backend.db import Transaction
from backend.office import Inside, Office
from backend.people import renewal as people
from backend.personal import renewal as personal
from backend.reports import renewal as reports
from backend.rewriting import Tally
from backend.supervision import renewal as supervision

_ROUNDS = 5

Tell = Callable[[str, Tally], None]


async def reindex(office: Office, tell: Tell) -> dict[str, Tally]:
    """Write every index anew that is of an earlier key; done again it changes nothing.

    Args:
        office: the open office.
        tell: is given what became of a collection, as often as it was gone through.

    Returns:
        By collection how many were written anew in all, and how many of an earlier key are left.
    """
    totals = {name: Tally() for name in _RENEWALS}
    for last in (*[False] * (_ROUNDS - 1), True):
        changed = 0
        for name, renew in _RENEWALS.items():
            tally = await renew(office)
            changed += tally.changed
            # What changes in the last round still comes in under an earlier key.
            left = tally.left + (tally.changed if last else 0)
            totals[name] = Tally(totals[name].changed + tally.changed, left)
            tell(name, totals[name])
        # What the office has written meanwhile is gone through once more.
        if not changed:
            break
    if not any(tally.left for tally in totals.values()):
        await office.canary.all_found_by_first()
    return totals


async def _renew_people(office: Office) -> Tally:
    """Write every person anew, each in one transaction with what is linked to them."""
    tally = Tally()
    for person_id in await people.every_id(office):
        found = {
            link.phone_index: phone
            for link in await people.unsealed_phones(office, person_id)
            if (phone := await cases.phone_of(office, link))
        }

        async def renew(
            tx: Transaction, person_id: str = person_id, found: Mapping[str, str] = found
        ) -> Tally:
            return await _renew_person(office, tx, person_id, found)

        try:
            one = await office.transact(renew)
        except InvalidToken:
            one = Tally(left=1)
        tally = Tally(tally.changed + one.changed, tally.left + one.left)
    return tally


async def _renew_person(
    office: Inside, tx: Transaction, person_id: str, found: Mapping[str, str]
) -> Tally:
    renewed = await people.renew(office, tx, person_id, found)
    linked = 0
    for before, after in renewed.moved:
        for capability in (people, cases, reports):
            linked += await capability.relink(office, tx, before, after)
    return Tally(int(renewed.changed) + linked, renewed.left)


_RENEWALS: Mapping[str, Callable[[Office], Awaitable[Tally]]] = {
    "conversations": conversations.renew,
    "identities": people.renew_identities,
    "people": _renew_people,
    "cases": cases.renew,
    "reports": reports.renew,
    "consents": personal.renew_consents,
    "personal_requests": personal.renew_requests,
    "access_log": supervision.renew,
}
