"""`paoyici keys`: which key opens what, over every room's collections, and all sealed anew."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from gridfs import GridFSBucket
from pymongo import MongoClient
from pymongo.database import Database

from paoyici import seals
from paoyici.cli import main
from paoyici.seals import Seals

Type = Callable[..., tuple[int, str]]
OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))


@pytest.fixture
def database(mongo_server: str, mongo_database: str) -> Iterator[Database[Any]]:
    """A database that three rooms have written to with the old key."""
    with MongoClient[Any](mongo_server) as client:
        yield client[mongo_database]
        client.drop_database(mongo_database)


@pytest.fixture
def type_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    mongo_server: str, mongo_database: str,
) -> Type:  # fmt: skip
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MONGODB_URI", mongo_server)
    monkeypatch.setenv("MONGODB_DATABASE", mongo_database)

    def run(does: str, *keys: str) -> tuple[int, str]:
        monkeypatch.setenv("DATA_KEYS", ",".join(keys))
        monkeypatch.setattr(sys, "argv", ["paoyici", "keys", does])
        code = main()
        said = capsys.readouterr()
        assert not any(key in said.out + said.err for key in keys)
        return code, said.out + said.err

    return run


def furnish(database: Database[Any], key: str, count: int = 3) -> bytes:
    """Write what each room seals, in the forms they have; return a file's clear bytes."""
    seal = Fernet(key).encrypt
    for number in range(count):
        database["inbox"].insert_one({"_id": f"i{number}", "body": seal(b"{}"), "state": "done"})
        database["trackers"].insert_one({"_id": f"t{number}", "sealed": seal(b"{}"), "version": 1})
        notes = [{"at": 1, "text": seal(b"a")}, {"at": 2, "text": seal(b"b")}]
        database["handoffs"].insert_one(
            {"_id": f"h{number}", "summary": seal(b"s"), "notes": notes}
        )
    database["staff"].insert_one({"_id": "s", "second_factor": {"secret": seal(b"f"), "used": 0}})
    clear = bytes(range(256)) * 2500
    file_id = GridFSBucket(database, "media").upload_from_stream("m1", seal(clear))
    database["media"].insert_one({"_id": "m1", "file_id": file_id})
    database["catalogue_items"].insert_one({"_id": "x", "name": "低保", "raw": b"not sealed"})
    return clear


def test_check_says_which_key_opens_what_and_reseal_frees_the_old_one(
    type_in: Type, database: Database[Any]
) -> None:
    clear = furnish(database, OLD)
    code, said = type_in("check", NEW, OLD)
    assert code == 0
    assert "handoffs：第 1 把能开 0 处、第 2 把能开 9 处，打不开 0 处" in said
    assert "media.files：第 1 把能开 0 处、第 2 把能开 1 处" in said
    assert "catalogue_items" not in said
    assert "keys reseal" in said
    assert type_in("reseal", NEW, OLD)[0] == 0
    code, said = type_in("check", NEW)
    assert code == 0
    assert "handoffs：第 1 把能开 9 处，打不开 0 处" in said
    file_id = database["media"].find_one({"_id": "m1"})["file_id"]
    content = GridFSBucket(database, "media").open_download_stream(file_id).read()
    assert Fernet(NEW).decrypt(content) == clear
    assert database["media.files"].count_documents({}) == 1
    kept = database["handoffs"].find_one({"_id": "h1"})
    assert [Fernet(NEW).decrypt(note["text"]) for note in kept["notes"]] == [b"a", b"b"]
    assert database["catalogue_items"].find_one({})["raw"] == b"not sealed"


def test_sealing_anew_twice_changes_nothing(type_in: Type, database: Database[Any]) -> None:
    furnish(database, OLD)
    type_in("reseal", NEW, OLD)
    before = [list(database[name].find({})) for name in ("inbox", "handoffs", "media", "staff")]
    code, said = type_in("reseal", NEW, OLD)
    assert (code, "一共换好 0 处" in said) == (0, True)
    again = [list(database[name].find({})) for name in ("inbox", "handoffs", "media", "staff")]
    assert again == before


def test_what_no_key_opens_is_counted_and_left_alone(
    type_in: Type, database: Database[Any]
) -> None:
    furnish(database, OLD)
    strange = {"_id": "lost", "body": Fernet(LOST).encrypt(b"{}")}
    database["inbox"].insert_one(dict(strange))
    assert type_in("check", NEW, OLD)[0] == 1
    code, said = type_in("reseal", NEW, OLD)
    assert code == 1
    assert "有 1 处打不开" in said
    assert database["inbox"].find_one({"_id": "lost"}) == strange
    code, said = type_in("check", NEW)
    assert "inbox：第 1 把能开 3 处，打不开 1 处" in said


def test_sealing_anew_that_was_broken_off_goes_on_where_it_was(
    database: Database[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(database, OLD, count=10)
    monkeypatch.setattr(seals, "_BATCH", 3)
    told: list[str] = []

    def break_off(name: str, _: int) -> None:
        told.append(name)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Seals(database, [NEW, OLD]).reseal(break_off)
    half = Seals(database, [NEW, OLD]).check()["handoffs"].opened_by
    assert half[1] == 18
    assert half[2] == 12
    Seals(database, [NEW, OLD]).reseal(lambda *_: None)
    assert all(set(c.opened_by) == {1} for c in Seals(database, [NEW, OLD]).check().values())


def test_a_document_that_changes_meanwhile_keeps_its_change_and_is_sealed_anew(
    database: Database[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(database, OLD, count=2)
    as_it_was, newer = seals._as_it_was, Fernet(OLD).encrypt(b"newer")
    changed: list[str] = []

    def change_first(document: Any, change: Any) -> Any:
        if document["_id"] == "i0" and not changed:
            changed.append("i0")
            database["inbox"].update_one({"_id": "i0"}, {"$set": {"body": newer}})
        return as_it_was(document, change)

    monkeypatch.setattr(seals, "_as_it_was", change_first)
    Seals(database, [NEW, OLD]).reseal(lambda *_: None)
    assert Fernet(NEW).decrypt(database["inbox"].find_one({"_id": "i0"})["body"]) == b"newer"
