"""`paoyici keys`: which key of `DATA_KEYS` opens what, and everything sealed anew with the first.

None shows a key. These two look at the database itself, so that they work where no room starts.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from backend.replies import Replies, load_replies
from paoyici.home import ROOT
from paoyici.parts import environment, layout_from_environment
from paoyici.seals import Count, Seals

_PATIENCE_MS = 2000


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked; return the exit code: 0 all opens, 1 something does not, or refused."""
    layout = layout_from_environment()
    settings = environment(layout)
    data = Path(os.environ.get("DATA_DIR") or ROOT / "data")
    said = load_replies(data / "replies", "commands.yml")
    if arguments.does == "reindex":
        # Only this one needs the office, and the seconds to load it.
        from paoyici import reindex

        return reindex.run(said)
    keys = [key.strip() for key in settings["DATA_KEYS"].split(",") if key.strip()]
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        print(said.say("keys.unusable"), file=sys.stderr)
        return 1
    try:
        with MongoClient[dict[str, Any]](
            layout.mongodb_uri, serverSelectionTimeoutMS=_PATIENCE_MS, tz_aware=True
        ) as client:
            seals = Seals(client[settings.get("MONGODB_DATABASE") or "paoyici"], keys)
            return _DOES[arguments.does](seals, len(keys), said)
    except PyMongoError as error:
        address = layout.mongodb_uri.rpartition("@")[2]
        why = type(error).__name__
        print(said.say("office.database_away", address=address, why=why), file=sys.stderr)
        return 1


def _check(seals: Seals, keys: int, said: Replies) -> int:
    counts = seals.check()
    for name, count in counts.items():
        print(_line(name, count, keys, said))
    if any(count.unopened for count in counts.values()):
        print(said.say("keys.unopened"))
        return 1
    late = any(set(count.opened_by) - {1} for count in counts.values())
    print(said.say("keys.reseal_first" if late else "keys.first_alone"))
    return 0


def _reseal(seals: Seals, _: int, said: Replies) -> int:
    counts = seals.reseal(
        lambda name, count: print(said.say("keys.going_on", name=name, count=count), flush=True)
    )
    unopened = sum(count.unopened for count in counts.values())
    resealed = sum(count.resealed for count in counts.values())
    print(said.say("keys.resealed", count=resealed))
    if unopened:
        print(said.say("keys.left", count=unopened))
    return 1 if unopened else 0


def _line(name: str, count: Count, keys: int, said: Replies) -> str:
    opened = [
        said.say("keys.opens", place=place, count=count.opened_by[place])
        for place in range(1, keys + 1)
    ]
    return said.say("keys.line", name=name, opened="、".join(opened), unopened=count.unopened)


_DOES: Mapping[str, Callable[[Seals, int, Replies], int]] = {"check": _check, "reseal": _reseal}
