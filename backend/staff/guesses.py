"""防猜 Wrong passwords and codes, counted by user name and place, with growing waits.

A user name that nobody has is counted like any other and by the same steps, so an answer and its
time tell nobody who exists. Names and places are kept as keyed hashes.
"""

from __future__ import annotations

from functools import partial

from backend.clock import let_go_after
from backend.db import Document, Transaction
from backend.errors import LockedError
from backend.events import SYSTEM, Event, emit
from backend.office import Inside, Office
from backend.staff import guess_store, store
from backend.staff.model import FORGET_AFTER, Guesses, StaffMember, after_failure, locked_for

# Where somebody who is logged in types their own password: it locks no log-in.
OWN_DESK = "own"
TELL_SECONDS = 60.0
_TOLD_AT_ONCE = 200


async def refuse_locked(
    office: Inside, username: str, place: str, tx: Transaction | None = None
) -> None:
    """Refuse whoever was wrong too often there.

    Args:
        office: the office.
        username: as it was typed.
        place: where the guesses come from.
        tx: the transaction under way, if there is one.

    Raises:
        LockedError: with the seconds to wait.
    """
    guesses = await guess_store.get(office.database, _identifiers(office, username, place), tx)
    if left := locked_for(guesses, office.clock.now()):
        raise refusal(office, "staff.locked", left)


async def count_failure(office: Office, username: str, place: str) -> None:
    """Count a wrong password or code of a user name from a place."""
    identifiers = _identifiers(office, username, place)
    account = _accounts(office, username)[0]

    async def count(tx: Transaction) -> None:
        now = office.clock.now()
        guesses = after_failure(await guess_store.get(office.database, identifiers, tx), now)
        gone_at = let_go_after(FORGET_AFTER)
        await guess_store.save(office.database, tx, identifiers[0], account, guesses, gone_at)

    await office.transact(count)


async def forget(office: Inside, tx: Transaction, member: StaffMember, place: str) -> None:
    """Forget what was wrong at a place, because somebody was right there."""
    for identifier in _identifiers(office, member.username, place):
        guesses = await guess_store.get(office.database, [identifier], tx)
        await _tell_lock(office, tx, member.id, identifier, guesses)
        await guess_store.forget(office.database, tx, identifier)


async def forget_account(office: Inside, tx: Transaction, member: StaffMember) -> None:
    """Forget all that was wrong, because the password is another."""
    accounts = _accounts(office, member.username)
    found = await guess_store.of_account(office.database, tx, accounts)
    for identifier, guesses in found.items():
        await _tell_lock(office, tx, member.id, identifier, guesses)
        await guess_store.forget(office.database, tx, identifier)


async def tell_locks(office: Office) -> None:
    """Write locks into the history of the accounts that exist; others have none.

    A log-in leaves this to be done later, because it would take longer for a name that exists.
    """
    found = await guess_store.untold(office.database, _TOLD_AT_ONCE)
    if not found:
        return
    known = {
        account: one.id
        for one in await store.every(office.database)
        for account in _accounts(office, one.username)
    }
    for document in found:
        await office.transact(partial(_tell, office, document, known.get(document["account"])))


def refusal(office: Inside, key: str, seconds: int) -> LockedError:
    """Return the refusal of somebody who has to wait so many seconds."""
    unit, count = ("seconds", seconds) if seconds < 60 else ("minutes", -(-seconds // 60))
    wait = office.replies.say(f"staff.wait_{unit}", count=count)
    return LockedError(key, retry_after=seconds, wait=wait)


async def _tell(office: Inside, document: Document, staff_id: str | None, tx: Transaction) -> None:
    guesses = await guess_store.get(office.database, [document["_id"]], tx)
    if staff_id:
        await _tell_lock(office, tx, staff_id, document["_id"], guesses)
    await guess_store.told(office.database, tx, document["_id"])


async def _tell_lock(
    office: Inside, tx: Transaction, staff_id: str, identifier: str, guesses: Guesses
) -> None:
    """Write a lock into an account's history, where that does not tell of it yet."""
    if guesses.untold and guesses.last_at:
        # The moment is of the key, so that no lock is told twice.
        key = f"staff.locked:{identifier}:{guesses.last_at.isoformat()}"
        event = Event("staff", staff_id, "staff.locked", SYSTEM, guesses.last_at, key=key)
        await emit(office.database, tx, event)


def _identifiers(office: Inside, username: str, place: str) -> tuple[str, ...]:
    return office.privacy.blind_indexes("staff_guesses", f"{username}\0{place}")


def _accounts(office: Inside, username: str) -> tuple[str, ...]:
    return office.privacy.blind_indexes("staff_account", username)
