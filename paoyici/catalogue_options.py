"""What can be written after `paoyici catalogue`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_commands(commands: Any) -> None:
    """Add `catalogue` and what it can do to the console script."""
    catalogue = commands.add_parser("catalogue", help="the list of items: import, export, check")
    does = catalogue.add_subparsers(dest="does", required=True)
    bring = does.add_parser("import", help="bring an office's own list in as a new version")
    bring.add_argument("file", type=Path, help="CSV, XLSX or JSONL")
    bring.add_argument("--profile", default="paoyici", help="name in data/profiles/, or a file")
    bring.add_argument(
        "--replace", action="store_true", help="also where over a tenth of the items would go"
    )
    bring.add_argument("--dry-run", action="store_true", help="only report, change nothing")
    bring.add_argument("--jurisdiction", help="whose list it is, beside this district's own")
    bring.add_argument("--report", type=Path, help="write every fault to this CSV file")
    bring.add_argument("--json", action="store_true", help="print the report as JSON")
    write = does.add_parser("export", help="write a version to .jsonl, .csv or .xlsx")
    write.add_argument("file", type=Path)
    write.add_argument("--version", help="label such as 2026.3 (default: the served one)")
    write.add_argument("--jurisdiction", help="whose served version")
    does.add_parser("versions", help="list all versions, the served one marked")
    back = does.add_parser("rollback", help="serve another version again")
    back.add_argument("version", help="label such as 2026.3, or `data` for the files in data/")
    look = does.add_parser("lint", help="look the files in data/catalogue/ over")
    look.add_argument("--threshold", type=_share, default=0.9, help="similarity, 0–1 (0.9)")
    look.add_argument("--json", action="store_true", help="print one finding a line as JSON")


def _share(text: str) -> float:
    share = float(text)
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError("between 0 and 1")
    return share
