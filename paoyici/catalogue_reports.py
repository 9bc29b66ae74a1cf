"""What `paoyici catalogue` prints: the fault report and the linter's findings."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from backend.catalogue.importing.cells import as_text
from backend.catalogue.importing.difference import Difference, Names
from backend.catalogue.importing.faults import Fault, ImportRefusedError, Report
from backend.catalogue.linting.findings import Finding
from backend.replies import Replies


def report_as_json(report: Report, unlike: Difference | None, _: Replies) -> Iterator[str]:
    """Return the report for other programs."""
    faults = [
        {"field": field, "problem": problem, "done": done, "count": count,
         "rows": [fault.row for fault in report.examples[field, problem, done]]}
        for (field, problem, done), count in report.counts.most_common()
    ]  # fmt: skip
    content = {
        "rows": report.rows, "accepted": report.accepted, "complete": report.complete,
        "refused": report.refused, "faults": faults,
        "unknown_columns": report.unknown_columns, "absent_columns": report.absent_columns,
        "difference": None if unlike is None else asdict(unlike),
    }  # fmt: skip
    yield json.dumps(content, ensure_ascii=False)


def report_as_text(report: Report, unlike: Difference | None, replies: Replies) -> Iterator[str]:
    """导入问题单 Return the lines: what was read, each kind of fault, what becomes different."""
    yield replies.say(
        "import.read",
        rows=report.rows,
        accepted=report.accepted,
        complete=report.complete,
        refused=report.refused,
    )
    for key in ("unknown_columns", "absent_columns"):
        if columns := getattr(report, key):
            yield replies.say(f"import.{key}", columns="、".join(columns))
    yield replies.say("import.faults" if report.counts else "import.no_faults")
    for kind, count in report.counts.most_common():
        words = _words(kind, replies)
        yield replies.say("import.fault_kind", count=count, **words)
        for fault in report.examples[kind]:
            yield replies.say("import.fault_example", row=fault.row, detail=fault.detail)
    yield from _difference(unlike, replies)


def _difference(unlike: Difference | None, replies: Replies) -> Iterator[str]:
    if unlike is None:
        yield replies.say("import.not_compared")
        return
    yield replies.say("import.compared", served=unlike.served)
    for key in ("added", "changed", "gone"):
        names: Names = getattr(unlike, key)
        more = replies.say("import.and_more") if names.count > len(names.first) else ""
        first = "：" + "、".join(names.first) + more if names.first else ""
        yield replies.say(f"import.{key}", count=names.count, names=first)


def _words(kind: tuple[str, str, str], replies: Replies) -> dict[str, str]:
    field, problem, done = kind
    return {
        "field": field or replies.say("import.whole_row"),
        "problem": replies.say(f"fault.{problem}"),
        "done": replies.say(f"done.{done}"),
    }


@contextmanager
def faults_file(
    path: Path | None, replies: Replies
) -> Iterator[Callable[[list[Fault]], None] | None]:
    """Give what writes every fault down as it is found, if somebody wants them all."""
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise ImportRefusedError("cannot_write", why=error) from error
    with file:
        writer = csv.writer(file)
        writer.writerow(("row", "field", "problem", "done", "detail"))

        def tell(faults: list[Fault]) -> None:
            for fault in faults:
                words = _words((fault.field, fault.problem, fault.done), replies)
                cells = (fault.row, *words.values(), fault.detail)
                writer.writerow([as_text(cell) for cell in cells])

        yield tell


def finding_as_json(finding: Finding) -> str:
    """Return a finding as one line of JSON."""
    return json.dumps(finding.as_json(), ensure_ascii=False)


def finding_as_text(finding: Finding, replies: Replies) -> str:
    """Return a finding as one line for people."""
    level = replies.say("lint.error" if finding.is_error else "lint.warning")
    said = replies.say(f"rule.{finding.rule}", **finding.values)
    return f"{level} {'、'.join(finding.where)}：{said}"
