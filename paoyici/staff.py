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

from pydantic import TypeAdapter, ValidationError

from backend.db import Transaction
from backend.errors import NotFoundError, OfficeError
from backend.office import Office
from backend.replies import Replies, load_replies
from backend.staff import service
from backend.staff.model import LEAST_PASSWORD, MOST_PASSWORD, Role, StaffMember
from backend.validation import Identifier, ShortText
from paoyici.at_the_office import OfficeUnreachableError, who, with_office
from paoyici.home import ROOT


class _UnfitError(ValueError):
    """Nobody could log in with this; `key` says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def run(arguments: argparse.Namespace) -> int:
    """Do what is asked; return the exit code: 0 done, 1 refused."""
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "data") / "replies"
    said = load_replies(folder, "commands.yml")
    try:
        if arguments.does == "open":
            username, name = _names(arguments)
            member = _open(username, name, frozenset(arguments.role), _password(said))
            print(said.say("staff.opened", username=member.username, name=member.name))
        else:
            before = _reset(arguments.username, _password(said))
            print(said.say("staff.was_reset", username=before.username))
            if before.second_factor:
                print(said.say("staff.factor_removed"))
            if before.disabled:
                print(said.say("staff.is_disabled"))
    except _UnfitError as unfit:
        print(said.say(unfit.key, least=LEAST_PASSWORD, most=MOST_PASSWORD), file=sys.stderr)
        return 1
    except OfficeUnreachableError as away:
        print(said.say(away.key, **away.values), file=sys.stderr)
        return 1
    except OfficeError as error:
        print(load_replies(folder).say(error.key, **error.detail), file=sys.stderr)
        return 1
    return 0


def _names(arguments: argparse.Namespace) -> tuple[str, str]:
    """Return user name and name as the desk takes them.

    Raises:
        _UnfitError: it would take one of them otherwise, so that nobody could log in.
    """
    try:
        username = TypeAdapter(Identifier).validate_python(arguments.username)
        return username, TypeAdapter(ShortText).validate_python(arguments.name or username)
    except ValidationError as error:
        raise _UnfitError("staff.unnamed") from error


def _open(username: str, name: str, roles: frozenset[Role], password: str) -> StaffMember:
    async def work(office: Office) -> StaffMember:
        return await office.transact(
            lambda tx: service.create(office, tx, username, name, password, roles, who())
        )

    return with_office(work)


def _reset(username: str, password: str) -> StaffMember:
    """Give an account a new password and no second factor; return what it was before."""

    async def work(office: Office) -> StaffMember:
        member = await service.by_username(office, username)
        if member is None:
            raise NotFoundError("staff.not_found")

        async def reset(tx: Transaction) -> StaffMember:
            await service.set_password(office, tx, member.id, password, who())
            if member.second_factor:
                await service.remove_second_factor(office, tx, member.id, who())
            return member

        return await office.transact(reset)

    return with_office(work)


def _password(said: Replies) -> str:
    """Return a password that was written twice at a terminal, or once into a pipe.

    Raises:
        _UnfitError: too short or too long, or the two differ.
    """
    if sys.stdin.isatty():
        password = getpass.getpass(said.say("staff.password", least=LEAST_PASSWORD))
        if getpass.getpass(said.say("staff.again")) != password:
            raise _UnfitError("staff.differs")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < LEAST_PASSWORD:
        raise _UnfitError("staff.short")
    if len(password) > MOST_PASSWORD:
        raise _UnfitError("staff.long")
    return password
