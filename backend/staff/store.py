"""Collections `staff` and `staff_sessions`."""

from __future__ import annotations

from datetime import datetime

from pymongo import ASCENDING, IndexModel

from backend.db import Database, Document, Indexes, Transaction
from backend.staff.model import Role, Session, StaffMember

INDEXES: Indexes = {
    "staff": [IndexModel([("username", ASCENDING)], unique=True)],
    "staff_sessions": [
        IndexModel([("let_go_at", ASCENDING)], expireAfterSeconds=0),
        IndexModel([("staff_id", ASCENDING)]),
        IndexModel([("here_at", ASCENDING)]),
    ],
}


async def by_username(database: Database, username: str, tx: Transaction | None = None) -> Document:
    """Return the account's document, empty where there is none."""
    session = tx.session if tx else None
    return await database["staff"].find_one({"username": username}, session=session) or {}


async def by_id(
    database: Database, staff_id: str, tx: Transaction | None = None
) -> StaffMember | None:
    """Return one account."""
    session = tx.session if tx else None
    document = await database["staff"].find_one({"_id": staff_id}, session=session)
    return member(document) if document else None


async def every(database: Database) -> list[StaffMember]:
    """Return all accounts by user name."""
    cursor = database["staff"].find({}).sort("username", ASCENDING)
    return [member(document) for document in await cursor.to_list(1000)]


async def insert(
    database: Database, tx: Transaction, member: StaffMember, password_hash: str
) -> None:
    """Add an account; it has no second factor yet."""
    await database["staff"].insert_one(
        {
            "_id": member.id,
            "username": member.username,
            "name": member.name,
            "roles": sorted(member.roles),
            "disabled": member.disabled,
            "password_hash": password_hash,
            "password_given": member.password_given,
        },
        session=tx.session,
    )


async def set_disabled(
    database: Database, tx: Transaction, staff_id: str, disabled: bool
) -> StaffMember | None:
    """Switch an account off or on; switched off, its sessions end."""
    await database["staff"].update_one(
        {"_id": staff_id}, {"$set": {"disabled": disabled}}, session=tx.session
    )
    if disabled:
        return await _without_sessions(database, tx, staff_id)
    return await by_id(database, staff_id, tx)


async def set_password(
    database: Database, tx: Transaction, staff_id: str, password_hash: str, *, given: bool
) -> StaffMember | None:
    """Replace a password; all sessions end."""
    change = {"password_hash": password_hash, "password_given": given}
    await database["staff"].update_one({"_id": staff_id}, {"$set": change}, session=tx.session)
    return await _without_sessions(database, tx, staff_id)


async def mark_given(database: Database, tx: Transaction, staff_id: str) -> None:
    """Note that others know an account's password, so that it is replaced before any work."""
    change = {"$set": {"password_given": True}}
    await database["staff"].update_one({"_id": staff_id}, change, session=tx.session)


async def offer_second_factor(
    database: Database, tx: Transaction, staff_id: str, sealed: bytes
) -> bool:
    """Keep a secret that nobody has shown to have yet; False where there is a confirmed one."""
    factor = {"secret": sealed, "confirmed": False, "used": 0}
    free = {"_id": staff_id, "second_factor.confirmed": {"$ne": True}}
    change = {"$set": {"second_factor": factor}}
    done = await database["staff"].update_one(free, change, session=tx.session)
    return bool(done.matched_count)


async def confirm_second_factor(
    database: Database, tx: Transaction, staff_id: str, step: int
) -> None:
    """Ask for codes of the kept secret from now on."""
    change = {"$set": {"second_factor.confirmed": True, "second_factor.used": step}}
    await database["staff"].update_one({"_id": staff_id}, change, session=tx.session)


async def use_code(database: Database, tx: Transaction, staff_id: str, step: int) -> bool:
    """Note that the code of a step was accepted; False where it was before."""
    unused = {"_id": staff_id, "second_factor.used": {"$lt": step}}
    change = {"$set": {"second_factor.used": step}}
    done = await database["staff"].update_one(unused, change, session=tx.session)
    return bool(done.matched_count)


async def remove_second_factor(
    database: Database, tx: Transaction, staff_id: str
) -> StaffMember | None:
    """Forget the secret; all sessions end."""
    change = {"$unset": {"second_factor": ""}}
    await database["staff"].update_one({"_id": staff_id}, change, session=tx.session)
    return await _without_sessions(database, tx, staff_id)


async def insert_session(
    database: Database, tx: Transaction, token_hash: str, session: Session, let_go_at: datetime
) -> None:
    """Add a session under the hash of its token.

    Args:
        database: the office's.
        tx: the transaction under way.
        token_hash: its name.
        session: who, and until when by the office's clock.
        let_go_at: from when on MongoDB removes it.
    """
    await database["staff_sessions"].insert_one(
        {
            "_id": token_hash,
            "staff_id": session.staff_id,
            "expires_at": session.expires_at,
            "let_go_at": let_go_at,
            "seen_at": session.seen_at,
            "here_at": session.here_at,
            "opened_at": session.opened_at,
        },
        session=tx.session,
    )


async def session_of(
    database: Database, token_hash: str, tx: Transaction | None = None
) -> Session | None:
    """Return the session of a token's hash."""
    session = tx.session if tx else None
    document = await database["staff_sessions"].find_one({"_id": token_hash}, session=session)
    return _session(document) if document else None


async def sessions_of(database: Database, staff_id: str) -> dict[str, Session]:
    """Return all sessions of an account, by the hash of their token."""
    cursor = database["staff_sessions"].find({"staff_id": staff_id})
    return {document["_id"]: _session(document) async for document in cursor}


async def touch_session(database: Database, token_hash: str, now: datetime, *, used: bool) -> None:
    """Note that somebody is there, and where it was `used` that something was asked for."""
    change = {"here_at": now} | ({"seen_at": now} if used else {})
    await database["staff_sessions"].update_one({"_id": token_hash}, {"$set": change})


async def here_since(
    database: Database, moment: datetime, tx: Transaction | None = None
) -> set[str]:
    """Return whose sessions gave a sign of life after a moment."""
    session = tx.session if tx else None
    cursor = database["staff_sessions"].find({"here_at": {"$gt": moment}}, session=session)
    return {document["staff_id"] async for document in cursor}


async def by_ids(database: Database, ids: set[str]) -> list[StaffMember]:
    """Return those accounts that exist."""
    cursor = database["staff"].find({"_id": {"$in": sorted(ids)}})
    return [member(document) async for document in cursor]


async def end_session(database: Database, tx: Transaction, token_hash: str) -> bool:
    """Forget a session; False where there was none."""
    done = await database["staff_sessions"].delete_one({"_id": token_hash}, session=tx.session)
    return bool(done.deleted_count)


async def end_other_sessions(
    database: Database, tx: Transaction, staff_id: str, token_hash: str
) -> None:
    """Forget all sessions of an account but one."""
    others = {"staff_id": staff_id, "_id": {"$ne": token_hash}}
    await database["staff_sessions"].delete_many(others, session=tx.session)


def proofs(document: Document) -> tuple[str, bytes | None]:
    """Return what a log-in is checked against: the password's hash, the confirmed secret."""
    factor = document.get("second_factor", {})
    return document["password_hash"], factor["secret"] if factor.get("confirmed") else None


def member(document: Document) -> StaffMember:
    """Return an account without its secrets."""
    roles: frozenset[Role] = frozenset(document["roles"])
    factor = document.get("second_factor", {})
    return StaffMember(
        document["_id"],
        document["username"],
        document["name"],
        roles,
        disabled=document["disabled"],
        password_given=document.get("password_given", False),
        second_factor=factor.get("confirmed", False),
    )


def _session(document: Document) -> Session:
    """Return a session; one that an earlier version wrote does not know when it was opened."""
    seen_at = document["seen_at"]
    return Session(
        document["staff_id"],
        document["expires_at"],
        seen_at,
        document.get("here_at") or seen_at,
        document.get("opened_at"),
    )


async def _without_sessions(
    database: Database, tx: Transaction, staff_id: str
) -> StaffMember | None:
    """End all sessions of an account and return it."""
    await database["staff_sessions"].delete_many({"staff_id": staff_id}, session=tx.session)
    return await by_id(database, staff_id, tx)
