"""`paoyici catalogue`: bring an office's list in, write it out, go back, look it over."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from backend.app import open_office
from backend.catalogue.importing import service
from backend.catalogue.importing.examination import Examination, examine
from backend.catalogue.importing.faults import ImportRefusedError
from backend.catalogue.linting.service import lint
from backend.catalogue.model import CatalogueError
from backend.db import StorageError
from backend.office import Office
from backend.replies import Replies, load_replies
from backend.settings import SettingsError, load_settings
from paoyici.catalogue_reports import (
    faults_file,
    finding_as_json,
    finding_as_text,
    report_as_json,
    report_as_text,
)
from paoyici.home import ROOT
from paoyici.parts import environment, layout_from_environment

T = TypeVar("T")


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked; return the exit code: 0 done, 1 refused or errors found."""
    data = Path(os.environ.get("DATA_DIR") or ROOT / "data")
    replies = load_replies(data / "replies", "catalogue.yml")
    try:
        return _DOES[arguments.does](arguments, data, replies)
    except ImportRefusedError as refused:
        print(replies.say(f"refused.{refused.key}", **refused.values), file=sys.stderr)
    except CatalogueError as wrong:
        print(replies.say("refused.files_wrong", why=wrong), file=sys.stderr)
    except SettingsError as missing:
        print(replies.say("refused.setting_wrong", why=missing), file=sys.stderr)
    except StorageError:
        address = layout_from_environment().mongodb_uri.rpartition("@")[2]
        print(replies.say("refused.database_away", address=address), file=sys.stderr)
    if arguments.does == "import":
        print(replies.say("import.nothing_changed"), file=sys.stderr)
    return 1


def _import(arguments: argparse.Namespace, data: Path, replies: Replies) -> int:
    with faults_file(arguments.report, replies) as tell:
        found = examine(arguments.file, data, arguments.profile, arguments.jurisdiction, tell=tell)
    try:
        show = report_as_json if arguments.json else report_as_text
        for line in show(found.report, replies):
            print(line)
        if arguments.report is not None:
            print(replies.say("import.report_written", file=arguments.report), file=sys.stderr)
        found.refuse_if_unfit()
        if arguments.dry_run:
            print(replies.say("import.dry"), file=sys.stderr)
            return 0
        version = _with_office(lambda office: _bring(office, found, arguments))
        _say_served(arguments, version, replies)
    finally:
        found.spool.close()
    return 0


async def _bring(office: Office, found: Examination, arguments: argparse.Namespace) -> str:
    origin = service.Origin(arguments.file.name, arguments.profile, arguments.jurisdiction)
    return await service.bring_in(office, found, origin)


def _say_served(arguments: argparse.Namespace, version: str, replies: Replies) -> None:
    key = "import.served" if arguments.jurisdiction is None else "import.served_elsewhere"
    said = replies.say(key, version=version, jurisdiction=arguments.jurisdiction)
    print(said, file=sys.stderr)


def _export(arguments: argparse.Namespace, _: Path, replies: Replies) -> int:
    async def write(office: Office) -> int:
        return await service.write_out(
            office, arguments.file, arguments.version, arguments.jurisdiction
        )

    try:
        count = _with_office(write)
    except OSError as error:
        raise ImportRefusedError("cannot_write", why=error) from error
    print(replies.say("version.exported", file=arguments.file, count=count))
    return 0


def _versions(_: argparse.Namespace, __: Path, replies: Replies) -> int:
    for version in _with_office(service.versions):
        parts = [version.get("jurisdiction"), version.get("file"), version.get("profile")]
        origin = " · ".join(part for part in parts if part)
        print(
            replies.say(
                "version.line",
                mark=replies.say("version.served" if version["served"] else "version.idle"),
                version=version["version"],
                at=f"{version['imported_at']:%Y-%m-%d %H:%M}",
                items=version["items"],
                complete=version["complete"],
                origin=origin or replies.say("version.from_data"),
            )
        )
    return 0


def _rollback(arguments: argparse.Namespace, _: Path, replies: Replies) -> int:
    version = _with_office(lambda office: service.roll_back(office, arguments.version))
    print(replies.say("version.rolled_back", version=version))
    return 0


def _lint(arguments: argparse.Namespace, data: Path, replies: Replies) -> int:
    findings = lint(data, arguments.threshold)
    for finding in findings:
        print(finding_as_json(finding) if arguments.json else finding_as_text(finding, replies))
    errors = sum(finding.is_error for finding in findings)
    said = replies.say("lint.sum", errors=errors, warnings=len(findings) - errors)
    print(said, file=sys.stderr)
    return 1 if errors else 0


def _with_office(work: Callable[[Office], Awaitable[T]]) -> T:
    """Do one piece of work in the office this installation's settings name, and close it."""
    os.environ.update(environment(layout_from_environment()))
    # Neither the sample district nor wake-ups over Redis are any business of these commands.
    settings = load_settings().model_copy(update={"seed_sample": False, "redis_url": None})
    replies = load_replies(settings.data_dir / "replies")

    async def inside() -> T:
        async with open_office(settings, replies) as office:
            return await work(office)

    return asyncio.run(inside())


_DOES = {
    "import": _import,
    "export": _export,
    "versions": _versions,
    "rollback": _rollback,
    "lint": _lint,
}
