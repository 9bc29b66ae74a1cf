"""版本 What `paoyici catalogue` does in the office's database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from backend.catalogue.importing import service
from backend.catalogue.importing.difference import Difference, compare
from backend.catalogue.importing.examination import Examination
from backend.catalogue.importing.faults import ImportRefusedError
from backend.office import Office
from backend.replies import Replies
from paoyici.at_the_office import operator, with_database, with_office


def difference(found: Examination, jurisdiction: str | None) -> Difference | None:
    """Compare an examined list with what is served; None where the database does not answer."""
    return with_database(lambda database: compare(database, found, jurisdiction))


def bring_in(found: Examination, origin: service.Origin, *, replace: bool) -> str:
    """Serve an examined list; return its version's label."""

    async def bring(office: Office) -> str:
        return await service.bring_in(office, found, origin, who=operator(), replace=replace)

    return with_office(bring)


def write_out(path: Path, label: str | None, jurisdiction: str | None) -> int:
    """Write a version to a file; return how many items it has."""

    async def write(office: Office) -> int:
        return await service.write_out(office, path, label, jurisdiction)

    try:
        return with_office(write)
    except OSError as error:
        raise ImportRefusedError("cannot_write", why=error) from error


def roll_back(label: str) -> str:
    """Serve another version; return its label."""

    async def back(office: Office) -> str:
        return await service.roll_back(office, label, operator())

    return with_office(back)


def lines(replies: Replies) -> Iterator[str]:
    """Return one line a version, newest first, the served ones marked."""
    for version in with_office(service.versions):
        parts = [version.get(name) for name in ("jurisdiction", "file", "profile", "by")]
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
