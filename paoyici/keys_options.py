"""What can be written after `paoyici keys`."""

from __future__ import annotations

from typing import Any


def add_commands(commands: Any) -> None:
    """Add `keys` and what it can do to the console script."""
    keys = commands.add_parser("keys", help="which key opens what; write all anew with the first")
    does = keys.add_subparsers(dest="does", required=True)
    does.add_parser("check", help="count what each key of DATA_KEYS opens, by collection")
    does.add_parser("reseal", help="seal everything anew with the first key of DATA_KEYS")
    does.add_parser("reindex", help="find everything by the first key of BLIND_INDEX_KEY alone")
