"""What can be written after `paoyici aside`."""

from __future__ import annotations

from typing import Any


def add_commands(commands: Any) -> None:
    """Add `aside` and what it can do to the console script."""
    aside = commands.add_parser("aside", help="messages that a defect set aside, tried again")
    does = aside.add_subparsers(dest="does", required=True)
    does.add_parser("list", help="list them, without a word of what was written")
    does.add_parser("retry", help="give each of them one try more, once the defect is mended")
