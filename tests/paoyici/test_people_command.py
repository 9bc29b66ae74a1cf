"""`paoyici people`: one person's data over all rooms, copied out or erased (PIPL 45, 47)."""

from __future__ import annotations

import asyncio
import io
import json
import stat
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from pymongo import MongoClient

import bot.db
import paoyici.other_rooms
import paoyici.people
from backend.conversations.model import Author, NewMessage
from backend.conversations.service import append, register
from backend.db import Transaction
from backend.office import Office
from backend.people.model import Identity
from backend.people.service import remember, verify
from backend.personal import door
from backend.personal.door_store import Piece
from bot.inbox.model import Address
from bot.inbox.store import Inbox
from bot.privacy import Envelope
from paoyici.at_the_office import with_office
from paoyici.cli import main

DATABASE = "test_people_command"
ID_NUMBER, PHONE = "999999199001010016", "19900000001"
TALK, WORDS = "web-mine", "只有我知道的话"
WHY = "本人来大厅申请"


class Memory(BaseHTTPRequestHandler):
    """The dialogue service, as far as it remembers conversations."""

    known: ClassVar[set[str]] = set()

    def do_GET(self) -> None:
        """Tell what is remembered."""
        self._answer({"events": [self.path]})

    def do_DELETE(self) -> None:
        """Forget."""
        name = self.path.rpartition("/")[2]
        self._answer({"forgotten": int(name in self.known)})
        self.known.discard(name)

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""

    def _answer(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def dialogue() -> Iterator[str]:
    """Address of a dialogue service that remembers the talk."""
    Memory.known = {TALK}
    with ThreadingHTTPServer(("127.0.0.1", 0), Memory) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run one command with ID number and phone piped in; return its exit code and its words."""

    def run(*words: str, id_number: str = ID_NUMBER, phone: str = PHONE) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["paoyici", "people", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{id_number}\n{phone}\n"))
        code = main()
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@pytest.fixture
def store(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mongo_server: str, dialogue: str
) -> Iterator[Any]:
    """The database of an office that knows one person, who has talked on the page."""
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MONGODB_URI", mongo_server)
    monkeypatch.setenv("MONGODB_DATABASE", DATABASE)
    monkeypatch.setenv("DIALOGUE_URL", dialogue)
    monkeypatch.setattr(paoyici.other_rooms, "SETTLE_SECONDS", 0)
    with MongoClient[dict[str, Any]](mongo_server) as client:
        client.drop_database(DATABASE)
        with_office(_live)
        yield client[DATABASE]
        client.drop_database(DATABASE)


async def _live(office: Office) -> None:
    """Let somebody talk, and prove who they are."""
    identity = Identity("web", TALK)

    async def at_the_office(tx: Transaction) -> None:
        await register(office, tx, TALK, "web", TALK, None)
        body = {"kind": "text", "text": WORDS}
        said = NewMessage("m1", "in", Author("citizen"), body, office.clock.now())
        await append(office, tx, TALK, said)
        await remember(office, tx, ID_NUMBER, PHONE, "BJ2026112300001")
        await verify(office, tx, identity, ID_NUMBER, PHONE)

    await office.transact(at_the_office)
    client = bot.db.connect(office.settings.mongodb_uri)
    try:
        envelope = Envelope([office.settings.data_keys])
        inbox = Inbox(client[DATABASE], envelope, office.clock.now)
        await inbox.accept(Address(TALK, "web", TALK), "m1", {"kind": "text", "text": WORDS})
    finally:
        await asyncio.to_thread(client.close)


def test_a_copy_is_one_file_that_only_its_owner_reads(
    type_in: Any, store: Any, tmp_path: Path
) -> None:
    file = tmp_path / "copy.zip"
    code, said = type_in("export", str(file), "--why", WHY)
    assert (code, ID_NUMBER in said, PHONE in said) == (0, False, False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = json.loads(zipfile.ZipFile(file).read("personal.json"))
    assert told["people"][0]["id_number"] == ID_NUMBER
    assert told["conversations"][0]["messages"][0]["body"]["text"] == WORDS
    assert told["door"][0]["received"][0]["body"]["text"] == WORDS
    assert told["dialogue"] == {TALK: {"events": [f"/conversations/{TALK}"]}}
    before = file.read_bytes()
    code, said = type_in("export", str(file), "--why", WHY)
    assert (code, "换个文件名" in said, file.read_bytes()) == (1, True, before)


def test_an_erased_person_is_in_no_room_and_the_receipt_names_nobody(
    type_in: Any, store: Any
) -> None:
    code, said = type_in("erase", "--why", WHY)
    assert (code, "删除完了" in said, ID_NUMBER in said, TALK in said) == (0, True, False, False)
    for room in ("people", "identities", "conversations", "messages", "inbox", "mailboxes"):
        assert store[room].count_documents({}) == 0, room
    assert set() == Memory.known
    receipt = store["erasures"].find_one({})
    assert (receipt["subject"], receipt["done"]["door"]) == (None, 3)
    assert type_in("erase", "--why", WHY) == (0, said)
    begun = store["events"].find_one({"type": "personal.erasing"})
    assert (begun["why"], begun["who"]["kind"], bool(begun["who"]["id"])) == (WHY, "system", True)


def test_whoever_holds_a_conversation_can_be_named_by_it(type_in: Any, store: Any) -> None:
    assert type_in("erase", "--why", WHY, "--conversation", TALK, id_number="", phone="")[0] == 0
    assert store["people"].count_documents({}) == 0


def test_a_wrong_phone_and_a_number_that_cannot_exist_change_nothing(
    type_in: Any, store: Any, tmp_path: Path
) -> None:
    code, said = type_in("erase", "--why", WHY, phone="19900000009")
    assert (code, "没有查到" in said) == (1, True)
    file = tmp_path / "copy.zip"
    assert type_in("export", str(file), "--why", WHY, phone="19900000009")[0] == 1
    assert type_in("export", str(file), "--why", WHY, id_number="999999199001010017")[0] == 1
    assert (file.exists(), store["people"].count_documents({})) == (False, 1)


def test_without_the_dialogue_it_is_said_that_it_is_not_finished_and_goes_on_later(
    type_in: Any, store: Any, monkeypatch: pytest.MonkeyPatch, dialogue: str, tmp_path: Path
) -> None:
    monkeypatch.setenv("DIALOGUE_URL", "http://127.0.0.1:9")
    code, said = type_in("erase", "--why", WHY)
    assert (code, "还没删完" in said) == (1, True)
    assert type_in("export", str(tmp_path / "copy.zip"), "--why", WHY)[0] == 1
    assert store["messages"].count_documents({}) == 1
    monkeypatch.setenv("DIALOGUE_URL", dialogue)
    assert type_in("erase", "--why", WHY)[0] == 0
    assert store["erasures"].count_documents({}) == 1
    assert store["messages"].count_documents({}) == 0


def test_where_the_door_is_not_installed_the_running_one_does_its_share(
    type_in: Any, store: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(paoyici.people, "_DOOR_IS_HERE", False)
    monkeypatch.setattr(paoyici.people, "_PATIENCE_SECONDS", 0)
    code, said = type_in("erase", "--why", WHY)
    assert (code, "还没删完" in said) == (1, True)
    assert store["inbox"].count_documents({}) == 1
    file = tmp_path / "copy.zip"
    monkeypatch.setattr(door, "PATIENCE_SECONDS", 0)
    code, said = type_in("export", str(file), "--why", WHY)
    assert (code, file.exists()) == (1, False)
    # As the door says over HTTP that it is done; the command, asked again, finishes.
    store["erasures"].update_one({}, {"$set": {"done": {"door": 3}}})
    assert type_in("erase", "--why", WHY)[0] == 0
    assert store["messages"].count_documents({}) == 0


def test_where_the_door_is_not_installed_a_copy_holds_what_the_running_one_hands_in(
    type_in: Any, store: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(paoyici.people, "_DOOR_IS_HERE", False)
    share = {"door": [{"id": TALK}], "dialogue": {TALK: {}}}

    async def at_the_door(office: Office) -> None:
        while not (waiting := await door.waited_for(office)):
            await asyncio.sleep(0.05)
        piece = Piece("d1", 0, 1, json.dumps(share))
        await office.transact(lambda tx: door.take(office, tx, waiting[0][0], piece))

    running = threading.Thread(target=with_office, args=(at_the_door,))
    running.start()
    file = tmp_path / "copy.zip"
    code, _ = type_in("export", str(file), "--why", WHY)
    running.join()
    told = json.loads(zipfile.ZipFile(file).read("personal.json"))
    assert (code, {name: told[name] for name in share}) == (0, share)
