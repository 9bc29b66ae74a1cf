"""《个人信息保护法》第四十五、四十七条: one person's data, copied out and erased everywhere."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from backend.app import CAPABILITIES, CORE_INDEXES
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.events import Who
from backend.personal import service as personal
from backend.personal import store
from backend.personal.archive import archive
from backend.personal.parts import PARTS, WITHOUT_PERSONAL_DATA
from backend.privacy import Privacy
from bot.personal import store as door

ROOT = Path(__file__).resolve().parents[3]
OPERATOR = Who("system", "operator")
WHY = "本人来大厅申请，已核对身份证"


async def erased(office: Any, person: Any) -> Any:
    """Erase as the command does, with a door that has nothing."""
    begun = await personal.begin(office, person, OPERATOR, WHY)
    await office.transact(lambda tx: personal.door_finished(office, tx, begun.id, 0))
    return await personal.go_on(office, begun.id)


async def person_of(office: Any, citizen: Any) -> Any:
    return await personal.by_id_number(office, citizen.id_number, citizen.phone)


def test_every_collection_says_whether_it_holds_personal_data() -> None:
    declared = {
        name
        for indexes in (*CORE_INDEXES, *(capability.indexes for capability in CAPABILITIES))
        for name in indexes
    }
    named = re.compile(r'(?:database|_client\[database\])\["(\w+)"\]')
    for room in ("backend", "bot", "nlu"):
        for file in (ROOT / room).rglob("*.py"):
            if not {"node_modules", ".venv"} & {*file.parts}:
                declared |= {*named.findall(file.read_text(encoding="utf-8"))}
    known = {name for part in PARTS for name in part.collections}
    known |= {*WITHOUT_PERSONAL_DATA, *door.COLLECTIONS, *door.WITHOUT_PERSONAL_DATA}
    # The dialogue's own: it forgets a tracker itself (nlu/dialogue/service.py).
    known |= {"trackers", "dialogue_canary"}
    assert len(declared) > 30
    assert declared - known == set()


async def test_a_copy_holds_everything_and_the_files(office: Any, citizen: Any, leave: Any) -> None:
    trace = await leave(citizen)
    person = await person_of(office, citizen)
    copied = await personal.copy(office, person, OPERATOR, WHY)
    packed = zipfile.ZipFile(io.BytesIO(await archive(office, person.subject, copied)))
    told = json.loads(packed.read("personal.json"))
    assert packed.read(f"files/{trace.media}.png").startswith(b"\x89PNG")
    for word in trace.words:
        assert word in packed.read("personal.json").decode()
    assert [case["number"] for case in told["cases"]] == [trace.case]
    assert [report["number"] for report in told["reports"]] == [trace.report]
    assert told["people"][0]["id_number"] == citizen.id_number
    event = await office.database["events"].find_one({"type": "personal.copied"})
    assert (event["who"], event["why"]) == ({"kind": "system", "id": "operator"}, WHY)


async def test_an_erased_person_is_found_in_no_collection(
    office: Any, citizen: Any, leave: Any, everything: Any
) -> None:
    trace = await leave(citizen)
    before = "\n".join((await everything()).values())
    assert [word for word in trace.words if word not in before] == []
    receipt = await erased(office, await person_of(office, citizen))
    for name, text in (await everything()).items():
        found = [word for word in trace.words if word in text]
        assert found == [], name
        if name not in ("counters", "events"):
            assert citizen.name not in text, name
    assert receipt.ended_at is not None
    assert receipt.subject.is_empty
    assert set(receipt.kept) == {trace.case, trace.report}


async def test_a_concluded_case_stays_in_the_archive_without_the_person(
    office: Any, citizen: Any, leave: Any, service: Any, login: Any
) -> None:
    trace = await leave(citizen)
    person = await personal.by_id_number(office, citizen.id_number, citizen.phone)
    await erased(office, person)
    approver = await login("approver")
    status, case = await approver.get(f"/desk/cases/{trace.case}")
    assert (status, case["state"], case["fields"], case["media"]) == (200, "concluded", [], [])
    assert len(case["timeline"]) == 5
    dispatcher = await login("dispatcher")
    status, report = await dispatcher.get(f"/desk/reports/{trace.report}")
    assert (status, report["state"]) == (200, "withdrawn")
    status, _ = await service.post(f"/cases/{trace.case}/own", citizen.owner)
    assert status == 404
    status, standing = await approver.get(f"/receipts/{case['receipt']['token']}")
    assert (status, standing["number"]) == (200, trace.case)


async def test_erasing_twice_gives_the_same_receipt_and_a_stranger_none(
    office: Any, citizen: Any, leave: Any, arrive: Any
) -> None:
    await leave(citizen)
    first = await erased(office, await person_of(office, citizen))
    again = await erased(office, await person_of(office, citizen))
    assert again == first
    nobody = await person_of(office, await arrive("b"))
    with pytest.raises(NotFoundError):
        await personal.begin(office, nobody, OPERATOR, WHY)
    with pytest.raises(NotFoundError):
        await personal.copy(office, nobody, OPERATOR, WHY)


async def test_an_interrupted_erasure_goes_on_by_itself(
    office: Any, citizen: Any, leave: Any, everything: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = await leave(citizen)
    begun = await personal.begin(office, await person_of(office, citizen), OPERATOR, WHY)
    # Nothing of the office goes before the door is done.
    assert (await personal.go_on(office, begun.id)).done == {}
    await office.transact(lambda tx: personal.door_finished(office, tx, begun.id, 3))

    async def killed(*_: Any) -> int:
        raise ConnectionError

    with monkeypatch.context() as patched:
        dying = replace(PARTS[3], erase=killed)
        patched.setattr(personal, "PARTS", (*PARTS[:3], dying, *PARTS[4:]))
        with pytest.raises(ConnectionError):
            await personal.go_on(office, begun.id)
    left = await personal.get(office, begun.id)
    assert (len(left.done), left.ended_at) == (4, None)
    assert (await person_of(office, citizen)).subject.links
    await personal.resume(office)
    receipt = await personal.get(office, begun.id)
    assert (receipt.done["door"], receipt.ended_at is not None) == (3, True)
    assert not any(citizen.id_number in text for text in (await everything()).values())
    assert trace.case in receipt.kept


async def test_an_erasure_that_fails_holds_no_other_up(
    office: Any, arrive: Any, leave: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    for name in ("a", "b"):
        citizen = await arrive(name)
        await leave(citizen)
        erasure = await personal.begin(office, await person_of(office, citizen), OPERATOR, WHY)
        at_the_door = partial(personal.door_finished, office, erasure_id=erasure.id, touched=0)
        await office.transact(at_the_door)
        begun.append(erasure)
    [first, *_] = await store.under_way(office.database, office.privacy)
    whole = PARTS[3].erase

    async def failing(office: Any, subject: Any) -> int:
        if subject == first.subject:
            raise ConnectionError
        return await whole(office, subject)

    with monkeypatch.context() as patched:
        patched.setattr(
            personal, "PARTS", (*PARTS[:3], replace(PARTS[3], erase=failing), *PARTS[4:])
        )
        await personal.resume(office)
    ended = {one.id: (await personal.get(office, one.id)).ended_at is not None for one in begun}
    assert ended == {one.id: one.id != first.id for one in begun}


async def test_an_answer_that_no_key_opens_holds_no_erasure_up(
    office: Any, citizen: Any, leave: Any
) -> None:
    await leave(citizen)
    strange = Privacy(Fernet.generate_key().decode(), "f" * 64).seal_text("x")
    await office.database["idempotency"].insert_one({"_id": "strange", "answer": strange})
    receipt = await erased(office, await person_of(office, citizen))
    assert receipt.ended_at is not None


async def test_who_ordered_it_when_and_why_stands_in_the_events(
    office: Any, citizen: Any, leave: Any
) -> None:
    await leave(citizen)
    receipt = await erased(office, await person_of(office, citizen))
    rows = office.database["events"].find({"entity": "personal", "entity_id": receipt.id})
    events = await rows.to_list(10)
    assert [event["type"] for event in events] == ["personal.erasing", "personal.erased"]
    assert events[0]["who"] == {"kind": "system", "id": "operator"}
    assert {event["why"] for event in events} == {WHY}
    assert events[1]["data"]["done"]["people"] >= 1


async def test_what_is_still_under_way_is_named_and_nothing_goes(
    office: Any, citizen: Any, service: Any
) -> None:
    case = await citizen.apply("MZ001")
    await service.post("/handoffs", {"conversation_id": citizen.name, "reason": "asked",
                                     "summary": ""})  # fmt: skip
    person = await personal.by_id_number(office, citizen.id_number, citizen.phone)
    with pytest.raises(ConflictError) as refused:
        await personal.begin(office, person, OPERATOR, WHY)
    assert refused.value.detail == {"numbers": [case["number"], "talk"]}
    assert await office.database["cases"].count_documents({}) == 1


async def test_the_phone_given_decides_what_is_theirs(
    office: Any, citizen: Any, leave: Any, arrive: Any, service: Any
) -> None:
    await leave(citizen)
    # Somebody else types the same ID number, with a phone of their own.
    stranger = await arrive("b")
    application = await stranger.application("MZ001")
    for name, value in application["fields"].items():
        if value == stranger.id_number:
            application["fields"][name] = citizen.id_number
    status, theirs = await service.post("/cases", application)
    assert status == 200
    person = await personal.by_id_number(office, citizen.id_number, citizen.phone)
    assert theirs["number"] not in person.subject.cases
    assert stranger.name not in person.subject.conversations
    await erased(office, person)
    # The person stays as far as the other application needs them, with its phone only.
    [left] = await office.database["people"].find({}).to_list(2)
    assert len(left["phones"]) == 1
    other = await personal.by_id_number(office, citizen.id_number, stranger.phone)
    assert other.subject.cases == (theirs["number"],)


async def test_typing_a_strangers_number_gives_no_right_to_their_data(
    office: Any, citizen: Any, leave: Any, arrive: Any, service: Any
) -> None:
    trace = await leave(citizen)
    attacker = await arrive("b")
    application = await attacker.application("MZ001")
    for name, value in application["fields"].items():
        if value == attacker.id_number:
            application["fields"][name] = citizen.id_number
        if value == attacker.phone:
            application["fields"][name] = citizen.phone
    _, case = await service.post("/cases", application)
    await service.post(f"/cases/{case['number']}/withdraw", {"identity": attacker.identity})
    holder = await personal.by_conversation(office, attacker.name)
    assert trace.case not in holder.subject.cases
    assert holder.subject.links == ()
    await erased(office, holder)
    person = await personal.by_id_number(office, citizen.id_number, citizen.phone)
    assert trace.case in person.subject.cases


async def test_who_holds_a_conversation_can_have_it_erased_without_an_id_number(
    office: Any, citizen: Any, service: Any, everything: Any
) -> None:
    told = citizen.report(text="霜凛巷口的井盖没了")
    _, report = await service.post("/reports", told)
    await service.post(f"/reports/{report['number']}/withdraw", {"identity": citizen.identity})
    person = await personal.by_conversation(office, citizen.name)
    assert person.subject.reports == (report["number"],)
    await erased(office, person)
    assert not any("霜凛巷口" in text for text in (await everything()).values())


async def test_a_number_that_cannot_exist_is_told_so(office: Any) -> None:
    with pytest.raises(InvalidError):
        await personal.by_id_number(office, "990101198403174215", "13800001234")


async def test_the_door_is_told_what_to_erase_and_says_when_it_is_done(
    office: Any, citizen: Any, leave: Any, service: Any
) -> None:
    await leave(citizen)
    person = await personal.by_id_number(office, citizen.id_number, citizen.phone)
    begun = await personal.begin(office, person, OPERATOR, WHY)
    wanted = {"id": begun.id, "conversations": [citizen.name]}
    assert await service.get("/personal/erasures/door") == (200, {"erasures": [wanted]})
    path = f"/personal/erasures/{begun.id}/door"
    status, view = await service.post(path, {"touched": 4})
    assert (status, view["done"], view["ended"]) == (200, {"door": 4}, False)
    assert await service.get("/personal/erasures/door") == (200, {"erasures": []})
    status, _ = await service.post("/personal/erasures/none/door", {"touched": 0})
    assert status == 404
