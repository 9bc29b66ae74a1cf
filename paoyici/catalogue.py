"""`paoyici catalogue`: bring an office's list in, write it out, go back, look it over.

Only what needs the database loads the office; a dry run and the linter need nothing that runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from backend.catalogue.importing.examination import examine
from backend.catalogue.importing.faults import ImportRefusedError
from backend.catalogue.linting.service import lint
from backend.catalogue.model import CatalogueError
from backend.replies import Replies, load_replies
from paoyici.at_the_office import OfficeUnreachableError
from paoyici.catalogue_reports import (
    faults_file,
    finding_as_json,
    finding_as_text,
    report_as_json,
    report_as_text,
)
from paoyici.home import ROOT


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
    except OfficeUnreachableError as away:
        said = load_replies(data / "replies", "commands.yml").say(away.key, **away.values)
        print(said, file=sys.stderr)
    except BrokenPipeError:
        _say_nothing_changed(arguments, replies)
        raise
    _say_nothing_changed(arguments, replies)
    return 1


def _say_nothing_changed(arguments: argparse.Namespace, replies: Replies) -> None:
    if arguments.does == "import":
        print(replies.say("import.nothing_changed"), file=sys.stderr)


def _import(arguments: argparse.Namespace, data: Path, replies: Replies) -> int:
    with faults_file(arguments.report, replies) as tell:
        found = examine(arguments.file, data, arguments.profile, arguments.jurisdiction, tell=tell)
    try:
        from paoyici.catalogue_versions import bring_in, difference

        unlike = difference(found, arguments.jurisdiction)
        show = report_as_json if arguments.json else report_as_text
        for line in show(found.report, unlike, replies):
            print(line)
        if arguments.report is not None:
            print(replies.say("import.report_written", file=arguments.report), file=sys.stderr)
        found.refuse_if_unfit()
        if arguments.dry_run:
            if unlike is not None and not arguments.replace:
                unlike.refuse_if_much_is_gone()
            said = replies.say("import.dry")
        else:
            from backend.catalogue.importing.service import Origin

            owner = arguments.jurisdiction
            origin = Origin(arguments.file.name, arguments.profile, owner)
            version = bring_in(found, origin, replace=arguments.replace)
            key = "import.served" if owner is None else "import.served_elsewhere"
            said = replies.say(key, version=version, jurisdiction=owner)
    finally:
        found.spool.close()
    print(said, file=sys.stderr)
    return 0


def _export(arguments: argparse.Namespace, _: Path, replies: Replies) -> int:
    from paoyici.catalogue_versions import write_out

    count = write_out(arguments.file, arguments.version, arguments.jurisdiction)
    print(replies.say("version.exported", file=arguments.file, count=count))
    return 0


def _versions(_: argparse.Namespace, __: Path, replies: Replies) -> int:
    from paoyici.catalogue_versions import lines

    for line in lines(replies):
        print(line)
    return 0


def _rollback(arguments: argparse.Namespace, _: Path, replies: Replies) -> int:
    from paoyici.catalogue_versions import roll_back

    print(replies.say("version.rolled_back", version=roll_back(arguments.version)))
    return 0


def _lint(arguments: argparse.Namespace, data: Path, replies: Replies) -> int:
    findings = lint(data, arguments.threshold)
    for finding in findings:
        print(finding_as_json(finding) if arguments.json else finding_as_text(finding, replies))
    errors = sum(finding.is_error for finding in findings)
    said = replies.say("lint.sum", errors=errors, warnings=len(findings) - errors)
    print(said, file=sys.stderr)
    return 1 if errors else 0


_DOES = {
    "import": _import,
    "export": _export,
    "versions": _versions,
    "rollback": _rollback,
    "lint": _lint,
}
