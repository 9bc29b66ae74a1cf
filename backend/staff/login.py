"""登录 Log-in: password, code of the second factor, lock-out, sessions."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backend.db import Document, Transaction
from backend.errors import ForbiddenError, LockedError, UnauthenticatedError
from backend.events import SYSTEM, Event, Who, emit
from backend.office import Office
from backend.staff import second_factor, store
from backend.staff.model import (
    FirstStep,
    LoginState,
    Session,
    StaffMember,
    after_failure,
    alive,
    first_steps,
    locked,
)
from backend.staff.samples import is_published

# A session's last use is written at most this often, so that a read stays a read.
TOUCH_EVERY = timedelta(minutes=1)
# Likewise the sign that somebody is there: a desk page gives one every twenty seconds.
HERE_EVERY = timedelta(seconds=15)
# 19 MiB and two passes: OWASP's minimum for argon2id.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@dataclass(frozen=True, slots=True)
class Login:
    """A successful log-in; the token is shown once and kept only as a hash."""

    token: str
    member: StaffMember
    expires_at: datetime


async def log_in(office: Office, username: str, password: str, code: str = "") -> Login:
    """Check what somebody knows and, where the account has a second factor, has; open a session.

    Args:
        office: the office.
        username: the account's.
        password: the account's.
        code: six digits of the authenticator app (动态码); empty where none was asked for yet.

    Raises:
        LockedError: five failures in a row, for fifteen minutes.
        UnauthenticatedError: no such account, wrong password or switched off, all told alike; or
            the password is right and a code is wanted, is wrong or was used before.
    """
    document = await store.by_username(office.database, username)
    now = office.clock.now()
    if not await knows_password(office, document, password) or document["disabled"]:
        raise UnauthenticatedError("staff.wrong_password")
    step = await _code_step(office, document, code)
    token = secrets.token_urlsafe(32)
    published = await is_published(office.settings.data_dir, password)
    member = store.member(document)
    member = replace(member, password_given=member.password_given or published)
    expires_at = now + timedelta(hours=office.settings.staff_session_hours)
    session = Session(member.id, expires_at, now, now)

    async def open_session(tx: Transaction) -> None:
        await _unchanged(office, tx, document)
        if step is not None and not await store.use_code(office.database, tx, member.id, step):
            raise UnauthenticatedError("staff.code_wrong")
        await store.save_login_state(office.database, tx, member.id, LoginState())
        if published:
            await store.mark_given(office.database, tx, member.id)
        await store.insert_session(office.database, tx, _hash(token), session)
        await emit(
            office.database, tx, Event("staff", member.id, "staff.in", Who("staff", member.id), now)
        )

    await office.transact(open_session)
    return Login(token, member, expires_at)


async def authenticate(
    office: Office, token: str, *, touch: bool = True, for_work: bool = True
) -> StaffMember:
    """Return whose session a token opens.

    Args:
        office: the office.
        token: the session's.
        touch: False for what no person did, such as a page that is open.
        for_work: False for what one does with the own account.

    Raises:
        UnauthenticatedError: unknown, expired, idle for too long, or the account is switched off.
        ForbiddenError: the account is not ready for work yet.
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
    used = touch and now - session.seen_at >= TOUCH_EVERY
    if used or now - session.here_at >= HERE_EVERY:
        await store.touch_session(office.database, token_hash, now, used=used)
    if for_work and steps_before_work(office, member):
        raise ForbiddenError("auth.first_steps")
    return member


def steps_before_work(office: Office, member: StaffMember) -> list[FirstStep]:
    """Tell what somebody has to do with their account before they may work."""
    required = office.settings.staff_second_factor == "required"
    return first_steps(member, second_factor_required=required)


async def log_out(office: Office, token: str, member: StaffMember) -> None:
    """End the session of a token, which is `member`'s."""

    async def end(tx: Transaction) -> None:
        if await store.end_session(office.database, tx, _hash(token)):
            event = Event(
                "staff", member.id, "staff.out", Who("staff", member.id), office.clock.now()
            )
            await emit(office.database, tx, event)

    await office.transact(end)


async def end_other_sessions(office: Office, tx: Transaction, staff_id: str, token: str) -> None:
    """End all sessions of an account but the one of a token."""
    await store.end_other_sessions(office.database, tx, staff_id, _hash(token))


async def knows_password(office: Office, document: Document, password: str) -> bool:
    """Tell whether a password is an account's; a wrong one counts towards the lock.

    Raises:
        LockedError: five failures in a row, for fifteen minutes.
    """
    if document:
        _refuse_locked(office, document)
    right = await _verify(document.get("password_hash"), password)
    if document and not right:
        await _count_failure(office, document["username"])
    return bool(document) and right


async def hash_password(password: str) -> str:
    """Return the form a password is kept in, worked out off the event loop."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def _code_step(office: Office, document: Document, code: str) -> int | None:
    """Return the step of time of a right code, None where the account asks for none.

    Raises:
        UnauthenticatedError: a code is wanted, or this one is not right; a wrong one counts
            towards the lock.
    """
    if not store.member(document).second_factor:
        return None
    if not code:
        raise UnauthenticatedError("staff.code_needed")
    factor = document["second_factor"]
    secret = office.privacy.unseal(factor["secret"])
    step = second_factor.step_of(secret, code, office.clock.now(), factor["used"])
    if step is None:
        await _count_failure(office, document["username"])
        raise UnauthenticatedError("staff.code_wrong")
    return step


async def _unchanged(office: Office, tx: Transaction, checked: Document) -> None:
    """Make sure that an account is still what a log-in was checked against.

    A password takes a tenth of a second to check: meanwhile guesses sent at the same time may have
    locked the account, or somebody changed its password or second factor.

    Raises:
        LockedError: it was locked meanwhile.
        UnauthenticatedError: it was changed or switched off meanwhile.
    """
    document = await store.by_username(office.database, checked["username"], tx)
    _refuse_locked(office, document)
    if store.proofs(document) != store.proofs(checked) or document["disabled"]:
        raise UnauthenticatedError("staff.wrong_password")


def _refuse_locked(office: Office, document: Document) -> None:
    if locked(store.login_state(document), office.clock.now()):
        raise LockedError("staff.locked", until=document["locked_until"].strftime("%H:%M"))


async def _count_failure(office: Office, username: str) -> None:
    """Count a wrong password or code of an account."""

    async def count(tx: Transaction) -> None:
        document = await store.by_username(office.database, username, tx)
        before, now = store.login_state(document), office.clock.now()
        state = after_failure(before, now)
        await store.save_login_state(office.database, tx, document["_id"], state)
        if locked(state, now) and not locked(before, now):
            event = Event("staff", document["_id"], "staff.locked", SYSTEM, now)
            await emit(office.database, tx, event)

    await office.transact(count)


async def _verify(password_hash: str | None, password: str) -> bool:
    """Check a password off the event loop; an absent account costs the same time as a wrong one."""
    if password_hash is None:
        await hash_password(password)
        return False
    try:
        return await asyncio.to_thread(_HASHER.verify, password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _hash(token: str) -> str:
    """Return the form a token is kept in; tokens are random, so a plain hash is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
