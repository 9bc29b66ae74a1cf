"""`paoyici keys reindex`: all is found by the first key of BLIND_INDEX_KEY, though it is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from backend.conversations.service import register
from backend.db import Transaction
from backend.office import Office
from backend.people.model import Identity, Link
from backend.people.service import link_of, remember, verify
from backend.privacy import IndexKey
from paoyici.at_the_office import OfficeUnreachableError, with_office
from paoyici.cli import main

OLD, NEW = "ab" * 32, "12" * 32
PEOPLE = 60
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

UseKeys = Callable[..., None]


@pytest.fixture
def use_keys(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mongo_server: str, mongo_database: str
) -> UseKeys:
    """Set the keys of what is opened or started next: `use_keys(NEW, OLD)`."""
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MONGODB_URI", mongo_server)
    monkeypatch.setenv("MONGODB_DATABASE", mongo_database)
    return lambda *keys: monkeypatch.setenv("BLIND_INDEX_KEY", ",".join(keys))


@pytest.fixture
def database(use_keys: UseKeys, mongo_server: str, mongo_database: str) -> Iterator[Database[Any]]:
    """A store in which many people are known by the old key."""
    use_keys(OLD)
    with_office(_live)
    with MongoClient[Any](mongo_server) as client:
        yield client[mongo_database]
        client.drop_database(mongo_database)


def _id_number(number: int) -> str:
    """Return an ID number with a right check digit and an impossible region."""
    digits = f"99999919900101{number:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


def _identity(number: int) -> Identity:
    return Identity("wechat", f"o{number:027d}")


async def _live(office: Office) -> None:
    """Let many people talk, and prove who they are."""
    for number in range(PEOPLE):

        async def come(tx: Transaction, number: int = number) -> None:
            one, phone = _identity(number), f"199000{number:05d}"
            await register(office, tx, f"talk-{number}", one.channel, one.id, None)
            await remember(office, tx, _id_number(number), phone, "BJ2026112300001")
            proven = await verify(office, tx, one, _id_number(number), phone)
            assert proven.verified

        await office.transact(come)


async def _links(office: Office) -> list[Link | None]:
    return [await link_of(office, _identity(number)) for number in range(PEOPLE)]


def known() -> list[str]:
    """Return who everybody is known to be, with the keys at hand."""
    links = with_office(_links)
    assert all(links)
    return [link.person_id for link in links if link]


def under(key: str, database: Database[Any]) -> int:
    """Return how many people are found by a key."""
    hashed = IndexKey(key)
    indexes = [hashed.of("id_number", _id_number(number)) for number in range(PEOPLE)]
    return database["people"].count_documents({"id_index": {"$in": indexes}})


def reindex(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the command; return its exit code and its words."""
    monkeypatch.setattr(sys, "argv", ["paoyici", "keys", "reindex"])
    code = main()
    said = capsys.readouterr()
    assert OLD not in said.out + said.err
    assert NEW not in said.out + said.err
    return code, said.out + said.err


def test_a_command_killed_in_the_middle_loses_nobody_and_goes_on(
    database: Database[Any], use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    before = known()
    use_keys(NEW, OLD)
    command = [sys.executable, "-m", "paoyici.cli", "keys", "reindex"]
    with subprocess.Popen(command, env=os.environ.copy(), stdout=subprocess.DEVNULL) as process:
        while under(NEW, database) < PEOPLE // 6:
            assert process.poll() is None
        process.kill()
    assert 0 < under(NEW, database) < PEOPLE
    assert under(NEW, database) + under(OLD, database) == PEOPLE
    assert known() == before
    use_keys(NEW)
    with pytest.raises(OfficeUnreachableError, match=r"office\.key_wrong"):
        known()
    use_keys(NEW, OLD)
    code, said = reindex(monkeypatch, capsys)
    assert code == 0, said
    assert "换不了 0 处" in said
    assert "可以拿掉" in said
    use_keys(NEW)
    assert known() == before
    assert under(OLD, database) == 0


def test_what_cannot_be_written_anew_is_counted_and_the_old_key_is_asked_to_stay(
    database: Database[Any], use_keys: UseKeys, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    one = database["people"].find_one({})
    database["people"].update_one({"_id": one["_id"]}, {"$unset": {"phone_seals": ""}})
    use_keys(NEW, OLD)
    code, said = reindex(monkeypatch, capsys)
    assert code == 1
    assert "有 1 处换不了" in said
    use_keys(NEW)
    with pytest.raises(OfficeUnreachableError, match=r"office\.key_wrong"):
        known()
