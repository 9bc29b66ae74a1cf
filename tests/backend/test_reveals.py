"""查看明文: every look in clear is noted, for a reason that tells something, and kept nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from backend.app import endpoints
from backend.errors import InvalidError
from backend.idempotency import forget_reveals
from backend.supervision.reasons import RevealReason, require_substance

WHY = {"why": "电话核实低保材料"}
REPLIES = Path(__file__).resolve().parents[2] / "data" / "replies"
ASKED = yaml.safe_load((REPLIES / "office.yml").read_text())["reveal"]["reveal.reason_thin"]


async def looks(office: Any) -> int:
    return int(await office.database["access_log"].count_documents({"why": {"$gt": ""}}))


@pytest.fixture
async def matters(citizen: Any, login: Any) -> list[tuple[Any, str]]:
    """A case, a report and a talk: who may see it in clear, and where."""
    case = await citizen.apply()
    _, report = await citizen.service.post("/reports", citizen.report())
    asking = {"conversation_id": citizen.name, "reason": "asked", "summary": "要找人"}
    _, handoff = await citizen.service.post("/handoffs", asking)
    agent = await login("agent")
    talk = f"/desk/handoffs/{handoff['handoff_id']}"
    assert (await agent.post(f"{talk}/claim"))[0] == 200
    return [
        (await login("approver"), f"/desk/cases/{case['number']}/reveal"),
        (await login("dispatcher"), f"/desk/reports/{report['number']}/reveal"),
        (agent, f"{talk}/reveal"),
    ]


async def test_a_replayed_look_is_noted_again_and_its_answer_lies_nowhere(
    matters: list[tuple[Any, str]], office: Any
) -> None:
    for member, path in matters:
        before = await looks(office)
        first = await member.post(path, WHY, key="same")
        again = await member.post(path, WHY, key="same")
        assert first[0] == again[0] == 200
        assert await looks(office) == before + 2, path
    kept = await office.database["idempotency"].find({"answer": {"$ne": None}}).to_list(100)
    answers = [office.privacy.unseal_document(one["answer"]) for one in kept]
    assert not [one for one in answers if one.get("revealed") or "words" in one]


def test_no_look_in_clear_is_declared_to_be_replayed() -> None:
    reveals = [each for each in endpoints() if each.path.endswith("/reveal")]
    assert len(reveals) >= 3
    assert [each.path for each in reveals if each.replayed] == []


async def test_a_key_of_a_look_opens_nothing_else(
    matters: list[tuple[Any, str]], office: Any
) -> None:
    member, path = matters[0]
    await member.post(path, WHY, key="same")
    status, answer = await member.post(path, {"why": "窗口核对证件号码"}, key="same")
    assert (status, answer["error"]["key"]) == (409, "idempotency.key_reused")
    assert await looks(office) == 1


async def test_the_same_reason_is_not_given_twice_in_a_row(
    matters: list[tuple[Any, str]], hands: Any
) -> None:
    approver, path = matters[0]
    for why in ("电话核实低保材料", "窗口核对证件号码", "回访时确认住址"):
        assert (await approver.post(path, {"why": why}))[0] == 200
        hands.advance(minutes=1)
    status, answer = await approver.post(path, {"why": " 电话核实，低保材料！ "})
    assert (status, answer["error"]["key"]) == (422, "reveal.reason_repeated")
    assert answer["error"]["detail"]["fields"] == [{"field": "why", "problem": "repeated"}]
    assert (await approver.post(path, {"why": "补正通知要写全称"}))[0] == 200
    hands.advance(minutes=1)
    assert (await approver.post(path, WHY))[0] == 200, "three others lie between"
    dispatcher, other = matters[1]
    assert (await dispatcher.post(other, WHY))[0] == 200, "a colleague's reason is theirs"


@pytest.mark.parametrize(
    ("why", "key"),
    [
        (".", "thin"),
        ("核对", "thin"),
        ("核 对 一 下 ！！！", "thin"),
        ("。。。。。。。。", "thin"),
        ("111111", "thin"),
        ("核对核对核对", "thin"),
        ("电话核实材料", "copied"),
        ("“电话核实材料”。", "copied"),
        ("请写明这一次为什么要看", "copied"),
    ],
)
def test_a_reason_that_tells_nothing_is_refused(why: str, key: str) -> None:
    with pytest.raises(InvalidError) as refused:
        require_substance(RevealReason(why), ASKED, [])
    assert refused.value.key == f"reveal.reason_{key}"


def test_the_desk_asks_with_the_words_that_are_no_reason() -> None:
    asked = yaml.safe_load((REPLIES / "desk.yml").read_text())["reveal"]["why_needed"]
    with pytest.raises(InvalidError):
        require_substance(RevealReason(asked), ASKED, [])


async def test_what_an_earlier_version_kept_in_clear_is_deleted_once(
    citizen: Any, office: Any
) -> None:
    await citizen.service.post("/cases", await citizen.application("MZ001"), key="stays")
    answers = office.database["idempotency"]
    await answers.delete_one({"_id": "no reveals"})
    earlier = [
        {"number": "BJ2026112300001", "revealed": True, "fields": []},
        {"messages": [], "words": []},
        {"number": "BJ2026112300001", "revealed": False, "fields": []},
    ]
    for place, answer in enumerate(earlier):
        sealed = office.privacy.seal_document(answer)
        await answers.insert_one({"_id": f"old{place}", "fingerprint": "f", "answer": sealed})
    for _ in range(2):
        await forget_reveals(office)
        left = {one["_id"] async for one in answers.find({})}
        assert {"old0", "old1"} & left == set()
        assert len(left - {"old2", "no reveals"}) == 1, "an effect stays done once"
        assert "old2" in left
