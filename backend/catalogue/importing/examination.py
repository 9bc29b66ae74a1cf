"""试导入 Reads a whole list once, without changing anything: its items wait in a spool."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.catalogue.importing.faults import Fault, ImportRefusedError, Report
from backend.catalogue.importing.items import Converter
from backend.catalogue.importing.profile import Profile, load_profile
from backend.catalogue.importing.readers import Row, read_rows
from backend.catalogue.importing.shapes import Shapes
from backend.catalogue.importing.spool import Spool, line_of

# Names of columns beyond this are noise of a broken list.
MOST_COLUMNS = 200
# More rows refused than this share: the profile does not fit the list.
MOST_REFUSED = 0.1
DIGESTS = 1 << 64


@dataclass(slots=True)
class Examination:
    """试导入 What a list would become: its items on disk, its digest, and the report.

    The digest tells the content: the same items for the same jurisdiction make no new version.
    """

    report: Report
    digest: str
    spool: Spool

    def refuse_if_unfit(self) -> None:
        """Let a list through that may be served.

        Raises:
            ImportRefusedError: no row, or too few of them, became an item.
        """
        report = self.report
        if report.accepted == 0:
            raise ImportRefusedError("nothing_accepted", rows=report.rows)
        if report.refused > MOST_REFUSED * report.rows:
            raise ImportRefusedError("too_many_refused", refused=report.refused, rows=report.rows)


def examine(
    path: Path,
    data: Path,
    profile_name: str,
    jurisdiction: str | None = None,
    tell: Callable[[list[Fault]], None] | None = None,
) -> Examination:
    """Read a list to its end; blocking. Close the spool that is returned.

    Args:
        path: the office's list.
        data: the repository's `data/`, for schemas and profiles.
        profile_name: name in `data/profiles/`, or path of a profile.
        jurisdiction: whose list it is; None for this district.
        tell: is told the faults of each row as they are found.

    Raises:
        ImportRefusedError: the list or the profile cannot be used.
    """
    profile = load_profile(data, profile_name)
    converter, report, seen = Converter(profile, Shapes(data)), Report(), set[str]()
    digest = _hash(json.dumps(jurisdiction))
    spool = Spool()
    try:
        for row in read_rows(path, profile):
            _know_columns(row, seen, report, profile)
            item, faults = converter.convert(row)
            report.note(faults)
            if tell is not None:
                tell(faults)
            if item is None:
                report.refused += 1
                continue
            digest += _hash(line_of(item))
            spool.add([item])
            report.accepted += 1
            report.complete += item["status"] == "complete"
        _compare_columns(seen, report, profile)
    except BaseException:
        spool.close()
        raise
    return Examination(report, f"{digest % DIGESTS:016x}", spool)


def _hash(text: str) -> int:
    """A sum of these is the same in whatever order the rows stand."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def _know_columns(row: Row, seen: set[str], report: Report, profile: Profile) -> None:
    """Learn the list's columns; without those of name and department, stop at the first row."""
    report.rows += 1
    if len(seen) < MOST_COLUMNS:
        seen.update(row.values.keys())
    absent = {column for column in profile.required() if not _stands_in(column, seen)}
    if absent and row.broken is None:
        found = "、".join(sorted(seen))
        raise ImportRefusedError("columns_absent", columns="、".join(sorted(absent)), found=found)


def _compare_columns(seen: set[str], report: Report, profile: Profile) -> None:
    used = profile.columns()
    known = used | profile.ignore_columns | {column.split(".")[0] for column in used}
    report.unknown_columns = sorted(seen - known)
    report.absent_columns = sorted(column for column in used if not _stands_in(column, seen))


def _stands_in(column: str, seen: set[str]) -> bool:
    return column in seen or column.split(".")[0] in seen
