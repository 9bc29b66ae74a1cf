"""Accounts of staff: opening, switching off, passwords, second factors."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from backend.db import Transaction
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.events import Event, Who, emit
from backend.numbers import new_id
from backend.office import Inside, Office
from backend.staff import guesses, second_factor, store
from backend.staff.login import end_other_sessions, hash_password, require_password
from backend.staff.model import Role, Session, StaffMember, alive, may_hold
from backend.staff.passwords import weak


@dataclass(frozen=True, slots=True)
class OfferedFactor:
    """绑定动态码: what an authenticator app is told, shown once.

    Attributes:
        address: the `otpauth://` address for its camera.
        spelled: the secret for its keyboard.
    """

    address: str
    spelled: str


async def create(
    office: Inside,
    tx: Transaction,
    username: str,
    name: str,
    password: str,
    roles: frozenset[Role],
    who: Who,
    *,
    given: bool = True,
    sample: bool = False,
) -> StaffMember:
    """Add an account.

    Args:
        office: the office.
        tx: the transaction.
        username: what is typed at the log-in.
        name: what colleagues see.
        password: the first one.
        roles: what it may do.
        who: whoever opens it.
        given: the password is replaced at the first log-in, because somebody else knows it.
        sample: it is the published password of a sample account, however weak.

    Raises:
        InvalidError: the roles may not be held by one person, or the password is weak.
        ConflictError: the user name is taken.
    """
    if not may_hold(roles):
        raise InvalidError("staff.roles_conflict")
    if await store.by_username(office.database, username, tx):
        raise ConflictError("staff.username_taken")
    if not sample:
        await _refuse_weak(password, username, name)
    member = StaffMember(new_id(), username, name, roles, password_given=given)
    await store.insert(office.database, tx, member, await hash_password(password))
    event = Event(
        "staff", member.id, "staff.created", who, office.clock.now(), data={"roles": sorted(roles)}
    )
    await emit(office.database, tx, event)
    return member


async def switch(
    office: Inside, tx: Transaction, staff_id: str, *, disabled: bool, who: Who
) -> StaffMember:
    """Switch an account off or on.

    Raises:
        ConflictError: the administrator's own account.
        NotFoundError: no such account.
    """
    if staff_id == who.id:
        raise ConflictError("staff.not_yourself")
    member = await store.set_disabled(office.database, tx, staff_id, disabled)
    kind = "staff.disabled" if disabled else "staff.enabled"
    return await _noted(office, tx, kind, member, who)


async def set_password(
    office: Inside, tx: Transaction, staff_id: str, password: str, who: Who
) -> StaffMember:
    """Give an account a password, which has to be changed at the next log-in; its sessions end.

    Args:
        office: the office.
        tx: the transaction.
        staff_id: whose account.
        password: the new one.
        who: an administrator, or the system for whoever runs its machine.

    Raises:
        ConflictError: the administrator's own account: that password changes by the old one.
        NotFoundError: no such account.
        InvalidError: the password is weak.
    """
    if staff_id == who.id:
        raise ConflictError("staff.not_yourself")
    return await _replace_password(office, tx, staff_id, password, who)


async def change_password(office: Office, member: StaffMember, old: str, new: str) -> None:
    """Change one's own password; all sessions of the account end, this one too.

    Raises:
        LockedError: too many wrong ones in a row; log-ins go on.
        InvalidError: the old password is wrong, both are one, or the new one is weak.
    """
    await require_password(office, member, old)
    if new == old:
        raise InvalidError("staff.password_same")
    who = Who("staff", member.id)
    await office.transact(lambda tx: _replace_password(office, tx, member.id, new, who))


async def offer_second_factor(
    office: Office, member: StaffMember, password: str, issuer: str
) -> OfferedFactor:
    """绑定动态码: make a secret for an authenticator app; it counts once a code of it was shown.

    Args:
        office: the office.
        member: whose log-in it is for.
        password: of the account; a page that was left open adds no factor.
        issuer: what the app shows beside the user name.

    Raises:
        ConflictError: there is one already; an administrator removes it first.
        LockedError: too many wrong passwords in a row; log-ins go on.
        InvalidError: the password is wrong.
    """
    await require_password(office, member, password)
    secret = second_factor.new_secret()
    sealed = office.privacy.seal(secret)

    async def offer(tx: Transaction) -> None:
        if not await store.offer_second_factor(office.database, tx, member.id, sealed):
            raise ConflictError("staff.second_factor_there")

    await office.transact(offer)
    return OfferedFactor(
        second_factor.address(secret, member.username, issuer), second_factor.spelled(secret)
    )


async def confirm_second_factor(
    office: Inside, tx: Transaction, member: StaffMember, code: str, token: str
) -> StaffMember:
    """绑定动态码: take the offered secret for good, because its app shows the right code.

    The account's other sessions end: they were opened by a password alone.

    Args:
        office: the office.
        tx: the transaction.
        member: whose log-in it is for.
        code: what the app shows now.
        token: of the session that goes on.

    Raises:
        ConflictError: nothing was offered, or it was confirmed before.
        InvalidError: the code is wrong.
    """
    document = await store.by_username(office.database, member.username, tx)
    factor = document.get("second_factor")
    if factor is None or factor["confirmed"]:
        raise ConflictError("staff.second_factor_none")
    secret = office.privacy.unseal(factor["secret"])
    step = second_factor.step_of(secret, code, office.clock.now(), factor["used"])
    if step is None:
        raise InvalidError("staff.code_wrong")
    await store.confirm_second_factor(office.database, tx, member.id, step)
    await end_other_sessions(office, tx, member.id, token)
    who = Who("staff", member.id)
    confirmed = store.member(await store.by_username(office.database, member.username, tx))
    return await _noted(office, tx, "staff.second_factor_added", confirmed, who)


async def remove_second_factor(
    office: Inside, tx: Transaction, staff_id: str, who: Who
) -> StaffMember:
    """解除动态码: for whoever has lost their phone; the account's sessions end.

    Raises:
        ConflictError: the administrator's own account, or one without a second factor.
        NotFoundError: no such account.
    """
    if staff_id == who.id:
        raise ConflictError("staff.not_yourself")
    before = await store.by_id(office.database, staff_id, tx)
    if before and not before.second_factor:
        raise ConflictError("staff.second_factor_absent")
    member = await store.remove_second_factor(office.database, tx, staff_id)
    return await _noted(office, tx, "staff.second_factor_removed", member, who)


async def sessions(office: Office, member: StaffMember) -> dict[str, Session]:
    """我的登录 Return one's own sessions that still open doors, by id, the last used first."""
    now, idle = office.clock.now(), timedelta(minutes=office.settings.staff_idle_minutes)
    found = await store.sessions_of(office.database, member.id)
    living = [(each, one) for each, one in found.items() if alive(one, now, idle)]
    return dict(sorted(living, key=lambda pair: pair[1].seen_at, reverse=True))


async def end_session(
    office: Inside, tx: Transaction, member: StaffMember, session_id: str
) -> None:
    """我的登录 End one of one's own sessions; one that has ended stays so.

    Raises:
        NotFoundError: it is somebody else's.
    """
    found = await store.session_of(office.database, session_id, tx)
    if found is None:
        return
    if found.staff_id != member.id:
        raise NotFoundError("staff.session_not_found")
    await store.end_session(office.database, tx, session_id)
    await _noted(office, tx, "staff.session_ended", member, Who("staff", member.id))


async def names(office: Office, ids: set[str]) -> dict[str, str]:
    """Return the display names of accounts, by id."""
    found = [await store.by_id(office.database, staff_id) for staff_id in ids]
    return {member.id: member.name for member in found if member}


async def everyone(office: Office) -> list[StaffMember]:
    """Return all accounts."""
    return await store.every(office.database)


async def by_username(office: Office, username: str) -> StaffMember | None:
    """Return the account of a user name."""
    document = await store.by_username(office.database, username)
    return store.member(document) if document else None


async def _replace_password(
    office: Inside, tx: Transaction, staff_id: str, password: str, who: Who
) -> StaffMember:
    """Replace a password; whoever is logged in with the old one is logged out."""
    before = await store.by_id(office.database, staff_id, tx)
    if before is None:
        raise NotFoundError("staff.not_found")
    await _refuse_weak(password, before.username, before.name)
    password_hash = await hash_password(password)
    given = staff_id != who.id
    member = await store.set_password(office.database, tx, staff_id, password_hash, given=given)
    await guesses.forget_account(office, tx, before)
    return await _noted(office, tx, "staff.password_set", member, who)


async def _refuse_weak(password: str, username: str, name: str) -> None:
    """Refuse a password that is too easily guessed.

    Raises:
        InvalidError: it is.
    """
    if await asyncio.to_thread(weak, password, username, name):
        raise InvalidError("staff.password_weak")


async def _noted(
    office: Inside, tx: Transaction, kind: str, member: StaffMember | None, who: Who
) -> StaffMember:
    """Write down what was done to an account and return it.

    Raises:
        NotFoundError: there is no such account.
    """
    if member is None:
        raise NotFoundError("staff.not_found")
    await emit(office.database, tx, Event("staff", member.id, kind, who, office.clock.now()))
    return member
