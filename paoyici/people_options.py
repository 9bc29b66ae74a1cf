"""What can be written after `paoyici people`."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def add_commands(commands: Any) -> None:
    """Add `people` and what it can do to the console script."""
    people = commands.add_parser("people", help="all there is of one person: copy out or erase")
    does = people.add_subparsers(dest="does", required=True)
    copied = does.add_parser("export", help="one ZIP; ID number and phone are asked for, or read")
    copied.add_argument("file", type=Path, help="a file that does not exist yet; it gets mode 0600")
    erased = does.add_parser("erase", help="erase; what an archive needs stays without the person")
    for command in (copied, erased):
        command.add_argument("--why", required=True, help="the reason; it is kept")
        command.add_argument(
            "--conversation", help="whoever holds this conversation, instead of an ID number"
        )
