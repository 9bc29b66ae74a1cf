"""`paoyici people`: copy out or erase all there is of one person, over all rooms.

《个人信息保护法》第四十五、四十七条. ID number and phone are asked for at a terminal, or read as
two lines from what is piped in; they never stand among the arguments, where other users of the
machine could read them.

In a container of the office alone, which does not hold the door, both wait for the running door to
do its share.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from backend.document import Document
from backend.errors import OfficeError, UnavailableError
from backend.office import Office
from backend.personal import door, service
from backend.personal.archive import archive
from backend.personal.model import DOOR, Erasure
from backend.personal.service import Person
from backend.replies import Replies, load_replies
from paoyici.at_the_office import (
    OfficeUnreachableError,
    UnfinishedError,
    operator,
    with_office,
)
from paoyici.home import ROOT

_DOOR_IS_HERE = find_spec("bot") is not None
# A door that runs looks for erasures every few seconds and lets turns come to an end first.
_PATIENCE_SECONDS = 60

Asked = tuple[str, str] | str
"""ID number and phone, or the id of a conversation."""


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked; return the exit code: 0 done, 1 refused or not finished."""
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "data") / "replies"
    said = load_replies(folder, "commands.yml")
    asked = arguments.conversation or _read(said)
    try:
        if arguments.does == "export":
            size = _export(asked, arguments.why, arguments.file)
            print(said.say("people.exported", file=arguments.file, size=size))
        else:
            erasure = _erase(asked, arguments.why)
            kept = "、".join(erasure.kept) or said.say("people.none")
            print(said.say("people.erased", id=erasure.id, kept=kept))
            for step, touched in erasure.done.items():
                print(f"  {step}: {touched}")
    except FileExistsError:
        print(said.say("people.file_exists", file=arguments.file), file=sys.stderr)
        return 1
    except UnfinishedError:
        print(said.say(f"people.{arguments.does}_later"), file=sys.stderr)
        return 1
    except OfficeUnreachableError as away:
        print(said.say(away.key, **away.values), file=sys.stderr)
        return 1
    except OfficeError as error:
        print(load_replies(folder).say(error.key, **error.detail), file=sys.stderr)
        for number in error.detail.get("numbers", ()):  # type: ignore[attr-defined]
            print(f"  {number}", file=sys.stderr)
        return 1
    return 0


def _read(said: Replies) -> tuple[str, str]:
    """Return ID number and phone, asked for unseen at a terminal, or two lines of a pipe."""
    if sys.stdin.isatty():
        return (
            getpass.getpass(said.say("people.id_number")),
            getpass.getpass(said.say("people.phone")),
        )
    return sys.stdin.readline().strip(), sys.stdin.readline().strip()


def _export(asked: Asked, why: str, file: Path) -> int:
    """Write the ZIP, readable by its owner alone; return its size in bytes.

    Raises:
        FileExistsError: there is such a file; nothing is written over.
        UnfinishedError: the dialogue or the door does not answer: the copy would not be whole.
        OfficeError: the office knows nothing of them.
    """

    async def work(office: Office) -> bytes:
        person = await _person(office, asked)
        copied = await service.copy(office, person, operator(), why)
        copied |= await _beyond(office, person.subject.conversations)
        return await archive(office, person.subject, copied)

    if file.exists():
        raise FileExistsError
    content = with_office(work)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(content)
    return len(content)


async def _beyond(office: Office, conversations: Sequence[str]) -> Document:
    """Return the share of the door and the dialogue, from the running door where it is not here.

    Raises:
        UnfinishedError: one of them does not answer.
    """
    if _DOOR_IS_HERE:
        from paoyici import other_rooms

        return await other_rooms.copy(office, conversations)
    try:
        return await door.share(office, conversations)
    except UnavailableError as error:
        raise UnfinishedError from error


def _erase(asked: Asked, why: str) -> Erasure:
    """Erase over all rooms, or go on where it was interrupted.

    Raises:
        UnfinishedError: the dialogue does not answer; the running house goes on, or another try.
        OfficeError: nothing is known of them, or something is still under way.
    """

    async def work(office: Office) -> Erasure:
        erasure = await service.begin(office, await _person(office, asked), operator(), why)
        if DOOR not in erasure.done:
            await _at_the_door(office, erasure)
        return await service.go_on(office, erasure.id)

    return with_office(work)


async def _at_the_door(office: Office, erasure: Erasure) -> None:
    """Erase the share of the door and the dialogue, or wait until the running door has.

    Raises:
        UnfinishedError: the dialogue, or the door, does not do its share.
    """
    if _DOOR_IS_HERE:
        from paoyici import other_rooms

        touched = await other_rooms.erase(office, erasure.subject.conversations)
        await office.transact(lambda tx: service.door_finished(office, tx, erasure.id, touched))
        return
    for _ in range(_PATIENCE_SECONDS):
        if DOOR in (await service.get(office, erasure.id)).done:
            return
        await asyncio.sleep(1)
    raise UnfinishedError


async def _person(office: Office, asked: Asked) -> Person:
    if isinstance(asked, str):
        return await service.by_conversation(office, asked)
    return await service.by_id_number(office, *asked)
