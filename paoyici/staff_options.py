"""What can be written after `paoyici staff`."""

from __future__ import annotations

from typing import Any


def add_commands(commands: Any) -> None:
    """Add `staff` and what it can do to the console script."""
    staff = commands.add_parser("staff", help="the first accounts of an office, and lost ones")
    does = staff.add_subparsers(dest="does", required=True)
    new = does.add_parser("open", help="open an account; the password is asked for, or read")
    new.add_argument("username", help="what is typed at the log-in")
    new.add_argument("--name", help="what colleagues see (default: the user name)")
    new.add_argument(
        "--role",
        action="append",
        required=True,
        choices=("agent", "supervisor", "approver", "dispatcher", "admin", "auditor"),
        help="may stand several times; admin and auditor stand alone",
    )
    lost = does.add_parser("reset", help="give a new password and remove the second factor")
    lost.add_argument("username")
