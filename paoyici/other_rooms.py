"""What the door and the dialogue have of some conversations, for commands about one person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import bot.db
from backend.document import Document
from backend.office import Office
from bot.dialogue import Dialogue
from bot.errors import DialogueAwayError
from bot.http import HttpClient
from bot.personal.copier import copy_share
from bot.personal.eraser import SETTLE_SECONDS, erase_share
from bot.personal.store import Personal
from bot.privacy import Envelope
from paoyici.at_the_office import UnfinishedError
from paoyici.parts import layout_from_environment


async def copy(office: Office, conversations: Sequence[str]) -> Document:
    """Return what both have, opened.

    Raises:
        UnfinishedError: the dialogue does not answer.
    """
    try:
        async with _open(office) as (personal, dialogue):
            return await copy_share(personal, dialogue, conversations)
    except DialogueAwayError as error:
        raise UnfinishedError from error


async def erase(office: Office, conversations: Sequence[str]) -> int:
    """Erase what both have; return how many documents there were.

    Raises:
        UnfinishedError: the dialogue does not answer.
    """
    try:
        async with _open(office) as (personal, dialogue):
            return await erase_share(personal, dialogue, conversations, SETTLE_SECONDS)
    except DialogueAwayError as error:
        raise UnfinishedError from error


@asynccontextmanager
async def _open(office: Office) -> AsyncIterator[tuple[Personal, Dialogue]]:
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
