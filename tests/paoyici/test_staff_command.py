"""`paoyici staff`: the first account of an office that has none, and a lost one."""

from __future__ import annotations

import getpass
import io
import sys
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from paoyici.cli import main

DATABASE = "test_staff_command"
PASSWORD = "a-long-password"


class Terminal(io.StringIO):
    """Where somebody sits, instead of a pipe."""

    def isatty(self) -> bool:
        """Tell that it is one."""
        return True


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run one command with a password piped in; return its exit code and what it said."""

    def run(
        *words: str, password: str = PASSWORD, stdin: type[io.StringIO] = io.StringIO
    ) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["paoyici", "staff", *words])
        monkeypatch.setattr(sys, "stdin", stdin(f"{password}\n"))
        code = main()
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mongo_server: str) -> Any:
    """The accounts of an office without any, beside a running database."""
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MONGODB_URI", mongo_server)
    monkeypatch.setenv("MONGODB_DATABASE", DATABASE)
    with MongoClient[dict[str, Any]](mongo_server) as client:
        client.drop_database(DATABASE)
        yield client[DATABASE]["staff"]
        client.drop_database(DATABASE)


def test_the_first_administrator_is_opened_where_nobody_can_log_in(
    type_in: Any, accounts: Any
) -> None:
    code, said = type_in("open", "admin", "--name", "老王", "--role", "admin")
    assert (code, "admin（老王）" in said, PASSWORD in said) == (0, True, False)
    account = accounts.find_one({"username": "admin"})
    assert (account["roles"], account["password_given"]) == (["admin"], True)
    assert account["password_hash"].startswith("$argon2id$")


def test_what_an_administrator_may_not_do_this_may_not_either(type_in: Any, accounts: Any) -> None:
    assert type_in("open", "both", "--role", "admin", "--role", "auditor")[0] == 1
    assert type_in("open", "short", "--role", "agent", password="short")[0] == 1
    assert type_in("open", "long", "--role", "agent", password="长" * 201)[0] == 1
    assert type_in("open", "two words", "--role", "agent")[0] == 1
    assert type_in("open", "nameless", "--name", " ", "--role", "agent")[0] == 1
    assert type_in("open", "twice", "--role", "agent")[0] == 0
    code, said = type_in("open", "twice", "--role", "agent")
    assert (code, "已经有人用了" in said) == (1, True)
    assert accounts.count_documents({}) == 1


def test_a_lost_account_is_given_back(type_in: Any, accounts: Any) -> None:
    type_in("open", "admin", "--role", "admin")
    before = accounts.find_one({})["password_hash"]
    factor = {"secret": b"", "confirmed": True, "used": 0}
    accounts.update_one({}, {"$set": {"second_factor": factor, "password_given": False}})
    code, said = type_in("reset", "admin", password="another-password")
    assert (code, "动态码也解除了" in said) == (0, True)
    account = accounts.find_one({})
    assert account["password_hash"] != before
    assert (account["password_given"], "second_factor" in account) == (True, False)
    accounts.update_one({}, {"$set": {"disabled": True}})
    code, said = type_in("reset", "admin")
    assert (code, "停用了" in said, "动态码" in said) == (0, True, False)
    code, said = type_in("reset", "nobody")
    assert (code, "没有这个账号" in said) == (1, True)


def test_at_a_terminal_the_password_is_asked_for_twice(
    type_in: Any, accounts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([PASSWORD, "another-password", PASSWORD, PASSWORD])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(answers))
    assert type_in("open", "admin", "--role", "admin", stdin=Terminal)[0] == 1
    assert type_in("open", "admin", "--role", "admin", stdin=Terminal)[0] == 0
    assert accounts.count_documents({}) == 1


def test_a_database_that_is_not_there_is_told_without_its_password(
    type_in: Any, accounts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "MONGODB_URI", "mongodb://somebody:secret@127.0.0.1:9/?directConnection=true"
    )
    code, said = type_in("open", "admin", "--role", "admin")
    assert (code, "127.0.0.1:9" in said, "secret" in said) == (1, True, False)


def test_the_accounts_history_names_the_machines_user(
    type_in: Any, accounts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "operator")
    type_in("open", "admin", "--role", "admin")
    event = accounts.database["events"].find_one({"type": "staff.created"})
    assert event["who"] == {"kind": "system", "id": "operator"}
