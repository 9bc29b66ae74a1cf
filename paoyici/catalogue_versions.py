"""版本 What `paoyici catalogue` does in the database, beside a running `make run` or alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

from backend.app import open_office
from backend.catalogue.importing import service
from backend.catalogue.importing.examination import Examination
from backend.catalogue.importing.faults import ImportRefusedError
from backend.db import StorageError
from backend.office import Office
from backend.replies import Replies, load_replies
from backend.settings import SettingsError, load_settings
from paoyici.parts import environment, layout_from_environment

T = TypeVar("T")


def bring_in(found: Examination, origin: service.Origin) -> str:
    """Serve an examined list; return its version's label."""

    async def bring(office: Office) -> str:
        return await service.bring_in(office, found, origin)

    return _with_office(bring)


def write_out(path: Path, label: str | None, jurisdiction: str | None) -> int:
    """Write a version to a file; return how many items it has."""

    async def write(office: Office) -> int:
        return await service.write_out(office, path, label, jurisdiction)

    try:
        return _with_office(write)
    except OSError as error:
        raise ImportRefusedError("cannot_write", why=error) from error


def roll_back(label: str) -> str:
    """Serve another version; return its label."""

    async def back(office: Office) -> str:
        return await service.roll_back(office, label)

    return _with_office(back)


def lines(replies: Replies) -> Iterator[str]:
    """Return one line a version, newest first, the served ones marked."""
    for version in _with_office(service.versions):
        parts = [version.get("jurisdiction"), version.get("file"), version.get("profile")]
        origin = " · ".join(part for part in parts if part)
        yield replies.say(
            "version.line",
            mark=replies.say("version.served" if version["served"] else "version.idle"),
            version=version["version"],
            at=f"{version['imported_at']:%Y-%m-%d %H:%M}",
            items=version["items"],
            complete=version["complete"],
            origin=origin or replies.say("version.from_data"),
        )


def _with_office(work: Callable[[Office], Awaitable[T]]) -> T:
    """Do one piece of work in the office this installation's settings name, and close it.

    Raises:
        ImportRefusedError: a setting is missing, or the database does not answer.
    """
    layout = layout_from_environment()
    try:
        # Neither the sample district nor wake-ups over Redis are any business of these commands.
        settings = load_settings(environment(layout)).model_copy(
            update={"seed_sample": False, "redis_url": None}
        )
    except SettingsError as error:
        raise ImportRefusedError("setting_wrong", why=error) from error
    replies = load_replies(settings.data_dir / "replies")

    async def inside() -> T:
        # Somebody sits before the screen: a database that is not there is told at once.
        async with open_office(settings, replies, patience=0) as office:
            return await work(office)

    try:
        return asyncio.run(inside())
    except StorageError as error:
        address = layout.mongodb_uri.rpartition("@")[2]
        raise ImportRefusedError("database_away", address=address) from error
