"""Cases over HTTP as other rooms and the staff desk use them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

Json = dict[str, Any]


async def returned(case: Json, approver: Any, *missing: str) -> Json:
    body = {"why": "差一样", "missing": list(missing)}
    status, answer = await approver.post(f"/desk/cases/{case['number']}/return", body)
    assert status == 200, answer
    return answer


async def accepted(case: Json, approver: Any) -> None:
    for step in ("pre-accept", "accept"):
        status, answer = await approver.post(f"/desk/cases/{case['number']}/{step}")
        assert status == 200, answer


async def test_an_application_gets_a_number_a_deadline_and_a_receipt(citizen: Any) -> None:
    case = await citizen.apply("MZ001")
    assert case["number"] == "BJ2026112300001"
    assert case["state"] == "submitted"
    assert case["state_label"] == "已提交"
    assert case["deadline"] == "2026-12-21T17:00:00+08:00"
    assert case["applicant_masked"] == "测**"
    assert [line["label"] for line in case["timeline"]] == ["您提交了申请"]
    assert case["receipt"]["url"].endswith("/#/receipt/" + case["receipt"]["token"])


async def test_an_application_sent_twice_under_one_key_is_one_case(
    citizen: Any, service: Any
) -> None:
    application = await citizen.application("MZ001")
    first = await service.post("/cases", application, key="c1:m1:submit")
    again = await service.post("/cases", application, key="c1:m1:submit")
    assert first == again
    _, mine = await service.post("/cases/own", citizen.owner)
    assert len(mine["cases"]) == 1


async def test_an_application_sent_ten_times_at_once_under_one_key_is_one_case(
    citizen: Any, service: Any
) -> None:
    application = await citizen.application("MZ001")
    answers = await asyncio.gather(
        *(service.post("/cases", application, key="same") for _ in range(10))
    )
    assert {status for status, _ in answers} == {200}
    assert len({answer["number"] for _, answer in answers}) == 1


async def test_cases_handed_in_at_once_get_numbers_of_their_own(citizen: Any) -> None:
    cases = await asyncio.gather(*(citizen.apply("MZ001") for _ in range(5)))
    assert sorted(case["number"] for case in cases) == [f"BJ202611230000{n}" for n in range(1, 6)]


async def test_wrong_fields_are_refused_by_the_office_itself(citizen: Any, service: Any) -> None:
    application = await citizen.application("MZ001", id_number="999999199001010017", extra="1")
    del application["fields"]["phone"]
    status, answer = await service.post("/cases", application)
    assert status == 422
    assert answer["error"]["key"] == "case.fields_invalid"
    assert answer["error"]["detail"]["fields"] == {
        "id_number": "id_checksum",
        "phone": "missing",
        "extra": "unknown",
    }
    assert "999999199001010017" not in json.dumps(answer)


@pytest.mark.parametrize(
    ("change", "status", "key"),
    [
        ({"item_code": "ZZ999"}, 404, "catalogue.item_not_found"),
        ({"item_code": "GA005"}, 409, "case.item_not_online"),
        ({"conversation_id": "nobody"}, 404, "conversation.not_found"),
        ({"media": [{"name": "other", "media_id": "none"}]}, 422, "media.unknown"),
        ({"fields": "x"}, 422, "request.invalid"),
        ({"fields": {"applicant_name": {"$ne": 1}}}, 422, "request.invalid"),
        ({"identity": {"channel": "web"}}, 422, "request.invalid"),
        ({"surprise": 1}, 422, "request.invalid"),
    ],
)
async def test_an_application_that_cannot_be_taken_is_refused_with_a_key(
    citizen: Any, service: Any, change: Json, status: int, key: str
) -> None:
    application = await citizen.application("MZ001")
    answered, answer = await service.post("/cases", {**application, **change})
    assert (answered, answer["error"]["key"]) == (status, key)
    assert answer["error"]["message"]


async def test_a_foreign_case_and_no_case_are_answered_alike(arrive: Any, service: Any) -> None:
    owner, other = await arrive("a"), await arrive("b")
    case = await owner.apply()
    answers = [
        await service.post(f"/cases/{number}/own", other.owner)
        for number in (case["number"], "BJ2026112399999", "nonsense")
    ]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 404
    changes = [
        await service.post(f"/cases/{number}/withdraw", {"identity": other.identity})
        for number in (case["number"], "BJ2026112399999")
    ]
    assert changes[0] == changes[1]
    assert changes[0][0] == 404
    status, mine = await service.post("/cases/own", other.owner)
    assert (status, mine) == (200, {"cases": []})


async def test_a_number_typed_with_spaces_and_small_letters_is_the_same_number(
    citizen: Any, service: Any
) -> None:
    case = await citizen.apply()
    typed = "bj 20261123-00001"
    status, found = await service.post(f"/cases/{typed}/own", citizen.owner)
    assert (status, found["number"]) == (200, case["number"])


async def test_whoever_proves_to_be_the_applicant_sees_the_case_from_another_phone(
    arrive: Any, service: Any
) -> None:
    owner, elsewhere = await arrive("a"), await arrive("b")
    case = await owner.apply()
    claim = {
        "channel": "web",
        "identity": elsewhere.name,
        "id_number": owner.id_number,
        "phone": owner.phone,
    }
    assert (await service.post("/people/verify", claim))[1]["verified"] is True
    status, mine = await service.post("/cases/own", elsewhere.owner)
    assert [found["number"] for found in mine["cases"]] == [case["number"]]
    status, _ = await service.post(f"/cases/{case['number']}/own", elsewhere.owner)
    assert status == 200


async def test_an_application_with_a_stranger_s_id_number_opens_nothing_of_theirs(
    arrive: Any, service: Any
) -> None:
    victim, thief = await arrive("a"), await arrive("b")
    secret = await victim.apply()
    forged = await thief.application("MZ001", id_number=victim.id_number)
    assert (await service.post("/cases", forged))[0] == 200
    claim = {
        "channel": "web",
        "identity": thief.name,
        "id_number": victim.id_number,
        "phone": thief.phone,
    }
    await service.post("/people/verify", claim)
    _, seen = await service.post("/cases/own", thief.owner)
    assert secret["number"] not in [case["number"] for case in seen["cases"]]
    assert (await service.post(f"/cases/{secret['number']}/own", thief.owner))[0] == 404


async def test_a_case_goes_from_submission_to_conclusion_and_the_citizen_hears_each_step(
    citizen: Any, service: Any, login: Any
) -> None:
    case = await citizen.apply()
    approver = await login("approver")
    await accepted(case, approver)
    for step in ("approve", "conclude"):
        status, _ = await approver.post(f"/desk/cases/{case['number']}/{step}", {"why": "合规"})
        assert status == 200
    _, seen = await service.post(f"/cases/{case['number']}/own", citizen.owner)
    assert seen["state"] == "concluded"
    assert len(seen["timeline"]) == 5
    _, log = await service.get(f"/conversations/{citizen.name}/messages")
    told = [message["body"]["text"] for message in log["messages"]]
    assert len(told) == 4
    assert all(case["number"] in text for text in told)
    assert "同意办理" in told[-1]


async def test_a_returned_case_stands_still_and_goes_on_after_the_supplement(
    citizen: Any, service: Any, login: Any, hands: Any
) -> None:
    case = await citizen.apply()
    approver = await login("approver")
    answer = await returned(case, approver, "户口簿", "照片")
    assert answer["deadline"] is None
    assert answer["missing"] == ["户口簿", "照片"]
    hands.advance(days=7)
    path = f"/cases/{case['number']}/supplement"
    status, refused = await service.post(path, {"identity": citizen.identity})
    assert (status, refused["error"]["key"]) == (422, "case.supplement_empty")
    body = {"identity": citizen.identity, "fields": {"phone": "19900000009"}, "why": "补好了"}
    status, again = await service.post(path, body)
    assert (status, again["state"]) == (200, "submitted")
    assert again["deadline"] == "2026-12-28T17:00:00+08:00"
    assert again["missing"] == []
    approver = await login("approver")
    body = {"why": "还差", "missing": ["另一样"]}
    status, refused = await approver.post(f"/desk/cases/{case['number']}/return", body)
    assert (status, refused["error"]["key"]) == (409, "case.supplement_told_once")


async def test_a_phone_corrected_in_a_supplement_proves_the_applicant_from_then_on(
    arrive: Any, service: Any, login: Any
) -> None:
    owner, elsewhere = await arrive("a"), await arrive("b")
    case = await owner.apply()
    await returned(case, await login("approver"), "手机号")
    body = {"identity": owner.identity, "fields": {"phone": "19900000009"}}
    assert (await service.post(f"/cases/{case['number']}/supplement", body))[0] == 200
    claim = {
        "channel": "web",
        "identity": elsewhere.name,
        "id_number": owner.id_number,
        "phone": "19900000009",
    }
    assert (await service.post("/people/verify", claim))[1]["verified"] is True
    assert (await service.post(f"/cases/{case['number']}/own", elsewhere.owner))[0] == 200


async def test_the_notice_of_a_return_lists_everything_that_is_missing(
    citizen: Any, service: Any, login: Any
) -> None:
    case = await citizen.apply()
    await returned(case, await login("approver"), "户口簿", "照片")
    _, log = await service.get(f"/conversations/{citizen.name}/messages")
    assert log["messages"][0]["body"]["sections"][0]["lines"] == ["户口簿", "照片"]


async def test_a_citizen_withdraws_before_acceptance_and_not_after(
    citizen: Any, service: Any, login: Any
) -> None:
    early, late = await citizen.apply(), await citizen.apply()
    approver = await login("approver")
    await accepted(late, approver)
    body = {"identity": citizen.identity, "why": "不办了"}
    status, answer = await service.post(f"/cases/{early['number']}/withdraw", body)
    assert (status, answer["state"], answer["deadline"]) == (200, "withdrawn", None)
    status, answer = await service.post(f"/cases/{late['number']}/withdraw", body)
    assert (status, answer["error"]["key"]) == (409, "case.step_not_possible")


async def test_two_approvers_at_once_decide_once(citizen: Any, service: Any, login: Any) -> None:
    case = await citizen.apply()
    one, two = await login("approver"), await login("approver")
    await accepted(case, one)
    path = f"/desk/cases/{case['number']}"
    answers = await asyncio.gather(
        one.post(path + "/approve", {"why": "合规"}), two.post(path + "/decline", {"why": "不合规"})
    )
    assert sorted(status for status, _ in answers) == [200, 409]
    _, seen = await service.post(f"/cases/{case['number']}/own", citizen.owner)
    assert len(seen["timeline"]) == 4
    _, log = await service.get(f"/conversations/{citizen.name}/messages")
    assert len(log["messages"]) == 3


async def test_a_decision_and_its_notice_happen_together_or_not_at_all(
    citizen: Any, service: Any, login: Any, office: Any
) -> None:
    case = await citizen.apply()
    approver = await login("approver")
    await office.database["conversations"].delete_one({"_id": citizen.name})
    status, _ = await approver.post(f"/desk/cases/{case['number']}/pre-accept")
    assert status == 404
    _, seen = await service.post(f"/cases/{case['number']}/own", citizen.owner)
    assert seen["state"] == "submitted"


async def test_the_desk_sees_masked_data_until_it_says_why_and_both_looks_are_noted(
    citizen: Any, login: Any, office: Any
) -> None:
    case = await citizen.apply()
    approver = await login("approver")
    path = f"/desk/cases/{case['number']}"
    _, masked = await approver.get(path)
    text = json.dumps(masked, ensure_ascii=False)
    assert citizen.id_number not in text
    assert citizen.phone not in text
    assert "测试甲" not in text
    assert "石桥路" not in text
    assert masked["steps"] == ["pre-accept", "return"]
    assert (await approver.post(path + "/reveal", {"why": "  "}))[0] == 422
    _, clear = await approver.post(path + "/reveal", {"why": "电话核实申请人身份"})
    values = {field["name"]: field["value"] for field in clear["fields"]}
    assert values["id_number"] == citizen.id_number
    log = await office.database["access_log"].find({"entity_id": case["number"]}).to_list(10)
    assert sorted(look["action"] for look in log) == ["case.read", "case.reveal"]


SUPPLEMENTED = "户口簿在我女儿那，她叫瞿小凛，电话13800001234，我的身份证是990101198403174214"


@pytest.mark.parametrize("step", ["supplement", "withdraw"])
async def test_the_words_of_a_supplement_or_a_withdrawal_are_masked_until_it_says_why(
    citizen: Any, service: Any, login: Any, office: Any, step: str
) -> None:
    case = await citizen.apply()
    path, approver = f"/desk/cases/{case['number']}", await login("approver")
    await returned(case, approver, "户口簿")
    body = {"identity": citizen.identity, "why": SUPPLEMENTED}
    _, own = await service.post(f"/cases/{case['number']}/{step}", body)
    assert own["timeline"][-1]["note"] == SUPPLEMENTED
    for reader in (approver, await login("admin")):
        _, seen = await reader.get(path)
        assert seen["timeline"][-1]["note"] == (
            "户口簿在我女儿那，她叫瞿**，电话138****1234，我的身份证是990***********4214"
        )
    _, clear = await approver.post(path + "/reveal", {"why": "电话核实户口簿"})
    assert clear["timeline"][-1]["note"] == SUPPLEMENTED
    events = await office.database["events"].find({"entity_id": case["number"]}).to_list(10)
    assert not any("13800001234" in str(event) or "瞿小凛" in str(event) for event in events)


async def test_what_a_clerk_wrote_into_a_return_is_masked_too(citizen: Any, login: Any) -> None:
    case = await citizen.apply()
    approver = await login("approver")
    asked = ["测试甲本人的照片", "打13800001234的人的户口簿", "不清楚打大厅 000-12345000"]
    answer = await returned(case, approver, *asked)
    assert answer["missing"] == answer["told"]
    assert answer["told"] == ["测**本人的照片", "打138****1234的人的户口簿", asked[2]]


async def test_the_reason_of_a_look_is_kept_and_shown_without_personal_data(
    citizen: Any, login: Any, office: Any
) -> None:
    case = await citizen.apply()
    approver, auditor = await login("approver"), await login("auditor")
    why = "她叫瞿小凛，核对 13800001234 的户口簿"
    await approver.post(f"/desk/cases/{case['number']}/reveal", {"why": why})
    _, looks = await auditor.get(f"/supervision/accesses?entity_id={case['number']}")
    assert looks["accesses"][0]["why"] == "她叫瞿**，核对 138****1234 的户口簿"
    kept = await office.database["access_log"].find_one({"entity_id": case["number"]})
    assert "13800001234" not in str(kept)


async def test_what_a_citizen_wrote_lies_sealed_in_the_database(citizen: Any, office: Any) -> None:
    await citizen.apply()
    for name in ("cases", "people", "events", "identities", "idempotency"):
        for document in await office.database[name].find({}).to_list(100):
            text = str(document)
            assert citizen.id_number not in text
            assert citizen.phone not in text
            assert "测试甲" not in text


@pytest.mark.parametrize("username", ["agent", "dispatcher", "admin"])
async def test_only_an_approver_decides(citizen: Any, login: Any, username: str) -> None:
    case = await citizen.apply()
    somebody = await login(username)
    for action in ("pre-accept", "return", "accept", "approve", "decline", "conclude", "reveal"):
        status, _ = await somebody.post(f"/desk/cases/{case['number']}/{action}", {"why": "试"})
        assert status == 403, action


async def test_the_desk_lists_by_state_in_pages_newest_first(
    citizen: Any, login: Any, hands: Any
) -> None:
    numbers = []
    for _ in range(3):
        numbers.append((await citizen.apply())["number"])
        hands.advance(minutes=1)
    admin, approver = await login("admin"), await login("approver")
    await approver.post(f"/desk/cases/{numbers[0]}/pre-accept")
    _, first = await admin.get("/desk/cases?state=submitted&page=1&limit=1")
    assert ([case["number"] for case in first["cases"]], first["total"]) == ([numbers[2]], 2)
    _, second = await admin.get("/desk/cases?state=submitted&page=2&limit=1")
    assert [case["number"] for case in second["cases"]] == [numbers[1]]
    assert (await admin.get("/desk/cases?state=lost"))[0] == 422
    assert (await admin.get("/desk/cases?page=0"))[0] == 422


async def test_every_step_leaves_one_event_without_personal_data(
    citizen: Any, login: Any, office: Any
) -> None:
    case = await citizen.apply()
    approver = await login("approver")
    await approver.post(
        f"/desk/cases/{case['number']}/pre-accept", {"why": f"已打 {citizen.phone} 核实测试甲"}
    )
    events = await office.database["events"].find({"entity": "case"}).sort("seq", 1).to_list(10)
    assert [event["type"] for event in events] == ["case.submitted", "case.pre_accepted"]
    assert [event["who"]["kind"] for event in events] == ["citizen", "staff"]
    assert citizen.phone not in str(events)
    assert "测试甲" not in str(events)
