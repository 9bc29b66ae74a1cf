"""登录 Log-in: password, code of the second factor, sessions."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backend.clock import let_go_after
from backend.db import Document, Transaction
from backend.errors import ForbiddenError, InvalidError, UnauthenticatedError
from backend.events import Event, Who, emit
from backend.office import Inside, Office
from backend.staff import guesses, second_factor, store
from backend.staff.model import FirstStep, Session, StaffMember, alive, first_steps
from backend.staff.samples import is_published

# A session's last use is written at most this often, so that a read stays a read.
TOUCH_EVERY = timedelta(minutes=1)
# Likewise the sign that somebody is there: a desk page gives one every twenty seconds.
HERE_EVERY = timedelta(seconds=15)
# 19 MiB and two passes: OWASP's minimum for argon2id.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Of a password that was thrown away: what an absent account is checked against.
_NOBODYS_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$3caBHxQUSg43cYnYtFY6oA$Id2Ekc"
    "myR2rGUPl4oaowdOWJQ66d1rr4PbPeuT08K/U"
)


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody knows and has.

    Attributes:
        code: six digits of the authenticator app (动态码); empty where none was asked for yet.
    """

    username: str
    password: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """A successful log-in; the token is shown once and kept only as a hash."""

    token: str
    member: StaffMember
    expires_at: datetime


async def log_in(office: Office, proof: Proof, source: str, device: str | None = None) -> Login:
    """Check what somebody knows and, where the account has a second factor, has; open a session.

    What locks is the user name at one place: at this browser where it is a known one, else at
    this address. An absent account is answered like a wrong password, by the same steps.

    Args:
        office: the office.
        proof: what was typed.
        source: the client's address.
        device: the browser's name, if the account logged in from it before.

    Raises:
        LockedError: too many log-ins from this place, or too many wrong ones.
        UnauthenticatedError: no such account, wrong password or switched off, all told alike; or
            the password is right and a code is wanted, is wrong or was used before.
    """
    place = f"device {device}" if device else f"source {source}"
    now = office.clock.now()
    await _keep_pace(office, place, now)
    await guesses.refuse_locked(office, proof.username, place)
    document = await store.by_username(office.database, proof.username)
    if not await _verify(document, proof.password):
        await guesses.count_failure(office, proof.username, place)
        raise UnauthenticatedError("staff.wrong_password")
    step = await _code_step(office, document, proof, place)
    token = secrets.token_urlsafe(32)
    published = await is_published(office.settings.data_dir, proof.password)
    member = store.member(document)
    member = replace(member, password_given=member.password_given or published)
    longest = timedelta(hours=office.settings.staff_session_hours)
    expires_at, let_go_at = now + longest, let_go_after(longest)
    session = Session(member.id, expires_at, now, now, now)

    async def open_session(tx: Transaction) -> None:
        await _unchanged(office, tx, document, place)
        if step is not None and not await store.use_code(office.database, tx, member.id, step):
            raise UnauthenticatedError("staff.code_wrong")
        await guesses.forget(office, tx, member, place)
        if published:
            await store.mark_given(office.database, tx, member.id)
        await store.insert_session(office.database, tx, _hash(token), session, let_go_at)
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


def session_id(token: str) -> str:
    """Return the name of a token's session, which opens nothing."""
    return _hash(token)


async def end_other_sessions(office: Inside, tx: Transaction, staff_id: str, token: str) -> None:
    """End all sessions of an account but the one of a token."""
    await store.end_other_sessions(office.database, tx, staff_id, _hash(token))


async def require_password(office: Office, member: StaffMember, password: str) -> None:
    """Have somebody who is logged in show that the account is theirs.

    Raises:
        LockedError: too many wrong ones; log-ins are not locked by them.
        InvalidError: it is wrong.
    """
    await guesses.refuse_locked(office, member.username, guesses.OWN_DESK)
    document = await store.by_username(office.database, member.username)
    if not await _verify(document, password):
        await guesses.count_failure(office, member.username, guesses.OWN_DESK)
        raise InvalidError("staff.old_password_wrong")


async def hash_password(password: str) -> str:
    """Return the form a password is kept in, worked out off the event loop."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def _keep_pace(office: Office, place: str, now: datetime) -> None:
    """Count a try, before anything that costs more.

    Raises:
        LockedError: too many from this place within the minute, over all processes.
    """
    hashed = office.privacy.blind_index("staff_pace", place)
    most = office.settings.staff_logins_per_minute
    if wait := await office.log_ins.wait(office.database, hashed, now, most):
        raise guesses.refusal(office, "staff.too_often", wait)


async def _code_step(office: Office, document: Document, proof: Proof, place: str) -> int | None:
    """Return the step of time of a right code, None where the account asks for none.

    Raises:
        UnauthenticatedError: a code is wanted, or this one is not right; a wrong one counts
            towards the lock.
    """
    if not store.member(document).second_factor:
        return None
    if not proof.code:
        raise UnauthenticatedError("staff.code_needed")
    factor = document["second_factor"]
    secret = office.privacy.unseal(factor["secret"])
    step = second_factor.step_of(secret, proof.code, office.clock.now(), factor["used"])
    if step is None:
        await guesses.count_failure(office, proof.username, place)
        raise UnauthenticatedError("staff.code_wrong")
    return step


async def _unchanged(office: Inside, tx: Transaction, checked: Document, place: str) -> None:
    """Make sure that an account is still what a log-in was checked against.

    A password takes a tenth of a second to check: meanwhile guesses sent at the same time may have
    locked the account there, or somebody changed its password or second factor.

    Raises:
        LockedError: it was locked meanwhile.
        UnauthenticatedError: it was changed or switched off meanwhile.
    """
    await guesses.refuse_locked(office, checked["username"], place, tx)
    document = await store.by_username(office.database, checked["username"], tx)
    if store.proofs(document) != store.proofs(checked) or document["disabled"]:
        raise UnauthenticatedError("staff.wrong_password")


async def _verify(document: Document, password: str) -> bool:
    """Check an account's password off the event loop; one that is absent or off has none.

    Whatever is wrong takes the same time.
    """
    known = document.get("password_hash", _NOBODYS_HASH)
    try:
        right = await asyncio.to_thread(_HASHER.verify, known, password)
    except (VerificationError, InvalidHashError):
        return False
    return right and bool(document) and not document["disabled"]


def _hash(token: str) -> str:
    """Return the form a token is kept in; tokens are random, so a plain hash is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
