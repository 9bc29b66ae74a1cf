"""`paoyici aside`: messages that could not be done, listed, and tried again once.

It looks at the database itself and opens nothing that is sealed. The door that runs finds what is
to be tried again within a second; a message that fails once more is set aside again, and its
sender, who was answered the first time, hears nothing of it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pymongo import ASCENDING, MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from backend.clock import SHANGHAI
from backend.replies import Replies, load_replies
from paoyici.at_the_office import operator
from paoyici.home import ROOT
from paoyici.parts import layout_from_environment

_PATIENCE_MS = 2000

Store = Database[dict[str, Any]]


@dataclass(frozen=True)
class SetAside:
    """One message that could not be done.

    Attributes:
        why: what the last try was called in the log.
        passed: a later message of the conversation has been answered since.
    """

    id: str
    conversation_id: str
    at: datetime
    attempts: int
    why: str
    passed: bool


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked; return the exit code: 0 done, 1 refused."""
    layout = layout_from_environment()
    data = Path(os.environ.get("DATA_DIR") or ROOT / "data")
    said = load_replies(data / "replies", "commands.yml")
    try:
        with MongoClient[dict[str, Any]](
            layout.mongodb_uri, serverSelectionTimeoutMS=_PATIENCE_MS, tz_aware=True
        ) as client:
            _DOES[arguments.does](client[os.environ.get("MONGODB_DATABASE") or "paoyici"], said)
    except PyMongoError as error:
        address = layout.mongodb_uri.rpartition("@")[2]
        why = type(error).__name__
        print(said.say("office.database_away", address=address, why=why), file=sys.stderr)
        return 1
    return 0


def _found(store: Store) -> Iterator[SetAside]:
    """Give what is set aside, in the order it came."""
    for row in store["inbox"].find({"state": "set_aside"}).sort("seq", ASCENDING):
        later = {
            "conversation_id": row["conversation_id"],
            "state": "done",
            "seq": {"$gt": row["seq"]},
        }
        yield SetAside(
            id=row["_id"],
            conversation_id=row["conversation_id"],
            at=row["at"],
            attempts=row["attempts"],
            why=row.get("last_error") or "-",
            passed=store["inbox"].find_one(later, {"_id": 1}) is not None,
        )


def _list(store: Store, said: Replies) -> None:
    found = list(_found(store))
    for one in found:
        at = f"{one.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        line = "aside.passed" if one.passed else "aside.line"
        print(said.say(line, id=one.id, at=at, tries=one.attempts, why=one.why))
    print(said.say("aside.count", count=len(found)))


def _retry(store: Store, said: Replies) -> None:
    """Give back to the door what can still be answered in its place.

    One after which the conversation went on is left: said now, a “yes” to an old question would
    be taken for one to another.
    """
    given, passed = 0, 0
    for one in list(_found(store)):
        if one.passed:
            passed += 1
            continue
        given += _give_back(store, one)
    print(said.say("aside.given_back", count=given))
    if passed:
        print(said.say("aside.left", count=passed))


def _give_back(store: Store, one: SetAside) -> int:
    """Let the door try a message again; return 0 where somebody else has done so.

    Its tries stay counted, so that the next one that fails by a defect sets it aside again.
    """
    now = datetime.now(UTC)
    asked = {"at": now, "by": operator().id}
    changed = store["inbox"].update_one(
        {"_id": one.id, "state": "set_aside"},
        {
            "$set": {"state": "received", "due_at": now},
            "$unset": {"first_tried_at": "", "done_at": ""},
            "$push": {"retried": asked},
        },
    )
    return changed.modified_count


_DOES: Mapping[str, Callable[[Store, Replies], None]] = {"list": _list, "retry": _retry}
