"""Collections `conversations` and `messages`; bodies and identities are sealed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import BulkWriteError

from backend.clock import local
from backend.conversations.model import (
    Author,
    Conversation,
    Delivery,
    Expected,
    Message,
    Owner,
)
from backend.db import Database, Document, Indexes, Transaction, delete_each, one_of
from backend.people.at_rest import index_of, indexes_of
from backend.people.model import Identity
from backend.privacy import Privacy
from backend.rewriting import Tally, rewrite

# Duplicate key; write conflict with a transaction under way.
_TAKEN = frozenset({11000, 112})
INDEXES: Indexes = {
    "conversations": [IndexModel([("identity_index", ASCENDING)])],
    "messages": [
        IndexModel([("conversation_id", ASCENDING), ("seq", ASCENDING)], unique=True),
        IndexModel([("conversation_id", ASCENDING), ("key", ASCENDING)], unique=True),
        IndexModel([("position", ASCENDING)]),
    ],
    "deliveries": [IndexModel([("conversation_id", ASCENDING), ("seq", ASCENDING)])],
}


async def find(
    database: Database, privacy: Privacy, conversation_id: str, tx: Transaction | None = None
) -> Conversation | None:
    """Return one conversation."""
    session = tx.session if tx else None
    document = await database["conversations"].find_one({"_id": conversation_id}, session=session)
    return _conversation(privacy, document) if document else None


async def find_many(database: Database, privacy: Privacy, ids: set[str]) -> dict[str, Conversation]:
    """Return conversations by id."""
    cursor = database["conversations"].find({"_id": {"$in": sorted(ids)}})
    return {document["_id"]: _conversation(privacy, document) async for document in cursor}


async def insert(
    database: Database, privacy: Privacy, tx: Transaction, conversation: Conversation
) -> None:
    """Add a conversation."""
    await database["conversations"].insert_one(
        {
            "_id": conversation.id,
            "channel": conversation.channel,
            **_identity(privacy, conversation.channel, conversation.identity),
            "elder": conversation.elder,
            "owner": conversation.owner,
            "handoff_id": conversation.handoff_id,
            "last_seq": conversation.last_seq,
        },
        session=tx.session,
    )


async def seal_identities(database: Database, privacy: Privacy) -> None:
    """Seal the identities that an earlier version wrote in clear; done again it changes nothing."""
    conversations = database["conversations"]
    async for row in conversations.find({"identity": {"$type": "string"}}):
        known = {"_id": row["_id"], "identity": row["identity"]}
        sealed = _identity(privacy, row["channel"], row["identity"])
        await conversations.update_one(known, {"$set": sealed})


async def set_elder(database: Database, tx: Transaction, conversation_id: str, elder: bool) -> None:
    """Keep whether the citizen uses the 长辈版."""
    await database["conversations"].update_one(
        {"_id": conversation_id}, {"$set": {"elder": elder}}, session=tx.session
    )


async def set_owner(
    database: Database,
    tx: Transaction,
    conversation_id: str,
    owner: Owner,
    handoff_id: str | None,
) -> None:
    """Say who answers, and for which handoff."""
    await database["conversations"].update_one(
        {"_id": conversation_id},
        {"$set": {"owner": owner, "handoff_id": handoff_id}},
        session=tx.session,
    )


async def expect(
    database: Database, tx: Transaction, conversation_id: str, expected: Expected
) -> None:
    """Keep what the office waits for, once for each case."""
    await expect_no_more(database, tx, conversation_id, expected.number)
    kept = {"number": expected.number, "since": expected.since}
    await database["conversations"].update_one(
        {"_id": conversation_id}, {"$push": {"expects": kept}}, session=tx.session
    )


async def unaware(database: Database, ids: set[str]) -> set[str]:
    """Return those of some conversations that an earlier version wrote, which expected nothing."""
    query = {"_id": {"$in": sorted(ids)}, "expects": {"$exists": False}}
    found = database["conversations"].find(query, {"_id": 1})
    return {row["_id"] async for row in found}


async def expect_no_more(
    database: Database, tx: Transaction, conversation_id: str, number: str
) -> None:
    """Forget what the office waited for."""
    await database["conversations"].update_one(
        {"_id": conversation_id}, {"$pull": {"expects": {"number": number}}}, session=tx.session
    )


async def set_end(
    database: Database, conversation_id: str, seq: int, tx: Transaction | None = None
) -> None:
    """Note where the log ends, at least; in a transaction two at once conflict."""
    await database["conversations"].update_one(
        {"_id": conversation_id},
        {"$max": {"last_seq": seq}},
        session=tx.session if tx else None,
    )


async def end_of_log(
    database: Database, conversation: Conversation, tx: Transaction | None = None
) -> int:
    """Return the last place in a log; the conversation tells a place near it."""
    found = (
        database["messages"]
        .find(
            {"conversation_id": conversation.id, "seq": {"$gt": conversation.last_seq}},
            {"seq": 1},
            session=tx.session if tx else None,
        )
        .sort("seq", DESCENDING)
        .limit(1)
    )
    rows = await found.to_list(1)
    return int(rows[0]["seq"]) if rows else conversation.last_seq


async def by_key(
    database: Database, privacy: Privacy, tx: Transaction, conversation_id: str, key: str
) -> Message | None:
    """Return the message that was appended under `key`."""
    query = {"conversation_id": conversation_id, "key": key}
    document = await database["messages"].find_one(query, session=tx.session)
    return _message(privacy, document) if document else None


async def by_id(
    database: Database, privacy: Privacy, tx: Transaction, conversation_id: str, message_id: str
) -> Message | None:
    """Return one message of a conversation."""
    query = {"_id": message_id, "conversation_id": conversation_id}
    document = await database["messages"].find_one(query, session=tx.session)
    return _message(privacy, document) if document else None


async def append(database: Database, privacy: Privacy, tx: Transaction, message: Message) -> None:
    """Add a message to the log; nothing here changes or deletes one."""
    await database["messages"].insert_one(_row(privacy, message), session=tx.session)


async def append_all(database: Database, privacy: Privacy, messages: Sequence[Message]) -> bool:
    """Add messages in their order; say False where a place or a key is taken already.

    What stands before the taken one is added all the same.
    """
    rows = [_row(privacy, message) for message in messages]
    try:
        await database["messages"].insert_many(rows, ordered=True)
    except BulkWriteError as error:
        if {failed["code"] for failed in error.details["writeErrors"]} <= _TAKEN:
            return False
        raise
    return True


async def log_after(
    database: Database, privacy: Privacy, conversation_id: str, after: int, limit: int
) -> list[Message]:
    """Return at most `limit` messages after `after`, in order."""
    query = {"conversation_id": conversation_id, "seq": {"$gt": after, "$lte": after + limit}}
    cursor = database["messages"].find(query).sort("seq", ASCENDING)
    return [_message(privacy, document) for document in await cursor.to_list(limit)]


async def citizen_after(
    database: Database, conversation_id: str, after: int, tx: Transaction | None = None
) -> datetime | None:
    """Return when the citizen's first message after a place was written."""
    found = (
        database["messages"]
        .find(
            {
                "conversation_id": conversation_id,
                "seq": {"$gt": after},
                "author.kind": "citizen",
            },
            {"at": 1},
            session=tx.session if tx else None,
        )
        .sort("seq", ASCENDING)
        .limit(1)
    )
    rows = await found.to_list(1)
    return local(rows[0]["at"]) if rows else None


async def outgoing_after(
    database: Database, privacy: Privacy, after: int, limit: int
) -> list[Message]:
    """Return at most `limit` messages of the outgoing feed after position `after`, in order."""
    query = {"position": {"$gt": after, "$lte": after + limit}}
    cursor = database["messages"].find(query).sort("position", ASCENDING)
    return [_message(privacy, document) for document in await cursor.to_list(limit)]


async def set_delivery(
    database: Database, tx: Transaction, message: Message, delivery: Delivery
) -> str | None:
    """Write how it stands with a reply; return the state that stood there before."""
    query = {"_id": message.id}
    before = await database["deliveries"].find_one(query, session=tx.session)
    await database["deliveries"].update_one(
        query,
        {
            "$set": {
                "conversation_id": message.conversation_id,
                "seq": message.seq,
                "state": delivery.state,
                "attempts": delivery.attempts,
                "reason": delivery.reason,
                "next_try_at": delivery.next_try_at,
            }
        },
        upsert=True,
        session=tx.session,
    )
    return str(before["state"]) if before else None


async def deliveries(
    database: Database, conversation_id: str, after: int, limit: int
) -> dict[str, Delivery]:
    """Return by message what is known of a piece of the log; most replies have no entry."""
    query = {"conversation_id": conversation_id, "seq": {"$gt": after, "$lte": after + limit}}
    return {
        row["_id"]: Delivery(row["state"], row["attempts"], row["reason"], row["next_try_at"])
        async for row in database["deliveries"].find(query)
    }


async def of_identities(
    database: Database, privacy: Privacy, channel: str, ids: Sequence[str]
) -> list[Conversation]:
    """Return the conversations of some identities of a channel."""
    marks = indexes_of(privacy, *[Identity(channel, id).key for id in ids])
    found = database["conversations"].find({"identity_index": one_of(marks)})
    return [_conversation(privacy, document) async for document in found]


async def whole_log(
    database: Database, privacy: Privacy, conversation_id: str
) -> AsyncIterator[Message]:
    """Give every message of a log, in order."""
    query = {"conversation_id": conversation_id, "seq": {"$gt": 0}}
    async for document in database["messages"].find(query).sort("seq", ASCENDING):
        yield _message(privacy, document)


async def remove(database: Database, conversations: Sequence[str]) -> int:
    """Remove conversations, their logs and deliveries; return how many documents there were."""
    ids = list(conversations)
    removed = await delete_each(database, "deliveries", {"conversation_id": {"$in": ids}})
    removed += await delete_each(database, "messages", {"conversation_id": {"$in": ids}})
    return removed + await delete_each(database, "conversations", {"_id": {"$in": ids}})


def _identity(privacy: Privacy, channel: str, identity: str) -> Document:
    """Return how an identity is kept: sealed, with a blind index to look it up by."""
    return {
        "identity": privacy.seal_text(identity),
        "identity_index": index_of(privacy, Identity(channel, identity).key),
    }


def _conversation(privacy: Privacy, document: Document) -> Conversation:
    identity = document["identity"]
    return Conversation(
        id=document["_id"],
        channel=document["channel"],
        # An earlier version wrote it in clear.
        identity=identity if isinstance(identity, str) else privacy.unseal_text(identity),
        elder=document["elder"],
        owner=document["owner"],
        handoff_id=document["handoff_id"],
        last_seq=document["last_seq"],
        expects=tuple(
            Expected(entry["number"], local(entry["since"]))
            for entry in document.get("expects", ())
        ),
    )


def _row(privacy: Privacy, message: Message) -> Document:
    author = message.author
    return {
        "_id": message.id,
        "conversation_id": message.conversation_id,
        "seq": message.seq,
        "key": message.key,
        "direction": message.direction,
        "author": {"kind": author.kind, "id": author.id, "name": author.name},
        "body": privacy.seal_document(message.body),
        "at": message.at,
        "position": message.position,
    }


def _message(privacy: Privacy, document: Document) -> Message:
    author = document["author"]
    return Message(
        id=document["_id"],
        conversation_id=document["conversation_id"],
        seq=document["seq"],
        key=document["key"],
        direction=document["direction"],
        author=Author(author["kind"], author["id"], author["name"]),
        body=privacy.unseal_document(document["body"]),
        at=document["at"],
        position=document["position"],
    )


async def renew(database: Database, privacy: Privacy) -> Tally:
    """Write the index of every conversation's identity anew that is not of the first key."""

    def change(document: Document) -> Document | None:
        conversation = _conversation(privacy, document)
        key = Identity(conversation.channel, conversation.identity).key
        index = index_of(privacy, key)
        stale = document.get("identity_index") != index
        return {"$set": {"identity_index": index}} if stale else None

    return await rewrite(database, "conversations", {}, change)


async def every(database: Database, privacy: Privacy) -> AsyncIterator[Conversation]:
    """Give every conversation."""
    async for document in database["conversations"].find({}):
        yield _conversation(privacy, document)
