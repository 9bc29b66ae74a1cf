"""Log-in, sessions and accounts of staff."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backend.db import Document, Transaction
from backend.errors import (
    ConflictError,
    InvalidError,
    LockedError,
    NotFoundError,
    UnauthenticatedError,
)
from backend.events import Event, Who, emit
from backend.numbers import new_id
from backend.office import Office
from backend.staff import store
from backend.staff.model import (
    LoginState,
    Role,
    Session,
    StaffMember,
    after_failure,
    alive,
    locked,
    may_hold,
)

# A session's last use is written at most this often, so that a read stays a read.
TOUCH_EVERY = timedelta(minutes=1)
# 19 MiB and two passes: OWASP's minimum for argon2id.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@dataclass(frozen=True, slots=True)
class Login:
    """A successful log-in; the token is shown once and kept only as a hash."""

    token: str
    member: StaffMember
    expires_at: datetime


async def log_in(office: Office, username: str, password: str) -> Login:
    """Check a password and open a session.

    Raises:
        LockedError: five failures in a row, for fifteen minutes.
        UnauthenticatedError: no such account, wrong password or switched off, all told alike.
    """
    document = await store.by_username(office.database, username)
    now = office.clock.now()
    if not await _knows_password(office, document, password) or document["disabled"]:
        raise UnauthenticatedError("staff.wrong_password")
    token = secrets.token_urlsafe(32)
    member = store.member(document)
    expires_at = now + timedelta(hours=office.settings.staff_session_hours)
    session = Session(member.id, expires_at, now)

    async def open_session(tx: Transaction) -> None:
        await store.save_login_state(office.database, tx, member.id, LoginState())
        await store.insert_session(office.database, tx, _hash(token), session)
        await emit(
            office.database, tx, Event("staff", member.id, "staff.in", Who("staff", member.id), now)
        )

    await office.transact(open_session)
    return Login(token, member, expires_at)


async def authenticate(office: Office, token: str, *, touch: bool = True) -> StaffMember:
    """Return whose session a token opens; without `touch` this is no sign of life.

    Raises:
        UnauthenticatedError: unknown, expired, idle for too long, or the account is switched off.
    """
    token_hash = _hash(token)
    session = await store.session_of(office.database, token_hash)
    now = office.clock.now()
    idle = timedelta(minutes=office.settings.staff_idle_minutes)
    if session is None or not alive(session, now, idle):
        raise UnauthenticatedError("auth.token_invalid")
    member = await store.by_id(office.database, session.staff_id)
    if member is None or member.disabled:
        raise UnauthenticatedError("auth.token_invalid")
    if touch and now - session.seen_at >= TOUCH_EVERY:
        await store.touch_session(office.database, token_hash, now)
    return member


async def log_out(office: Office, token: str) -> None:
    """End the session of a token."""
    await store.end_session(office.database, _hash(token))


async def create(
    office: Office,
    tx: Transaction,
    username: str,
    name: str,
    password: str,
    roles: frozenset[Role],
    who: Who,
) -> StaffMember:
    """Add an account.

    Raises:
        InvalidError: the roles may not be held by one person.
        ConflictError: the user name is taken.
    """
    if not may_hold(roles):
        raise InvalidError("staff.roles_conflict")
    if await store.by_username(office.database, username, tx):
        raise ConflictError("staff.username_taken")
    member = StaffMember(new_id(), username, name, roles)
    password_hash = await asyncio.to_thread(_HASHER.hash, password)
    await store.insert(office.database, tx, member, password_hash)
    event = Event(
        "staff", member.id, "staff.created", who, office.clock.now(), data={"roles": sorted(roles)}
    )
    await emit(office.database, tx, event)
    return member


async def switch(
    office: Office, tx: Transaction, staff_id: str, *, disabled: bool, who: Who
) -> StaffMember:
    """Switch an account off or on.

    Raises:
        ConflictError: the administrator's own account.
        NotFoundError: no such account.
    """
    if staff_id == who.id:
        raise ConflictError("staff.not_yourself")
    member = await store.set_disabled(office.database, tx, staff_id, disabled)
    if member is None:
        raise NotFoundError("staff.not_found")
    kind = "staff.disabled" if disabled else "staff.enabled"
    await emit(office.database, tx, Event("staff", staff_id, kind, who, office.clock.now()))
    return member


async def set_password(
    office: Office, tx: Transaction, staff_id: str, password: str, who: Who
) -> StaffMember:
    """Give an account a new password; whoever is logged in with the old one is logged out.

    Raises:
        NotFoundError: no such account.
    """
    password_hash = await asyncio.to_thread(_HASHER.hash, password)
    member = await store.set_password(office.database, tx, staff_id, password_hash)
    if member is None:
        raise NotFoundError("staff.not_found")
    event = Event("staff", staff_id, "staff.password_set", who, office.clock.now())
    await emit(office.database, tx, event)
    return member


async def change_password(office: Office, member: StaffMember, old: str, new: str) -> None:
    """Change one's own password; all sessions of the account end, this one too.

    Raises:
        LockedError: five wrong passwords in a row, for fifteen minutes.
        InvalidError: the old password is wrong; it counts as a failed log-in.
    """
    document = await store.by_username(office.database, member.username)
    if not await _knows_password(office, document, old):
        raise InvalidError("staff.old_password_wrong")
    who = Who("staff", member.id)
    await office.transact(lambda tx: set_password(office, tx, member.id, new, who))


async def names(office: Office, ids: set[str]) -> dict[str, str]:
    """Return the display names of accounts, by id."""
    found = [await store.by_id(office.database, staff_id) for staff_id in ids]
    return {member.id: member.name for member in found if member}


async def everyone(office: Office) -> list[StaffMember]:
    """Return all accounts."""
    return await store.every(office.database)


async def has_account(office: Office, username: str) -> bool:
    """Tell whether a user name is taken."""
    return bool(await store.by_username(office.database, username))


async def _knows_password(office: Office, document: Document, password: str) -> bool:
    """Tell whether a password is an account's; a wrong one counts towards the lock.

    Raises:
        LockedError: five failures in a row, for fifteen minutes.
    """
    if document and locked(store.login_state(document), office.clock.now()):
        raise LockedError("staff.locked", until=document["locked_until"].strftime("%H:%M"))
    right = await _verify(document.get("password_hash"), password)
    if document and not right:
        await office.transact(lambda tx: _count_failure(office, tx, document["username"]))
    return bool(document) and right


async def _count_failure(office: Office, tx: Transaction, username: str) -> None:
    document = await store.by_username(office.database, username, tx)
    state = after_failure(store.login_state(document), office.clock.now())
    await store.save_login_state(office.database, tx, document["_id"], state)


async def _verify(password_hash: str | None, password: str) -> bool:
    """Check a password off the event loop; an absent account costs the same time as a wrong one."""
    if password_hash is None:
        await asyncio.to_thread(_HASHER.hash, password)
        return False
    try:
        return await asyncio.to_thread(_HASHER.verify, password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _hash(token: str) -> str:
    """Return the form a token is kept in; tokens are random, so a plain hash is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
