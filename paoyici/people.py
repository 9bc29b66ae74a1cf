"""`paoyici people`: copy out or erase all there is of one person, over all rooms.

《个人信息保护法》第四十五、四十七条. ID number and phone are asked for at a terminal, or read as
two lines from what is piped in; they never stand among the arguments, where other users of the
machine could read them.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import bot.db
from backend.errors import OfficeError
from backend.office import Office
from backend.personal import service
from backend.personal.archive import archive
from backend.personal.model import DOOR, Erasure
from backend.personal.service import Person
from backend.replies import Replies, load_replies
from bot.dialogue import Dialogue
from bot.errors import DialogueAwayError
from bot.http import HttpClient
from bot.personal.eraser import SETTLE_SECONDS, erase_share
from bot.personal.store import Personal
from bot.privacy import Envelope
from paoyici.at_the_office import OfficeUnreachableError, operator, with_office
from paoyici.home import ROOT
from paoyici.parts import layout_from_environment

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
    except DialogueAwayError:
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
        DialogueAwayError: the dialogue does not answer, so the copy would not be whole.
        OfficeError: the office knows nothing of them.
    """

    async def work(office: Office) -> bytes:
        person = await _person(office, asked)
        copied = await service.copy(office, person, operator(), why)
        async with _other_rooms(office) as (personal, dialogue):
            conversations = person.subject.conversations
            copied["door"] = await personal.copy(conversations)
            copied["dialogue"] = {id: await dialogue.known(id) for id in conversations}
        return await archive(office, person.subject, copied)

    if file.exists():
        raise FileExistsError
    content = with_office(work)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        written.write(content)
    return len(content)


def _erase(asked: Asked, why: str) -> Erasure:
    """Erase over all rooms, or go on where it was interrupted.

    Raises:
        DialogueAwayError: the dialogue does not answer; the running house goes on, or another try.
        OfficeError: nothing is known of them, or something is still under way.
    """

    async def work(office: Office) -> Erasure:
        erasure = await service.begin(office, await _person(office, asked), operator(), why)
        if DOOR not in erasure.done:
            async with _other_rooms(office) as (personal, dialogue):
                conversations = erasure.subject.conversations
                touched = await erase_share(personal, dialogue, conversations, SETTLE_SECONDS)
            await office.transact(lambda tx: service.door_finished(office, tx, erasure.id, touched))
        return await service.go_on(office, erasure.id)

    return with_office(work)


async def _person(office: Office, asked: Asked) -> Person:
    if isinstance(asked, str):
        return await service.by_conversation(office, asked)
    return await service.by_id_number(office, *asked)


@asynccontextmanager
async def _other_rooms(office: Office) -> AsyncIterator[tuple[Personal, Dialogue]]:
    """Give the door's collections and the client of the dialogue service."""
    settings = office.settings
    client = bot.db.connect(settings.mongodb_uri)
    keys = [key.strip() for key in settings.data_keys.split(",")]
    bases = [url.strip().rstrip("/") for url in layout_from_environment().dialogue_url.split(",")]
    try:
        async with HttpClient() as http:
            personal = Personal(client[settings.mongodb_database], Envelope(keys))
            yield personal, Dialogue(http, bases)
    finally:
        # The driver says good-bye to the server on a blocking socket.
        await asyncio.to_thread(client.close)
