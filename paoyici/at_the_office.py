"""What commands do in the office's database, beside a running `make run` or alone."""

from __future__ import annotations

import asyncio
import getpass
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from paoyici.parts import environment, layout_from_environment

if TYPE_CHECKING:
    from backend.db import Database
    from backend.events import Who
    from backend.office import Office

T = TypeVar("T")


class OfficeUnreachableError(RuntimeError):
    """No office: `key` and `values` are a sentence of `data/replies/commands.yml`."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class UnfinishedError(RuntimeError):
    """Another room does not do its share; what is done so far stays done."""


def operator() -> Who:
    """Return who runs a command: the machine's user, whom histories name."""
    from backend.events import Who

    try:
        return Who("system", getpass.getuser())
    except KeyError:
        # A container may run as a number that has no name.
        return Who("system", str(os.getuid()))


def with_database(work: Callable[[Database], Awaitable[T]]) -> T | None:
    """Read something in the database these settings name, without opening the office.

    Returns:
        What `work` returns; None where the database does not answer.
    """
    from backend.db import StorageError, connect, database

    async def inside() -> T:
        client = connect(layout_from_environment().mongodb_uri)
        try:
            return await work(database(client, os.environ.get("MONGODB_DATABASE") or "paoyici"))
        finally:
            await asyncio.to_thread(client.close)

    try:
        return asyncio.run(inside())
    except StorageError:
        return None


def with_office(work: Callable[[Office], Awaitable[T]]) -> T:
    """Do one piece of work in the office this installation's settings name, and close it.

    Args:
        work: is given the open office; what it returns is returned.

    Raises:
        OfficeUnreachableError: a setting is missing, a key is the wrong one, or the database does
            not answer or refuses.
    """
    # Commands that never get here need neither the office nor the seconds to load it.
    from pymongo.errors import ConnectionFailure

    from backend.app import open_office
    from backend.db import StorageError
    from backend.replies import load_replies
    from backend.settings import SettingsError, load_settings

    layout = layout_from_environment()
    try:
        # Neither the sample district nor wake-ups over Redis are any business of a command.
        settings = load_settings(environment(layout)).model_copy(
            update={"seed_sample": False, "redis_url": None}
        )
    except SettingsError as error:
        raise OfficeUnreachableError("office.setting_wrong", why=error) from error
    replies = load_replies(settings.data_dir / "replies")

    async def inside() -> T:
        # Somebody sits before the screen: a database that is not there is told at once.
        async with open_office(settings, replies, patience=0) as office:
            return await work(office)

    try:
        return asyncio.run(inside())
    except SettingsError as error:
        raise OfficeUnreachableError("office.key_wrong", why=error) from error
    except StorageError as error:
        address = layout.mongodb_uri.rpartition("@")[2]
        away = isinstance(error, ConnectionFailure)
        key = "office.database_away" if away else "office.database_refused"
        why = type(error).__name__
        raise OfficeUnreachableError(key, address=address, why=why) from error
