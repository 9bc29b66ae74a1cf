"""`paoyici staff`: for whoever installs the system, where nobody can log in yet or any more.

Everything else about accounts is the administrators' business at the staff desk. The password is
asked for twice at a terminal, or read as one line from what is piped in; it never stands among the
arguments, where other users of the machine could read it.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from backend.db import Transaction
from backend.errors import NotFoundError, OfficeError
from backend.events import SYSTEM
from backend.office import Office
from backend.replies import Replies, load_replies
from backend.staff import service
from backend.staff.model import LEAST_PASSWORD, MOST_PASSWORD, StaffMember
from paoyici.at_the_office import OfficeUnreachableError, with_office
from paoyici.home import ROOT


class _UnfitPasswordError(ValueError):
    """Nobody may log in with this; `key` says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked; return the exit code: 0 done, 1 refused."""
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "data") / "replies"
    said = load_replies(folder, "commands.yml")
    try:
        password = _password(said)
        if arguments.does == "open":
            member = _open(arguments, password)
            print(said.say("staff.opened", username=member.username, name=member.name))
        else:
            member = _reset(arguments.username, password)
            print(said.say("staff.was_reset", username=member.username))
    except _UnfitPasswordError as unfit:
        print(said.say(unfit.key, least=LEAST_PASSWORD), file=sys.stderr)
        return 1
    except OfficeUnreachableError as away:
        print(said.say(away.key, **away.values), file=sys.stderr)
        return 1
    except OfficeError as error:
        print(load_replies(folder).say(error.key, **error.detail), file=sys.stderr)
        return 1
    return 0


def _open(arguments: argparse.Namespace, password: str) -> StaffMember:
    roles = frozenset(arguments.role)
    name = arguments.name or arguments.username

    async def work(office: Office) -> StaffMember:
        return await office.transact(
            lambda tx: service.create(office, tx, arguments.username, name, password, roles, SYSTEM)
        )

    return with_office(work)


def _reset(username: str, password: str) -> StaffMember:
    async def work(office: Office) -> StaffMember:
        member = await service.by_username(office, username)
        if member is None:
            raise NotFoundError("staff.not_found")

        async def reset(tx: Transaction) -> StaffMember:
            await service.set_password(office, tx, member.id, password, SYSTEM)
            return await service.remove_second_factor(office, tx, member.id, SYSTEM)

        return await office.transact(reset)

    return with_office(work)


def _password(said: Replies) -> str:
    """Return a password that was written twice at a terminal, or once into a pipe.

    Raises:
        _UnfitPasswordError: too short or too long, or the two differ.
    """
    if sys.stdin.isatty():
        password = getpass.getpass(said.say("staff.password", least=LEAST_PASSWORD))
        if getpass.getpass(said.say("staff.again")) != password:
            raise _UnfitPasswordError("staff.differs")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise _UnfitPasswordError("staff.short")
    return password
